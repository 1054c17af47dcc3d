// SPDX-License-Identifier: GPL-2.0
/*
 * What is said goes to both of a PC's first serial ports, as far as they are
 * there. The stub's print.c makes the lines.
 */
#include "conformance.h"
#include "console/console.h"
#include "machine/machine.h"

#include "../firmware/uart.h"

#define POLLS			0x100000

/* print() puts it in front of everything. */
#define PREFIX_SIZE		(sizeof("elfboot: ") - 1)

static struct {
	u16 base;
	bool there;
} ports[] = { { 0x3f8 }, { 0x2f8 } };

static bool is_there(u16 base)
{
	port_write(0x5a, base + UART_SCR);
	return port_read(base + UART_SCR) == 0x5a;
}

/**
 * serial_init - find the ports and set them up, 115200 8n1
 *
 * The entry has done that; only one of 64 bits has not.
 */
void serial_init(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ports); i++) {
		const u16 base = ports[i].base;

		ports[i].there = is_there(base);
		if (!ports[i].there)
			continue;
		port_write(0, base + UART_IER);
		port_write(LCR_DLAB, base + UART_LCR);
		port_write(1, base + UART_DLL);
		port_write(0, base + UART_DLM);
		port_write(LCR_8N1, base + UART_LCR);
		port_write(FCR_ENABLE_CLEAR, base + UART_FCR);
		port_write(MCR_DTR_RTS, base + UART_MCR);
	}
}

/* One that nobody reads from is left to itself. */
static void put(char c)
{
	u32 i, left;

	for (i = 0; i < ARRAY_SIZE(ports); i++) {
		if (!ports[i].there)
			continue;
		for (left = POLLS; left; left--)
			if (port_read(ports[i].base + UART_LSR) & LSR_THRE)
				break;
		ports[i].there = left;
		port_write(c, ports[i].base + UART_THR);
	}
}

/**
 * serial_write - send characters
 * @s: the first one
 * @len: their number
 */
void serial_write(const char *s, size_t len)
{
	for (; len; len--, s++) {
		if (*s == '\n')
			put('\r');
		put(*s);
	}
}

/**
 * serial_text - send a line with a text of any length in it
 * @title: what is in front of it
 * @text: the text
 */
void serial_text(const char *title, const char *text)
{
	serial_write(title, strlen(title));
	serial_write(text, strlen(text));
	serial_write("\n", 1);
}

/**
 * console_write - send a line that print() has made, without its prefix
 * @s: the line
 * @len: its length in bytes
 */
void console_write(const char *s, size_t len)
{
	serial_write(s + PREFIX_SIZE, len - PREFIX_SIZE);
}

/**
 * console_open - nothing: the ports are open
 * @cmdline: not used
 * @serial: not used
 */
void console_open(const char *cmdline, const struct serial *serial)
{
}
