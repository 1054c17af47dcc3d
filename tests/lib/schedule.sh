# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Runs tests side by side and reports them in the order of the list. A test has
# a process group, signal dispositions and a standard input of its own, whatever
# the caller's are (nohup ignores SIGHUP, a job in the background SIGINT).
# Sourced, not run.

# Of those that run: process -> number in the list; when each began.
declare -A schedule_running=()
declare -a schedule_began=() schedule_status=() schedule_seconds=()

# schedule_start NUMBER OUTPUT COMMAND...: it may die by a signal, but the shell
# around it does not: bash forgets jobs that do before it is asked for them.
schedule_start() {
	local number=$1 output=$2

	shift 2
	schedule_began[number]=$SECONDS
	(env --default-signal "$@"; exit "$?") < /dev/null > "$output" 2>&1 &
	schedule_running[$!]=$number
}

# Until one has ended.
schedule_wait() {
	local process='' status number

	wait -n -p process "${!schedule_running[@]}"
	status=$?
	if [ -z "$process" ]; then
		echo "schedule.sh: lost sight of ${!schedule_running[*]}" >&2
		schedule_kill
		exit 1
	fi
	number=${schedule_running[$process]}
	unset "schedule_running[$process]"
	schedule_status[number]=$status
	schedule_seconds[number]=$((SECONDS - schedule_began[number]))
}

# descendants PROCESS...: of lines "PROCESS PARENT" those processes, and what
# they have started, in whatever process group (timeout has one of its own)
descendants() {
	awk -v wanted="$*" '
		{ parent[$1] = $2 }
		END {
			n = split(wanted, list, " ")
			for (i = 1; i <= n; i++)
				if (list[i] in parent)
					found[list[i]]
			do {
				more = 0
				for (pid in parent)
					if (parent[pid] in found && !(pid in found)) {
						found[pid]
						more = 1
					}
			} while (more)
			for (pid in found)
				print pid
		}'
}

# schedule_kill: end all that runs, and wait for it
schedule_kill() {
	local leaders=("${!schedule_running[@]}") processes signal

	[ ${#leaders[@]} -gt 0 ] || return
	mapfile -t processes < <(ps -e -o pid=,ppid= |
		descendants "${leaders[@]}")
	for signal in TERM KILL; do
		kill "-$signal" -- "${processes[@]}" "${leaders[@]/#/-}" \
			2> /dev/null
		sleep 0.5
	done
	wait "${leaders[@]}" 2> /dev/null
}

# schedule JOBS START REPORT NAME...: "START NUMBER NAME" begins the test of
# that number by schedule_start, and fails if it may not be begun any more;
# "REPORT NUMBER NAME STATUS SECONDS" follows in the order of the names. One
# that is in the array "alone" runs when nothing else does, and when all before
# it have been reported.
schedule() {
	local jobs=$1 start=$2 report=$3 names=("${@:4}")
	local next=0 reported=0 count

	count=${#names[@]}
	schedule_status=()
	set -m				# process groups
	while [ "$reported" -lt "$count" ]; do
		while [ "$next" -lt "$count" ] && schedule_may_start; do
			"$start" "$next" "${names[next]}" || count=$next
			next=$((next + 1))
		done
		[ ${#schedule_running[@]} -eq 0 ] || schedule_wait
		while [ -n "${schedule_status[reported]-}" ]; do
			"$report" "$reported" "${names[reported]}" \
				"${schedule_status[reported]}" \
				"${schedule_seconds[reported]}"
			reported=$((reported + 1))
		done
	done
	set +m
}

# Whether there is room for the next one.
schedule_may_start() {
	local running=${#schedule_running[@]} number

	[ "$running" -lt "$jobs" ] || return
	[ "$running" -gt 0 ] || return 0
	[ -z "${alone[${names[next]}]-}" ] || return
	for number in "${schedule_running[@]}"; do
		[ -z "${alone[${names[number]}]-}" ] || return
	done
}
