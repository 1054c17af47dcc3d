#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What each loader does, as the conformance image sees it: what it says is kept
# in golden/, without addresses. No kernel is in it: where a boot test fails and
# this one does not, it is not the loader. rows has the loaders, sabotage.sh what
# a broken one must be told.

# shellcheck disable=SC2034,SC2154 # for the files of boot/
here=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
boot=$here/../boot

# shellcheck source-path=SCRIPTDIR source=../lib/build.sh
. "$here/../lib/build.sh"
for file in rows initrd loaders disks grub efi coreboot testloader debian; do
	# shellcheck disable=SC1090
	. "$boot/$file.sh"
done
# shellcheck source-path=SCRIPTDIR source=sabotage.sh
. "$here/sabotage.sh"

# In place of boot's archives, whose sums depend on when they were made.
several_modules() {
	mkdir -p "$dir/modules"
	seq 50000 > "$dir/modules/1"
	seq 1000 > "$dir/modules/2"
	seq 7 > "$dir/modules/3"
	modules=("$dir"/modules/[123])
}

patience=$(patient 60)
boots=$build/conformance/boot

# "NAME ARCH MACHINE TIER" of each row.
own_rows() {
	awk '!/^#/ { print $1, $4 ? $4 : "x86_64", $2, $3 }' "$here/rows"
}

list() {
	own_rows | awk '{ print $1 "/" $2, $4 }'
	printf '%s check\n' image page sabotage
}

build_kit() {
	make -s -C "$top" -j"$jobs" O=build/conformance/tool \
		KIT=build/conformance/kit conformance
}

# need_kit: $kit has the images
need_kit() {
	kit=$build/conformance/kit
	locked "$build/conformance/lock" build_kit > "$dir/kit.log" 2>&1 ||
		{ cat "$dir/kit.log"; return 1; }
}

# The one in place of a kernel's image of that name.
image_for() {
	case $1 in
	vmlinux)			echo "$kit/conformance64.elf" ;;
	elfImage-without-multiboot)	echo "$kit/conformance-pvh.elf" ;;
	*)				echo "$kit/conformance.elf" ;;
	esac
}

# Until the image has said all, or the emulator has ended.
wait_for_verdict() {
	local tick

	for ((tick = 0; tick < patience * 10; tick++)); do
		grep -aqs '^# conformance: [pF]' "$dir/report" && break
		kill -0 "$emulator" 2>/dev/null || break
		sleep 0.1
	done
	kill "$emulator" 2>/dev/null
	wait "$emulator" 2>/dev/null
	grep -aqs '^# conformance: [pF]' "$dir/report"
}

