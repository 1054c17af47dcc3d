# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# Boots by the test loader (tests/loader), which enters an image as real loaders
# have done, or as none should. Sourced by run.sh.

# test_loader KIND OPTION...: handover.py knows the kinds
test_loader() {
	local loader=$boot/../loader handover=$dir/handover kind=$1 options

	shift
	mkdir -p "$handover"
	gcc -m32 -nostdlib -static -Wl,-Ttext=0x9e000,--build-id=none \
		-Wl,-e,0x9e000,-m,elf_i386,--oformat=binary \
		-o "$handover/loader" "$loader/loader.S" &&
		options=$("$loader/handover.py" "$kind" "$image" "$handover" \
			"$mib" "$cmdline" "${modules[@]}") || return
	mapfile -t options <<< "$options"
	qemu -drive "if=floppy,format=raw,readonly=on,file=$handover/loader" \
		-boot a "${options[@]}" "$@"
}

# Nothing to be learned from the caller: the BIOS is asked.
start_hostile() {
	modules=()
	test_loader "hostile:$variant"
}

# The framebuffer, the RSDP and the loader's name make no sense: that costs
# nothing but them.
start_corrupt_optional() {
	corrupt=$((0x400 | 0x800 | 0x1000))
	map_path=$dir/handover/map
	several_modules && test_loader multiboot2:optional
}

# No BIOS; QEMU knows its memory, and any PC some of it.
start_fwcfg() {
	modules=()
	map_name=fwcfg
	map_above=ram_top
	test_loader firmware:fw-cfg
}

start_cmos() {
	modules=()
	map_name=cmos
	map_above=ram_top
	test_loader firmware:cmos -cpu qemu64,-hypervisor
}

# What a firmware may have there stays reserved: the last MiB below 4 GiB.
ram_top() {
	local end

	end=$(sed -n 's/^map 0x100000 \(.*\) System RAM$/\1/p' \
		"$boot/maps/$map_name-$mib")
	printf '%#x\n' $((end + 1 - (1 << 20)))
}

start_etherboot() {
	modules=()
	map_name=etherboot
	test_loader etherboot
}

start_scattered() {
	map_path=$dir/handover/map
	several_modules && test_loader "$protocol"
}

# E820_MAX_ENTRIES: without NUMA the kernel drops what is beyond.
start_pvh_high() {
	local at='0x[0-9a-f]{1,8}'

	[ "$arch" = i386 ] || at=0x140000000	# where it was put
	also+=("map-max 131" "~initrd-at $at")
	test_loader pvh
	map_path=$dir/handover/map
}

# Nobody has run the kernel's setup code, and the stub must not run either.
start_boot_params() {
	modules=()
	map_path=$dir/handover/map
	test_loader "boot_params:$(elf_bits)"
}

# Nobody but these reads the ELF64 header. Without PVH Firecracker enters at e_entry.
start_vmm() {
	map_path=$dir/handover/map
	test_loader "vmm:${loader#vmm-}"
}

elf_bits() {
	[ "$arch" = i386 ] && echo 32 || echo 64
}

# To where it was not made for: 64 MiB.
start_moved() {
	local offset=0x3000000 follows=0x0

	[ "$arch" = x86_64 ] || follows=$offset
	cmdline+=" nokaslr"
	also+=("kernel-at 0x4000000" "sysfs-virtual_offset $follows")
	also+=("why-fixed nokaslr")
	map_path=$dir/handover/map
	if [ "$protocol" = pvh ]; then
		also+=("map-max 131")
	else
		several_modules || return
	fi
	test_loader "$protocol+$offset"
}

# The seed comes after the ranges that are too many.
start_notes() {
	local at='0x[0-9a-f]{1,8}'

	[ "$arch" = i386 ] || at=0x140000000	# where it was put
	also+=("map-max 131" "~initrd-at $at" "~setup-data-types .*0x9( .*|\$)")
	test_loader "notes:$variant"
	map_path=$dir/handover/map
}
