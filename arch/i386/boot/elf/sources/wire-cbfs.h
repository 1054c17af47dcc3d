/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files in coreboot's flash (coreboot:
 * src/commonlib/bsd/include/commonlib/bsd/cbfs_serialized.h).
 */
#ifndef ELFBOOT_WIRE_CBFS_H
#define ELFBOOT_WIRE_CBFS_H

#include <linux/types.h>

/* In front of each file, its name behind it. */
struct cbfs_file {
	__u8 magic[8];			/* CBFS_MAGIC */
	__be32 len;			/* of the contents */
	__be32 type;
	__be32 attributes_offset;	/* from here; 0: none */
	__be32 offset;			/* of the contents, from here */
} __attribute__((packed));

#define CBFS_MAGIC		"LARCHIVE"
#define CBFS_MAGIC_WORD		0x4352414c	/* its first half */
#define CBFS_ALIGN		64

/* What is no file, whatever its name: removed, or never written. */
#define CBFS_TYPE_DELETED	0
#define CBFS_TYPE_NULL		0xffffffff

struct cbfs_attribute {
	__be32 tag;
	__be32 len;			/* these two words included */
} __attribute__((packed));

#define CBFS_ATTRIBUTE_COMPRESSION	0x42435a4c

/* Its contents begin so. */
struct cbfs_compression {
	__be32 algorithm;		/* 0: none */
} __attribute__((packed));

_Static_assert(sizeof(struct cbfs_file) == 24, "CBFS file");
_Static_assert(sizeof(struct cbfs_attribute) == 8, "CBFS attribute");
_Static_assert(sizeof(struct cbfs_compression) == 4, "CBFS compression");

#endif /* ELFBOOT_WIRE_CBFS_H */
