/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RAM that a loader has put something into which the kernel is to find
 * (Documentation/elf-boot.txt, section 4.4). The stub reads the list where it is,
 * as soon as there is a memory map.
 */
#ifndef ELFBOOT_WIRE_SETUP_DATA_H
#define ELFBOOT_WIRE_SETUP_DATA_H

#include <linux/types.h>

struct kept_memory {
	__le64 addr;
	__le64 size;			/* bytes */
} __attribute__((packed));

_Static_assert(sizeof(struct kept_memory) == 16, "kept memory");

#endif /* ELFBOOT_WIRE_SETUP_DATA_H */
