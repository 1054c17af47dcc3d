// SPDX-License-Identifier: GPL-2.0
/*
 * Page tables that map the first 4 GiB one to one: for the way into long mode
 * (the kernel uses them until it has its own), and for a look at what is above.
 */
#include <asm/byteorder.h>

#include "machine/machine.h"
#include "machine/paging.h"

#define ENTRIES		512		/* of a table */
#define DIRECTORIES	4

static void fill(__le64 *table, u32 nr, u32 entry)
{
	u32 i;

	memset(table, 0, PAGE_BYTES);
	for (i = 0; i < nr; i++, entry += PAGE_BYTES)
		table[i] = __cpu_to_le64(entry | PTE_WRITE | PTE_PRESENT);
}

/**
 * paging_set_large - let a large page show some memory
 * @tables: page directories
 * @at: number of the large page, of 2 MiB
 * @pa: physical address of the memory, a multiple of 2 MiB
 */
void paging_set_large(void *tables, u32 at, u64 pa)
{
	__le64 *directories = tables;

	directories[at] = __cpu_to_le64(pa | PTE_LARGE | PTE_WRITE |
					PTE_PRESENT);
}

/**
 * paging_directories - build the four page directories
 * @tables: PAGING_DIRECTORIES_SIZE bytes
 */
void paging_directories(void *tables)
{
	const u32 first = PTE_LARGE | PTE_WRITE | PTE_PRESENT;
	__le32 *half = tables;
	u32 low = first;

	/* The upper halves are 0; every boot of a 64-bit kernel comes here. */
	do {
		*half++ = __cpu_to_le32(low);
		*half++ = 0;
		low += PAGE_LARGE_BYTES;
	} while (low != first);
}

/**
 * paging_identity_map - build the tables for long mode
 * @tables: PAGING_SIZE bytes
 * @pa: their physical address, page-aligned
 * @five_levels: whether CR4.LA57 will be set
 *
 * Intel SDM volume 3A, section 4.5, "4-Level Paging and 5-Level Paging".
 *
 * Return: physical address of the table at the top, for CR3.
 */
u32 paging_identity_map(void *tables, u32 pa, bool five_levels)
{
	const u32 tops = five_levels ? 2 : 1;
	__le64 *table = tables + PAGING_DIRECTORIES_SIZE;
	u32 top = pa + PAGING_DIRECTORIES_SIZE;
	u32 i;

	paging_directories(tables);
	fill(table, DIRECTORIES, pa);
	for (i = 0; i < tops; i++, top += PAGE_BYTES) {
		table += ENTRIES;
		fill(table, 1, top);
	}
	return top;
}
