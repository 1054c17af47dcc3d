// SPDX-License-Identifier: GPL-2.0
/*
 * Formats that a kernel is compressed in, by the libraries that there were when
 * this program was built (scripts/Makefile.standalone). In a kernel tree there
 * are none: it needs none of them.
 *
 * Each function takes one stream from the bytes that are left, puts what it has
 * unpacked into the room that is left, and moves both on.
 */
#include <string.h>

#include "elfimage.h"

#define LZ4_LEGACY_MAGIC	"\x02\x21\x4c\x18"
#define LZ4_WORD	4

#ifdef HAVE_ZLIB
#include <zlib.h>

/* gzip(1) takes them for the rest of a tape's block. */
static void skip_zeros(struct bytes *from)
{
	size_t i;

	for (i = 0; i < from->size; i++)
		if (from->data[i])
			return;
	bytes_take(from, from->size);
}

/* With the format's own check of the contents, a CRC. */
static enum unpacked unpack_gzip(struct bytes *from, struct room *to)
{
	z_stream stream = {
		.next_in = (uint8_t *)from->data, .avail_in = from->size,
		.next_out = to->data, .avail_out = to->size,
	};
	int ret;

	if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
		return UNPACK_NO_MEMORY;
	ret = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	bytes_take(from, from->size - stream.avail_in);
	room_put(to, to->size - stream.avail_out);
	if (ret == Z_STREAM_END) {
		skip_zeros(from);
		return UNPACKED;
	}
	return ret == Z_BUF_ERROR && !to->size ? UNPACK_NO_ROOM :
						 UNPACK_DAMAGED;
}
#else
#define unpack_gzip	NULL
#endif

#ifdef HAVE_BZIP2
#include <bzlib.h>

static enum unpacked unpack_bzip2(struct bytes *from, struct room *to)
{
	bz_stream stream = {
		.next_in = (char *)from->data, .avail_in = from->size,
		.next_out = (char *)to->data, .avail_out = to->size,
	};
	int ret;

	if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK)
		return UNPACK_NO_MEMORY;
	ret = BZ2_bzDecompress(&stream);
	BZ2_bzDecompressEnd(&stream);
	bytes_take(from, from->size - stream.avail_in);
	room_put(to, to->size - stream.avail_out);
	if (ret == BZ_STREAM_END)
		return UNPACKED;
	if (ret == BZ_MEM_ERROR)
		return UNPACK_NO_MEMORY;
	return ret == BZ_OK && !to->size ? UNPACK_NO_ROOM : UNPACK_DAMAGED;
}
#else
#define unpack_bzip2	NULL
#endif

#ifdef HAVE_LIBLZMA
#include <lzma.h>

static enum unpacked unpack_by_lzma(lzma_stream *stream, lzma_ret ready,
				    struct bytes *from, struct room *to)
{
	lzma_ret ret = ready;

	stream->next_in = from->data;
	stream->avail_in = from->size;
	stream->next_out = to->data;
	stream->avail_out = to->size;
	if (ret == LZMA_OK)
		ret = lzma_code(stream, LZMA_FINISH);
	lzma_end(stream);
	bytes_take(from, from->size - stream->avail_in);
	room_put(to, to->size - stream->avail_out);
	switch (ret) {
	case LZMA_STREAM_END:
		return UNPACKED;
	case LZMA_MEM_ERROR:
	case LZMA_MEMLIMIT_ERROR:
		return UNPACK_NO_MEMORY;
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return to->size ? UNPACK_DAMAGED : UNPACK_NO_ROOM;
	default:
		return UNPACK_DAMAGED;
	}
}

static enum unpacked unpack_xz(struct bytes *from, struct room *to)
{
	lzma_stream stream = LZMA_STREAM_INIT;

	return unpack_by_lzma(&stream,
			      lzma_stream_decoder(&stream, UNPACK_MEMORY,
						  LZMA_CONCATENATED),
			      from, to);
}

static enum unpacked unpack_lzma(struct bytes *from, struct room *to)
{
	lzma_stream stream = LZMA_STREAM_INIT;

	return unpack_by_lzma(&stream,
			      lzma_alone_decoder(&stream, UNPACK_MEMORY),
			      from, to);
}
#else
#define unpack_xz	NULL
#define unpack_lzma	NULL
#endif

#ifdef HAVE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>

/* All frames at once. They need no window: what it would have is in the room. */
static enum unpacked unpack_zstd(struct bytes *from, struct room *to)
{
	size_t size = ZSTD_decompress(to->data, to->size, from->data,
				      from->size);

	switch (ZSTD_getErrorCode(size)) {
	case ZSTD_error_no_error:
		bytes_take(from, from->size);
		room_put(to, size);
		return UNPACKED;
	case ZSTD_error_dstSize_tooSmall:
		return UNPACK_NO_ROOM;
	case ZSTD_error_memory_allocation:
		return UNPACK_NO_MEMORY;
	default:
		return UNPACK_DAMAGED;
	}
}
#else
#define unpack_zstd	NULL
#endif

#ifdef HAVE_LZ4
#include <lz4.h>
#include <lz4frame.h>