# What does not depend on versions and sizes: no addresses, no registers, no map,
# no version.
normalise() {
	tr -d '\r' < "$1" | sed -n '/^# conformance: entered$/,$p' | sed -E '
		/^# (ax|si|cs|cr0|gdt|map|information|rsdp) ?:?/d
		/^# (rsdp|map|information):/d
		s/^(# loader: [A-Za-z_. -]*[A-Za-z_-]).*/\1/
		s/^(# (command line|image name): )[^ ]*:\/\/[^ ]*/\1URI/
		s,^(# image name: )/.*/,\1,
		/^# (pvh|x86|elf|gabi|multiboot|multiboot2|sense|coreboot|acpi)/{
			s/0x[0-9a-f]{4,}/ADDRESS/g
		}
		s/^(# module [0-9]+:) 0x[0-9a-f]+/\1 ADDRESS/
		s/^(# framebuffer:) 0x[0-9a-f]+.*/\1 ADDRESS/
		s/ +$//'
}

show_console() {
	echo "no verdict; the last lines of the console:"
	tail -n 15 "$dir/console" 2>/dev/null | tr -cd '\n -~' | cut -c1-200
	tail -n 5 "$dir/emulator"
}

# boot_row NAME: by the loader of the row, on the machine
boot_row() {
	local seconds=$SECONDS golden

	"start_$start" || { echo "not ok $1"; return; }
	if ! wait_for_verdict; then
		show_console
		echo "not ok $1"
		return
	fi
	normalise "$dir/report" > "$dir/normal"
	golden=$here/golden/$loader-$arch
	[ -z "${ELFBOOT_GOLDEN-}" ] || cp "$dir/normal" "$golden"
	if diff "$golden" "$dir/normal"; then
		echo "ok $1, $((SECONDS - seconds)) s"
	else
		echo "not ok $1"
	fi
}

# status_of IMAGE CMDLINE: of QEMU, by the image's last act
status_of() {
	timeout "$patience" qemu-system-x86_64 -accel tcg -nodefaults \
		-no-reboot -display none -m 128 -serial "file:$dir/report" \
		-device isa-debug-exit,iobase=0xf4,iosize=4 -kernel "$1" \
		-append "$2"
	echo "$?"
}

# is_status WHAT WANTED STATUS
is_status() {
	if [ "$3" = "$2" ]; then
		echo "ok $1"
	else
		echo "exit status $3, not $2"
		echo "not ok $1"
	fi
}

# The page's statuses and sizes; a file of ours obeys our rules.
test_image() {
	local name size damaged=$dir/damaged.elf

	need_kit || return
	for name in conformance.elf conformance-pvh.elf conformance64.elf; do
		is_status "$name: passed is 33" 33 "$(status_of "$kit/$name" "")"
	done
	cp "$kit/conformance.elf" "$damaged"
	printf '\0\0\0\0' | dd of="$damaged" bs=1 conv=notrunc status=none \
		seek=$(($(stat -c %s "$damaged") - 100))
	is_status "a damaged one: FAILED is 35" 35 "$(status_of "$damaged" "")"
	# Without the device: by the keyboard controller.
	is_status "conformance.reset" 0 "$(timeout "$patience" \
		qemu-system-x86_64 -accel tcg -nodefaults -no-reboot \
		-display none -m 128 -kernel "$kit/conformance.elf" \
		-append conformance.reset; echo $?)"
	for name in conformance.elf conformance-pvh.elf; do
		"$build/conformance/tool/tools/mkelfImage" --verify "$kit/$name" &&
			echo "ok $name: --verify" || echo "not ok $name: --verify"
	done
	size=$(stat -c %s "$kit/conformance.elf")
	is_status "conformance.elf: 52 KiB at most" 0 $((size > 52 << 10))
}

# The page's example: the command that stands there, and what it shows.
page_says() {
	sed -n '/^    KTAP version 1$/,/^    # conformance: passed$/s/^    //p' \
		"$top/Documentation/conformance.txt"
}

test_page() {
	need_kit || return
	"$here/page.py" "$top/Documentation/conformance.txt" \
		"$here" "$boot/loaders.list"
	cp "$kit/conformance.elf" "$here/module" "$dir/"
	(cd "$dir" && timeout "$patience" qemu-system-x86_64 -accel tcg \
		-display none -serial stdio -kernel conformance.elf \
		-append "some words" -initrd module \
		-device isa-debug-exit,iobase=0xf4,iosize=4) > "$dir/report"
	page_says > "$dir/page"
	if diff <(normalise "$dir/page") <(normalise "$dir/report"); then
		echo "ok the example"
	else
		echo "not ok the example"
	fi
}

# run NAME/ARCH
run() {
	local loader arch machine tier name
	local loader_key=- loader_suite='' loader_root='' loader_version=''
	local start image machines protocol map_source cmdline_source
	local initrd_source firmware type loader_name
	local kernel=6.1 images=$build/6.1/x86_64 cpus mib variant
	local prefix='' corrupt=0 screen='' firmware_log='' also=()
	local map_name='' map_of='' map_path='' map_above=''
	local modules initrd cmdline="word=1 other"

	dir=$boots/${1/\//-}
	rm -rf "$dir"
	mkdir -p "$dir"
	if [ "$(type -t "test_$1")" = function ]; then
		"test_$1"
		return
	fi
	IFS=/ read -r loader arch <<< "$1"
	read -r _ _ machine tier < <(own_rows | grep "^$loader $arch ")
	[ -n "$tier" ] || { echo "no such row: $1"; return 1; }
	variant=${machine#*:}
	machine=${machine%%:*}
	cpus=${machine%x*}
	mib=${machine#*x}
	read_row && need_loader && need_kit || return
	image=$(image_for "$image")
	initrd=$here/module
	modules=("$initrd")
	boot_row "$loader"
}

case ${1-} in
list)	list; exit ;;
run)	run "$2"; exit ;;
esac
