/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the kernel runs (randomize.c).
 */
#ifndef ELFBOOT_RANDOMIZE_H
#define ELFBOOT_RANDOMIZE_H

#include "base.h"

struct bootinfo;
struct memmap;
struct placement;
struct ram;

int randomize_kernel(const struct ram *ram, const struct bootinfo *bi,
		     const struct memmap *map, struct placement *place);
void randomize_relocate(const struct ram *ram, const struct placement *place);

#endif /* ELFBOOT_RANDOMIZE_H */
