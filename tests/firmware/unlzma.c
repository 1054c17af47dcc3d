// SPDX-License-Identifier: GPL-2.0
/*
 * Decompresses what cbfstool -c lzma writes, with the kernel's own code: that
 * of the tree which is given at build time.
 */
#include <stdint.h>

#include "firmware.h"

/*
 * The kernel's allocator for this place has variables. There is one thing to
 * allocate, and a stack to have it on.
 */
#define DECOMPR_MM_H
#define __LINUX_COMPILER_H
#define STATIC			static
#define INIT
#define malloc(size)		NULL
#define free(p)			do { } while (0)
#define large_malloc(size)	__builtin_alloca(size)
#define large_free(p)		do { } while (0)

#include "lib/decompress_unlzma.c"

#define HEADER_LEN	13
#define LC_LP_MAX	4	/* 24 KiB of the stack */

static void complain(char *message)
{
	say(NULL, "%s", message);
}

/**
 * unlzma_to - decompress
 * @to: where to
 * @room: bytes there; what is left of them is filled with zeros
 * @from: an LZMA stream with its 13 bytes of header
 * @len: its length
 *
 * Return: whether it could be done.
 */
bool unlzma_to(u32 to, u32 room, const u8 *from, u32 len)
{
	struct lzma_header header;
	u32 size;

	if (len < HEADER_LEN) {
		complain("lzma: Input too small");
		return false;
	}
	memcpy(&header, from, HEADER_LEN);
	if (header.pos % 9 + header.pos / 9 % 5 > LC_LP_MAX ||
	    header.dst_size > room)
		return false;
	size = header.dst_size;
	/* It takes four bytes off again: a kernel's has its length there. */
	if (__decompress((u8 *)from, len + 4, NULL, NULL, (u8 *)to, room, NULL,
			 complain))
		return false;
	memset((void *)(to + size), 0, room - size);
	return true;
}
