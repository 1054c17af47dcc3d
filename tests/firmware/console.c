// SPDX-License-Identifier: GPL-2.0
/*
 * What the firmware says, on COM1 and in the log that the payload can read
 * (coreboot: the CBMEM console).
 */
#include "firmware.h"
#include "io.h"
#include "uart.h"

/* tests/hello reports by the same code, to somebody else. */
#ifndef CONSOLE_PORT
#define CONSOLE_PORT	0x3f8
#define CONSOLE_PREFIX	"firmware: "
#endif

/**
 * console_init - set up the port, 115200 8n1, and an empty log
 * @log: where the log is to be, or NULL
 * @size: bytes there
 */
void console_init(struct log *log, u32 size)
{
	outb(LCR_8N1 | LCR_DLAB, CONSOLE_PORT + UART_LCR);
	outb(1, CONSOLE_PORT + UART_DLL);
	outb(0, CONSOLE_PORT + UART_DLM);
	outb(LCR_8N1, CONSOLE_PORT + UART_LCR);
	outb(FCR_ENABLE_CLEAR, CONSOLE_PORT + UART_FCR);
	outb(MCR_DTR_RTS, CONSOLE_PORT + UART_MCR);

	if (!log)
		return;
	log->size = size - sizeof(*log);
	log->cursor = 0;
}

static void put(struct log *log, char c)
{
	if (log && log->cursor < log->size)
		log->body[log->cursor++] = c;
	if (c == '\n')
		put(NULL, '\r');
	while (!(inb(CONSOLE_PORT + UART_LSR) & LSR_THRE))
		;
	outb(c, CONSOLE_PORT + UART_THR);
}

static void put_string(struct log *log, const char *s)
{
	while (*s)
		put(log, *s++);
}

static void put_hex(struct log *log, u64 value)
{
	int shift = 60;

	while (shift && !(value >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		put(log, "0123456789abcdef"[(value >> shift) & 15]);
}

static void put_decimal(struct log *log, u32 value)
{
	char digits[10];
	int i = 0;

	do {
		digits[i++] = '0' + value % 10;
		value /= 10;
	} while (value);
	while (i)
		put(log, digits[--i]);
}

static void put_line(struct log *log, const char *format,
		     __builtin_va_list args)
{
	put_string(log, CONSOLE_PREFIX);
	for (; *format; format++) {
		if (*format != '%') {
			put(log, *format);
			continue;
		}
		switch (*++format) {
		case 's':
			put_string(log, __builtin_va_arg(args, const char *));
			break;
		case 'u':
			put_decimal(log, __builtin_va_arg(args, u32));
			break;
		case 'x':
			put_hex(log, __builtin_va_arg(args, u32));
			break;
		case 'l':			/* "llx" */
			put_hex(log, __builtin_va_arg(args, u64));
			format += 2;
			break;
		}
	}
	put(log, '\n');
}

/**
 * say - say something
 * @log: the log, or NULL
 * @format: %s, %u, %x and %llx; one line, without its end
 */
void say(struct log *log, const char *format, ...)
{
	__builtin_va_list args;

	__builtin_va_start(args, format);
	put_line(log, format, args);
	__builtin_va_end(args);
}

/**
 * die - say why there is no going on, and halt
 * @log: the log, or NULL
 * @format: as for say()
 */
void die(struct log *log, const char *format, ...)
{
	__builtin_va_list args;

	put_string(log, "firmware: fatal\n");
	__builtin_va_start(args, format);
	put_line(log, format, args);
	__builtin_va_end(args);
	for (;;)
		asm volatile("cli; hlt");
}
