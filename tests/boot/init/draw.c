// SPDX-License-Identifier: GPL-2.0
/*
 * Draw on the firmware's framebuffer: a screendump shows then whether address,
 * pitch and colours were right.
 */
#include <fcntl.h>
#include <linux/fb.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "init.h"

#define SPOT	16			/* pixels */

struct color {
	uint8_t red;
	uint8_t green;
	uint8_t blue;
};

/* Clockwise from the upper left, then the centre (screen.py has them, too). */
static const struct color colors[] = {
	{ 255, 0, 0 }, { 0, 255, 0 }, { 0, 0, 255 }, { 255, 255, 0 },
	{ 255, 0, 255 },
};

static uint32_t component(uint8_t value, const struct fb_bitfield *field)
{
	return (uint32_t)(value >> (8 - field->length)) << field->offset;
}

static void fill(uint8_t *pixels, const struct fb_fix_screeninfo *fix,
		 const struct fb_var_screeninfo *var, uint32_t x, uint32_t y,
		 const struct color *color)
{
	uint32_t bytes = (var->bits_per_pixel + 7) / 8;
	uint32_t pixel = component(color->red, &var->red) |
			 component(color->green, &var->green) |
			 component(color->blue, &var->blue);
	uint32_t i, j;

	for (j = 0; j < SPOT; j++)
		for (i = 0; i < SPOT; i++)
			memcpy(pixels + (y + j) * fix->line_length +
			       (x + i) * bytes, &pixel, bytes);
}

/**
 * draw - a spot in each corner and one in the centre
 */
void draw(void)
{
	struct fb_fix_screeninfo fix;
	struct fb_var_screeninfo var;
	int fb = open("/dev/fb0", O_RDWR);
	uint32_t right, low;
	uint8_t *pixels;

	if (fb < 0 || ioctl(fb, FBIOGET_FSCREENINFO, &fix) ||
	    ioctl(fb, FBIOGET_VSCREENINFO, &var)) {
		fprintf(out, "drawn no\n");
		return;
	}
	pixels = mmap(NULL, (size_t)fix.line_length * var.yres,
		      PROT_READ | PROT_WRITE, MAP_SHARED, fb, 0);
	if (pixels == MAP_FAILED) {
		fprintf(out, "drawn no\n");
		return;
	}
	right = var.xres - SPOT;
	low = var.yres - SPOT;
	fill(pixels, &fix, &var, 0, 0, &colors[0]);
	fill(pixels, &fix, &var, right, 0, &colors[1]);
	fill(pixels, &fix, &var, right, low, &colors[2]);
	fill(pixels, &fix, &var, 0, low, &colors[3]);
	fill(pixels, &fix, &var, right / 2, low / 2, &colors[4]);
	munmap(pixels, (size_t)fix.line_length * var.yres);
	fprintf(out, "framebuffer %s %ux%ux%u\n", fix.id, var.xres, var.yres,
		var.bits_per_pixel);
	fprintf(out, "drawn yes\n");
	close(fb);
}
