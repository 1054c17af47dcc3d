# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# Debian's GRUB as the payload of the test firmware (coreboot.sh, which sources
# this).

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
