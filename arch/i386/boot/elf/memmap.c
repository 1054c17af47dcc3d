// SPDX-License-Identifier: GPL-2.0
/*
 * Memory-map algebra: from the list that a loader or a BIOS gives, in any
 * order and with overlaps, to an ascending list of disjoint ranges.
 */
#include "elfboot.h"

/*
 * What a firmware keeps at the top of RAM: SeaBIOS 128 KiB; coreboot 26.06 all
 * from 340 KiB below its stack, U-Boot 2023.01 19 MiB from its stack on.
 */
#define TOP_SIZE	0x100000
#define TOP_MAX		0x2000000
#define TOP_ALIGN	0x1000
#define TOP_END		0x100000000ULL

/**
 * memmap_type - the type of a range, as a table has it
 * @type: a number of multiboot or coreboot
 *
 * Return: the same, or MEM_RESERVED for what is not common to all: coreboot
 * has types of its own, and GRUB passes them on.
 */
u32 memmap_type(u32 type)
{
	switch (type) {
	case MEM_RAM:
	case MEM_ACPI:
	case MEM_NVS:
	case MEM_UNUSABLE:
	case MEM_PERSISTENT:
	case MEM_SOFT_RESERVED:
		return type;
	}
	return MEM_RESERVED;
}

/**
 * memmap_init - make a map empty
 * @map: the map; its ranges are not touched
 */
void memmap_init(struct memmap *map)
{
	map->nr = 0;
	map->truncated = false;
}

/**
 * memmap_add - append a range to a raw map
 * @map: the map
 * @start: first byte, physical
 * @size: bytes; 0 is ignored, one that wraps is cut at 2^64
 * @type: MEM_*, or what the firmware says
 *
 * A range that does not fit is noted in @map->truncated.
 */
void memmap_add(struct memmap *map, u64 start, u64 size, u32 type)
{
	if (start + size < start)
		size = -start;
	if (!size)
		return;
	if (map->nr == MEMMAP_MAX) {
		map->truncated = true;
		return;
	}
	map->range[map->nr++] = (struct range){ start, size, type };
}

/**
 * memmap_add_sizes - append what is known by two numbers
 * @map: the map
 * @lower: RAM from 0, KiB
 * @upper: RAM from 1 MiB, KiB
 */
void memmap_add_sizes(struct memmap *map, u32 lower, u32 upper)
{
	memmap_add(map, 0, (u64)lower << 10, MEM_RAM);
	memmap_add(map, HOLE_END, (u64)upper << 10, MEM_RAM);
}

static void insert(struct memmap *map, u32 at, const struct range *range)
{
	if (map->nr == MEMMAP_MAX) {
		map->truncated = true;
		return;
	}
	memmove(&map->range[at + 1], &map->range[at],
		(map->nr - at) * sizeof(*range));
	map->range[at] = *range;
	map->nr++;
}

static void drop(struct memmap *map, u32 at)
{
	map->nr--;
	memmove(&map->range[at], &map->range[at + 1],
		(map->nr - at) * sizeof(map->range[0]));
}

/* Ranges end at their last byte here: one may reach to 2^64. */
static u64 last_of(const struct range *range)
{
	return range->start + range->size - 1;
}

static bool adjacent(const struct range *low, const struct range *high)
{
	return low->type == high->type && last_of(low) + 1 == high->start;
}

/* Take [start, last] out of @map; return where a new range would go. */
static u32 cut(struct memmap *map, u64 start, u64 last)
{
	u32 i = 0;

	while (i < map->nr && last_of(&map->range[i]) < start)
		i++;
	while (i < map->nr && map->range[i].start <= last) {
		struct range *range = &map->range[i];
		u64 range_last = last_of(range);

		if (range_last > last) {
			struct range tail = {
				last + 1, range_last - last, range->type
			};

			if (range->start < start) {
				range->size = start - range->start;
				insert(map, ++i, &tail);
			} else {
				*range = tail;
			}
			break;
		}
		if (range->start < start) {
			range->size = start - range->start;
			i++;
		} else {
			drop(map, i);
		}
	}
	return i;
}

/**
 * memmap_set - declare a stretch of a normalised map to be of one type
 * @map: the map; stays ascending and disjoint
 * @start: first byte, physical
 * @size: bytes, not 0; @start + @size does not wrap
 * @type: MEM_*
 */
void memmap_set(struct memmap *map, u64 start, u64 size, u32 type)
{
	struct range range = { start, size, type };
	u32 at = cut(map, start, start + size - 1);

	if (at && adjacent(&map->range[at - 1], &range))
		map->range[--at].size += size;
	else
		insert(map, at, &range);
	if (at + 1 < map->nr &&
	    adjacent(&map->range[at], &map->range[at + 1])) {
		map->range[at].size += map->range[at + 1].size;
		drop(map, at + 1);
	}
}

