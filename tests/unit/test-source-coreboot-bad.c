// SPDX-License-Identifier: GPL-2.0
/*
 * What is wrong with coreboot's table, and where there is none
 * (source-coreboot.c).
 */
#include "coreboot.h"

static struct image image;

/* As it is, at TABLE: no sum is touched. @ignored: CORRUPT_* of what is. */
static int run_ignoring(enum route way, const void *table, size_t len,
			u32 *ignored)
{
	struct bootinfo *bi = bootinfo_new_full();
	struct machine m;
	struct handoff handoff = machine_new(&m, TABLE, table, len);
	int ret = probe_strictly(way, &m, &handoff, bi);

	*ignored = bi->ignored_bits;
	expect_eq(!!bi->nr_ignored, !!bi->ignored_bits);
	machine_free(&m);
	free(bi);
	return ret;
}

static int run(enum route way, const void *table, size_t len)
{
	u32 ignored;

	return run_ignoring(way, table, len, &ignored);
}

/*
 * A word of the usual table replaced, sums fixed up or not. Without a
 * signature the argument is a stray pointer, a FORWARD record is not.
 */
static const struct {
	const char *name;
	u32 at, value;
	bool as_it_is;
	int want;
} words[] = {
	{ "nothing", 20, 7, false, 0 },
	{ "signature", 0, 0x4f49424d, false, -EINVAL },
	{ "signature, sums wrong", 0, 0, true, -EINVAL },
	{ "header_bytes 0", 4, 0, false, -EINVAL },
	{ "header_bytes 20", 4, 20, false, -EINVAL },
	{ "header_bytes 23", 4, 23, false, -EINVAL },
	{ "header_bytes 28: a word too many", 4, 28, false, -EINVAL },
	{ "header_bytes 0x80000000", 4, 0x80000000, false, -EINVAL },
	{ "header_bytes ~0", 4, ~0U, false, -EINVAL },
	{ "header_checksum 0", 8, 0, true, -EINVAL },
	{ "header_checksum ~0", 8, ~0U, true, -EINVAL },
	{ "table_bytes 0", 12, 0, false, -EINVAL },
	{ "table_bytes: 1 less", 12, USUAL_END - 24 - 1, false, -EINVAL },
	{ "table_bytes: a word less", 12, USUAL_END - 24 - 4, false, -EINVAL },
	{ "table_bytes: 7 more", 12, USUAL_END - 24 + 7, false, -EINVAL },
	{ "table_bytes: 8 more", 12, USUAL_END - 24 + 8, false, -EINVAL },
	{ "table_bytes 0x10001", 12, 0x10001, false, -EINVAL },
	{ "table_bytes ~0", 12, ~0U, false, -EINVAL },
	{ "table_bytes ~0 - 23", 12, -HEADER, false, -EINVAL },
	{ "table_checksum 0", 16, 0, true, -EINVAL },
	{ "one record less", 20, USUAL_RECORDS - 1, false, -EINVAL },
	{ "one record more", 20, USUAL_RECORDS + 1, false, -EINVAL },
	{ "no records", 20, 0, false, -EINVAL },
	{ "~0 records", 20, ~0U, false, -EINVAL },
	{ "a word changed, sums wrong", USUAL_VERSION + 8, 0, true, -EINVAL },
	{ "the last word changed, sums wrong", USUAL_END - 4, 1, true,
	  -EINVAL },

	{ "size 0", USUAL_VERSION + 4, 0, false, -EINVAL },
	{ "size 7", USUAL_VERSION + 4, 7, false, -EINVAL },
	{ "size 4", USUAL_VERSION + 4, 4, false, -EINVAL },
	{ "size 21: not a multiple of 4", USUAL_VERSION + 4, 21, false,
	  -EINVAL },
	{ "size 22: not a multiple of 4", USUAL_VERSION + 4, 22, false,
	  -EINVAL },
	{ "size up to the table's end", USUAL_VERSION + 4,
	  USUAL_END - USUAL_VERSION, false, -EINVAL },
	{ "size beyond the table's end", USUAL_VERSION + 4,
	  USUAL_END - USUAL_VERSION + 4, false, -EINVAL },
	{ "size 0x80000000", USUAL_VERSION + 4, 0x80000000, false, -EINVAL },
	{ "size ~0", USUAL_VERSION + 4, ~0U, false, -EINVAL },
	{ "size ~0 - 3", USUAL_VERSION + 4, -4U, false, -EINVAL },
	{ "the last record's size 0", USUAL_RSDP + 4, 0, false, -EINVAL },
	{ "the last record's size ~0", USUAL_RSDP + 4, ~0U, false, -EINVAL },
	{ "the last record: one word", USUAL_RSDP + 4, 12, false, -EINVAL },

	{ "an unknown tag", USUAL_VERSION, 0xdeadbeef, false, 0 },
	{ "tag 0", USUAL_RSDP, 0, false, 0 },
	{ "VERSION taken for MEMORY", USUAL_VERSION, TAG_MEMORY, false,
	  -EINVAL },
	{ "VERSION taken for FORWARD, to nothing", USUAL_VERSION, TAG_FORWARD,
	  false, -EINVAL },

	/* The flash is cbfs_probe()'s business. */
	{ "flash: CBFS begins behind it", USUAL_MEDIA + 16, 0x80001, false, 0 },
	{ "flash: CBFS of 2^63", USUAL_MEDIA + 28, 0x80000000, false, 0 },
	{ "flash: larger than 4 GiB", USUAL_MEDIA + 36, 1, false, 0 },
	{ "flash: empty", USUAL_MEDIA + 32, 0, false, 0 },
};

