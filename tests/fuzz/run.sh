#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fuzzing of what reads bytes that others have written. The tests replay a
# corpus, for 32 and for 64 bits, under the sanitizers; no libFuzzer is needed
# for that.
#
#	run.sh fuzz DRIVER SECONDS	look for more; findings, and inputs that
#					reach new code, land in build/fuzz
#	run.sh seeds			inputs to begin with, from the unit tests
#	run.sh pack DRIVER		make corpus/DRIVER.tar.xz of all those

tests=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source=$tests/../arch/i386/boot/elf
kernel_side=$tests/../arch/i386/kernel
efi=$tests/../arch/i386/boot/efi
here=$tests/fuzz
build=$tests/../build/fuzz

# shellcheck source-path=SCRIPTDIR source=../lib/host.sh
. "$tests/lib/host.sh"
# shellcheck source-path=SCRIPTDIR source=corpus.sh
. "$here/corpus.sh"

# Program, and the drivers in it.
programs='stub multiboot multiboot2 pvh notes coreboot cbfs argv bootparams fwcfg composed all
tool kernel verify wrapped program
kexec elf-plan boot-notes
kaslr relocs regions
efi efi-sections efi-options efi-event-log'

# Program, and what it is made of; names as in arch/i386/boot/elf.
sources() {
	case $1 in
	stub)	echo "$here/pipeline.c" "$source"/{sources,info}/*.c \
			"$source"/{machine/ram,leave/bootparams}.c ;;
	kaslr)	echo "$source"/kaslr/{relocate,kaslr}.c "$source"/info/{efi,cmdline,memmap}.c \
			"$source"/machine/ram.c ;;
	tool)	find "$source/tools" -name '*.c' ! -name mkelfImage.c \
			! -name message.c ! -name stub-bin.c ! -name dump.c ! -name json.c \
			! -name args.c ! -name efi.c ! -name measure.c ! -name subject.c \
			! -name progress.c ! -name codecs.c ;;
	efi)	echo "$here/event-log.c" "$efi"/{sections,options,event-log}.c ;;
	kexec)	echo "$kernel_side"/{kexec/elf-plan,kexec/elf-move,notes/boot-notes}.c \
			"$kernel_side"/notes/boot-notes-verify.c \
			"$source"/sources/{source-notes,handoff,checksum}.c \
			"$source"/sources/{framebuffer,rsdp}.c \
			"$source"/info/*.c "$source"/machine/ram.c ;;
	esac
}

# As in unit/run.sh.
flags=(
	-std=gnu11 -O1 -g -fno-omit-frame-pointer
	-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all
	-Wall -Wextra -Werror
	-Wno-unused-parameter -Wno-address-of-packed-member
	'-D__noreturn=__attribute__((noreturn))'
	'-D__printf(a,b)=__attribute__((format(printf,a,b)))'
	-iquote "$source" -iquote "$kernel_side" -iquote "$efi"
	-iquote "$tests/unit"
	-I "$tests/include" -I "$tests/lib"
)

# A driver of several tests: its program is built by the first.
is_newer() {
	[ -f "$1" ] && [ -z "$(find "$here" "$source" "$kernel_side" "$efi" \
		"$tests/unit" "$tests/lib" "$tests/include" -name '*.[ch]' -newer "$1")" ]
}

# build PROGRAM BITS
build_replay() {
	local -a files
	local output=$build/replay-$1-$2

	(
		flock 9
		is_newer "$output" && exit
		read -r -d '' -a files < <(sources "$1")
		"${CC:-gcc}" "-m$2" "${flags[@]}" -static-libasan \
			-static-libubsan "$here/$1.c" "$here/driver.c" \
			"$here/replay.c" "${files[@]}" -o "$output"
	) 9> "$output.lock"
}

program_of() {
	awk -v driver="$1" '{
		for (i = 2; i <= NF; i++)
			if ($i == driver)
				print $1
	}' <<< "$programs"
}

unpack() {
	rm -rf "${build:?}/replay/$1"
	mkdir -p "$build/replay/$1"
	tar -C "$build/replay/$1" -xJf "$here/corpus/$1.tar.xz"
}

# What it prints is the name of the last input, if that was too much for it.
replay() {
	local program=$1 bits=$2 driver=$3
	local log=$build/replay-$driver-$bits.log

	(cd "$build/replay/$driver" &&
		run_bits "$bits" 60 "../../replay-$program-$bits" "$driver" \
			./* 2> "$log") && return
	grep -B 1 -A 30 -m 1 -v '^[.]/' "$log"
	echo "not ok $bits $driver"
	return 1
}

run_test() {
	local driver=$1 program bits status=0

	program=$(program_of "$driver")
	if [ -z "$program" ]; then
		echo "fuzz/run.sh: no test $driver"
		return 2
	fi
	unpack "$driver" || return
	for bits in 32 64; do
		build_replay "$program" "$bits" &&
			replay "$program" "$bits" "$driver" || status=1
	done
	return "$status"
}

case $1 in
list)	awk '{ for (i = 2; i <= NF; i++) print $i, "check" }' <<< "$programs" ;;
run)	run_test "$2" ;;
fuzz)	fuzz "$2" "${3:-600}" ;;
seeds)	seeds ;;
pack)	pack "$2" ;;
*)	echo "usage: ${0##*/} list | run NAME | fuzz DRIVER SECONDS |" \
		"seeds | pack DRIVER" >&2
	exit 2 ;;
esac
