# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# install.sh stopped in the middle, and twice at once: all or nothing. Sourced by
# run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

# broken_mv N COMMAND: a directory for PATH, whose mv runs COMMAND instead at
# its Nth call
broken_mv() {
	rm -rf "${dir:?}/bin"
	mkdir -p "$dir/bin"
	cat > "$dir/bin/mv" <<-END
	#!/bin/sh
	echo >> "$dir/bin/calls"
	[ "\$(wc -l < "$dir/bin/calls")" -ne $1 ] || { $2; exit 1; }
	exec "$(command -v mv)" "\$@"
	END
	chmod +x "$dir/bin/mv"
}

# Stopped in the middle, when some of the files are there: all or nothing.
test_stopped() {
	local how n before state

	for state in fresh older; do
		for how in : "kill -TERM \$PPID"; do
			for n in 1 3 9; do
				fresh_tree
				if [ "$state" = older ]; then
					"$install" "$tree"
					make_older
				fi
				before=$(contents "$tree")
				broken_mv "$n" "$how"
				check_not "$state, stopped ($how) at $n: refused" \
					env PATH="$dir/bin:$PATH" \
					"$install" "$tree"
				check "$state, stopped ($how) at $n: as it was" \
					diff <(echo "$before") \
					<(contents "$tree")
			done
		done
	done
}

# Two at once: the second waits, and does not take the first one's for left.
test_two_runs() {
	local first

	fresh_tree
	broken_mv 3 "sleep 2; exec $(command -v mv) \"\$@\""
	PATH="$dir/bin:$PATH" "$install" "$tree" &
	first=$!
	sleep 1
	check "two at once: the second" "$install" "$tree"
	check "two at once: the first" wait "$first"
	check "two at once: complete" has_overlay "$tree"
	check "two at once: nothing is left" \
		[ ! -e "$(echo "$tree"/.elf-boot.*)" ]
	check "two at once: remove" "$install" --remove "$tree"
	check "two at once: removed without a trace" is_pristine
}
