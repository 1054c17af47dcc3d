# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
# SPDX-License-Identifier: GPL-2.0
#
# What must not boot, but stop with a message on the serial port and on the
# screen. Sourced by run.sh.

# fatal_tests ARCH
fatal_tests() {
	echo no-map exception
	[ "$1" = i386 ] || echo no-long-mode
}

is_fatal() {
	fatal_tests "$arch" | tr ' ' '\n' | grep -qx "$1"
}

# fatal_run NAME REGEX QEMU-OPTION...: the message must come within a minute,
# on both, and the CPU must have halted.
fatal_run() {
	local name=$1 regex=$2 cpus=1 mib=128 tick

	shift 2
	dir=$build/boot/$name/$arch/$kernel
	rm -rf "$dir"
	mkdir -p "$dir"
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

elf_entry() {
	readelf -h "$1" | sed -n 's/^ *Entry point address: *//p'
}

# A disk whose boot sector wipes the interrupt vectors and enters the image,
# which QEMU has put in place, with nothing in the registers.
fatal_no_map() {
	local image=$build/$kernel/$arch/elfImage
	local sector=$build/boot/bootsector

	gcc -m32 -nostdlib -static -Wl,-Ttext=0x7c00,--build-id=none,-e,0x7c00 \
		-Wl,-m,elf_i386,--oformat=binary -DENTRY="$(elf_entry "$image")" \
		-o "$sector" "$boot/bootsector.S" || return
	fatal_run no-map 'elfboot: fatal: no memory map' \
		-drive "if=floppy,format=raw,readonly=on,file=$sector" -boot a \
		-device "loader,file=$image"
}

fatal_no_long_mode() {
	fatal_run no-long-mode 'elfboot: fatal: .*64-bit CPU' -cpu pentium3 \
		-kernel "$build/$kernel/$arch/elfImage"
}

# An undefined instruction where the stub fills boot_params.
fatal_exception() {
	local dir=$build/$kernel/$arch
	local broken=$build/boot/elfImage-broken

	python3 "$boot/break-stub.py" "$dir/elfImage" \
		"$dir/kbuild/arch/x86/boot/elf/elfboot.elf" bootparams_fill \
		"$broken" || return
	fatal_run exception 'elfboot: fatal: exception 6 .* eip [0-9a-f]{6,8}, cr2' \
		-kernel "$broken"
}
