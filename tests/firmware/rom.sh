#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Makes a ROM for QEMU's pc machine (-bios): the test firmware, and a payload
# in a CBFS by stock cbfstool. Run, or sourced for make_rom.

# shellcheck source-path=SCRIPTDIR source=../lib/build.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/build.sh"

firmware_source=$top/tests/firmware
firmware_built=$build/firmware
rom_size=16M			# the most there is room for below the LAPIC

rom_usage() {
	cat <<-END
	usage: rom.sh [-C CMDLINE] [-I INITRD] PAYLOAD OUTPUT [none|lzma|lz4]
	              [[lzma:]NAME=FILE...]

	Write to OUTPUT a ROM whose payload is PAYLOAD (an ELF file or a
	bzImage), compressed by cbfstool if so wanted, and which has FILEs
	in its CBFS under the given NAMEs, by LZMA where that is in front. -C
	and -I are cbfstool's and for a bzImage only.
	Exits with 1 if that fails, 2 if it is not called so.
	END
}

# Is it older than anything it is made of?
bootblock_stale() {
	local bootblock=$1 file

	[ -f "$bootblock" ] || return 0
	for file in "$firmware_source"/*.[chS] "$firmware_source"/{firmware.lds,rom.sh} \
		"$top"/arch/i386/boot/elf/wire-*.h; do
		[ ! "$file" -nt "$bootblock" ] || return 0
	done
	return 1
}

# One processor, no FPU, no relocations, and addresses that are numbers.
bootblock_cflags=(-m32 -march=i686 -ffreestanding -Os -std=gnu11 -fno-pic
	-fno-pie -mno-sse -mno-mmx -msoft-float -fno-strict-aliasing
	-fno-stack-protector -fno-asynchronous-unwind-tables
	-fno-delete-null-pointer-checks -fcf-protection=none -Wall -Wextra
	-Wno-array-bounds -Werror -I"$top/tests/include"
	-I"$top/arch/i386/boot/elf" -I"$top/tests/lib")

build_bootblock() {
	local dir=$1 source extra object objects=()
	local kernel=$build/6.1/src

	[ -f "$kernel/lib/decompress_unlzma.c" ] || need_source 6.1 || return
	for source in "$firmware_source"/*.c "$firmware_source"/entry.S; do
		extra=()
		# The kernel's code has its own idea of warnings.
		case ${source##*/} in
		unlz4.c)  extra=(-O2) ;;
		unlzma.c) extra=(-w -O2 -I"$kernel"
				-idirafter "$kernel/include") ;;
		esac
		object=${source##*/}
		object=$dir/${object%.*}.o
		gcc "${bootblock_cflags[@]}" "${extra[@]}" -c -o "$object" \
			"$source" || return
		objects+=("$object")
	done
	ld -m elf_i386 --build-id=none --orphan-handling=error \
		-T "$firmware_source/firmware.lds" -o "$dir/bootblock.elf" \
		"${objects[@]}" &&
		objcopy -O binary "$dir/bootblock.elf" "$dir/bootblock.new" &&
		mv "$dir/bootblock.new" "$dir/bootblock.bin"
}

# need_bootblock: build/firmware/bootblock.bin is there
need_bootblock() {
	mkdir -p "$firmware_built"
	(
		flock 9
		! bootblock_stale "$firmware_built/bootblock.bin" ||
			build_bootblock "$firmware_built"
	) 9> "$firmware_built/lock"
}

# run_cbfstool ARGUMENT...: on $rom; what was done is in OUTPUT.commands
run_cbfstool() {
	echo "cbfstool rom $*" >> "$output.commands"
	cbfstool "$rom" "$@"
}

# fill_rom ROM PAYLOAD COMPRESSION [NAME=FILE...], with the options
fill_rom() {
	local rom=$1 payload=$2 compression=$3 file how

	shift 3
	rm -f "$rom" "$output.commands"
	run_cbfstool create -m x86 -s "$rom_size" \
		-B "$firmware_built/bootblock.bin" &&
		run_cbfstool add-payload -n fallback/payload \
			-f "$payload" -c "$compression" \
			"${options[@]}" || return
	for file in "$@"; do
		how=()
		[[ $file != lzma:* ]] || how=(-c lzma)
		file=${file#lzma:}
		run_cbfstool add -t raw -n "${file%%=*}" \
			-f "${file#*=}" "${how[@]}" || return
	done
}

# make_rom [-C CMDLINE] [-I INITRD] PAYLOAD OUTPUT [none|lzma|lz4] [NAME=FILE...]
make_rom() {
	local options=() payload output compression=none log

	while [[ ${1-} == -[CI] ]]; do
		options+=("$1" "$2")
		shift 2
	done
	payload=$1
	output=$2
	shift 2
	case ${1-} in
	none|lzma|lz4)	compression=$1; shift ;;
	esac
	need_bootblock || return
	if log=$(fill_rom "$output.new" "$payload" "$compression" "$@" 2>&1)
	then
		mv "$output.new" "$output"
		return
	fi
	printf '%s\n' "$log" >&2
	rm -f "$output.new"
	return 1
}

# rom_arguments ARGUMENT...: are they what make_rom takes?
rom_arguments() {
	local argument

	while [[ ${1-} == -[CI] && $# -ge 2 ]]; do
		shift 2
	done
	[ $# -ge 2 ] && [[ $1 != -* ]] || return
	shift 2
	case ${1-} in
	none|lzma|lz4)	shift ;;
	esac
	for argument in "$@"; do
		[[ $argument == ?*=?* ]] || return
	done
}

rom_main() {
	case ${1-} in
	-h|--help)	rom_usage; exit 0 ;;
	esac
	rom_arguments "$@" || { rom_usage >&2; exit 2; }
	make_rom "$@" || exit 1
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	rom_main "$@"
fi
