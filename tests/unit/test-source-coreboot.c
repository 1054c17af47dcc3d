// SPDX-License-Identifier: GPL-2.0
/*
 * coreboot's table (source-coreboot.c): captured on real firmware, and made
 * up. What is wrong with tables is in test-source-coreboot-bad.c.
 */
#include "coreboot.h"

#include "../firmware/table.h"

/* Captured: data/coreboot/README. */
static const struct {
	const char *name;
	u64 table;
	u32 size;
	const char *version;
	u64 rsdp;
	struct range cbfs;
	struct framebuffer framebuffer;
	u32 nr_map;
	struct range map[9];
} captured[] = {
	{
		.name = "coreboot/2013", .table = 0x1ff21c00, .size = 484,
		.version = "4.0",
		.nr_map = 5,
		.map = {
			{ 0, 0x1000, MEM_RESERVED },
			{ 0x1000, 0x9f000, MEM_RAM },
			{ 0xc0000, 0x1fe20000, MEM_RAM },
			{ 0x1fee0000, 0x120000, MEM_RESERVED },
			{ 0xff800000, 0x800000, MEM_RESERVED },
		},
	}, {
		.name = "coreboot/2014", .table = 0x1ffb2000, .size = 332,
		.version = "4.0",
		.nr_map = 5,
		.map = {
			{ 0, 0x1000, MEM_RESERVED },
			{ 0x1000, 0x9f000, MEM_RAM },
			{ 0xc0000, 0x1fef2000, MEM_RAM },
			{ 0x1ffb2000, 0x4e000, MEM_RESERVED },
			{ 0xff800000, 0x800000, MEM_RESERVED },
		},
	}, {
		.name = "coreboot/4.22", .table = 0x1ff96000, .size = 764,
		.version = "coreboot-unknown", .rsdp = 0x1ff71000,
		.cbfs = { 0xff100200, 0xeffe00, 0 },
		.nr_map = 7,
		.map = {
			{ 0, 0x1000, MEM_RESERVED },
			{ 0x1000, 0x9f000, MEM_RAM },
			{ 0xa0000, 0x60000, MEM_RESERVED },
			{ 0x100000, 0x1fe69000, MEM_RAM },
			{ 0x1ff69000, 0x97000, MEM_RESERVED },
			{ 0xfec00000, 0x1000, MEM_RESERVED },
			{ 0xff800000, 0x800000, MEM_RESERVED },
		},
	}, {
		/* loaders.md, section 14, has this map */
		.name = "coreboot/26.06", .table = 0x1fe9e000, .size = 804,
		.version = "coreboot-unknown", .rsdp = 0x1fe99040,
		.cbfs = { 0xff101000, 0xeff000, 0 },
		.nr_map = 9,
		.map = {
			{ 0, 0x1000, MEM_RESERVED },
			{ 0x1000, 0x9f000, MEM_RAM },
			{ 0xa0000, 0x56000, MEM_RESERVED },
			{ 0xf6000, 0x1000, MEM_RESERVED },
			{ 0xf7000, 0x9000, MEM_RESERVED },
			{ 0x100000, 0x1fd71000, MEM_RAM },
			{ 0x1fe71000, 0x18f000, MEM_RESERVED },
			{ 0xfec00000, 0x1000, MEM_RESERVED },
			{ 0xff800000, 0x800000, MEM_RESERVED },
		},
	}, {
		.name = "coreboot/26.06-fb", .table = 0x1fe9f000, .size = 844,
		.version = "coreboot-unknown", .rsdp = 0x1fe9a040,
		.cbfs = { 0xff101000, 0xeff000, 0 },
		.framebuffer = {
			0xfd000000, 800, 600, 3200, 32,
			{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 }
		},
		.nr_map = 9,
		.map = {
			{ 0, 0x1000, MEM_RESERVED },
			{ 0x1000, 0x9f000, MEM_RAM },
			{ 0xa0000, 0x56000, MEM_RESERVED },
			{ 0xf6000, 0x1000, MEM_RESERVED },
			{ 0xf7000, 0x9000, MEM_RESERVED },
			{ 0x100000, 0x1fd72000, MEM_RAM },
			{ 0x1fe72000, 0x18e000, MEM_RESERVED },
			{ 0xfec00000, 0x1000, MEM_RESERVED },
			{ 0xff800000, 0x800000, MEM_RESERVED },
		},
	},
};

