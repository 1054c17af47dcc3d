/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The PC BIOS, called in real mode (bios.c, bioscall.S).
 */
#ifndef ELFBOOT_BIOS_H
#define ELFBOOT_BIOS_H

/*
 * Low memory that a call uses: BIOS stack below the trampoline, buffer above
 * it. bios_open() saves all of it, as a loader's data may be there.
 */
#define BIOS_LOW_START		0x6000
#define BIOS_TRAMPOLINE		0x7c00
#define BIOS_BUFFER		0x7f00
#define BIOS_LOW_END		0x8000
#define BIOS_LOW_SIZE		(BIOS_LOW_END - BIOS_LOW_START)

/* Offsets in struct bios_regs. */
#define BIOS_EAX		0
#define BIOS_EBX		4
#define BIOS_ECX		8
#define BIOS_EDX		12
#define BIOS_ESI		16
#define BIOS_EDI		20
#define BIOS_EFLAGS		24
#define BIOS_REGS_SIZE		28

#define BIOS_CARRY		0x1	/* in EFLAGS */

#ifndef __ASSEMBLY__

#include "base.h"

/**
 * struct bios_regs - registers of a BIOS call, in and out
 * @eax: register
 * @ebx: register
 * @ecx: register
 * @edx: register
 * @esi: register
 * @edi: register; ES is 0
 * @eflags: out
 */
struct bios_regs {
	u32 eax;
	u32 ebx;
	u32 ecx;
	u32 edx;
	u32 esi;
	u32 edi;
	u32 eflags;
};

/* bioscall.S */
ASM_OFFSET(struct bios_regs, eax, BIOS_EAX);
ASM_OFFSET(struct bios_regs, ebx, BIOS_EBX);
ASM_OFFSET(struct bios_regs, ecx, BIOS_ECX);
ASM_OFFSET(struct bios_regs, edx, BIOS_EDX);
ASM_OFFSET(struct bios_regs, esi, BIOS_ESI);
ASM_OFFSET(struct bios_regs, edi, BIOS_EDI);
ASM_OFFSET(struct bios_regs, eflags, BIOS_EFLAGS);
_Static_assert(sizeof(struct bios_regs) == BIOS_REGS_SIZE, "BIOS_REGS_SIZE");

/* bioscall.S */
extern u8 bios_trampoline[];
extern u8 bios_trampoline_vector[];
extern u8 bios_trampoline_regs[];
extern u8 bios_trampoline_end[];
void bios_enter(void);

/* bios.c */
struct ram;

void bios_open(const struct ram *ram, void *save);
void bios_call(u8 vector, struct bios_regs *regs);
void bios_close(const struct ram *ram, const void *save);

#endif /* __ASSEMBLY__ */
#endif /* ELFBOOT_BIOS_H */
