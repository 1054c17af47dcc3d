# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# Whoever has loaded it, a kernel that chooses its own place does so: several
# boots by each of some loaders of the matrix, which kaslr.py compares. Sourced by
# run.sh.

# Rows of the matrix, each with its machines: the least memory that this loader
# can do with, and much. Of the chains of events that lead to the stub each is
# there: nothing is passed at all (iPXE, coreboot), Xen's protocol, multiboot
# from a BIOS, from UEFI and from a kernel, ELF notes.
kaslr_rows='qemu-multiboot 1x48 4x6144
qemu-pvh 1x48 4x6144
ipxe-elf 1x48 4x6144
grub-multiboot2-bios 1x48 4x6144
grub-multiboot2-efi 1x256 4x6144
coreboot-payload 4x5120
syslinux-mboot 1x48
kexec-args-elf 4x6144'

kaslr_loaders() {
	local loader machines machine rows=$kaslr_rows

	# One is enough to fail, and must be told something.
	[ -z "$SPOIL" ] || rows='qemu-multiboot 4x6144'
	while read -r loader machines; do
		for machine in $machines; do
			kaslr_row
		done
	done <<< "$rows"
}

# Four boots by $loader on $machine.
kaslr_row() {
	local loader_key start image machines protocol map_source cmdline_source
	local initrd_source firmware type loader_name loader_version
	local cpus=${machine%x*} mib=${machine#*x} kind=random turn
	local what=$loader-$machine

	read_row && need_loader || return
	[ "$mib" != 48 ] || kind=narrow
	for turn in 1 2 3 4; do
		kaslr_row_boot "$parent/$what-$turn"
	done
	dir=$parent
	kaslr_judge "$kind" "$what"
	fatal_check "$what: protocol $protocol" test -z \
		"$(grep -Lx "protocol $protocol" "$parent/$what"-*/report)"
}

# kaslr_row_boot DIRECTORY
kaslr_row_boot() {
	local prefix='' corrupt=0 screen='' firmware_log='' also=()
	local map_name='' map_of='' map_path='' map_above='' variant=''
	local modules=("$initrd") cmdline=$cmdline image=$image
	local cpus_found=$cpus

	dir=$1
	mkdir -p "$dir"
	[ -z "$SPOIL" ] || cmdline+=" nokaslr"
	{ "start_$start" && wait_for_report; } || show_console
}
