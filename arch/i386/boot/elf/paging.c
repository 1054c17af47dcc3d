// SPDX-License-Identifier: GPL-2.0
/*
 * Page tables for the way into long mode: the first 4 GiB, one to one. The
 * kernel uses them until it has its own.
 */
#include <asm/byteorder.h>

#include "elfboot.h"
#include "paging.h"

#define PAGE_BYTES	4096
#define ENTRIES		512

#define PTE_PRESENT	0x001
#define PTE_WRITE	0x002
#define PTE_LARGE	0x080		/* 2 MiB in a page directory */

static void fill(__le64 *table, u32 nr, u64 entry, u64 step)
{
	u32 i;

	memset(table, 0, PAGE_BYTES);
	for (i = 0; i < nr; i++, entry += step)
		table[i] = __cpu_to_le64(entry);
}

/**
 * paging_identity_map - build the tables
 * @tables: PAGING_SIZE bytes; the PML4 comes first
 * @pa: their physical address, page-aligned
 */
void paging_identity_map(void *tables, u32 pa)
{
	__le64 *table = tables;
	u64 base = 0;
	u32 i;

	fill(table, 1, (pa + PAGE_BYTES) | PTE_WRITE | PTE_PRESENT, 0);
	table += ENTRIES;
	fill(table, 4, (pa + 2 * PAGE_BYTES) | PTE_WRITE | PTE_PRESENT,
	     PAGE_BYTES);
	for (i = 0; i < 4; i++, base += 1ULL << 30) {
		table += ENTRIES;
		fill(table, ENTRIES, base | PTE_LARGE | PTE_WRITE | PTE_PRESENT,
		     1 << 21);
	}
}
