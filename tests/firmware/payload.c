// SPDX-License-Identifier: GPL-2.0
/*
 * Loads what cbfstool has made of an ELF file, the way coreboot does
 * (src/lib/selfboot.c): all segments are checked first, then loaded in their
 * order, the rest of each filled with zeros.
 */
#include <asm/byteorder.h>

#include "firmware.h"

#define SEGMENT_CODE	0x434f4445
#define SEGMENT_DATA	0x44415441
#define SEGMENT_BSS	0x42535320
#define SEGMENT_PARAMS	0x50415241
#define SEGMENT_ENTRY	0x454e5452

#define COMPRESSION_NONE	0
#define COMPRESSION_LZMA	1
#define COMPRESSION_LZ4		2

#define CBFS_TYPE_SELF	0x20

/* Big-endian. */
struct wire_segment {
	__be32 type;
	__be32 compression;
	__be32 offset;		/* of the contents, from the first segment */
	__be32 load_high;
	__be32 load_low;
	__be32 len;		/* as stored */
	__be32 mem_len;
};

struct segment {
	u32 type;
	u32 compression;
	const u8 *data;
	u32 len;
	u64 load;
	u32 mem_len;
};

static bool segment_get(struct log *log, const struct cbfs_contents *payload,
			u32 i, struct segment *segment)
{
	const struct wire_segment *wire = (const void *)payload->data;
	u32 offset;

	if (i >= payload->size / sizeof(*wire)) {
		say(log, "the payload has no entry");
		return false;
	}
	wire += i;
	segment->type = __be32_to_cpu(wire->type);
	segment->compression = __be32_to_cpu(wire->compression);
	segment->len = __be32_to_cpu(wire->len);
	segment->load = (u64)__be32_to_cpu(wire->load_high) << 32 |
			__be32_to_cpu(wire->load_low);
	segment->mem_len = __be32_to_cpu(wire->mem_len);

	if (segment->type == SEGMENT_BSS || segment->type == SEGMENT_ENTRY)
		segment->len = 0;
	offset = __be32_to_cpu(wire->offset);
	if (segment->len && (offset > payload->size ||
			     segment->len > payload->size - offset)) {
		say(log, "payload segment %u is not all there", i);
		return false;
	}
	segment->data = payload->data + offset;
	return true;
}

static bool segment_is_loaded(const struct segment *segment)
{
	return segment->type == SEGMENT_CODE || segment->type == SEGMENT_DATA ||
	       segment->type == SEGMENT_BSS;
}

static bool segment_check(struct log *log, const struct map *map,
			  const struct segment *segment)
{
	if (segment->type == SEGMENT_PARAMS)
		return true;
	if (!segment_is_loaded(segment)) {
		say(log, "payload segment of unknown type %x", segment->type);
		return false;
	}
	if (map_is_ram(map, segment->load, segment->mem_len))
		return true;
	say(log, "payload segment %llx+%x does not fit",
	    segment->load, segment->mem_len);
	return false;
}

static bool segment_load(struct log *log, const struct segment *segment)
{
	u32 to = segment->load;
	u32 len = segment->len;
	bool done;

	if (!segment_is_loaded(segment))
		return true;
	say(log, "segment %x+%x, %x bytes in ROM, compression %u", to,
	    segment->mem_len, len, segment->compression);
	switch (segment->len ? segment->compression : COMPRESSION_NONE) {
	case COMPRESSION_NONE:
		if (len > segment->mem_len)
			len = segment->mem_len;
		memcpy((void *)to, segment->data, len);
		memset((void *)(to + len), 0, segment->mem_len - len);
		return true;
	case COMPRESSION_LZMA:
		done = unlzma_to(to, segment->mem_len, segment->data, len);
		break;
	case COMPRESSION_LZ4:
		done = unlz4_to(to, segment->mem_len, segment->data, len);
		break;
	default:
		say(log, "unknown compression");
		return false;
	}
	if (!done)
		say(log, "segment %x cannot be decompressed", to);
	return done;
}

/**
 * payload_load - load a payload
 * @log: where to say what, or why not
 * @map: where it may go
 * @payload: the file
 *
 * Return: its entry, or 0.
 */
u32 payload_load(struct log *log, const struct map *map,
		 const struct cbfs_contents *payload)
{
	struct segment segment;
	u32 i;

	if (payload->type != CBFS_TYPE_SELF) {
		say(log, "the payload is of type %x", payload->type);
		return 0;
	}
	for (i = 0;; i++) {
		if (!segment_get(log, payload, i, &segment))
			return 0;
		if (segment.type == SEGMENT_ENTRY)
			break;
		if (!segment_check(log, map, &segment))
			return 0;
	}
	for (i = 0;; i++) {
		segment_get(log, payload, i, &segment);
		if (segment.type == SEGMENT_ENTRY)
			return segment.load;
		if (!segment_load(log, &segment))
			return 0;
	}
}
