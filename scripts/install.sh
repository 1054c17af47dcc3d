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
	hunk does not apply, nothing is changed.

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

copy_dir() {
	local from=$project/$1 to=$tree/$2 file

	while read -r file; do
		cmp -s "$from/$file" "$to/$file" && continue
		install -D -m 644 "$from/$file" "$to/$file" || return 1
	done < <(overlay_files "$1")
}

put_dir() {
	if [ -z "$link" ]; then
		copy_dir "$1" "$2"
		return
	fi
	[ "$(readlink "$tree/$2")" = "$project/$1" ] ||
		ln -sfn "$project/$1" "$tree/$2"
}

put_docs() {
	local doc

	for doc in "${overlay_docs[@]}"; do
		cmp -s "$project/$doc" "$tree/$doc" && continue
		install -D -m 644 "$project/$doc" "$tree/$doc" || return 1
	done
}

# The patch comes first: it is what tells that the rest is ours.
put_all() {
	local i

	is_patched || apply_patch "$tree" -N || return
	for ((i = 0; i < ${#overlay_dirs[@]}; i += 2)); do
		put_dir "${overlay_dirs[i]}" "${overlay_dirs[i + 1]}" || return
	done
	put_docs
}

# And it goes last.
take_all() {
	local place

	for place in "${places[@]}"; do
		rm -rf "${tree:?}/$place" || return
	done
	! is_patched || apply_patch "$tree" -R
}

remove_all() {
	check_ours "${places[@]}"
	take_all || die "$tree: could not remove everything"
}

install_all() {
	is_patched || check_hunks
	check_ours "${places[@]}"
	check_kind "${dirs[@]}"
	put_all && return
	take_all
	die "$tree: could not write; everything was undone"
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
$action
