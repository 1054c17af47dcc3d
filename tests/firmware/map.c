// SPDX-License-Identifier: GPL-2.0
/*
 * The memory map, as coreboot 26.06, or by switch that of 2013, has it on the
 * same machine.
 */
#include "firmware.h"

#define GIB4		0x100000000ULL
#define PAGE		0x1000
#define NR_SHREDDED	300

static void add(struct map *map, u64 start, u64 end, u32 type)
{
	if (map->nr == MAP_MAX)
		die(NULL, "too many memory ranges");
	map->range[map->nr++] = (struct table_range) {
		start, end - start, type
	};
}

/*
 * Every other page is RAM, from where it takes to get NR_SHREDDED ranges with
 * the others.
 */
static void shred(struct map *map, u64 end, u32 others)
{
	u32 pages = NR_SHREDDED - others - map->nr - 1;
	u64 at = end - pages * PAGE;
	u32 i;

	add(map, MIB, at, LB_MEM_RAM);
	for (i = 0; i < pages; i++, at += PAGE)
		add(map, at, at + PAGE, i & 1 ? LB_MEM_RAM : LB_MEM_RESERVED);
}

/**
 * map_build - list all memory
 * @map: result
 * @low_ram: end of the RAM below 4 GiB; CBMEM is the last of it
 * @high_ram: bytes above 4 GiB
 * @rom_size: bytes before 4 GiB
 * @switches: SWITCH_*
 */
void map_build(struct map *map, u32 low_ram, u64 high_ram, u32 rom_size,
	       u32 switches)
{
	u32 cbmem = low_ram - CBMEM_SIZE;
	u64 ram_end = cbmem;

	map->nr = 0;
	add(map, 0, PAGE, LB_MEM_TABLE);
	add(map, PAGE, 0xa0000, LB_MEM_RAM);
	if (switches & SWITCH_OLDMAP) {
		add(map, 0xc0000, ram_end, LB_MEM_RAM);
	} else {
		add(map, 0xa0000, 0xf6000, LB_MEM_RESERVED);
		add(map, 0xf6000, 0xf7000, LB_MEM_TABLE);
		add(map, 0xf7000, 0x100000, LB_MEM_RESERVED);
		if (switches & SWITCH_RANGES300)
			shred(map, ram_end, high_ram ? 4 : 3);
		else
			add(map, MIB, ram_end, LB_MEM_RAM);
	}
	add(map, cbmem, low_ram, LB_MEM_TABLE);
	if (switches & SWITCH_OVERLAP) {
		/* RAM that is CBMEM too, and RAM that is reserved too. */
		add(map, cbmem - 16 * PAGE, low_ram, LB_MEM_RAM);
		add(map, cbmem - 8 * PAGE, cbmem + 8 * PAGE, LB_MEM_RESERVED);
		add(map, 0x90000, 0xa8000, LB_MEM_NVS);
	}
	if (!(switches & SWITCH_OLDMAP))
		add(map, 0xfec00000, 0xfec01000, LB_MEM_RESERVED);
	add(map, GIB4 - rom_size, GIB4, LB_MEM_RESERVED);
	if (high_ram)
		add(map, GIB4, GIB4 + high_ram, LB_MEM_RAM);
}

/**
 * map_is_ram - may a payload's segment go there?
 * @map: the map
 * @start: its address
 * @size: its size
 *
 * Return: whether it is within one single range of RAM, or below 1 MiB as a
 *	   whole, where coreboot lets everything pass.
 */
bool map_is_ram(const struct map *map, u64 start, u64 size)
{
	u32 i;

	if (size <= MIB && start <= MIB - size)
		return true;
	for (i = 0; i < map->nr; i++) {
		const struct table_range *range = &map->range[i];

		if (range->type == LB_MEM_RAM && start >= range->start &&
		    size <= range->size &&
		    start - range->start <= range->size - size)
			return true;
	}
	return false;
}
