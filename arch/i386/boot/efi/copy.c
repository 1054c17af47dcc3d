// SPDX-License-Identifier: GPL-2.0
/*
 * What compilers take for granted, and is quicker than a loop. The rest is the
 * stub's (machine/string.c).
 */
#include <linux/string.h>

/**
 * memcpy - copy bytes
 * @dst: to
 * @src: from; the two do not overlap
 * @len: bytes
 *
 * Return: @dst.
 */
void *memcpy(void *dst, const void *src, size_t len)
{
	size_t words = len / 4, rest = len % 4;
	void *to = dst;

	asm volatile("rep movsl"
		     : "+D" (to), "+S" (src), "+c" (words) : : "memory");
	asm volatile("rep movsb"
		     : "+D" (to), "+S" (src), "+c" (rest) : : "memory");
	return dst;
}

/**
 * memset - fill memory
 * @dst: where
 * @c: with that byte
 * @len: bytes
 *
 * Return: @dst.
 */
void *memset(void *dst, int c, size_t len)
{
	void *to = dst;

	asm volatile("rep stosb"
		     : "+D" (to), "+c" (len) : "a" (c) : "memory");
	return dst;
}
