/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where things go that the kernel needs after the jump (place.c).
 */
#ifndef ELFBOOT_PLACE_H
#define ELFBOOT_PLACE_H

#include "base.h"
#include "info/memmap.h"

/**
 * struct placement - the plan
 * @kernel: the kernel's memory, the stub in it included
 * @moved: bytes from where it was linked to where it has been loaded, modulo
 *	   4 GiB
 * @initrd: the initrd as the kernel sees it; size 0: none
 * @arena: what the kernel reads after the stub: command line, setup_data nodes
 * @boot_params: where the boot_params go, in the page below: the kernel has
 *		 copied them before it uses memory, so nobody else has to be
 *		 kept from there
 * @target: where the kernel will run, physical; its own start if it stays
 * @offset: what its relocations add to it, in bytes from where it was linked
 * @random: RANDOM_*
 * @entropy: ENTROPY_*, what that is taken from
 * @why_fixed: why not all of it is random, "" if it is
 */
struct placement {
	struct range kernel;
	u32 moved;
	struct range initrd;
	struct range arena;
	u64 boot_params;
	u32 target;
	u32 offset;
	u32 random;
	u32 entropy;
	const char *why_fixed;
};

struct bootinfo;
struct ram;

u64 place_initrd_size(const struct bootinfo *bi);
u64 place_initrd_end(u64 limit);
int place_initrd(const struct ram *ram, struct bootinfo *bi,
		 const struct memmap *map, u64 limit, struct placement *place);
int place_arena(const struct ram *ram, const struct bootinfo *bi,
		struct memmap *map, u32 size, struct placement *place);

#endif /* ELFBOOT_PLACE_H */
