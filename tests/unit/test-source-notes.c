// SPDX-License-Identifier: GPL-2.0
/*
 * ELF boot notes (source-notes.c): blocks as loaders make them. "EBN" is the
 * ELF boot proposal of 2002, sections as in loaders.md, section 3.
 */
#include "fixture.h"
#include "rfc1071.h"

#include "wire-notes.h"

#define MAGIC		0x0e1fb007
#define BLOCK		0x9000		/* where the block is */
#define STACK		0x8000		/* and what ESP points to */

#define FIRMWARE	1
#define LOADER		2
#define VERSION		3
#define CMDLINE		4
#define NOP		5

static const struct source source = { "notes", CORRUPT_NOTES, notes_probe };

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
	bool want_bad_by_ebx;		/* EAX said that there is a block */
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
	}, {
		.name = "a string without an end",
		.nr = 1, .note = { { 0, CMDLINE, "abcd", 4 } },
		.want = -EINVAL,
	}, {
		.name = "a string of size 0",
		.nr = 1, .note = { { 0, LOADER, NULL, 0 } },
		.want = -EINVAL,
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

static void test_example(const struct example *e, enum entry entry)
{
	struct bootinfo *bi = bootinfo_new();
	static struct image image;
	struct handoff handoff;
	struct machine m = {};
	int want = e->want;

	if (e->want_bad_by_ebx && entry == BY_EBX)
		want = -EINVAL;
	image_build(&image, e);
	handoff = enter(&m, entry);
	machine_add(&m, BLOCK, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), want);
	if (!want) {
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

/* The block ends at every byte: EAX vouches for it, the stack does not. */
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
			  silent ? -ENOENT : -EINVAL);
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
		expect_eq(probe(&source, &m, &handoff, bi), -EINVAL);
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
		expect_eq(probe(&source, &m, &handoff, bi), -EINVAL);
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
	return ktap_status();
}
