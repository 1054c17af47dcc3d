/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Multiboot Specification version 0.6.96, sections 3.3 and 3.4: what the
 * loader passes. Nothing in it need be aligned (coreboot of 2013 passes an
 * odd address).
 */
#ifndef ELFBOOT_WIRE_MULTIBOOT_H
#define ELFBOOT_WIRE_MULTIBOOT_H

#include <linux/types.h>

#define MULTIBOOT_BOOTLOADER_MAGIC	0x2badb002

#define MULTIBOOT_INFO_MEMORY		0x0001
#define MULTIBOOT_INFO_CMDLINE		0x0004
#define MULTIBOOT_INFO_MODS		0x0008
#define MULTIBOOT_INFO_MEM_MAP		0x0040
#define MULTIBOOT_INFO_BOOT_LOADER_NAME	0x0200

/* All fields are written by a stranger and read once. */
struct multiboot_info {
	__le32 flags;
	__le32 mem_lower;		/* KiB from 0 */
	__le32 mem_upper;		/* KiB from 1 MiB */
	__le32 boot_device;
	__le32 cmdline;
	__le32 mods_count;
	__le32 mods_addr;
	__le32 syms[4];
	__le32 mmap_length;		/* bytes */
	__le32 mmap_addr;
	__le32 drives_length;
	__le32 drives_addr;
	__le32 config_table;
	__le32 boot_loader_name;
} __attribute__((packed));

struct multiboot_module {
	__le32 mod_start;
	__le32 mod_end;			/* exclusive */
	__le32 cmdline;
	__le32 pad;
} __attribute__((packed));

/* The next entry is at this one's address + size + 4. */
struct multiboot_mmap_entry {
	__le32 size;			/* of what follows, 20 or more */
	__le64 addr;
	__le64 len;
	__le32 type;
} __attribute__((packed));

_Static_assert(sizeof(struct multiboot_info) == 68, "multiboot info");
_Static_assert(sizeof(struct multiboot_module) == 16, "multiboot module");
_Static_assert(sizeof(struct multiboot_mmap_entry) == 24, "multiboot mmap");

#endif /* ELFBOOT_WIRE_MULTIBOOT_H */
