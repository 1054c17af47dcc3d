/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The first bytes of the stub (elfboot.bin): its entries and the words
 * that whoever embeds it fills in, that is ld for vmlinux and mkelfImage for
 * every other kernel. Shared by assembler, C and the host tool; all words are
 * little-endian and 32 bits wide, all addresses physical.
 */
#ifndef ELFBOOT_STUB_H
#define ELFBOOT_STUB_H

/* Entries, as offsets from the stub's base. */
#define STUB_PVH_ENTRY		0x00	/* loads EAX, falls into the next */
#define STUB_ENTRY		0x08	/* any 32-bit loader */
#define STUB_MOVED_ENTRY	0x10	/* one that has put the base into EBP */

/* Offsets of the words. */
#define STUB_BASE		0x0c	/* filled in: where offset 0 is */
#define STUB_MAGIC_AT		0x18	/* STUB_MAGIC */
#define STUB_SIZE		0x1c	/* bytes of elfboot.bin */
#define STUB_PARAMS		0x20	/* filled in, from here on: */
#define STUB_KERNEL_ENTRY	0x20	/* where to jump */
#define STUB_KERNEL_START	0x24	/* the kernel's memory, first byte */
#define STUB_KERNEL_END		0x28	/* and the byte behind the last */
#define STUB_SCRATCH		0x2c	/* STUB_SCRATCH_SIZE bytes of NOBITS */
#define STUB_FLAGS		0x30	/* STUB_FLAG_* */
#define STUB_SETUP		0x34	/* a bzImage's setup_header, 0: none */
#define STUB_SETUP_SIZE		0x38	/* its bytes, from 0x1f1 of the file on */
#define STUB_CMDLINE		0x3c	/* a command line with its NUL, 0: none */
#define STUB_CMDLINE_SIZE	0x40	/* its bytes, NUL included */
#define STUB_INITRD		0x44	/* an initrd, 0: none */
#define STUB_INITRD_SIZE	0x48	/* its bytes */
#define STUB_BSS		0x4c	/* with STUB_FLAG_KASLR: the kernel's .bss */
#define STUB_ALIGN		0x50	/* where it may be: multiples of this */
#define STUB_IMAGE_MAX		0x54	/* KERNEL_IMAGE_SIZE */
#define STUB_RELOCS		0x58	/* its relocations (relocs.h), 0: none */
#define STUB_RELOCS_SIZE	0x5c	/* their bytes */
#define STUB_HEADER_SIZE	0x60

/* The words from STUB_BASE on that are addresses, a bit each; 0 is none. */
#define STUB_ADDRESS(word)	(1 << (((word) - STUB_BASE) / 4))
#define STUB_ADDRESSES	(STUB_ADDRESS(STUB_BASE) | \
			 STUB_ADDRESS(STUB_KERNEL_ENTRY) | \
			 STUB_ADDRESS(STUB_KERNEL_START) | \
			 STUB_ADDRESS(STUB_KERNEL_END) | \
			 STUB_ADDRESS(STUB_SCRATCH) | \
			 STUB_ADDRESS(STUB_SETUP) | \
			 STUB_ADDRESS(STUB_CMDLINE) | \
			 STUB_ADDRESS(STUB_INITRD) | \
			 STUB_ADDRESS(STUB_BSS) | \
			 STUB_ADDRESS(STUB_RELOCS))

#define STUB_MAGIC		0x42464c45	/* "ELFB" */

/* The kernel's entry wants long mode (startup_64), not startup_32. */
#define STUB_FLAG_LONG_MODE	0x1
/* The kernel is 64-bit, whatever its entry is (a bzImage's is 32-bit). */
#define STUB_FLAG_KERNEL_64	0x2
/* What an i386 kernel was built to use: without it, it dies in silence. */
#define STUB_FLAG_NEEDS_CX8	0x4
#define STUB_FLAG_NEEDS_PAE	0x8
#define STUB_FLAG_NEEDS_CMOV	0x10
/* An x86_64 kernel runs with 5 levels of page tables if it is entered so. */
#define STUB_FLAG_5_LEVELS	0x20
/*
 * Built with CONFIG_RANDOMIZE_BASE. The words from STUB_BSS on are there: a stub
 * of an earlier version has code in their place.
 */
#define STUB_FLAG_KASLR		0x40
/*
 * Called by multiboot 2 or PVH, the stub finds out where it is, and at
 * STUB_MOVED_ENTRY it is told: the image may have been loaded elsewhere than to
 * where it was made for.
 */
#define STUB_FLAG_MOVABLE	0x80
/* That is all of them. */
#define STUB_FLAGS_KNOWN	0xff

/*
 * Memory that the stub uses but nobody needs after the jump: the maps it works
 * on, the page tables for long mode, the stack at its end.
 */
#define STUB_SCRATCH_SIZE	0x10000
#define STUB_STACK_SIZE		0x1000	/* with the IDT; calls take 1504 bytes */

/*
 * An i386 bzImage unpacks itself below this, wherever it has been loaded to: 128 MiB
 * below the end of a lowmem of 1 GiB (arch/x86/boot/compressed/misc.c).
 */
#define UNPACK_MAX_32		0x38000000

/*
 * The note in vmlinux (name "Linux") that says where the stub is: one 32-bit
 * physical address. Clear of the kernel's own "Linux" notes 0x100 and 0x101
 * and of 18, which QEMU takes for Xen's PHYS32_ENTRY whatever the name.
 */
#define STUB_NOTE_TYPE		0x200

#endif /* ELFBOOT_STUB_H */
