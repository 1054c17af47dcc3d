# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What install.sh and create-patch.sh share: where the files of this project
# go in a kernel tree, and how its patch is applied. Sourced, not run.

# A "cd" to a relative name goes where it says.
unset CDPATH

# The project's own directory.
project=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Directory here, directory in a kernel tree. Not arch/i386 there: "make
# clean" deletes a tree's arch/i386.
# shellcheck disable=SC2034 # the scripts that source this use them
overlay_dirs=(
	arch/i386/boot/elf	arch/x86/boot/elf
	arch/i386/boot/efi	arch/x86/boot/efi
	arch/i386/kernel	arch/x86/kernel/elf
)
# shellcheck disable=SC2034
overlay_docs=(
	Documentation/elf-boot.txt
	Documentation/ABI/testing/sysfs-firmware-elfboot
)

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# Files of a directory of the project, without what editors leave, and what an
# in-tree build leaves that reaches it through --link.
overlay_files() {
	(cd "$project/$1" &&
		find . -type f ! -name '*~' ! -name '.*' ! -name '*.[oa]' \
			! -name modules.order ! -name 'elfboot.[be][il][nf]' \
			! -name '*.efi' ! -path ./tools/mkelfImage |
		sed 's|^\./||' | LC_ALL=C sort)
}

require_kernel_tree() {
	local tree=$1

	[ -d "$tree" ] || die "$tree: no such directory"
	if ! grep -qs '^PATCHLEVEL = ' "$tree/Makefile" ||
	   [ ! -f "$tree/arch/x86/kernel/vmlinux.lds.S" ]; then
		die "$tree: not a Linux kernel source tree"
	fi
}

# VERSION.PATCHLEVEL.SUBLEVEL
kernel_version() {
	awk '$1 ~ /^(VERSION|PATCHLEVEL|SUBLEVEL)$/ { v = v "." $3 }
	     END { print substr(v, 2) }' "$1/Makefile"
}

# The files of a tree that the patch changes.
patched_files() {
	sed -n 's|^+++ b/||p' "$project/Makefile.patch"
}

# apply_patch TREE [option of patch(1)]...
apply_patch() {
	local tree=$1

	shift
	patch -d "$tree" -p1 -F0 -f -s -r - --no-backup-if-mismatch "$@" \
		< "$project/Makefile.patch"
}