#define LZ4_LEGACY_BLOCK	(8 * ONE_MIB)	/* unpacked, at most */

/* LZ4_decompress_safe() has one answer for all that goes wrong. */
static enum unpacked unpack_lz4_block(const struct bytes *from,
				      struct room *to)
{
	int size = LZ4_decompress_safe((const char *)from->data,
				       (char *)to->data, from->size,
				       to->size > INT32_MAX ? INT32_MAX :
							      (int)to->size);

	if (size < 0)
		return to->size < LZ4_LEGACY_BLOCK ? UNPACK_NO_ROOM :
						     UNPACK_DAMAGED;
	room_put(to, size);
	return UNPACKED;
}

/*
 * The "legacy" format (lz4_Frame_format.md of lz4, "Legacy frame"): blocks, each
 * behind its length, until the file ends or another frame begins.
 */
static enum unpacked unpack_lz4(struct bytes *from, struct room *to)
{
	bytes_take(from, LZ4_WORD);
	while (from->size >= LZ4_WORD &&
	       memcmp(from->data, LZ4_LEGACY_MAGIC, LZ4_WORD)) {
		struct bytes block = { from->data + LZ4_WORD,
				       get_le32(from->data) };
		enum unpacked ret;

		bytes_take(from, LZ4_WORD);
		if (block.size > from->size || block.size > INT32_MAX)
			return UNPACK_DAMAGED;
		ret = unpack_lz4_block(&block, to);
		if (ret != UNPACKED)
			return ret;
		bytes_take(from, block.size);
	}
	return UNPACKED;
}

/* What lz4(1) writes: with sums, and blocks that need those before them. */
static enum unpacked unpack_lz4_frame(struct bytes *from, struct room *to)
{
	const LZ4F_decompressOptions_t options = { .stableDst = 1 };
	LZ4F_dctx *context;
	size_t left;

	if (LZ4F_isError(LZ4F_createDecompressionContext(&context,
							 LZ4F_VERSION)))
		return UNPACK_NO_MEMORY;
	do {
		size_t packed = from->size, unpacked = to->size;

		left = LZ4F_decompress(context, to->data, &unpacked,
				       from->data, &packed, &options);
		if (LZ4F_isError(left) || (!packed && !unpacked))
			break;
		bytes_take(from, packed);
		room_put(to, unpacked);
	} while (left);
	LZ4F_freeDecompressionContext(context);
	if (!left)
		return UNPACKED;
	return LZ4F_isError(left) || to->size ? UNPACK_DAMAGED :
						UNPACK_NO_ROOM;
}
#else
#define unpack_lz4	NULL
#define unpack_lz4_frame	NULL
#endif

#ifdef HAVE_LZO
#include <lzo/lzo1x.h>

/*
 * lzop's header, as lib/decompress_unlzo.c of the kernel reads it: magic,
 * version, flags and the length of a name at fixed places, numbers big-endian.
 */
#define LZOP_VERSION		9
#define LZOP_VERSION_LEVEL	0x0940	/* from here on there is a level */
#define LZOP_FLAGS		17
#define LZOP_FLAG_FILTER	0x00000800
#define LZOP_FLAG_ADLER32	0x00000001	/* of unpacked bytes */
#define LZOP_FLAG_ADLER32_PACKED	0x00000002
#define LZOP_FLAG_CRC32		0x00000100
#define LZOP_FLAG_CRC32_PACKED	0x00000200
#define LZOP_NAME		33
#define LZOP_WORD		4

/* Return: offset of the first block, 0: it is none. */
static size_t read_lzop_header(const struct bytes *from, uint32_t *flags)
{
	size_t end;

	if (from->size <= LZOP_NAME ||
	    (from->data[LZOP_VERSION] << 8 | from->data[LZOP_VERSION + 1]) <
	    LZOP_VERSION_LEVEL)
		return 0;
	*flags = get_be32(from->data + LZOP_FLAGS);
	if (*flags & LZOP_FLAG_FILTER)
		return 0;
	/* Behind the name is a checksum of the header. */
	end = LZOP_NAME + 1 + from->data[LZOP_NAME] + LZOP_WORD;
	return end < from->size ? end : 0;
}

/**
 * struct lzop_block - a block of lzop's
 * @unpacked: bytes when unpacked
 * @packed: and in the file; as many, if they are stored as they are
 * @sums: where its sums are, those of the unpacked bytes first
 * @head: bytes of numbers and sums
 */
struct lzop_block {
	uint32_t unpacked;
	uint32_t packed;
	const uint8_t *sums;
	size_t head;
};

/* What is stored has one kind of sums. */
static void read_lzop_block(const uint8_t *p, uint32_t flags,
			    struct lzop_block *block)
{
	uint32_t sums = LZOP_FLAG_ADLER32 | LZOP_FLAG_CRC32;

	block->unpacked = get_be32(p);
	block->packed = get_be32(p + LZOP_WORD);
	block->sums = p + 2 * LZOP_WORD;
	if (block->packed < block->unpacked)
		sums |= LZOP_FLAG_ADLER32_PACKED | LZOP_FLAG_CRC32_PACKED;
	block->head = (2 + __builtin_popcount(flags & sums)) * LZOP_WORD;
}

