/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Address space layout randomisation: where the kernel may be (kaslr.c).
 */
#ifndef ELFBOOT_KASLR_H
#define ELFBOOT_KASLR_H

#include "base.h"
#include "info/memmap.h"

struct efi;
struct ram;

/* Regions of memmap=; with more of them mainline does not choose either. */
#define KASLR_REGIONS_MAX	4

/* The image; the initrd; the arena with boot_params; UEFI's map. */
#define KASLR_USED_MAX		(4 + KASLR_REGIONS_MAX)

/**
 * struct kaslr - what there is to choose from
 * @map: memory map, normalised
 * @ram: physical memory
 * @efi: with UEFI's memory map it must be free in that, too
 * @nr_used: number of @used
 * @used: what must not be overwritten
 * @size: bytes of the kernel's memory
 * @align: it begins at a multiple of this, a power of 2
 * @min: where it begins at the lowest, physical
 * @limit: and must have ended, physical
 * @huge_pages: pages of 1 GiB that are to be left free, if possible
 */
struct kaslr {
	const struct memmap *map;
	const struct ram *ram;
	const struct efi *efi;
	u32 nr_used;
	struct range used[KASLR_USED_MAX];
	u32 size;
	u32 align;
	u64 min;
	u64 limit;
	u64 huge_pages;
};

void kaslr_avoid(struct kaslr *kaslr, u64 start, u64 size);
const char *kaslr_read_cmdline(struct kaslr *kaslr, const char *cmdline);
u32 kaslr_count(const struct kaslr *kaslr);
u32 kaslr_place(const struct kaslr *kaslr, u32 slot);
u32 kaslr_count_virtual(u32 start, u32 size, u32 align, u32 end);
u32 kaslr_pick(u32 random, u32 count);

#endif /* ELFBOOT_KASLR_H */
