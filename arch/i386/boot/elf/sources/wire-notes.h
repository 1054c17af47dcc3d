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

/* Notes of Etherboot's own, by its name. */
#define EB_NAME			"Etherboot"
#define EB_I386_MEMMAP		8

struct eb_range {
	__le64 addr;
	__le64 size;
	__le32 type;
} __attribute__((packed));

/* map_count ranges follow, in room for 32. */
struct eb_meminfo {
	__le16 basememsize;		/* KiB */
	__le16 pad;
	__le32 memsize;			/* KiB, from 1 MiB */
	__le32 map_count;
} __attribute__((packed));

/* Notes of Documentation/elf-boot.txt, section 4.3, by this name. */
#define EBN_LINUX_NAME		"Linux"
#define EBN_LINUX_MEMORY_MAP	0x301	/* struct ebn_range, any number */
#define EBN_LINUX_INITRD	0x302
#define EBN_LINUX_RSDP		0x303
#define EBN_LINUX_FRAMEBUFFER	0x304
#define EBN_LINUX_EFI		0x305
#define EBN_LINUX_RNG_SEED	0x306	/* bytes, any number */
#define EBN_LINUX_SETUP_DATA	0x307
#define EBN_LINUX_EFI_CALLED	0x308	/* struct ebn_efi, of one that is in use */

struct ebn_range {
	__le64 addr;
	__le64 size;
	__le32 type;			/* as in E820 */
	__le32 pad;
} __attribute__((packed));

struct ebn_initrd {
	__le64 addr;
	__le64 size;
} __attribute__((packed));

struct ebn_rsdp {
	__le64 addr;
} __attribute__((packed));

struct ebn_color {
	__u8 pos;			/* lowest bit */
	__u8 size;			/* bits */
} __attribute__((packed));

struct ebn_framebuffer {
	__le64 addr;
	__le32 pitch;			/* bytes from line to line */
	__le32 width;			/* pixels */
	__le32 height;
	__u8 depth;			/* bits of a pixel */
	struct ebn_color red;
	struct ebn_color green;
	struct ebn_color blue;
	struct ebn_color reserved;
	__u8 pad[3];
} __attribute__((packed));

/* As in boot_params.secure_boot (include/linux/efi.h, efi_secureboot_mode). */
#define EBN_SECURE_BOOT_UNSET		0	/* the loader has not asked */
#define EBN_SECURE_BOOT_UNKNOWN		1
#define EBN_SECURE_BOOT_DISABLED	2
#define EBN_SECURE_BOOT_ENABLED		3

struct ebn_efi {
	__le32 bits;			/* of the firmware, 32 or 64 */
	__le32 desc_size;
	__le32 desc_version;
	__le32 secure_boot;		/* EBN_SECURE_BOOT_* */
	__le64 systab;
	__le64 map;
	__le64 map_size;		/* bytes */
} __attribute__((packed));

/* Any number of struct kept_memory (info/wire-setup-data.h) follow. */
struct ebn_setup_data {
	__le64 addr;			/* of the first node */
} __attribute__((packed));

_Static_assert(sizeof(struct Elf_Bhdr) == 12, "boot notes");
_Static_assert(sizeof(struct Elf_Bnote) == 12, "boot note");
_Static_assert(sizeof(struct ebn_range) == 24, "range of memory");
_Static_assert(sizeof(struct ebn_initrd) == 16, "initrd");
_Static_assert(sizeof(struct ebn_rsdp) == 8, "RSDP");
_Static_assert(sizeof(struct ebn_color) == 2, "colour");
_Static_assert(sizeof(struct ebn_framebuffer) == 32, "framebuffer");
_Static_assert(sizeof(struct ebn_efi) == 40, "UEFI");
_Static_assert(sizeof(struct ebn_setup_data) == 8, "setup_data");
_Static_assert(sizeof(struct eb_range) == 20, "Etherboot's range");
_Static_assert(sizeof(struct eb_meminfo) == 12, "Etherboot's memory");

#endif /* ELFBOOT_WIRE_NOTES_H */
