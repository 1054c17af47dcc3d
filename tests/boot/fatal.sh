# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# What must not boot, but stop with a message on the serial port and on the
# screen. Sourced by run.sh.

# fatal_tests ARCH
fatal_tests() {
	echo no-map exception little-memory
	[ "$1" = i386 ] || echo no-long-mode
}

is_fatal() {
	fatal_tests "$arch" | tr ' ' '\n' | grep -qx "$1"
}

# fatal_test NAME
fatal_test() {
	dir=$build/boot/$1/$arch/$kernel
	rm -rf "$dir"
	mkdir -p "$dir"
	"fatal_${1//-/_}"
}

# fatal_run REGEX QEMU-OPTION...: the message must come within a minute, on
# both, and the CPU must have halted.
fatal_run() {
	local regex=$1 cpus=1 mib=128 tick

	shift
	qemu "$@"
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
	fatal_check screen grep -aE "$regex" \
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

fatal_no_map() {
	local image=$images/elfImage

	make_bootsector -DWIPE -DEAX=0 -DEBX=0 || return
	fatal_run 'elfboot: fatal: no memory map' \
		"${bootsector_options[@]}"
}

fatal_no_long_mode() {
	fatal_run 'elfboot: fatal: .*64-bit CPU' -cpu pentium3 \
		-kernel "$images/elfImage"
}

# Enough for the stub, not for all of the kernel's .bss and .brk.
fatal_little_memory() {
	local mib=26

	[ "$arch" = x86_64 ] || mib=21
	fatal_run "elfboot: fatal: (no memory at|the kernel's memory)" \
		-m "$mib" -kernel "$images/elfImage"
}

# An undefined instruction where the stub fills boot_params.
fatal_exception() {
	local broken=$dir/elfImage-broken

	python3 "$boot/break-stub.py" "$images/elfImage" \
		"$images/kbuild/arch/x86/boot/elf/elfboot.elf" bootparams_fill \
		"$broken" || return
	fatal_run 'elfboot: fatal: exception 6 .* eip [0-9a-f]{6,8}, cr2' \
		-kernel "$broken"
}
