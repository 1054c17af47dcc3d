/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables of coreboot and machines that have one, for the tests of
 * source-coreboot.c. Layouts are those of coreboot's coreboot_tables.h, by
 * offset: what the code under test thinks of them does not count here.
 */
#ifndef TESTS_COREBOOT_H
#define TESTS_COREBOOT_H

#include "coreboot-sums.h"
#include "fixture.h"

#define FORWARD_AT	0x500		/* where coreboot says where it is */
#define STACK		0x800		/* what ESP points to */
#define TABLE		0x1ff00000ULL	/* where made-up tables are */
#define ACPI		0x1fe00000ULL	/* and their CBMEM area for ACPI */
#define ACPI_SIZE	0x400

#define LOW_SIZE	0x1000		/* what is searched */
#define F_SEGMENT	0xf0000
#define F_SIZE		0x10000
#define RSDP_AT		0x400		/* in it */

#define TAG_MEMORY	0x01
#define TAG_VERSION	0x04
#define TAG_BUILD	0x06
#define TAG_SERIAL	0x0f
#define TAG_FORWARD	0x11
#define TAG_FRAMEBUFFER	0x12
#define TAG_MEDIA	0x30
#define TAG_CBMEM	0x31
#define TAG_RSDP	0x43

#define ID_ACPI		0x41435049

enum route {
	BY_ARGUMENT,			/* [ESP+4] */
	BY_SCAN,
	NR_WAYS,
};

static const char * const ways[NR_WAYS] = { "argument", "scan" };

static const struct source sources[NR_WAYS] = {
	{ CORRUPT_COREBOOT, coreboot_probe },
	{ CORRUPT_COREBOOT, coreboot_scan },
};

/**
 * struct image - a table
 * @len: bytes
 * @entries: records
 * @data: the bytes
 */
struct image {
	u32 len;
	u32 entries;
	u8 data[80 * KIB];
};

static inline void image_start(struct image *image)
{
	memset(image->data, 0, HEADER);
	image->len = HEADER;
	image->entries = 0;
}

/* Add a record; return its contents, @size zeroes. */
static inline u8 *image_add(struct image *image, u32 tag, u32 size)
{
	u8 *record = &image->data[image->len];

	if (size > sizeof(image->data) - image->len - 8)
		abort();
	put_le32(record, tag);
	put_le32(record + 4, 8 + size);
	image->len += 8 + size;
	image->entries++;
	return memset(record + 8, 0, size);
}

static inline void image_seal(struct image *image)
{
	memcpy(image->data, "LBIO", 4);
	put_le32(image->data + 4, HEADER);
	put_le32(image->data + 12, image->len - HEADER);
	put_le32(image->data + 20, image->entries);
	fix_sums(image->data, image->len);
}

static inline void image_memory(struct image *image,
				const struct range *range, u32 nr)
{
	u8 *p = image_add(image, TAG_MEMORY, 20 * nr);

	for (; nr; nr--, range++, p += 20) {
		put_le64(p, range->start);
		put_le64(p + 8, range->size);
		put_le32(p + 16, range->type);
	}
}

static inline void image_address(struct image *image, u32 tag, u64 address)
{
	put_le64(image_add(image, tag, 8), address);
}

static inline void image_cbmem(struct image *image, u64 address, u32 size,
			       u32 id)
{
	u8 *p = image_add(image, TAG_CBMEM, 16);

	put_le64(p, address);
	put_le32(p + 8, size);
	put_le32(p + 12, id);
}

static inline void image_media(struct image *image, u64 offset, u64 size,
			       u64 medium)
{
	u8 *p = image_add(image, TAG_MEDIA, 32);

	put_le64(p, ~0ULL);			/* no FMAP */
	put_le64(p + 8, offset);
	put_le64(p + 16, size);
	put_le64(p + 24, medium);
}

