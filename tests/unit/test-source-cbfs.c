// SPDX-License-Identifier: GPL-2.0
/*
 * Files in coreboot's flash (source-cbfs.c): made by cbfstool, and made up.
 * Layouts are those of coreboot's cbfs_serialized.h, by offset.
 */
#include "fixture.h"

#define FILE_HEADER	24
#define ALIGN		64

#define TYPE_RAW	0x50
#define TYPE_FREE	0xffffffff
#define TYPE_DELETED	~1U		/* stands for 0 */

/* Attributes. */
#define COMPRESSION	0x42435a4c
#define HASH		0x68736148
#define POSITION	0x42435350

#define FLASH_SIZE	0x4000
#define START		(4 * GIB - FLASH_SIZE)

static const struct source source = { CORRUPT_CBFS, cbfs_probe };

static void put_be32(u8 *at, u32 value)
{
	at[0] = value >> 24;
	at[1] = value >> 16;
	at[2] = value >> 8;
	at[3] = value;
}

/* A file. A member whose name ends in _is overrides what the layout says. */
struct file {
	const char *name;
	const char *text;		/* contents */
	u32 attribute[8];		/* words */
	u32 nr_attribute;
	u32 len_is, offset_is, attributes_is;
	u32 type;			/* 0: TYPE_RAW */
};

#define FILES_MAX	4

/* Lay out the files from @at on; return what is behind them. */
static u8 *put_file(u8 *at, const struct file *file)
{
	u32 name = (strlen(file->name) + 4) & ~3;
	u32 attributes = FILE_HEADER + name;
	u32 offset = attributes + 4 * file->nr_attribute;
	u32 len = strlen(file->text);
	u32 i;

	memcpy(at, "LARCHIVE", 8);
	put_be32(at + 8, file->len_is ? file->len_is : len);
	put_be32(at + 12, !file->type ? TYPE_RAW :
		 file->type == TYPE_DELETED ? 0 : file->type);
	put_be32(at + 16, file->nr_attribute ? attributes : 0);
	if (file->attributes_is)
		put_be32(at + 16, file->attributes_is);
	put_be32(at + 20, file->offset_is ? file->offset_is : offset);
	memset(at + FILE_HEADER, 0, name);
	strcpy((char *)at + FILE_HEADER, file->name);
	for (i = 0; i < file->nr_attribute; i++)
		put_be32(at + attributes + 4 * i, file->attribute[i]);
	memcpy(at + offset, file->text, len);
	return at + ((offset + len + ALIGN - 1) & ~(ALIGN - 1));
}

#define INITRD \
	.name = "elfboot/initrd", .text = "This is no initrd."
#define CMDLINE \
	.name = "elfboot/cmdline", .text = "console=ttyS0"
#define CMDLINE_NAME	"elfboot/cmdline"

/* Where the initrd's contents are if it is the first file. */
#define FIRST		(FILE_HEADER + 16)

