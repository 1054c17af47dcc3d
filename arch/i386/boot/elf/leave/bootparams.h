/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one writer of boot_params (bootparams.c).
 */
#ifndef ELFBOOT_BOOTPARAMS_H
#define ELFBOOT_BOOTPARAMS_H

#include "base.h"

struct boot_params;
struct bootinfo;
struct handoff;
struct memmap;
struct placement;
struct ram;
struct setup_header;

u32 bootparams_arena_size(const struct bootinfo *bi, const struct memmap *map);
void bootparams_sanitize(struct boot_params *bp);
void bootparams_fill(struct boot_params *bp, const struct bootinfo *bi,
		     const struct memmap *map, const struct placement *place,
		     const struct setup_header *setup);
void bootparams_fill_arena(const struct ram *ram, struct boot_params *bp,
			   const struct bootinfo *bi,
			   const struct memmap *map,
			   const struct placement *place,
			   const struct handoff *handoff);
void bootparams_set_tsc_kernel(const struct ram *ram, u32 setup_data, u64 tsc);

#endif /* ELFBOOT_BOOTPARAMS_H */
