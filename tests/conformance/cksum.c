// SPDX-License-Identifier: GPL-2.0
/*
 * The checksum of POSIX's cksum, which every shell has.
 */
#include "conformance.h"

#define POLYNOMIAL	0x04c11db7
#define CHUNK		4096

static u32 table[256];

static void make_table(void)
{
	u32 i, bit, crc;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		crc = i << 24;
		for (bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc >> 31 ? POLYNOMIAL : 0);
		table[i] = crc;
	}
}

static u32 add(u32 crc, u8 byte)
{
	return crc << 8 ^ table[crc >> 24 ^ byte];
}

/**
 * cksum - sum up some memory as "cksum" does a file
 * @ram: the memory
 * @pa: physical address
 * @size: bytes
 * @sum: result
 *
 * Return: 0, or -EFAULT if any of the bytes cannot be reached.
 */
int cksum(const struct ram *ram, u64 pa, u64 size, u32 *sum)
{
	static u8 chunk[CHUNK];
	u64 left = size;
	u32 crc = 0;
	u32 i, n;
	int ret;

	if (!table[1])
		make_table();
	for (; left; left -= n, pa += n) {
		n = left < CHUNK ? left : CHUNK;
		ret = ram_read(ram, pa, chunk, n);
		if (ret)
			return ret;
		for (i = 0; i < n; i++)
			crc = add(crc, chunk[i]);
	}
	for (left = size; left; left >>= 8)
		crc = add(crc, left);
	*sum = ~crc;
	return 0;
}
