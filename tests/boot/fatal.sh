# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# What does not boot but must stop with a message on the serial port and on the
# screen. Sourced by run.sh.

# fatal_tests ARCH
fatal_tests() {
	echo zelf-kaslr no-map exception zelf-exception little-memory resident
	echo coreboot-lsmmap corrupt-mb corrupt-mb2 corrupt-modules modules-257
	echo moved-odd efi-refused efi-variable efi-sb-refused efi-sb-shim-refused
	echo efi-protected
	[ "$1" = i386 ] && echo old-cpu || echo no-long-mode
}

is_fatal() {
	fatal_tests "$arch" | tr ' ' '\n' | grep -qx "$1"
}

# fatal_test NAME
fatal_test() {
	local text_screen=y		# a BIOS has set it up
	dir=$boots/$1/$arch/$kernel
	rm -rf "$dir"
	mkdir -p "$dir"
	"fatal_${1//-/_}"
}

# fatal_run REGEX QEMU-OPTION...: the message must come within a minute, on
# both, and the CPU must have halted.
fatal_run() {
	local regex=$1 cpus=1 mib=128

	shift
	qemu "$@"
	fatal_wait
}

fatal_wait() {
	local tick

	for ((tick = 0; tick < 300; tick++)); do
		grep -qaE "$regex" "$dir/console" 2>/dev/null && break
		sleep 0.2
	done
	sleep 1
	"$boot/monitor.py" "$dir/monitor" "info registers" \
		"pmemsave 0xb8000 4000 \"$dir/screen\"" quit > "$dir/registers"
	wait "$emulator"
	[ -z "$SPOIL" ] || regex=spoiled
	fatal_check serial grep -aE "$regex" "$dir/console"
	# Every other byte is a character's colour.
	[ -z "$text_screen" ] || fatal_check screen grep -aE "$regex" \
		<(tr -d '\007' < "$dir/screen" | tr -s '\000 ' ' ')
	fatal_check halted grep -a 'HLT=1' "$dir/registers"
	fatal_check "no report" test ! -s "$dir/report"
}

fatal_check() {
	local what=$1

	shift
	if "$@"; then
		echo "ok $what"
	else
		echo "not ok $what"
	fi
}

# The decompressor puts the kernel elsewhere each time: of five boots not all
# may agree.
fatal_zelf_kaslr() {
	local parent=$dir cpus=1 mib=256 append=quiet turn bases

	[ -z "$SPOIL" ] || append+=" nokaslr"
	for turn in 1 2 3 4 5; do
		dir=$parent/$turn
		mkdir -p "$dir"
		qemu -kernel "$images/zelfImage" -append "$append"
		wait "$emulator"
	done
	bases=$(sed -n 's/^kernel-at //p' "$parent"/?/report | sort -u)
	echo "bases: ${bases//$'\n'/ }"
	fatal_check "five boots, two bases or more" \
		test "$(wc -l <<< "$bases")" -ge 2
}

fatal_no_map() {
	local image=$images/elfImage modules=() cpus=1 mib=128
	local regex='elfboot: fatal: no memory map'

	test_loader firmware:nothing -cpu qemu64,-hypervisor && fatal_wait
}

# Says multiboot, but its information is at the very end of memory; or the
# modules are, and everything else is right: no boot with less.
fatal_corrupt_mb() {
	fatal_corrupt information \
		'multiboot: information at 0xfffffff0, 68 bytes: not in memory'
}

fatal_corrupt_modules() {
	fatal_corrupt modules \
		'multiboot: mods_addr 0xfffffff0, 3 modules: not in memory'
}

# Nobody can use that as a stack, and the stub finds that it has not.
fatal_corrupt_mb2() {
	fatal_corrupt rom 'multiboot2: '
}

# A page beside where it could run.
fatal_moved_odd() {
	local image=$images/elfImage modules=() cpus=1 mib=128
	local regex='elfboot: fatal: the kernel, linked to 0x1000000, cannot run '

	regex+='at 0x4001000, where it was loaded \(align 0x[1-9a-f]0+\): not aligned'
	several_modules && test_loader multiboot2+0x3001000 && fatal_wait
}

# fatal_corrupt WHAT REGEX
fatal_corrupt() {
	local image=$images/elfImage modules=() cpus=1 mib=128
	local regex="elfboot: fatal: $2"

	test_loader "corrupt:$1" && fatal_wait
}

# By QEMU: one more than there is room for.
fatal_modules_257() {
	make_many_modules 257 "$dir/modules" || return
	fatal_run 'elfboot: fatal: multiboot: mods_count: 257 modules, more than 256' \
		-kernel "$images/elfImage" \
		-initrd "$(printf ',%s' "$dir"/modules/[0-9]* | cut -c 2-)"
}

fatal_no_long_mode() {
	fatal_run 'elfboot: fatal: .*64-bit CPU' -cpu pentium3 \
		-kernel "$images/elfImage"
}

# A Pentium has neither PAE nor CMOV.
fatal_old_cpu() {
	fatal_run 'elfboot: fatal: this kernel needs a CPU with PAE' \
		-cpu pentium -kernel "$images/elfImage"
}

# Enough for the stub, not for all of the kernel's .bss and .brk.
fatal_little_memory() {
	local entry mib

	entry=$(readelf -h "$images/elfImage" |
		sed -n 's/^ *Entry point address: *//p')
	mib=$(((entry >> 20) + 1))
	fatal_run "elfboot: fatal: (no memory at|the kernel's memory)" \
		-m "$mib" -kernel "$images/elfImage"
}

# break_image IMAGE FUNCTION: with an undefined instruction there
break_image() {
	python3 "$boot/break-stub.py" "$images/$1" \
		"$images/kbuild/arch/x86/boot/elf/elfboot.elf" "$2" \
		"$dir/$1-broken"
}

# Where the stub fills boot_params.
fatal_exception() {
	break_image elfImage bootparams_fill &&
		fatal_run 'elfboot: fatal: exception 6 .* eip 0x[0-9a-f]+, cr2 0x0: this is a bug' \
			-kernel "$dir/elfImage-broken"
}

# Where the decompressor begins, as on a CPU that it was not built for.
fatal_zelf_exception() {
	break_image zelfImage kernel_entry &&
		fatal_run "elfboot: fatal: exception 6 .*: in the kernel's own" \
			-kernel "$dir/zelfImage-broken"
}