/* Who has called is known only if the argument led to the table. */
static void expect_source(const struct bootinfo *bi, enum route way,
			  const char *version)
{
	bool called = way == BY_ARGUMENT;

	expect_string(bi->firmware, "coreboot");
	expect_string(bi->firmware_version, version);
	expect_string(bi->protocol, called ? "coreboot" : NULL);
	expect_string(bi->loader, called ? "coreboot" : "");
	expect_string(bi->loader_version, called ? version : "");
	expect_eq(bi->loader_id, 0xff);
	expect_eq(bi->no_bios, called);
	expect(!bi->cmdline_source && !bi->initrd_source);
}

static void expect_map_source(const struct bootinfo *bi, enum route way)
{
	expect_string(bi->map_source, "coreboot");
	expect_eq(bi->map_rank, way == BY_ARGUMENT ? MAP_COREBOOT :
						     MAP_COREBOOT_SCAN);
}

static void expect_serial(const struct bootinfo *bi, u32 base, u32 step,
			  bool mmio)
{
	expect_eq(bi->serial.base, base);
	expect_eq(bi->serial.step, step);
	expect_eq(bi->serial.mmio, mmio);
}

static void expect_range(const struct range *range, u64 start, u64 size)
{
	expect_eq(range->start, start);
	expect_eq(range->size, size);
}

static void test_captured(u32 i, enum route way)
{
	struct bootinfo *bi = bootinfo_new();
	static u8 data[0x1000];
	struct handoff handoff;
	struct machine m;
	size_t len;
	u8 *low;

	len = load(captured[i].name, captured[i].table, data, sizeof(data));
	handoff = machine_new(&m, captured[i].table, data, len);
	if (captured[i].rsdp)
		put_rsdp(machine_add(&m, captured[i].rsdp, NULL, 36), true);
	low = machine_piece(&m, 0);
	memset(low + FORWARD_AT, 0, 0x100);
	load(captured[i].name, FORWARD_AT, low + FORWARD_AT, 0x100);

	expect_eq(probe_strictly(way, &m, &handoff, bi), 0);
	expect_source(bi, way, captured[i].version);
	expect_map_source(bi, way);
	expect_map(&bi->map, captured[i].map, captured[i].nr_map);
	expect_eq(bi->rsdp, captured[i].rsdp);
	expect_serial(bi, 0x3f8, 1, false);
	expect_range(&bi->coreboot, captured[i].table, captured[i].size);
	expect_range(&bi->cbfs, captured[i].cbfs.start, captured[i].cbfs.size);
	expect_bytes(&bi->framebuffer, &captured[i].framebuffer,
		     sizeof(bi->framebuffer));
	ktap_done("captured: %s, by %s", captured[i].name, ways[way]);
	machine_free(&m);
	free(bi);
}

static struct image image;

/* Run a table that is good, or not (-EINVAL), both ways. */
static void run(const struct image *table, enum route way, int want,
		struct bootinfo *bi)
{
	struct machine m;
	struct handoff handoff = machine_new(&m, TABLE, table->data,
					     table->len);

	expect_eq(probe_strictly(way, &m, &handoff, bi), want);
	if (!want)
		expect_range(&bi->coreboot, TABLE, table->len);
	machine_free(&m);
}

static void test_usual(enum route way)
{
	struct bootinfo *bi = bootinfo_new();

	image_usual(&image);
	expect_eq(image.len, USUAL_END);
	expect_eq(image.entries, USUAL_RECORDS);
	run(&image, way, 0, bi);
	expect_source(bi, way, "4.0-1234");
	expect_map_source(bi, way);
	expect_serial(bi, 0x3f8, 1, false);
	expect_eq(bi->framebuffer.base, 0xfd000000);
	expect_range(&bi->cbfs, 0xfff90200, 0x3fe00);
	expect_eq(bi->rsdp, 0xf0400);
	ktap_done("one of each record, by %s", ways[way]);
	free(bi);
}