static bool has_lzop_sums(const struct lzop_block *block, uint32_t flags,
			  const uint8_t *data)
{
	const uint8_t *sum = block->sums;

	if (flags & LZOP_FLAG_ADLER32) {
		if (lzo_adler32(1, data, block->unpacked) != get_be32(sum))
			return false;
		sum += LZOP_WORD;
	}
	return !(flags & LZOP_FLAG_CRC32) ||
	       lzo_crc32(0, data, block->unpacked) == get_be32(sum);
}

static bool unpack_lzop_block(const struct lzop_block *block,
			      const uint8_t *p, uint8_t *to)
{
	lzo_uint size = block->unpacked;

	if (block->packed == block->unpacked) {
		memcpy(to, p, size);
		return true;
	}
	return lzo1x_decompress_safe(p, block->packed, to, &size, NULL) ==
	       LZO_E_OK && size == block->unpacked;
}

static enum unpacked unpack_lzo(struct bytes *from, struct room *to)
{
	uint32_t flags = 0;
	size_t head = read_lzop_header(from, &flags);
	struct lzop_block block;

	if (!head)
		return UNPACK_DAMAGED;
	bytes_take(from, head);
	while (from->size >= LZOP_WORD && get_be32(from->data)) {
		if (from->size < 2 * LZOP_WORD)
			return UNPACK_DAMAGED;
		read_lzop_block(from->data, flags, &block);
		if (block.packed > block.unpacked ||
		    block.head > from->size ||
		    block.packed > from->size - block.head)
			return UNPACK_DAMAGED;
		if (block.unpacked > to->size)
			return UNPACK_NO_ROOM;
		bytes_take(from, block.head);
		if (!unpack_lzop_block(&block, from->data, to->data) ||
		    !has_lzop_sums(&block, flags, to->data))
			return UNPACK_DAMAGED;
		bytes_take(from, block.packed);
		room_put(to, block.unpacked);
	}
	/* The last word is 0. */
	if (from->size < LZOP_WORD)
		return UNPACK_DAMAGED;
	bytes_take(from, LZOP_WORD);
	return UNPACKED;
}
#else
#define unpack_lzo	NULL
#endif

/* As the kernel's own scripts write them (scripts/Makefile.lib, 5.10 to 7.2). */
static const struct codec codecs[] = {
	{ "gzip", "zlib", "\x1f\x8b", 2, true, unpack_gzip },
	{ "bzip2", "libbz2", "BZh", 3, false, unpack_bzip2 },
	{ "xz", "liblzma", "\xfd\x37zXZ\0", 6, false, unpack_xz },
	{ "lzma", "liblzma", "\x5d\0\0", 3, false, unpack_lzma },
	{ "lzo", "liblzo2", "\x89LZO\0\r\n", 7, false, unpack_lzo },
	{ "lz4", "liblz4", LZ4_LEGACY_MAGIC, LZ4_WORD, false, unpack_lz4 },
	{ "lz4-frame", "liblz4", "\x04\x22\x4d\x18", 4, false, unpack_lz4_frame },
	{ "zstd", "libzstd", "\x28\xb5\x2f\xfd", 4, false, unpack_zstd },
	{}
};

/* Codecs rely on there being a magic number, and something behind it. */
static bool is_stream(const struct codec *codec, const struct bytes *bytes)
{
	return bytes->size > codec->magic_size &&
	       !memcmp(bytes->data, codec->magic, codec->magic_size);
}

/**
 * codec_find - find out in what format something is compressed
 * @bytes: its first bytes
 *
 * Return: the format; NULL: none that a kernel is compressed in.
 */
const struct codec *codec_find(const struct bytes *bytes)
{
	const struct codec *codec;

	for (codec = codecs; codec->name; codec++)
		if (is_stream(codec, bytes))
			return codec;
	return NULL;
}

/**
 * codec_next - go through all formats
 * @codec: one of them, NULL for the first
 *
 * Return: the next one, NULL: that was the last.
 */
const struct codec *codec_next(const struct codec *codec)
{
	codec = codec ? codec + 1 : codecs;
	return codec->name ? codec : NULL;
}

/**
 * codec_unpack - unpack all streams that there are, one behind the other
 * @codec: their format, of which there is the library
 * @from: the streams and nothing else
 * @to: room for what they unpack to
 * @size: result: bytes in it; if there is not room enough, those that there are
 *	as far as is known
 *
 * Return: UNPACKED, or why not.
 */
enum unpacked codec_unpack(const struct codec *codec, const struct bytes *from,
			   const struct room *to, size_t *size)
{
	struct bytes left = *from;
	struct room room = *to;
	enum unpacked ret;

	do {
		if (!is_stream(codec, &left))
			return UNPACK_DAMAGED;
		ret = codec->unpack(&left, &room);
		*size = to->size - room.size;
	} while (ret == UNPACKED && left.size);
	return ret;
}