static void test_word(u32 i)
{
	int want = words[i].want;

	image_usual(&image);
	put_le32(image.data + words[i].at, words[i].value);
	if (!words[i].as_it_is)
		fix_sums(image.data, image.len);
	expect_eq(run(BY_SCAN, image.data, image.len), want);
	expect_eq(run(BY_ARGUMENT, image.data, image.len),
		  words[i].at ? want : -ENOENT);
	ktap_done("%s", words[i].name);
}

/* What is odd in these words costs one record. */
static const struct {
	const char *name;
	u32 at, value;
	u32 ignored;			/* CORRUPT_* */
} odd[] = {
	{ "VERSION taken for FRAMEBUFFER", USUAL_VERSION, TAG_FRAMEBUFFER,
	  CORRUPT_FRAMEBUFFER },
	{ "VERSION taken for BOOT_MEDIA_PARAMS", USUAL_VERSION, TAG_MEDIA,
	  CORRUPT_CBFS },
	{ "VERSION taken for CBMEM_ENTRY", USUAL_VERSION, TAG_CBMEM,
	  CORRUPT_RSDP },
	{ "framebuffer: 0 bits", USUAL_FB + 28, 0x08081000,
	  CORRUPT_FRAMEBUFFER },
	{ "framebuffer: ~0 bits", USUAL_FB + 28, 0x080810ff,
	  CORRUPT_FRAMEBUFFER },
	{ "framebuffer: width ~0", USUAL_FB + 16, ~0U, CORRUPT_FRAMEBUFFER },
	{ "framebuffer: height ~0", USUAL_FB + 20, ~0U, CORRUPT_FRAMEBUFFER },
	{ "framebuffer: lines too short", USUAL_FB + 24, 3196,
	  CORRUPT_FRAMEBUFFER },
};

static void test_odd(u32 i)
{
	enum route way;
	u32 ignored;

	image_usual(&image);
	put_le32(image.data + odd[i].at, odd[i].value);
	fix_sums(image.data, image.len);
	for (way = 0; way < NR_WAYS; way++) {
		expect_eq(run_ignoring(way, image.data, image.len, &ignored),
			  0);
		expect_eq(ignored, odd[i].ignored);
	}
	ktap_done("%s", odd[i].name);
}

/*
 * One record; @size of the contents is too little, or no multiple of 4.
 * @ignored: it costs itself alone, and this is its bit.
 */
