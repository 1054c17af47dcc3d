/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ELF boot notes, loader to image: the ELF boot proposal of 2002 as
 * Etherboot 5.4 (src/include/elf_boot.h) and kexec-tools
 * (include/boot/elf_boot.h) have it.
 */
#ifndef ELFBOOT_WIRE_NOTES_H
#define ELFBOOT_WIRE_NOTES_H

#include <linux/types.h>

#define ELF_BHDR_MAGIC		0x0e1fb007

struct Elf_Bhdr {
	__le32 b_signature;
	__le32 b_size;			/* of the whole block, in bytes */
	__le16 b_checksum;		/* 0: none */
	__le16 b_records;
} __attribute__((packed));

/* Name and contents follow, each padded to 4 bytes. */
struct Elf_Bnote {
	__le32 n_namesz;		/* 0 for the standard notes */
	__le32 n_descsz;
	__le32 n_type;
} __attribute__((packed));

#define EBN_FIRMWARE_TYPE	1
#define EBN_BOOTLOADER_NAME	2
#define EBN_BOOTLOADER_VERSION	3
#define EBN_COMMAND_LINE	4
#define EBN_NOP			5
#define EBN_LOADED_IMAGE	6

_Static_assert(sizeof(struct Elf_Bhdr) == 12, "boot notes");
_Static_assert(sizeof(struct Elf_Bnote) == 12, "boot note");

#endif /* ELFBOOT_WIRE_NOTES_H */
