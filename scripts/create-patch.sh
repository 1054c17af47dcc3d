#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Print all that install.sh does to a kernel tree as one patch, or write it as
# a series of patches that a maintainer can review.

# shellcheck source-path=SCRIPTDIR source=overlay.sh
. "$(dirname "${BASH_SOURCE[0]}")/overlay.sh"
# shellcheck source-path=SCRIPTDIR source=series.sh
. "$project/scripts/series.sh"

usage() {
	cat <<-'END'
	usage: create-patch.sh KERNEL-TREE > elf-boot.patch
	       create-patch.sh --series DIRECTORY [--for TREE] KERNEL-TREE

	The first prints one patch, for "git am" or "patch -p1", that adds ELF
	boot to the given (unpatched) kernel tree. The tree is not changed.

	The second writes a cover letter and patches into a new or empty
	directory, as a maintainer wants them: each has a reason and is signed
	off by the "git config user.name" and "user.email" of whoever runs
	this; the tree builds after each; everything is off by default; and
	there is nothing in them for kernels other than this one.
	"git am --empty=drop DIRECTORY/*" takes them.

	  --series DIRECTORY  write the series there
	  --for TREE          write what that tree needs, if KERNEL-TREE has only
	                      the files that are changed (default: KERNEL-TREE)
	  --help              this text

	Exit status: 0 success, 1 the patch does not apply to the tree, or the
	series cannot be written, 2 wrong usage.
	END
}

header() {
	local author date

	author=$(git -C "$project" log -1 --format='%an <%ae>' 2>/dev/null)
	date=$(git -C "$project" log -1 --format='%aD' 2>/dev/null)
	cat <<-END
	From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001
	From: ${author:-ELF boot <elf-boot@localhost>}
	Date: ${date:-Thu, 1 Jan 1970 00:00:00 +0000}
	Subject: [PATCH] x86/boot: boot the kernel as a plain ELF file

	Add CONFIG_ELF_BOOT and "make elfImage". See Documentation/elf-boot.txt.
	---
	END
}

# diff exits with 1 where files differ, which they do.
changed_files() {
	local file

	patched_files | while read -r file; do
		diff -u --label "a/$file" --label "b/$file" \
			"$tree/$file" "$copy/$file"
	done
}

new_file() {
	diff -u --label /dev/null --label "b/$2" /dev/null "$project/$1"
}

new_files() {
	local i file doc

	for ((i = 0; i < ${#overlay_dirs[@]}; i += 2)); do
		overlay_files "${overlay_dirs[i]}" | while read -r file; do
			new_file "${overlay_dirs[i]}/$file" \
				"${overlay_dirs[i + 1]}/$file"
		done
	done
	for doc in "${overlay_docs[@]}"; do
		new_file "$doc" "$doc"
	done
}

wrong_usage() {
	usage >&2
	exit 2
}

directory=
needs=
while [[ ${1-} == -* ]]; do
	case $1 in
	--help)		usage; exit 0 ;;
	--series)	directory=${2-} ;;
	--for)		needs=${2-} ;;
	*)		wrong_usage ;;
	esac
	[ -n "${2-}" ] || wrong_usage
	shift 2
done
[ $# -eq 1 ] || wrong_usage
[ -z "$needs" ] || [ -n "$directory" ] || wrong_usage
tree=$1
needs=${needs:-$tree}

require_kernel_tree "$tree"
require_kernel_tree "$needs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy=$work/copy
mkdir "$copy"
patched_files |
	(cd "$tree" && xargs cp --parents -t "$copy") || exit 1
apply_patch "$copy" -N >&2 ||
	die "$tree: Makefile.patch does not apply to it"
if [ -n "$directory" ]; then
	write_series "${directory%/}"
	exit
fi
header
changed_files
new_files
printf -- '--\nelf-boot\n'
