/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Into the kernel (jump.S).
 */
#ifndef ELFBOOT_JUMP_H
#define ELFBOOT_JUMP_H

#include "base.h"

void __noreturn jump_32(u32 entry, u32 boot_params);
void __noreturn jump_64(u32 entry, u32 boot_params, u32 cr3, u32 cr4);

#endif /* ELFBOOT_JUMP_H */
