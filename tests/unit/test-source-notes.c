// SPDX-License-Identifier: GPL-2.0
/*
 * ELF boot notes (source-notes.c): blocks as loaders make them. "EBN" is the
 * ELF boot proposal of 2002, sections as in loaders.md, section 3.
 */
#include "fixture.h"
#include "rfc1071.h"

#include "sources/wire-notes.h"

#define MAGIC		0x0e1fb007
#define BLOCK		0x9000		/* where the block is */
#define STACK		0x8000		/* and what ESP points to */

#define FIRMWARE	1
#define LOADER		2
#define VERSION		3
#define CMDLINE		4
#define NOP		5

static const struct source source = { CORRUPT_NOTES, notes_probe };

enum entry {
	BY_EBX,				/* EAX, EBX: FILO, coreboot to 2013 */
	BY_STACK,			/* [ESP+4]: Etherboot, kexec */
	BY_EDI,				/* kexec of a 64-bit ELF */
};

struct note {
	u32 namesz, type;
	const char *text;		/* NULL: contents of @size zeroes */
	u32 size;			/* 0: that of the text with its NUL */
};

#define NOTES_MAX	6

/* A member whose name ends in _is overrides what the layout would say. */
static const struct example {
	const char *name;
	enum entry entry;
	u32 nr;
	struct note note[NOTES_MAX];
	u64 size_is;
	u32 magic_is, records_is;
	bool no_checksum, bad_checksum;
	int want;
	u32 ignored;			/* CORRUPT_* */
	bool want_bad_by_ebx;		/* EAX said that there is a block */
	const char *stops;		/* why, then */
	const char *firmware, *loader, *version, *cmdline;
} examples[] = {
	{
		/* EBN 3.1: a header alone */
		.name = "minimal",
	}, {
		/* loaders.md, section 1.2: coreboot 4.0 */
		.name = "coreboot",
		.nr = 4, .note = {
			{ 0, FIRMWARE, "coreboot", 0 },
			{ 0, LOADER, "elfboot", 0 },
			{ 0, VERSION, "4.0", 0 },
			{ 0, CMDLINE, "console=ttyS0", 0 },
		},
		.firmware = "coreboot", .loader = "elfboot", .version = "4.0",
		.cmdline = "console=ttyS0",
	}, {
		/* wire-notes.h: Etherboot adds notes of its own names */
		.name = "Etherboot",
		.entry = BY_STACK,
		.nr = 6, .note = {
			{ 0, LOADER, "Etherboot", 0 },
			{ 0, VERSION, "5.4.4", 0 },
			{ 0, FIRMWARE, "PCBIOS", 0 },
			{ 0, NOP, NULL, 3 },
			{ 10, 1, NULL, 548 },
			{ 0, CMDLINE, "", 0 },
		},
		.firmware = "PCBIOS", .loader = "Etherboot",
		.version = "5.4.4",
	}, {
		/* wire-notes.h: a checksum of 0 is none */
		.name = "kexec of a 64-bit ELF",
		.entry = BY_EDI, .no_checksum = true,
		.nr = 3, .note = {
			{ 0, LOADER, "kexec", 0 },
			{ 0, VERSION, "2.0.25", 0 },
			{ 0, CMDLINE, "quiet panic=1 a", 0 },
		},
		.loader = "kexec", .version = "2.0.25",
		.cmdline = "quiet panic=1 a",
	}, {
		.name = "LinuxBIOS, unknown types",
		.nr = 3, .note = {
			{ 0, 0xffffffff, "x", 0 }, { 0, 0, NULL, 1 },
			{ 0, FIRMWARE, "LinuxBIOS", 0 },
		},
		.firmware = "LinuxBIOS",
	}, {
		.name = "a firmware nobody knows",
		.nr = 1, .note = { { 0, FIRMWARE, "LinuxBIOSomething", 0 } },
	}, {
		.name = "no contents at all",
		.nr = 1, .note = { { 0, NOP, "", 0 } },
	}, {
		.name = "wrong magic number", .magic_is = 0x0e1fb008,
		.want = -ENOENT, .want_bad_by_ebx = true,
	}, {
		.name = "bad checksum",
		.nr = 1, .note = { { 0, LOADER, "x", 0 } },
		.bad_checksum = true, .want = -EINVAL,
		.stops = "elf-notes: b_checksum 0x4141: the sum is 0xfffe, not 0",
	}, {
		/* cut to 32 bits */
		.name = "size 0", .size_is = 1ULL << 32, .no_checksum = true,
		.want = -EINVAL,
	}, {
		.name = "size ~0", .size_is = ~0U, .no_checksum = true,
		.want = -EINVAL,
	}, {
		.name = "size 11", .size_is = 11, .no_checksum = true,
		.want = -EINVAL,
		.stops = "elf-notes: b_size 0xb: not 12 to 0x10000",
	}, {
		.name = "one record too many",
		.nr = 1, .note = { { 0, LOADER, "x", 0 } }, .records_is = 2,
		.want = -EINVAL,
	}, {
		.name = "one record too few",
		.nr = 2, .note = {
			{ 0, LOADER, "x", 0 }, { 0, VERSION, "", 0 },
		},
		.records_is = 1,
		.want = -EINVAL,
		.stops = "elf-notes: b_records: 0 more, and 16 bytes are left",
	}, {
		.name = "a string without an end",
		.nr = 1, .note = { { 0, CMDLINE, "abcd", 4 } },
		.want = -EINVAL,
		.stops = "elf-notes: command line at 0x9018: no NUL at the end of its 4 bytes",
	}, {
		.name = "a command line of size 0",
		.nr = 1, .note = { { 0, CMDLINE, NULL, 0 } },
		.want = -EINVAL,
	}, {
		/* what is optional costs itself, and nothing of the core */
		.name = "names of size 0, or without an end",
		.nr = 4, .note = {
			{ 0, LOADER, NULL, 0 },
			{ 0, CMDLINE, "lockdown=integrity", 0 },
			{ 0, VERSION, "abcd", 4 }, { 0, FIRMWARE, "x", 1 },
		},
		.ignored = CORRUPT_LOADER, .cmdline = "lockdown=integrity",
	},
};

