/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Multiboot2 Specification version 2.0, section 3.6: what the loader passes.
 */
#ifndef ELFBOOT_WIRE_MULTIBOOT2_H
#define ELFBOOT_WIRE_MULTIBOOT2_H

#include <linux/types.h>

/* Tags follow, each padded to 8 bytes, the last one of type END. */
struct multiboot2_info {
	__le32 total_size;
	__le32 reserved;
} __attribute__((packed));

struct multiboot2_tag {
	__le32 type;
	__le32 size;			/* these two words included */
} __attribute__((packed));

#define MULTIBOOT2_TAG_END		0
#define MULTIBOOT2_TAG_CMDLINE		1	/* string */
#define MULTIBOOT2_TAG_LOADER_NAME	2	/* string */
#define MULTIBOOT2_TAG_MODULE		3
#define MULTIBOOT2_TAG_MMAP		6
#define MULTIBOOT2_TAG_FRAMEBUFFER	8
#define MULTIBOOT2_TAG_EFI32		11
#define MULTIBOOT2_TAG_EFI64		12
#define MULTIBOOT2_TAG_ACPI_OLD		14	/* a copy of the RSDP */
#define MULTIBOOT2_TAG_ACPI_NEW		15
#define MULTIBOOT2_TAG_EFI_MMAP		17

/* A string follows. */
struct multiboot2_module {
	__le32 mod_start;
	__le32 mod_end;			/* exclusive */
} __attribute__((packed));

/* Entries of entry_size bytes follow. */
struct multiboot2_mmap {
	__le32 entry_size;
	__le32 entry_version;
} __attribute__((packed));

struct multiboot2_mmap_entry {
	__le64 addr;
	__le64 len;
	__le32 type;
} __attribute__((packed));

struct multiboot2_framebuffer {
	__le64 addr;
	__le32 pitch;
	__le32 width;
	__le32 height;
	__u8 bpp;
	__u8 type;
	__le16 reserved;
} __attribute__((packed));

#define MULTIBOOT2_FRAMEBUFFER_RGB	1

/* Behind a framebuffer of that type. */
struct multiboot2_colors {
	__u8 red_pos;
	__u8 red_size;
	__u8 green_pos;
	__u8 green_size;
	__u8 blue_pos;
	__u8 blue_size;
} __attribute__((packed));

struct multiboot2_efi32 {
	__le32 systab;
} __attribute__((packed));

struct multiboot2_efi64 {
	__le64 systab;
} __attribute__((packed));

/* The map follows as UEFI's GetMemoryMap() gives it. */
struct multiboot2_efi_mmap {
	__le32 descr_size;
	__le32 descr_version;
} __attribute__((packed));

_Static_assert(sizeof(struct multiboot2_info) == 8, "multiboot2 info");
_Static_assert(sizeof(struct multiboot2_tag) == 8, "multiboot2 tag");
_Static_assert(sizeof(struct multiboot2_module) == 8, "multiboot2 module");
_Static_assert(sizeof(struct multiboot2_mmap) == 8, "multiboot2 map");
_Static_assert(sizeof(struct multiboot2_mmap_entry) == 20, "multiboot2 range");
_Static_assert(sizeof(struct multiboot2_framebuffer) == 24, "multiboot2 screen");
_Static_assert(sizeof(struct multiboot2_colors) == 6, "multiboot2 colours");
_Static_assert(sizeof(struct multiboot2_efi32) == 4, "multiboot2 EFI32");
_Static_assert(sizeof(struct multiboot2_efi64) == 8, "multiboot2 EFI64");
_Static_assert(sizeof(struct multiboot2_efi_mmap) == 8, "multiboot2 EFI map");

#endif /* ELFBOOT_WIRE_MULTIBOOT2_H */
