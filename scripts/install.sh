#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Put ELF boot into a Linux kernel tree, or take it out again.

# shellcheck source-path=SCRIPTDIR source=overlay.sh
. "$(dirname "${BASH_SOURCE[0]}")/overlay.sh"

usage() {
	cat <<-'END'
	usage: install.sh [--link | --remove] KERNEL-TREE

	Adds CONFIG_ELF_BOOT and "make elfImage" to a Linux kernel source tree:
	copies this project's files into it and applies Makefile.patch. If any
	hunk does not apply or the disk is full, nothing is changed. What an
	interrupted run has changed is put back first.

	  --link    symbolic links instead of copies, for development
	  --remove  undo everything
	  --help    this text

	Exit status: 0 success, 1 the tree cannot be changed, 2 wrong usage.
	END
}

is_patched() {
	apply_patch "$tree" -R --dry-run > /dev/null 2>&1
}

check_hunks() {
	local output

	output=$(apply_patch "$tree" -N --dry-run 2>&1) && return
	echo "$output" >&2
	die "$tree ($(kernel_version "$tree")): Makefile.patch does not apply; nothing was changed"
}

exists() {
	[ -e "$1" ] || [ -L "$1" ]
}

# Only the version that has written a patch can take it out again.
check_version() {
	exists "$tree/arch/x86/boot/elf/Makefile.x86" || return 0
	die "$tree has another version of this, with another Makefile.patch:" \
		"take it out with that version's install.sh --remove; nothing was changed"
}

# Whatever stands where our files go must be ours.
check_ours() {
	local place

	is_patched && return
	for place; do
		! exists "$tree/$place" ||
			die "$tree/$place exists and is not ours; nothing was changed"
	done
}

# A copy does not become links, nor links a copy.
check_kind() {
	local dir

	for dir; do
		dir=$tree/$dir
		[ -z "$link" ] && [ -L "$dir" ] &&
			die "$dir is a link; --remove the installation first"
		[ -n "$link" ] && exists "$dir" && [ ! -L "$dir" ] &&
			die "$dir is a copy; --remove the installation first"
	done
}

# What is going to change is made whole in a directory of its own, in the same
# file system, and what it replaces is kept there. From then on there are only
# renames, and they can be undone: a full disk or a signal leaves the tree as it
# was. The list of the changes, "moves", stands there while they happen: after
# kill -9 or a power failure it tells the next run that there is something to
# put back.
stage=
changes=()		# "kept PLACE" or, where nothing was, "added PLACE"

begin() {
	[ -z "$stage" ] || return 0
	stage=$(mktemp -d "$tree/.elf-boot.XXXXXX") || return
	mkdir "$stage/new" "$stage/old"
}

# With what "install" would give them, whatever the umask is.
make_parent() {
	[ -d "${1%/*}" ] || install -d -m 755 "${1%/*}"
}

# keep PLACE: as it is in the tree; there need not be room for a copy
keep() {
	exists "$tree/$1" || { changes+=("added $1"); return; }
	changes+=("kept $1")
	make_parent "$stage/old/$1" || return
	cp -al "$tree/$1" "$stage/old/$1" 2> /dev/null ||
		cp -a "$tree/$1" "$stage/old/$1"
}

# stage_file FILE PLACE
stage_file() {
	cmp -s "$1" "$tree/$2" && return
	begin && keep "$2" && install -D -m 644 "$1" "$stage/new/$2"
}

# stage_link TARGET PLACE
stage_link() {
	[ "$(readlink "$tree/$2")" != "$1" ] || return 0
	begin && keep "$2" && make_parent "$stage/new/$2" &&
		ln -s "$1" "$stage/new/$2"
}

# stage_removal PLACE...: nothing new is going to stand there
stage_removal() {
	local place

	for place; do
		! exists "$tree/$place" || changes+=("kept $place")
	done
}

# stage_patched [-R]: the tree's own files, as Makefile.patch makes them
stage_patched() {
	local file

	begin || return
	while read -r file; do
		keep "$file" && make_parent "$stage/new/$file" &&
			cp -a "$tree/$file" "$stage/new/$file" || return
	done < <(patched_files)
	apply_patch "$stage/new" -N "$@"
}

stage_dir() {
	local file

	if [ -n "$link" ]; then
		stage_link "$project/$1" "$2"
		return
	fi
	while read -r file; do
		stage_file "$project/$1/$file" "$2/$file" || return
	done < <(overlay_files "$1")
}

