/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words of stub.h as C sees them.
 */
#ifndef ELFBOOT_PARAMS_H
#define ELFBOOT_PARAMS_H

#include "base.h"
#include "stub.h"

/**
 * struct stub_params - the words that whoever embeds the stub fills in
 * @kernel_entry: where to jump, physical
 * @kernel_start: the kernel's memory, first byte, physical
 * @kernel_end: and the byte behind the last
 * @scratch: physical address of STUB_SCRATCH_SIZE bytes of NOBITS
 * @flags: STUB_FLAG_*
 * @setup: physical address of a bzImage's own setup_header, 0: it is a vmlinux
 * @setup_size: bytes of it
 * @cmdline: physical address of a composed command line, 0: there is none
 * @cmdline_size: bytes of it
 * @initrd: physical address of a composed initrd, which is the last of the
 *	    image, 0: there is none
 * @initrd_size: bytes of it
 * @bss: the kernel's .bss, physical: what is behind it the kernel clears; like
 *	 all that follows, with STUB_FLAG_KASLR alone
 * @align: the kernel may be at multiples of this, in bytes
 * @image_max: the end of what the kernel maps for itself, from the start of its
 *	       virtual or (i386) physical addresses on, in bytes
 * @relocs: physical address of its relocations, 0: there are none
 * @relocs_size: bytes of them
 */
struct stub_params {
	__le32 kernel_entry;
	__le32 kernel_start;
	__le32 kernel_end;
	__le32 scratch;
	__le32 flags;
	__le32 setup;
	__le32 setup_size;
	__le32 cmdline;
	__le32 cmdline_size;
	__le32 initrd;
	__le32 initrd_size;
	__le32 bss;
	__le32 align;
	__le32 image_max;
	__le32 relocs;
	__le32 relocs_size;
};

/* entry.S, and mkelfImage, which has no structure for them. */
#define STUB_WORD(member, offset) \
	ASM_OFFSET(struct stub_params, member, (offset) - STUB_PARAMS)
STUB_WORD(kernel_entry, STUB_KERNEL_ENTRY);
STUB_WORD(kernel_start, STUB_KERNEL_START);
STUB_WORD(kernel_end, STUB_KERNEL_END);
STUB_WORD(scratch, STUB_SCRATCH);
STUB_WORD(flags, STUB_FLAGS);
STUB_WORD(setup, STUB_SETUP);
STUB_WORD(setup_size, STUB_SETUP_SIZE);
STUB_WORD(cmdline, STUB_CMDLINE);
STUB_WORD(cmdline_size, STUB_CMDLINE_SIZE);
STUB_WORD(initrd, STUB_INITRD);
STUB_WORD(initrd_size, STUB_INITRD_SIZE);
STUB_WORD(bss, STUB_BSS);
STUB_WORD(align, STUB_ALIGN);
STUB_WORD(image_max, STUB_IMAGE_MAX);
STUB_WORD(relocs, STUB_RELOCS);
STUB_WORD(relocs_size, STUB_RELOCS_SIZE);
#undef STUB_WORD
_Static_assert(sizeof(struct stub_params) + STUB_PARAMS == STUB_HEADER_SIZE,
	       "stub.h: STUB_HEADER_SIZE");

/* entry.S */
extern const struct stub_params stub_params;

#endif /* ELFBOOT_PARAMS_H */
