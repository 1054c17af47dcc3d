/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An input of the stub's drivers: registers and a few pieces of physical
 * memory.
 *
 *	0	EAX, EBX, ECX, EDX, ESI, EDI, ESP
 *	28	INPUT_*
 *	32	PIECES_MAX times: u64 address, u32 size, u32 bytes of contents
 *	112	contents of the pieces, one behind the other; the rest of a
 *		piece is zero
 *	...	what devices say
 */
#ifndef TESTS_INPUT_H
#define TESTS_INPUT_H

#include "fixture.h"

#define INPUT_FLAGS	28
#define INPUT_PIECES	32
#define INPUT_PIECE	16
#define INPUT_HEADER	(INPUT_PIECES + PIECES_MAX * INPUT_PIECE)
#define INPUT_PIECE_MAX	0x11000

#define INPUT_FULL	0x1	/* an earlier source has supplied everything */
#define INPUT_REPAIR	0x2	/* put checksums right first */
#define INPUT_64	0x4	/* the kernel is 64-bit */
#define INPUT_BZIMAGE	0x8	/* the kernel has a setup_header */
#define INPUT_VIRTUAL	0x10	/* the CPU says that it is virtual */

#endif /* TESTS_INPUT_H */
