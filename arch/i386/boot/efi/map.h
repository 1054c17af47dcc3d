/* SPDX-License-Identifier: GPL-2.0 */
/*
 * UEFI's memory map, looked at (map.c). Pure: nothing but the map is asked.
 */
#ifndef ELFBOOT_EFI_MAP_H
#define ELFBOOT_EFI_MAP_H

#include "base.h"

struct elf_part;
struct elf_plan;
struct ebn_range;

#define EFI_PAGE	4096ULL

/**
 * struct efi_map - UEFI's memory map
 * @data: its descriptors
 * @size: bytes of them
 * @desc_size: bytes of one, 40 or more
 * @desc_version: its version
 * @key: what ExitBootServices() wants to hear
 */
struct efi_map {
	void *data;
	unsigned long size;
	unsigned long desc_size;
	u32 desc_version;
	unsigned long key;
};

/**
 * struct kept - memory that an image cannot have
 * @start: where it begins
 * @type: what the map calls it, KEPT_HOLE if it is not in the map
 */
struct kept {
	u64 start;
	u32 type;
};

#define KEPT_HOLE	(~0U)

const struct elf_part *map_find_part(const struct elf_plan *plan, u64 start,
				     u64 end);
u64 map_find_room(const struct efi_map *map, u64 size, u64 limit,
		  const struct elf_plan *plan);
bool map_find_kept(const struct efi_map *map, u64 start, u64 end,
		   struct kept *kept);
u32 map_fill_ranges(const struct efi_map *map, struct ebn_range *range);

#endif /* ELFBOOT_EFI_MAP_H */
