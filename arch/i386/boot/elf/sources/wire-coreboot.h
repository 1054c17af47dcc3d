/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table that coreboot, and LinuxBIOS before it, leaves in memory
 * (coreboot: src/commonlib/include/commonlib/coreboot_tables.h; as of 4.0:
 * src/include/boot/coreboot_tables.h).
 * 64-bit members are aligned to 4 bytes only.
 */
#ifndef ELFBOOT_WIRE_COREBOOT_H
#define ELFBOOT_WIRE_COREBOOT_H

#include <linux/types.h>

#define LB_SIGNATURE		0x4f49424c	/* "LBIO" */

struct lb_header {
	__le32 signature;
	__le32 header_bytes;
	__le32 header_checksum;
	__le32 table_bytes;		/* of the records behind the header */
	__le32 table_checksum;
	__le32 table_entries;
} __attribute__((packed));

struct lb_record {
	__le32 tag;
	__le32 size;			/* these two words included */
} __attribute__((packed));

#define LB_TAG_UNUSED			0x00
#define LB_TAG_MEMORY			0x01
#define LB_TAG_MAINBOARD		0x03
#define LB_TAG_VERSION			0x04	/* string */
#define LB_TAG_EXTRA_VERSION		0x05	/* string */
#define LB_TAG_BUILD			0x06	/* string */
#define LB_TAG_COMPILE_TIME		0x07	/* string */
#define LB_TAG_SERIAL			0x0f
#define LB_TAG_CONSOLE			0x10
#define LB_TAG_FORWARD			0x11
#define LB_TAG_FRAMEBUFFER		0x12
#define LB_TAG_CBMEM_CONSOLE		0x17
#define LB_TAG_BOOT_MEDIA_PARAMS	0x30
#define LB_TAG_CBMEM_ENTRY		0x31
#define LB_TAG_ACPI_RSDP		0x43

/* An array of them is LB_TAG_MEMORY's contents. */
struct lb_memory_range {
	__le64 start;
	__le64 size;
	__le32 type;
} __attribute__((packed));

#define LB_MEM_RAM		1
#define LB_MEM_RESERVED		2
#define LB_MEM_ACPI		3
#define LB_MEM_NVS		4
#define LB_MEM_UNUSABLE		5
#define LB_MEM_VENDOR_RSVD	6
#define LB_MEM_TABLE		16
#define LB_MEM_TAG		17
#define LB_MEM_SOFT_RESERVED	0xefffffff

/* LB_TAG_SERIAL as of 4.0, known by its size. */
struct lb_serial_old {
	__le16 ioport;
	__le16 pad;
	__le32 baud;
} __attribute__((packed));

/* Since then; the first ones end before regwidth, later ones go on. */
struct lb_serial {
	__le32 type;
	__le32 baseaddr;
	__le32 baud;
	__le32 regwidth;		/* bytes from register to register */
} __attribute__((packed));

#define LB_SERIAL_SIZE		12

#define LB_SERIAL_IO		1
#define LB_SERIAL_MMIO		2

struct lb_framebuffer {
	__le64 physical_address;
	__le32 x_resolution;
	__le32 y_resolution;
	__le32 bytes_per_line;
	__u8 bits_per_pixel;
	__u8 red_mask_pos;
	__u8 red_mask_size;
	__u8 green_mask_pos;
	__u8 green_mask_size;
	__u8 blue_mask_pos;
	__u8 blue_mask_size;
	__u8 reserved_mask_pos;
	__u8 reserved_mask_size;
} __attribute__((packed));

/* LB_TAG_FORWARD, LB_TAG_CBMEM_CONSOLE, LB_TAG_ACPI_RSDP. */
struct lb_address {
	__le64 address;
} __attribute__((packed));

struct lb_cbmem_entry {
	__le64 address;
	__le32 entry_size;
	__le32 id;
} __attribute__((packed));

#define CBMEM_ID_ACPI		0x41435049

#define LB_BOOT_MEDIA_END	0x100000000ULL	/* where it is mapped */

/* Offsets from the start of the medium. */
struct lb_boot_media_params {
	__le64 fmap_offset;
	__le64 cbfs_offset;
	__le64 cbfs_size;
	__le64 boot_media_size;
} __attribute__((packed));

_Static_assert(sizeof(struct lb_header) == 24, "coreboot table");
_Static_assert(sizeof(struct lb_record) == 8, "coreboot record");
_Static_assert(sizeof(struct lb_memory_range) == 20, "coreboot memory");
_Static_assert(sizeof(struct lb_serial_old) == 8, "coreboot serial, 4.0");
_Static_assert(sizeof(struct lb_serial) == 16, "coreboot serial");
_Static_assert(sizeof(struct lb_framebuffer) == 29, "coreboot framebuffer");
_Static_assert(sizeof(struct lb_address) == 8, "coreboot address");
_Static_assert(sizeof(struct lb_cbmem_entry) == 16, "coreboot CBMEM entry");
_Static_assert(sizeof(struct lb_boot_media_params) == 32, "coreboot flash");

#endif /* ELFBOOT_WIRE_COREBOOT_H */
