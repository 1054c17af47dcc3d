// SPDX-License-Identifier: GPL-2.0
/*
 * Formats that a kernel is compressed in, by the libraries that there were when
 * this program was built (scripts/Makefile.standalone). In a kernel tree there
 * are none: it needs none of them.
 */
#include <string.h>

#include "elfimage.h"

#ifdef HAVE_ZLIB
#include <zlib.h>

/* With the format's own check of the contents, a CRC. */
static bool unpack_gzip(const struct bytes *from, uint8_t *to, size_t size)
{
	z_stream stream = {
		.next_in = (uint8_t *)from->data, .avail_in = from->size,
		.next_out = to, .avail_out = size,
	};
	int ret;

	if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
		return false;
	ret = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	return ret == Z_STREAM_END && !stream.avail_out;
}
#else
#define unpack_gzip	NULL
#endif

#ifdef HAVE_BZIP2
#include <bzlib.h>

static bool unpack_bzip2(const struct bytes *from, uint8_t *to, size_t size)
{
	unsigned int unpacked = size;

	return BZ2_bzBuffToBuffDecompress((char *)to, &unpacked,
					  (char *)from->data, from->size, 0,
					  0) == BZ_OK && unpacked == size;
}
#else
#define unpack_bzip2	NULL
#endif

#ifdef HAVE_LIBLZMA
#include <lzma.h>

static bool unpack_by_lzma(lzma_stream *stream, lzma_ret ready,
			   const struct bytes *from, uint8_t *to, size_t size)
{
	stream->next_in = from->data;
	stream->avail_in = from->size;
	stream->next_out = to;
	stream->avail_out = size;
	if (ready == LZMA_OK)
		ready = lzma_code(stream, LZMA_FINISH);
	lzma_end(stream);
	return ready == LZMA_STREAM_END && !stream->avail_out;
}

static bool unpack_xz(const struct bytes *from, uint8_t *to, size_t size)
{
	lzma_stream stream = LZMA_STREAM_INIT;

	return unpack_by_lzma(&stream,
			      lzma_stream_decoder(&stream, UINT64_MAX, 0),
			      from, to, size);
}

static bool unpack_lzma(const struct bytes *from, uint8_t *to, size_t size)
{
	lzma_stream stream = LZMA_STREAM_INIT;

	return unpack_by_lzma(&stream, lzma_alone_decoder(&stream, UINT64_MAX),
			      from, to, size);
}
#else
#define unpack_xz	NULL
#define unpack_lzma	NULL
#endif

#ifdef HAVE_ZSTD
#include <zstd.h>

static bool unpack_zstd(const struct bytes *from, uint8_t *to, size_t size)
{
	/* An error is a number larger than any size. */
	return ZSTD_decompress(to, size, from->data, from->size) == size;
}
#else
#define unpack_zstd	NULL
#endif

#ifdef HAVE_LZ4
#include <lz4.h>

#define LZ4_MAGIC_SIZE	4
#define LZ4_WORD	4

/*
 * The "legacy" format (lz4_Frame_format.md of lz4, "Legacy frame"): blocks, each
 * behind its length.
 */
static bool unpack_lz4(const struct bytes *from, uint8_t *to, size_t size)
{
	const uint8_t *p = from->data + LZ4_MAGIC_SIZE;
	size_t left = from->size - LZ4_MAGIC_SIZE;

	while (left >= LZ4_WORD) {
		uint32_t length = get_le32(p);
		int unpacked;

		if (length > left - LZ4_WORD || length > INT32_MAX)
			return false;
		unpacked = LZ4_decompress_safe((const char *)p + LZ4_WORD,
					       (char *)to, length,
					       size > INT32_MAX ? INT32_MAX :
								  (int)size);
		if (unpacked < 0)
			return false;
		to += unpacked;
		size -= unpacked;
		p += LZ4_WORD + length;
		left -= LZ4_WORD + length;
	}
	return !left && !size;
}
#else
#define unpack_lz4	NULL
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

static uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

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

static bool unpack_block(const uint8_t *p, uint32_t packed, uint8_t *to,
			 uint32_t unpacked)
{
	lzo_uint size = unpacked;

	if (packed == unpacked) {
		memcpy(to, p, packed);
		return true;
	}
	return lzo1x_decompress_safe(p, packed, to, &size, NULL) == LZO_E_OK &&
	       size == unpacked;
}

static bool unpack_lzo(const struct bytes *from, uint8_t *to, size_t size)
{
	uint32_t flags;
	size_t at = read_lzop_header(from, &flags);

	while (at && from->size - at >= 2 * LZOP_WORD) {
		uint32_t unpacked = get_be32(from->data + at);
		uint32_t packed = get_be32(from->data + at + LZOP_WORD);
		size_t sums = __builtin_popcount(flags & (LZOP_FLAG_ADLER32 |
							  LZOP_FLAG_CRC32));

		if (!unpacked)
			break;
		/* What is stored has one kind of sums. */
		if (packed < unpacked)
			sums += __builtin_popcount(flags &
						   (LZOP_FLAG_ADLER32_PACKED |
						    LZOP_FLAG_CRC32_PACKED));
		at += (2 + sums) * LZOP_WORD;
		if (packed > unpacked || unpacked > size || at > from->size ||
		    packed > from->size - at ||
		    !unpack_block(from->data + at, packed, to, unpacked))
			return false;
		at += packed;
		to += unpacked;
		size -= unpacked;
	}
	return at && !size;
}
#else
#define unpack_lzo	NULL
#endif

/* By what the kernel's own scripts write (scripts/Makefile.lib, 5.10 to 7.2). */
static const struct codec codecs[] = {
	{ "gzip", "zlib", "\x1f\x8b", 2, true, unpack_gzip },
	{ "bzip2", "libbz2", "BZh", 3, false, unpack_bzip2 },
	{ "xz", "liblzma", "\xfd\x37zXZ\0", 6, false, unpack_xz },
	{ "lzma", "liblzma", "\x5d\0\0", 3, false, unpack_lzma },
	{ "lzo", "liblzo2", "\x89LZO\0\r\n", 7, false, unpack_lzo },
	{ "lz4", "liblz4", "\x02\x21\x4c\x18", 4, false, unpack_lz4 },
	{ "zstd", "libzstd", "\x28\xb5\x2f\xfd", 4, false, unpack_zstd },
	{}
};

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
		if (bytes->size > codec->magic_size &&
		    !memcmp(bytes->data, codec->magic, codec->magic_size))
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
