#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Host tests of the stub's C files, and of those of the tool that touch no
# file: test-NAME.c linked with what it tests, for 32 and for 64 bits, under
# the address and undefined-behaviour sanitizers.

tests=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source=$tests/../arch/i386/boot/elf
build=$tests/../build/unit

# shellcheck source-path=SCRIPTDIR source=../lib/host.sh
. "$tests/lib/host.sh"

# Lines "NAME FILE...": what of arch/i386/boot/elf a test is linked with, or
# of tests/.
all_tests() {
	local info="bootinfo.c cmdline.c memmap.c ram.c"
	local coreboot="source-coreboot.c handoff.c checksum.c framebuffer.c"
	local notes="source-notes.c handoff.c checksum.c"
	local tool="tools/layout.c tools/headers.c tools/elf64.c tools/notes.c tools/elf.c"
	local kernel_side=../../kernel
	local kernel="tools/kind.c tools/input.c tools/bzimage.c tools/vmlinux.c tools/image.c"

	tool+=" tools/verify.c tools/checksum.c tools/seal.c tools/write.c"
	tool+=" tools/access.c tools/output.c"
	tool+=" tools/map.c tools/relocs.c"
	coreboot+=" rsdp.c $info"
	notes+=" rsdp.c efi.c framebuffer.c $info"
	cat <<-END
	memmap memmap.c
	ram ram.c
	cmdline cmdline.c
	bootinfo $info
	source-multiboot source-multiboot.c $info
	source-multiboot2 source-multiboot2.c framebuffer.c rsdp.c efi.c $info
	source-pvh source-pvh.c $info
	source-notes $notes
	source-notes-linux $notes $kernel_side/boot-notes.c
	source-bootparams source-bootparams.c $info
	source-argv source-argv.c $info
	source-composed source-composed.c $info
	source-bios source-bios.c $info
	source-fwcfg source-fwcfg.c $info
	source-cmos source-cmos.c $info
	source-vga source-vga.c $info
	source-coreboot $coreboot tests/firmware/table.c
	source-coreboot-bad $coreboot
	source-cbfs source-cbfs.c $info
	framebuffer framebuffer.c
	rsdp rsdp.c ram.c
	efi efi.c ram.c
	handoff handoff.c ram.c
	place place.c efi.c $info
	relocs relocs.c
	kaslr kaslr.c entropy.c efi.c $info
	randomize randomize.c kaslr.c entropy.c relocs.c efi.c $info
	bootparams bootparams.c $info
	checksum checksum.c ram.c
	paging paging.c
	high high.c paging.c
	pic pic.c
	print print.c
	boot-notes $kernel_side/boot-notes.c $kernel_side/boot-notes-verify.c
	kexec-apic $kernel_side/kexec-apic.c
	kexec-plan $kernel_side/elf-plan.c
	provenance-text $kernel_side/provenance-text.c
	tool-notes tools/notes.c
	tool-checksum tools/checksum.c
	tool-layout $tool
	tool-verify $tool
	tool-bzimage $kernel $tool
	tool-image $kernel $tool
	END
}

# -Wno-...: warnings that the kernel, too, switches off. -D...: what its
# compiler_attributes.h and init.h have. The runtime is linked in because the stub's header
# declares memcpy() and others hidden.
flags=(
	-std=gnu11 -O1 -g -fno-omit-frame-pointer
	-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all
	-static-libasan -static-libubsan
	-Wall -Wextra -Werror
	-Wno-unused-parameter -Wno-address-of-packed-member
	'-D__noreturn=__attribute__((noreturn))'
	-D__init= -D__initconst=
	'-D__printf(a,b)=__attribute__((format(printf,a,b)))'
	-iquote "$source" -iquote "$source/../../kernel" -I "$tests/include" -I "$tests/lib"
)

# build_test NAME BITS FILE...
build_test() {
	local name=$1 bits=$2

	shift 2
	"${CC:-gcc}" "-m$bits" "${flags[@]}" "$tests/unit/test-$name.c" \
		"$@" -o "$build/test-$name-$bits"
}

# run_test NAME: in tests/, where the captured data is. A loop without an end is
# a failure, too.
run_test() {
	local name=$1 bits status=0
	local -a files

	read -r -a files < <(all_tests | sed -n "s/^$name //p")
	if [ ${#files[@]} -eq 0 ]; then
		echo "unit/run.sh: no test $name"
		return 2
	fi
	mkdir -p "$build"
	cd "$tests" || return
	files=("${files[@]/#/$source/}")
	files=("${files[@]/#$source\/tests\//$tests/}")
	for bits in 32 64; do
		build_test "$name" "$bits" "${files[@]}" &&
			run_bits "$bits" 60 "$build/test-$name-$bits" || status=1
	done
	return "$status"
}

case $1 in
list)	all_tests | sed 's/ .*/ check/'; echo "scheduler check" ;;
run)
	case $2 in
	scheduler)	"$tests/unit/scheduler.sh" ;;
	*)		run_test "$2" ;;
	esac ;;
*)	echo "usage: tests/unit/run.sh list | run NAME" >&2; exit 2 ;;
esac
