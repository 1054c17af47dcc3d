// SPDX-License-Identifier: GPL-2.0
/*
 * The first page of an image:
 *
 *	0	ELF header, program headers, the one PT_NOTE's notes
 *	0x210	multiboot header
 *	0x220	multiboot 2 header
 *	0x400	the one section header, a null section; it is the first of the
 *		ELF64 program headers (elf64.c)
 */
#include <elf.h>
#include <string.h>

#include "elfimage.h"

#define MULTIBOOT_AT		0x210
#define MULTIBOOT_FLAGS		0x00000003	/* aligned modules, memory */

#define MULTIBOOT2_AT		0x220

/* Header tags (Multiboot2 Specification 2.0, section 3.1.3). */
#define TAG_END			0
#define TAG_REQUEST		1
#define TAG_CONSOLE		4
#define TAG_FRAMEBUFFER		5
#define TAG_MODULE_ALIGN	6
#define TAG_OPTIONAL		1		/* flag */

#define CONSOLE_EGA_TEXT	2		/* is fine as well */

/* This file is entered in 32-bit mode only, whatever the kernel is. */
static void put_ehdr(uint8_t *p, const struct layout *layout)
{
	memcpy(p, ELFMAG, SELFMAG);
	p[EI_CLASS] = ELFCLASS32;
	p[EI_DATA] = ELFDATA2LSB;
	p[EI_VERSION] = EV_CURRENT;
	put_le16(p + 16, ET_EXEC);
	put_le16(p + 18, EM_386);
	put_le32(p + 20, EV_CURRENT);
	put_le32(p + 24, layout->entry);
	put_le32(p + 28, PHDRS_AT);
	put_le32(p + 32, SECTION_AT);
	put_le16(p + 40, sizeof(Elf32_Ehdr));
	put_le16(p + 42, sizeof(Elf32_Phdr));
	put_le16(p + 44, 1 + layout->nr_segments);
	/* GRUB 2.12 and later take none for a number that is in section 0. */
	put_le16(p + 46, sizeof(Elf32_Shdr));
	put_le16(p + 48, 1);
}

/* p_vaddr is p_paddr: iPXE refuses anything else. */
static void put_phdr(uint8_t *p, uint32_t type, uint32_t offset,
		     uint32_t paddr, uint32_t filesz, uint32_t memsz,
		     uint32_t flags, uint32_t align)
{
	put_le32(p, type);
	put_le32(p + 4, offset);
	put_le32(p + 8, paddr);
	put_le32(p + 12, paddr);
	put_le32(p + 16, filesz);
	put_le32(p + 20, memsz);
	put_le32(p + 24, flags);
	put_le32(p + 28, align);
}

/*
 * U-Boot's "bootelf -p" copies the notes to their p_paddr: let that be
 * scratch memory, which the PT_LOAD behind it clears again.
 */
static void put_phdrs(uint8_t *p, const struct layout *layout)
{
	unsigned int i;

	put_phdr(p, PT_NOTE, headers_notes_at(layout),
		 get_le32(layout->words + STUB_SCRATCH),
		 layout->notes, layout->notes, PF_R, 4);
	for (i = 0; i < layout->nr_segments; i++) {
		const struct segment *segment = &layout->segment[i];

		p += sizeof(Elf32_Phdr);
		put_phdr(p, PT_LOAD, segment->offset, segment->paddr,
			 segment->filesz, segment->memsz, PF_R | PF_W | PF_X,
			 segment->align);
	}
}

/*
 * Xen's note comes first: QEMU looks at one note only. The sums come last;
 * they are filled in when everything else is there.
 */
static size_t put_notes(uint8_t *at, size_t room, const struct layout *layout,
			const struct options *options)
{
	const uint8_t *words = layout->words;
	static const uint8_t zeros[32];
	uint8_t version[ZONE_NOTES] = {};
	uint8_t stub[4], reloc[MOVABLE_NOTE_SIZE];
	struct movable movable;
	bool is_movable = movable_get(words, &movable);
	const struct {
		const char *name;
		uint32_t type;
		const void *desc;
		size_t size;
		bool wanted;
	} notes[] = {
		{ "Xen", XEN_PHYS32_ENTRY, stub, sizeof(stub), true },
		{ "Xen", XEN_PHYS32_RELOC, reloc, sizeof(reloc), is_movable },
		{ "ELFBoot", EIN_PROGRAM_NAME, "Linux", 6, true },
		{ "ELFBoot", EIN_PROGRAM_VERSION, version,
		  layout->version.size + 1, true },
		{ "Linux", LINUX_COMMAND_LINE, words + STUB_CMDLINE, 8,
		  options->cmdline },
		{ "Linux", LINUX_INITRD, words + STUB_INITRD, 8,
		  options->nr_initrds },
		{ "Linux", LINUX_SHA256, zeros, 32, options->sha256 },
		{ "ELFBoot", EIN_PROGRAM_CHECKSUM, zeros, 2,
		  options->checksum },
	};
	size_t total = 0;
	unsigned int i;

	if (layout->version.size >= sizeof(version))
		return 0;
	memcpy(version, layout->version.data, layout->version.size);
	put_le32(stub, layout->stub);
	movable_put_note(reloc, &movable);
	for (i = 0; i < ARRAY_SIZE(notes); i++) {
		size_t size;

		if (!notes[i].wanted)
			continue;
		size = note_put(at + total, room - total, notes[i].name,
				notes[i].type, notes[i].desc, notes[i].size);
		if (!size)
			return 0;
		total += size;
	}
	return total;
}

