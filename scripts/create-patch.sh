#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Print all that install.sh does to a kernel tree as one patch.

# shellcheck source-path=SCRIPTDIR source=overlay.sh
. "$(dirname "${BASH_SOURCE[0]}")/overlay.sh"

usage() {
	cat <<-'END'
	usage: create-patch.sh KERNEL-TREE > elf-boot.patch

	Prints one patch, for "git am" or "patch -p1", that adds ELF boot to the
	given (unpatched) kernel tree. The tree is not changed.

	  --help    this text

	Exit status: 0 success, 1 the patch does not apply to it, 2 wrong usage.
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

case ${1-} in
--help)	usage; exit 0 ;;
-*)	usage >&2; exit 2 ;;
esac
[ $# -eq 1 ] || { usage >&2; exit 2; }
tree=$1

require_kernel_tree "$tree"
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
patched_files |
	(cd "$tree" && xargs cp --parents -t "$copy") || exit 1
apply_patch "$copy" -N >&2 ||
	die "$tree: Makefile.patch does not apply to it"
header
changed_files
new_files
printf -- '--\nelf-boot\n'