static const struct {
	u32 tag, size, ignored;
} small[] = {
	{ TAG_MEMORY, 4, 0 }, { TAG_MEMORY, 16, 0 }, { TAG_MEMORY, 24, 0 },
	{ TAG_MEMORY, 36, 0 }, { TAG_FORWARD, 0, 0 }, { TAG_FORWARD, 4, 0 },
	{ TAG_BUILD, 1, 0 }, { TAG_BUILD, 2, 0 }, { TAG_BUILD, 3, 0 },
	{ TAG_VERSION, 0, CORRUPT_LOADER },
	{ TAG_SERIAL, 0, CORRUPT_SERIAL }, { TAG_SERIAL, 4, CORRUPT_SERIAL },
	{ TAG_FRAMEBUFFER, 0, CORRUPT_FRAMEBUFFER },
	{ TAG_FRAMEBUFFER, 28, CORRUPT_FRAMEBUFFER },
	{ TAG_MEDIA, 0, CORRUPT_CBFS }, { TAG_MEDIA, 28, CORRUPT_CBFS },
	{ TAG_CBMEM, 0, CORRUPT_RSDP }, { TAG_CBMEM, 12, CORRUPT_RSDP },
	{ TAG_RSDP, 0, CORRUPT_RSDP }, { TAG_RSDP, 4, CORRUPT_RSDP },
};

static void test_small(u32 i)
{
	int want = small[i].ignored ? 0 : -EINVAL;
	enum route way;
	u32 ignored;

	image_start(&image);
	image_memory(&image, usual_map, USUAL_NR_MAP);
	image_add(&image, small[i].tag, small[i].size);
	/* There is more, but it is another record. */
	memset(image_add(&image, TAG_BUILD, 64), 0x11, 64);
	image_seal(&image);
	for (way = 0; way < NR_WAYS; way++) {
		expect_eq(run_ignoring(way, image.data, image.len, &ignored),
			  want);
		expect_eq(ignored, small[i].ignored);
	}
	ktap_done("record %#x, %u bytes", small[i].tag, small[i].size);
}

/* Bytes behind the last record that are no record. */
static void test_tail(u32 len)
{
	enum route way;

	image_usual(&image);
	memset(image.data + image.len, 0, len);
	image.len += len;
	image_seal(&image);
	for (way = 0; way < NR_WAYS; way++)
		expect_eq(run(way, image.data, image.len), -EINVAL);
	ktap_done("%u bytes too many", len);
}

/* Good, would it not say that it is that large: 64 KiB are the limit. */
static void test_large(u32 records, int want)
{
	enum route way;

	image_start(&image);
	image_add(&image, TAG_BUILD, records - 8);
	image_seal(&image);
	for (way = 0; way < NR_WAYS; way++)
		expect_eq(run(way, image.data, image.len), want);
	ktap_done("%u bytes of records", records);
}

/* Words that make sense if a size is believed that is too small. */
static void test_overlapping(void)
{
	enum route way;
	u8 *p;

	/* The number of records, 1, would be the tag of the first one. */
	image_start(&image);
	image_memory(&image, usual_map, 1);
	memmove(image.data + HEADER - 4, image.data + HEADER, 28);
	image.len -= 4;
	memcpy(image.data, "LBIO", 4);
	put_le32(image.data + 4, HEADER - 4);
	put_le32(image.data + 12, 28);
	put_le32(image.data + 16, internet_checksum(image.data + 20, 28));
	put_le32(image.data + 8, 0);
	put_le32(image.data + 8, internet_checksum(image.data, 20));
	for (way = 0; way < NR_WAYS; way++)
		expect_eq(run(way, image.data, image.len), -EINVAL);
	ktap_done("header_bytes 20, and records to fit");

	/* The size, 4, would be the tag of the next one. */
	image_start(&image);
	p = image_add(&image, TAG_BUILD, 8);
	put_le32(p - 4, 4);
	put_le32(p, 12);
	image.entries = 2;
	image_seal(&image);
	for (way = 0; way < NR_WAYS; way++)
		expect_eq(run(way, image.data, image.len), -EINVAL);
	ktap_done("size 4, and a record to fit");
}

/* A string must end inside its record. */
static void test_version(bool last)
{
	enum route way;
	u32 ignored;

	image_start(&image);
	memset(image_add(&image, TAG_VERSION, 8), '4', 8);
	if (!last)
		image_add(&image, 0x41414141, 8);
	image_seal(&image);
	for (way = 0; way < NR_WAYS; way++) {
		expect_eq(run_ignoring(way, image.data, image.len, &ignored),
			  0);
		expect_eq(ignored, CORRUPT_LOADER);
	}
	ktap_done("a version without an end%s", last ? ", at the end" : "");
}

static const struct {
	const char *name;
	u64 table;
} captured[] = {
	{ "coreboot/2013", 0x1ff21c00 },
	{ "coreboot/2014", 0x1ffb2000 },
	{ "coreboot/4.22", 0x1ff96000 },
	{ "coreboot/26.06", 0x1fe9e000 },
	{ "coreboot/26.06-fb", 0x1fe9f000 },
};

