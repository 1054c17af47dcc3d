# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of bench.sh
#
# Debian's own kernel as it is, and as mkelfImage makes bootable ELF files of it.
# Sourced by bench.sh and netboot/bench.sh.

boot=$tests/boot
forms=$build/bench
# shellcheck source-path=SCRIPTDIR source=../boot/initrd.sh
. "$boot/initrd.sh"
# shellcheck source-path=SCRIPTDIR source=../boot/debian.sh
. "$boot/debian.sh"

# Sets $debian, where bzImage and initrd are; the others are in $forms.
need_debian_forms() {
	local kernel=debian-bookworm cmdline='' variant='' loader='' images release
	local initrd tool=$build/libraries/tools/mkelfImage

	mkdir -p "$forms" && need_debian &&
		locked "$build/libraries.lock" unpacking_tool || return
	debian=$images
	"$tool" "$debian/bzImage" "$forms/debian-zelfImage" &&
		"$tool" --unpack "$debian/bzImage" "$forms/debian-elfImage"
}

# debian_path FILE
debian_path() {
	[ "$1" = bzImage ] && echo "$debian/$1" || echo "$forms/debian-$1"
}
