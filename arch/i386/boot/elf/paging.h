/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page tables for long mode (paging.c): a PML4, a PDPT, four directories.
 */
#ifndef ELFBOOT_PAGING_H
#define ELFBOOT_PAGING_H

#include <linux/types.h>

#define PAGING_SIZE	(6 * 4096)

void paging_identity_map(void *tables, u32 pa);

#endif /* ELFBOOT_PAGING_H */
