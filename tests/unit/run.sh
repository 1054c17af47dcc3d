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
	local info="info/bootinfo.c info/cmdline.c info/memmap.c machine/ram.c"
	local tables="sources/handoff.c sources/checksum.c sources/rsdp.c"
	local coreboot="sources/source-coreboot.c"
	local notes="sources/source-notes.c info/efi.c"
	local tool="tools/layout.c tools/headers.c tools/elf64.c tools/movable.c"
	tool+=" tools/notes.c tools/elf.c"
	local kernel_side=../../kernel efi=../efi loader
	local kernel="tools/kind.c tools/input.c tools/bzimage.c tools/vmlinux.c tools/image.c"

	tool+=" tools/verify.c tools/checksum.c tools/seal.c tools/write.c"
	tool+=" tools/access.c tools/acl.c tools/output.c"
	tool+=" tools/signature.c tools/pkcs7.c"
	tool+=" tools/file.c tools/relocs.c tools/memory.c"
	loader=$(printf "$efi/%s.c " main kernel files progress initrd memory map \
		options sections notes screen tables tpm event-log leave protect \
		console)
	loader+=" machine/paging.c $kernel_side/kexec/elf-plan.c"
	loader+=" $kernel_side/notes/boot-notes.c"
	loader+=" $kernel_side/notes/boot-notes-verify.c"
	tables+=" sources/framebuffer.c $info"
	coreboot+=" $tables"
	notes+=" $tables"
	cat <<-END
	memmap info/memmap.c
	ram machine/ram.c
	cmdline info/cmdline.c
	bootinfo $info
	source-multiboot sources/source-multiboot.c $info
	source-multiboot2 sources/source-multiboot2.c info/efi.c $tables
	source-pvh sources/source-pvh.c $info
	source-notes $notes
	source-notes-linux $notes $kernel_side/notes/boot-notes.c
	source-bootparams sources/source-bootparams.c $info
	source-argv sources/source-argv.c $info
	source-composed sources/source-composed.c $info
	source-bios sources/source-bios.c $info
	source-fwcfg sources/source-fwcfg.c $info
	source-cmos sources/source-cmos.c $info
	source-vga sources/source-vga.c $info
	source-coreboot $coreboot tests/firmware/table.c
	source-coreboot-bad $coreboot
	source-cbfs sources/source-cbfs.c $info
	framebuffer sources/framebuffer.c
	rsdp sources/rsdp.c machine/ram.c
	efi info/efi.c machine/ram.c
	handoff sources/handoff.c machine/ram.c
	place info/place.c info/efi.c $info
	setup-data info/setup-data.c $info
	relocs kaslr/relocate.c
	kaslr kaslr/kaslr.c kaslr/entropy.c info/efi.c $info
	randomize kaslr/randomize.c kaslr/kaslr.c kaslr/entropy.c kaslr/relocate.c info/efi.c $info
	bootparams leave/bootparams.c $info
	checksum sources/checksum.c machine/ram.c
	paging machine/paging.c
	high machine/high.c machine/paging.c
	pic machine/pic.c
	print console/print.c
	boot-notes $kernel_side/notes/boot-notes.c $kernel_side/notes/boot-notes-verify.c
	kexec-apic $kernel_side/reset/kexec-apic.c
	kexec-plan $kernel_side/kexec/elf-plan.c
	kexec-move $kernel_side/kexec/elf-plan.c $kernel_side/kexec/elf-move.c
	kexec-crash $kernel_side/kexec/kexec-elf-crash.c $kernel_side/kexec/kexec-elf-move.c
	provenance-text $kernel_side/provenance/provenance-text.c
	efi-options $efi/options.c
	efi-map $efi/map.c
	efi-sections $efi/sections.c
	efi-event-log $efi/event-log.c
	efi-loader $loader
	efi-tpm $loader
	tool-notes tools/notes.c
	tool-pe tools/pe.c
	tool-uki tools/uki.c tools/sbat.c tools/pe.c
	tool-signature tools/signature.c tools/pkcs7.c tools/elf.c tools/notes.c
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
	-iquote "$source" -iquote "$source/../../kernel"
	-iquote "$source/../efi" -I "$tests/unit/include" -I "$tests/include" -I "$tests/lib"
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
