# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# elfboot.efi, by what starts UEFI programs. Sourced by run.sh.

# shellcheck source-path=SCRIPTDIR source=../lib/efi.sh
. "$boot/../lib/efi.sh"

# The program for the firmware that fits a kernel's architecture.
declare -A efi_program=([x86_64]=elfbootx64.efi [i386]=elfbootia32.efi)
declare -A efi_default=([x86_64]=BOOTX64.EFI [i386]=BOOTIA32.EFI)

# need_efi: $build/efi has both programs
need_efi() {
	locked "$build/efi/lock" build_efi build/efi > "$dir/efi.log" 2>&1 ||
		{ cat "$dir/efi.log"; return 1; }
}

# efi_volume FILE...: $dir/volume is a FAT volume that has them, "NAME=FILE" by
# another name
efi_volume() {
	local file size=69632	# the least for 32 bits

	for file; do
		size=$((size + $(stat -L -c %s "${file#*=}") / 1024 + 64))
	done
	mformat -C -i "$dir/volume" -T "$((size * 2))" -F -v ELFBOOT :: &&
		mmd -i "$dir/volume" ::/EFI ::/EFI/BOOT ::/EFI/Linux ::/loader \
			::/loader/entries || return
	for file; do
		[[ $file == *=* ]] || file=${file##*/}=$file
		mcopy -i "$dir/volume" "${file#*=}" "::/${file%%=*}" || return
	done
}

# tier_of LOADER/ARCH TIER: one of them is enough for make check; Debian has
# systemd-boot and iPXE for 64-bit firmware only, and an i386 vmlinux is no ELF64
tier_of() {
	case $1 in
	efi-sdboot/i386|efi-ipxe/i386|efi-composed-sdboot/i386|efi-uki/i386|\
	efi-mixed/i386|vmm-firecracker-linux/i386)
				return 1 ;;
	efi-sb*|efi-tpm*|efi-protected/*)	return 1 ;;	# uefi_tests
	xen-*|kvm-*|*-xen/*|*-kvm/*)	return 1 ;;	# hypervisor_tests
	efi-shell/x86_64)	echo "$2" ;;
	efi-*)			echo all ;;
	*)			echo "$2" ;;
	esac
}

# The firmware's own framebuffer; nobody sets another mode.
efi_expect() {
	cmdline+=" elfboot-draw"
	map_of=efi
	screen=1280x800
	also+=("framebuffers 1" "busy-lines 0" "drawn yes" "acpi-tables yes")
	also+=("efi-platform-size ${efi_bits[$arch]}")
	also+=("~boot-order [0-9a-f]{12,}")
}

declare -A efi_bits=([x86_64]=64 [i386]=32)

efi_run() {
	qemu_efi -drive "if=none,id=volume,format=raw,file=$dir/volume" \
		-device virtio-blk-pci,drive=volume "$@"
}

# The program has another name on other firmware.
efi_told() {
	told "${@//ia32.efi/x64.efi}"
}

# What the shell runs by itself.
start_efi_shell() {
	local program=${efi_program[$arch]} words

	need_efi || return
	efi_expect
	words="$program ${image##*/} initrd=initrd $cmdline"
	efi_told "$words"
	printf '%s\r\n' "fs0:" "$words" > "$dir/startup.nsh"
	efi_volume "$build/efi/$program" "$image" "initrd=$initrd" \
		"$dir/startup.nsh" && ${run_efi:-efi_run} -nic none
}

declare -A efi_machine=([x86_64]=x64 [i386]=ia32)

# compose_program: $dir/composed.efi is the program and what it is to load in one
# file
compose_program() {
	need_efi || return
	"$images/kbuild/arch/x86/boot/elf/tools/mkelfImage" \
		--efi="${efi_machine[$arch]}" \
		--efi-stub="$build/efi/${efi_program[$arch]}" \
		--append="$cmdline" --initrd="$initrd" "$image" \
		"$dir/composed.efi"
}

# What the firmware starts by its name alone.
start_efi_composed() {
	efi_expect
	told "mkelfImage --efi --append='$cmdline' --initrd=initrd $image BOOTX64.EFI"
	compose_program && efi_volume \
		"EFI/BOOT/${efi_default[$arch]}=$dir/composed.efi" && efi_run -nic none
}

# by_sdboot PROGRAM: systemd-boot lists what is in that directory, and starts what
# it lists if there is nothing else
by_sdboot() {
	local name=${efi_default[$arch]}
	local sdboot=/usr/lib/systemd/boot/efi/systemd-${name,,}

	efi_volume "EFI/BOOT/$name=$sdboot" "EFI/Linux/elf.efi=$1" && efi_run -nic none
}

start_efi_composed_sdboot() {
	local output=/boot/efi/EFI/Linux/elf.efi

	efi_expect
	told "mkelfImage --efi --append='$cmdline' --initrd=initrd $image $output"
	compose_program && by_sdboot "$dir/composed.efi"
}

# Debian 13's ukify, with our program for its stub.
start_efi_uki() {
	local line="ukify build --stub=elfbootx64.efi --linux=$image --initrd=initrd"

	need_efi && need_ukify || return
	efi_expect
	told "$line --cmdline='$cmdline' --output=/boot/efi/EFI/Linux/elf.efi"
	run_ukify build --stub="$build/efi/${efi_program[$arch]}" \
		--linux="$image" --initrd="$initrd" --cmdline="$cmdline" \
		--output="$dir/uki.efi" > "$dir/ukify.log" 2>&1 ||
		{ cat "$dir/ukify.log"; return 1; }
	by_sdboot "$dir/uki.efi"
}

