# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# A chain that begins on UEFI. Sourced by run.sh.

# On UEFI nobody but the notes can tell the next kernel where ACPI's tables and
# the framebuffer are; without the former there would be one CPU. And nobody but this
# kernel knows where the firmware's services have been moved to: a variable that one
# kernel leaves is there in the next ones.
test_uefi() {
	local mib=1024 modules cmdline initrd=

	guest_root || return
	cat > "$dir/hops" <<-END
	bare elfImage elfboot-remember
	bare zelfImage -
	bare vmlinux -
	bare elfImage -
	END
	cp "$dir/hops" "$dir/root/"
	cp "$images"/{elfImage,zelfImage,vmlinux} "$dir/root/" || return
	guest_archive || return
	modules=("$dir/initrd")
	cmdline="retain_initrd quiet hop=0"
	image=$images/elfImage
	grub_load x86_64-efi multiboot2 module2 &&
		qemu_efi -cdrom "$dir/boot.iso" || return
	wait_for 5 '^end' "$dir/report"
	{
		(mib=512; expect_chain)
		echo "framebuffers 1"
		echo "acpi-tables yes"
		echo "first uefi"
		echo "efi-platform-size 64"
		echo "~boot-order [0-9a-f]{12,}"
		echo "next firmware UEFI"
		echo "next keeps yes"
		printf "of %s efi-variable remembered\n" zelfImage vmlinux
	} | sed '/^map /d' > "$dir/expected"
	spoil
	result "four hops" "$here/chain.py" "$dir/report" "$dir/hops" \
		"$dir/expected"
}
