// SPDX-License-Identifier: GPL-2.0
/*
 * What of a PE file its Authenticode digest is of, which a signature holds and
 * which firmware measures into PCR 4: all but the checksum, the data directory
 * for signatures, and these. Microsoft's "Windows Authenticode Portable Executable
 * Signature Format", "Calculating the PE Image Hash".
 */
#include "pe.h"

static uint32_t raw_size(const struct pe *pe, unsigned int section)
{
	return get_le32(pe->file.data + pe->sections +
			section * PE_SECTION_SIZE + PE_SECTION_FILESZ);
}

static uint32_t raw_offset(const struct pe *pe, unsigned int section)
{
	return get_le32(pe->file.data + pe->sections +
			section * PE_SECTION_SIZE + PE_SECTION_OFFSET);
}

static struct bytes between(const struct pe *pe, size_t start, size_t end)
{
	return (struct bytes){ pe->file.data + start, end - start };
}

/* Return: number of pieces, or -1 with a message printed. */
static int add_headers(const struct pe *pe, struct bytes *piece)
{
	size_t sum = pe->optional + PE_CHECKSUM, behind = sum + 4;
	size_t end = pe->directory ? pe->directory + PE_DIRECTORY_SIZE : behind;
	unsigned int nr = 0;

	if (pe->headers_size < end || pe->headers_size > pe->file.size)
		return error("SizeOfHeaders is 0x%x: the headers are longer, or the file is shorter",
			     pe->headers_size);
	piece[nr++] = between(pe, 0, sum);
	if (pe->directory)
		piece[nr++] = between(pe, behind, pe->directory);
	piece[nr++] = between(pe, end, pe->headers_size);
	return nr;
}

/* Ascending in the file, whatever the table's order. Return: as above. */
static int add_sections(const struct pe *pe, struct bytes *piece)
{
	unsigned int i, j, nr = 0;

	for (i = 0; i < pe->nr_sections; i++) {
		uint32_t offset = raw_offset(pe, i), size = raw_size(pe, i);
		const uint8_t *data = pe->file.data + offset;

		if (!size)
			continue;
		if ((uint64_t)offset + size > pe->file.size)
			return error("truncated: its section \"%s\" would end at 0x%llx, the file has 0x%zx bytes",
				     pe->section[i].name,
				     (unsigned long long)offset + size,
				     pe->file.size);
		for (j = nr++; j && piece[j - 1].data > data; j--)
			piece[j] = piece[j - 1];
		piece[j] = (struct bytes){ data, size };
	}
	return nr;
}

/**
 * authenticode_get - what a PE file's Authenticode digest is of
 * @pe: the file
 * @piece: result: pieces, one behind the other; room for AUTHENTICODE_PIECES
 *
 * What is behind the last section counts as far as it is no signature; as the format
 * has it, and EDK2 (MeasurePeImageAndExtend()), it begins after as many bytes as have
 * been counted.
 *
 * Return: number of pieces, or -1 with a message printed.
 */
int authenticode_get(const struct pe *pe, struct bytes *piece)
{
	int headers = add_headers(pe, piece), sections, i;
	size_t end = pe->file.size, counted = pe->headers_size;

	if (headers < 0)
		return -1;
	sections = add_sections(pe, piece + headers);
	if (sections < 0)
		return -1;
	for (i = 0; i < sections; i++)
		counted += piece[headers + i].size;
	if (pe->signature_size > end || end - pe->signature_size < counted)
		return error("its sections overlap each other, or its signature");
	end -= pe->signature_size;
	piece[headers + sections] = between(pe, counted, end);
	return headers + sections + 1;
}