# composed_of RESULT NAME=FILE...: elfboot.efi with such sections
composed_of() {
	local result=$1 word add=() at=$((1 << 20))

	shift
	for word; do
		add+=(--add-section ".$word")
		add+=(--change-section-vma ".${word%%=*}=$at")
		at=$((at + ($(stat -L -c %s "${word#*=}") / 4096 + 1) * 4096))
	done
	objcopy "${add[@]}" "$build/efi/${efi_program[$arch]}" "$result"
}

# The same by objcopy, which knows nothing of what it does.
start_efi_objcopy() {
	local program=$dir/composed.efi cmdline_file=$dir/cmdline

	need_efi || return
	efi_expect
	echo "$cmdline" > "$cmdline_file"
	told "objcopy --add-section .cmdline=$cmdline_file $(
		)--add-section .initrd=$initrd --add-section .linux=$image $(
		)... elfbootx64.efi BOOTX64.EFI"
	composed_of "$program" "cmdline=$cmdline_file" "initrd=$initrd" \
		"linux=$image" &&
		efi_volume "EFI/BOOT/${efi_default[$arch]}=$program" && efi_run -nic none
}

# A boot entry of systemd-boot, which puts initrd= in front of the options.
start_efi_sdboot() {
	local program=${efi_program[$arch]}
	local entry=("title ELF" "linux /$program" "initrd /initrd")
	local from=/usr/lib/systemd/boot/efi name=${efi_default[$arch],,}

	need_efi || return
	efi_expect
	entry+=("options /${image##*/} $cmdline")
	efi_told "${entry[@]:1}"
	printf '%s\n' "${entry[@]}" > "$dir/elf.conf"
	efi_volume "EFI/BOOT/${efi_default[$arch]}=$from/systemd-$name" \
		"$build/efi/$program" "$image" "initrd=$initrd" \
		"loader/entries/elf.conf=$dir/elf.conf" && efi_run -nic none
}

# A program of one instruction at an address.
make_program_at() {
	echo "hlt" | as --32 -o "$dir/program.o" - &&
		ld -m elf_i386 -N --no-warn-rwx-segments -e "$1" -Ttext "$1" \
			-o "$2" "$dir/program.o"
}

# What elfboot.efi says on the console, which breaks its lines; "regex" is what
# a spoiled test looks for instead.
efi_says() {
	local words=${SPOIL:+spoiled}

	fatal_check "says: $1" grep -qaF "elfboot: ${words:-$1}" \
		<(tr -d '\r\n' < "$dir/console")
}

# iPXE for UEFI has all files that it has downloaded on a volume, and the program
# comes from there. The firmware has no driver for this card, but iPXE has.
start_efi_ipxe() {
	local program=${efi_program[$arch]} name=${image##*/} script

	need_efi || return
	efi_expect
	script=("kernel tftp://10.0.2.2/$program $name initrd=initrd $cmdline"
		"initrd tftp://10.0.2.2/$name" "initrd tftp://10.0.2.2/initrd")
	efi_told "${script[@]}"
	mkdir "$dir/tftp"
	ln "$build/efi/$program" "$image" "$dir/tftp/"
	ln "$initrd" "$dir/tftp/initrd"
	printf '%s\n' "#!ipxe" "${script[@]}" boot > "$dir/tftp/boot.ipxe"
	efi_volume "EFI/BOOT/${efi_default[$arch]}=/usr/lib/ipxe/ipxe.efi" &&
		efi_run -device e1000,netdev=net,romfile= \
			-netdev "user,id=net,tftp=$dir/tftp,bootfile=boot.ipxe"
}

# Sent back to the shell, with a message, by what cannot be; after all that the
# firmware is still what it was, and the kernel boots.
fatal_efi_refused() {
	local program=${efi_program[$arch]} image=$images/elfImage
	local cpus=1 mib=256 screen='' modules=() line

	need_efi && make_program_at 0xb0000000 "$dir/reserved" &&
		make_program_at 0xd0000000 "$dir/hole" || return
	for line in "reserved initrd=initrd" hole nothing \
		"elfImage initrd=initrd initrd=none" startup.nsh "" \
		"elfImage initrd=/initrd initrd=startup.nsh $cmdline"; do
		printf '%s\r\n' "$program $line"
	done > "$dir/commands.nsh"
	{ printf 'fs0:\r\n'; cat "$dir/commands.nsh"; } > "$dir/startup.nsh"
	efi_volume "$build/efi/$program" "$image" "initrd=$initrd" \
		"$dir/startup.nsh" "$dir/reserved" "$dir/hole" && efi_run -nic none ||
		return
	fatal_check "the kernel boots in the end" wait_for_report
	line="0x1000 bytes, and the firmware keeps what is at 0xb0000000"
	efi_says "reserved: it goes to 0xb0000000, $line (type 0): out of resources"
	line="0x1000 bytes, and there is no memory at 0xd0000000"
	efi_says "hole: it goes to 0xd0000000, $line: out of resources"
	efi_says "nothing: not found"
	efi_says "none: not found"
	efi_says "startup.nsh: not an ELF file: load error"
	efi_says "usage: elfboot.efi KERNEL [initrd=FILE]... [WORD]...: invalid parameter"
	fatal_check "two initrds, one behind the other" grep -qx \
		"initrd-sha256 $(joined_digest "$initrd" "$dir/startup.nsh")" \
		"$dir/report"
}

# joined_digest FILE...: of all, with 4 zeroes or more between two of them, so many
# that each begins at a multiple of 4
joined_digest() {
	local file padding=0

	for file; do
		head -c "$padding" /dev/zero
		cat "$file"
		padding=$((4 + (-$(stat -L -c %s "$file") & 3)))
	done | sha256sum | cut -d' ' -f1
}
