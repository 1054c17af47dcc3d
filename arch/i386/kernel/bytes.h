/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Little-endian numbers at any address, for files that the kernel, tests and
 * other programs compile.
 */
#ifndef ELFBOOT_BYTES_H
#define ELFBOOT_BYTES_H

#include <linux/types.h>

static inline u16 read_le16(const u8 *at)
{
	return at[0] | at[1] << 8;
}

static inline u32 read_le32(const u8 *at)
{
	return read_le16(at) | (u32)read_le16(at + 2) << 16;
}

static inline u64 read_le64(const u8 *at)
{
	return read_le32(at) | (u64)read_le32(at + 4) << 32;
}

static inline void write_le16(u8 *at, u16 value)
{
	at[0] = value & 0xff;
	at[1] = value >> 8;
}

static inline void write_le32(u8 *at, u32 value)
{
	write_le16(at, value & 0xffff);
	write_le16(at + 2, value >> 16);
}

static inline void write_le64(u8 *at, u64 value)
{
	write_le32(at, value & 0xffffffff);
	write_le32(at + 4, value >> 32);
}

#endif /* ELFBOOT_BYTES_H */
