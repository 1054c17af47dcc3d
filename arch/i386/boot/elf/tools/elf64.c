// SPDX-License-Identifier: GPL-2.0
/*
 * The second reading of an image's first bytes. rust-vmm's linux-loader
 * (src/loader/elf/mod.rs; Firecracker, Cloud Hypervisor) takes every file for
 * ELF64 and never looks at EI_CLASS, so one header can be right in both:
 *
 *	byte	ELF32			ELF64
 *	24	e_entry, e_phoff	e_entry: 0x40_xxxxxxxx, which is not used
 *	32	e_shoff, e_flags	e_phoff
 *	48	e_shnum, e_shstrndx	e_flags
 *	52	behind the header	e_ehsize to e_shstrndx
 *	0x400	the null section	program headers, the first one PT_NULL
 *
 * Everybody else reads what EI_CLASS says, ELF32.
 */
#include <elf.h>
#include <stddef.h>
#include <string.h>

#include "elfimage.h"

#define TAIL_AT		offsetof(Elf64_Ehdr, e_ehsize)
#define TAIL_SIZE	(sizeof(Elf64_Ehdr) - TAIL_AT)

/* What an ELF64 header has and an ELF32 header is too short for. */
static void put_tail(uint8_t *p, unsigned int nr_phdrs)
{
	put_le16(p, sizeof(Elf64_Ehdr));
	put_le16(p + 2, sizeof(Elf64_Phdr));
	put_le16(p + 4, nr_phdrs);
	put_le16(p + 6, sizeof(Elf64_Shdr));
	put_le32(p + 8, 0);			/* e_shnum, e_shstrndx */
}

/*
 * An ELF32 program header as ELF64 has it. p_align is 0, any: linux-loader
 * after 0.14 wants a multiple of 2 MiB of PT_LOADs, and no file is so large.
 */
static void put_phdr(uint8_t *p, const uint8_t *phdr32)
{
	put_le32(p, get_le32(phdr32));
	put_le32(p + 4, get_le32(phdr32 + 24));		/* p_flags */
	put_le64(p + 8, get_le32(phdr32 + 4));		/* p_offset */
	put_le64(p + 16, get_le32(phdr32 + 8));		/* p_vaddr */
	put_le64(p + 24, get_le32(phdr32 + 12));	/* p_paddr */
	put_le64(p + 32, get_le32(phdr32 + 16));	/* p_filesz */
	put_le64(p + 40, get_le32(phdr32 + 20));	/* p_memsz */
	put_le64(p + 48, 0);				/* p_align */
}

/**
 * elf64_put - make the ELF64 reading of the ELF32 program headers
 * @head: the first page of an image; its ELF32 program headers are there
 * @nr_phdrs: number of them
 */
void elf64_put(uint8_t *head, unsigned int nr_phdrs)
{
	uint8_t *p = head + SECTION_AT + sizeof(Elf64_Phdr);
	unsigned int i;

	put_tail(head + TAIL_AT, nr_phdrs + 1);
	for (i = 0; i < nr_phdrs; i++)
		put_phdr(p + i * sizeof(Elf64_Phdr),
			 head + PHDRS_AT + i * sizeof(Elf32_Phdr));
}

/**
 * elf64_is_there - has a file an ELF64 reading?
 * @head: its first bytes, PHDRS_AT at least
 *
 * Return: false if there is nothing between the ELF32 header and the program
 * headers.
 */
bool elf64_is_there(const uint8_t *head)
{
	static const uint8_t none[TAIL_SIZE];

	return memcmp(head + TAIL_AT, none, TAIL_SIZE);
}

/**
 * elf64_broken - compare the ELF64 reading with the ELF32 one
 * @elf: an image whose ELF32 program headers are at PHDRS_AT, LOADS_MAX + 1 at
 *	most, and which has a page of headers
 *
 * Return: what is wrong, or NULL.
 */
const char *elf64_broken(const struct elf *elf)
{
	const uint8_t *head = elf->file.data;
	uint8_t want[PAGE_BYTES] = {};
	size_t size = (elf->nr_phdrs + 1) * sizeof(Elf64_Phdr);

	memcpy(want, head, PHDRS_AT + elf->nr_phdrs * sizeof(Elf32_Phdr));
	elf64_put(want, elf->nr_phdrs);
	if (memcmp(head + TAIL_AT, want + TAIL_AT, TAIL_SIZE))
		return "bytes 52 to 63 are not those of an ELF64 header";
	if (memcmp(head + SECTION_AT, want + SECTION_AT, size))
		return "the ELF64 program headers at 0x400 are not the ELF32 ones";
	return NULL;
}
