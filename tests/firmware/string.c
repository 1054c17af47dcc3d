// SPDX-License-Identifier: GPL-2.0
/*
 * What the compiler may call, and the little else that is needed.
 */
#include "firmware.h"

/**
 * memcpy - copy, a payload of many megabytes among others
 * @to: where to
 * @from: where from
 * @len: bytes
 *
 * Return: @to.
 */
void *memcpy(void *to, const void *from, size_t len)
{
	void *at = to;
	size_t words = len / 4;

	asm volatile("rep movsl"
		     : "+D" (at), "+S" (from), "+c" (words) : : "memory");
	len %= 4;
	asm volatile("rep movsb"
		     : "+D" (at), "+S" (from), "+c" (len) : : "memory");
	return to;
}

/**
 * memset - fill
 * @to: where
 * @c: with which byte
 * @len: bytes
 *
 * Return: @to.
 */
void *memset(void *to, int c, size_t len)
{
	u32 word = (c & 0xff) * 0x01010101U;
	void *at = to;
	size_t words = len / 4;

	asm volatile("rep stosl"
		     : "+D" (at), "+c" (words) : "a" (word) : "memory");
	len %= 4;
	asm volatile("rep stosb"
		     : "+D" (at), "+c" (len) : "a" (word) : "memory");
	return to;
}

/**
 * memcmp - compare bytes
 * @a: some
 * @b: others
 * @len: how many
 *
 * Return: 0 if they are the same.
 */
int memcmp(const void *a, const void *b, size_t len)
{
	const u8 *left = a;
	const u8 *right = b;

	for (; len; len--, left++, right++)
		if (*left != *right)
			return *left - *right;
	return 0;
}

/**
 * strlen - length of a string
 * @s: the string
 *
 * Return: its length, without the NUL.
 */
size_t strlen(const char *s)
{
	size_t len = 0;

	while (s[len])
		len++;
	return len;
}

/**
 * strcmp - compare strings
 * @a: one
 * @b: the other
 *
 * Return: 0 if they are the same.
 */
int strcmp(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return (u8)*a - (u8)*b;
}
