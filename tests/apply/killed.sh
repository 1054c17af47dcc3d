# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# install.sh killed: the next run puts back what it has left, and nothing that only
# looks like that. Sourced by run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

# A project with the patch and few files, so that a run has few renames.
small_project() {
	local small=$dir/small from

	rm -rf "$small"
	mkdir "$small"
	while read -r from _; do
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