/* Nothing is known, but that there is a table. */
static void test_empty(enum route way)
{
	struct bootinfo *bi = bootinfo_new();

	image_start(&image);
	image_seal(&image);
	run(&image, way, 0, bi);
	expect_source(bi, way, "");
	expect_eq(bi->map_rank, MAP_NONE);
	expect(!bi->map_source);
	expect_eq(bi->rsdp, 0);
	expect_serial(bi, 0, 0, false);
	expect_eq(bi->framebuffer.base, 0);
	expect_range(&bi->cbfs, 0, 0);
	ktap_done("no records at all, by %s", ways[way]);
	free(bi);
}

/* Contents of the record; @size of them count, 0: no record. */
static const struct {
	const char *name;
	u32 size;
	u32 words[6];
	u32 base, step;
	bool mmio;
} serials[] = {
	{ "none", 0, { 0 }, 0, 0, false },
	/* ioport, pad, baud */
	{ "4.0, 16 bytes", 8, { 0x3f8, 115200 }, 0x3f8, 1, false },
	{ "4.0, COM2", 8, { 0x2f8, 9600 }, 0x2f8, 1, false },
	{ "4.0, the padding is junk", 8, { 0xdead03f8, 9600 },
	  0x3f8, 1, false },
	/* type, baseaddr, baud */
	{ "2013, 20 bytes", 12, { 1, 0x3f8, 115200 }, 0x3f8, 1, false },
	{ "2013, MMIO", 12, { 2, 0xd0000000, 115200 }, 0xd0000000, 1, true },
	/* + regwidth */
	{ "24 bytes", 16, { 1, 0x2f8, 115200, 1 }, 0x2f8, 1, false },
	{ "24 bytes, MMIO", 16, { 2, 0xfedc9000, 115200, 4 },
	  0xfedc9000, 4, true },
	/* + input_hertz */
	{ "4.22, 28 bytes", 20, { 1, 0x3f8, 115200, 1, 1843200 },
	  0x3f8, 1, false },
	{ "4.22, MMIO", 20, { 2, 0xfe042000, 115200, 4, 48000000 },
	  0xfe042000, 4, true },
	/* + uart_pci_addr */
	{ "4.8, 32 bytes", 24, { 1, 0x3f8, 115200, 1, 1843200, 0 },
	  0x3f8, 1, false },
	{ "4.8, MMIO", 24, { 2, 0xd0000000, 115200, 4, 48000000, 0x8000f800 },
	  0xd0000000, 4, true },
	{ "type 0", 20, { 0, 0x3f8, 115200, 1 }, 0, 0, false },
	{ "type 3", 20, { 3, 0x3f8, 115200, 1 }, 0, 0, false },
	{ "base 0", 20, { 1, 0, 115200, 1 }, 0, 1, false },
};

static void test_serial(u32 i)
{
	struct bootinfo *bi = bootinfo_new();
	u32 k;
	u8 *p;

	image_start(&image);
	image_memory(&image, usual_map, USUAL_NR_MAP);
	if (serials[i].size) {
		p = image_add(&image, TAG_SERIAL, serials[i].size);
		for (k = 0; k < serials[i].size / 4; k++)
			put_le32(p + 4 * k, serials[i].words[k]);
	}
	/* What comes next must not be taken for the rest of it. */
	memset(image_add(&image, TAG_BUILD, 16), 0x99, 16);
	image_seal(&image);
	run(&image, BY_ARGUMENT, 0, bi);
	expect_serial(bi, serials[i].base, serials[i].step, serials[i].mmio);
	ktap_done("serial: %s", serials[i].name);
	free(bi);
}

static const struct {
	const char *text;
	u32 size;
	const char *want;
} versions[] = {
	{ "", 4, "" },
	{ "4.0", 4, "4.0" },
	{ "4.22-1234-gabcdef-dirty", 24, "4.22-1234-gabcdef-dirty" },
	{ "1234567890123456789012345678901", 32,
	  "1234567890123456789012345678901" },
	{ "12345678901234567890123456789012", 36,
	  "1234567890123456789012345678901" },
	{ "1234567890123456789012345678901234567890", 44,
	  "1234567890123456789012345678901" },
};

