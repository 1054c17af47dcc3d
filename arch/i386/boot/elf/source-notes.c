// SPDX-License-Identifier: GPL-2.0
/*
 * ELF boot notes, from whoever follows the proposal of 2002: FILO and
 * coreboot until 2013 say so in EAX and EBX, Etherboot and kexec only leave a
 * pointer at [ESP+4], kexec of a 64-bit ELF leaves it in RDI.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "elfboot.h"
#include "checksum.h"
#include "wire-notes.h"

static const char * const name = "elf-notes";

/* Etherboot's block is 964 bytes, a command line adds 2048. */
#define BLOCK_MAX	0x10000

/*
 * What a block says: physical addresses of strings, 0 if there is none, and
 * Etherboot's memory map.
 */
struct notes {
	struct memmap *map;
	u64 firmware;
	u64 loader;
	u64 version;
	u64 cmdline;
};

static u64 padded(u32 size)
{
	return ((u64)size + 3) & ~3ULL;
}

/* A string must end inside its note. */
static bool is_string(const struct ram *ram, u64 desc, u32 size)
{
	char last;

	return size && !ram_read(ram, desc + size - 1, &last, 1) && !last;
}

static int read_map(const struct ram *ram, u64 desc, u32 size,
		    struct memmap *map)
{
	struct eb_meminfo info;
	struct eb_range range;
	u32 left;

	if (size < sizeof(info) || ram_read(ram, desc, &info, sizeof(info)))
		return -EINVAL;
	left = __le32_to_cpu(info.map_count);
	if (left > (size - sizeof(info)) / sizeof(range))
		return -EINVAL;
	memmap_init(map);
	if (!left)
		memmap_add_sizes(map, __le16_to_cpu(info.basememsize),
				 __le32_to_cpu(info.memsize));
	for (desc += sizeof(info); left; left--, desc += sizeof(range)) {
		if (ram_read(ram, desc, &range, sizeof(range)))
			return -EINVAL;
		memmap_add(map, __le64_to_cpu(range.addr),
			   __le64_to_cpu(range.size),
			   memmap_type(__le32_to_cpu(range.type)));
	}
	return 0;
}

static u64 *field_for(struct notes *notes, u32 type)
{
	switch (type) {
	case EBN_FIRMWARE_TYPE:
		return &notes->firmware;
	case EBN_BOOTLOADER_NAME:
		return &notes->loader;
	case EBN_BOOTLOADER_VERSION:
		return &notes->version;
	case EBN_COMMAND_LINE:
		return &notes->cmdline;
	}
	return NULL;
}

static int parse_standard(const struct ram *ram, u32 type, u64 desc, u32 size,
			  struct notes *notes)
{
	u64 *field = field_for(notes, type);

	if (!field)
		return 0;
	if (!is_string(ram, desc, size))
		return -EINVAL;
	*field = desc;
	return 0;
}

static bool is_etherboot(const struct ram *ram, u64 pa, u32 namesz)
{
	char owner[sizeof(EB_NAME)];

	return namesz == sizeof(owner) &&
	       !ram_read(ram, pa, owner, sizeof(owner)) &&
	       !memcmp(owner, EB_NAME, sizeof(owner));
}

/* Of the notes with a name one is for us. */
static int parse_note(const struct ram *ram, u64 pa,
		      const struct Elf_Bnote *note, struct notes *notes)
{
	u32 namesz = __le32_to_cpu(note->n_namesz);
	u32 size = __le32_to_cpu(note->n_descsz);
	u32 type = __le32_to_cpu(note->n_type);
	u64 name_at = pa + sizeof(*note);
	u64 desc = name_at + padded(namesz);

	if (!namesz)
		return parse_standard(ram, type, desc, size, notes);
	if (type == EB_I386_MEMMAP && is_etherboot(ram, name_at, namesz))
		return read_map(ram, desc, size, notes->map);
	return 0;
}

