// SPDX-License-Identifier: GPL-2.0
/*
 * The root pointer of ACPI's tables (ACPI 6.4, section 5.2.5).
 */
#include <linux/errno.h>

#include "machine/machine.h"
#include "sources/sources.h"

#define RSDP_STEP	16
#define RSDP_MAGIC	0x20445352	/* "RSD ", the half of it */

/**
 * rsdp_is_valid - is that a root pointer?
 * @ram: physical memory
 * @pa: physical address
 *
 * Return: true if its signature and its first checksum are right.
 */
bool rsdp_is_valid(const struct ram *ram, u64 pa)
{
	u8 rsdp[RSDP_V1_SIZE];
	u8 sum = 0;
	u32 i;

	if (ram_read(ram, pa, rsdp, sizeof(rsdp)) ||
	    memcmp(rsdp, "RSD PTR ", 8))
		return false;
	for (i = 0; i < sizeof(rsdp); i++)
		sum += rsdp[i];
	return !sum;
}

/**
 * rsdp_find - search for the root pointer
 * @ram: physical memory
 * @pa: physical address to begin at, 16-aligned; result: where it is
 * @len: bytes to search
 *
 * Return: 0, or -ENOENT if there is none.
 */
int rsdp_find(const struct ram *ram, u64 *pa, u32 len)
{
	u64 end = *pa + len;

	while (!ram_scan(ram, pa, end - *pa, RSDP_STEP, RSDP_MAGIC)) {
		if (rsdp_is_valid(ram, *pa))
			return 0;
		*pa += RSDP_STEP;
	}
	return -ENOENT;
}
