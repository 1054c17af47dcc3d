// SPDX-License-Identifier: GPL-2.0
/*
 * Reading: any ELF file into one shape, and a vmlinux out of that.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elfimage.h"
#include "../stub.h"

/**
 * input_map - map a file for reading
 * @path: its name
 * @file: result
 *
 * Return: 0, or -1 with a message printed.
 */
int input_map(const char *path, struct bytes *file)
{
	struct stat st;
	void *data;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error("%s: %s", path, strerror(errno));
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size) {
		close(fd);
		return error("%s: empty or not a regular file", path);
	}
	data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (data == MAP_FAILED)
		return error("%s: %s", path, strerror(errno));
	*file = (struct bytes){ data, st.st_size };
	return 0;
}

/**
 * input_unmap - done with a file
 * @file: from input_map()
 */
void input_unmap(const struct bytes *file)
{
	munmap((void *)file->data, file->size);
}

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

static bool find_note(const struct elf *elf, const char *name, uint32_t type,
		      struct note *note)
{
	unsigned int i;

	for (i = 0; i < elf->nr_phdrs; i++) {
		const struct phdr *phdr = &elf->phdr[i];
		struct bytes notes = {
			elf->file.data + phdr->offset, phdr->filesz
		};

		if (phdr->type != PT_NOTE)
			continue;
		while (note_next(&notes, note))
			if (note_is(note, name, type))
				return true;
	}
	return false;
}

/* The file's bytes for a stretch of physical memory, or NULL. */
static const uint8_t *at_paddr(const struct elf *elf, uint64_t paddr,
			       size_t size)
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

static int read_stub(struct kernel *kernel)
{
	const struct elf *elf = &kernel->elf;
	const uint8_t *stub;
	struct note note;

	if (!find_note(elf, "Linux", STUB_NOTE_TYPE, &note) ||
	    note.desc.size != 4)
		return error("there is no ELF boot stub in it: was the kernel built with CONFIG_ELF_BOOT=y?");
	kernel->stub = get_le32(note.desc.data);
	stub = at_paddr(elf, kernel->stub, STUB_HEADER_SIZE);
	if (!stub || get_le32(stub + STUB_MAGIC_AT) != STUB_MAGIC ||
	    get_le32(stub + STUB_BASE) != kernel->stub)
		return error("its ELF boot stub is damaged");
	kernel->scratch = get_le32(stub + STUB_SCRATCH);

	if (!find_note(elf, "ELFBoot", 2, &note) || !note.desc.size ||
	    note.desc.data[note.desc.size - 1])
		return error("it does not say which version it is");
	kernel->version = (const char *)note.desc.data;
	return 0;
}

static int read_extent(struct kernel *kernel)
{
	const struct elf *elf = &kernel->elf;
	uint64_t start = UINT64_MAX, file_end = 0, end = 0;
	unsigned int i;

	for (i = 0; i < elf->nr_phdrs; i++) {
		const struct phdr *phdr = &elf->phdr[i];
		uint64_t paddr = phdr->paddr;

		if (phdr->type != PT_LOAD || !phdr->memsz)
			continue;
		if (phdr->filesz > phdr->memsz || paddr > UINT32_MAX ||
		    phdr->memsz > UINT32_MAX - paddr)
			return error("program header %u makes no sense", i);
		if (paddr < start)
			start = paddr;
		if (paddr + phdr->filesz > file_end)
			file_end = paddr + phdr->filesz;
		if (paddr + phdr->memsz > end)
			end = paddr + phdr->memsz;
	}
	if (!end)
		return error("it has nothing to load");
	kernel->start = start;
	kernel->file_end = file_end;
	kernel->end = end;
	return 0;
}

/**
 * kernel_read - read a vmlinux that has the stub
 * @file: all of it
 * @kernel: result
 *
 * Return: 0, or -1 with a message printed.
 */
int kernel_read(const struct bytes *file, struct kernel *kernel)
{
	if (elf_read(file, &kernel->elf))
		return -1;
	if (kernel->elf.machine != EM_386 && kernel->elf.machine != EM_X86_64)
		return error("not for x86 (machine %u)", kernel->elf.machine);
	if (read_stub(kernel))
		return -1;
	return read_extent(kernel);
}
