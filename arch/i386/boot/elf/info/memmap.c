// SPDX-License-Identifier: GPL-2.0
/*
 * Memory-map algebra: from the list that a loader or a BIOS gives, in any
 * order and with overlaps, to an ascending list of disjoint ranges.
 */
#include "info/memmap.h"
#include "machine/machine.h"
#include "machine/ram.h"

/*
 * What a firmware keeps at the top of RAM: SeaBIOS 128 KiB; coreboot 26.06 all
 * from 340 KiB below its stack, U-Boot 2023.01 19 MiB from its stack on.
 */
#define TOP_SIZE	0x100000
#define TOP_MAX		0x2000000
#define TOP_ALIGN	0x1000

/* A smaller gap is no memory that a kernel could use. */
#define USABLE_SIZE	0x1000

/* In place of bytes: what goes when nothing else is left, and what never does. */
#define COST_LAST	(~0ULL - 1)
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

/* The kernel needs RAM below 1 MiB to start its other CPUs. */
static u64 cost_of_losing(u64 start, u64 size)
{
	return start < HOLE_START && size >= USABLE_SIZE ? COST_LAST : size;
}

static u64 cost_of_dropping(const struct range *range)
{
	if (range->type != MEM_RAM)
		return COST_NEVER;
	return cost_of_losing(range->start, range->size);
}

static u64 cost_of_retyping(const struct range *range)
{
	return range->type == MEM_RESERVED || range->type == MEM_JOINED ?
	       0 : range->size;
}

/*
 * @nr ranges from @low on become one that is reserved, with all that is
 * between them: RAM, or memory that nobody has told about yet. Two slots are
 * free then if RAM was in the middle.
 */
static u64 cost_of_joining(const struct range *low, u32 nr)
{
	const struct range *high = low + nr - 1;
	u64 gap_start = last_of(low) + 1;
	u64 cost;

	/* No size says 2^64 bytes. */
	if (low->type == MEM_RAM || high->type == MEM_RAM ||
	    (nr == 3 && low[1].type != MEM_RAM) ||
	    last_of(high) - low->start == ~0ULL)
		return COST_NEVER;
	cost = cost_of_losing(gap_start, high->start - gap_start);
	if (cost == COST_LAST)
		return cost;
	cost += cost_of_retyping(low) + cost_of_retyping(high);
	return nr == 3 ? cost / 2 : cost;
}

static void join(struct memmap *map, u32 at, u32 nr, u32 type)
{
	struct range *low = &map->range[at];
	u64 last = last_of(low + nr - 1);

	if (nr == 3)
		map->lost += low[1].size;
	low->size = last - low->start + 1;
	low->type = type;
	while (--nr)
		drop(map, at + 1);
}

/*
 * Make a full map shorter, by a range or two. What is reserved stays so: RAM
 * goes, or two ranges that are not RAM become one of @type. That is done which
 * costs the fewest bytes for each slot; of equals a gap, which need not be RAM
 * at all, then what is highest.
 */
static void make_room(struct memmap *map, u32 type)
{
	u64 least = COST_NEVER;
	u32 at = 0, joined = 0;
	u32 i, nr;

	for (i = map->nr; i--;)
		for (nr = 2; nr <= 3 && i + nr <= map->nr; nr++) {
			u64 cost = cost_of_joining(&map->range[i], nr);

			if (cost < least) {
				least = cost;
				at = i;
				joined = nr;
			}
		}
	for (i = map->nr; i--;) {
		u64 cost = cost_of_dropping(&map->range[i]);

		if (cost < least) {
			least = cost;
			at = i;
			joined = 0;
		}
	}
	map->truncated = true;
	if (joined) {
		join(map, at, joined, type);
		return;
	}
	map->lost += map->range[at].size;
	drop(map, at);
}