static void load_table(u32 i)
{
	image.len = load(captured[i].name, captured[i].table, image.data,
			 sizeof(image.data));
}

/* Memory ends; without a whole header the argument is a stray pointer. */
static void test_truncated(const char *name)
{
	u32 len;

	for (len = 0; len < image.len; len++) {
		expect_eq(run(BY_SCAN, image.data, len), -EINVAL);
		expect_eq(run(BY_ARGUMENT, image.data, len),
			  len < HEADER ? -ENOENT : -EINVAL);
	}
	expect_eq(run(BY_SCAN, image.data, len), 0);
	ktap_done("memory ends in %s", name);
}

/* The table's size says so, and sums are right: records are missing. */
static void test_cut(const char *name)
{
	u32 len;

	for (len = HEADER; len < image.len; len++) {
		put_le32(image.data + 12, len - HEADER);
		fix_sums(image.data, image.len);
		expect_eq(run(BY_ARGUMENT, image.data, image.len), -EINVAL);
		expect_eq(run(BY_ARGUMENT, image.data, len), -EINVAL);
	}
	put_le32(image.data + 12, len - HEADER);
	fix_sums(image.data, image.len);
	expect_eq(run(BY_ARGUMENT, image.data, image.len), 0);
	ktap_done("table_bytes too small, %s", name);
}

/* Every byte: sums wrong, then fixed up. */
static void test_damaged(const char *name)
{
	static const u8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	u32 at, k;

	for (at = 0; at < image.len; at++)
		for (k = 0; k < ARRAY_SIZE(values); k++) {
			u8 saved = image.data[at];

			if (saved == values[k])
				continue;
			image.data[at] = values[k];
			expect_eq(run(BY_ARGUMENT, image.data, image.len),
				  at < 4 ? -ENOENT : -EINVAL);
			fix_sums(image.data, image.len);
			run(BY_ARGUMENT, image.data, image.len);
			image.data[at] = saved;
			fix_sums(image.data, image.len);
		}
	ktap_done("a byte changed, %s", name);
}

#define SECOND		0x2000		/* where a second table may be */

/* What is at SECOND. */
enum second {
	SECOND_ZEROES,
	SECOND_TABLE,
	SECOND_ASKEW,			/* a table, 2 bytes further on */
	SECOND_FORWARD,			/* on to TABLE, which is good */
	SECOND_SELF,
	SECOND_BAD_SUM,
	SECOND_BAD_RECORD,
};

/* The header at 0x500, by both ways: what it says exists. */
static const struct {
	const char *name;
	u64 address;
	enum second second;
	int want;
} forwards[] = {
	{ "to a table", SECOND, SECOND_TABLE, 0 },
	{ "to itself", FORWARD_AT, SECOND_ZEROES, -EINVAL },
	{ "to 0", 0, SECOND_ZEROES, -EINVAL },
	{ "above 4 GiB", 0x100000000 + TABLE, SECOND_ZEROES, -EINVAL },
	{ "to 4 GiB", 0x100000000, SECOND_ZEROES, -EINVAL },
	{ "to ~0", ~0ULL, SECOND_ZEROES, -EINVAL },
	{ "to zeroes", SECOND, SECOND_ZEROES, -EINVAL },
	{ "to no memory", 0x30000000, SECOND_ZEROES, -EINVAL },
	{ "to a table above 4 GiB", 0x100000000 + SECOND, SECOND_TABLE,
	  -EINVAL },
	{ "not to a multiple of 4", SECOND + 2, SECOND_ASKEW, -EINVAL },
	{ "to one that forwards again", SECOND, SECOND_FORWARD, -EINVAL },
	{ "to one that forwards to itself", SECOND, SECOND_SELF, -EINVAL },
	{ "to a bad sum", SECOND, SECOND_BAD_SUM, -EINVAL },
	{ "to a bad record", SECOND, SECOND_BAD_RECORD, -EINVAL },
};

