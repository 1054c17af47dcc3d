/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel's relocations (relocate.c).
 */
#ifndef ELFBOOT_RELOCATE_H
#define ELFBOOT_RELOCATE_H

#include "base.h"

/**
 * struct relocs - a kernel's relocations
 * @stream: their first byte
 * @size: bytes of them
 * @lists: how many there are, RELOCS_LISTS_*
 * @kernel: the kernel's first byte
 * @room: bytes from there on that they may change
 */
struct relocs {
	const u8 *stream;
	u32 size;
	u32 lists;
	u8 *kernel;
	u32 room;
};

int relocs_check(const struct relocs *relocs);
void relocs_apply(const struct relocs *relocs, u32 offset);

#endif /* ELFBOOT_RELOCATE_H */