/* The first range that does not end below @start. */
static u32 find(const struct memmap *map, u64 start)
{
	u32 low = 0, high = map->nr;

	while (low < high) {
		u32 middle = (low + high) / 2;

		if (last_of(&map->range[middle]) < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Take [start, last] out of @map; return where a new range would go. */
static u32 cut(struct memmap *map, u64 start, u64 last)
{
	u32 i = find(map, start);

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

/* Two that touch are one, but no size says 2^64 bytes. */
static bool adjacent(const struct range *low, const struct range *high)
{
	return low->type == high->type && last_of(low) + 1 == high->start &&
	       low->size + high->size;
}

/* [start, last] is of @type now. */
static void put(struct memmap *map, u64 start, u64 last, u32 type)
{
	struct range range = { start, last - start + 1, type };
	u32 at = cut(map, start, last);

	if (at && adjacent(&map->range[at - 1], &range))
		map->range[--at].size += range.size;
	else
		insert(map, at, &range);
	if (at + 1 < map->nr &&
	    adjacent(&map->range[at], &map->range[at + 1])) {
		map->range[at].size += map->range[at + 1].size;
		drop(map, at + 1);
	}
}

/*
 * [start, last] is of @type where nothing higher is known. RAM that comes
 * where ranges have been joined already is lost, too.
 */
static void overlay(struct memmap *map, u64 start, u64 last, u32 type)
{
	for (;;) {
		u32 i = find(map, start);
		struct range high = { 0 };
		bool blocked;

		while (i < map->nr && map->range[i].start <= last &&
		       map->range[i].type < type)
			i++;
		blocked = i < map->nr && map->range[i].start <= last;
		if (blocked)
			high = map->range[i];
		if (!blocked || high.start > start) {
			put(map, start, blocked ? high.start - 1 : last, type);
			while (map->nr > MEMMAP_MAX)
				make_room(map, MEM_JOINED);
		}
		if (!blocked)
			return;
		if (start < high.start)
			start = high.start;
		if (type == MEM_RAM && high.type == MEM_JOINED)
			map->lost += (last < last_of(&high) ?
				      last : last_of(&high)) - start + 1;
		if (last <= last_of(&high))
			return;
		start = last_of(&high) + 1;
	}
}

/* The same, but RAM is none in the hole. */
static void resolve(struct memmap *map, const struct range *range)
{
	u64 start = range->start, last = last_of(range);

	/* No table means anything by type 0. */
	if (!range->type)
		return;
	if (range->type != MEM_RAM) {
		overlay(map, start, last, range->type);
		return;
	}
	if (start < HOLE_START)
		overlay(map, start, last < HOLE_START ? last : HOLE_START - 1,
			MEM_RAM);
	if (last >= HOLE_END)
		overlay(map, start < HOLE_END ? HOLE_END : start, last,
			MEM_RAM);
}

/*
 * Resolve the overlaps of a raw map in place. Its ranges move to the end of
 * the list first: MEMMAP_RAW of them never become so many that the result
 * reaches one that still waits, nor that anything has to go.
 */
static void sort(struct memmap *map)
{
	u32 i = MEMMAP_ROOM - map->nr;

	memmove(&map->range[i], map->range, map->nr * sizeof(map->range[0]));
	map->nr = 0;
	map->sorted = true;
	for (; i < MEMMAP_ROOM; i++) {
		const struct range range = map->range[i];

		resolve(map, &range);
	}
}

/**
 * memmap_init - make a map empty
 * @map: the map; its ranges are not touched
 */
void memmap_init(struct memmap *map)
{
	map->nr = 0;
	map->sorted = false;
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
 * From MEMMAP_RAW ranges on @map is kept as memmap_normalise() leaves it. If
 * more than MEMMAP_MAX are left then, @map->truncated is set and RAM is left
 * out, or what is between two ranges that are not RAM becomes reserved:
 * @map->lost says how much RAM that is.
 */
void memmap_add(struct memmap *map, u64 start, u64 size, u32 type)
{
	struct range range = { start, size, type };

	if (start + size < start)
		range.size = -start;
	if (!size)
		return;
	if (!map->sorted && map->nr >= MEMMAP_RAW)
		sort(map);
	if (map->sorted)
		resolve(map, &range);
	else
		map->range[map->nr++] = range;
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
	while (map->nr > MEMMAP_ROOM - MEMMAP_SPLIT)
		make_room(map, MEM_RESERVED);
	put(map, start, start + size - 1, type);
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
	u32 i;

	map->nr = 0;
	map->sorted = true;
	map->truncated = raw->truncated;
	map->lost = raw->lost;
	for (i = 0; i < raw->nr; i++)
		resolve(map, &raw->range[i]);
	for (i = 0; i < map->nr; i++)
		if (map->range[i].type == MEM_JOINED)
			map->range[i].type = MEM_RESERVED;
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

		if (range->type != MEM_RAM || range->start >= RAM_4G)
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
 * memmap_is - is a stretch of memory of one type all through?
 * @map: a normalised map
 * @type: MEM_*
 * @start: first byte, physical
 * @size: bytes
 *
 * Return: true if one range of that type covers it.
 */
bool memmap_is(const struct memmap *map, u32 type, u64 start, u64 size)
{
	u32 i;

	for (i = 0; i < map->nr; i++) {
		const struct range *range = &map->range[i];

		if (range->type == type && start >= range->start &&
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
