#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A test that cannot fail proves nothing: each test of boot and kexec is run again
# with one expectation corrupted, and must then say "not ok".

tests=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# All of them compare a report by one program: make check spoils one of each way
# to come by it (an emulator's loader, a firmware of ours, a guest's kexec, a
# screen, a stop that has no report).
checked="qemu-multiboot qemu-modules coreboot-payload coreboot-fb grub-multiboot2-efi
	kexec-args-elf vmlinux-boot-params bochs-syslinux no-map resident nmi"

list() {
	{
		"$tests/boot/run.sh" list | sed 's|^|boot/|'
		"$tests/kexec/run.sh" list | sed 's|^|kexec/|'
	} | while read -r name tier; do
		is_checked "$name" || tier=all
		echo "$name $tier"
	done
}

# is_checked NAME: on x86_64, with a kernel of ours
is_checked() {
	local word

	for word in $checked; do
		[ "$1" != "boot/$word/x86_64/6.1" ] || return 0
	done
	return 1
}

# A boot that has reported nothing, or was not made, has noticed nothing.
run() {
	local output status

	output=$("$tests/run.sh" -j "${ELFBOOT_JOBS:-1}" --spoil "$1" 2>&1)
	status=$?
	if [ "$status" -eq 1 ] && grep -q "^not ok 1 $1" <<< "$output" &&
	   ! grep -qE 'no report;|the build failed' <<< "$output"; then
		echo "ok a corrupted expectation is noticed"
		return
	fi
	echo "$output"
	echo "not ok a corrupted expectation is noticed (exit status $status)"
}

case $1 in
list)	list ;;
run)	run "$2" ;;
esac
