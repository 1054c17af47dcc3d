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

/* Section headers, as far as they are looked at: either class has the same. */
struct shdr {
	uint32_t name;
	uint32_t type;
	uint32_t flags;
	uint64_t addr;
	uint64_t offset;
	uint64_t size;		/* in the file */
	uint64_t memsz;
};

struct shdrs {
	uint64_t at;
	unsigned int size;
	unsigned int nr;
	unsigned int names;
};

/* None at all if they are not in the file: nothing depends on them. */
static struct shdrs find_shdrs(const struct elf *elf)
{
	bool is_64 = elf->class == ELFCLASS64;
	const uint8_t *p = elf->file.data;
	struct shdrs shdrs = { get_le32(p + 32), get_le16(p + 46),
			       get_le16(p + 48), get_le16(p + 50) };

	if (is_64)
		shdrs = (struct shdrs){ get_le64(p + 40), get_le16(p + 58),
					get_le16(p + 60), get_le16(p + 62) };
	if (shdrs.size != (is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr)) ||
	    !inside(&elf->file, shdrs.at, (uint64_t)shdrs.nr * shdrs.size))
		shdrs.nr = 0;
	return shdrs;
}

static struct shdr read_shdr(const struct elf *elf, const struct shdrs *shdrs,
			     unsigned int i)
{
	const uint8_t *p = elf->file.data + shdrs->at + i * shdrs->size;
	struct shdr shdr = { .name = get_le32(p), .type = get_le32(p + 4),
			     .flags = get_le32(p + 8) };

	if (elf->class == ELFCLASS64) {
		shdr.addr = get_le64(p + 16);
		shdr.offset = get_le64(p + 24);
		shdr.size = get_le64(p + 32);
	} else {
		shdr.addr = get_le32(p + 12);
		shdr.offset = get_le32(p + 16);
		shdr.size = get_le32(p + 20);
	}
	shdr.memsz = shdr.size;
	if (shdr.type == SHT_NOBITS || !inside(&elf->file, shdr.offset, shdr.size)) {
		shdr.offset = 0;
		shdr.size = 0;
	}
	return shdr;
}

/* Return: its number, 0: there is none of that name. */
static unsigned int find_section(const struct elf *elf,
				 const struct shdrs *shdrs, const char *name)
{
	size_t size = strlen(name) + 1;
	struct shdr names, shdr;
	unsigned int i;

	if (shdrs->names >= shdrs->nr)
		return 0;
	names = read_shdr(elf, shdrs, shdrs->names);
	for (i = 1; i < shdrs->nr; i++) {
		shdr = read_shdr(elf, shdrs, i);
		if (shdr.name <= names.size && size <= names.size - shdr.name &&
		    !memcmp(elf->file.data + names.offset + shdr.name, name,
			    size))
			return i;
	}
	return 0;
}

/* Addresses modulo 4 GiB, as everything in a kernel is that near. */
static bool has_some_of(const struct shdr *shdr, uint32_t addr, uint32_t size)
{
	uint32_t start = shdr->addr;

	return shdr->flags & SHF_ALLOC && shdr->memsz &&
	       (addr - start < shdr->memsz || start - addr < size);
}

/**
 * elf_find_section - find a section by its name
 * @elf: the file
 * @name: its name
 * @size: how many bytes from its beginning on have to be its own
 * @addr: result: its sh_addr
 *
 * Return: true if the file has section headers and one of that name, with so
 * many bytes in memory that are in no other section.
 */
bool elf_find_section(const struct elf *elf, const char *name, uint32_t size,
		      uint64_t *addr)
{
	struct shdrs shdrs = find_shdrs(elf);
	unsigned int found = find_section(elf, &shdrs, name), i;
	struct shdr shdr;

	if (!found)
		return false;
	shdr = read_shdr(elf, &shdrs, found);
	if (shdr.memsz < size)
		return false;
	*addr = shdr.addr;
	for (i = 1; i < shdrs.nr; i++) {
		shdr = read_shdr(elf, &shdrs, i);
		if (i != found && has_some_of(&shdr, *addr, size))
			return false;
	}
	return true;
}

/**
 * elf_end - find out where an ELF file ends that has something behind it
 * @elf: the file
 *
 * Return: offset behind all that its headers name.
 */
uint64_t elf_end(const struct elf *elf)
{
	struct shdrs shdrs = find_shdrs(elf);
	uint64_t end = shdrs.nr ? shdrs.at + shdrs.nr * shdrs.size :
				  sizeof(Elf64_Ehdr);
	unsigned int i;

	for (i = 0; i < elf->nr_phdrs; i++)
		if (elf->phdr[i].offset + elf->phdr[i].filesz > end)
			end = elf->phdr[i].offset + elf->phdr[i].filesz;
	for (i = 0; i < shdrs.nr; i++) {
		struct shdr shdr = read_shdr(elf, &shdrs, i);

		if (shdr.offset + shdr.size > end)
			end = shdr.offset + shdr.size;
	}
	return end;
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
