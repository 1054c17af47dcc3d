/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory maps and their algebra (memmap.c).
 */
#ifndef ELFBOOT_MEMMAP_H
#define ELFBOOT_MEMMAP_H

#include "base.h"

/* The numbers of ACPI's address range types (ACPI 6.4, table 15.2). */
#define MEM_RAM		1
#define MEM_RESERVED	2
#define MEM_ACPI	3
#define MEM_NVS		4
#define MEM_UNUSABLE	5
#define MEM_PERSISTENT	7
#define MEM_SOFT_RESERVED	0xefffffff	/* EFI_MEMORY_SP */

/*
 * Reserved because the map was full, and higher than what a table may say: a
 * map that is not normalised yet has it.
 */
#define MEM_JOINED	0xfffffffe

/* RAM that has in it what the kernel is to find. No table says so. */
#define MEM_KEPT	0xfffffffd

/* From the video memory to the end of the BIOS: never RAM for the kernel. */
#define HOLE_START	0xa0000
#define HOLE_END	0x100000

#define MEMMAP_MAX	512

/* So many in any order become MEMMAP_MAX, or one more, without overlaps. */
#define MEMMAP_RAW	(MEMMAP_MAX / 2)

/*
 * memmap_set() makes two ranges more at most. The map of a full list still has
 * to take the top of RAM, coreboot's table and the arena.
 */
#define MEMMAP_SPLIT	2
#define MEMMAP_ROOM	(MEMMAP_MAX + 3 * MEMMAP_SPLIT)

/* More entries than this, many of them empty, is a loader gone wrong. */
#define MEMMAP_ENTRIES_MAX	(4 * MEMMAP_MAX)

/**
 * struct range - some physical memory
 * @start: first byte
 * @size: bytes; @start + @size does not wrap
 * @type: MEM_*, or what the firmware says
 */
struct range {
	u64 start;
	u64 size;
	u32 type;
};

/**
 * struct memmap - a list of ranges
 * @nr: number of ranges
 * @sorted: the ranges are ascending and disjoint
 * @truncated: there were more: some of them are joined, or left out if RAM
 * @lost: bytes of RAM that were left out or became reserved for that; what is
 *	  told again, or reserved, where it is lost already counts once more
 * @range: as they came, or @sorted
 */
struct memmap {
	u32 nr;
	bool sorted;
	bool truncated;
	u64 lost;
	struct range range[MEMMAP_ROOM];
};

static inline bool range_overlaps(const struct range *a, const struct range *b)
{
	return a->start < b->start + b->size && b->start < a->start + a->size;
}

u32 memmap_type(u32 type);
void memmap_init(struct memmap *map);
void memmap_add(struct memmap *map, u64 start, u64 size, u32 type);
void memmap_add_sizes(struct memmap *map, u32 lower, u32 upper);
void memmap_set(struct memmap *map, u64 start, u64 size, u32 type);
void memmap_normalise(struct memmap *map, const struct memmap *raw);
void memmap_reserve_top(struct memmap *map, u32 esp, u64 min);
bool memmap_is_complete(const struct memmap *map);
bool memmap_is(const struct memmap *map, u32 type, u64 start, u64 size);
u64 memmap_find_free(const struct memmap *map, const struct range *used,
		     u32 nr_used, u64 min, u64 max, u64 size, u32 align);

#endif /* ELFBOOT_MEMMAP_H */
