// SPDX-License-Identifier: GPL-2.0
/*
 * Files in the ROM, which is mapped to end at 4 GiB. What cbfstool "create"
 * without a flash map writes: a master header, to which the last four bytes
 * of the ROM point.
 */
#include <asm/byteorder.h>

#include "firmware.h"
#include "sources/wire-cbfs.h"

#define MASTER_POINTER	0xfffffffc
#define MASTER_MAGIC	0x4f524243	/* "ORBC" */

struct cbfs_header {
	__be32 magic;
	__be32 version;
	__be32 romsize;
	__be32 bootblocksize;
	__be32 align;
	__be32 offset;
	__be32 architecture;
	__be32 pad;
};

/**
 * cbfs_open - find out where the files are
 * @cbfs: result
 *
 * Return: whether there are any.
 */
bool cbfs_open(struct cbfs *cbfs)
{
	const struct cbfs_header *header;
	u32 pointer = *(const u32 *)MASTER_POINTER;

	/* Relative to 4 GiB: as a signed number it is the address. */
	header = (const struct cbfs_header *)pointer;
	if (pointer < 0xff000000 ||
	    header->magic != __cpu_to_be32(MASTER_MAGIC))
		return false;
	cbfs->size = __be32_to_cpu(header->romsize);
	cbfs->offset = __be32_to_cpu(header->offset);
	return cbfs->size >= 0x10000 && cbfs->size <= 16 * MIB &&
	       cbfs->offset < cbfs->size;
}

/**
 * cbfs_find - look for a file
 * @cbfs: where
 * @name: its name
 * @contents: result
 *
 * Return: whether there is one.
 */
bool cbfs_find(const struct cbfs *cbfs, const char *name,
	       struct cbfs_contents *contents)
{
	const u8 *rom = (const u8 *)-cbfs->size;
	u32 at = cbfs->offset;

	while (at < cbfs->size - sizeof(struct cbfs_file)) {
		const struct cbfs_file *file = (const void *)(rom + at);
		u32 len = __be32_to_cpu(file->len);
		u32 offset = __be32_to_cpu(file->offset);

		if (memcmp(file->magic, CBFS_MAGIC, sizeof(file->magic)) ||
		    offset > cbfs->size - at ||
		    len > cbfs->size - at - offset)
			return false;
		if (!strcmp((const char *)(file + 1), name)) {
			contents->data = rom + at + offset;
			contents->size = len;
			contents->type = __be32_to_cpu(file->type);
			return true;
		}
		at = (at + offset + len + CBFS_ALIGN - 1) & ~(CBFS_ALIGN - 1);
	}
	return false;
}