static void test_version(u32 i)
{
	struct bootinfo *bi = bootinfo_new();

	image_start(&image);
	memcpy(image_add(&image, TAG_VERSION, versions[i].size),
	       versions[i].text, strlen(versions[i].text));
	image_seal(&image);
	run(&image, BY_ARGUMENT, 0, bi);
	expect_string(bi->firmware_version, versions[i].want);
	expect_string(bi->loader_version, versions[i].want);
	ktap_done("version: \"%s\"", versions[i].text);
	free(bi);
}

/* Ranges as they are in the table, and as they are wanted: raw, in order. */
static const struct {
	const char *name;
	u32 nr, nr_want;
	struct range range[8], want[8];
} maps[] = {
	{
		/* coreboot_tables.h, LB_MEM_*; 0xefffffff is Linux' too */
		.name = "types", .nr = 8, .nr_want = 8,
		.range = {
			{ 0x100000, 0x1000, 1 }, { 0x200000, 0x1000, 2 },
			{ 0x300000, 0x1000, 3 }, { 0x400000, 0x1000, 4 },
			{ 0x500000, 0x1000, 5 }, { 0x600000, 0x1000, 6 },
			{ 0x700000, 0x1000, 16 }, { 0x800000, 0x1000, 17 },
		},
		.want = {
			{ 0x100000, 0x1000, MEM_RAM },
			{ 0x200000, 0x1000, MEM_RESERVED },
			{ 0x300000, 0x1000, MEM_ACPI },
			{ 0x400000, 0x1000, MEM_NVS },
			{ 0x500000, 0x1000, MEM_UNUSABLE },
			{ 0x600000, 0x1000, MEM_RESERVED },
			{ 0x700000, 0x1000, MEM_RESERVED },
			{ 0x800000, 0x1000, MEM_RESERVED },
		},
	}, {
		.name = "more types", .nr = 6, .nr_want = 6,
		.range = {
			{ 0x100000, 0x1000, 0xefffffff },
			{ 0x200000, 0x1000, 0 }, { 0x300000, 0x1000, 7 },
			{ 0x400000, 0x1000, 18 },
			{ 0x500000, 0x1000, 0xffffffff },
			{ 0x600000, 0x1000, 0x101 },
		},
		.want = {
			{ 0x100000, 0x1000, 0xefffffff },
			{ 0x200000, 0x1000, MEM_RESERVED },
			{ 0x300000, 0x1000, MEM_PERSISTENT },
			{ 0x400000, 0x1000, MEM_RESERVED },
			{ 0x500000, 0x1000, MEM_RESERVED },
			{ 0x600000, 0x1000, MEM_RESERVED },
		},
	}, {
		/* memmap_normalise() is for that */
		.name = "overlapping, out of order", .nr = 4, .nr_want = 4,
		.range = {
			{ 0x1fe00000, 0x200000, 16 },
			{ 0x100000, 0x1ff00000, 1 },
			{ 0x1000, 0x9f000, 1 }, { 0, 0x2000, 2 },
		},
		.want = {
			{ 0x1fe00000, 0x200000, MEM_RESERVED },
			{ 0x100000, 0x1ff00000, MEM_RAM },
			{ 0x1000, 0x9f000, MEM_RAM },
			{ 0, 0x2000, MEM_RESERVED },
		},
	}, {
		.name = "above 4 GiB, empty, beyond 2^64",
		.nr = 4, .nr_want = 3,
		.range = {
			{ 0x100000000, 0x40000000, 1 },
			{ 0x200000000, 0, 1 },
			{ 0xfd00000000, 0x300000000, 2 },
			{ 0xfffffffffffff000, 0x2000, 2 },
		},
		.want = {
			{ 0x100000000, 0x40000000, MEM_RAM },
			{ 0xfd00000000, 0x300000000, MEM_RESERVED },
			{ 0xfffffffffffff000, 0x1000, MEM_RESERVED },
		},
	},
};

static void test_map(u32 i, enum route way)
{
	struct bootinfo *bi = bootinfo_new();

	image_start(&image);
	image_memory(&image, maps[i].range, maps[i].nr);
	image_seal(&image);
	run(&image, way, 0, bi);
	expect_map_source(bi, way);
	expect_map(&bi->map, maps[i].want, maps[i].nr_want);
	ktap_done("map: %s, by %s", maps[i].name, ways[way]);
	free(bi);
}