struct image {
	u32 len;
	u8 data[8 * KIB];
};

static u32 padded(u32 size)
{
	return (size + 3) & ~3U;
}

static void image_note(struct image *image, const struct note *note)
{
	u32 size = note->size || !note->text ? note->size :
					       strlen(note->text) + 1;
	u8 *p = &image->data[image->len];

	put_le32(p, note->namesz);
	put_le32(p + 4, size);
	put_le32(p + 8, note->type);
	p += 12 + padded(note->namesz);
	if (note->text)
		memcpy(p, note->text, size);
	image->len = p - image->data + padded(size);
}

static u32 either(u32 a, u32 b)
{
	return a ? a : b;
}

static void image_build(struct image *image, const struct example *e)
{
	u32 i;

	memset(image, 0, sizeof(*image));
	image->len = 12;
	for (i = 0; i < e->nr; i++)
		image_note(image, &e->note[i]);
	put_le32(image->data, either(e->magic_is, MAGIC));
	put_le32(image->data + 4, e->size_is ? e->size_is : image->len);
	put_le16(image->data + 10, either(e->records_is, e->nr));
	if (!e->no_checksum)
		put_le16(image->data + 8,
			 internet_checksum(image->data, image->len) ^
			 e->bad_checksum);
}

static struct handoff enter(struct machine *m, enum entry entry)
{
	struct handoff handoff = { .esp = STACK };

	/* What is not meant to lead anywhere is junk. */
	handoff.eax = 0x12345678;
	handoff.ebx = 0xffffffff;
	handoff.edi = 0x7fffffff;
	if (entry == BY_EBX) {
		handoff.eax = MAGIC;
		handoff.ebx = BLOCK;
	}
	if (entry == BY_EDI)
		handoff.edi = BLOCK;
	if (entry == BY_STACK)
		put_le32(machine_add(m, STACK, NULL, 8) + 4, BLOCK);
	return handoff;
}

/* EAX vouches for a block, no other pointer does. */
static int vouched(int want, enum entry entry, int otherwise)
{
	return want == -EINVAL && entry == BY_EBX ? -EBADMSG : otherwise;
}

