// SPDX-License-Identifier: GPL-2.0
/*
 * Command line and initrd as files in coreboot's flash, where "cbfstool add"
 * puts them: nothing has to be rebuilt to change them.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "elfboot.h"
#include "wire-cbfs.h"

static const char * const name = "cbfs";

/* The flash is mapped below 4 GiB; of a larger one no more than 16 MiB. */
#define MEDIUM_START	0xff000000
#define MEDIUM_END	0x100000000ULL

/* Names are longer than that, but not ours. */
#define NAME_SIZE	17

enum { FILE_CMDLINE, FILE_INITRD, NR_FILES };

static const char * const names[NR_FILES] = {
	[FILE_CMDLINE]	= "elfboot/cmdline",
	[FILE_INITRD]	= "elfboot/initrd",
};

static int file_index(const char *filename)
{
	u32 i;

	for (i = 0; i < NR_FILES; i++)
		if (!strncmp(filename, names[i], NAME_SIZE))
			return i;
	return -ENOENT;
}

/* The attributes lie between the name and the contents. */
static bool is_compressed(const struct ram *ram, u64 pa, u32 at, u32 end)
{
	struct cbfs_compression compression;
	struct cbfs_attribute attribute;
	u32 len;

	if (!at)
		return false;
	for (; at < end && end - at >= sizeof(attribute); at += len) {
		if (ram_read(ram, pa + at, &attribute, sizeof(attribute)) ||
		    ram_read(ram, pa + at + sizeof(attribute), &compression,
			     sizeof(compression)))
			return true;
		if (__be32_to_cpu(attribute.tag) == CBFS_ATTRIBUTE_COMPRESSION)
			return compression.algorithm;
		len = __be32_to_cpu(attribute.len);
		if (len < sizeof(attribute) || len > end - at)
			return false;
	}
	return false;
}

static int take_file(const struct ram *ram, u64 pa,
		     const struct cbfs_file *header, struct range *files)
{
	u32 offset = __be32_to_cpu(header->offset);
	char filename[NAME_SIZE];
	int i;

	if (ram_string(ram, pa + sizeof(*header), filename, sizeof(filename)))
		return -EINVAL;
	i = file_index(filename);
	if (i < 0)
		return 0;
	if (is_compressed(ram, pa, __be32_to_cpu(header->attributes_offset),
			  offset))
		return -EINVAL;
	/* The first of a name counts, as for coreboot itself. */
	if (!files[i].start)
		files[i] = (struct range){ pa + offset,
			__be32_to_cpu(header->len), MEM_RESERVED };
	return 0;
}

static int find_next(const struct ram *ram, u64 *pa, u64 end)
{
	int ret;

	if (*pa >= end)
		return -ENOENT;
	ret = ram_scan(ram, pa, end - *pa, CBFS_ALIGN, CBFS_MAGIC_WORD);
	return ret == -EFAULT ? -EINVAL : ret;
}

/* A chain of files; where one ends early, coreboot, too, looks for the next. */
static int find_files(const struct ram *ram, const struct range *cbfs,
		      struct range *files)
{
	u64 pa = cbfs->start;
	u64 end = cbfs->start + cbfs->size;
	struct cbfs_file header;
	int ret;

	while (pa < end && end - pa > sizeof(header)) {
		u32 offset, len;
		u64 size;

		if (ram_read(ram, pa, &header, sizeof(header)))
			return -EINVAL;
		if (memcmp(header.magic, CBFS_MAGIC, sizeof(header.magic))) {
			pa += CBFS_ALIGN;
			ret = find_next(ram, &pa, end);
			if (ret)
				return ret == -ENOENT ? 0 : ret;
			continue;
		}
		offset = __be32_to_cpu(header.offset);
		len = __be32_to_cpu(header.len);
		size = (u64)offset + len;
		if (offset < sizeof(header) || size > end - pa)
			return -EINVAL;
		ret = take_file(ram, pa, &header, files);
		if (ret)
			return ret;
		pa += (size + CBFS_ALIGN - 1) & ~(u64)(CBFS_ALIGN - 1);
	}
	return 0;
}

/**
 * cbfs_probe - take the command line and the initrd that the flash has
 * @ram: physical memory
 * @handoff: not used
 * @bi: the coreboot table's word on the flash in; the result out: what a
 *	loader has passed stays, and all on error
 *
 * Return: 0, -ENOENT if there is no flash to be read, -EINVAL if it or a file
 * runs past its end, or if one of ours is compressed.
 */
int cbfs_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi)
{
	const struct range *cbfs = &bi->cbfs;
	struct range files[NR_FILES];
	int ret;

	if (!cbfs->size || cbfs->start < MEDIUM_START)
		return -ENOENT;
	if (cbfs->start >= MEDIUM_END || cbfs->size > MEDIUM_END - cbfs->start)
		return -EINVAL;
	memset(files, 0, sizeof(files));
	ret = find_files(ram, cbfs, files);
	if (ret)
		return ret;
	if (files[FILE_CMDLINE].size)
		bootinfo_read_cmdline_file(bi, name, ram,
					   &files[FILE_CMDLINE]);
	bi->module_offer[0] = files[FILE_INITRD];
	bootinfo_set_modules(bi, name, !!files[FILE_INITRD].size);
	return 0;
}
