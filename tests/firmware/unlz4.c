// SPDX-License-Identifier: GPL-2.0
/*
 * Decompresses what cbfstool -c lz4 writes: an LZ4 frame of blocks that do not
 * depend on each other (lz4_Frame_format.md and lz4_Block_format.md of the lz4
 * sources).
 */
#include <asm/byteorder.h>

#include "firmware.h"

#define FRAME_MAGIC		0x184d2204
#define FLAGS_VERSION_MASK	0xc0
#define FLAGS_VERSION		0x40
#define FLAGS_BLOCK_CHECKSUM	0x10
#define FLAGS_CONTENT_SIZE	0x08
#define BLOCK_STORED		0x80000000

#define MATCH_MIN		4
#define LENGTH_MORE		15	/* of a token's half */
#define STEP			8	/* bytes that are copied at once */

struct wire_frame {
	__le32 magic;
	u8 flags;
	u8 block_size;
} __attribute__((packed));

struct stream {
	const u8 *from;
	const u8 *from_end;
	u8 *to;
	u8 *to_end;
};

static void copy_step(u8 *to, const u8 *from)
{
	const u32 *words = (const void *)from;

	((u32 *)to)[0] = words[0];
	((u32 *)to)[1] = words[1];
}

/*
 * In steps, the last of which may write more than is wanted: what comes next
 * overwrites it. A match may reach into what it makes, then a step is too long.
 */
static void copy(struct stream *s, const u8 *from, u32 len)
{
	u8 *to = s->to;
	u8 *end = to + len;

	s->to = end;
	if (s->to_end - end < STEP || (from <= to && to - from < STEP)) {
		while (to < end)
			*to++ = *from++;
		return;
	}
	while (to < end) {
		copy_step(to, from);
		to += STEP;
		from += STEP;
	}
}

static bool get_length(struct stream *s, u32 *len)
{
	u8 more;

	if (*len != LENGTH_MORE)
		return true;
	do {
		if (s->from == s->from_end)
			return false;
		more = *s->from++;
		*len += more;
	} while (more == 0xff);
	return true;
}

static bool unpack_block(struct stream *s, const u8 *to_start)
{
	while (s->from < s->from_end) {
		u8 token = *s->from++;
		u32 literals = token >> 4;
		u32 match = token & 0xf;
		u32 offset;

		if (!get_length(s, &literals) ||
		    literals > (u32)(s->from_end - s->from) ||
		    literals > (u32)(s->to_end - s->to))
			return false;
		copy(s, s->from, literals);
		s->from += literals;
		if (s->from == s->from_end)
			return true;
		if (s->from_end - s->from < 2)
			return false;
		offset = s->from[0] | s->from[1] << 8;
		s->from += 2;
		if (!get_length(s, &match))
			return false;
		match += MATCH_MIN;
		if (!offset || offset > (u32)(s->to - to_start) ||
		    match > (u32)(s->to_end - s->to))
			return false;
		copy(s, s->to - offset, match);
	}
	return false;
}

static bool unpack_blocks(struct stream *s, const u8 *end, u32 trailer)
{
	const u8 *to_start = s->to;
	__le32 word;
	u32 size;

	for (;;) {
		if (end - s->from < (int)sizeof(word))
			return false;
		memcpy(&word, s->from, sizeof(word));
		s->from += sizeof(word);
		size = __le32_to_cpu(word);
		if (!size)
			return true;
		if ((size & ~BLOCK_STORED) + trailer > (u32)(end - s->from))
			return false;
		s->from_end = s->from + (size & ~BLOCK_STORED);
		if (size & BLOCK_STORED) {
			if (s->from_end - s->from > s->to_end - s->to)
				return false;
			copy(s, s->from, s->from_end - s->from);
			s->from = s->from_end;
		} else if (!unpack_block(s, to_start)) {
			return false;
		}
		s->from += trailer;
	}
}

/**
 * unlz4_to - decompress
 * @to: where to
 * @room: bytes there; what is left of them is filled with zeros
 * @from: an LZ4 frame
 * @len: its length
 *
 * Return: whether it could be done.
 */
bool unlz4_to(u32 to, u32 room, const u8 *from, u32 len)
{
	struct stream s = { .to = (u8 *)to, .to_end = (u8 *)to + room };
	struct wire_frame frame;
	u32 head;

	if (len < sizeof(frame))
		return false;
	memcpy(&frame, from, sizeof(frame));
	if (__le32_to_cpu(frame.magic) != FRAME_MAGIC ||
	    (frame.flags & FLAGS_VERSION_MASK) != FLAGS_VERSION)
		return false;
	/* The header's own checksum, a byte, comes last. */
	head = sizeof(frame) + (frame.flags & FLAGS_CONTENT_SIZE ? 8 : 0) + 1;
	if (len < head)
		return false;
	s.from = from + head;
	if (!unpack_blocks(&s, from + len,
			   frame.flags & FLAGS_BLOCK_CHECKSUM ? 4 : 0))
		return false;
	memset(s.to, 0, s.to_end - s.to);
	return true;
}
