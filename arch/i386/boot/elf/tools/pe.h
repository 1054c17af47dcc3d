/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PE files, which are what UEFI starts: those that are read (unified kernel
 * images), and where the fields are for whoever writes one.
 *
 * Microsoft's "PE Format" has the headers, its section "Section Table" the table;
 * the UEFI Specification 2.10, section 2.1.1, which machines there are.
 */
#ifndef PE_H
#define PE_H

#include "elfimage.h"

/* In the file. */
#define PE_DOS_MAGIC		"MZ"
#define PE_DOS_LFANEW		0x3c	/* where the signature is */
#define PE_SIGNATURE		"PE\0"
#define PE_SIGNATURE_SIZE	4

/* From the signature's end: the file header. */
#define PE_MACHINE		0
#define PE_NR_SECTIONS		2
#define PE_SYMBOLS		8	/* where symbols are, and how many */
#define PE_SYMBOLS_SIZE		8
#define PE_OPTIONAL_SIZE	16
#define PE_FILE_HEADER_SIZE	20

/* From the file header's end: the optional header, which is always there. */
#define PE_MAGIC		0
#define PE_DATA_SIZE		8
#define PE_ENTRY		16
#define PE_SECTION_ALIGN	32
#define PE_FILE_ALIGN		36
#define PE_IMAGE_SIZE		56
#define PE_HEADERS_SIZE		60
#define PE_CHECKSUM		64
#define PE_SUBSYSTEM		68
#define PE_NR_DIRECTORIES	92	/* of PE32; of PE32+ 16 bytes further on */
#define PE_OPTIONAL_MIN		96	/* likewise */
#define PE_PLUS_MORE		16

/* Behind that: data directories. This one has the offset and size of a signature. */
#define PE_CERTIFICATES		4
#define PE_DIRECTORY_SIZE	8

#define PE_MAGIC_32		0x10b
#define PE_MAGIC_64		0x20b	/* "PE32+" */

#define PE_MACHINE_I386		0x014c
#define PE_MACHINE_X86_64	0x8664

/* From the optional header's end: section headers. */
#define PE_SECTION_NAME		0
#define PE_SECTION_VSIZE	8
#define PE_SECTION_VADDR	12
#define PE_SECTION_FILESZ	16
#define PE_SECTION_OFFSET	20
#define PE_SECTION_FLAGS	36
#define PE_SECTION_SIZE		40

#define PE_SCN_CODE		0x00000020
#define PE_SCN_DATA		0x00000040
#define PE_SCN_EXECUTE		0x20000000
#define PE_SCN_READ		0x40000000
#define PE_SCN_WRITE		0x80000000

#define PE_NAME_SIZE		8
#define PE_SECTIONS_MAX		96	/* as the format has it */

/**
 * struct pe_section - a section
 * @name: Name, with a NUL behind it, and with "?" for what cannot be printed
 * @vaddr: VirtualAddress
 * @vsize: VirtualSize; SizeOfRawData where that is 0
 * @flags: Characteristics
 * @bytes: what is in the file of it, no more than @vsize
 */
struct pe_section {
	char name[PE_NAME_SIZE + 1];
	uint32_t vaddr;
	uint32_t vsize;
	uint32_t flags;
	struct bytes bytes;
};

/**
 * struct pe - a PE file
 * @file: all of it
 * @machine: Machine, PE_MACHINE_*
 * @magic: PE_MAGIC_32 or PE_MAGIC_64
 * @optional: offset of the optional header
 * @sections: and of the section headers
 * @entry: AddressOfEntryPoint
 * @section_align: SectionAlignment
 * @file_align: FileAlignment
 * @image_size: SizeOfImage
 * @headers_size: SizeOfHeaders
 * @checksum: CheckSum, 0: none
 * @directory: offset of the data directory for signatures, 0: there is none
 * @signature_at: offset of the signatures in it, anywhere
 * @signature_size: bytes of them, 0: there are none
 * @nr_sections: number of @section
 * @section: sections; what they have in the file lies inside the file
 */
struct pe {
	struct bytes file;
	uint16_t machine;
	uint16_t magic;
	size_t optional;
	size_t sections;
	uint32_t entry;
	uint32_t section_align;
	uint32_t file_align;
	uint32_t image_size;
	uint32_t headers_size;
	uint32_t checksum;
	size_t directory;
	uint32_t signature_at;
	uint32_t signature_size;
	unsigned int nr_sections;
	struct pe_section section[PE_SECTIONS_MAX];
};

/* Where a section is in the file; 0: nowhere. */
static inline size_t pe_offset(const struct pe *pe,
			       const struct pe_section *section)
{
	return section->bytes.size ? section->bytes.data - pe->file.data : 0;
}

bool pe_probe(const struct bytes *file);
int pe_read(const struct bytes *file, struct pe *pe);
const struct pe_section *pe_find_section(const struct pe *pe, const char *name);

/* authenticode.c: the headers are three of them, what is behind all is one. */
#define AUTHENTICODE_PIECES	(PE_SECTIONS_MAX + 4)

int authenticode_get(const struct pe *pe, struct bytes *piece);

#endif /* PE_H */