static void put_second(u8 *at, enum second second)
{
	image_usual(&image);
	switch (second) {
	case SECOND_ZEROES:
		return;
	case SECOND_FORWARD:
		put_forward(at, TABLE);
		return;
	case SECOND_SELF:
		put_forward(at, SECOND);
		return;
	case SECOND_BAD_SUM:
		image.data[USUAL_VERSION + 8]++;
		break;
	case SECOND_BAD_RECORD:
		put_le32(image.data + USUAL_VERSION + 4, 0);
		fix_sums(image.data, image.len);
		break;
	case SECOND_ASKEW:
		at += 2;
		break;
	case SECOND_TABLE:
		break;
	}
	memcpy(at, image.data, image.len);
}

static void test_forward(u32 i)
{
	enum route way;

	for (way = 0; way < NR_WAYS; way++) {
		struct bootinfo *bi = bootinfo_new();
		struct handoff handoff;
		struct machine m;
		u64 second = SECOND;
		u8 *low;

		image_usual(&image);
		handoff = machine_new(&m, TABLE, image.data, image.len);
		if (forwards[i].second != SECOND_ZEROES)
			second = forwards[i].address & ~3ULL;
		put_second(machine_add(&m, second, NULL, 0x1000),
			   forwards[i].second);
		low = machine_piece(&m, 0);
		put_forward(low + FORWARD_AT, forwards[i].address);
		put_le32(low + STACK + 4, FORWARD_AT);
		expect_eq(probe_strictly(way, &m, &handoff, bi),
			  forwards[i].want);
		if (!forwards[i].want) {
			expect_eq(bi->coreboot.start, SECOND);
			expect_eq(bi->coreboot.size, USUAL_END);
		}
		machine_free(&m);
		free(bi);
	}
	ktap_done("forward: %s", forwards[i].name);
}

/* What a FORWARD record's own table has else does not count, nor is kept. */
static void test_forward_among_others(void)
{
	struct bootinfo *bi = bootinfo_new();
	struct handoff handoff;
	struct machine m;
	u8 *second;

	image_usual(&image);
	image_address(&image, TAG_FORWARD, SECOND);
	image_seal(&image);
	handoff = machine_new(&m, TABLE, image.data, image.len);
	second = machine_add(&m, SECOND, NULL, 0x1000);
	image_start(&image);
	image_memory(&image, &usual_map[2], 1);
	image_seal(&image);
	memcpy(second, image.data, image.len);
	expect_eq(probe_strictly(BY_ARGUMENT, &m, &handoff, bi), 0);
	expect_eq(bi->coreboot.start, SECOND);
	expect_map(&bi->map, &usual_map[2], 1);
	expect_string(bi->firmware_version, "");
	expect_eq(bi->serial.base, 0);
	expect_eq(bi->framebuffer.base, 0);
	expect_eq(bi->cbfs.size, 0);
	expect_eq(bi->rsdp, 0);
	ktap_done("forward: among other records");
	machine_free(&m);
	free(bi);
}

/* Where tables are searched for, with or without good ones elsewhere. */
static const struct {
	const char *name;
	u32 good;			/* 0: none */
	u32 bad;			/* 0: none */
	int want;
} places[] = {
	{ "nowhere", 0, 0, -ENOENT },
	{ "0x500", 0x500, 0, 0 },
	{ "0", 0x10, 0, 0 },
	{ "the last place in the first page", 0xff0, 0, 0 },
	{ "behind the first page", 0x1000, 0, -ENOENT },
	{ "the F segment", 0xf0000, 0, 0 },
	{ "the last place in the F segment", 0xffff0, 0, 0 },
	{ "before the F segment", 0xefff0, 0, -ENOENT },
	{ "behind the F segment", 0x100000, 0, -ENOENT },
	{ "not at a multiple of 16: 0x504", 0x504, 0, -ENOENT },
	{ "not at a multiple of 16: 0xf0008", 0xf0008, 0, -ENOENT },
	{ "a bad sum first", 0x700, 0x500, 0 },
	{ "a bad sum first, in another area", 0xf1000, 0x500, 0 },
	{ "a bad sum first, in the F segment", 0xf1000, 0xf0fc0, 0 },
	{ "a bad sum later", 0x500, 0x700, 0 },
	{ "a bad sum later, in another area", 0x500, 0xf0000, 0 },
	{ "a bad sum only", 0, 0x500, -EINVAL },
	{ "a bad sum only, in the F segment", 0, 0xf8000, -EINVAL },
	{ "a bad sum only, at the end", 0, 0xffff0, -EINVAL },
};

