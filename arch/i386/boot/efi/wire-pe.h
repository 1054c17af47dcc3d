/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of a PE file as its sections need (Microsoft's "PE Format": COFF
 * File Header, Section Table).
 */
#ifndef ELFBOOT_EFI_WIRE_PE_H
#define ELFBOOT_EFI_WIRE_PE_H

#include <linux/types.h>

#define PE_POINTER	0x3c		/* where the header's offset is */
#define PE_NAME_SIZE	8

struct pe_header {
	__u8 magic[4];			/* "PE", two NULs */
	__le16 machine;
	__le16 nr_sections;
	__le32 time;
	__le32 symbols;
	__le32 nr_symbols;
	__le16 optional_size;		/* of the header that follows */
	__le16 flags;
} __attribute__((packed));

struct pe_section {
	__u8 name[PE_NAME_SIZE];	/* padded with NULs */
	__le32 virtual_size;
	__le32 virtual_address;
	__le32 raw_size;
	__le32 raw_offset;
	__u8 relocations[12];
	__le32 flags;
} __attribute__((packed));

_Static_assert(sizeof(struct pe_header) == 24, "PE header");
_Static_assert(sizeof(struct pe_section) == 40, "PE section");

#endif /* ELFBOOT_EFI_WIRE_PE_H */
