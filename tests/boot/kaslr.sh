# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # run.sh uses them
#
# Where kernels run that choose their own place: several boots of each kind,
# which kaslr.py compares; the bytes of a kernel that has been moved; what its
# panic says. Sourced by run.sh.

# "NAME TIER": with the tier - that of the kernel
kaslr_tests() {
	printf '%s\n' "kaslr -" "kaslr-bytes -" "kaslr-decompressor -" \
		"kaslr-panic -" "kaslr-moved -" "kaslr-more all" "kaslr-loaders all"
}

# The one that hibernates has a kernel of its own.
is_kaslr() {
	[ "$1" = kaslr-hibernate ] ||
		kaslr_tests | cut -d' ' -f1 | grep -qx "$1"
}

kaslr_test() {
	local parent=$boots/$1/$arch/$kernel

	dir=$parent
	rm -rf "$dir"
	mkdir -p "$dir"
	"${1//-/_}"
}

# kaslr_boots KIND NUMBER CPUS MIB IMAGE OPTIONS: what is appended is in OPTIONS
kaslr_boots() {
	local kind=$1 cpus=$3 mib=$4 image=$5 append=$6 turn

	for ((turn = 1; turn <= $2; turn++)); do
		dir=$parent/$kind-$turn
		mkdir -p "$dir"
		qemu -kernel "$images/$image" -append "$append"
		wait_for_report || show_console
	done
	dir=$parent
}

# kaslr_judge KIND: what the boots of that kind must be like
kaslr_judge() {
	"$boot/kaslr.py" "$1" "$arch" "$parent/$2"-*/report
}

# MiB of memory that end in the middle of a second place behind the kernel, which is
# linked to 16 MiB.
too_small_mib() {
	local bytes

	bytes=$(readelf -lW "$images/elfImage" |
		awk '$1 == "LOAD" { print $6; exit }')
	echo $((16 + (3 * bytes / 2 + 0xfffff >> 20)))
}

# The spoiled boots are told not to.
kaslr() {
	kaslr_boots random 4 1 2048 elfImage "quiet${SPOIL:+ nokaslr}"
	kaslr_judge random random
	[ -z "$SPOIL" ] || return 0
	kaslr_boots nokaslr 1 1 128 elfImage "quiet nokaslr"
	kaslr_judge nokaslr nokaslr
	[ "$arch" = x86_64 ] || return 0
	kaslr_boots narrow 1 1 48 elfImage quiet
	kaslr_judge narrow narrow
	kaslr_boots small 1 1 "$(too_small_mib)" elfImage quiet
	kaslr_judge small small
}

kaslr_more() {
	local image

	for image in elfImage elfImage-without-multiboot; do
		kaslr_boots "$image-1" 5 1 2048 "$image" "quiet${SPOIL:+ nokaslr}"
		kaslr_judge random "$image-1"
		[ -z "$SPOIL" ] || return 0
		kaslr_boots "$image-4" 5 4 6144 "$image" quiet
		kaslr_judge random "$image-4"
	done
	kaslr_boots nokaslr 2 4 6144 elfImage "quiet nokaslr"
	kaslr_judge nokaslr nokaslr
	kaslr_boots narrow 5 4 48 elfImage quiet
	kaslr_judge narrow narrow
	kaslr_boots limit 3 1 2048 elfImage "quiet mem=$(too_small_mib)M"
	kaslr_judge small limit
	kaslr_boots vmlinux 4 1 128 vmlinux quiet
	kaslr_judge vmlinux vmlinux
}

# kaslr_halted IMAGE COMMAND...: what the command says of two boots of the image,
# whose kernel is to halt before it does anything
kaslr_halted() {
	local image=$dir/$1 turn cpus=1 mib=512

	shift
	for turn in 1 2; do
		qemu -kernel "$image" -append quiet
		sleep 1
		"$@" "$dir/monitor" "$dir/memory"
		kill "$emulator"
		wait "$emulator" 2>/dev/null
		rm -f "$dir/memory"
	done
	if [ -e "$dir/memory-moved" ]; then
		echo "ok it has been moved"
	else
		echo "not ok it has been moved"
	fi
}

# Halted at its first instruction, a kernel has the bytes that it should have.
# Spoiled, one distance in the image's lists is another.
kaslr_bytes() {
	"$boot/kaslr-bytes.py" prepare "$images" "$dir/elfImage" \
		${SPOIL:+spoil} || return
	kaslr_halted elfImage "$boot/kaslr-bytes.py" compare "$images" \
		"$dir/elfImage"
}

# And they are what mainline's own decompressor makes of the same kernel. Spoiled,
# one relocation is not expected.
kaslr_decompressor() {
	local verb=compare

	[ -z "$SPOIL" ] || verb=spoilt
	"$boot/kaslr-decompressor.py" prepare "$images" "$dir/bzImage" ||
		return
	kaslr_halted bzImage "$boot/kaslr-decompressor.py" "$verb" "$images"
}

# kaslr_panicked KIND NUMBER WORD: without pid 1 the kernel panics, and says how
# far it is from where it was linked: as far as _text is.
kaslr_panicked() {
	local cpus=1 mib=512

	dir=$parent/$1-$2
	mkdir -p "$dir"
	qemu -kernel "$images/elfImage" -append "quiet elfboot-panic $3"
	wait "$emulator"
	"$boot/kaslr-panic.py" "$1" "$arch" "$dir/report" "$dir/console"
	dir=$parent
}

# The spoiled boot is told not to.
kaslr_panic() {
	kaslr_panicked random 1 "${SPOIL:+nokaslr}"
	[ -z "$SPOIL" ] || return 0
	kaslr_panicked random 2 ""
	kaslr_panicked nokaslr 1 nokaslr
}

# moved_boot KIND START OPTIONS: GRUB puts $image where it may, by multiboot 2
moved_boot() {
	local kind=$1 cmdline=$3 modules=("$initrd") loader_key=grub screen=''

	dir=$parent/$kind-1
	mkdir -p "$dir"
	: > "$dir/commands"
	"$2" || return
	wait_for_report || show_console
	dir=$parent
}

moved_bios() {
	grub_load i386-pc multiboot2 module2 && qemu -cdrom "$dir/boot.iso"
}

moved_efi() {
	grub_load "${efi_grub[$arch]}" multiboot2 module2 &&
		qemu_efi -cdrom "$dir/boot.iso"
}

# On a BIOS at its own place, on UEFI perhaps above that, where GRUB has no memory
# of its own; where it has to be elsewhere, there. Spoiled, it need not.
kaslr_moved() {
	local cpus=1 mib=512 own=$images/elfImage image start
	local -A own_place=([bios]=nokaslr [efi]=free)

	need_loader || return
	"$boot/put-elsewhere.py" "$own" "$parent/elfImage" 0x4000000 || return
	[ -z "$SPOIL" ] || cp "$own" "$parent/elfImage"
	for start in bios efi; do
		image=$own
		moved_boot "own-$start" "moved_$start" "quiet nokaslr"
		kaslr_judge "${own_place[$start]}" "own-$start"
		image=$parent/elfImage
		moved_boot "moved-$start" "moved_$start" "quiet nokaslr"
		kaslr_judge moved "moved-$start"
	done
	moved_boot random moved_bios quiet
	kaslr_judge random random
}