static void test_example(const struct example *e, enum entry entry)
{
	struct bootinfo *bi = bootinfo_new();
	static struct image image;
	struct handoff handoff;
	struct machine m = {};
	int want = e->want;

	if (e->want_bad_by_ebx)
		want = vouched(-EINVAL, entry, want);
	want = vouched(want, entry, want);
	image_build(&image, e);
	handoff = enter(&m, entry);
	machine_add(&m, BLOCK, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), want);
	if (want == -EBADMSG && e->stops)
		expect_string(fault_text(&bi->fault), e->stops);
	if (!want) {
		expect_eq(bi->ignored_bits, e->ignored);
		expect_string(bi->protocol, "elf-notes");
		expect_string(bi->firmware, e->firmware);
		expect_string(bi->loader, e->loader ? e->loader : "");
		expect_string(bi->loader_version,
			      e->version ? e->version : "");
		expect_string(bi->cmdline, e->cmdline ? e->cmdline : "");
		expect_string(bi->cmdline_source,
			      e->cmdline ? "elf-notes" : NULL);
		expect(!bi->map_source && !bi->initrd_source);
	}
	machine_free(&m);
	free(bi);
}

/* The block ends at every byte. */
static void test_truncated(const struct example *e, enum entry entry)
{
	static struct image image;
	u32 len;

	image_build(&image, e);
	for (len = 0; len < image.len; len++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		struct handoff handoff = enter(&m, entry);
		bool silent = len < 12 && entry != BY_EBX;

		machine_add(&m, BLOCK, image.data, len);
		expect_eq(probe(&source, &m, &handoff, bi),
			  silent ? -ENOENT : vouched(-EINVAL, entry, -EINVAL));
		machine_free(&m);
		free(bi);
	}
}

/* Sums recomputed, so that damage gets past them. */
static void test_damaged(const struct example *e)
{
	static const u8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	struct bootinfo *bi = bootinfo_new();
	static struct image image;
	struct handoff handoff;
	struct machine m = {};
	u32 at, k;
	u8 *memory;

	image_build(&image, e);
	handoff = enter(&m, BY_EBX);
	memory = machine_add(&m, BLOCK, image.data, image.len);
	for (at = 0; at < image.len; at++)
		for (k = 0; k < sizeof(values); k++) {
			memcpy(memory, image.data, image.len);
			memory[at] = values[k];
			put_le16(memory + 8, 0);
			put_le16(memory + 8,
				 internet_checksum(memory, image.len));
			bootinfo_init(bi);
			probe(&source, &m, &handoff, bi);
		}
	machine_free(&m);
	free(bi);
}

/* Sizes of a note that wrap, in a block that is otherwise good. */
static void test_sizes(void)
{
	static const u32 sizes[][2] = {
		{ ~0U, 0 }, { 0, ~0U }, { ~0U, ~0U }, { -3U, 2 }, { 2, -3U },
		{ -4U, -4U }, { 0x80000000, 0x80000000 }, { 0, 5 }, { 5, 0 },
	};
	const struct example *e = &examples[2];
	static struct image image;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		struct handoff handoff = enter(&m, BY_EBX);

		image_build(&image, e);
		/* the last note: its command line is empty, 4 bytes */
		put_le32(&image.data[image.len - 16], sizes[i][0]);
		put_le32(&image.data[image.len - 12], sizes[i][1]);
		put_le16(image.data + 8, 0);
		machine_add(&m, BLOCK, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi), -EBADMSG);
		ktap_done("sizes %#x, %#x", sizes[i][0], sizes[i][1]);
		machine_free(&m);
		free(bi);
	}
}

