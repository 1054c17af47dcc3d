// SPDX-License-Identifier: GPL-2.0
/*
 * Command line and initrd as files in coreboot's flash, where "cbfstool add"
 * puts them: nothing has to be rebuilt to change them.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "machine/machine.h"
#include "sources/sources.h"
#include "sources/wire-cbfs.h"

/* The flash is mapped below 4 GiB; of a larger one no more than 16 MiB. */
#define MEDIUM_START	0xff000000
#define MEDIUM_END	0x100000000ULL

/* Names are longer than that, but not ours. */
#define NAME_SIZE	17

enum { FILE_CMDLINE, FILE_INITRD, NR_FILES };

#define NOT_THERE	" ignored: contents at %#llx, %#llx bytes, not all in the flash"
#define COMPRESSED	" ignored: compressed (algorithm %llu, %llu bytes), add it without -c"

static const struct {
	const char *name;
	const char *not_there;
	const char *compressed;
} names[NR_FILES] = {
	[FILE_CMDLINE] = {
		"elfboot/cmdline",
		"elfboot/cmdline" NOT_THERE,
		"elfboot/cmdline" COMPRESSED,
	},
	[FILE_INITRD] = {
		"elfboot/initrd",
		"elfboot/initrd" NOT_THERE,
		"elfboot/initrd" COMPRESSED,
	},
};

/* The first of a name counts, as for coreboot itself. */
struct search {
	const struct ram *ram;
	struct bootinfo *bi;
	u64 end;
	bool done[NR_FILES];
	struct range file[NR_FILES];
};

static int file_index(const char *filename)
{
	u32 i;

	for (i = 0; i < NR_FILES; i++)
		if (!strncmp(filename, names[i].name, NAME_SIZE))
			return i;
	return -ENOENT;
}

/*
 * The attributes lie between the name and the contents. One that cannot be
 * read is of no algorithm that we know.
 */
static u32 find_algorithm(const struct ram *ram, u64 pa, u32 at, u32 end)
{
	struct cbfs_compression compression;
	struct cbfs_attribute attribute;
	u32 len;

	if (!at)
		return 0;
	for (; at < end && end - at >= sizeof(attribute); at += len) {
		if (ram_read(ram, pa + at, &attribute, sizeof(attribute)) ||
		    ram_read(ram, pa + at + sizeof(attribute), &compression,
			     sizeof(compression)))
			return ~0U;
		if (__be32_to_cpu(attribute.tag) == CBFS_ATTRIBUTE_COMPRESSION)
			return __be32_to_cpu(compression.algorithm);
		len = __be32_to_cpu(attribute.len);
		if (len < sizeof(attribute) || len > end - at)
			return 0;
	}
	return 0;
}

/* Is it one of ours? */
static bool take_file(struct search *search, u64 pa,
		      const struct cbfs_file *header)
{
	u32 offset = __be32_to_cpu(header->offset);
	u32 len = __be32_to_cpu(header->len);
	char filename[NAME_SIZE];
	u32 algorithm;
	int i;

	if (ram_string(search->ram, pa + sizeof(*header), filename,
		       sizeof(filename)))
		return false;
	i = file_index(filename);
	if (i < 0 || search->done[i])
		return false;
	search->done[i] = true;
	if (offset < sizeof(*header) || (u64)offset + len > search->end - pa) {
		bootinfo_ignore(search->bi, CORRUPT_CBFS, names[i].not_there, pa + offset, len);
		return true;
	}
	algorithm = find_algorithm(search->ram, pa,
				   __be32_to_cpu(header->attributes_offset),
				   offset);
	if (algorithm) {
		bootinfo_ignore(search->bi, CORRUPT_CBFS, names[i].compressed, algorithm, len);
		return true;
	}
	search->file[i] = (struct range){ pa + offset, len, MEM_RESERVED };
	return true;
}

static bool is_empty(const struct cbfs_file *header)
{
	u32 type = __be32_to_cpu(header->type);

	return type == CBFS_TYPE_DELETED || type == CBFS_TYPE_NULL;
}

static int find_next(const struct ram *ram, u64 *pa, u64 end)
{
	int ret;

	if (*pa >= end)
		return -ENOENT;
	ret = ram_scan(ram, pa, end - *pa, CBFS_ALIGN, CBFS_MAGIC_WORD);
	return ret == -EFAULT ? -EINVAL : ret;
}

/*
 * A chain of files. As coreboot's cbfs_walk() has it (26.06,
 * src/commonlib/bsd/cbfs_private.c): where one ends early the next is looked
 * for, and one that runs past the end is the last.
 */
static int find_files(struct search *search, u64 pa)
{
	const struct ram *ram = search->ram;
	u64 end = search->end;
	struct cbfs_file header;
	u64 size;
	int ret;

	while (pa < end && end - pa > sizeof(header)) {
		if (search->done[FILE_CMDLINE] && search->done[FILE_INITRD])
			return 0;
		if (ram_read(ram, pa, &header, sizeof(header)))
			return -EINVAL;
		if (memcmp(header.magic, CBFS_MAGIC, sizeof(header.magic))) {
			pa += CBFS_ALIGN;
			ret = find_next(ram, &pa, end);
			if (ret)
				return ret == -ENOENT ? 0 : ret;
			continue;
		}
		size = (u64)__be32_to_cpu(header.offset) +
		       __be32_to_cpu(header.len);
		if (!is_empty(&header) && !take_file(search, pa, &header) &&
		    size > end - pa)
			bootinfo_ignore(search->bi, CORRUPT_CBFS, "files ignored: behind %#llx, whose %#llx bytes run past the flash",
					pa, size);
		if (!size)
			size = CBFS_ALIGN;
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
 * Return: 0, -ENOENT if there is no flash to be read, -EINVAL if it is not
 * where it can be read. A file of ours that is compressed or runs past the end
 * is ignored alone.
 */
int cbfs_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi)
{
	const struct range *cbfs = &bi->cbfs;
	struct search search;
	int ret;

	bi->source = "cbfs";
	if (!cbfs->size || cbfs->start < MEDIUM_START)
		return -ENOENT;
	if (cbfs->start >= MEDIUM_END || cbfs->size > MEDIUM_END - cbfs->start)
		return -EINVAL;
	memset(&search, 0, sizeof(search));
	search.ram = ram;
	search.bi = bi;
	search.end = cbfs->start + cbfs->size;
	search.done[FILE_CMDLINE] = bi->cmdline_source;
	search.done[FILE_INITRD] = bi->nr_modules;
	ret = find_files(&search, cbfs->start);
	if (ret)
		return ret;
	if (search.file[FILE_CMDLINE].size)
		bootinfo_read_cmdline_file(bi, ram,
					   &search.file[FILE_CMDLINE]);
	bi->module_offer[0] = search.file[FILE_INITRD];
	bootinfo_set_modules(bi, !!search.file[FILE_INITRD].size);
	return 0;
}
