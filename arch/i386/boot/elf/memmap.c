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

/* In place of bytes: what goes when nothing else is left, and what never does. */
#define COST_LAST	0x8000000000000000ULL
#define COST_NEVER	(~0ULL)

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

/* Ranges end at their last byte here: one may reach to 2^64. */
static u64 last_of(const struct range *range)
{
	return range->start + range->size - 1;
}

static void insert(struct memmap *map, u32 at, const struct range *range)
{
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

/*
 * What a map loses if a range goes, in bytes. The kernel needs RAM below 1 MiB
 * to start its other CPUs.
 */
static u64 cost_of_dropping(const struct range *range)
{
	if (range->type != MEM_RAM)
		return COST_NEVER;
	return range->start < HOLE_END ? COST_LAST : range->size;
}

/* The same if a range and its successor become one, the gap included. */
static u64 cost_of_joining(const struct range *low, const struct range *high)
{
	u64 gap = high->start - last_of(low) - 1;

	/* No size says 2^64 bytes. */
	if (low->type == MEM_RAM || high->type == MEM_RAM ||
	    high->start <= last_of(low) || last_of(high) - low->start == ~0ULL)
		return COST_NEVER;
	return low->type == high->type ? gap : gap + low->size + high->size;
}

static void join(struct memmap *map, u32 at)
{
	struct range *low = &map->range[at];
	const struct range *high = low + 1;

	if (low->type != high->type)
		low->type = MEM_RESERVED;
	low->size = last_of(high) - low->start + 1;
	drop(map, at + 1);
}

/*
 * Make one range less of a full map. What is reserved stays so: the smallest
 * RAM range goes, or the smallest gap between two ranges that are not RAM
 * becomes reserved with them, whatever is less. Of equals the gap, which need
 * not be RAM at all, then what is highest.
 */
static void make_room(struct memmap *map)
{
	u64 least = COST_NEVER;
	bool joins = false;
	u32 at = map->nr - 1;
	u32 i = map->nr;

	while (i--) {
		const struct range *range = &map->range[i];
		u64 cost = cost_of_dropping(range);

		if (cost < least) {
			least = cost;
			joins = false;
			at = i;
		}
		if (i + 1 == map->nr)
			continue;
		cost = cost_of_joining(range, range + 1);
		if (cost < least || (cost == least && !joins)) {
			least = cost;
			joins = cost != COST_NEVER;
			at = i;
		}
	}
	map->truncated = true;
	if (joins) {
		join(map, at);
		return;
	}
	map->lost += map->range[at].size;
	drop(map, at);
}

/* By type, then by address. */
static bool is_before(const struct range *a, const struct range *b)
{
	return a->type == b->type ? a->start < b->start : a->type < b->type;
}

static void sort(struct memmap *map)
{
	u32 i, k;

	for (i = 1; i < map->nr; i++) {
		struct range range = map->range[i];

		for (k = i; k && is_before(&range, &map->range[k - 1]); k--)
			map->range[k] = map->range[k - 1];
		map->range[k] = range;
	}
}

/* Two of a type that touch are one; nothing is lost. */
static void merge(struct memmap *map)
{
	u32 i = 0;

	while (i + 1 < map->nr) {
		struct range *low = &map->range[i];
		u64 last = last_of(&map->range[i + 1]);

		if (low->type != map->range[i + 1].type ||
		    (last_of(low) != ~0ULL &&
		     map->range[i + 1].start > last_of(low) + 1) ||
		    (!low->start && last == ~0ULL)) {
			i++;
			continue;
		}
		if (last > last_of(low))
			low->size = last - low->start + 1;
		drop(map, i + 1);
	}
}

/*
 * Bring a raw map back to MEMMAP_MAX ranges. Its order says nothing. Of types
 * that nobody knows there could be one for each range: no two could be joined.
 */
static void compact(struct memmap *map)
{
	u32 i;

	for (i = 0; i < map->nr; i++)
		map->range[i].type = memmap_type(map->range[i].type);
	sort(map);
	merge(map);
	while (map->nr > MEMMAP_MAX)
		make_room(map);
}

/**
 * memmap_init - make a map empty
 * @map: the map; its ranges are not touched
 */
void memmap_init(struct memmap *map)
{
	map->nr = 0;
	map->truncated = false;
	map->lost = 0;
}

/**
 * memmap_add - append a range to a raw map
 * @map: the map
 * @start: first byte, physical
 * @size: bytes; 0 is ignored, one that wraps is cut at 2^64
 * @type: MEM_*, or what the firmware says
 *
 * Of more than MEMMAP_MAX ranges those that touch become one; if that is not
 * enough, @map->truncated is set and RAM is left out (@map->lost), or what is
 * between two ranges that are not RAM becomes reserved.
 */
void memmap_add(struct memmap *map, u64 start, u64 size, u32 type)
{
	if (start + size < start)
		size = -start;
	if (!size)
		return;
	map->range[map->nr++] = (struct range){ start, size, type };
	if (map->nr > MEMMAP_MAX)
		compact(map);
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
 *
 * A map of more than MEMMAP_ROOM - MEMMAP_SPLIT ranges loses some of them
 * first, as memmap_add() says.
 */
void memmap_set(struct memmap *map, u64 start, u64 size, u32 type)
{
	struct range range = { start, size, type };
	u32 at;

	while (map->nr > MEMMAP_ROOM - MEMMAP_SPLIT)
		make_room(map);
	at = cut(map, start, start + size - 1);
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
 * there. The result has MEMMAP_MAX ranges at most: as memmap_add() says.
 */
void memmap_normalise(struct memmap *map, const struct memmap *raw)
{
	u32 type = 0;
	u32 i;

	map->nr = 0;
	map->truncated = raw->truncated;
	map->lost = raw->lost;
	while (next_type(raw, &type)) {
		for (i = 0; i < raw->nr; i++) {
			const struct range *range = &raw->range[i];

			if (range->type != type)
				continue;
			memmap_set(map, range->start, range->size, type);
		}
		if (type == MEM_RAM)
			cut(map, HOLE_START, HOLE_END - 1);
	}
	while (map->nr > MEMMAP_MAX)
		make_room(map);
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
