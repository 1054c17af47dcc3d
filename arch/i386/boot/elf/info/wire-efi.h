/* SPDX-License-Identifier: GPL-2.0 */
/*
 * UEFI's memory map (UEFI Specification 2.10, section 7.2.3).
 */
#ifndef ELFBOOT_WIRE_EFI_H
#define ELFBOOT_WIRE_EFI_H

#include <linux/types.h>

/* Descriptors may be longer than that. */
struct efi_descriptor {
	__le32 type;
	__le32 pad;
	__le64 physical_start;
	__le64 virtual_start;
	__le64 number_of_pages;		/* of 4 KiB */
	__le32 attribute;
	__le32 attribute_hi;
} __attribute__((packed));

#define EFI_TYPE_LOADER_CODE	1	/* free once the image has read its notes */
#define EFI_TYPE_LOADER_DATA	2
#define EFI_TYPE_BOOT_CODE	3	/* free, when the loader has called */
#define EFI_TYPE_BOOT_DATA	4
#define EFI_TYPE_CONVENTIONAL	7	/* free, when the loader has called */
#define EFI_TYPE_UNUSABLE	8
#define EFI_TYPE_ACPI_RECLAIM	9
#define EFI_TYPE_ACPI_NVS	10
#define EFI_TYPE_PERSISTENT	14
#define EFI_ATTRIBUTE_SP	0x40000	/* but kept for a special purpose */

_Static_assert(sizeof(struct efi_descriptor) == 40, "EFI memory descriptor");

#endif /* ELFBOOT_WIRE_EFI_H */
