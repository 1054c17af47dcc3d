// SPDX-License-Identifier: GPL-2.0
/*
 * The console: a serial port and the VGA text screen, by polling. What is
 * written before console_open() waits: the port is known from the command
 * line. Until there is something to say no hardware is touched.
 */
#include <asm/byteorder.h>

#include "console/console.h"
#include "info/bootinfo.h"
#include "info/cmdline.h"
#include "machine/machine.h"

#define UART_THR	0		/* transmit */
#define UART_DLL	0		/* divisor, with LCR_DLAB */
#define UART_DLM	1
#define UART_LCR	3
#define UART_MCR	4
#define UART_LSR	5
#define UART_SCR	7

#define LCR_8N1		0x03
#define LCR_DLAB	0x80
#define MCR_DTR_RTS	0x03
#define LSR_THRE	0x20

#define UART_CLOCK	115200
#define UART_PATIENCE	100000		/* polls; a character takes far fewer */

#define VGA_TEXT	0xb8000
#define VGA_COLUMNS	80
#define VGA_ROWS	25
#define VGA_NORMAL	0x07

static const struct ram_seg vga_seg = {
	VGA_TEXT, VGA_ROWS * VGA_COLUMNS * 2, VGA_TEXT
};

static const struct ram vga = { 1, &vga_seg };

/* Registers of a UART: below 4 GiB. */
static const struct ram_seg mmio_seg = { 0, RAM_4G, 0 };
static const struct ram mmio = { 1, &mmio_seg };

static const u16 standard_ports[] = { 0x3f8, 0x2f8, 0x3e8, 0x2e8 };

static struct {
	bool open;
	bool ready;			/* hardware is set up */
	struct serial port;
	u32 baud;			/* 0: as the firmware left it */
	u8 column;
	size_t len;
	char *waiting;			/* CONSOLE_WAITING bytes */
} console;

/* Registers that are 4 bytes apart want to be accessed as 4 bytes. */
static u8 uart_read(u32 reg)
{
	const struct serial *port = &console.port;
	__le32 value = 0;

	if (!port->mmio)
		return port_read(port->base + reg * port->step);
	ram_read(&mmio, port->base + reg * port->step, &value,
		 port->step == 4 ? 4 : 1);
	return __le32_to_cpu(value);
}

static void uart_write(u8 byte, u32 reg)
{
	const struct serial *port = &console.port;
	__le32 value = __cpu_to_le32(byte);

	if (port->mmio)
		ram_write(&mmio, port->base + reg * port->step, &value,
			  port->step == 4 ? 4 : 1);
	else
		port_write(byte, port->base + reg * port->step);
}

static void serial_init(void)
{
	u32 divisor;

	/* Nothing there: reads float, and nothing is kept. */
	uart_write(0x5a, UART_SCR);
	if (uart_read(UART_SCR) != 0x5a) {
		console.port.base = 0;
		return;
	}
	if (!console.baud)
		return;
	divisor = UART_CLOCK / console.baud;
	uart_write(LCR_8N1 | LCR_DLAB, UART_LCR);
	uart_write(divisor, UART_DLL);
	uart_write(divisor >> 8, UART_DLM);
	uart_write(LCR_8N1, UART_LCR);
	uart_write(MCR_DTR_RTS, UART_MCR);
}

static void serial_put(char c)
{
	u32 patience = UART_PATIENCE;

	if (!console.port.base)
		return;
	if (c == '\n')
		serial_put('\r');
	while (!(uart_read(UART_LSR) & LSR_THRE))
		if (!--patience)
			return;
	uart_write(c, UART_THR);
}

static void vga_scroll(void)
{
	const u32 row = VGA_COLUMNS * 2;
	u16 blank = VGA_NORMAL << 8 | ' ';
	u32 i;

	ram_move(&vga, VGA_TEXT, VGA_TEXT + row, (VGA_ROWS - 1) * row);
	for (i = 0; i < VGA_COLUMNS; i++)
		ram_write(&vga, VGA_TEXT + (VGA_ROWS - 1) * row + i * 2,
			  &blank, sizeof(blank));
	console.column = 0;
}

/* On the last row: where the cursor was, nobody may know. */
static void vga_put(char c)
{
	u16 cell = VGA_NORMAL << 8 | (u8)c;
	u32 at = ((VGA_ROWS - 1) * VGA_COLUMNS + console.column) * 2;

	if (c == '\n') {
		vga_scroll();
		return;
	}
	ram_write(&vga, VGA_TEXT + at, &cell, sizeof(cell));
	if (++console.column == VGA_COLUMNS)
		vga_scroll();
}

static void hardware_write(const char *s, size_t len)
{
	if (!console.ready) {
		console.ready = true;
		serial_init();
		vga_scroll();
	}
	for (; len; len--, s++) {
		serial_put(*s);
		vga_put(*s);
	}
}

/* "ttyS1,115200", "serial,ttyS0,9600", "uart8250,io,0x3f8,115200n8" */
static void parse_port(const char *value)
{
	const char *s = value;
	u32 port = 0;
	u32 baud;

	for (; *s; s++) {
		if (s != value && s[-1] != ',')
			continue;
		if (!strncmp(s, "ttyS", 4) && s[4] >= '0' && s[4] <= '3' &&
		    (!s[5] || s[5] == ',')) {
			port = standard_ports[s[4] - '0'];
			s += 5;
			break;
		}
		if (!strncmp(s, "io,0x", 5) || !strncmp(s, "0x", 2)) {
			s += *s == '0' ? 2 : 5;
			port = cmdline_number(&s, 16);
			break;
		}
		if (!strncmp(s, "mmio", 4))
			return;
	}
	if (!port || port > 0xfff8)
		return;
	console.port = (struct serial){ port, 1, false };
	console.baud = 0;
	if (*s != ',')
		return;
	s++;
	baud = cmdline_number(&s, 10);
	if (baud >= 50 && baud <= UART_CLOCK)
		console.baud = baud;
}

/**
 * console_init - get ready to keep what is written
 * @waiting: CONSOLE_WAITING bytes
 */
void console_init(char *waiting)
{
	console.waiting = waiting;
}

/**
 * console_open - choose the port and write what has been waiting
 * @cmdline: the kernel's command line: the last console= or earlyprintk= that
 *	     names a serial port is used
 * @serial: else the firmware's port, as it has set it up (may be NULL); else
 *	    COM1 if it is there
 *
 * Only the first call counts.
 */
void console_open(const char *cmdline, const struct serial *serial)
{
	static const char * const options[] = { "earlyprintk", "console" };
	char value[48];
	const char *s;
	u32 i;

	if (console.open)
		return;
	console.open = true;
	console.port = (struct serial){ standard_ports[0], 1, false };
	if (serial && serial->base)
		console.port = *serial;
	for (i = 0; i < ARRAY_SIZE(options); i++)
		for (s = cmdline; s;) {
			s = cmdline_next(s, options[i], value, sizeof(value));
			if (s)
				parse_port(value);
		}
	if (console.len)
		hardware_write(console.waiting, console.len);
}

/**
 * console_write - write, or keep until the console is open
 * @s: characters
 * @len: how many; what does not fit is lost
 */
void console_write(const char *s, size_t len)
{
	size_t room = CONSOLE_WAITING - console.len;

	if (console.open) {
		hardware_write(s, len);
		return;
	}
	if (len > room)
		len = room;
	memcpy(&console.waiting[console.len], s, len);
	console.len += len;
}
