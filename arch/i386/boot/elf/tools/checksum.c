// SPDX-License-Identifier: GPL-2.0
/*
 * The checksum of the ELF boot proposal: the Internet checksum (RFC 1071) of
 * the ELF header, the program headers and each PT_LOAD's memory image, in
 * this order, as one run of bytes. And that of PE files, which is of the same kind.
 */
#include <elf.h>

#include "elfimage.h"

/* Sum little-endian 16-bit words, whatever the place is aligned to. */
static uint64_t sum_words(const uint8_t *p, size_t size)
{
	uint64_t sum = 0;

	/* 2^32 times 0xffffffff still fits: no carry is lost below 16 GiB. */
	for (; size >= 4; size -= 4, p += 4)
		sum += get_le32(p);
	if (size >= 2)
		sum += get_le16(p);
	if (size & 1)
		sum += p[size & 2];
	return sum;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* A part that begins at an odd offset counts with its bytes swapped. */
static uint16_t add(uint16_t sum, uint64_t offset, const uint8_t *p,
		    size_t size)
{
	uint16_t part = fold(sum_words(p, size));

	if (offset & 1)
		part = part << 8 | part >> 8;
	return fold((uint64_t)sum + part);
}

/**
 * checksum_elf - compute the checksum of an ELF32 file
 * @elf: the file; memory beyond p_filesz is zero and adds nothing, but moves
 *	 the offset of what follows
 *
 * Return: the value of the checksum note.
 */
uint16_t checksum_elf(const struct elf *elf)
{
	const uint8_t *data = elf->file.data;
	size_t phdrs = elf->nr_phdrs * sizeof(Elf32_Phdr);
	uint64_t offset = sizeof(Elf32_Ehdr) + phdrs;
	uint16_t sum;
	unsigned int i;

	sum = add(0, 0, data, sizeof(Elf32_Ehdr));
	sum = add(sum, 0, data + get_le32(data + 28), phdrs);
	for (i = 0; i < elf->nr_phdrs; i++) {
		const struct phdr *phdr = &elf->phdr[i];

		if (phdr->type != PT_LOAD)
			continue;
		sum = add(sum, offset, data + phdr->offset, phdr->filesz);
		offset += phdr->memsz;
	}
	return ~sum;
}

/**
 * checksum_pe - compute the checksum of a PE file (CheckSum of its optional header)
 * @file: all of it
 * @at: where the sum is in it, four bytes that do not count
 *
 * Microsoft's "PE Format" names a library for it; binutils' bfd/peXXigen.c,
 * checksum calculation, has the same.
 *
 * Return: the sum.
 */
uint32_t checksum_pe(const struct bytes *file, size_t at)
{
	size_t rest = at + 4;
	uint16_t sum = add(0, 0, file->data, at);

	sum = add(sum, rest, file->data + rest, file->size - rest);
	return sum + (uint32_t)file->size;
}
