// SPDX-License-Identifier: GPL-2.0
/*
 * Relocations: what makes a kernel right for other addresses than those it was
 * linked to. relocs.h has the format.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "relocs.h"
#include "kaslr/relocate.h"
#include "machine/ram.h"

/* Words at any address. */
struct le16 {
	__le16 value;
} __attribute__((packed));

struct le32 {
	__le32 value;
} __attribute__((packed));

static u32 get16(const void *p)
{
	const struct le16 *word = p;

	return __le16_to_cpu(word->value);
}

static u32 get32(const void *p)
{
	const struct le32 *word = p;

	return __le32_to_cpu(word->value);
}

static void put32(void *p, u32 value)
{
	struct le32 *word = p;

	word->value = __cpu_to_le32(value);
}

/* A distance of more than one byte, behind its first 0; 0 ends the list. */
static const u8 *get_long(const u8 *p, u32 *distance)
{
	*distance = get16(p);
	p += 2;
	if (*distance)
		return p;
	*distance = get32(p);
	return p + 4;
}

/*
 * A list up to its end. Distances of one byte, nearly all of them, need no
 * look at the limits: the last byte of the stream is 0, so they stay in it, and
 * there are too few of them for 32 bits to overflow.
 */
static const u8 *check_list(const u8 *p, const u8 *end, u32 room, u32 width)
{
	u32 next = 0;			/* the offset behind the last place */

	for (;;) {
		u32 distance = *p++;

		if (!distance) {
			/* At least the end of the list is still to come. */
			if (end - p < RELOCS_END_SIZE - 1 || next > room)
				return NULL;
			p = get_long(p, &distance);
			if (!distance)
				return next <= room - width + 1 ? p : NULL;
			if (p == end || distance > room)
				return NULL;
		}
		next += distance;
	}
}

/**
 * relocs_check - look at all of a kernel's relocations
 * @relocs: the relocations
 *
 * Whatever is in them, relocs_apply() then writes to the kernel alone.
 *
 * Return: 0; -EINVAL if they lead out of the kernel, or do not end where they
 * should.
 */
int relocs_check(const struct relocs *relocs)
{
	const u8 *p = relocs->stream;
	const u8 *end = p + relocs->size;
	u32 list;

	if (!relocs->size || relocs->size > RELOCS_MAX || end[-1] ||
	    relocs->room < sizeof(__le64) || relocs->room > RAM_4G / 4)
		return -EINVAL;
	for (list = 0; list < relocs->lists; list++) {
		if (p == end)
			return -EINVAL;
		p = check_list(p, end, relocs->room, list == RELOCS_64 ?
			       sizeof(__le64) : sizeof(__le32));
		if (!p)
			return -EINVAL;
	}
	return p == end ? 0 : -EINVAL;
}

/* Nearly all are in such lists: no look at a carry. */
static const u8 *apply_list_32(const u8 *p, u8 *place, u32 offset)
{
	for (;;) {
		u32 distance = *p++;

		if (!distance) {
			p = get_long(p, &distance);
			if (!distance)
				return p;
		}
		place += distance;
		put32(place, get32(place) + offset);
	}
}

/* The upper half gets what is carried over. */
static void apply_list_64(const u8 *p, u8 *place, u32 offset)
{
	for (;;) {
		u32 distance = *p++, sum;

		if (!distance) {
			p = get_long(p, &distance);
			if (!distance)
				return;
		}
		place += distance;
		sum = get32(place) + offset;
		put32(place, sum);
		if (sum < offset)
			put32(place + 4, get32(place + 4) + 1);
	}
}

/**
 * relocs_apply - relocate a kernel where it lies
 * @relocs: the relocations; relocs_check() has found them right
 * @offset: bytes from where it was linked to where it will run: of virtual
 *	    addresses for x86_64, of all for i386
 *
 * What the kernel's own decompressor does (handle_relocations() in
 * arch/x86/boot/compressed/misc.c of 5.10 to 7.2).
 */
void relocs_apply(const struct relocs *relocs, u32 offset)
{
	u8 *before = relocs->kernel - 1;
	const u8 *p = apply_list_32(relocs->stream, before, offset);

	if (relocs->lists == RELOCS_LISTS_32)
		return;
	p = apply_list_32(p, before, -offset);
	apply_list_64(p, before, offset);
}
