// SPDX-License-Identifier: GPL-2.0
/*
 * UEFI's memory map (UEFI Specification 2.10, section 7.2.3): where there is
 * room, what an image cannot have, and the same as E820 has it.
 */
#include <asm/byteorder.h>

#include "info/wire-efi.h"
#include "kexec/elf-plan.h"
#include "map.h"
#include "sources/wire-notes.h"

/* What is below belongs to the BIOS, and to images that call it. */
#define LOWEST		0x100000ULL

#define E820_RAM	1
#define E820_RESERVED	2
#define E820_ACPI	3
#define E820_NVS	4
#define E820_UNUSABLE	5
#define E820_PMEM	7
#define E820_SOFT	0xefffffff

struct area {
	u64 start;
	u64 end;
	u32 type;
	bool special;			/* for a special purpose */
};

/* Descriptors may be longer than what we know of them. */
static bool next_area(const struct efi_map *map, unsigned long *offset,
		      struct area *area)
{
	const struct efi_descriptor *desc = map->data + *offset;
	u64 pages;

	if (map->size - *offset < sizeof(*desc) ||
	    map->size - *offset < map->desc_size)
		return false;
	*offset += map->desc_size;
	area->start = __le64_to_cpu(desc->physical_start);
	pages = __le64_to_cpu(desc->number_of_pages);
	if (pages > ~area->start / EFI_PAGE)
		pages = ~area->start / EFI_PAGE;
	area->end = area->start + pages * EFI_PAGE;
	area->type = __le32_to_cpu(desc->type);
	area->special = __le32_to_cpu(desc->attribute) & EFI_ATTRIBUTE_SP;
	return true;
}

/* Free now. */
static bool is_free(const struct area *area)
{
	return area->type == EFI_TYPE_CONVENTIONAL && !area->special;
}

/* Free when boot services have gone. */
static bool will_be_free(const struct area *area)
{
	switch (area->type) {
	case EFI_TYPE_LOADER_CODE:
	case EFI_TYPE_LOADER_DATA:
	case EFI_TYPE_BOOT_CODE:
	case EFI_TYPE_BOOT_DATA:
	case EFI_TYPE_CONVENTIONAL:
		return !area->special;
	}
	return false;
}

/**
 * map_find_part - find what lies in the way of a place
 * @plan: of the file
 * @start: first byte of the place, physical
 * @end: the byte behind the last
 *
 * Return: the lowest of the file's parts that has any of these bytes, or NULL.
 */
const struct elf_part *map_find_part(const struct elf_plan *plan, u64 start,
				     u64 end)
{
	u32 i;

	for (i = 0; i < plan->nr_parts; i++)
		if (plan->part[i].start < end &&
		    start < plan->part[i].start + plan->part[i].size)
			return &plan->part[i];
	return NULL;
}

/* The highest place in an area, or 0. */
static u64 find_in_area(const struct area *area, u64 size, u64 limit,
			const struct elf_plan *plan)
{
	u64 low = area->start > LOWEST ? area->start : LOWEST;
	u64 end = area->end < limit ? area->end : limit;

	while (end > low && end - low >= size) {
		u64 start = (end - size) & ~(EFI_PAGE - 1);
		const struct elf_part *part;

		if (start < low)
			return 0;
		part = map_find_part(plan, start, start + size);
		if (!part)
			return start;
		end = part->start;
	}
	return 0;
}

/**
 * map_find_room - find free memory
 * @map: the memory map
 * @size: bytes, not 0
 * @limit: physical address where it must end, or ~0
 * @plan: nothing may be where this file's parts go
 *
 * Return: the highest place, a page's address; 0 if there is none.
 */
u64 map_find_room(const struct efi_map *map, u64 size, u64 limit,
		  const struct elf_plan *plan)
{
	unsigned long offset = 0;
	struct area area;
	u64 best = 0;

	while (next_area(map, &offset, &area)) {
		u64 start;

		if (!is_free(&area))
			continue;
		start = find_in_area(&area, size, limit, plan);
		if (start > best)
			best = start;
	}
	return best;
}

/* Where it ends if all before it will be free; else what it is. */
static bool find_end(const struct efi_map *map, u64 start, u64 *end,
		     struct kept *kept)
{
	unsigned long offset = 0;
	struct area area;

	*kept = (struct kept){ start, KEPT_HOLE };
	while (next_area(map, &offset, &area)) {
		if (start < area.start || start >= area.end)
			continue;
		if (will_be_free(&area)) {
			*end = area.end;
			return true;
		}
		kept->type = area.type;
	}
	return false;
}

/**
 * map_find_kept - is there memory that will not be free?
 * @map: the memory map, in any order
 * @start: first byte, physical
 * @end: the byte behind the last
 * @kept: result: the lowest piece
 *
 * Return: true if not all will be free when boot services have gone.
 */
bool map_find_kept(const struct efi_map *map, u64 start, u64 end,
		   struct kept *kept)
{
	while (start < end)
		if (!find_end(map, start, &start, kept))
			return true;
	return false;
}

/* As Linux's own EFI stub has them (drivers/firmware/efi/libstub/x86-stub.c). */
static u32 e820_type(const struct area *area)
{
	switch (area->type) {
	case EFI_TYPE_UNUSABLE:
		return E820_UNUSABLE;
	case EFI_TYPE_ACPI_RECLAIM:
		return E820_ACPI;
	case EFI_TYPE_ACPI_NVS:
		return E820_NVS;
	case EFI_TYPE_PERSISTENT:
		return E820_PMEM;
	case EFI_TYPE_LOADER_CODE:
	case EFI_TYPE_LOADER_DATA:
	case EFI_TYPE_BOOT_CODE:
	case EFI_TYPE_BOOT_DATA:
	case EFI_TYPE_CONVENTIONAL:
		return area->special ? E820_SOFT : E820_RAM;
	}
	return E820_RESERVED;
}

/**
 * map_fill_ranges - the map as a note has it
 * @map: the memory map
 * @range: result, or NULL to count only; neighbours of one type are one range
 *
 * Return: how many there are.
 */
u32 map_fill_ranges(const struct efi_map *map, struct ebn_range *range)
{
	unsigned long offset = 0;
	struct area area;
	u64 start = 0, end = 0;
	u32 type = 0, nr = 0;

	while (next_area(map, &offset, &area)) {
		if (area.start == area.end)
			continue;
		if (!nr || area.start != end || e820_type(&area) != type) {
			start = area.start;
			type = e820_type(&area);
			nr++;
		}
		end = area.end;
		if (range)
			range[nr - 1] = (struct ebn_range){
				.addr = __cpu_to_le64(start),
				.size = __cpu_to_le64(end - start),
				.type = __cpu_to_le32(type),
			};
	}
	return nr;
}
