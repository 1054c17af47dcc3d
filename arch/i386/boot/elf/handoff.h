/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Registers as the loader left them, saved by entry.S before anything else.
 */
#ifndef ELFBOOT_HANDOFF_H
#define ELFBOOT_HANDOFF_H

#define HANDOFF_EAX	0
#define HANDOFF_EBX	4
#define HANDOFF_ECX	8
#define HANDOFF_EDX	12
#define HANDOFF_ESI	16
#define HANDOFF_EDI	20
#define HANDOFF_ESP	24
#define HANDOFF_TSC	28
#define HANDOFF_MOVED	36
#define HANDOFF_SIZE	40

/*
 * PVH start info begins with it; the PVH entry puts it into EAX, which the
 * loader leaves unspecified.
 */
#define HVM_START_MAGIC	0x336ec578

/* In EAX, from a loader that knows multiboot 2. */
#define MULTIBOOT2_BOOTLOADER_MAGIC 0x36d76289

#ifndef __ASSEMBLY__

#include "base.h"

/**
 * struct handoff - what the CPU looked like at the entry
 * @eax: register, with the loader's magic number if it passes one
 * @ebx: register
 * @ecx: register
 * @edx: register
 * @esi: register
 * @edi: register
 * @esp: register; may be 0 or garbage, there need be no stack
 * @tsc_low: time stamp counter, low half
 * @tsc_high: time stamp counter, high half
 * @moved: bytes from where the image was made for to where it has been loaded,
 *	   modulo 4 GiB; the stub's words say where things are
 */
struct handoff {
	u32 eax;
	u32 ebx;
	u32 ecx;
	u32 edx;
	u32 esi;
	u32 edi;
	u32 esp;
	u32 tsc_low;
	u32 tsc_high;
	u32 moved;
};

/* entry.S */
ASM_OFFSET(struct handoff, eax, HANDOFF_EAX);
ASM_OFFSET(struct handoff, ebx, HANDOFF_EBX);
ASM_OFFSET(struct handoff, ecx, HANDOFF_ECX);
ASM_OFFSET(struct handoff, edx, HANDOFF_EDX);
ASM_OFFSET(struct handoff, esi, HANDOFF_ESI);
ASM_OFFSET(struct handoff, edi, HANDOFF_EDI);
ASM_OFFSET(struct handoff, esp, HANDOFF_ESP);
ASM_OFFSET(struct handoff, tsc_low, HANDOFF_TSC);
ASM_OFFSET(struct handoff, tsc_high, HANDOFF_TSC + 4);
ASM_OFFSET(struct handoff, moved, HANDOFF_MOVED);
_Static_assert(sizeof(struct handoff) == HANDOFF_SIZE, "HANDOFF_SIZE");

#endif /* __ASSEMBLY__ */
#endif /* ELFBOOT_HANDOFF_H */