/* Records may be two, with all the ranges in the second one. */
static void test_many(u32 nr, bool two)
{
	static struct range range[3000];
	struct bootinfo *bi = bootinfo_new();
	u32 i;

	for (i = 0; i < nr; i++)
		range[i] = (struct range){ i * MIB, 0x1000, MEM_RAM };
	image_start(&image);
	image_memory(&image, range, two);
	image_memory(&image, range + two, nr - two);
	image_seal(&image);
	run(&image, BY_SCAN, 0, bi);
	if (nr) {
		expect_map_source(bi, BY_SCAN);
		expect_map(&bi->map, range, nr < MEMMAP_MAX ? nr : MEMMAP_MAX);
		expect_eq(bi->map.truncated, nr > MEMMAP_MAX);
	} else {
		expect_eq(bi->map_rank, MAP_NONE);
	}
	ktap_done("map: %u ranges in %d records", nr, two + 1);
	free(bi);
}

/* A record's contents are 29 bytes and padding, as coreboot has it. */
static const struct {
	const char *name;
	struct framebuffer framebuffer;
	bool none;
} framebuffers[] = {
	{ "8:8:8:8", { 0xfd000000, 800, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, false },
	{ "8:8:8, 32 bits", { 0xfd000000, 1024, 768, 4096, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 0, 0 } }, false },
	{ "8:8:8, BGR", { 0xfd000000, 1024, 768, 4096, 32,
		{ 0, 8 }, { 8, 8 }, { 16, 8 }, { 24, 8 } }, false },
	{ "2:10:10:10", { 0xfd000000, 1920, 1080, 7680, 32,
		{ 20, 10 }, { 10, 10 }, { 0, 10 }, { 30, 2 } }, false },
	{ "8:8:8, 24 bits", { 0xfd000000, 800, 600, 2400, 24,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 0, 0 } }, false },
	{ "5:6:5", { 0xfd000000, 640, 480, 1280, 16,
		{ 11, 5 }, { 5, 6 }, { 0, 5 }, { 0, 0 } }, false },
	{ "1:5:5:5", { 0xfd000000, 640, 480, 1280, 15,
		{ 10, 5 }, { 5, 5 }, { 0, 5 }, { 15, 1 } }, false },
	{ "lines are longer", { 0xe0000000, 1366, 768, 5504, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, false },
	{ "above 4 GiB", { 0x4000000000, 3840, 2160, 15360, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, false },
	{ "at 0", { 0, 800, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, true },
	{ "width 0", { 0xfd000000, 0, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, true },
	{ "height 0", { 0xfd000000, 800, 0, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, true },
	{ "all 0", { 0 }, true },
};

static void image_framebuffer(const struct framebuffer *fb)
{
	u8 *p = image_add(&image, TAG_FRAMEBUFFER, 32);

	put_le64(p, fb->base);
	put_le32(p + 8, fb->width);
	put_le32(p + 12, fb->height);
	put_le32(p + 16, fb->pitch);
	p[20] = fb->depth;
	p[21] = fb->red.pos;
	p[22] = fb->red.size;
	p[23] = fb->green.pos;
	p[24] = fb->green.size;
	p[25] = fb->blue.pos;
	p[26] = fb->blue.size;
	p[27] = fb->reserved.pos;
	p[28] = fb->reserved.size;
	p[29] = 1;				/* orientation */
}

static void test_framebuffer(u32 i)
{
	static const struct framebuffer none;
	struct bootinfo *bi = bootinfo_new();

	image_start(&image);
	image_framebuffer(&framebuffers[i].framebuffer);
	image_seal(&image);
	run(&image, BY_ARGUMENT, 0, bi);
	expect_bytes(&bi->framebuffer, framebuffers[i].none ? &none :
		     &framebuffers[i].framebuffer, sizeof(none));
	ktap_done("framebuffer: %s", framebuffers[i].name);
	free(bi);
}

/* The flash ends at 4 GiB. */
static const struct {
	const char *name;
	u64 offset, size, medium;
	u64 start;
} media[] = {
	{ "16 MiB", 0x100200, 0xeffe00, 16 * MIB, 0xff100200 },
	{ "512 KiB, all of it", 0, 512 * KIB, 512 * KIB, 0xfff80000 },
	{ "32 MiB", 24 * MIB, 8 * MIB, 32 * MIB, 0xff800000 },
	{ "no CBFS", 0x1000, 0, 16 * MIB, 0xff001000 },
	{ "4 GiB", 4 * GIB - 64, 64, 4 * GIB, 0xffffffc0 },
	/* cbfs_probe() refuses these */
	{ "CBFS runs past its end", 0x10000, 0x80000, 512 * KIB, 0xfff90000 },
	{ "CBFS begins behind it", 0x90000, 0x1000, 512 * KIB, 0x100010000 },
	{ "8 GiB", 0, 8 * GIB, 8 * GIB, -4 * GIB },
};

static void test_media(u32 i)
{
	struct bootinfo *bi = bootinfo_new();

	image_start(&image);
	image_media(&image, media[i].offset, media[i].size, media[i].medium);
	image_seal(&image);
	run(&image, BY_SCAN, 0, bi);
	expect_range(&bi->cbfs, media[i].start, media[i].size);
	ktap_done("flash: %s", media[i].name);
	free(bi);
}

#define NOWHERE		(~0U)

/* Offsets in the CBMEM area of root pointers: a true one, one with bad sum. */
static const struct {
	const char *name;
	u64 record;
	bool has_area;
	u32 id, size, skip;
	u32 good, bad;
	u64 want;
} pointers[] = {
	{ "by record", 0xf0400, false, 0, 0, 0, NOWHERE, NOWHERE, 0xf0400 },
	{ "by record, and nothing there", 0x1fe99040, false, 0, 0, 0, NOWHERE,
	  NOWHERE, 0 },
	{ "by record, above 4 GiB", 0x11fe99040, false, 0, 0, 0, NOWHERE,
	  NOWHERE, 0x11fe99040 },
	{ "the record wins", 0xf0400, true, ID_ACPI, ACPI_SIZE, 0, 0, NOWHERE,
	  0xf0400 },
	{ "at the area's start", 0, true, ID_ACPI, ACPI_SIZE, 0, 0, NOWHERE,
	  ACPI },
	{ "inside the area", 0, true, ID_ACPI, ACPI_SIZE, 0, 0x240, NOWHERE,
	  ACPI + 0x240 },
	{ "at the area's end", 0, true, ID_ACPI, ACPI_SIZE, 0,
	  ACPI_SIZE - 32, NOWHERE, ACPI + ACPI_SIZE - 32 },
	{ "a false one first", 0, true, ID_ACPI, ACPI_SIZE, 0, 0x40, 0,
	  ACPI + 0x40 },
	{ "a false one only", 0, true, ID_ACPI, ACPI_SIZE, 0, NOWHERE, 0x10,
	  0 },
	{ "a false one at the end", 0, true, ID_ACPI, ACPI_SIZE, 0, NOWHERE,
	  ACPI_SIZE - 16, 0 },
	{ "none", 0, true, ID_ACPI, ACPI_SIZE, 0, NOWHERE, NOWHERE, 0 },
	{ "behind the area", 0, true, ID_ACPI, 0x100, 0, 0x100, NOWHERE, 0 },
	{ "not at a multiple of 16", 0, true, ID_ACPI, ACPI_SIZE, 0, 0x48,
	  NOWHERE, 0 },
	{ "another area", 0, true, 0x534d4254, ACPI_SIZE, 0, 0, NOWHERE, 0 },
	{ "an area of size 0", 0, true, ID_ACPI, 0, 0, 0, NOWHERE, 0 },
	{ "an area of size 3", 0, true, ID_ACPI, 3, 0, 0, NOWHERE, 0 },
	{ "an area that is not there", 0, true, ID_ACPI, ACPI_SIZE + 1, 0, 0,
	  NOWHERE, 0 },
	{ "an area of 4 GiB", 0, true, ID_ACPI, ~0U, 0, 0, NOWHERE, 0 },
	{ "nothing says anything", 0, false, 0, 0, 0, NOWHERE, NOWHERE, 0 },
	/* CBMEM's areas are aligned; it still must not be read askew */
	{ "an area at an odd address", 0, true, ID_ACPI, 0x100, 1, 0x40,
	  NOWHERE, ACPI + 0x40 },
};

static void test_pointer(u32 i, enum route way)
{
	struct bootinfo *bi = bootinfo_new();
	struct handoff handoff;
	struct machine m;
	u8 *area;

	image_start(&image);
	if (pointers[i].has_area)
		image_cbmem(&image, ACPI + pointers[i].skip, pointers[i].size,
			    pointers[i].id);
	if (pointers[i].record)
		image_address(&image, TAG_RSDP, pointers[i].record);
	image_seal(&image);
	handoff = machine_new(&m, TABLE, image.data, image.len);
	area = machine_add(&m, ACPI, NULL, ACPI_SIZE);
	if (pointers[i].good != NOWHERE)
		put_rsdp(area + pointers[i].good, true);
	if (pointers[i].bad != NOWHERE)
		put_rsdp(area + pointers[i].bad, false);
	expect_eq(probe_strictly(way, &m, &handoff, bi), 0);
	expect_eq(bi->rsdp, pointers[i].want);
	ktap_done("RSDP: %s, by %s", pointers[i].name, ways[way]);
	machine_free(&m);
	free(bi);
}

/* Whose map stays. */
static const struct {
	enum map_rank have;
	bool stays[NR_WAYS];
} ranks[] = {
	{ MAP_LOADER, { true, true } },
	{ MAP_BIOS_E820, { false, true } },
	{ MAP_LOADER_RAM, { false, false } },
	{ MAP_BIOS_E801, { false, false } },
	{ MAP_BIOS_88, { false, false } },
};

static void test_rank(u32 i, enum route way)
{
	struct bootinfo *bi = bootinfo_new();

	image_usual(&image);
	memmap_add(&bi->offer, 1 * MIB, 1 * MIB, MEM_RAM);
	bootinfo_set_map(from(bi, "earlier"), ranks[i].have);
	run(&image, way, 0, bi);
	if (ranks[i].stays[way]) {
		expect_eq(bi->map_rank, ranks[i].have);
		expect_string(bi->map_source, "earlier");
		expect_eq(bi->map.nr, 1);
	} else {
		expect_map_source(bi, way);
		expect_eq(bi->map.nr, USUAL_NR_MAP);
	}
	ktap_done("a map of rank %u, then by %s", ranks[i].have,
		  ways[way]);
	free(bi);
}

static void test_not_the_first(enum route way)
{
	const struct framebuffer earlier = {
		0xc0000000, 640, 480, 2560, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 0, 0 }
	};
	struct bootinfo *bi = bootinfo_new_full();

	image_usual(&image);
	bi->rsdp = 0xf59d0;
	bi->framebuffer = earlier;
	run(&image, way, 0, bi);
	expect_full(bi);
	expect_eq(bi->rsdp, 0xf59d0);
	expect_bytes(&bi->framebuffer, &earlier, sizeof(earlier));
	expect_string(bi->firmware_version, "4.0-1234");
	ktap_done("not the first, by %s", ways[way]);
	free(bi);
}

/* Once is enough; under a hypervisor it is not even tried. */
static void test_scan_is_not_needed(void)
{
	struct bootinfo *bi = bootinfo_new();
	struct handoff handoff;
	struct machine m;

	image_usual(&image);
	handoff = machine_new(&m, TABLE, image.data, image.len);
	expect_eq(probe_strictly(BY_ARGUMENT, &m, &handoff, bi), 0);
	expect_eq(probe_strictly(BY_SCAN, &m, &handoff, bi), -ENOENT);
	expect_eq(bi->map_rank, MAP_COREBOOT);
	ktap_done("no scan after the argument");

	free(bi);
	bi = bootinfo_new();
	bi->no_coreboot = true;
	expect_eq(probe_strictly(BY_SCAN, &m, &handoff, bi), -ENOENT);
	ktap_done("no scan where there is no coreboot");
	machine_free(&m);
	free(bi);
}

/* What the test firmware writes (tests/firmware/table.c). */
static const struct {
	const char *name;
	u32 faults;
	enum table_serial serial;
	int want;
} written[] = {
	{ "no serial port", 0, TABLE_SERIAL_NONE, 0 },
	{ "serial record of 16 bytes", 0, TABLE_SERIAL_16, 0 },
	{ "serial record of 20 bytes", 0, TABLE_SERIAL_20, 0 },
	{ "serial record of 28 bytes", 0, TABLE_SERIAL_28, 0 },
	{ "bad sum of the header", TABLE_BAD_HEADERSUM, 0, -EINVAL },
	{ "bad sum of the table", TABLE_BAD_TABLESUM, 0, -EINVAL },
	{ "a record of size 0", TABLE_SIZE0, 0, -EINVAL },
	{ "a record of size ~0", TABLE_SIZEMAX, 0, -EINVAL },
	{ "the last record cut", TABLE_TRUNCATED, 0, -EINVAL },
};

static const struct table_range written_ranges[] = {
	{ 0, 0x1000, 16 },
	{ 0x1000, 0x9f000, 1 },
	{ 0x100000, 0x1ff00000, 1 },
};

static const struct table_framebuffer written_framebuffer = {
	0xfd000000, 800, 600, 3200, 32,
	{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 }
};

static const struct table_medium written_medium = {
	.fmap_offset = ~0ULL, .cbfs_offset = 0x200, .cbfs_size = 0x3fe00,
	.size = 0x40000,
};

static void test_written(u32 i, enum route way)
{
	const struct table_area area = { ACPI, ACPI_SIZE, ID_ACPI };
	const struct table_machine machine = {
		.ranges = written_ranges, .nr_ranges = 3,
		.vendor = "Emulation", .part = "QEMU",
		.version = "tests", .serial = written[i].serial,
		.console = 0x1ffde000, .medium = &written_medium,
		.framebuffer = &written_framebuffer,
		.areas = &area, .nr_areas = 1, .rsdp = 0x1fe99040,
		.faults = written[i].faults,
	};
	struct bootinfo *bi = bootinfo_new();
	struct handoff handoff;
	struct machine m;
	u8 forward[HEADER + 16];

	image.len = table_write(image.data, sizeof(image.data), &machine);
	expect(image.len);
	handoff = machine_new(&m, TABLE, image.data, image.len);
	put_rsdp(machine_add(&m, machine.rsdp, NULL, 36), true);
	expect_eq(table_write_forward(forward, sizeof(forward), TABLE),
		  sizeof(forward));
	memcpy(machine_piece(&m, 0) + FORWARD_AT, forward, sizeof(forward));
	expect_eq(probe_strictly(way, &m, &handoff, bi), written[i].want);
	if (!written[i].want) {
		bool serial = written[i].serial != TABLE_SERIAL_NONE;

		expect_source(bi, way, "tests");
		expect_map_source(bi, way);
		expect_eq(bi->map.nr, 3);
		expect_serial(bi, serial ? 0x3f8 : 0, serial, false);
		expect_eq(bi->framebuffer.base, 0xfd000000);
		expect_eq(bi->framebuffer.reserved.pos, 24);
		expect_range(&bi->cbfs, 0xfffc0200, 0x3fe00);
		expect_range(&bi->coreboot, TABLE, image.len);
		expect_eq(bi->rsdp, 0x1fe99040);
	}
	ktap_done("written: %s, by %s", written[i].name, ways[way]);
	machine_free(&m);
	free(bi);
}

static void test_way(enum route way)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(captured); i++)
		test_captured(i, way);
	test_usual(way);
	test_empty(way);
	for (i = 0; i < ARRAY_SIZE(maps); i++)
		test_map(i, way);
	for (i = 0; i < ARRAY_SIZE(ranks); i++)
		test_rank(i, way);
	test_not_the_first(way);
	for (i = 0; i < ARRAY_SIZE(written); i++)
		test_written(i, way);
	for (i = 0; i < ARRAY_SIZE(pointers); i++)
		test_pointer(i, way);
}

int main(void)
{
	static const u32 counts[] = { 0, 1, 300, 511, 512, 513, 3000 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(serials); i++)
		test_serial(i);
	for (i = 0; i < ARRAY_SIZE(versions); i++)
		test_version(i);
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		test_many(counts[i], false);
	test_many(300, true);
	for (i = 0; i < ARRAY_SIZE(framebuffers); i++)
		test_framebuffer(i);
	for (i = 0; i < ARRAY_SIZE(media); i++)
		test_media(i);
	test_scan_is_not_needed();
	test_way(BY_ARGUMENT);
	test_way(BY_SCAN);
	return ktap_status();
}