/* No pointer is one: nothing is said, nothing is complained about. */
static void test_absent(void)
{
	static const u32 pointers[] = {
		0, 1, 2, 3, 4, 0x9001, 0xfffffffc, 0xfffffffd, 0xffffffff,
	};
	static struct image image;
	u32 i;

	image_build(&image, &examples[1]);
	for (i = 0; i < ARRAY_SIZE(pointers); i++) {
		struct handoff handoff = {
			.esp = pointers[i], .edi = pointers[i],
		};
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		machine_add(&m, BLOCK, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
		handoff.esp = STACK;
		put_le32(machine_add(&m, STACK, NULL, 8) + 4, pointers[i]);
		expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
		handoff.eax = MAGIC;
		handoff.ebx = pointers[i];
		expect_eq(probe(&source, &m, &handoff, bi), -EBADMSG);
		ktap_done("a pointer of %#x", pointers[i]);
		machine_free(&m);
		free(bi);
	}
}

/*
 * Vectors and the BIOS data area are no argument, although there is a block;
 * what a register says is another matter.
 */
static void test_low(void)
{
	static const struct {
		u32 block;
		bool argument;
	} lows[] = {
		{ 0x400, false }, { 0x4fc, false }, { 0x500, true },
		{ 0x504, true },
	};
	static struct image image;
	u32 i;

	image_build(&image, &examples[1]);
	for (i = 0; i < ARRAY_SIZE(lows); i++) {
		struct bootinfo *bi = bootinfo_new();
		struct handoff handoff = { .esp = STACK };
		struct machine m = {};

		machine_add(&m, lows[i].block, image.data, image.len);
		put_le32(machine_add(&m, STACK, NULL, 8) + 4, lows[i].block);
		expect_eq(probe(&source, &m, &handoff, bi),
			  lows[i].argument ? 0 : -ENOENT);
		expect_string(bi->firmware,
			      lows[i].argument ? "coreboot" : NULL);
		handoff = (struct handoff){ .edi = lows[i].block };
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		handoff = (struct handoff){
			.eax = MAGIC, .ebx = lows[i].block,
		};
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		ktap_done("a block at %#x", lows[i].block);
		machine_free(&m);
		free(bi);
	}
}

/* Who came first keeps the command line. */
static void test_not_the_first(void)
{
	struct bootinfo *bi = bootinfo_new_full();
	struct machine m = {};
	struct handoff handoff = enter(&m, BY_EBX);
	static struct image image;

	image_build(&image, &examples[1]);
	machine_add(&m, BLOCK, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_string(bi->cmdline, "from an earlier source");
	expect_eq(bi->nr_modules, 2);
	expect_eq(bi->map.nr, 3);
	ktap_done("not the first");
	machine_free(&m);
	free(bi);
}

/* Captured: data/README has the machine. */
#define CAPTURED	"etherboot/5.4.4"
#define CAPTURED_BLOCK	0x3efe310
#define CAPTURED_STACK	0x3effa88

static const struct range captured_map[] = {
	{ 0x600, 0x9f600, MEM_RAM },
	{ 0x9fc00, 0x400, MEM_RESERVED },
	{ 0xf0000, 0x10000, MEM_RESERVED },
	{ 0x100000, 0x3ee0000, MEM_RAM },
	{ 0x3fe0000, 0x20000, MEM_RESERVED },
	{ 0xfffc0000, 0x40000, MEM_RESERVED },
};

static struct handoff captured_new(struct machine *m)
{
	struct handoff handoff = { .esp = CAPTURED_STACK };
	u8 *stack = machine_add(m, CAPTURED_STACK, NULL, 8);

	put_le32(stack, 0x3ef3f9c);
	put_le32(stack + 4, CAPTURED_BLOCK);
	machine_load(m, CAPTURED, CAPTURED_BLOCK);
	return handoff;
}

static void test_captured(void)
{
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {}, less;
	struct handoff handoff = captured_new(&m);
	u32 len;

	expect_eq(m.seg[1].len, 964);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_string(bi->protocol, "elf-notes");
	expect_string(bi->loader, "Etherboot");
	expect_eq(bi->loader_id, 0x40);
	expect_string(bi->loader_version, "5.4.4+");
	expect_string(bi->firmware, "PCBIOS");
	expect(!bi->cmdline_source && !bi->initrd_source && !bi->no_bios);
	expect_string(bi->map_source, "elf-notes");
	expect_eq(bi->map_rank, MAP_LOADER);
	expect_map(&bi->map, captured_map, ARRAY_SIZE(captured_map));
	ktap_done("captured: %s", CAPTURED);

	for (len = 0; len < m.seg[1].len; len++) {
		bootinfo_init(bi);
		machine_copy(&less, &m, 1, len);
		expect_eq(probe(&source, &less, &handoff, bi),
			  len < 12 ? -ENOENT : -EINVAL);
		machine_free(&less);
	}
	ktap_done("truncated: %s", CAPTURED);

	machine_piece(&m, 1)[200] ^= 1;
	bootinfo_init(bi);
	expect_eq(probe(&source, &m, &handoff, bi), -EINVAL);
	machine_piece(&m, 1)[200] ^= 1;
	ktap_done("wrong checksum: %s", CAPTURED);

	expect_survival(&source, &m, &handoff);
	put_le16(machine_piece(&m, 1) + 8, 0);
	expect_survival(&source, &m, &handoff);
	ktap_done("damaged: %s", CAPTURED);
	machine_free(&m);
	free(bi);
}

/*
 * Etherboot's memory map note (loaders.md, section 3.1): 12 bytes and room for
 * 32 ranges. The block ends with it: nobody reads past its @size.
 */
#define MEMMAP_NOTE	8
#define MEMMAP_SIZE	652

static const struct map_example {
	const char *name;
	const char *owner;		/* NULL: as it should be */
	u32 namesz, type, size;		/* 0: as they should be */
	bool no_desc;			/* size is 0 */
	u32 count, nr;
	struct range range[3];
	bool bad;
	enum map_rank rank;
	u32 want_nr;
	struct range want_range[3];
} map_examples[] = {
	{
		.name = "RAM and more",
		.count = 2, .nr = 2, .range = {
			{ 0, 0xa0000, 1 }, { 0xf0000, 0x10000, 2 },
		},
		.rank = MAP_LOADER, .want_nr = 2, .want_range = {
			{ 0, 0xa0000, MEM_RAM },
			{ 0xf0000, 0x10000, MEM_RESERVED },
		},
	}, {
		/* memmap_type(); 6 GiB: 64 bits count */
		.name = "ACPI, an unknown type, above 4 GiB",
		.count = 3, .nr = 3, .range = {
			{ MIB, MIB, 3 }, { 2 * MIB, MIB, 6 },
			{ 4 * GIB, 2 * GIB, 1 },
		},
		.rank = MAP_LOADER, .want_nr = 3, .want_range = {
			{ MIB, MIB, MEM_ACPI }, { 2 * MIB, MIB, MEM_RESERVED },
			{ 4 * GIB, 2 * GIB, MEM_RAM },
		},
	}, {
		/* a BIOS without E820h */
		.name = "RAM only",
		.count = 2, .nr = 2, .range = {
			{ 0, 0xa0000, 1 }, { MIB, 63 * MIB, 1 },
		},
		.rank = MAP_LOADER_RAM, .want_nr = 2, .want_range = {
			{ 0, 0xa0000, MEM_RAM }, { MIB, 63 * MIB, MEM_RAM },
		},
	}, {
		/* the two sizes are all there is */
		.name = "count 0",
		.nr = 1, .range = { { 5 * MIB, MIB, 2 } },
		.rank = MAP_LOADER_RAM, .want_nr = 2, .want_range = {
			{ 0, 639 * KIB, MEM_RAM },
			{ MIB, 64448 * KIB, MEM_RAM },
		},
	}, {
		.name = "count 0, size 12",
		.size = 12, .rank = MAP_LOADER_RAM, .want_nr = 2,
		.want_range = {
			{ 0, 639 * KIB, MEM_RAM },
			{ MIB, 64448 * KIB, MEM_RAM },
		},
	}, {
		/* what is not filled in is 0, and no range */
		.name = "count 32",
		.count = 32, .nr = 1, .range = { { MIB, MIB, 4 } },
		.rank = MAP_LOADER, .want_nr = 1,
		.want_range = { { MIB, MIB, MEM_NVS } },
	}, {
		.name = "a range that wraps",
		.count = 1, .nr = 1, .range = { { -(u64)MIB, 2 * MIB, 2 } },
		.rank = MAP_LOADER, .want_nr = 1,
		.want_range = { { -(u64)MIB, MIB, MEM_RESERVED } },
	}, {
		.name = "a note of 32 bytes: one range",
		.size = 32, .count = 1, .nr = 1, .range = { { MIB, MIB, 4 } },
		.rank = MAP_LOADER, .want_nr = 1,
		.want_range = { { MIB, MIB, MEM_NVS } },
	}, {
		.name = "a note of 31 bytes: one range",
		.size = 31, .count = 1, .nr = 1, .range = { { MIB, MIB, 4 } },
		.bad = true,
	}, {
		.name = "count 33", .count = 33, .bad = true,
	}, {
		.name = "count ~0", .count = ~0U, .bad = true,
	}, {
		/* times 20, as 32 bits, is 16 */
		.name = "count 0x33333334",
		.count = 0x33333334, .bad = true,
	}, {
		.name = "size 0", .no_desc = true, .bad = true,
	}, {
		.name = "size 11", .size = 11, .bad = true,
	}, {
		.name = "size 651, count 31",
		.size = 651, .count = 31, .nr = 1, .range = { { MIB, MIB, 4 } },
		.rank = MAP_LOADER, .want_nr = 1,
		.want_range = { { MIB, MIB, MEM_NVS } },
	}, {
		.name = "size 651, count 32",
		.size = 651, .count = 32, .bad = true,
	}, {
		.name = "another's: Etherboo",
		.owner = "Etherboo", .namesz = 9, .count = ~0U,
		.rank = MAP_NONE,
	}, {
		.name = "another's: Etherboot without its NUL",
		.owner = "Etherboot", .namesz = 9, .count = ~0U,
		.rank = MAP_NONE,
	}, {
		.name = "another's: Etherboots",
		.owner = "Etherboots", .namesz = 10, .count = ~0U,
		.rank = MAP_NONE,
	}, {
		.name = "another's: Etherboot and two NULs",
		.owner = "Etherboot\0", .namesz = 11, .count = ~0U,
		.rank = MAP_NONE,
	}, {
		.name = "another's: etherboot",
		.owner = "etherboot", .namesz = 10, .count = ~0U,
		.rank = MAP_NONE,
	}, {
		/* loaders.md, section 3.1: 7 is ia64's */
		.name = "of another type",
		.type = 7, .count = ~0U, .rank = MAP_NONE,
	}, {
		.name = "of another type, size 0",
		.type = 0x80000008, .no_desc = true, .rank = MAP_NONE,
	},
};

static void image_map(struct image *image, const struct map_example *e)
{
	u32 namesz = either(e->namesz, 10);
	u32 size = e->no_desc ? 0 : either(e->size, MEMMAP_SIZE);
	u8 *p = &image->data[image->len], *desc = p + 12 + padded(namesz);
	u32 i;

	put_le32(p, namesz);
	put_le32(p + 4, size);
	put_le32(p + 8, either(e->type, MEMMAP_NOTE));
	memcpy(p + 12, e->owner ? e->owner : "Etherboot", namesz);
	image->len = desc - image->data + padded(size);
	if (size < 11)
		return;
	put_le16(desc, 639);
	put_le16(desc + 2, 0xffff);		/* padding */
	put_le32(desc + 4, 64448);
	put_le32(desc + 8, e->count);
	for (i = 0; i < e->nr; i++) {
		put_le64(desc + 12 + i * 20, e->range[i].start);
		put_le64(desc + 20 + i * 20, e->range[i].size);
		put_le32(desc + 28 + i * 20, e->range[i].type);
	}
}

/* Take the block's size and records from what is in it. */
static void image_seal(struct image *image, u16 records)
{
	put_le32(image->data, MAGIC);
	put_le32(image->data + 4, image->len);
	put_le16(image->data + 8, 0);
	put_le16(image->data + 10, records);
	put_le16(image->data + 8, internet_checksum(image->data, image->len));
}

static void test_map(const struct map_example *e)
{
	static const struct note loader = { 0, LOADER, "Etherboot", 0 };
	struct bootinfo *bi = bootinfo_new();
	struct bootinfo *full = bootinfo_new_full();
	static struct image image;
	struct machine m = {};
	struct handoff handoff = enter(&m, BY_STACK);

	memset(&image, 0, sizeof(image));
	image.len = 12;
	image_note(&image, &loader);
	image_map(&image, e);
	image_seal(&image, 2);
	machine_add(&m, BLOCK, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(bi->ignored_bits, e->bad ? CORRUPT_MAP : 0);
	expect_string(bi->loader, "Etherboot");
	expect_eq(bi->map_rank, e->bad ? MAP_NONE : e->rank);
	expect_string(bi->map_source,
		      bi->map_rank == MAP_NONE ? NULL : "elf-notes");
	expect_map(&bi->map, e->want_range, e->want_nr);
	expect(!bi->map.truncated);
	/* Who came first keeps its map: it is complete. */
	expect_eq(probe(&source, &m, &handoff, full), 0);
	expect_full(full);
	ktap_done("memory map: %s", e->name);
	machine_free(&m);
	free(full);
	free(bi);
}

/* What kexec-tools 2.0.25 makes of --args-elf, byte for byte. */
static void test_kexec(void)
{
	struct bootinfo *bi = bootinfo_new();
	struct handoff handoff = { .edi = 0xa000 };
	struct machine m = {};

	machine_load(&m, "kexec/2.0.25-i386", 0xa000);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_string(bi->loader, "kexec");
	expect_string(bi->loader_version, "2.0.25");
	expect_string(bi->cmdline, "console=ttyS0,115200 quiet");
	expect_eq(bi->loader_id, 0xd0);
	expect(!bi->firmware && !bi->map_source && !bi->initrd_source);
	ktap_done("captured: kexec-tools");
	machine_free(&m);
	free(bi);
}

/* No loader has two, and which one would count depends on their order. */
static void test_two_maps(void)
{
	static const struct map_example second = {
		.count = 1, .nr = 1, .range = { { 7 * MIB, MIB, 1 } },
	};
	struct bootinfo *bi = bootinfo_new();
	static struct image image;
	struct machine m = {};
	struct handoff handoff = enter(&m, BY_STACK);

	memset(&image, 0, sizeof(image));
	image.len = 12;
	image_map(&image, &map_examples[0]);
	image_map(&image, &second);
	image_seal(&image, 2);
	machine_add(&m, BLOCK, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(bi->ignored_bits, CORRUPT_MAP);
	expect(!bi->map_source);
	ktap_done("memory map: two of them");
	machine_free(&m);
	free(bi);
}

/* A block whose map is good and whose end is not leaves no map behind. */
static void test_map_then_bad(void)
{
	static const struct note bad = { 0, CMDLINE, "abcd", 4 };
	struct bootinfo *bi = bootinfo_new();
	static struct image image;
	struct machine m = {};
	struct handoff handoff = enter(&m, BY_STACK);

	memset(&image, 0, sizeof(image));
	image.len = 12;
	image_map(&image, &map_examples[0]);
	image_note(&image, &bad);
	image_seal(&image, 2);
	machine_add(&m, BLOCK, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), -EINVAL);
	expect(!bi->map_source);
	ktap_done("memory map: the next note is corrupt");
	machine_free(&m);
	free(bi);
}

/* Names that a firmware note may have: those that we know are kept. */
static void test_firmware(void)
{
	static const struct {
		const char *given, *want;
	} names[] = {
		{ "PCBIOS", "PCBIOS" }, { "LinuxBIOS", "LinuxBIOS" },
		{ "coreboot", "coreboot" }, { "pcbios", NULL },
		{ "PCBIO", NULL }, { "PCBIOS2", NULL }, { "", NULL },
		{ "a name of 16 ch.", NULL },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		const struct note note = { 0, FIRMWARE, names[i].given, 0 };
		struct bootinfo *bi = bootinfo_new();
		static struct image image;
		struct machine m = {};
		struct handoff handoff = enter(&m, BY_STACK);

		memset(&image, 0, sizeof(image));
		image.len = 12;
		image_note(&image, &note);
		image_seal(&image, 1);
		machine_add(&m, BLOCK, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_string(bi->firmware, names[i].want);
		ktap_done("firmware \"%s\"", names[i].given);
		machine_free(&m);
		free(bi);
	}
}

int main(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(examples); i++) {
		const struct example *e = &examples[i];

		test_example(e, BY_EBX);
		test_example(e, BY_STACK);
		test_example(e, BY_EDI);
		ktap_done("%s", e->name);
		if (e->want)
			continue;
		test_truncated(e, e->entry);
		ktap_done("truncated: %s", e->name);
		test_damaged(e);
		ktap_done("damaged: %s", e->name);
	}
	test_sizes();
	test_absent();
	test_low();
	test_not_the_first();
	test_captured();
	for (i = 0; i < ARRAY_SIZE(map_examples); i++)
		test_map(&map_examples[i]);
	test_two_maps();
	test_kexec();
	test_map_then_bad();
	test_firmware();
	return ktap_status();
}
