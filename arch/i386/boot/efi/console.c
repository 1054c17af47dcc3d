// SPDX-License-Identifier: GPL-2.0
/*
 * Messages, on the firmware's console. Quiet as long as all goes well.
 */
#include <stdarg.h>

#include "loader.h"

/* Appendix D of the specification, in words. */
static const struct {
	u8 code;
	char text[23];
} statuses[] = {
	{ 1, "load error" },
	{ 2, "invalid parameter" },
	{ 3, "unsupported" },
	{ 4, "bad buffer size" },
	{ 5, "buffer too small" },
	{ 6, "not ready" },
	{ 7, "device error" },
	{ 8, "write protected" },
	{ 9, "out of resources" },
	{ 10, "volume corrupted" },
	{ 11, "volume full" },
	{ 12, "no media" },
	{ 13, "media changed" },
	{ 14, "not found" },
	{ 15, "access denied" },
	{ 16, "no response" },
	{ 17, "no mapping" },
	{ 18, "timeout" },
	{ 21, "aborted" },
	{ 24, "protocol error" },
	{ 26, "security violation" },
	{ 27, "CRC error" },
	{ 28, "end of media" },
	{ 31, "end of file" },
	{ 35, "HTTP error" },
};

/* What has been printed and is not on the screen yet. */
struct line {
	const struct loader *loader;
	u32 len;
	u16 text[80];
};

static void flush(struct line *line)
{
	struct efi_text_output *out = line->loader->system->console_out;

	line->text[line->len] = 0;
	line->len = 0;
	if (out)
		out->output_string(out, line->text);
}

static void put(struct line *line, u16 c)
{
	if (line->len + 1 == ARRAY_SIZE(line->text))
		flush(line);
	line->text[line->len++] = c;
}

static void put_string(struct line *line, const char *text)
{
	while (*text)
		put(line, (u8)*text++);
}

static void put_word(struct line *line, const struct word *word)
{
	u32 i;

	for (i = 0; i < word->len; i++)
		put(line, word->text[i]);
}

static void put_hex(struct line *line, u64 value)
{
	char digits[17];
	u32 at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value);
	put_string(line, "0x");
	put_string(line, digits + at);
}

static void put_decimal(struct line *line, u32 value)
{
	char digits[11];
	u32 at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = '0' + value % 10;
		value /= 10;
	} while (value);
	put_string(line, digits + at);
}

static void put_status(struct line *line, efi_status status)
{
	efi_status code = status & ~EFI_ERROR_BIT;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		if (statuses[i].code == code) {
			put_string(line, statuses[i].text);
			return;
		}
	}
	put_string(line, "EFI status ");
	put_hex(line, status);
}

/* %s string, %w struct word, %x u64 in hexadecimal, %u u32 in decimal */
static void print(struct line *line, const char *format, va_list args)
{
	for (; *format; format++) {
		if (*format != '%') {
			put(line, (u8)*format);
			continue;
		}
		switch (*++format) {
		case 's':
			put_string(line, va_arg(args, const char *));
			break;
		case 'w':
			put_word(line, va_arg(args, const struct word *));
			break;
		case 'x':
			put_hex(line, va_arg(args, u64));
			break;
		case 'u':
			put_decimal(line, va_arg(args, u32));
			break;
		}
	}
}

/**
 * say - print a line
 * @loader: has the console
 * @format: the line, without its end: %s is a string, %w a struct word, %x a
 *	    u64 in hexadecimal, %u a u32 in decimal
 */
void say(const struct loader *loader, const char *format, ...)
{
	struct line line = { .loader = loader };
	va_list args;

	put_string(&line, "elfboot: ");
	va_start(args, format);
	print(&line, format, args);
	va_end(args);
	put_string(&line, "\r\n");
	flush(&line);
}

/**
 * say_part - print a part of a line
 * @loader: has the console
 * @format: the part, as for say()
 */
void say_part(const struct loader *loader, const char *format, ...)
{
	struct line line = { .loader = loader };
	va_list args;

	va_start(args, format);
	print(&line, format, args);
	va_end(args);
	flush(&line);
}

/**
 * fail - print what went wrong
 * @loader: has the console
 * @status: what the firmware is told; comes behind the text, in words
 * @format: the text, as for say()
 *
 * Return: @status.
 */
efi_status fail(const struct loader *loader, efi_status status,
		const char *format, ...)
{
	struct line line = { .loader = loader };
	va_list args;

	put_string(&line, "elfboot: ");
	va_start(args, format);
	print(&line, format, args);
	va_end(args);
	put_string(&line, ": ");
	put_status(&line, status);
	put_string(&line, "\r\n");
	flush(&line);
	return status;
}
