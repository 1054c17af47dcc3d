// SPDX-License-Identifier: GPL-2.0
/*
 * The Internet checksum (RFC 1071), as ELF boot notes and coreboot's tables
 * use it.
 */
#include <linux/errno.h>

#include "machine/ram.h"
#include "sources/checksum.h"

/**
 * checksum_ram - sum up physical memory
 * @ram: the memory
 * @pa: physical address of the first byte
 * @len: bytes; an odd last one counts as a low byte
 * @sum: result: 0 if a checksum is part of what is summed, and right
 *
 * Return: 0, or -EFAULT if any of the bytes cannot be reached.
 */
int checksum_ram(const struct ram *ram, u64 pa, u32 len, u16 *sum)
{
	u8 chunk[64];
	u32 total = 0;
	u32 i, step;

	for (; len; len -= step, pa += step) {
		step = len < sizeof(chunk) ? len : sizeof(chunk);
		if (ram_read(ram, pa, chunk, step))
			return -EFAULT;
		for (i = 0; i < step; i++)
			total += i & 1 ? chunk[i] << 8 : chunk[i];
		total = (total & 0xffff) + (total >> 16);
	}
	total = (total & 0xffff) + (total >> 16);
	*sum = ~total;
	return 0;
}
