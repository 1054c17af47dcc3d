// SPDX-License-Identifier: GPL-2.0
/*
 * Is a block of ELF boot notes one that an image can believe? Stricter than
 * an image need be: what a loader makes has a checksum, and of the notes that
 * are known the contents are looked at, too.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#include "notes/boot-notes.h"

struct note {
	const u8 *name;
	const u8 *desc;
	u32 namesz;
	u32 descsz;
	u32 type;
};

/* Known notes: contents are a string, or elements of one size. */
static const struct {
	const char *name;
	u32 type;
	u32 head;			/* bytes in front of all elements */
	u32 element;			/* 0: a string */
	bool many;			/* any number of elements */
} known[] = {
	{ NULL, EBN_FIRMWARE_TYPE, 0, 0, false },
	{ NULL, EBN_BOOTLOADER_NAME, 0, 0, false },
	{ NULL, EBN_BOOTLOADER_VERSION, 0, 0, false },
	{ NULL, EBN_COMMAND_LINE, 0, 0, false },
	{ EBN_LINUX_NAME, EBN_LINUX_MEMORY_MAP, 0, sizeof(struct ebn_range), true },
	{ EBN_LINUX_NAME, EBN_LINUX_INITRD, 0, sizeof(struct ebn_initrd), false },
	{ EBN_LINUX_NAME, EBN_LINUX_RSDP, 0, sizeof(struct ebn_rsdp), false },
	{ EBN_LINUX_NAME, EBN_LINUX_FRAMEBUFFER, 0,
	  sizeof(struct ebn_framebuffer), false },
	{ EBN_LINUX_NAME, EBN_LINUX_EFI, 0, sizeof(struct ebn_efi), false },
	{ EBN_LINUX_NAME, EBN_LINUX_RNG_SEED, 0, 1, true },
	{ EBN_LINUX_NAME, EBN_LINUX_EFI_CALLED, 0, sizeof(struct ebn_efi), false },
	{ EBN_LINUX_NAME, EBN_LINUX_SETUP_DATA,
	  sizeof(struct ebn_setup_data), 2 * sizeof(__le64), true },
	{ }
};

/* Take a note apart; return its size, 0 if it goes beyond what is left. */
static u32 read_note(const u8 *at, u32 left, struct note *note)
{
	const struct Elf_Bnote *wire = (const struct Elf_Bnote *)at;
	u64 size = sizeof(*wire);

	if (left < size)
		return 0;
	note->namesz = __le32_to_cpu(wire->n_namesz);
	note->descsz = __le32_to_cpu(wire->n_descsz);
	note->type = __le32_to_cpu(wire->n_type);
	note->name = at + size;
	size += boot_notes_padded(note->namesz);
	if (size > left)
		return 0;
	note->desc = at + size;
	size += boot_notes_padded(note->descsz);
	return size > left ? 0 : size;
}

static bool is_note(const struct note *note, const char *name, u32 type)
{
	u32 namesz = name ? strlen(name) + 1 : 0;

	return note->type == type && note->namesz == namesz &&
	       (!namesz || !memcmp(note->name, name, namesz));
}

static bool is_string(const struct note *note)
{
	return note->descsz && !note->desc[note->descsz - 1];
}

static bool contents_are_right(const struct note *note)
{
	u32 i;

	for (i = 0; known[i].type; i++) {
		if (!is_note(note, known[i].name, known[i].type))
			continue;
		if (!known[i].element)
			return is_string(note);
		if (known[i].many)
			return note->descsz >= known[i].head &&
			       (note->descsz - known[i].head) %
			       known[i].element == 0;
		return note->descsz == known[i].element;
	}
	return true;
}

static bool padding_is_zero(const u8 *at, u32 size)
{
	for (; size & 3; size++)
		if (at[size])
			return false;
	return true;
}

static bool notes_are_right(const u8 *at, u32 left, u32 records)
{
	struct note note;
	u32 size;

	for (; records; records--, at += size, left -= size) {
		size = read_note(at, left, &note);
		if (!size || !contents_are_right(&note) ||
		    !padding_is_zero(note.name, note.namesz) ||
		    !padding_is_zero(note.desc, note.descsz))
			return false;
	}
	return !left;
}

/**
 * boot_notes_verify - check a whole block
 * @block: the block
 * @size: bytes that can be read there; the block may be shorter
 *
 * Return: 0, -ENOENT if there is no block, -EINVAL if it is corrupt: its size,
 * its checksum, the number of records, any of its notes.
 */
int boot_notes_verify(const void *block, u32 size)
{
	const struct Elf_Bhdr *header = block;
	u32 length;

	if (size < sizeof(header->b_signature) ||
	    __le32_to_cpu(header->b_signature) != ELF_BHDR_MAGIC)
		return -ENOENT;
	if (size < sizeof(*header))
		return -EINVAL;
	length = __le32_to_cpu(header->b_size);
	if (length < sizeof(*header) || length > size || length & 3)
		return -EINVAL;
	if (!header->b_checksum || boot_notes_checksum(block, length))
		return -EINVAL;
	if (!notes_are_right((const u8 *)(header + 1), length - sizeof(*header),
			     __le16_to_cpu(header->b_records)))
		return -EINVAL;
	return 0;
}

/**
 * boot_notes_find - the contents of a note
 * @block: a block that has been verified
 * @name: whose note it is, NULL for the standard ones
 * @type: its type
 * @size: result: bytes of them
 *
 * Return: where they are; of several such notes, those of the first one; NULL
 * if there is none.
 */
const void *boot_notes_find(const void *block, const char *name, u32 type,
			    u32 *size)
{
	const struct Elf_Bhdr *header = block;
	const u8 *at = (const u8 *)(header + 1);
	u32 left = __le32_to_cpu(header->b_size) - sizeof(*header);
	u32 records = __le16_to_cpu(header->b_records);
	struct note note;
	u32 length;

	for (; records; records--, at += length, left -= length) {
		length = read_note(at, left, &note);
		if (!length)
			return NULL;
		if (!is_note(&note, name, type))
			continue;
		*size = note.descsz;
		return note.desc;
	}
	return NULL;
}