static const struct range usual_map[] = {
	{ 0, 0x1000, 16 },
	{ 0x1000, 0x9f000, 1 },
	{ 0x100000, 0x1fd00000, 1 },
	{ 0x1fe00000, 0x200000, 16 },
};

#define USUAL_NR_MAP	4

/* Where the usual table has what; each record begins with tag and size. */
#define USUAL_MEMORY	24
#define USUAL_VERSION	112
#define USUAL_SERIAL	132
#define USUAL_FB	160
#define USUAL_MEDIA	200
#define USUAL_CBMEM	240
#define USUAL_RSDP	264
#define USUAL_END	280
#define USUAL_RECORDS	7

/* One of each record that is used. */
static inline void image_usual(struct image *image)
{
	static const u8 colors[] = { 32, 16, 8, 8, 8, 0, 8, 24, 8 };
	u8 *p;

	image_start(image);
	image_memory(image, usual_map, USUAL_NR_MAP);
	memcpy(image_add(image, TAG_VERSION, 12), "4.0-1234", 9);
	p = image_add(image, TAG_SERIAL, 20);
	put_le32(p, 1);
	put_le32(p + 4, 0x3f8);
	put_le32(p + 8, 115200);
	put_le32(p + 12, 1);
	p = image_add(image, TAG_FRAMEBUFFER, 32);
	put_le64(p, 0xfd000000);
	put_le32(p + 8, 800);
	put_le32(p + 12, 600);
	put_le32(p + 16, 3200);
	memcpy(p + 20, colors, sizeof(colors));
	image_media(image, 0x10200, 0x3fe00, 0x80000);
	image_cbmem(image, ACPI, ACPI_SIZE, ID_ACPI);
	image_address(image, TAG_RSDP, 0xf0400);
	image_seal(image);
}

/* A header with a FORWARD record. */
static inline void put_forward(u8 *at, u64 address)
{
	static struct image image;

	image_start(&image);
	image_address(&image, TAG_FORWARD, address);
	image_seal(&image);
	memcpy(at, image.data, image.len);
}

/* ACPI 6.4, 5.2.5.3: the first 20 bytes sum up to 0. */
static inline void put_rsdp(u8 *at, bool good)
{
	u8 sum = 0;
	u32 i;

	memcpy(at, "RSD PTR \0BOCHS ", 16);
	for (i = 0; i < 8; i++)
		sum += at[i];
	for (i = 9; i < 16; i++)
		sum += at[i];
	at[8] = -sum + !good;
}

/*
 * Pieces: low memory with stack and forwarding table, the F segment, the
 * table. The caller may add one.
 */
static inline struct handoff machine_new(struct machine *m, u64 pa,
					 const void *table, size_t len)
{
	u8 *low;

	m->ram = (struct ram){ .nr = 0 };
	low = machine_add(m, 0, NULL, LOW_SIZE);
	put_rsdp(machine_add(m, F_SEGMENT, NULL, F_SIZE) + RSDP_AT, true);
	machine_add(m, pa, table, len);
	put_forward(low + FORWARD_AT, pa);
	put_le32(low + STACK + 4, pa);
	return (struct handoff){ .esp = STACK };
}

/* On error not one byte may have changed, but in the workspace and who was asked. */
static inline int probe_strictly(enum route way, const struct machine *m,
				 const struct handoff *handoff,
				 struct bootinfo *bi)
{
	static struct bootinfo before;
	int ret;

	memcpy(&before, bi, sizeof(before));
	ret = probe(&sources[way], m, handoff, bi);
	if (ret) {
		/* Who has refused it, and what else was odd, may stay. */
		before.source = bi->source;
		before.nr_ignored = bi->nr_ignored;
		before.ignored_bits = bi->ignored_bits;
		memcpy(before.ignored, bi->ignored, sizeof(before.ignored));
		expect_bytes(bi, &before,
			     offsetof(struct bootinfo, low_memory));
		expect_bytes(&bi->map, &before.map, sizeof(bi->map));
	}
	return ret;
}

#endif /* TESTS_COREBOOT_H */
