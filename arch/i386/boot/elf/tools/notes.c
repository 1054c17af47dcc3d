// SPDX-License-Identifier: GPL-2.0
/*
 * ELF notes with 4-byte padding: System V ABI, "Note Section".
 */
#include <string.h>

#include "elfimage.h"

#define NOTE_HEADER	12

static size_t padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* Cut @size bytes and their padding off the front; the last may lack it. */
static bool take(struct bytes *from, size_t size, struct bytes *taken)
{
	size_t step = padded(size);

	if (size > from->size || step < size)
		return false;
	*taken = (struct bytes){ from->data, size };
	if (step > from->size)
		step = from->size;
	from->data += step;
	from->size -= step;
	return true;
}

/**
 * note_next - take the first note off a run of notes
 * @notes: the run; shortened by the note
 * @note: result
 *
 * Return: false at the end, or where the notes make no sense (@notes is then
 * not empty).
 */
bool note_next(struct bytes *notes, struct note *note)
{
	struct bytes rest = *notes;
	struct bytes header;
	uint32_t namesz, descsz;

	if (!take(&rest, NOTE_HEADER, &header))
		return false;
	namesz = get_le32(header.data);
	descsz = get_le32(header.data + 4);
	note->type = get_le32(header.data + 8);
	if (!take(&rest, namesz, &note->name))
		return false;
	if (!take(&rest, descsz, &note->desc))
		return false;
	*notes = rest;
	if (namesz && !note->name.data[namesz - 1])
		note->name.size--;
	return true;
}

/**
 * note_has_name - is it a note of this name?
 * @note: the note
 * @name: the name
 *
 * Return: true if it is, whatever its type.
 */
bool note_has_name(const struct note *note, const char *name)
{
	return note->name.size == strlen(name) &&
	       !memcmp(note->name.data, name, note->name.size);
}

/**
 * note_is - is it this note?
 * @note: the note
 * @name: its name
 * @type: its n_type
 *
 * Return: true if it is.
 */
bool note_is(const struct note *note, const char *name, uint32_t type)
{
	return note->type == type && note_has_name(note, name);
}

/**
 * note_put - write a note
 * @at: where to
 * @room: bytes there
 * @name: its name
 * @type: its n_type
 * @desc: contents
 * @size: of the contents, in bytes
 *
 * Return: bytes written, padding included, or 0 if there is no room.
 */
size_t note_put(uint8_t *at, size_t room, const char *name, uint32_t type,
		const void *desc, size_t size)
{
	size_t namesz = strlen(name) + 1;
	size_t total = NOTE_HEADER + padded(namesz) + padded(size);

	if (total > room)
		return 0;
	memset(at, 0, total);
	put_le32(at, namesz);
	put_le32(at + 4, size);
	put_le32(at + 8, type);
	memcpy(at + NOTE_HEADER, name, namesz);
	memcpy(at + NOTE_HEADER + padded(namesz), desc, size);
	return total;
}
