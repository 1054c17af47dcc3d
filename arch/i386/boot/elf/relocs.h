/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel's relocations as an image has them (kaslr/relocate.c): lists of
 * places, each an offset from the kernel's first byte, ascending, of which only
 * the distances are written. Before the first one is -1.
 *
 *	1 byte				distance, if that is not 0
 *	0, 2 bytes			distance, if these are not 0
 *	0, 0, 0, 4 bytes		distance, if these are not 0
 *	0, 0, 0, 0, 0, 0, 0		the list ends
 *
 * Shared by the stub and the host tool.
 */
#ifndef ELFBOOT_RELOCS_H
#define ELFBOOT_RELOCS_H

/* What is done with the places of a list; an i386 kernel has the first alone. */
#define RELOCS_32		0	/* 32 bits, the offset is added */
#define RELOCS_INVERSE_32	1	/* 32 bits, it is subtracted */
#define RELOCS_64		2	/* 64 bits, it is added */
#define RELOCS_LISTS_32		1
#define RELOCS_LISTS_64		3

/* The distance from place to place takes one byte, or is behind so many zeros. */
#define RELOCS_END_SIZE		7

/* So the sum of all distances of one byte is less than 2 GiB. */
#define RELOCS_MAX		0x800000

#endif /* ELFBOOT_RELOCS_H */
