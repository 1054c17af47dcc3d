// SPDX-License-Identifier: GPL-2.0
/*
 * The framebuffer, by the Graphics Output Protocol (UEFI Specification 2.10,
 * section 12.9). The mode stays as it is.
 */
#include <linux/string.h>
#include <asm/byteorder.h>

#include "loader.h"
#include "screen.h"

static const struct efi_guid graphics_guid = {
	0x9042a9de, 0x23dc, 0x4a38,
	{ 0x96, 0xfb, 0x7a, 0xde, 0xd0, 0x80, 0x51, 0x6a },
};

static struct ebn_color color_of(u32 mask)
{
	struct ebn_color color = { 0, 0 };

	if (!mask)
		return color;
	for (; !(mask & 1); mask >>= 1)
		color.pos++;
	for (; mask & 1; mask >>= 1)
		color.size++;
	return color;
}

/* The byte that is no colour is 24 in both. */
static void set_bytes(struct ebn_framebuffer *fb, u8 red, u8 blue)
{
	fb->depth = 32;
	fb->red = (struct ebn_color){ red, 8 };
	fb->green = (struct ebn_color){ 8, 8 };
	fb->blue = (struct ebn_color){ blue, 8 };
	fb->reserved = (struct ebn_color){ 24, 8 };
}

/* A pixel is as long as the masks reach. */
static void set_masks(struct ebn_framebuffer *fb,
		      const struct efi_graphics_info *info)
{
	u32 all = info->red | info->green | info->blue | info->reserved;

	for (fb->depth = 0; all; all >>= 1)
		fb->depth++;
	fb->red = color_of(info->red);
	fb->green = color_of(info->green);
	fb->blue = color_of(info->blue);
	fb->reserved = color_of(info->reserved);
}

/**
 * screen_describe - a graphics mode as a note has it
 * @mode: the mode
 * @fb: result
 *
 * Return: true, or false if there is no memory that can be drawn in.
 */
bool screen_describe(const struct efi_graphics_mode *mode,
		     struct ebn_framebuffer *fb)
{
	const struct efi_graphics_info *info = mode->info;

	memset(fb, 0, sizeof(*fb));
	if (!info || !mode->base)
		return false;
	switch (info->format) {
	case EFI_PIXEL_RGB:
		set_bytes(fb, 0, 16);
		break;
	case EFI_PIXEL_BGR:
		set_bytes(fb, 16, 0);
		break;
	case EFI_PIXEL_MASK:
		set_masks(fb, info);
		break;
	default:
		return false;
	}
	fb->addr = __cpu_to_le64(mode->base);
	fb->pitch = __cpu_to_le32(info->pixels_per_line *
				  ((fb->depth + 7) / 8));
	fb->width = __cpu_to_le32(info->width);
	fb->height = __cpu_to_le32(info->height);
	return true;
}

static bool describe_handle(const struct loader *loader, efi_handle handle,
			    struct ebn_framebuffer *fb)
{
	struct efi_graphics_output *graphics;
	void *interface;

	if (loader->boot->handle_protocol(handle, &graphics_guid, &interface))
		return false;
	graphics = interface;
	return graphics->mode && screen_describe(graphics->mode, fb);
}

/* The first that has one, as Linux's EFI stub takes it (gop.c, find_gop()). */
static bool find_any(const struct loader *loader, struct ebn_framebuffer *fb)
{
	efi_handle *handles;
	bool found = false;
	efi_uintn nr, i;

	if (loader->boot->locate_handle_buffer(EFI_BY_PROTOCOL, &graphics_guid,
					       NULL, &nr, &handles))
		return false;
	for (i = 0; i < nr && !found; i++)
		found = describe_handle(loader, handles[i], fb);
	loader->boot->free_pool(handles);
	return found;
}

/**
 * screen_find - find the framebuffer of the firmware's console
 * @loader: has the firmware
 * @fb: result
 *
 * A console that is on several displays has none of its own; each of them has.
 *
 * Return: true, or false if there is none.
 */
bool screen_find(const struct loader *loader, struct ebn_framebuffer *fb)
{
	return describe_handle(loader, loader->system->console_out_handle,
			       fb) || find_any(loader, fb);
}