static const struct {
	const char *name;
	u32 nr;
	struct file file[FILES_MAX];
	bool no_free;			/* no free space behind them */
	const char *cmdline;		/* NULL: none */
	u32 initrd, size;		/* 0: none */
	const char *ignored;		/* NULL: nothing; how the text begins */
	u64 value[2];
} examples[] = {
	{
		.name = "both files", .nr = 2,
		.file = { { INITRD }, { CMDLINE } },
		.cmdline = "console=ttyS0", .initrd = FIRST, .size = 18,
	}, {
		.name = "both files, the other way round", .nr = 2,
		.file = { { CMDLINE }, { INITRD } },
		.cmdline = "console=ttyS0",
		.initrd = 64 + FIRST, .size = 18,
	}, {
		.name = "among others", .nr = 4,
		.file = { { "fallback/payload", "" }, { CMDLINE },
			  { "a name that is longer than ours", "x" },
			  { INITRD } },
		.cmdline = "console=ttyS0",
		.initrd = 192 + FIRST, .size = 18,
	}, {
		.name = "a command line only", .nr = 1,
		.file = { { CMDLINE } },
		.cmdline = "console=ttyS0",
	}, {
		.name = "an initrd only", .nr = 1,
		.file = { { INITRD } },
		.initrd = FIRST, .size = 18,
	}, {
		.name = "no files",
	}, {
		.name = "nothing, not even free space", .no_free = true,
	}, {
		.name = "neither", .nr = 2,
		.file = { { "config", "x" }, { "elfboot", "y" } },
	}, {
		.name = "names that begin like ours", .nr = 4,
		.file = { { CMDLINE_NAME ".old", "old" },
			  { CMDLINE_NAME "2", "two" },
			  { "elfboot/initrd.img", "initrd" },
			  { "elfboot/initrd2", "initrd" } },
	}, {
		.name = "names that end before ours", .nr = 3,
		.file = { { "elfboot/cmdlin", "x" }, { "elfboot/", "y" },
			  { "elfboot/initr", "z" } },
	}, {
		.name = "the first of two", .nr = 4,
		.file = { { INITRD }, { CMDLINE }, { CMDLINE_NAME, "second" },
			  { "elfboot/initrd", "second" } },
		.cmdline = "console=ttyS0", .initrd = FIRST, .size = 18,
	}, {
		.name = "empty files are none", .nr = 2,
		.file = { { CMDLINE_NAME, "" }, { "elfboot/initrd", "" } },
	}, {
		.name = "the first of two, which is empty", .nr = 2,
		.file = { { CMDLINE_NAME, "" }, { CMDLINE } },
	}, {
		.name = "a file without a name", .nr = 2,
		.file = { { "", "x" }, { CMDLINE } },
		.cmdline = "console=ttyS0",
	}, {
		.name = "a file up to the end", .nr = 1, .no_free = true,
		.file = { { "elfboot/initrd", "",
			    .len_is = FLASH_SIZE - FIRST } },
		.initrd = FIRST, .size = FLASH_SIZE - FIRST,
	}, {
		.name = "a file of ours past the end", .nr = 2,
		.file = { { CMDLINE }, { "elfboot/initrd", "",
			  .len_is = FLASH_SIZE - 64 - FIRST + 1 } },
		.cmdline = "console=ttyS0",
		.ignored = "elfboot/initrd ignored: contents at",
		.value = { START + 64 + FIRST, FLASH_SIZE - 64 - FIRST + 1 },
	}, {
		.name = "a file of ~0 bytes", .nr = 2,
		.file = { { CMDLINE }, { "x", "", .len_is = ~0U } },
		.cmdline = "console=ttyS0",
		.ignored = "files ignored: behind", .value = { START + 64, 0x10000001b },
	}, {
		/* coreboot does not look behind it, either */
		.name = "a file of ~0 bytes, ours behind it", .nr = 3,
		.file = { { CMDLINE }, { "x", "", .len_is = ~0U }, { INITRD } },
		.cmdline = "console=ttyS0",
		.ignored = "files ignored: behind", .value = { START + 64, 0x10000001b },
	}, {
		.name = "sizes that wrap", .nr = 3,
		.file = { { CMDLINE },
			  { "x", "", .len_is = ~0U, .offset_is = 0x41 },
			  { INITRD } },
		.cmdline = "console=ttyS0",
		.ignored = "files ignored: behind", .value = { START + 64, 0x100000040 },
	}, {
		.name = "contents past the end", .nr = 2,
		.file = { { CMDLINE }, { "x", "", .offset_is = FLASH_SIZE } },
		.cmdline = "console=ttyS0",
		.ignored = "files ignored: behind", .value = { START + 64, FLASH_SIZE },
	}, {
		.name = "contents at ~0", .nr = 2,
		.file = { { CMDLINE }, { "x", "", .offset_is = ~0U } },
		.cmdline = "console=ttyS0",
		.ignored = "files ignored: behind", .value = { START + 64, ~0U },
	}, {
		.name = "contents inside the header", .nr = 3,
		.file = { { CMDLINE }, { "x", "y", .offset_is = 23 },
			  { INITRD } },
		.cmdline = "console=ttyS0", .initrd = 128 + FIRST, .size = 18,
	}, {
		.name = "contents of ours inside the header", .nr = 2,
		.file = { { CMDLINE_NAME, "y", .offset_is = 23 }, { INITRD } },
		.initrd = 64 + FIRST, .size = 18,
		.ignored = "elfboot/cmdline ignored: contents at",
		.value = { START + 23, 1 },
	}, {
		.name = "contents at 1", .nr = 3,
		.file = { { CMDLINE }, { "x", "y", .offset_is = 1 },
			  { INITRD } },
		.cmdline = "console=ttyS0", .initrd = 128 + FIRST, .size = 18,
	}, {
		/* LZMA; algorithm, then the size it had */
		.name = "compressed initrd", .nr = 2,
		.file = { { INITRD, { COMPRESSION, 16, 1, 400 }, 4 },
			  { CMDLINE } },
		.cmdline = "console=ttyS0",
		.ignored = "elfboot/initrd ignored: compressed", .value = { 1, 18 },
	}, {
		.name = "compressed command line behind others", .nr = 2,
		.file = { { INITRD },
			  { CMDLINE, { COMPRESSION, 16, 2, 13 }, 4 } },
		.initrd = FIRST, .size = 18,
		.ignored = "elfboot/cmdline ignored: compressed", .value = { 2, 13 },
	}, {
		/* the first of a name counts */
		.name = "compressed, then another of that name", .nr = 2,
		.file = { { INITRD, { COMPRESSION, 16, 1, 400 }, 4 },
			  { INITRD } },
		.ignored = "elfboot/initrd ignored: compressed", .value = { 1, 18 },
	}, {
		/* cbfstool remove, and what was added after that */
		.name = "deleted files are none", .nr = 3,
		.file = { { INITRD, .type = TYPE_DELETED },
			  { CMDLINE_NAME, "deleted", .type = TYPE_DELETED },
			  { CMDLINE } },
		.cmdline = "console=ttyS0",
	}, {
		.name = "null files are none", .nr = 3,
		.file = { { CMDLINE_NAME, "null", .type = TYPE_FREE },
			  { INITRD, { COMPRESSION, 16, 1, 400 }, 4,
			    .type = TYPE_FREE },
			  { INITRD } },
		.initrd = 192 + FIRST, .size = 18,
	}, {
		.name = "free space that runs past the end", .nr = 2,
		.file = { { CMDLINE },
			  { "", "", .len_is = ~0U, .type = TYPE_FREE } },
		.cmdline = "console=ttyS0",
	}, {
		.name = "compressed, the second attribute", .nr = 1,
		.file = { { INITRD, { POSITION, 12, 0x1000,
				      COMPRESSION, 16, 1, 400 }, 7 } },
		.ignored = "elfboot/initrd ignored: compressed", .value = { 1, 18 },
	}, {
		.name = "compression: none", .nr = 1,
		.file = { { INITRD, { COMPRESSION, 16, 0, 18 }, 4 } },
		.initrd = FIRST + 16, .size = 18,
	}, {
		.name = "another file is compressed", .nr = 2,
		.file = { { "x", "y", { COMPRESSION, 16, 1, 400 }, 4 },
			  { INITRD } },
		.initrd = 64 + FIRST, .size = 18,
	}, {
		.name = "other attributes", .nr = 1,
		.file = { { INITRD, { HASH, 12, 2, POSITION, 12, 0 }, 6 } },
		.initrd = FIRST + 24, .size = 18,
	}, {
		.name = "an attribute of 8 bytes, last", .nr = 1,
		.file = { { INITRD, { ~0U, 8 }, 2 } },
		.initrd = FIRST + 8, .size = 18,
	}, {
		.name = "an attribute of length 0", .nr = 1,
		.file = { { INITRD, { HASH, 0, 0, 0 }, 4 } },
		.initrd = FIRST + 16, .size = 18,
	}, {
		.name = "an attribute of length 4", .nr = 1,
		.file = { { INITRD, { HASH, 4, 0, 0 }, 4 } },
		.initrd = FIRST + 16, .size = 18,
	}, {
		.name = "an attribute of length ~0", .nr = 1,
		.file = { { INITRD, { HASH, ~0U, 0, 0 }, 4 } },
		.initrd = FIRST + 16, .size = 18,
	}, {
		.name = "an attribute that runs into the contents", .nr = 1,
		.file = { { INITRD, { HASH, 20, 0, 0 }, 4 } },
		.initrd = FIRST + 16, .size = 18,
	}, {
		.name = "attributes at ~0", .nr = 1,
		.file = { { INITRD, .attributes_is = ~0U } },
		.initrd = FIRST, .size = 18,
	}, {
		.name = "attributes at 2^31", .nr = 1,
		.file = { { INITRD, .attributes_is = 0x80000000 } },
		.initrd = FIRST, .size = 18,
	}, {
		.name = "no magic where a file would be", .nr = 1,
		.no_free = true,
		.file = { { CMDLINE } },
		.cmdline = "console=ttyS0",
	}, {
		.name = "lines", .nr = 1,
		.file = { { CMDLINE_NAME, "console=ttyS0\npanic=1\n" } },
		.cmdline = "console=ttyS0 panic=1",
	}, {
		.name = "lines that end in CRLF", .nr = 1,
		.file = { { CMDLINE_NAME, "console=ttyS0\r\npanic=1\r\n" } },
		.cmdline = "console=ttyS0  panic=1",
	}, {
		.name = "blanks at the end", .nr = 1,
		.file = { { CMDLINE_NAME, "quiet\x20\x20\n\x20\r\n  " } },
		.cmdline = "quiet",
	}, {
		.name = "blanks only", .nr = 1,
		.file = { { CMDLINE_NAME, "\x20\n\x20\r\n" } },
	},
};

