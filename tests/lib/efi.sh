# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $build
#
# elfboot.efi, and Debian 13's ukify, unpacked and not installed, with this
# machine's Python. Sourced.

ukify=$build/loaders/ukify-trixie
efi_top=$(dirname "${BASH_SOURCE[0]}")/../..

# build_efi DIRECTORY: both programs; by "locked", from the project's directory
build_efi() {
	make -s -C "$efi_top" -f scripts/Makefile.standalone "O=$1" "obj=$1" \
		src=arch/i386/boot/efi "$1"/elfboot{x64,ia32}.efi
}

need_ukify() {
	"$efi_top/scripts/fetch-packages.sh" trixie amd64 "$ukify" systemd-ukify
}

# run_ukify ARGUMENT...
run_ukify() {
	PYTHONPATH=$ukify/usr/lib/python3/dist-packages /usr/bin/python3 \
		"$ukify/usr/bin/ukify" "$@"
}
