// SPDX-License-Identifier: GPL-2.0
/*
 * Where a loader may put an image, if not where it was made for: what its
 * multiboot 2 header (Multiboot2 Specification 2.0, section 3.1.3, tag 10) and
 * Xen's note PHYS32_RELOC (xen/include/public/elfnote.h) say.
 *
 * Nothing may be composed into it: that image ends where its initrd does, which
 * is nothing that the kernel's limits are about, and has no room for the note.
 */
#include <string.h>

#include "elfimage.h"

/* The lowest place that is free: its own, if it can be had. */
#define PREFERENCE_LOWEST	1

/**
 * movable_get - find out where an image may be
 * @stub: the stub's first bytes, with their words
 * @movable: result
 *
 * An x86_64 kernel runs wherever it is put, an i386 one only with relocations,
 * and in the memory that it maps.
 *
 * Return: false if only where it was made for.
 */
bool movable_get(const uint8_t *stub, struct movable *movable)
{
	uint32_t flags = get_le32(stub + STUB_FLAGS);
	bool is_64 = flags & STUB_FLAG_KERNEL_64;
	uint32_t max = is_64 ? 0 : get_le32(stub + STUB_IMAGE_MAX);

	*movable = (struct movable){
		get_le32(stub + STUB_ALIGN),
		get_le32(stub + STUB_KERNEL_START), max - 1
	};
	return flags & STUB_FLAG_MOVABLE && stub_has_kaslr(stub) &&
	       (is_64 || get_le32(stub + STUB_RELOCS)) &&
	       !get_le32(stub + STUB_SETUP) && !get_le32(stub + STUB_CMDLINE) &&
	       !get_le32(stub + STUB_INITRD) &&
	       stub_is_aligned(stub) &&
	       get_le32(stub + STUB_KERNEL_END) - 1 <= movable->max;
}

/**
 * movable_put_tag - what multiboot 2's tag says
 * @words: result, MOVABLE_TAG_WORDS of them
 * @movable: where it may be
 */
void movable_put_tag(uint32_t *words, const struct movable *movable)
{
	words[0] = movable->min;
	words[1] = movable->max;
	words[2] = movable->align;
	words[3] = PREFERENCE_LOWEST;
}

/**
 * movable_put_note - what Xen's note says
 * @desc: result, MOVABLE_NOTE_SIZE bytes
 * @movable: where it may be
 */
void movable_put_note(uint8_t *desc, const struct movable *movable)
{
	put_le32(desc, movable->align);
	put_le32(desc + 4, movable->min);
	put_le32(desc + 8, movable->max);
}

/**
 * movable_has_tag - does a tag say what the stub does?
 * @tag: the tag
 * @stub: the stub's first bytes
 *
 * Return: true if it does.
 */
bool movable_has_tag(const struct bytes *tag, const uint8_t *stub)
{
	uint32_t words[MOVABLE_TAG_WORDS];
	struct movable movable;
	unsigned int i;

	if (!movable_get(stub, &movable) || tag->size != 8 + sizeof(words))
		return false;
	movable_put_tag(words, &movable);
	for (i = 0; i < MOVABLE_TAG_WORDS; i++)
		if (get_le32(tag->data + 8 + 4 * i) != words[i])
			return false;
	return true;
}

/**
 * movable_has_note - does a note say what the stub does?
 * @desc: its contents
 * @stub: the stub's first bytes
 *
 * Return: true if it does.
 */
bool movable_has_note(const struct bytes *desc, const uint8_t *stub)
{
	uint8_t good[MOVABLE_NOTE_SIZE];
	struct movable movable;

	if (!movable_get(stub, &movable) || desc->size != sizeof(good))
		return false;
	movable_put_note(good, &movable);
	return !memcmp(desc->data, good, sizeof(good));
}