/* A good one in each place, a small one; a bad one, 48 bytes before or so. */
static void test_place(u32 i)
{
	const struct handoff handoff = { .esp = 0 };
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};
	u8 *low, *high;

	image_start(&image);
	image_address(&image, TAG_RSDP, 0xf0400);
	image_seal(&image);
	low = machine_add(&m, 0, NULL, 0x2000);
	high = machine_add(&m, 0xe0000, NULL, 0x30000);
	put_rsdp(high + 0xf0400 - 0xe0000, true);
	if (places[i].good)
		memcpy(places[i].good < 0x2000 ? low + places[i].good :
		       high + (places[i].good - 0xe0000),
		       image.data, image.len);
	image.data[image.len - 8]++;
	if (places[i].bad)
		memcpy(places[i].bad < 0x2000 ? low + places[i].bad :
		       high + (places[i].bad - 0xe0000),
		       image.data, image.len);
	expect_eq(probe_strictly(BY_SCAN, &m, &handoff, bi), places[i].want);
	if (!places[i].want) {
		expect_eq(bi->coreboot.start, places[i].good);
		expect_eq(bi->rsdp, 0xf0400);
	}
	ktap_done("scan: %s", places[i].name);
	machine_free(&m);
	free(bi);
}

/* Where memory is not all there, there is nothing to be found. */
static void test_scan_without_memory(void)
{
	static const u32 sizes[] = { 0, 1, 3, 4, 0x500, 0xfff };
	const struct handoff handoff = { .esp = 0 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		machine_add(&m, 0, NULL, sizes[i]);
		machine_add(&m, 0xf0000, NULL, sizes[i]);
		expect_eq(probe_strictly(BY_SCAN, &m, &handoff, bi), -ENOENT);
		machine_free(&m);
		free(bi);
	}
	ktap_done("scan: memory is too short");
}

#define ASKEW		0x902		/* a forwarding table is here, too */

/* ESP, and what it points to; the table itself is good. */
static const struct {
	const char *name;
	u32 esp;
	u32 argument;
	int want;
} arguments[] = {
	{ "good", STACK, TABLE, 0 },
	{ "ESP 0", 0, TABLE, -ENOENT },
	{ "ESP not aligned", STACK + 2, TABLE, -ENOENT },
	{ "ESP odd", STACK + 1, TABLE, -ENOENT },
	{ "ESP at no memory", 0x20000000, TABLE, -ENOENT },
	{ "ESP at the end of memory", 0xffc, TABLE, -ENOENT },
	{ "ESP at 4 GiB - 4", 0xfffffffc, TABLE, -ENOENT },
	{ "ESP ~0", ~0U, TABLE, -ENOENT },
	{ "0", STACK, 0, -ENOENT },
	{ "0x4ff", STACK, 0x4ff, -ENOENT },
	{ "0x4fc", STACK, 0x4fc, -ENOENT },
	{ "0x500: forward", STACK, 0x500, 0 },
	{ "not aligned, although a table", STACK, ASKEW, -ENOENT },
	{ "not aligned", STACK, TABLE + 1, -ENOENT },
	{ "not aligned to 4", STACK, TABLE + 2, -ENOENT },
	{ "into the table", STACK, TABLE + 24, -ENOENT },
	{ "to zeroes", STACK, 0xf0000, -ENOENT },
	{ "to no memory", STACK, 0x30000000, -ENOENT },
	{ "to the last 3 bytes of memory", STACK, 0xffd, -ENOENT },
	{ "4 GiB - 4", STACK, 0xfffffffc, -ENOENT },
	{ "~0", STACK, ~0U, -ENOENT },
	{ "boot notes", STACK, 0x0e1fb007, -ENOENT },
};

static void test_argument(u32 i)
{
	struct bootinfo *bi = bootinfo_new_full();
	struct handoff handoff;
	struct machine m;
	u8 *low;

	image_usual(&image);
	handoff = machine_new(&m, TABLE, image.data, image.len);
	handoff.esp = arguments[i].esp;
	low = machine_piece(&m, 0);
	/* All that a wrapped or rounded ESP could lead to is good. */
	put_le32(low, TABLE);
	put_le32(low + 4, TABLE);
	put_le32(low + STACK, TABLE);
	put_le32(low + STACK + 8, TABLE);
	put_le32(low + STACK + 4, arguments[i].argument);
	put_forward(low + ASKEW, TABLE);
	if (arguments[i].argument < FORWARD_AT)
		put_forward(low + (arguments[i].argument & ~3), TABLE);
	expect_eq(probe_strictly(BY_ARGUMENT, &m, &handoff, bi),
		  arguments[i].want);
	ktap_done("argument: %s", arguments[i].name);
	machine_free(&m);
	free(bi);
}

