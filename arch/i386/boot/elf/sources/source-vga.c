// SPDX-License-Identifier: GPL-2.0
/*
 * The VGA's own registers, where no BIOS can be asked: coreboot may have set
 * 80x25 text (26.06 does on i440fx) and its table has no record for that.
 * Numbers: IBM's VGA as in FreeVGA; the kernel's include/video/vga.h.
 */
#include <linux/errno.h>

#include "machine/machine.h"
#include "sources/sources.h"

#define VGA_MISC_OUTPUT		0x3cc		/* to be read */
#define MISC_COLOR		0x01		/* the CRTC is at 3d4 */
#define MISC_RAM		0x02

/* Index ports; the data port comes next. */
#define VGA_GRAPHICS		0x3ce
#define GRAPHICS_MISC		0x06
#define GRAPHICS_MISC_MASK	0x0d
#define TEXT_AT_B8000		0x0c		/* and not a graphics mode */

#define VGA_CRTC		0x3d4
#define CRTC_COLUMNS_END	0x01
#define CRTC_OVERFLOW		0x07
#define CRTC_MAX_SCAN		0x09
#define CRTC_CURSOR_HIGH	0x0e
#define CRTC_CURSOR_LOW		0x0f
#define CRTC_LINES_END		0x12

#define COLUMNS			80
#define ROWS			25
#define MODE_TEXT_80X25		3

/* The index is left as it was. */
static u8 read_indexed(u16 port, u8 index)
{
	u8 before = port_read(port);
	u8 value;

	port_write(index, port);
	value = port_read(port + 1);
	port_write(before, port);
	return value;
}

static bool is_text_mode(void)
{
	const u8 misc = port_read(VGA_MISC_OUTPUT);

	/* Where nothing answers, all bits are set. */
	return misc != 0xff && (misc & MISC_COLOR) && (misc & MISC_RAM) &&
	       (read_indexed(VGA_GRAPHICS, GRAPHICS_MISC) &
		GRAPHICS_MISC_MASK) == TEXT_AT_B8000;
}

/* Scan lines that are displayed: 10 bits in two registers. */
static u32 displayed_lines(void)
{
	const u8 overflow = read_indexed(VGA_CRTC, CRTC_OVERFLOW);
	u32 last = read_indexed(VGA_CRTC, CRTC_LINES_END);

	last |= (overflow & 0x02) << 7;
	last |= (overflow & 0x40) << 3;
	return last + 1;
}

/**
 * vga_probe - take the text mode that coreboot has left, if it has left one
 * @ram: not used
 * @handoff: not used
 * @bi: with coreboot's table, if it was found; result: the screen
 *
 * Return: 0, or -ENOENT: the screen is known, coreboot is not below us, kexec has
 * called, or the VGA does not stand in 80x25 text.
 */
int vga_probe(const struct ram *ram, const struct handoff *handoff,
	      struct bootinfo *bi)
{
	struct screen *screen = &bi->screen;
	u32 points, at;

	if (bi->have_screen || bi->framebuffer.base || !bi->coreboot.size)
		return -ENOENT;
	if (!bootinfo_is_first_kernel(bi) || !is_text_mode())
		return -ENOENT;
	points = (read_indexed(VGA_CRTC, CRTC_MAX_SCAN) & 0x1f) + 1;
	if (read_indexed(VGA_CRTC, CRTC_COLUMNS_END) + 1 != COLUMNS ||
	    displayed_lines() / points != ROWS)
		return -ENOENT;

	at = read_indexed(VGA_CRTC, CRTC_CURSOR_HIGH) << 8;
	at |= read_indexed(VGA_CRTC, CRTC_CURSOR_LOW);
	if (at >= COLUMNS * ROWS)
		at = 0;
	*screen = (struct screen){
		.mode = MODE_TEXT_80X25,
		.columns = COLUMNS,
		.lines = ROWS,
		.x = at % COLUMNS,
		.y = at / COLUMNS,
		.points = points,
		.is_vga = true,
	};
	bi->have_screen = true;
	return 0;
}
