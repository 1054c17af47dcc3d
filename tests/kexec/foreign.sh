# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# Programs that nobody here has written, started by kexec: GRUB for coreboot,
# and Xen. Sourced by run.sh.

# GRUB finds coreboot's table, as the kernel that starts it came from the
# payload slot, and stops at its prompt.
test_grub() {
	local way=$1 mib=512 grub_modules="normal serial terminal lsmmap echo"

	make_grub "echo here it is" lsmmap && guest_root || return
	cp "$dir/grub.elf" "$dir/root/"
	echo "$way grub.elf -" > "$dir/root/hops"
	guest_archive || return
	echo "retain_initrd quiet hop=0" > "$dir/cmdline"
	make_rom "$images/zelfImage" "$dir/rom" \
		"elfboot/cmdline=$dir/cmdline" "elfboot/initrd=$dir/initrd" ||
		return
	qemu -bios "$dir/rom"
	wait_for 1 'grub> ' "$dir/console"
	result "a kernel that coreboot has started" \
		grep -qx "protocol coreboot" "$dir/report"
	result "GRUB's script runs" \
		grep -qa 'here it is' "$dir/console"
	result "its map is coreboot's" \
		grep -qaE 'base_addr = 0x100000, length = 0x1f[0-9a-f]{6}, available RAM' \
			"$dir/console"
	result "its prompt" grep -qa 'grub> ' "$dir/console"
}

# Fetched once; it is not installed, as that would become what this machine
# boots.
need_xen() {
	xen=$build/kexec-tools/xen-4.17
	locked "$xen.lock" fetch_xen
}

fetch_xen() {
	[ -f "$xen" ] && return
	(
		# shellcheck source-path=SCRIPTDIR source=../../scripts/debian.sh
		. "$top/scripts/debian.sh"
		debian_open bookworm amd64
		debian_file xen-hypervisor-4.17-amd64 '*/xen-4.17-amd64.gz' |
			gzip -d > "$xen.new" && mv "$xen.new" "$xen"
	)
}

# Xen wants multiboot, which is none of kexec_file_load()'s business: it says
# so.
test_xen() {
	local way=$1 mib=512 first=elfImage xen

	need_xen && guest_root || return
	cp "$xen" "$dir/root/xen"
	echo "$way xen -" > "$dir/root/hops"
	guest_archive || return
	start_guest
	wait_for 1 'Not a Multiboot bootloader' "$dir/console"
	result "Xen says what it misses" \
		grep -qa 'Not a Multiboot bootloader' "$dir/console"
}
