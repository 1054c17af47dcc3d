# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# A chain that begins on UEFI. Sourced by run.sh.

# On UEFI nobody but the notes can tell the next kernel where ACPI's tables and
# the framebuffer are; without the former there would be one CPU.
test_uefi() {
	local mib=512 image=$images/elfImage modules cmdline initrd=

	guest_root && cp "$image" "$dir/root/" || return
	printf '%s elfImage -\n' bare bare > "$dir/hops"
	cp "$dir/hops" "$dir/root/"
	guest_archive || return
	modules=("$dir/initrd")
	cmdline="retain_initrd quiet hop=0"
	grub_load x86_64-efi multiboot2 module2 &&
		qemu_efi -cdrom "$dir/boot.iso" || return
	wait_for 3 '^end' "$dir/report"
	{
		expect_chain
		echo "framebuffers 1"
		echo "acpi-tables yes"
		echo "first uefi"
		echo "of elfImage firmware UEFI"
	} | sed '/^map /d' > "$dir/expected"
	spoil
	result "two hops" "$here/chain.py" "$dir/report" "$dir/hops" \
		"$dir/expected"
}