/* A flash that ends at 4 GiB, erased; files from its start. */
static u8 *machine_new(struct machine *m, u32 size)
{
	u8 *flash;

	m->ram = (struct ram){ .nr = 0 };
	flash = machine_add(m, 4 * GIB - size, NULL, size);
	memset(flash, 0xff, size);
	return flash;
}

static void put_files(u8 *flash, u32 size, const struct file *file, u32 nr,
		      bool no_free)
{
	u8 *at = flash;

	for (; nr; nr--, file++)
		at = put_file(at, file);
	if (no_free)
		return;
	/* As cbfstool has it: a file of no name. */
	memcpy(at, "LARCHIVE", 8);
	put_be32(at + 8, size - (at - flash) - 28);
	put_be32(at + 12, TYPE_FREE);
	put_be32(at + 16, 0);
	put_be32(at + 20, 28);
	put_be32(at + 24, 0);
}

static struct bootinfo *bootinfo_new_flash(u64 start, u64 size)
{
	struct bootinfo *bi = bootinfo_new();

	bi->cbfs = (struct range){ start, size, 0 };
	return bi;
}

static void test_example(u32 i)
{
	const char *ignored = examples[i].ignored;
	const struct handoff handoff = { .esp = 0 };
	struct bootinfo *bi = bootinfo_new_flash(START, FLASH_SIZE);
	struct machine m;
	u8 *flash = machine_new(&m, FLASH_SIZE);

	put_files(flash, FLASH_SIZE, examples[i].file, examples[i].nr,
		  examples[i].no_free);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_string(bi->cmdline,
		      examples[i].cmdline ? examples[i].cmdline : "");
	expect_string(bi->cmdline_source,
		      examples[i].cmdline ? "cbfs" : NULL);
	expect_string(bi->initrd_source, examples[i].size ? "cbfs" : NULL);
	expect_eq(bi->nr_modules, !!examples[i].size);
	if (examples[i].size) {
		expect_eq(bi->module[0].start, START + examples[i].initrd);
		expect_eq(bi->module[0].size, examples[i].size);
	}
	expect_eq(bi->nr_ignored, !!ignored);
	expect_eq(bi->ignored_bits, ignored ? CORRUPT_CBFS : 0);
	if (ignored) {
		expect_string(bi->ignored[0].source, "cbfs");
		expect(!strncmp(bi->ignored[0].text, ignored,
				strlen(ignored)));
		expect_eq(bi->ignored[0].value[0], examples[i].value[0]);
		expect_eq(bi->ignored[0].value[1], examples[i].value[1]);
	}
	ktap_done("%s", examples[i].name);
	machine_free(&m);
	free(bi);
}