/* What is likely to hurt. */
static u32 random_word(void)
{
	static const u32 words[] = {
		0, 1, 3, 4, 7, 8, 12, 16, 20, 24, 0x7fffffff, 0x80000000,
		0xfffffff8, 0xfffffffc, 0xffffffff, TABLE, TABLE + 24, ACPI,
		ACPI + 0x10, ACPI_SIZE, FORWARD_AT, 0xf0000, TAG_MEMORY,
		TAG_VERSION, TAG_SERIAL, TAG_FORWARD, TAG_FRAMEBUFFER,
		TAG_MEDIA, TAG_CBMEM, TAG_RSDP, ID_ACPI,
	};
	u32 i = random_below(2 * ARRAY_SIZE(words));

	return i < ARRAY_SIZE(words) ? words[i] : random_below(0x7fffffff);
}

/* A few words or bytes of a table changed; sums are right. */
static void mutate(void)
{
	u32 changes = 1 + random_below(6);

	while (changes--) {
		u32 at = 4 + random_below(image.len - 4);

		if (random_below(3))
			put_le32(&image.data[at & ~3], random_word());
		else
			image.data[at] = random_below(256);
	}
	fix_sums(image.data, image.len);
}

static void test_random(u32 rounds)
{
	u32 good = 0;
	u32 i;

	for (i = 0; i < rounds; i++) {
		u32 which = random_below(2 * ARRAY_SIZE(captured));
		struct bootinfo *bi = bootinfo_new();
		struct handoff handoff;
		struct machine m;
		u8 *area;

		if (which < ARRAY_SIZE(captured))
			load_table(which);
		else
			image_usual(&image);
		mutate();
		handoff = machine_new(&m, TABLE, image.data, image.len);
		area = machine_add(&m, ACPI, NULL, ACPI_SIZE);
		memcpy(area + 16 * random_below(8), "RSD PTR ", 8);
		memcpy(area + ACPI_SIZE - 4, "RSD ", 4);
		good += !probe_strictly(BY_ARGUMENT, &m, &handoff, bi);
		if (!bi->coreboot.size)
			probe_strictly(BY_SCAN, &m, &handoff, bi);
		/* What is kept is what others rely on. */
		expect(memchr(bi->firmware_version, 0,
			      sizeof(bi->firmware_version)));
		expect(bi->map.nr <= MEMMAP_MAX);
		expect(bi->framebuffer.width <= 0xffff &&
		       bi->framebuffer.height <= 0xffff &&
		       bi->framebuffer.pitch <= 0xffff);
		machine_free(&m);
		free(bi);
	}
	/* Neither all nor none: it does get past the sums. */
	expect(good > rounds / 20 && good < rounds);
	ktap_done("%u tables changed at random", rounds);
}

int main(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		test_word(i);
	for (i = 0; i < ARRAY_SIZE(odd); i++)
		test_odd(i);
	for (i = 0; i < ARRAY_SIZE(small); i++)
		test_small(i);
	for (i = 1; i < 8; i++)
		test_tail(i);
	test_large(64 * KIB, 0);
	test_large(64 * KIB + 4, -EINVAL);
	test_overlapping();
	test_version(false);
	test_version(true);
	for (i = 0; i < ARRAY_SIZE(captured); i++) {
		load_table(i);
		test_truncated(captured[i].name);
		test_cut(captured[i].name);
	}
	load_table(4);
	test_damaged(captured[4].name);
	image_usual(&image);
	test_truncated("one of each record");
	test_cut("one of each record");
	test_damaged("one of each record");
	for (i = 0; i < ARRAY_SIZE(forwards); i++)
		test_forward(i);
	test_forward_among_others();
	for (i = 0; i < ARRAY_SIZE(places); i++)
		test_place(i);
	test_scan_without_memory();
	for (i = 0; i < ARRAY_SIZE(arguments); i++)
		test_argument(i);
	test_random(4000);
	return ktap_status();
}
