// SPDX-License-Identifier: GPL-2.0
/*
 * What a loader has to say becomes a block of ELF boot notes in the caller's
 * buffer: begin, add what there is in any order, end.
 */
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#include "notes/boot-notes.h"

#define RECORDS_MAX	0xffff

/**
 * boot_notes_begin - begin a block
 * @notes: result
 * @buffer: where to make it, aligned as the image will want it: to 4 bytes
 * @room: bytes there; none beyond them is ever written
 */
void boot_notes_begin(struct boot_notes *notes, void *buffer, u32 room)
{
	notes->data = buffer;
	notes->room = room;
	notes->size = sizeof(struct Elf_Bhdr);
	notes->records = 0;
	notes->full = room < notes->size;
	if (!notes->full)
		memset(buffer, 0, notes->size);
}

/**
 * boot_notes_reserve - add a note whose contents follow later
 * @notes: the block
 * @name: whose note it is, NULL for the standard ones
 * @type: its type
 * @size: bytes of its contents
 *
 * Return: where to write the contents, zeroes so far; NULL if there is no
 * room, and then boot_notes_end() says so, too.
 */
void *boot_notes_reserve(struct boot_notes *notes, const char *name, u32 type,
			 u32 size)
{
	u32 namesz = name ? strlen(name) + 1 : 0;
	u64 head = sizeof(struct Elf_Bnote) + boot_notes_padded(namesz);
	u8 *at = notes->data + notes->size;
	struct Elf_Bnote *note;

	if (notes->full || notes->records == RECORDS_MAX ||
	    head + boot_notes_padded(size) > notes->room - notes->size) {
		notes->full = true;
		return NULL;
	}
	memset(at, 0, head + boot_notes_padded(size));
	note = (struct Elf_Bnote *)at;
	note->n_namesz = __cpu_to_le32(namesz);
	note->n_descsz = __cpu_to_le32(size);
	note->n_type = __cpu_to_le32(type);
	if (name)
		memcpy(note + 1, name, namesz);
	notes->size += head + boot_notes_padded(size);
	notes->records++;
	return at + head;
}

/**
 * boot_notes_add - add a note
 * @notes: the block
 * @name: whose note it is, NULL for the standard ones
 * @type: its type
 * @desc: its contents, in the block's byte order: little-endian
 * @size: bytes of them
 */
void boot_notes_add(struct boot_notes *notes, const char *name, u32 type,
		    const void *desc, u32 size)
{
	void *at = boot_notes_reserve(notes, name, type, size);

	if (at && size)
		memcpy(at, desc, size);
}

/**
 * boot_notes_add_string - add a standard note that is a string
 * @notes: the block
 * @type: EBN_FIRMWARE_TYPE and the like
 * @text: the string
 */
void boot_notes_add_string(struct boot_notes *notes, u32 type,
			   const char *text)
{
	boot_notes_add(notes, NULL, type, text, strlen(text) + 1);
}

/**
 * boot_notes_end - finish a block: size, number of records, checksum
 * @notes: the block
 *
 * Return: its size in bytes, 0 if not everything had room.
 */
u32 boot_notes_end(struct boot_notes *notes)
{
	struct Elf_Bhdr *header = (struct Elf_Bhdr *)notes->data;
	u16 sum;

	if (notes->full)
		return 0;
	header->b_signature = __cpu_to_le32(ELF_BHDR_MAGIC);
	header->b_size = __cpu_to_le32(notes->size);
	header->b_checksum = 0;
	header->b_records = __cpu_to_le16(notes->records);
	sum = boot_notes_checksum(header, notes->size);
	/* 0 would mean that there is none; both are zero to the sum. */
	header->b_checksum = __cpu_to_le16(sum ? sum : 0xffff);
	return notes->size;
}

/**
 * boot_notes_checksum - the Internet checksum (RFC 1071) of a block
 * @block: the block
 * @size: bytes; an odd last one counts as a low byte
 *
 * Return: 0 if a checksum is part of the block, and right.
 */
u16 boot_notes_checksum(const void *block, u32 size)
{
	const u8 *at = block;
	u32 sum = 0;
	u32 i;

	for (i = 0; i < size; i++) {
		sum += i & 1 ? at[i] << 8 : at[i];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return ~sum;
}