/* data/coreboot/README: hash and compression are cbfstool's own. */
static void test_cbfstool(void)
{
	const struct handoff handoff = { .esp = 0 };
	struct bootinfo *bi = bootinfo_new_flash(0xfffff200, 0xe00);
	struct machine m = {};

	machine_load(&m, "coreboot/cbfs", 0xfffff000);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_string(bi->cmdline, "console=ttyS0,115200 panic=1");
	expect_string(bi->cmdline_source, "cbfs");
	expect_string(bi->initrd_source, "cbfs");
	expect_eq(bi->nr_modules, 1);
	expect_eq(bi->module[0].start, 0xfffff228);
	expect_eq(bi->module[0].size, 19);
	ktap_done("made by cbfstool");
	free(bi);

	/* The compressed one, called by our name. */
	bi = bootinfo_new_flash(0xfffff200, 0xe00);
	memcpy(machine_piece(&m, 0) + 0x2d8, CMDLINE_NAME, 8);
	memcpy(machine_piece(&m, 0) + 0x218, "elfboot/", 8);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	ktap_done("made by cbfstool, other names");
	machine_free(&m);
	free(bi);
}

/* A command line of @len characters: what is beyond 2047 is cut. */
static void test_length(u32 len)
{
	static char text[4 * KIB];
	const struct file file = { .name = CMDLINE_NAME, .text = text };
	const struct handoff handoff = { .esp = 0 };
	struct bootinfo *bi = bootinfo_new_flash(4 * GIB - FLASH_SIZE,
						 FLASH_SIZE);
	u32 want = len < CMDLINE_SIZE ? len : CMDLINE_SIZE - 1;
	struct machine m;
	u8 *flash = machine_new(&m, FLASH_SIZE);
	u32 i;

	memset(text, 0, sizeof(text));
	for (i = 0; i < len; i++)
		text[i] = 'a' + i % 23;
	put_files(flash, FLASH_SIZE, &file, 1, false);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(strlen(bi->cmdline), want);
	expect_bytes(bi->cmdline, text, want);
	ktap_done("a command line of %u characters", len);
	machine_free(&m);
	free(bi);
}