static int walk(const struct ram *ram, u64 pa, u32 left, u32 records,
		struct notes *notes)
{
	struct Elf_Bnote note;

	for (; left >= sizeof(note); records--) {
		u64 size;

		if (!records || ram_read(ram, pa, &note, sizeof(note)))
			return -EINVAL;
		size = sizeof(note) + padded(__le32_to_cpu(note.n_namesz)) +
		       padded(__le32_to_cpu(note.n_descsz));
		if (size > left || parse_note(ram, pa, &note, notes))
			return -EINVAL;
		pa += size;
		left -= size;
	}
	return left || records ? -EINVAL : 0;
}

/* Is there a block? A stray pointer is no reason to complain. */
static int read_header(const struct ram *ram, u32 pa, struct Elf_Bhdr *header)
{
	if (!pa || pa & 3 || ram_read(ram, pa, header, sizeof(*header)))
		return -ENOENT;
	if (__le32_to_cpu(header->b_signature) != ELF_BHDR_MAGIC)
		return -ENOENT;
	return 0;
}

static int read_block(const struct ram *ram, u32 pa, struct notes *notes)
{
	struct Elf_Bhdr header;
	u32 size;
	u16 sum;
	int ret = read_header(ram, pa, &header);

	if (ret)
		return ret;
	size = __le32_to_cpu(header.b_size);
	if (size < sizeof(header) || size > BLOCK_MAX)
		return -EINVAL;
	if (header.b_checksum &&
	    (checksum_ram(ram, pa, size, &sum) || sum))
		return -EINVAL;
	return walk(ram, pa + sizeof(header), size - sizeof(header),
		    __le16_to_cpu(header.b_records), notes);
}

static int find_block(const struct ram *ram, const struct handoff *handoff,
		      struct notes *notes)
{
	int ret;

	if (handoff->eax == ELF_BHDR_MAGIC)
		return read_block(ram, handoff->ebx, notes) ? -EINVAL : 0;
	ret = read_block(ram, handoff_argument(ram, handoff), notes);
	if (ret == -ENOENT)
		ret = read_block(ram, handoff->edi, notes);
	return ret;
}

/* The firmware's names are few, and kept by reference. */
static const char *firmware_name(const struct ram *ram, u64 pa)
{
	static const char * const names[] = {
		"PCBIOS", "LinuxBIOS", "coreboot",
	};
	char firmware[16];
	u32 i;

	if (!pa || ram_string(ram, pa, firmware, sizeof(firmware)))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strncmp(firmware, names[i], sizeof(firmware)))
			return names[i];
	return NULL;
}

/**
 * notes_probe - take what an ELF boot loader passes
 * @ram: physical memory
 * @handoff: EAX with EBX, or ESP, or EDI lead to the block
 * @bi: result, as it was on error
 *
 * A block is taken if its signature, its checksum (unless it has none) and
 * its number of records are right.
 *
 * Return: 0, -ENOENT if there is no block, -EINVAL if it is corrupt.
 */
int notes_probe(const struct ram *ram, const struct handoff *handoff,
		struct bootinfo *bi)
{
	char loader[LOADER_SIZE] = "";
	struct notes notes = { .map = &bi->offer };
	int ret;

	memmap_init(&bi->offer);
	ret = find_block(ram, handoff, &notes);
	if (ret)
		return ret;
	if (notes.loader && ram_string(ram, notes.loader, loader, sizeof(loader)))
		return -EINVAL;
	/* Etherboot's command line is always empty: nobody's word. */
	if (notes.cmdline && bootinfo_read_cmdline(bi, name, ram,
						   notes.cmdline, ""))
		return -EINVAL;
	bootinfo_set_loader(bi, name, loader);
	if (notes.version)
		ram_string(ram, notes.version, bi->loader_version,
			   sizeof(bi->loader_version));
	bi->firmware = firmware_name(ram, notes.firmware);
	bootinfo_set_loader_map(bi, name);
	return 0;
}
