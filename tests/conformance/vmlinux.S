/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The program as a kernel's vmlinux has the stub: ELF64, the notes by which
 * loaders and mkelfImage find it; and, with LAST, a segment behind it whose bytes
 * everybody knows.
 */
#include "conformance.h"
#include "stub.h"

#define PHYS32_ENTRY	18
#define PROGRAM_NAME	1
#define PROGRAM_VERSION	2

	.macro	note	name, type
	.balign	4
	.long	2f - 1f, 4f - 3f, \type
1:	.asciz	"\name"
2:	.balign	4
3:
	.endm

	.section ".notes", "a", @note
	note	"Xen", PHYS32_ENTRY
	.quad	IMAGE_BASE
4:	note	"ELFBoot", PROGRAM_NAME
	.asciz	"conformance"
4:	note	"ELFBoot", PROGRAM_VERSION
	.asciz	CONFORMANCE_VERSION
4:	note	"Linux", STUB_NOTE_TYPE
	.long	IMAGE_BASE
4:	.balign	4

	.section ".image", "awx", @progbits
	.incbin	CONFORMANCE_BIN, 0, STUB_KERNEL_START
	.long	IMAGE_START		/* STUB_KERNEL_START */
	.long	IMAGE_END		/* STUB_KERNEL_END */
	.incbin	CONFORMANCE_BIN, STUB_SCRATCH, STUB_INITRD - STUB_SCRATCH
#ifdef LAST
	.long	IMAGE_END		/* STUB_INITRD, as mkelfImage has it */
	.long	4 * SEGMENT_WORDS	/* STUB_INITRD_SIZE */
#else
	.long	0, 0
#endif
	.incbin	CONFORMANCE_BIN, STUB_BSS

#ifdef LAST
	.section ".last", "aw", @progbits
	.set	nr, 1
	.rept	SEGMENT_WORDS
	.long	(nr * PATTERN) & 0xffffffff
	.set	nr, nr + 1
	.endr
#endif

	.section .note.GNU-stack, "", @progbits
