/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The private setup_data node that tells who booted this kernel. It is found
 * under /sys/kernel/boot_params/setup_data/N/ with this type.
 */
#ifndef ELFBOOT_PROVENANCE_H
#define ELFBOOT_PROVENANCE_H

#include <linux/types.h>

#define SETUP_ELFBOOT		0x454c4642

#define PROVENANCE_VERSION	3

/* CORRUPT_MULTIBOOT2 and so on: bits of @corrupt. */
#define CORRUPT(id, bit, name)	CORRUPT_##id = (bit),
enum {
#include "corrupt.h"
};

/* What is random of a kernel's addresses: bits of @random. */
#define RANDOM_MEMORY		0x1	/* the kernel has been told to choose */
#define RANDOM_VIRTUAL		0x2	/* its virtual address */
#define RANDOM_PHYSICAL		0x4	/* and its physical one */

/* Where random numbers come from: bits of @entropy. */
#define ENTROPY_RDRAND		0x1
#define ENTROPY_TSC		0x2
#define ENTROPY_SEED		0x4	/* the loader's */
#define ENTROPY_I8254		0x8

/**
 * struct elfboot_provenance - contents of the node
 * @version: PROVENANCE_VERSION; later ones only append
 * @corrupt: CORRUPT_* of what was present but ignored: a source, or a part of
 *	     what the caller has passed
 * @protocol: how the loader called
 * @loader: its name, "" if it gave none
 * @loader_version: its version, "" if it is part of the name or unknown
 * @firmware: what runs below the loader, "" if unknown
 * @map_source: who supplied the memory map
 * @cmdline_source: who supplied the command line, "" if nobody
 * @initrd_source: who supplied the initrd, "" if nobody
 * @tsc_entry: time stamp counter at the stub's entry
 * @tsc_kernel: and at the jump into the kernel
 * @coreboot_table: physical address of coreboot's table, 0 if there is none;
 *		    since version 2, like all that follows
 * @firmware_version: version of @firmware, "" if unknown
 * @random: RANDOM_*; since version 3, like all that follows. Everybody can read
 *	    this node: it must not say where the kernel is
 * @entropy: ENTROPY_*
 * @why_fixed: why not all of it is random, "" if it is
 *
 * Strings are NUL-terminated.
 */
struct elfboot_provenance {
	__le32 version;
	__le32 corrupt;
	char protocol[16];
	char loader[64];
	char loader_version[32];
	char firmware[32];
	char map_source[16];
	char cmdline_source[16];
	char initrd_source[16];
	__le64 tsc_entry;
	__le64 tsc_kernel;
	__le64 coreboot_table;
	char firmware_version[32];
	__le32 random;
	__le32 entropy;
	char why_fixed[24];
} __attribute__((packed));

_Static_assert(sizeof(struct elfboot_provenance) == 288, "provenance node");

#endif /* ELFBOOT_PROVENANCE_H */
