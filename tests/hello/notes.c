// SPDX-License-Identifier: GPL-2.0
/*
 * ELF boot notes, as a program has to read them that got them from nobody it
 * knows: nothing is believed before it has been checked.
 */
#include "hello.h"
#include "rfc1071.h"
#include "sources/wire-notes.h"

#define BLOCK_MAX	0x100000

static const char *const standard[] = {
	[EBN_FIRMWARE_TYPE]		= "firmware",
	[EBN_BOOTLOADER_NAME]		= "loader",
	[EBN_BOOTLOADER_VERSION]	= "loader-version",
	[EBN_COMMAND_LINE]		= "cmdline",
};

static u32 padded(u32 size)
{
	return (size + 3) & ~3U;
}

static void read_standard(u32 type, const char *desc, u32 size)
{
	if (type >= ARRAY_SIZE(standard) || !standard[type])
		return;
	if (!size || desc[size - 1])
		report("note-%s unterminated", standard[type]);
	else
		report("%s %s", standard[type], desc);
}

static void read_map(const void *desc, u32 size, struct map *map)
{
	const struct ebn_range *range = desc;

	for (; size >= sizeof(*range); size -= sizeof(*range), range++) {
		if (map->nr == RANGES_MAX)
			break;
		map->range[map->nr].start = range->addr;
		map->range[map->nr].size = range->size;
		map->range[map->nr++].type = range->type;
	}
	if (size)
		report("note-map %u bytes left", size);
}

static void read_initrd(const struct ebn_initrd *initrd,
			struct occupied *occupied)
{
	report("initrd-at 0x%llx", initrd->addr);
	report("initrd-size %u", (u32)initrd->size);
	/* Nothing else is mapped yet. */
	if (!((initrd->addr + initrd->size) >> 32))
		report("initrd-sum 0x%x",
		       internet_checksum((u8 *)(unsigned long)initrd->addr,
					 initrd->size));
	occupied_add(occupied, initrd->addr, initrd->size);
}

static void read_framebuffer(const struct ebn_framebuffer *fb)
{
	report("framebuffer 0x%llx %ux%ux%u %u", fb->addr, fb->width,
	       fb->height, fb->depth, fb->pitch);
}

static void read_efi(const struct ebn_efi *efi)
{
	report("efi %u 0x%llx 0x%llx", efi->bits, efi->systab, efi->map);
}

/* A seed must not be told, but it must not be all the same either. */
static void read_seed(const u8 *seed, u32 size)
{
	u32 differ = 0;
	u32 i;

	for (i = 1; i < size; i++)
		differ += seed[i] != seed[0];
	report("seed-size %u", size);
	report("seed-varies %s", differ ? "yes" : "no");
	report("seed-sum 0x%x", internet_checksum(seed, size));
}

static bool has_size(u32 type, u32 size, u32 wanted)
{
	if (size == wanted)
		return true;
	report("note-0x%x %u bytes", type, size);
	return false;
}

static void read_linux(u32 type, const void *desc, u32 size, struct map *map,
		       struct occupied *occupied)
{
	switch (type) {
	case EBN_LINUX_MEMORY_MAP:
		read_map(desc, size, map);
		break;
	case EBN_LINUX_INITRD:
		if (has_size(type, size, sizeof(struct ebn_initrd)))
			read_initrd(desc, occupied);
		break;
	case EBN_LINUX_RSDP:
		if (has_size(type, size, sizeof(struct ebn_rsdp)))
			report("rsdp 0x%llx",
			       ((const struct ebn_rsdp *)desc)->addr);
		break;
	case EBN_LINUX_FRAMEBUFFER:
		if (has_size(type, size, sizeof(struct ebn_framebuffer)))
			read_framebuffer(desc);
		break;
	case EBN_LINUX_EFI:
		if (has_size(type, size, sizeof(struct ebn_efi)))
			read_efi(desc);
		break;
	case EBN_LINUX_RNG_SEED:
		read_seed(desc, size);
		break;
	}
}

/* Prints the number of notes if all of them are whole. */
static void walk(const u8 *at, u32 left, u32 records, struct map *map,
		 struct occupied *occupied)
{
	u32 count;

	for (count = 0; left >= sizeof(struct Elf_Bnote); count++) {
		const struct Elf_Bnote *note = (const void *)at;
		const u8 *name = at + sizeof(*note);
		u64 size = (u64)sizeof(*note) + padded(note->n_namesz) +
			   padded(note->n_descsz);
		const u8 *desc = name + padded(note->n_namesz);

		if (size > left || note->n_namesz > left ||
		    note->n_descsz > left)
			break;
		if (!note->n_namesz)
			read_standard(note->n_type, (const char *)desc,
				      note->n_descsz);
		else if (note->n_namesz == sizeof(EBN_LINUX_NAME) &&
			 !memcmp(name, EBN_LINUX_NAME, note->n_namesz))
			read_linux(note->n_type, desc, note->n_descsz, map,
				   occupied);
		at += size;
		left -= size;
	}
	report("notes %u", count);
	report("notes-whole %s", !left && count == records ? "yes" : "no");
}

/**
 * notes_report - tell what the notes say
 * @at: where they should be
 * @map: result: the memory map, if there is one
 * @occupied: the block itself and what it tells of is added
 */
void notes_report(u64 at, struct map *map, struct occupied *occupied)
{
	const struct Elf_Bhdr *header = (const void *)(unsigned long)at;

	report("notes-at 0x%llx", at);
	if (!at || at & 3 || header->b_signature != ELF_BHDR_MAGIC ||
	    header->b_size < sizeof(*header) || header->b_size > BLOCK_MAX) {
		report("notes none");
		return;
	}
	occupied_add(occupied, at, header->b_size);
	report("notes-size %u", header->b_size);
	report("checksum %s", !header->b_checksum ? "none" :
	       internet_checksum((const u8 *)header, header->b_size) ? "wrong" :
	       "right");
	walk((const u8 *)(header + 1), header->b_size - sizeof(*header),
	     header->b_records, map, occupied);
}
