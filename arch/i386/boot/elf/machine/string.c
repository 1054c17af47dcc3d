// SPDX-License-Identifier: GPL-2.0
/*
 * String functions; those that copy are in copy.S.
 */
#include "machine/machine.h"

/**
 * memcmp - compare bytes
 * @a: one
 * @b: other
 * @len: bytes
 *
 * Return: 0 if equal, else the sign of the first difference.
 */
int memcmp(const void *a, const void *b, size_t len)
{
	const u8 *p = a, *q = b;

	for (; len; len--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

/**
 * strlen - length of a string
 * @s: the string
 *
 * Return: characters before the NUL.
 */
size_t strlen(const char *s)
{
	size_t len = 0;

	while (s[len])
		len++;
	return len;
}

/**
 * strncmp - compare strings
 * @a: one
 * @b: other
 * @len: at most so many characters
 *
 * Return: 0 if equal, else the sign of the first difference.
 */
int strncmp(const char *a, const char *b, size_t len)
{
	for (; len; len--, a++, b++)
		if (*a != *b || !*a)
			return (u8)*a - (u8)*b;
	return 0;
}
