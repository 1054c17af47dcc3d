// SPDX-License-Identifier: GPL-2.0
/*
 * Memory above 4 GiB: a PVH loader's command line or a module may be there.
 * It is read through a window of one large page, with paging on for as long as
 * a copy takes.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "machine/machine.h"
#include "machine/paging.h"
#include "machine/ram.h"

/* The last one of them: the firmware's flash, where nobody reads or writes. */
#define WINDOW		(0U - PAGE_LARGE_BYTES)

static struct {
	bool ready;
	__le64 pdpt[4] __attribute__((aligned(32)));
} high;

static void get_ready(void *tables)
{
	u32 pa = ram_address(tables);
	u32 i;

	if (high.ready)
		return;
	high.ready = true;
	paging_directories(tables);
	for (i = 0; i < ARRAY_SIZE(high.pdpt); i++)
		high.pdpt[i] = __cpu_to_le64(pa + i * PAGE_BYTES + PTE_PRESENT);
}

/**
 * high_read - copy out of memory above 4 GiB
 * @tables: PAGING_DIRECTORIES_SIZE bytes, page-aligned, for page tables; kept
 *	    from one call to the next
 * @pa: physical address
 * @dst: destination
 * @len: bytes
 *
 * Return: 0, or -EFAULT if this CPU cannot reach all of it.
 */
int high_read(void *tables, u64 pa, void *dst, u32 len)
{
	u32 bits_above = cpu_physical_bits() - 32;
	u32 offset, n;

	if (pa + len < pa || (u32)((pa + len - 1) >> 32) >> bits_above)
		return -EFAULT;
	get_ready(tables);
	for (; len; len -= n, dst += n, pa += n) {
		offset = pa & (PAGE_LARGE_BYTES - 1);
		n = PAGE_LARGE_BYTES - offset;
		if (n > len)
			n = len;
		paging_set_large(tables, WINDOW / PAGE_LARGE_BYTES, pa - offset);
		high_copy(dst, WINDOW + offset, n, ram_address(high.pdpt));
	}
	return 0;
}
