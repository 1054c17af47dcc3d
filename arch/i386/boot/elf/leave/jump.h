/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Into the kernel (jump.S).
 */
#ifndef ELFBOOT_JUMP_H
#define ELFBOOT_JUMP_H

/* Offsets in struct jump. */
#define JUMP_COPY_TO	0
#define JUMP_COPY_FROM	4
#define JUMP_COPY_SIZE	8
#define JUMP_CR3	12
#define JUMP_CR4	16

#ifndef __ASSEMBLY__

#include "base.h"

/**
 * struct jump - what is done at the last moment
 * @copy_to: where bytes go, physical
 * @copy_from: where they are, physical
 * @copy_size: how many, a multiple of 8; 0: none
 * @cr3: physical address of the page tables, for long mode
 * @cr4: which kind they are of
 */
struct jump {
	u32 copy_to;
	u32 copy_from;
	u32 copy_size;
	u32 cr3;
	u32 cr4;
};

ASM_OFFSET(struct jump, copy_to, JUMP_COPY_TO);
ASM_OFFSET(struct jump, copy_from, JUMP_COPY_FROM);
ASM_OFFSET(struct jump, copy_size, JUMP_COPY_SIZE);
ASM_OFFSET(struct jump, cr3, JUMP_CR3);
ASM_OFFSET(struct jump, cr4, JUMP_CR4);

void __noreturn jump_32(u32 entry, u32 boot_params, const struct jump *jump);
void __noreturn jump_64(u32 entry, u32 boot_params, const struct jump *jump);

#endif /* __ASSEMBLY__ */
#endif /* ELFBOOT_JUMP_H */
