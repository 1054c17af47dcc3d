// SPDX-License-Identifier: GPL-2.0
/*
 * The memory map, and whether all RAM in it that is nobody's can be used.
 */
#include "hello.h"

#define WINDOW		GIB

/* As the kernel calls them in /sys/firmware/memmap. */
static const char *const types[] = {
	[1] = "System RAM",
	[2] = "Reserved",
	[3] = "ACPI Tables",
	[4] = "ACPI Non-volatile Storage",
	[5] = "Unusable memory",
	[7] = "Persistent Memory",
};

static const char *type_name(u32 type)
{
	return type < ARRAY_SIZE(types) && types[type] ? types[type] :
	       "Unknown";
}

/**
 * map_report - tell the memory map
 * @map: the map
 */
void map_report(const struct map *map)
{
	u32 i;

	for (i = 0; i < map->nr; i++) {
		const struct range *range = &map->range[i];

		report("map 0x%llx 0x%llx %s", range->start,
		       range->start + range->size - 1, type_name(range->type));
	}
	report("ranges %u", map->nr);
}

/**
 * occupied_add - keep pages out of the test
 * @occupied: what is kept out already
 * @start: first byte
 * @size: bytes
 */
void occupied_add(struct occupied *occupied, u64 start, u64 size)
{
	struct range *range = &occupied->range[occupied->nr];
	u64 end = (start + size + PAGE_SIZE - 1) & ~(u64)(PAGE_SIZE - 1);

	if (occupied->nr == OCCUPIED_MAX) {
		report("occupied too much");
		return;
	}
	range->start = start & ~(u64)(PAGE_SIZE - 1);
	range->size = end - range->start;
	occupied->nr++;
}

/* The first that overlaps, or NULL. */
static const struct range *occupier(const struct occupied *occupied, u64 start,
				    u64 size)
{
	const struct range *first = NULL;
	u32 i;

	for (i = 0; i < occupied->nr; i++) {
		const struct range *range = &occupied->range[i];

		if (range->start >= start + size ||
		    range->start + range->size <= start)
			continue;
		if (!first || range->start < first->start)
			first = range;
	}
	return first;
}

/**
 * occupied_has - is any of it kept out?
 * @occupied: what is kept out
 * @start: first byte
 * @size: bytes
 *
 * Return: whether it is.
 */
bool occupied_has(const struct occupied *occupied, u64 start, u64 size)
{
	return occupier(occupied, start, size);
}

static bool is_ram(const struct map *map, u64 start, u64 size)
{
	u32 i;

	for (i = 0; i < map->nr; i++) {
		const struct range *range = &map->range[i];

		if (range->type == TYPE_RAM && range->start <= start &&
		    range->start + range->size >= start + size)
			return true;
	}
	return false;
}

/**
 * map_find_low_page - where other CPUs can start
 * @map: the memory map; without any a PC's is assumed
 * @occupied: what is not free
 *
 * Return: address of a page below 640 KiB.
 */
u64 map_find_low_page(const struct map *map, const struct occupied *occupied)
{
	u64 page;

	for (page = 8 * PAGE_SIZE; page < 640 * KIB; page += PAGE_SIZE)
		if ((!map->nr || is_ram(map, page, PAGE_SIZE)) &&
		    !occupied_has(occupied, page, PAGE_SIZE))
			return page;
	report("low-page none");
	return 8 * PAGE_SIZE;
}

static u64 pattern(u64 at)
{
	return at ^ 0x5a5a3c3cc3c3a5a5ULL;
}

static void fill(u64 start, u64 size)
{
	u64 *word = paging_window(start);
	u64 at;

	for (at = start; at < start + size; at += sizeof(*word))
		*word++ = pattern(at);
}

/* Returns words that are wrong, and leaves the complement. */
static u32 check(u64 start, u64 size)
{
	u64 *word = paging_window(start);
	u32 wrong = 0;
	u64 at;

	for (at = start; at < start + size; at += sizeof(*word), word++) {
		wrong += *word != pattern(at);
		*word = ~pattern(at);
	}
	return wrong;
}

/*
 * The next stretch of RAM that is not occupied, and does not go over the end
 * of a window. Begins at the end of the last one.
 */
static bool next_free(const struct range *range,
		      const struct occupied *occupied, struct range *free)
{
	u64 end = (range->start + range->size) & ~(u64)(PAGE_SIZE - 1);
	u64 at = free->start + free->size;
	const struct range *used;

	if (at < range->start)
		at = (range->start + PAGE_SIZE - 1) & ~(u64)(PAGE_SIZE - 1);
	for (; at < end; at = used->start + used->size) {
		u64 next = (at & ~(u64)(WINDOW - 1)) + WINDOW;

		if (next > end)
			next = end;
		used = occupier(occupied, at, next - at);
		if (used && used->start <= at)
			continue;
		free->start = at;
		free->size = (used ? used->start : next) - at;
		return true;
	}
	return false;
}

static u32 fill_range(const struct range *range,
		      const struct occupied *occupied)
{
	struct range free = { 0 };
	u32 pages = 0;

	while (next_free(range, occupied, &free)) {
		fill(free.start, free.size);
		pages += free.size / PAGE_SIZE;
	}
	return pages;
}

static u32 check_range(const struct range *range,
		       const struct occupied *occupied)
{
	struct range free = { 0 };
	u32 wrong = 0;

	while (next_free(range, occupied, &free))
		wrong += check(free.start, free.size);
	return wrong;
}

/**
 * memory_test - use all free RAM
 * @map: the memory map
 * @occupied: what is not free
 *
 * All is written before any of it is read: two addresses of one place would
 * be noticed.
 */
void memory_test(const struct map *map, const struct occupied *occupied)
{
	u32 pages = 0;
	u32 wrong = 0;
	u32 i;

	for (i = 0; i < map->nr; i++)
		if (map->range[i].type == TYPE_RAM)
			pages += fill_range(&map->range[i], occupied);
	for (i = 0; i < map->nr; i++)
		if (map->range[i].type == TYPE_RAM)
			wrong += check_range(&map->range[i], occupied);
	report("tested-pages %u", pages);
	report("wrong-words %u", wrong);
}