# The patch comes first: it is what tells that the rest is ours.
stage_all() {
	local i doc

	is_patched || stage_patched || return
	for ((i = 0; i < ${#overlay_dirs[@]}; i += 2)); do
		stage_dir "${overlay_dirs[i]}" "${overlay_dirs[i + 1]}" ||
			return
	done
	for doc in "${overlay_docs[@]}"; do
		stage_file "$project/$doc" "$doc" || return
	done
}

# Both are on the disk before the list comes, and the changes before it goes.
move_all() {
	local place

	[ -n "$stage" ] || return 0
	printf '%s\n' "${changes[@]}" > "$stage/moves.new" &&
		sync -f "$stage" &&
		mv -fT "$stage/moves.new" "$stage/moves" || return
	for place in "${changes[@]#* }"; do
		if exists "$stage/new/$place"; then
			make_parent "$tree/$place" &&
				mv -fT "$stage/new/$place" "$tree/$place"
		else
			make_parent "$stage/old/$place" &&
				mv -fT "$tree/$place" "$stage/old/$place"
		fi || return
	done
	sync -f "$stage" && rm "$stage/moves"
}

# put_back DIRECTORY: undo those of its changes that have happened. It may be
# interrupted and be done again.
put_back() {
	local from=$1 what place

	[ -e "$from/moves" ] || return 0
	! grep -qE '(^| |/)\.\.(/|$)' "$from/moves" || return
	while read -r what place; do
		! exists "$from/new/$place" || continue	# it has not moved
		if [ "$what" = added ]; then
			rm -f "$tree/$place"
		elif exists "$from/old/$place"; then
			make_parent "$tree/$place" &&
				mv -fT "$from/old/$place" "$tree/$place"
		fi || return
	done < "$from/moves"
	for place in "${dirs[@]}"; do
		[ -L "$tree/$place" ] || [ ! -d "$tree/$place" ] ||
			find "$tree/$place" -depth -type d -empty -delete
	done
	sync -f "$from" && rm "$from/moves"
}

# What could not be put back stays for the next run.
clean_up() {
	[ -z "$stage" ] || ! put_back "$stage" || rm -rf "$stage"
}

give_up() {
	[ -z "$stage" ] || put_back "$stage" ||
		die "$tree: could not write; $stage" \
			"keeps what is to be put back, and the next run does that"
	die "$tree: could not write; it is as it was"
}

# Nobody else may have put it there or have written to it: what is in it goes
# into the tree.
is_private() {
	local owner mode

	[ -d "$1" ] && [ ! -L "$1" ] || return
	read -r owner mode < <(stat -c '%u %a' "$1")
	[[ $mode == *700 ]] || return
	[ "$owner" = "$EUID" ] || [ "$owner" = "$(stat -c %u "$tree/")" ]
}

# What an interrupted run has left.
recover() {
	local left

	for left in "$tree"/.elf-boot.*; do
		exists "$left" || continue
		is_private "$left" ||
			die "$left is not a private directory of yours or" \
				"of the tree's owner: remove it if you do not need it"
		if [ -e "$left/moves" ]; then
			put_back "$left" ||
				die "$left: could not put back what it keeps of the tree"
			echo "${0##*/}: $tree: an earlier run was interrupted;" \
				"what it had changed is put back" >&2
		fi
		rm -rf "$left"
	done
}

# What another run is at work on is not an interrupted run's. NFS locks only
# what is open for writing; there nothing is locked.
lock_tree() {
	exec {lock}< "$tree" && flock -w 60 -E 75 "$lock" 2> /dev/null
	[ $? -ne 75 ] || die "$tree: another install.sh is at work there"
}

# hunk N: of Makefile.patch, as a patch
hunk() {
	awk -v n="$1" '
		/^--- / { file = $0; inside = 0; next }
		/^\+\+\+ / { file = file "\n" $0; next }
		/^@@ / { inside = ++count == n; if (inside) print file }
		inside' "$project/Makefile.patch"
}

# None of the patch may be there, where not all of it is.
check_no_hunk() {
	local n count some='' missing=''

	count=$(grep -c '^@@ ' "$project/Makefile.patch")
	for ((n = 1; n <= count; n++)); do
		if hunk "$n" | patch -d "$tree" -p1 -F0 -R -f -s -r - \
				--dry-run > /dev/null 2>&1; then
			some=y
		elif [ -z "$missing" ]; then
			missing=$(hunk "$n" | sed -n 's|^+++ b/||p')
		fi
	done
	[ -z "$some" ] ||
		die "$tree has only a part of Makefile.patch:" \
			"$missing does not fit; nothing was changed"
}

remove_all() {
	if ! is_patched; then
		check_no_hunk
		check_ours "${places[@]}"
		return
	fi
	stage_removal "${places[@]}"
	{ stage_patched -R && move_all; } || give_up
}

install_all() {
	is_patched || { check_version; check_hunks; }
	check_ours "${places[@]}"
	check_kind "${dirs[@]}"
	{ stage_all && move_all; } || give_up
}

link=
action=install_all
while [ $# -gt 0 ]; do
	case $1 in
	--link)		link=y ;;
	--remove)	action=remove_all ;;
	--help)		usage; exit 0 ;;
	-*)		usage >&2; exit 2 ;;
	*)		break ;;
	esac
	shift
done
[ $# -eq 1 ] || { usage >&2; exit 2; }
tree=$1

require_kernel_tree "$tree"
# Where our files go in it.
dirs=()
for ((i = 1; i < ${#overlay_dirs[@]}; i += 2)); do
	dirs+=("${overlay_dirs[i]}")
done
places=("${dirs[@]}" "${overlay_docs[@]}")
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
lock_tree
recover
$action