/* What a loader has passed stays, the one or the other. */
static void test_not_the_first(bool cmdline, bool initrd)
{
	static const struct file files[] = { { INITRD }, { CMDLINE } };
	const struct handoff handoff = { .esp = 0 };
	struct bootinfo *bi = bootinfo_new_full();
	struct machine m;
	u8 *flash = machine_new(&m, FLASH_SIZE);

	put_files(flash, FLASH_SIZE, files, 2, false);
	bi->cbfs = (struct range){ 4 * GIB - FLASH_SIZE, FLASH_SIZE, 0 };
	if (!cmdline) {
		bi->cmdline[0] = '\0';
		bi->cmdline_source = NULL;
	}
	if (!initrd) {
		bi->nr_modules = 0;
		bi->initrd_source = NULL;
	}
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_string(bi->cmdline_source, cmdline ? "earlier" : "cbfs");
	expect_string(bi->cmdline, cmdline ? "from an earlier source" :
					     "console=ttyS0");
	expect_string(bi->initrd_source, initrd ? "earlier" : "cbfs");
	expect_eq(bi->nr_modules, initrd ? 2 : 1);
	expect_string(bi->map_source, "earlier");
	ktap_done("a loader has passed%s%s%s", cmdline ? " a command line" : "",
		  initrd ? " an initrd" : "",
		  cmdline || initrd ? "" : " nothing");
	machine_free(&m);
	free(bi);
}

/* Where the table says that files are; below 4 GiB - 16 MiB nothing is mapped. */
static const struct {
	const char *name;
	u64 start, size;
	int want;
} places[] = {
	{ "all of it", 4 * GIB - FLASH_SIZE, FLASH_SIZE, 0 },
	{ "no flash", 0, 0, -ENOENT },
	{ "no files", 4 * GIB - FLASH_SIZE, 0, -ENOENT },
	{ "below 16 MiB", 4 * GIB - 16 * MIB - 1, MIB, -ENOENT },
	{ "32 MiB", 4 * GIB - 32 * MIB, 32 * MIB, -ENOENT },
	{ "at 0", 0, FLASH_SIZE, -ENOENT },
	{ "at 4 GiB", 4 * GIB, FLASH_SIZE, -EINVAL },
	{ "at 2^64", -64, 64, -EINVAL },
	{ "up to 4 GiB + 1", 4 * GIB - FLASH_SIZE, FLASH_SIZE + 1, -EINVAL },
	{ "2^63 bytes", 4 * GIB - FLASH_SIZE, 1ULL << 63, -EINVAL },
	{ "~0 bytes", 4 * GIB - FLASH_SIZE, ~0ULL, -EINVAL },
	{ "nothing is there", 4 * GIB - 16 * MIB, MIB, -EINVAL },
	{ "less than a header", 4 * GIB - FLASH_SIZE, 24, 0 },
	{ "the last byte", 4 * GIB - 1, 1, 0 },
};

