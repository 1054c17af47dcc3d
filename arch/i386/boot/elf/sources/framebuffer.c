// SPDX-License-Identifier: GPL-2.0
/*
 * Framebuffers, as coreboot's table and multiboot 2 describe them.
 */
#include <linux/errno.h>

#include "machine/machine.h"
#include "sources/sources.h"

/* screen_info has 16 bits for each of them, and the line's length. */
#define SIDE_MAX	16384
#define PITCH_MAX	0xffff

static bool fits(const struct color *color, u32 depth)
{
	return color->pos + color->size <= ((depth + 7) & ~7);
}

/**
 * framebuffer_check - can this be a framebuffer?
 * @fb: as the firmware describes it; with base, width or height 0 there is
 *	none
 *
 * Return: 0, or -EINVAL: whoever says so is not to be believed.
 */
int framebuffer_check(struct framebuffer *fb)
{
	if (!fb->base || !fb->width || !fb->height) {
		memset(fb, 0, sizeof(*fb));
		return 0;
	}
	if (fb->width > SIDE_MAX || fb->height > SIDE_MAX ||
	    fb->pitch > PITCH_MAX)
		return -EINVAL;
	if (fb->depth < 8 || fb->depth > 32 ||
	    fb->pitch < fb->width * ((fb->depth + 7) / 8))
		return -EINVAL;
	if (fb->base + fb->pitch * fb->height < fb->base)
		return -EINVAL;
	if (!fits(&fb->red, fb->depth) || !fits(&fb->green, fb->depth) ||
	    !fits(&fb->blue, fb->depth))
		return -EINVAL;
	/* coreboot has eight reserved bits in a pixel of 24, too. */
	if (!fits(&fb->reserved, fb->depth))
		fb->reserved = (struct color){ 0, 0 };
	return 0;
}
