# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# install.sh on a disk that becomes full, stopped, killed, and twice at once: all
# or nothing. Sourced by run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

# A disk that becomes full on the way: all or nothing.
test_full_disk() {
	local size status room statuses=

	size=$(du -sk "$dir/$kernel" | cut -f 1)
	fresh_tree
	rm -rf "$tree"
	mkdir "$tree"
	for room in 4 40 80 120 4000; do
		mount -t tmpfs -o "size=$((size + room))k,mode=755" \
			none "$tree" || {
			rmdir "$tree"
			echo "skip disk full # cannot mount"
			return
		}
		cp -a "$dir/$kernel/." "$tree"
		"$install" "$tree" > "$dir/err" 2>&1
		status=$?
		statuses+=$status
		if [ "$status" -eq 0 ]; then
			check "disk with $room KiB: complete" has_overlay "$tree"
		else
			check "disk with $room KiB: nothing is left" is_pristine
			check "disk with $room KiB: it says so" \
				grep -F "$tree" "$dir/err"
		fi
		umount "$tree"
	done
	check "disks too small, and large enough ($statuses)" \
		[ -z "${statuses/*1*0/}" ]
}

# fill ROOM: leave so many KiB of the file system that the tree is on
fill() {
	local free

	rm -f "$tree/filler"
	free=$(df --output=avail -k "$tree" | tail -n 1)
	head -c $(((free - $1) * 1024)) /dev/zero > "$tree/filler"
}

# The files of ours in the tree, as an older version had them.
make_older() {
	local from to

	while read -r from to; do
		find "$tree/$to" -type f -exec sh -c \
			'for file; do echo older > "$file"; done' sh {} +
	done <<< "$overlay"
	rm -f "$tree/arch/x86/boot/elf/tools/write.c"
}

# An update for which there is no room leaves what works.
test_full_update() {
	local size room status before statuses=

	size=$(du -sk "$dir/$kernel" | cut -f 1)
	fresh_tree
	rm -rf "$tree"
	mkdir "$tree"
	mount -t tmpfs -o "size=$((size + 8000))k,mode=755" none "$tree" || {
		rmdir "$tree"
		echo "skip full update # cannot mount"
		return
	}
	cp -a "$dir/$kernel/." "$tree"
	"$install" "$tree"
	for room in 0 12 40 120 4000; do
		make_older
		fill "$room"
		before=$(contents "$tree")
		"$install" "$tree" > "$dir/err" 2>&1
		status=$?
		statuses+=$status
		if [ "$status" -eq 0 ]; then
			check "update with $room KiB: complete" \
				has_overlay "$tree"
			continue
		fi
		check "update with $room KiB: all is as it was" \
			diff <(echo "$before") <(contents "$tree")
		check "update with $room KiB: it says so" \
			grep -F "$tree" "$dir/err"
	done
	check "updates without room, and with it ($statuses)" \
		[ -z "${statuses/*1*0/}" ]
	umount "$tree"
}

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

# A project with the patch and few files, so that a run has few renames.
small_project() {
	local small=$dir/small from to

	rm -rf "$small"
	mkdir "$small"
	while read -r from to; do
		mkdir -p "$small/$from/tools"
		echo "$from" | tee "$small/$from/Makefile.x86" \
			> "$small/$from/tools/write.c"
	done <<< "$overlay"
	# shellcheck disable=SC2086 # they are words
	(cd "$project" && cp -r scripts Makefile.patch "$small" &&
		cp --parents $documents "$small")
	project=$small
	install=$small/scripts/install.sh
}

# run_killed N ACTION: its Nth rename is the end of install.sh; the status
# tells whether it came that far
run_killed() {
	# shellcheck disable=SC2016 # the shell that is killed expands it
	broken_mv "$1" 'kill -KILL $PPID'
	# shellcheck disable=SC2086 # it may be none
	env PATH="$dir/bin:$PATH" "$install" $2 "$tree" > "$dir/err" 2>&1
	[ $? -eq 137 ]
}