static void put_multiboot(uint8_t *p)
{
	put_le32(p, MULTIBOOT_MAGIC);
	put_le32(p + 4, MULTIBOOT_FLAGS);
	put_le32(p + 8, -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS));
}

static size_t put_tag(uint8_t *p, uint16_t type, const uint32_t *words,
		      unsigned int nr)
{
	size_t size = 8 + nr * 4;
	unsigned int i;

	put_le16(p, type);
	put_le16(p + 2, type == TAG_END ? 0 : TAG_OPTIONAL);
	put_le32(p + 4, size);
	for (i = 0; i < nr; i++)
		put_le32(p + 8 + i * 4, words[i]);
	return (size + 7) & ~7;
}

/* Whatever a loader knows is welcome, and nothing of it indispensable. */
static void put_multiboot2(uint8_t *p, const uint8_t *stub)
{
	/* Command line, module, map, framebuffer, EFI, RSDP, EFI's map. */
	static const uint32_t requests[] = { 1, 3, 6, 8, 11, 12, 14, 15, 17 };
	static const uint32_t console[] = { CONSOLE_EGA_TEXT };
	static const uint32_t any_mode[] = { 0, 0, 0 };
	uint32_t place[MOVABLE_TAG_WORDS];
	struct movable movable;
	size_t size = 16;

	size += put_tag(p + size, TAG_REQUEST, requests, ARRAY_SIZE(requests));
	size += put_tag(p + size, TAG_CONSOLE, console, ARRAY_SIZE(console));
	size += put_tag(p + size, TAG_FRAMEBUFFER, any_mode,
			ARRAY_SIZE(any_mode));
	size += put_tag(p + size, TAG_MODULE_ALIGN, NULL, 0);
	if (movable_get(stub, &movable)) {
		movable_put_tag(place, &movable);
		size += put_tag(p + size, MOVABLE_TAG, place,
				ARRAY_SIZE(place));
	}
	size += put_tag(p + size, TAG_END, NULL, 0);
	put_le32(p, MULTIBOOT2_MAGIC);
	put_le32(p + 8, size);
	put_le32(p + 12, -(MULTIBOOT2_MAGIC + size));
}

/**
 * headers_find_multiboot - look for a multiboot header as loaders do
 * @file: the image
 *
 * Return: the first in the 8 KiB that loaders search, or NULL.
 */
const uint8_t *headers_find_multiboot(const struct bytes *file)
{
	const uint8_t *p = file->data;
	size_t at;

	for (at = 0; at + 12 <= file->size && at < 8192; at += 4, p += 4)
		if (get_le32(p) == MULTIBOOT_MAGIC &&
		    !(MULTIBOOT_MAGIC + get_le32(p + 4) + get_le32(p + 8)))
			return p;
	return NULL;
}

/**
 * headers_notes_at - say where the notes of an image are
 * @layout: the plan; the number of its segments counts
 *
 * Return: an offset in the file and in the page of headers, in bytes.
 */
size_t headers_notes_at(const struct layout *layout)
{
	return PHDRS_AT + (1 + layout->nr_segments) * sizeof(Elf32_Phdr);
}

/**
 * headers_put - fill in the page of headers
 * @layout: the plan, complete but for this
 * @options: what to write
 *
 * Return: 0, or -1 with a message printed.
 */
int headers_put(struct layout *layout, const struct options *options)
{
	size_t notes_at = headers_notes_at(layout);
	uint8_t *head = layout->head;

	layout->notes = put_notes(head + notes_at, ZONE_NOTES - notes_at,
				  layout, options);
	if (!layout->notes)
		return error("rule 2: the notes do not fit into the first %u bytes",
			     ZONE_NOTES);
	put_ehdr(head, layout);
	put_phdrs(head + PHDRS_AT, layout);
	if (options->elf64)
		elf64_put(head, 1 + layout->nr_segments);
	if (options->multiboot) {
		put_multiboot(head + MULTIBOOT_AT);
		put_multiboot2(head + MULTIBOOT2_AT, layout->words);
	}
	return 0;
}
