// SPDX-License-Identifier: GPL-2.0
/*
 * Files that QEMU has for its firmware (docs/specs/fw_cfg.txt).
 */
#include "firmware.h"
#include "io.h"

#define FWCFG_SELECT	0x510
#define FWCFG_DATA	0x511
#define FWCFG_DIRECTORY	0x19

struct fwcfg_file {
	__be32 size;
	__be16 select;
	u16 reserved;
	char name[56];
};

/**
 * fwcfg_find - look for a file
 * @name: its name
 * @select: result: its number, for fwcfg_read()
 *
 * Return: its size; 0: there is none, or nothing in it.
 */
u32 fwcfg_find(const char *name, u16 *select)
{
	struct fwcfg_file file;
	u32 count, i;

	fwcfg_read(FWCFG_DIRECTORY, 0, &count, sizeof(count));
	count = __builtin_bswap32(count);
	for (i = 0; i < count; i++) {
		fwcfg_read(FWCFG_DIRECTORY, sizeof(count) + i * sizeof(file),
			   &file, sizeof(file));
		if (strcmp(file.name, name))
			continue;
		*select = __builtin_bswap16(file.select);
		return __builtin_bswap32(file.size);
	}
	return 0;
}

/**
 * fwcfg_read - read a piece of a file
 * @select: its number
 * @skip: bytes before the piece
 * @to: where to put it
 * @len: bytes
 */
void fwcfg_read(u16 select, u32 skip, void *to, u32 len)
{
	outw(select, FWCFG_SELECT);
	while (skip--)
		inb(FWCFG_DATA);
	asm volatile("rep insb" : "+D" (to), "+c" (len)
		     : "d" (FWCFG_DATA) : "memory");
}