static bool next_type(const struct memmap *raw, u32 *type)
{
	bool found = false;
	u32 next = 0;
	u32 i;

	for (i = 0; i < raw->nr; i++) {
		u32 t = raw->range[i].type;

		if (t > *type && (!found || t < next)) {
			next = t;
			found = true;
		}
	}
	*type = next;
	return found;
}

/**
 * memmap_normalise - sort a raw map and resolve its overlaps
 * @map: result
 * @raw: the ranges as they came
 *
 * Where ranges overlap the highest type wins, as in the kernel's own
 * e820__update_table(): RAM is the lowest. 0xA0000-0xFFFFF is never RAM, nor
 * is the part of a range that starts inside it: coreboot of 2014 has one RAM
 * range from 0xC0000 to the top, although its ACPI and SMBIOS tables live
 * there.
 */
void memmap_normalise(struct memmap *map, const struct memmap *raw)
{
	u32 type = 0;
	u32 i;

	map->nr = 0;
	map->truncated = raw->truncated;
	while (next_type(raw, &type)) {
		for (i = 0; i < raw->nr; i++) {
			const struct range *range = &raw->range[i];

			if (range->type == type)
				memmap_set(map, range->start, range->size,
					   type);
		}
		if (type == MEM_RAM)
			cut(map, HOLE_START, HOLE_END - 1);
	}
}

/**
 * memmap_reserve_top - reserve what a firmware may keep at the top of RAM
 * @map: a normalised map that has no word about it
 * @esp: the firmware's stack, if that was the caller; 0 or garbage, if not
 * @min: physical address; what is below is taken already
 *
 * That is the last MiB below 4 GiB, and all from a MiB below the stack if that
 * is near. ACPI's tables are there.
 */
void memmap_reserve_top(struct memmap *map, u32 esp, u64 min)
{
	u32 i = map->nr;

	while (i--) {
		const struct range *range = &map->range[i];
		u64 end = last_of(range) + 1;
		u64 start = end - TOP_SIZE;

		if (range->type != MEM_RAM || range->start >= TOP_END)
			continue;
		if (esp >= min && esp <= end && end - esp < TOP_MAX)
			start = (u64)esp - TOP_SIZE;
		start &= ~(u64)(TOP_ALIGN - 1);
		if (min < range->start)
			min = range->start;
		if (start < min || start > end)
			start = min;
		if (start < end)
			memmap_set(map, start, end - start, MEM_RESERVED);
		return;
	}
}

/**
 * memmap_is_complete - does a map tell more than where RAM is?
 * @map: the map
 *
 * Return: true if it has a range that is not RAM.
 */
bool memmap_is_complete(const struct memmap *map)
{
	u32 i;

	for (i = 0; i < map->nr; i++)
		if (map->range[i].type != MEM_RAM)
			return true;
	return false;
}

/**
 * memmap_is_ram - is a stretch of memory RAM all through?
 * @map: a normalised map
 * @start: first byte, physical
 * @size: bytes
 *
 * Return: true if one RAM range covers it.
 */
bool memmap_is_ram(const struct memmap *map, u64 start, u64 size)
{
	u32 i;

	for (i = 0; i < map->nr; i++) {
		const struct range *range = &map->range[i];

		if (range->type == MEM_RAM && start >= range->start &&
		    size <= range->size &&
		    start - range->start <= range->size - size)
			return true;
	}
	return false;
}

/* The first of @used that [start, start + size) touches. */
static const struct range *find_overlap(const struct range *used, u32 nr_used,
					u64 start, u64 size)
{
	u32 i;

	for (i = 0; i < nr_used; i++)
		if (used[i].size && start <= last_of(&used[i]) &&
		    used[i].start <= start + size - 1)
			return &used[i];
	return NULL;
}

static u64 find_in_range(u64 start, u64 end, const struct range *used,
			 u32 nr_used, u64 size, u32 align)
{
	while (end >= size && end - size >= start) {
		u64 at = (end - size) & ~(u64)(align - 1);
		const struct range *hit;

		if (at < start)
			return 0;
		hit = find_overlap(used, nr_used, at, size);
		if (!hit)
			return at;
		end = hit->start;
	}
	return 0;
}

/**
 * memmap_find_free - find the highest free place in RAM
 * @map: a normalised map
 * @used: memory that is taken
 * @nr_used: number of @used
 * @min: not below this physical address
 * @max: not at or above this physical address
 * @size: bytes, not 0
 * @align: a power of two
 *
 * Return: physical address, or 0 if there is no room.
 */
u64 memmap_find_free(const struct memmap *map, const struct range *used,
		     u32 nr_used, u64 min, u64 max, u64 size, u32 align)
{
	u32 i = map->nr;

	while (i--) {
		const struct range *range = &map->range[i];
		u64 start = range->start;
		u64 end = max;
		u64 at;

		if (range->type != MEM_RAM || last_of(range) < min ||
		    start >= max)
			continue;
		if (start < min)
			start = min;
		if (end > last_of(range))
			end = last_of(range) + 1;
		at = find_in_range(start, end, used, nr_used, size, align);
		if (at)
			return at;
	}
	return 0;
}
