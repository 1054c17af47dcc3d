/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the image is told (notes.c).
 */
#ifndef ELFBOOT_EFI_NOTES_H
#define ELFBOOT_EFI_NOTES_H

#include "base.h"
#include "sources/wire-notes.h"

struct efi_map;
struct loader;

/* No image reads a larger block. */
#define NOTES_ROOM	0x10000

#define SEED_SIZE	64

/**
 * struct notes_told - what does not change any more
 * @rsdp: physical address of ACPI's root pointer, or 0
 * @have_fb: whether there is a framebuffer
 * @fb: if so, which
 * @seed_size: bytes of @seed, 0: none
 * @seed: random bytes that nobody else has
 */
struct notes_told {
	u64 rsdp;
	bool have_fb;
	struct ebn_framebuffer fb;
	u32 seed_size;
	u8 seed[SEED_SIZE];
};

void notes_ask(const struct loader *loader, struct notes_told *told);
u32 notes_make(const struct loader *loader, const struct notes_told *told,
	       const struct efi_map *map, void *block);

#endif /* ELFBOOT_EFI_NOTES_H */
