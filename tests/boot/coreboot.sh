# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# Boots out of coreboot's payload slot: the test firmware (tests/firmware) in
# all its ways to call. Sourced by run.sh.

# shellcheck source-path=SCRIPTDIR source=../firmware/rom.sh
. "$boot/../firmware/rom.sh"
# shellcheck source-path=SCRIPTDIR source=coreboot-grub.sh
. "$boot/coreboot-grub.sh"

# The last line of the firmware's log.
firmware_leaves='^firmware: entering'

# coreboot_boot SWITCHES PAYLOAD [NAME=FILE...]: the firmware behaves as
# SWITCHES say (firmware/switches.c)
coreboot_boot() {
	local switches=$1 payload=$2 options=() commands

	shift 2
	make_rom "${rom_options[@]}" "$payload" "$dir/rom" "$@" || return
	mapfile -t commands < "$dir/rom.commands"
	told "${commands[@]:1}"
	map_of=coreboot
	also+=("framebuffers 0" "busy-lines 0" "acpi-tables $acpi")
	[ "$protocol" = - ] || also+=("firmware-version $rom_version")
	[ -z "$switches" ] || options=(-fw_cfg
		"name=opt/elfboot/firmware,string=$switches")
	qemu -bios "$dir/rom" "${options[@]}" "${qemu_options[@]}"
}

# What firmware/main.c calls itself.
rom_version=$(sed -n 's/^#define VERSION[[:space:]]*"\(.*\)"/\1/p' \
	"$boot"/../firmware/*.[ch])
acpi=yes
rom_options=()
qemu_options=()

# The RSDP is nowhere that the kernel would look without being told.
start_coreboot() {
	coreboot_boot nofseg "$image"
}

start_coreboot_scan() {
	coreboot_boot noarg "$image"
}

start_coreboot_notes() {
	coreboot_boot notes+noarg "$image"
}

start_coreboot_2013() {
	coreboot_boot mb2013+oldserial "$image"
}

# Then Linux finds one CPU.
start_coreboot_noacpi() {
	local acpi=no

	cpus_found=1
	coreboot_boot noacpi "$image"
}

# cbfstool's own way with a bzImage; its boot_params have no header.
start_coreboot_bzimage() {
	local rom_options=(-C "$cmdline" -I "$initrd")

	coreboot_boot "" "$image"
}

# One record makes no sense, the framebuffer's: nothing else is lost.
start_coreboot_odd() {
	corrupt=2048
	coreboot_boot absurdfb "$image"
}

# E820_MAX_ENTRIES: without NUMA the kernel drops what is beyond.
start_coreboot_ranges() {
	also+=("map-max 131")
	coreboot_boot ranges300 "$image"
}

start_coreboot_overlap() {
	coreboot_boot overlap "$image"
}

# The flash cannot be where the table says: its files are ignored.
start_coreboot_badcbfs() {
	corrupt=64
	coreboot_boot cbfsoverrun "$image" "elfboot/initrd=$initrd"
}

# The initrd costs itself; it must be one that becomes smaller.
start_coreboot_lzmacbfs() {
	echo "$cmdline" > "$dir/cmdline"
	head -c 65536 /dev/zero > "$dir/initrd"
	corrupt=64
	coreboot_boot "" "$image" "lzma:elfboot/initrd=$dir/initrd" \
		"elfboot/cmdline=$dir/cmdline"
}

start_coreboot_cbfs() {
	echo "$cmdline" > "$dir/cmdline"
	coreboot_boot "" "$image" "elfboot/cmdline=$dir/cmdline" \
		"elfboot/initrd=$initrd"
}

start_coreboot_fb() {
	cmdline+=" elfboot-draw"
	echo "$cmdline" > "$dir/cmdline"
	screen=800x600
	also+=("framebuffer simple 800x600x32" "drawn yes")
	coreboot_boot fb "$image" "elfboot/cmdline=$dir/cmdline"
	also=("${also[@]/framebuffers 0/framebuffers 1}")
}

# with_acpi_table COMMAND...: on a board whose ACPI names coreboot's table
with_acpi_table() {
	local qemu_options=(-acpitable "file=$dir/boot0000.aml")

	iasl -p "$dir/boot0000" "$boot/boot0000.asl" > "$dir/iasl" 2>&1 &&
		"$@"
}

# The table's driver has the only framebuffer.
start_coreboot_acpi() {
	with_acpi_table start_coreboot_fb
}

# coreboot has set 80x25 text, and nothing in its table says so.
start_coreboot_text() {
	also+=("console-driver (S) VGA+")
	coreboot_boot text "$image"
}

# What it says goes to the firmware's port: here the one of the report.
start_coreboot_serial() {
	cmdline+=" elfboot.debug"
	echo "$cmdline" > "$dir/cmdline"
	also+=("~elfboot: kernel linked to 0x.*, put at 0x.*")
	coreboot_boot com2 "$image" "elfboot/cmdline=$dir/cmdline"
}

start_coreboot_memconsole() {
	firmware_log=y
	start_coreboot
}

# dump_memory FILE ADDRESS SIZE
dump_memory() {
	"$boot/monitor.py" "$dir/monitor" \
		"pmemsave $2 $3 \"$dir/$1\"" > /dev/null
}

# The firmware's log as the kernel's driver must show it, in hexadecimal.
coreboot_log() {
	tr -d '\r' < "$dir/console" | sed "/$firmware_leaves/q" |
		python3 -c 'import sys; print(sys.stdin.buffer.read().hex())'
}

# One of the firmware's faults: the table is ignored as a whole, with one line,
# and QEMU itself is asked. All of CBMEM stays reserved.
start_coreboot_fault() {
	corrupt=32
	map_name=fwcfg
	coreboot_boot "$variant" "$image"
	map_of=
	also=("acpi-tables yes")
	map_above=cbmem
}

# CBMEM is the last MiB below 4 GiB (firmware/firmware.h).
cbmem() {
	printf '%#x\n' $(((mib - 1) << 20))
}
