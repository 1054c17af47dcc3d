// SPDX-License-Identifier: GPL-2.0
/*
 * Reading: any ELF file into one shape; what is where in it.
 */
#include <elf.h>
#include <string.h>

#include "elfimage.h"

static void read_phdr(const uint8_t *p, uint8_t class, struct phdr *phdr)
{
	phdr->type = get_le32(p);
	if (class == ELFCLASS64) {
		phdr->flags = get_le32(p + 4);
		phdr->offset = get_le64(p + 8);
		phdr->vaddr = get_le64(p + 16);
		phdr->paddr = get_le64(p + 24);
		phdr->filesz = get_le64(p + 32);
		phdr->memsz = get_le64(p + 40);
		phdr->align = get_le64(p + 48);
		return;
	}
	phdr->offset = get_le32(p + 4);
	phdr->vaddr = get_le32(p + 8);
	phdr->paddr = get_le32(p + 12);
	phdr->filesz = get_le32(p + 16);
	phdr->memsz = get_le32(p + 20);
	phdr->flags = get_le32(p + 24);
	phdr->align = get_le32(p + 28);
}

static bool inside(const struct bytes *file, uint64_t offset, uint64_t size)
{
	return offset <= file->size && size <= file->size - offset;
}

static int read_phdrs(struct elf *elf, uint64_t phoff, unsigned int phentsize)
{
	const struct bytes *file = &elf->file;
	unsigned int i;

	if (!elf->nr_phdrs || elf->nr_phdrs > PHDRS_MAX)
		return error("%u program headers: 1 to %u are usable",
			     elf->nr_phdrs, PHDRS_MAX);
	if (!inside(file, phoff, (uint64_t)elf->nr_phdrs * phentsize))
		return error("truncated: the program headers are not in the file");
	for (i = 0; i < elf->nr_phdrs; i++) {
		struct phdr *phdr = &elf->phdr[i];

		read_phdr(file->data + phoff + i * phentsize, elf->class, phdr);
		if (!inside(file, phdr->offset, phdr->filesz))
			return error("truncated: program header %u reaches beyond the end of the file",
				     i);
	}
	return 0;
}

/**
 * elf_contents - what the file has for a program header
 * @elf: the file
 * @phdr: one of its program headers
 *
 * Return: p_filesz bytes.
 */
struct bytes elf_contents(const struct elf *elf, const struct phdr *phdr)
{
	return (struct bytes){ elf->file.data + phdr->offset, phdr->filesz };
}

/**
 * elf_read - read an ELF file of either class
 * @file: all of it
 * @elf: result
 *
 * Return: 0, or -1 with a message printed.
 */
int elf_read(const struct bytes *file, struct elf *elf)
{
	const uint8_t *p = file->data;
	unsigned int phentsize;
	uint64_t phoff;

	memset(elf, 0, sizeof(*elf));
	elf->file = *file;
	if (file->size < sizeof(Elf64_Ehdr) || memcmp(p, ELFMAG, SELFMAG))
		return error("not an ELF file");
	elf->class = p[EI_CLASS];
	elf->machine = get_le16(p + 18);
	if (p[EI_DATA] != ELFDATA2LSB ||
	    (elf->class != ELFCLASS32 && elf->class != ELFCLASS64))
		return error("not a little-endian ELF file");
	if (elf->class == ELFCLASS64) {
		elf->entry = get_le64(p + 24);
		phoff = get_le64(p + 32);
		phentsize = get_le16(p + 54);
		elf->nr_phdrs = get_le16(p + 56);
	} else {
		elf->entry = get_le32(p + 24);
		phoff = get_le32(p + 28);
		phentsize = get_le16(p + 42);
		elf->nr_phdrs = get_le16(p + 44);
	}
	if (phentsize != (elf->class == ELFCLASS64 ? sizeof(Elf64_Phdr) :
						     sizeof(Elf32_Phdr)))
		return error("program headers of a wrong size (%u)", phentsize);
	return read_phdrs(elf, phoff, phentsize);
}

/**
 * elf_find_note - find a note in any PT_NOTE
 * @elf: the file
 * @name: its name
 * @type: its n_type
 * @note: result
 *
 * Return: true if it is there.
 */
bool elf_find_note(const struct elf *elf, const char *name, uint32_t type,
		   struct note *note)
{
	unsigned int i;

	for (i = 0; i < elf->nr_phdrs; i++) {
		const struct phdr *phdr = &elf->phdr[i];
		struct bytes notes = elf_contents(elf, phdr);

		if (phdr->type != PT_NOTE)
			continue;
		while (note_next(&notes, note))
			if (note_is(note, name, type))
				return true;
	}
	return false;
}

/**
 * elf_at_paddr - look at a stretch of physical memory
 * @elf: the file
 * @paddr: its address
 * @size: bytes
 *
 * Return: the file's bytes for it, or NULL if not all of them are there.
 */
const uint8_t *elf_at_paddr(const struct elf *elf, uint64_t paddr, size_t size)
{
	unsigned int i;

	for (i = 0; i < elf->nr_phdrs; i++) {
		const struct phdr *phdr = &elf->phdr[i];

		if (phdr->type != PT_LOAD || paddr < phdr->paddr ||
		    size > phdr->filesz ||
		    paddr - phdr->paddr > phdr->filesz - size)
			continue;
		return elf->file.data + phdr->offset + (paddr - phdr->paddr);
	}
	return NULL;
}
