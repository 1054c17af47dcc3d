# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# elfboot.efi on a firmware that lets nothing run that was allocated: Debian sid's OVMF has
# the protocol for that (its own policy does not go so far, not even in the build
# "strictnx": efi-probe.S says so), and efi-strict.S uses it. Sourced by run.sh.

protected=$build/loaders/ovmf-sid

need_protected() {
	"$top/scripts/fetch-packages.sh" sid amd64 "$protected" ovmf
}

# make_efi_program NAME: $dir/NAME.efi of efi-NAME.S, with elfboot.efi's headers
make_efi_program() {
	local efi=$top/arch/i386/boot/efi name objects=()

	for name in "$efi/header" "$efi/sbat" "$boot/efi-$1"; do
		objects+=("$dir/$1-${name##*/}.o")
		gcc -m64 -D__ASSEMBLY__ -I "$efi" -I "$top/tests/include" -c \
			-o "${objects[-1]}" "$name.S" || return
	done
	ld -m elf_x86_64 -static -z noexecstack -T "$efi/efi.lds" \
		--defsym jump_code=0 --defsym jump_code_end=0 \
		-o "$dir/$1.elf" "${objects[@]}" &&
		objcopy -O binary "$dir/$1.elf" "$dir/$1.efi"
}

# protected_run PROGRAM...: each on a volume, and the firmware tries one after the other
protected_run() {
	local -A efi_code=([x86_64]=OVMF_CODE_4M.secboot.strictnx.fd)
	local ovmf=$protected/usr/share/OVMF disks=() program

	rm -f "$dir"/{report,console,variables,volume*}
	for program; do
		efi_volume "EFI/BOOT/BOOTX64.EFI=$dir/$program.efi" &&
			mv "$dir/volume" "$dir/volume-$program" || return
		disks+=(-drive "if=none,id=$program,format=raw,file=$dir/volume-$program"
			-device "virtio-blk-pci,drive=$program,bootindex=${#disks[@]}")
	done
	qemu_efi -nic none "${disks[@]}" -cpu max
}

# console_shows REGEX: in the end
console_shows() {
	local tick

	for ((tick = 0; tick < patience; tick++)); do
		grep -qsaE "$1" "$dir/console" && break
		kill -0 "$emulator" 2> /dev/null || break
		sleep 1
	done
	"$boot/monitor.py" "$dir/monitor" quit > /dev/null
	wait "$emulator"
	grep -aoE "${SPOIL:+spoiled}$1" "$dir/console"
}

# A fault of an instruction's fetch (I) from a page that is there (P).
fatal_efi_protected() {
	local image=$images/elfImage cpus=1 mib=512 screen='' modules=()

	need_protected && compose_program && make_efi_program probe &&
		make_efi_program strict && protected_run probe || return
	fatal_check "what is allocated as data can be executed" \
		console_shows "probe: data can be executed"
	protected_run strict probe || return
	fatal_check "and then it cannot" console_shows "I:1 .*P:1"
	protected_run strict composed || return
	fatal_check "the kernel boots there" wait_for_report
	fatal_check "by elfboot.efi" grep -x "loader elfboot.efi" "$dir/report"
	fatal_check "although nothing may be executed" \
		grep -aoF "strict: on" "$dir/console"
}
