# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# Boots out of coreboot's payload slot: the test firmware (tests/firmware) in
# all its ways to call, and Debian's GRUB as its payload. Sourced by run.sh.

# shellcheck source-path=SCRIPTDIR source=../firmware/rom.sh
. "$boot/../firmware/rom.sh"

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

# There is none in the table: GRUB has set one.
start_coreboot_grub_fb() {
	local grub_modules="$grub_modules video_bochs" grub_switches=text

	cmdline+=" elfboot-draw"
	screen=800x600
	also+=("~framebuffer simple 800x600x.*" "drawn yes")
	with_acpi_table coreboot_grub "insmod video_bochs" \
		"set gfxpayload=800x600x32" \
		"multiboot2 (cbfsdisk)/${image##*/} $cmdline" \
		"module2 (cbfsdisk)/initrd"
	also=("${also[@]/framebuffers 0/framebuffers 1}")
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

# All of them would not leave room for a kernel.
grub_switches=
grub_modules="normal serial terminal multiboot multiboot2 cbfs chain lsmmap echo sleep"

# make_grub LINE...: $dir/grub.elf is a GRUB that does that
make_grub() {
	local program

	printf '%s\n' "serial --unit=0 --speed=115200" \
		"terminal_input serial" "terminal_output serial" \
		"insmod cbfs" "$@" > "$dir/grub.cfg"
	loader_program grub /usr/bin/grub-mkstandalone
	pkgdatadir=$(loader_path grub /usr/share/grub) "${program[@]}" \
		-d "$(loader_path grub /usr/lib/grub)/i386-coreboot" \
		-O i386-coreboot -o "$dir/grub.elf" \
		--install-modules="$grub_modules" --fonts= --locales= --themes= \
		"boot/grub/grub.cfg=$dir/grub.cfg" > "$dir/grub-mkstandalone" \
		2>&1
}

# coreboot_grub LINE...: GRUB is the payload, and boots by that
coreboot_grub() {
	make_grub "$@" boot && told "$@" &&
		coreboot_boot "$grub_switches" "$dir/grub.elf" \
			"${image##*/}=$image" \
			"initrd=$initrd"
}

start_coreboot_grub_multiboot() {
	coreboot_grub "multiboot (cbfsdisk)/${image##*/} $cmdline" \
		"module (cbfsdisk)/initrd"
}

start_coreboot_grub_multiboot2() {
	coreboot_grub "multiboot2 (cbfsdisk)/${image##*/} $cmdline" \
		"module2 (cbfsdisk)/initrd"
}

start_coreboot_grub_chainloader() {
	coreboot_grub "chainloader (cbfsdisk)/${image##*/}"
}

# The proof that the firmware is a fair stand-in: GRUB for coreboot, written by
# others for the real thing, reads the same map out of its table.
fatal_coreboot_lsmmap() {
	local machine cpus mib tick parent=$dir

	for machine in 1x256 4x5120; do
		dir=$parent/$machine
		mkdir -p "$dir"
		cpus=${machine%x*}
		mib=${machine#*x}
		make_grub lsmmap "echo all of it" "sleep 60" &&
			make_rom "$dir/grub.elf" "$dir/rom" || return
		qemu -bios "$dir/rom"
		for ((tick = 0; tick < 300; tick++)); do
			grep -qas 'all of it' "$dir/console" && break
			sleep 0.2
		done
		dump_memory low 0 4096
		# shellcheck disable=SC2046 # address and size
		dump_memory table $("$boot/lsmmap.py" "$dir/low")
		kill "$emulator"
		wait "$emulator" 2>/dev/null
		[ -z "$SPOIL" ] || sed -i 's/0x100000,/0x200000,/' \
			"$dir/console"
		fatal_check "$machine: the same map" "$boot/lsmmap.py" \
			"$dir/low" "$dir/table" "$dir/console"
	done
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
