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
	hunk does not apply or the disk is full, nothing is changed.

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
	die "$tree has another version of this, with another Makefile.patch: take it out with that version's install.sh --remove; nothing was changed"
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
# was.
stage=
changes=()
moving=

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
	exists "$tree/$1" || return 0
	make_parent "$stage/old/$1" || return
	cp -al "$tree/$1" "$stage/old/$1" 2> /dev/null ||
		cp -a "$tree/$1" "$stage/old/$1"
}

# stage_file FILE PLACE
stage_file() {
	cmp -s "$1" "$tree/$2" && return
	begin && keep "$2" && install -D -m 644 "$1" "$stage/new/$2" &&
		changes+=("$2")
}

# stage_link TARGET PLACE
stage_link() {
	[ "$(readlink "$tree/$2")" != "$1" ] || return 0
	begin && keep "$2" && make_parent "$stage/new/$2" &&
		ln -s "$1" "$stage/new/$2" && changes+=("$2")
}

# stage_patched [-R]: the tree's own files, as Makefile.patch makes them
stage_patched() {
	local file

	begin || return
	while read -r file; do
		keep "$file" && make_parent "$stage/new/$file" &&
			cp -a "$tree/$file" "$stage/new/$file" || return
		changes+=("$file")
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

move_all() {
	local place

	moving=y
	for place in "${changes[@]}"; do
		make_parent "$tree/$place" &&
			mv -fT "$stage/new/$place" "$tree/$place" || return
	done
	moving=
}

undo_moves() {
	local place

	[ -n "$moving" ] || return 0
	moving=
	for place in "${changes[@]}"; do
		if exists "$stage/old/$place"; then
			mv -fT "$stage/old/$place" "$tree/$place"
		elif ! exists "$stage/new/$place"; then
			rm -f "$tree/$place"
		fi
	done
	for place in "${dirs[@]}"; do
		[ -L "$tree/$place" ] || [ ! -d "$tree/$place" ] ||
			find "$tree/$place" -depth -type d -empty -delete
	done
}

clean_up() {
	undo_moves
	[ -z "$stage" ] || rm -rf "$stage"
}

# The patch goes last; it is made ready before anything goes.
remove_all() {
	local place

	check_ours "${places[@]}"
	! is_patched || stage_patched -R ||
		die "$tree: could not write; nothing was changed"
	for place in "${places[@]}"; do
		rm -rf "${tree:?}/$place" ||
			die "$tree: could not remove everything"
	done
	move_all || die "$tree: could not remove everything"
}

install_all() {
	is_patched || { check_version; check_hunks; }
	check_ours "${places[@]}"
	check_kind "${dirs[@]}"
	stage_all && move_all && return
	undo_moves
	die "$tree: could not write; it is as it was"
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
$action
