/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PVH start info, Xen's xen/include/public/arch-x86/hvm/start_info.h.
 */
#ifndef ELFBOOT_WIRE_PVH_H
#define ELFBOOT_WIRE_PVH_H

#include <linux/types.h>

struct hvm_start_info {
	__le32 magic;
	__le32 version;
	__le32 flags;
	__le32 nr_modules;
	__le64 modlist_paddr;
	__le64 cmdline_paddr;
	__le64 rsdp_paddr;
	/* Version 1 and later. */
	__le64 memmap_paddr;
	__le32 memmap_entries;
	__le32 reserved;
} __attribute__((packed));

#define HVM_START_INFO_V0_SIZE	40

/* In flags: Xen's first domain (xen/include/public/xen.h). */
#define SIF_INITDOMAIN		0x2

struct hvm_modlist_entry {
	__le64 paddr;
	__le64 size;
	__le64 cmdline_paddr;
	__le64 reserved;
} __attribute__((packed));

struct hvm_memmap_table_entry {
	__le64 addr;
	__le64 size;
	__le32 type;
	__le32 reserved;
} __attribute__((packed));

_Static_assert(sizeof(struct hvm_start_info) == 56, "start info");
_Static_assert(sizeof(struct hvm_modlist_entry) == 32, "module list");
_Static_assert(sizeof(struct hvm_memmap_table_entry) == 24, "memory map");

#endif /* ELFBOOT_WIRE_PVH_H */
