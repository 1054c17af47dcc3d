// SPDX-License-Identifier: GPL-2.0
/*
 * Options on the kernel's command line, as far as the stub looks at them.
 */
#include "info/cmdline.h"
#include "machine/machine.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static const char *skip_blanks(const char *s)
{
	while (is_blank(*s))
		s++;
	return s;
}

/**
 * string_copy - copy a string into a field
 * @dst: destination, always terminated
 * @src: string; cut if it does not fit
 * @size: bytes at @dst
 */
void string_copy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);

	if (len >= size)
		len = size - 1;
	memcpy(dst, src, len);
	dst[len] = '\0';
}

/**
 * cmdline_skip_word - skip the first word
 * @cmdline: NUL-terminated
 *
 * Return: the second word, or the end of the string.
 */
const char *cmdline_skip_word(const char *cmdline)
{
	cmdline = skip_blanks(cmdline);
	while (*cmdline && !is_blank(*cmdline))
		cmdline++;
	return skip_blanks(cmdline);
}

/* As lib/cmdline.c has it: a blank between quotation marks ends no word. */
static const char *word_end(const char *s)
{
	bool quoted = false;

	for (; *s && (quoted || !is_blank(*s)); s++)
		if (*s == '"')
			quoted = !quoted;
	return s;
}

/* Cut if it does not fit; quotation marks are not part of it. */
static void copy_value(char *value, size_t size, const char *s,
		       const char *end)
{
	for (; s < end && size > 1; s++) {
		if (*s == '"')
			continue;
		*value++ = *s;
		size--;
	}
	*value = '\0';
}

/**
 * cmdline_next - find the next occurrence of an option
 * @cmdline: NUL-terminated; where to begin
 * @option: its name, without "="
 * @value: what follows "=", without quotation marks, cut if it does not fit; ""
 *	   without "="
 * @size: bytes at @value
 *
 * What is quoted is part of its word, and no option.
 *
 * Return: what follows the option, where the next search begins, or NULL if
 * it is not there.
 */
const char *cmdline_next(const char *cmdline, const char *option, char *value,
			 size_t size)
{
	size_t len = strlen(option);
	const char *end, *s;

	for (;; cmdline = end) {
		cmdline = skip_blanks(cmdline);
		if (!*cmdline)
			return NULL;
		end = word_end(cmdline);
		/* All of a word may be quoted. */
		s = cmdline + (*cmdline == '"');
		if (strncmp(s, option, len))
			continue;
		s += len;
		if (s < end && *s != '=' && *s != '"')
			continue;
		copy_value(value, size, s + (*s == '='), end);
		return skip_blanks(end);
	}
}

/**
 * cmdline_option - is an option there?
 * @cmdline: NUL-terminated
 * @option: its name
 *
 * Return: true if it is, with or without a value.
 */
bool cmdline_option(const char *cmdline, const char *option)
{
	char value[1];

	return cmdline_next(cmdline, option, value, sizeof(value));
}

static u32 digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/**
 * cmdline_number - read a number
 * @s: its first digit; behind its last one then
 * @base: 2 to 16
 *
 * Return: the number, modulo 2^64; 0 where there is no digit.
 */
u64 cmdline_number(const char **s, u32 base)
{
	u64 value = 0;

	for (; digit(**s) < base; (*s)++)
		value = value * base + digit(**s);
	return value;
}
