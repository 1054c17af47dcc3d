/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The framebuffer (screen.c).
 */
#ifndef ELFBOOT_EFI_SCREEN_H
#define ELFBOOT_EFI_SCREEN_H

#include "base.h"
#include "sources/wire-notes.h"

struct efi_graphics_mode;
struct loader;

bool screen_describe(const struct efi_graphics_mode *mode,
		     struct ebn_framebuffer *fb);
bool screen_find(const struct loader *loader, struct ebn_framebuffer *fb);

#endif /* ELFBOOT_EFI_SCREEN_H */
