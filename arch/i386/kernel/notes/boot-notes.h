/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ELF boot notes made (boot-notes.c) and looked into (boot-notes-verify.c).
 * Pure C for whoever is a loader: the kernel, tests, other programs.
 */
#ifndef ELFBOOT_BOOT_NOTES_H
#define ELFBOOT_BOOT_NOTES_H

#include <linux/types.h>

#include "sources/wire-notes.h"

/**
 * struct boot_notes - a block that is being made
 * @data: where
 * @room: bytes there
 * @size: bytes used
 * @records: notes so far
 * @full: something had no room, and the block will not be finished
 */
struct boot_notes {
	u8 *data;
	u32 room;
	u32 size;
	u32 records;
	bool full;
};

/* Names and contents are padded to 4 bytes. */
static inline u64 boot_notes_padded(u64 size)
{
	return (size + 3) & ~3ULL;
}

/* boot-notes.c */
void boot_notes_begin(struct boot_notes *notes, void *buffer, u32 room);
void *boot_notes_reserve(struct boot_notes *notes, const char *name, u32 type,
			 u32 size);
void boot_notes_add(struct boot_notes *notes, const char *name, u32 type,
		    const void *desc, u32 size);
void boot_notes_add_string(struct boot_notes *notes, u32 type,
			   const char *text);
u32 boot_notes_end(struct boot_notes *notes);
u16 boot_notes_checksum(const void *block, u32 size);

/* boot-notes-verify.c */
int boot_notes_verify(const void *block, u32 size);
const void *boot_notes_find(const void *block, const char *name, u32 type,
			    u32 *size);

#endif /* ELFBOOT_BOOT_NOTES_H */
