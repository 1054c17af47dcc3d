// SPDX-License-Identifier: GPL-2.0
/*
 * Messages: a small printf, and the end of all things.
 */
#include "console/console.h"
#include "info/bootinfo.h"
#include "machine/machine.h"

struct line {
	char text[192];
	size_t len;
};

static void put(struct line *line, char c)
{
	/* The last one is kept for the end of the line. */
	if (line->len < sizeof(line->text) - 1)
		line->text[line->len++] = c;
}

static void put_string(struct line *line, const char *s)
{
	while (*s)
		put(line, *s++);
}

/*
 * As printf() does by "%#x", 0 too. By constant shifts: others of 64 bits may
 * become calls of libgcc.
 */
static void put_hex(struct line *line, u64 value)
{
	char digits[16];
	int i = 0;

	put_string(line, "0x");
	do {
		digits[i++] = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value);
	while (i)
		put(line, digits[--i]);
}

static void put_decimal(struct line *line, u32 value)
{
	char digits[10];
	int i = 0;

	do {
		digits[i++] = '0' + value % 10;
		value /= 10;
	} while (value);
	while (i)
		put(line, digits[--i]);
}

static void put_fault(struct line *line, const struct fault *fault);

/* %s, %u, %#x, %#llx and %llu without widths; %p is a struct fault. */
static void format_line(struct line *line, const char *format,
			__builtin_va_list args)
{
	u64 value;

	for (; *format; format++) {
		if (*format != '%') {
			put(line, *format);
			continue;
		}
		if (*++format == '#')
			format++;
		switch (*format) {
		case 's':
			put_string(line, __builtin_va_arg(args, const char *));
			break;
		case 'u':
			put_decimal(line, __builtin_va_arg(args, u32));
			break;
		case 'x':
			put_hex(line, __builtin_va_arg(args, u32));
			break;
		case 'p':
			put_fault(line, __builtin_va_arg(args, const void *));
			break;
		case 'l':			/* "llx", "llu" */
			value = __builtin_va_arg(args, u64);
			format += 2;
			if (*format == 'u' && !(value >> 32))
				put_decimal(line, value);
			else
				put_hex(line, value);
			break;
		}
	}
}

static void put_values(struct line *line, const char *format, ...)
{
	__builtin_va_list args;

	__builtin_va_start(args, format);
	format_line(line, format, args);
	__builtin_va_end(args);
}

static void put_fault(struct line *line, const struct fault *fault)
{
	put_string(line, fault->source);
	put_string(line, ": ");
	put_values(line, fault->text, fault->value[0], fault->value[1]);
}

static void write_line(struct line *line)
{
	line->text[line->len++] = '\n';
	console_write(line->text, line->len);
}

/**
 * print - say something on the console
 * @format: %s, %u, %#x, %#llx, %llu (in hexadecimal from 2^32 on) and %p (a
 *	    struct fault); one line, without its end
 */
void print(const char *format, ...)
{
	struct line line = { .len = 0 };
	__builtin_va_list args;

	put_string(&line, "elfboot: ");
	__builtin_va_start(args, format);
	format_line(&line, format, args);
	__builtin_va_end(args);
	write_line(&line);
}

/**
 * fatal - say why there is no going on, and halt
 * @format: as for print(); says what to do as well
 */
void fatal(const char *format, ...)
{
	struct line line = { .len = 0 };
	__builtin_va_list args;

	console_open("", NULL);
	put_string(&line, "elfboot: fatal: ");
	__builtin_va_start(args, format);
	format_line(&line, format, args);
	__builtin_va_end(args);
	write_line(&line);
	cpu_halt();
}