# What install.sh says that has put back what an interrupted run has changed.
says_put_back() {
	[ "$(grep -c 'was interrupted.*put back' "$dir/err")" -eq "$1" ]
}

# log_to FILE COMMAND...
log_to() {
	local file=$1

	shift
	"$@" > "$file" 2>&1 || { cat "$file"; return 1; }
}

# settles NAME HOW: installation and removal go on from the tree as it is; the
# first time the tree has to be put back, or not
settles() {
	local name=$1 how=$2 moving=0
	local left=$dir/left

	! [ -e "$(echo "$tree"/.elf-boot.*/moves)" ] || moving=1
	rm -rf "$left"
	cp -a "$tree" "$left"
	# shellcheck disable=SC2086 # it may be none
	check "$name, then install" log_to "$dir/err" "$install" $how "$tree"
	check "$name, then install says so ($moving)" says_put_back "$moving"
	check "$name, then install: complete" \
		diff "$dir/complete$how" <(contents "$tree")
	rm -rf "$tree"
	cp -a "$left" "$tree"
	check "$name, then --remove" \
		log_to "$dir/err" "$install" --remove "$tree"
	check "$name, then --remove says so ($moving)" says_put_back "$moving"
	check "$name, then --remove: pristine" is_pristine
}

# start_from ACTION HOW: a tree for it
start_from() {
	fresh_tree
	# shellcheck disable=SC2086 # it may be none
	[ "$1" != --remove ] || "$install" $2 "$tree"
}

# kill_all ACTION HOW STEP: at every STEPth rename of it
kill_all() {
	local n=1 name="${2:-copy}: ${1:-copy} killed"

	while start_from "$1" "$2" && run_killed "$n" "$1"; do
		settles "$name at $n" "$2"
		n=$((n + $3))
	done
	check "$name until $n" [ "$n" -gt 8 ]
}

# Killed in installation, in removal, and in what puts back.
test_killed() {
	local project=$project install=$install how action n

	small_project
	for how in "" --link; do
		fresh_tree
		# shellcheck disable=SC2086 # it may be none
		"$install" $how "$tree"
		contents "$tree" > "$dir/complete$how"
	done
	kill_all "" "" 1
	kill_all --remove "" 1
	kill_all --link --link 3
	kill_all --remove --link 3
	for action in "" --remove; do
		for n in 1 3 6; do
			start_from "$action" ""
			check "${action:-copy} killed at 8" \
				run_killed 8 "$action"
			check "and again at $n" run_killed "$n" ""
			settles "${action:-copy} killed at 8 and at $n" ""
		done
	done
	check_planted
}

# A tree in which an installation was killed: $planted is what it has left.
stopped_tree() {
	start_from "" ""
	run_killed 5 "" || fail "nothing was killed"
	planted=$(echo "$tree"/.elf-boot.*)
}

refuses_planted() {
	local option

	for option in "" --link --remove; do
		# shellcheck disable=SC2086 # it may be none
		check "$1: ${option:-copy} refused" \
			refuses 1 1 "$planted" "$install" $option "$tree"
	done
}

# What looks like an interrupted run's and is somebody else's.
check_planted() {
	local victim=$dir/victim planted

	stopped_tree
	chmod 770 "$planted"
	refuses_planted "what a group can write to"
	stopped_tree
	rm -rf "$victim"
	mv "$planted" "$victim"
	ln -s "$victim" "$planted"
	refuses_planted "a link"
	check "a link is not followed" [ -e "$victim/moves" ]
	stopped_tree
	echo theirs > "$victim/theirs"
	echo "added ../victim/theirs" > "$planted/moves"
	refuses_planted "a list that leads out of the tree"
	check "a file outside of the tree stays" [ -e "$victim/theirs" ]
	stopped_tree
	chown -R 65534 "$planted" || {
		echo "skip what others have planted # not root"
		return
	}
	refuses_planted "another user's"
	chown 65534 "$tree"
	settles "the tree's owner's" ""
	stopped_tree
	chown -R 1234 "$planted"
	chown 65534 "$tree"
	refuses_planted "neither ours nor the tree's owner's"
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
