// SPDX-License-Identifier: GPL-2.0
/*
 * Options on the kernel's command line, as far as the stub looks at them.
 */
#include "elfboot.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
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
	while (is_blank(*cmdline))
		cmdline++;
	while (*cmdline && !is_blank(*cmdline))
		cmdline++;
	while (is_blank(*cmdline))
		cmdline++;
	return cmdline;
}

/**
 * cmdline_next - find the next occurrence of an option
 * @cmdline: NUL-terminated; where to begin
 * @option: its name, without "="
 * @value: what follows "=", cut if it does not fit; "" without "="
 * @size: bytes at @value
 *
 * Return: what follows the option, where the next search begins, or NULL if
 * it is not there.
 */
const char *cmdline_next(const char *cmdline, const char *option, char *value,
			 size_t size)
{
	size_t len = strlen(option);
	size_t i;

	while (is_blank(*cmdline))
		cmdline++;
	for (; *cmdline; cmdline = cmdline_skip_word(cmdline)) {
		const char *s = cmdline + len;

		if (strncmp(cmdline, option, len))
			continue;
		if (*s && *s != '=' && !is_blank(*s))
			continue;
		if (*s == '=')
			s++;
		for (i = 0; i + 1 < size && s[i] && !is_blank(s[i]); i++)
			value[i] = s[i];
		value[i] = '\0';
		return cmdline_skip_word(cmdline);
	}
	return NULL;
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
