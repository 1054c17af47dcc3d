# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Shows the progress of a build, by the length of its log and the length that
# the log has at the end. Sourced by demo.sh.

# progress_line DONE TOTAL SECONDS: percent, and minutes at this pace
progress_line() {
	local percent=$(($1 * 100 / $2)) left

	[ "$percent" -le 99 ] || percent=99
	if [ "$percent" -eq 0 ]; then
		echo "    0 %"
		return
	fi
	left=$(($3 * (100 - percent) / percent / 60 + 1))
	printf '    %2d %%, %d minute%s left\n' "$percent" "$left" \
		"$([ "$left" -eq 1 ] || echo s)"
}

# show_progress LOG LINES: until it is killed; one line that changes on a
# terminal, one every 30 seconds elsewhere
show_progress() {
	local log=$1 total=$2 began=$SECONDS line pause=30

	[ ! -t 1 ] || pause=2
	# Killed in its sleep, it leaves nobody who holds the output open.
	while sleep "$pause" > /dev/null 2>&1; do
		[ -s "$log" ] || continue
		line=$(progress_line "$(wc -l < "$log")" "$total" \
			$((SECONDS - began)))
		if [ -t 1 ]; then
			printf '\r%-40s' "$line"
		else
			echo "$line"
		fi
	done 2> /dev/null
}

# with_progress LOG LINES COMMAND...: the command, and its progress meanwhile
with_progress() {
	local log=$1 total=$2 process status

	shift 2
	rm -f "$log"
	show_progress "$log" "$total" &
	process=$!
	"$@"
	status=$?
	kill "$process" 2> /dev/null
	wait "$process" 2> /dev/null
	[ ! -t 1 ] || printf '\r%40s\r' ''
	return "$status"
}