static void test_place(u32 i)
{
	const struct handoff handoff = { .esp = 0 };
	struct bootinfo *bi = bootinfo_new_flash(places[i].start,
						 places[i].size);
	struct machine m;
	u8 *flash = machine_new(&m, FLASH_SIZE);

	put_files(flash, FLASH_SIZE, NULL, 0, false);
	expect_eq(probe(&source, &m, &handoff, bi), places[i].want);
	expect(!bi->cmdline_source && !bi->initrd_source);
	ktap_done("flash: %s", places[i].name);
	machine_free(&m);
	free(bi);
}

/* The last file's name runs up to 4 GiB; a long one is none of ours. */
static void test_name_without_end(u32 len)
{
	const u32 size = FILE_HEADER + len;
	const struct handoff handoff = { .esp = 0 };
	struct bootinfo *bi = bootinfo_new_flash(4 * GIB - size, size);
	struct machine m;
	u8 *flash = machine_new(&m, size);

	memcpy(flash, "LARCHIVE", 8);
	put_be32(flash + 8, 0);
	put_be32(flash + 12, TYPE_RAW);
	put_be32(flash + 16, 0);
	put_be32(flash + 20, size);
	memset(flash + FILE_HEADER, 'x', len);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect(!bi->cmdline_source && !bi->nr_modules);
	ktap_done("a name without an end, %u characters", len);
	machine_free(&m);
	free(bi);
}

/* The flash ends at every byte, both in what is mapped and in the table. */
static void test_truncated(void)
{
	static const struct file files[] = { { INITRD }, { CMDLINE } };
	const struct handoff handoff = { .esp = 0 };
	u32 len;

	for (len = 0; len < 128; len++) {
		struct bootinfo *bi = bootinfo_new_flash(4 * GIB - 128, 128);
		struct machine all, less;
		u8 *flash = machine_new(&all, 128);

		put_files(flash, 128, files, 2, true);
		machine_copy(&less, &all, 0, len);
		probe(&source, &less, &handoff, bi);
		if (len < 64 + FIRST)
			expect(!bi->cmdline_source);
		bi->cbfs.size = len;
		probe(&source, &all, &handoff, bi);
		machine_free(&less);
		machine_free(&all);
		free(bi);
	}
	ktap_done("truncated");
}

/* Every byte of what cbfstool has made, and at random. */
static void test_damaged(void)
{
	const struct handoff handoff = { .esp = 0 };
	struct machine m = {};
	struct machine less;
	u32 i;

	machine_load(&m, "coreboot/cbfs", 0xfffff000);
	for (i = 0; i < 4000; i++) {
		struct bootinfo *bi = bootinfo_new_flash(0xfffff200, 0xe00);
		u32 changes = 1 + random_below(4);
		u8 *flash;

		machine_copy(&less, &m, 0, 0x1000);
		flash = machine_piece(&less, 0) + 0x200;
		while (changes--) {
			u32 at = random_below(0x148);

			if (random_below(2))
				flash[at] = random_below(256);
			else
				put_be32(flash + (at & ~3),
					 random_below(4) ? random_below(300) :
							   -random_below(300));
		}
		probe(&source, &less, &handoff, bi);
		expect(bi->nr_modules <= 1);
		if (bi->nr_modules) {
			expect(bi->module[0].start >= 0xfffff200);
			expect(bi->module[0].size <=
			       4 * GIB - bi->module[0].start);
		}
		machine_free(&less);
		free(bi);
	}
	ktap_done("changed at random");
	machine_free(&m);
}

int main(void)
{
	static const u32 lengths[] = { 1, 2046, 2047, 2048, 4000 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(examples); i++)
		test_example(i);
	test_cbfstool();
	for (i = 0; i < ARRAY_SIZE(lengths); i++)
		test_length(lengths[i]);
	for (i = 0; i < 4; i++)
		test_not_the_first(i & 1, i & 2);
	for (i = 0; i < ARRAY_SIZE(places); i++)
		test_place(i);
	test_name_without_end(8);
	test_name_without_end(14);
	test_name_without_end(40);
	test_truncated();
	test_damaged();
	return ktap_status();
}
