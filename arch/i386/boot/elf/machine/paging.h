/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page tables (paging.c): four page directories map 4 GiB; a PDPT, a PML4 and,
 * for 5 levels, a PML5 behind them are what long mode wants besides.
 */
#ifndef ELFBOOT_PAGING_H
#define ELFBOOT_PAGING_H

#include "base.h"

#define PAGE_BYTES		0x1000
#define PAGE_LARGE_BYTES	0x200000	/* of an entry of a page directory */

#define PAGING_DIRECTORIES_SIZE	(4 * PAGE_BYTES)
#define PAGING_SIZE		(7 * PAGE_BYTES)

#define PTE_PRESENT		0x001
#define PTE_WRITE		0x002
#define PTE_LARGE		0x080	/* 2 MiB in a page directory */

void paging_set_large(void *tables, u32 at, u64 pa);
void paging_directories(void *tables);
u32 paging_identity_map(void *tables, u32 pa, bool five_levels);

#endif /* ELFBOOT_PAGING_H */
