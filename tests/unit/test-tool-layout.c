// SPDX-License-Identifier: GPL-2.0
/*
 * The plan of an image (tools/layout.c): its bytes, at the offsets of the ELF
 * specification, of Multiboot 0.6.96, section 3.1, and of Multiboot2 2.0,
 * section 3.1. Rules are those of Documentation/elf-boot.txt, "File layout".
 */
#include "image.h"

#define PAGE	0x1000

/* Of a vmlinux none is used. */
static const struct bytes no_stub;

static const struct {
	const char *name;
	struct options options;
} writes[] = {
	{ "all", { .multiboot = true, .checksum = true } },
	{ "no multiboot headers", { .multiboot = false, .checksum = true } },
	{ "no checksum", { .multiboot = true, .checksum = false } },
	{ "neither", { .multiboot = false, .checksum = false } },
	{ "ELF64", { .multiboot = true, .checksum = true, .elf64 = true } },
	{ "ELF64 alone", { .elf64 = true } },
};

static void expect_headers(const u8 *p, u32 notes)
{
	static const u8 ident[16] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	const u8 *note = p + PHDRS, *load = p + PHDRS + 32;

	expect_bytes(p, ident, sizeof(ident));
	expect_eq(get_le16(p + 16), 2);			/* ET_EXEC */
	expect_eq(get_le16(p + 18), 3);			/* EM_386 */
	expect_eq(get_le32(p + 20), 1);
	expect_eq(get_le32(p + 24), KERNEL_ENTRY);
	expect_eq(get_le32(p + 28), 64);		/* e_phoff */
	expect_eq(get_le32(p + 32), SECTION);		/* e_shoff */
	expect_eq(get_le32(p + 36), 0);			/* e_flags */
	expect_eq(get_le16(p + 40), 52);
	expect_eq(get_le16(p + 42), 32);
	expect_eq(get_le16(p + 44), 2);
	expect_eq(get_le16(p + 46), 40);		/* e_shentsize */
	expect_eq(get_le16(p + 48), 1);			/* e_shnum */
	expect_eq(get_le16(p + 50), 0);			/* e_shstrndx */

	expect_eq(get_le32(note), 4);			/* PT_NOTE */
	expect_eq(get_le32(note + 4), NOTES);
	expect_eq(get_le32(note + 8), KERNEL_SCRATCH);
	expect_eq(get_le32(note + 12), KERNEL_SCRATCH);
	expect_eq(get_le32(note + 16), notes);
	expect_eq(get_le32(note + 20), notes);
	expect_eq(get_le32(note + 24), 4);		/* PF_R */
	expect_eq(get_le32(note + 28), 4);

	expect_eq(get_le32(load), 1);			/* PT_LOAD */
	expect_eq(get_le32(load + 4), PAGE);
	expect_eq(get_le32(load + 8), KERNEL_START);
	expect_eq(get_le32(load + 12), KERNEL_START);
	expect_eq(get_le32(load + 16), KERNEL_DATA + DATA_SIZE - KERNEL_START);
	expect_eq(get_le32(load + 20), KERNEL_END - KERNEL_START);
	expect_eq(get_le32(load + 24), 7);
	expect_eq(get_le32(load + 28), PAGE);
}

static void expect_zero(const u8 *p, size_t from, size_t to)
{
	for (; from < to; from++)
		if (!expect_eq(p[from], 0))
			return;
}

/* Offsets of the ELF-64 Object File Format, 1.5: p_flags is the second. */
static void expect_phdr64(const u8 *p, const u8 *phdr32)
{
	expect_eq(get_le32(p), get_le32(phdr32));
	expect_eq(get_le32(p + 4), get_le32(phdr32 + 24));
	expect_eq(get_le64(p + 8), get_le32(phdr32 + 4));
	expect_eq(get_le64(p + 16), get_le32(phdr32 + 8));
	expect_eq(get_le64(p + 24), get_le32(phdr32 + 12));
	expect_eq(get_le64(p + 32), get_le32(phdr32 + 16));
	expect_eq(get_le64(p + 40), get_le32(phdr32 + 20));
	expect_eq(get_le64(p + 48), 0);
}

/* The header as ELF64, or nothing of it; two program headers. */
static void expect_elf64(const u8 *p, bool is_there)
{
	static const u8 tail[12] = { 64, 0, 56, 0, 3, 0, 64, 0 };

	if (!is_there) {
		expect_zero(p, 52, PHDRS);
		expect_zero(p, SECTION, PAGE);
		return;
	}
	expect_eq(get_le64(p + 24), 64ULL << 32 | KERNEL_ENTRY);
	expect_eq(get_le64(p + 32), SECTION);		/* e_phoff */
	expect_bytes(p + 52, tail, sizeof(tail));
	expect_zero(p, SECTION, SECTION + 56);		/* PT_NULL */
	expect_phdr64(p + SECTION + 56, p + PHDRS);
	expect_phdr64(p + SECTION + 112, p + PHDRS + 32);
	expect_zero(p, SECTION + 168, PAGE);
}

/* In this order: QEMU takes Xen's only if it is the first. */
static size_t expect_notes(const u8 *p, bool checksum)
{
	static const u8 stub[] = {
		KERNEL_STUB & 0xff, KERNEL_STUB >> 8 & 0xff,
		KERNEL_STUB >> 16 & 0xff, KERNEL_STUB >> 24,
	};
	u8 want[200];
	size_t size = 0;

	size += note_put(want + size, 200 - size, "Xen", 18, stub, 4);
	size += note_put(want + size, 200 - size, "ELFBoot", 1, "Linux", 6);
	size += note_put(want + size, 200 - size, "ELFBoot", 2, "6.1.0-test",
			 11);
	if (checksum)
		size += note_put(want + size, 200 - size, "ELFBoot", 3,
				 "\0", 2);
	expect_bytes(p + NOTES, want, size);
	return size;
}

/*
 * Each tag is padded to 8 bytes; all but the last one are optional (flag 1):
 * whoever does not know one may go on.
 */
static const u32 multiboot2[] = {
	0xe85250d6, 0, 120, -(0xe85250d6U + 120),
	/* information request: what source-multiboot2.c takes */
	1 | 1 << 16, 8 + 9 * 4, 1, 3, 6, 8, 11, 12, 14, 15, 17, 0,
	/* console flags: none is required, EGA text is known */
	4 | 1 << 16, 12, 2, 0,
	/* framebuffer: no preference */
	5 | 1 << 16, 20, 0, 0, 0, 0,
	/* modules on pages */
	6 | 1 << 16, 8,
	0, 8,
};

static void expect_multiboot2(const u8 *p)
{
	size_t i;

	expect_eq(sizeof(multiboot2), 120);
	for (i = 0; i < ARRAY_SIZE(multiboot2); i++)
		expect_eq(get_le32(p + 4 * i), multiboot2[i]);
}

static void test_bytes(void)
{
	static struct layout layout;
	struct kernel kernel;
	size_t i;

	kernel_new(&kernel);
	for (i = 0; i < ARRAY_SIZE(writes); i++) {
		const u8 *contents = kernel.chunk[0].bytes.data;
		size_t notes;
		u8 *p;

		memset(&layout, 0xa5, sizeof(layout));
		expect_eq(layout_plan(&kernel, &no_stub, &writes[i].options,
				      &layout), 0);
		expect_eq(layout.size, PAGE + (KERNEL_DATA - KERNEL_START) +
			  DATA_SIZE);
		p = image_new(&layout);
		notes = expect_notes(p, writes[i].options.checksum);
		expect_headers(p, notes);
		expect(NOTES + notes <= 512);
		expect_zero(p, NOTES + notes, 0x210);
		if (writes[i].options.multiboot) {
			expect_eq(get_le32(p + 0x210), 0x1badb002);
			expect_eq(get_le32(p + 0x214), 3);
			expect_eq(get_le32(p + 0x218),
				  (u32)-(0x1badb002 + 3));
			expect_zero(p, 0x21c, 0x220);
			expect_multiboot2(p + 0x220);
			expect_zero(p, 0x220 + 120, SECTION);
		} else {
			expect_zero(p, 0x210, SECTION);
		}
		expect_elf64(p, writes[i].options.elf64);
		expect_bytes(p + PAGE, contents, TEXT_SIZE);
		expect_zero(p, PAGE + TEXT_SIZE,
			    PAGE + KERNEL_DATA - KERNEL_START);
		expect_bytes(p + PAGE + KERNEL_DATA - KERNEL_START,
			     contents + TEXT_SIZE, DATA_SIZE);
		ktap_done("bytes: %s", writes[i].name);
		free(p);
	}
	kernel_free(&kernel);
}

/* A version of so many characters; the notes end at byte 512 or before. */
static void test_version(void)
{
	const struct options options = { .multiboot = true, .checksum = true };
	static struct layout layout;
	struct kernel kernel;
	u8 version[600];
	size_t longest = 0;
	size_t len;

	kernel_new(&kernel);
	for (len = 0; len < sizeof(version); len++) {
		memset(version, 'v', len);
		kernel.version = (struct bytes){ version, len };
		if (layout_plan(&kernel, &no_stub, &options, &layout))
			expect(!strncmp(last_error, "rule 2:", 7));
		else
			longest = len;
		/* Xen 20, name 28, version 20 and itself, checksum 24. */
		expect_eq(longest == len, NOTES + 20 + 28 +
			  20 + (len + 1 + 3) / 4 * 4 + 24 <= 512);
	}
	expect(longest > 64);				/* __NEW_UTS_LEN */
	ktap_done("version: as long as there is room");
	kernel_free(&kernel);
}

static const struct {
	const char *name;
	unsigned int nr;
	int want;
	struct {
		u32 paddr, filesz, memsz;
	} load[4];
} cases[] = {
	{ "one segment", 1, 0, { { 0x100000, 0x1000, 0x2000 } } },
	{ "not in order", 3, 0, {
		{ 0x103000, 0x800, 0x1000 }, { 0x100000, 0x1000, 0x1000 },
		{ 0x102000, 0x1000, 0x1000 },
	} },
	{ "one without contents", 2, 0, {
		{ 0x100000, 0x1000, 0x1000 }, { 0x100800, 0, 0x1000 },
	} },
	{ "touching", 2, 0, {
		{ 0x100000, 0x1001, 0x1001 }, { 0x101001, 0xfff, 0xfff },
	} },
	{ "overlapping by a byte", 2, -1, {
		{ 0x100000, 0x1001, 0x1001 }, { 0x101000, 0x1000, 0x1000 },
	} },
	{ "overlapping, not in order", 2, -1, {
		{ 0x101000, 0x1000, 0x1000 }, { 0x100000, 0x1001, 0x1001 },
	} },
	{ "at the same place", 2, -1, {
		{ 0x100000, 1, 1 }, { 0x100000, 1, 1 },
	} },
	{ "up to 4 GiB", 2, 0, {
		{ 0xffff0000, 0x1000, 0x1000 }, { 0xffffe000, 0x1fff, 0x1fff },
	} },
};

static void test_segments(void)
{
	const struct options options = { .multiboot = true };
	static struct layout layout;
	struct kernel kernel;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 start = ~0U, file_end = 0, end = 0;
		const u8 *file;

		kernel_new(&kernel);
		kernel.stub_at = 0;
		kernel.nr_chunks = 0;
		file = kernel.chunk[0].bytes.data;
		for (k = 0; k < cases[i].nr; k++) {
			u32 paddr = cases[i].load[k].paddr;
			u32 filesz = cases[i].load[k].filesz;

			if (filesz)
				kernel.chunk[kernel.nr_chunks++] =
					(struct chunk){ paddr, { file, filesz }
				};
			file += filesz;
			if (paddr < start)
				start = paddr;
			if (filesz && paddr + filesz > file_end)
				file_end = paddr + filesz;
			if (paddr + cases[i].load[k].memsz > end)
				end = paddr + cases[i].load[k].memsz;
		}
		kernel.start = start;
		kernel.end = end;
		expect_eq(layout_plan(&kernel, &no_stub, &options, &layout),
			  cases[i].want);
		if (!cases[i].want) {
			u8 *p = image_new(&layout);

			expect_eq(layout.size, PAGE + file_end - start);
			for (k = 0; k < kernel.nr_chunks; k++)
				expect_bytes(p + PAGE +
					     kernel.chunk[k].paddr - start,
					     kernel.chunk[k].bytes.data,
					     kernel.chunk[k].bytes.size);
			for (k = 1; k < layout.nr_pieces; k++)
				expect(layout.piece[k].offset >=
				       layout.piece[k - 1].offset +
				       layout.piece[k - 1].bytes.size);
			free(p);
		}
		ktap_done("segments: %s", cases[i].name);
		/* Their first byte is that of the file, whatever they say. */
		kernel.chunk[0].bytes.data = kernel.stub.data -
					     (KERNEL_STUB - KERNEL_START);
		kernel_free(&kernel);
	}
}

/* As many as a vmlinux may have, the stub in the last, and two composed. */
static void test_many_segments(void)
{
	struct options options = { .multiboot = true, .cmdline = "x" };
	static struct layout layout;
	struct kernel kernel;
	size_t i;

	kernel_new(&kernel);
	kernel.nr_chunks = PHDRS_MAX;
	for (i = 0; i < PHDRS_MAX; i++)
		kernel.chunk[i] = (struct chunk){
			KERNEL_START + i * PAGE,
			{ kernel.stub.data, STUB_HEADER_SIZE + 16 }
		};
	kernel.stub_at = kernel.chunk[PHDRS_MAX - 1].paddr;
	kernel.end = KERNEL_START + PHDRS_MAX * PAGE;
	options.nr_initrds = INITRDS_MAX;
	for (i = 0; i < INITRDS_MAX; i++)
		options.initrd[i] = (struct bytes){ kernel.stub.data, 5 };
	expect_eq(layout_plan(&kernel, &no_stub, &options, &layout), 0);
	expect(layout.nr_pieces <= PIECES_MAX);
	expect_eq(layout.nr_pieces, 1 + PHDRS_MAX + 1 + 1 + INITRDS_MAX);
	ktap_done("segments: %u", PHDRS_MAX);
	kernel.chunk[0].bytes.data = kernel.stub.data -
				     (KERNEL_STUB - KERNEL_START);
	kernel_free(&kernel);
}

/* The writer's own check agrees with the plan. */
static void test_verified(void)
{
	static struct layout layout;
	struct kernel kernel;
	struct bytes file;
	u8 *p;
	size_t i;

	kernel_new(&kernel);
	for (i = 0; i < ARRAY_SIZE(writes); i++) {
		if (writes[i].options.checksum)
			continue;
		expect_eq(layout_plan(&kernel, &no_stub, &writes[i].options,
				      &layout), 0);
		p = image_new(&layout);
		file = (struct bytes){ p, layout.size };
		last_error[0] = '\0';
		expect_eq(verify_image(&file), 0);
		expect_string(last_error, "");
		ktap_done("verified: %s", writes[i].name);
		free(p);
	}
	kernel_free(&kernel);
}

/* A bzImage's kernel, as bzimage_read() would leave it. */
#define CODE_SIZE	0x2345
#define SETUP_SIZE	0x7b
#define STUB_SIZE_HERE	0x1234

static u8 code[CODE_SIZE], setup[SETUP_SIZE];

static const struct kernel bzimage = {
	.version = { (const u8 *)"6.1.0-bz", 8 },
	.nr_chunks = 1,
	.chunk = { { 0x1000000, { code, CODE_SIZE } } },
	.start = 0x1000000,
	.end = 0x1600001,
	.cmdline_max = 2047,
	.initrd_max = 0x7fffffff,
	.setup = { setup, SETUP_SIZE },
	.entry = 0x1000000,
	.flags = STUB_FLAG_KERNEL_64,
};

#define BZ_STUB		0x1601000
#define BZ_SETUP	(BZ_STUB + 0x1240)
#define BZ_CMDLINE	(BZ_SETUP + 0x80)
#define BZ_SCRATCH	0x1603000
#define BZ_END		(BZ_SCRATCH + STUB_SCRATCH_SIZE)
#define BZ_JUMP		(0x1000000 + 0x2350)

static void expect_load(const u8 *p, u32 offset, u32 paddr, u32 filesz,
			u32 memsz)
{
	expect_eq(get_le32(p), 1);
	expect_eq(get_le32(p + 4), offset);
	expect_eq(get_le32(p + 8), paddr);
	expect_eq(get_le32(p + 12), paddr);
	expect_eq(get_le32(p + 16), filesz);
	expect_eq(get_le32(p + 20), memsz);
	expect_eq(get_le32(p + 24), 7);
}

static void fill(void)
{
	size_t i;

	for (i = 0; i < CODE_SIZE; i++)
		code[i] = i % 247 + 1;
	for (i = 0; i < SETUP_SIZE; i++)
		setup[i] = i + 1;
}

/* Two PT_LOADs: code and jump, stub and setup_header. */
static void test_bzimage(void)
{
	const struct options options = { .multiboot = true };
	const size_t stub_at = PAGE + 0x2360;
	struct bytes stub = stub_new(STUB_SIZE_HERE);
	static struct layout layout;
	struct bytes file;
	const u8 *w;
	u8 *p;

	expect_eq(layout_plan(&bzimage, &stub, &options, &layout), 0);
	p = image_new(&layout);
	expect_eq(layout.size, stub_at + 0x1240 + SETUP_SIZE);
	expect_eq(get_le16(p + 44), 3);
	expect_eq(get_le32(p + 24), BZ_JUMP);
	expect_eq(get_le32(p + PHDRS + 8), BZ_SCRATCH);
	expect_load(p + PHDRS + 32, PAGE, 0x1000000, 0x2355, 0x601000);
	expect_load(p + PHDRS + 64, stub_at, BZ_STUB, 0x1240 + SETUP_SIZE,
		    BZ_END - BZ_STUB);
	expect_bytes(p + PAGE, code, CODE_SIZE);
	expect_zero(p, PAGE + CODE_SIZE, PAGE + 0x2350);
	/* jmp rel32: from behind the instruction */
	expect_eq(p[PAGE + 0x2350], 0xe9);
	expect_eq(get_le32(p + PAGE + 0x2351) + BZ_JUMP + 5,
		  BZ_STUB + STUB_ENTRY);
	w = p + stub_at;
	expect_bytes(w, stub.data, STUB_BASE);
	expect_bytes(w + STUB_BASE + 4, stub.data + STUB_BASE + 4,
		     STUB_PARAMS - STUB_BASE - 4);
	expect_bytes(w + STUB_HEADER_SIZE, stub.data + STUB_HEADER_SIZE,
		     STUB_SIZE_HERE - STUB_HEADER_SIZE);
	expect_bytes(w + 0x1240, setup, SETUP_SIZE);
	expect_eq(get_le32(w + STUB_BASE), BZ_STUB);
	expect_eq(get_le32(w + STUB_KERNEL_ENTRY), 0x1000000);
	expect_eq(get_le32(w + STUB_KERNEL_START), 0x1000000);
	expect_eq(get_le32(w + STUB_KERNEL_END), BZ_END);
	expect_eq(get_le32(w + STUB_SCRATCH), BZ_SCRATCH);
	expect_eq(get_le32(w + STUB_FLAGS), 2);
	expect_eq(get_le32(w + STUB_SETUP), BZ_SETUP);
	expect_eq(get_le32(w + STUB_SETUP_SIZE), SETUP_SIZE);
	expect_zero(w, STUB_CMDLINE, STUB_HEADER_SIZE);
	file = (struct bytes){ p, layout.size };
	last_error[0] = '\0';
	expect_eq(verify_image(&file), 0);
	expect_string(last_error, "");
	ktap_done("bzImage");
	free(p);
	free((void *)stub.data);
}

/* The last page is full, or needs one more: of code, of stub. */
static void test_bzimage_sizes(void)
{
	static const struct {
		const char *name;
		u32 code, end;
		u32 stub_at, stub, scratch;
	} sizes[] = {
		{ "window ends at a page", 0x1000, 0x1010000,
		  0x1010000, 0x1000, 0x1012000 },
		{ "window ends behind a page", 0x1000, 0x1010001,
		  0x1011000, 0x1000, 0x1013000 },
		{ "code fills the window but for the jump", 0xff0, 0x1001000,
		  0x1001000, 0x1000, 0x1003000 },
		{ "code fills the window", 0x1000, 0x1001000,
		  0x1002000, 0x1000, 0x1004000 },
		{ "code of an odd size fills it", 0xfff, 0x1000fff,
		  0x1002000, 0x1000, 0x1004000 },
		{ "setup_header ends at a page", 0x1000, 0x1010000,
		  0x1010000, 0x1000 - 0x80, 0x1011000 },
		{ "smallest stub", 0x1000, 0x1010000,
		  0x1010000, STUB_HEADER_SIZE, 0x1011000 },
	};
	const struct options options = {};
	static struct layout layout;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct bytes stub = stub_new(sizes[i].stub);
		struct kernel kernel = bzimage;
		struct bytes file;
		u8 *p;

		kernel.chunk[0].bytes.size = sizes[i].code;
		kernel.end = sizes[i].end;
		expect_eq(layout_plan(&kernel, &stub, &options, &layout), 0);
		expect_eq(layout.stub, sizes[i].stub_at);
		expect_eq(get_le32(layout.words + STUB_SCRATCH),
			  sizes[i].scratch);
		p = image_new(&layout);
		file = (struct bytes){ p, layout.size };
		expect_eq(verify_image(&file), 0);
		ktap_done("bzImage: %s", sizes[i].name);
		free(p);
		free((void *)stub.data);
	}
}

/* A stub that is not the one of stub.h. */
static void test_stub(void)
{
	static const struct {
		const char *name;
		size_t size, at;
		u32 value;
		int want;
	} stubs[] = {
		{ "as it is", 0x1000, STUB_SIZE, 0x1000, 0 },
		{ "empty", 0, 0, 0, -1 },
		{ "a byte short of its header", STUB_HEADER_SIZE - 1,
		  0, 0, -1 },
		{ "no magic number", 0x1000, STUB_MAGIC_AT, 0, -1 },
		{ "of another size", 0x1000, STUB_SIZE, 0x1001, -1 },
		{ "words filled in", 0x1000, STUB_KERNEL_ENTRY, 1, -1 },
		{ "the last word too", 0x1000, STUB_INITRD_SIZE, 1 << 24, -1 },
	};
	const struct options options = {};
	static struct layout layout;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(stubs); i++) {
		struct bytes stub = stub_new(0x1000);

		stub.size = stubs[i].size;
		put_le32((u8 *)stub.data + stubs[i].at, stubs[i].value);
		last_error[0] = '\0';
		expect_eq(layout_plan(&bzimage, &stub, &options, &layout),
			  stubs[i].want);
		expect(!stubs[i].want || strstr(last_error, "stub"));
		ktap_done("stub: %s", stubs[i].name);
		free((void *)stub.data);
	}
}

/* Into a vmlinux: a command line, an initrd, both; each a PT_LOAD. */
static void test_compose_vmlinux(void)
{
	static const u8 initrd[] = "initrd of 17 byte";
	const u32 contents = KERNEL_DATA + DATA_SIZE - KERNEL_START;
	/* Behind the kernel, to 16 bytes in the file. */
	const u32 next = PAGE + (contents + 15) / 16 * 16;
	static const struct {
		const char *name;
		const char *cmdline;
		unsigned int initrds;
	} composed[] = {
		{ "nothing", NULL, 0 },
		{ "command line", "root=/dev/sda1", 0 },
		{ "initrd", NULL, 1 },
		{ "both", "quiet", 1 },
		{ "two initrds", NULL, 2 },
	};
	static struct layout layout;
	struct kernel kernel;
	size_t i;

	kernel_new(&kernel);
	for (i = 0; i < ARRAY_SIZE(composed); i++) {
		const char *cmdline = composed[i].cmdline;
		struct options options = {
			.cmdline = cmdline,
			.nr_initrds = composed[i].initrds,
			.initrd = { { initrd, 17 }, { initrd, 3 } },
		};
		u32 bytes = composed[i].initrds == 2 ? 27 : 17;
		u32 end = KERNEL_END, at = next;
		const u8 *w, *load;
		struct bytes file;
		u8 *p;

		expect_eq(layout_plan(&kernel, &no_stub, &options, &layout),
			  0);
		p = image_new(&layout);
		load = p + PHDRS + 64;
		w = p + PAGE + KERNEL_STUB - KERNEL_START;
		expect_bytes(w, kernel.stub.data, STUB_KERNEL_END);
		if (cmdline) {
			u32 size = strlen(cmdline) + 1;

			expect_load(load, at, end, size, PAGE);
			expect_string((char *)p + at, cmdline);
			expect_eq(get_le32(w + STUB_CMDLINE), end);
			expect_eq(get_le32(w + STUB_CMDLINE_SIZE), size);
			load += 32;
			at += 16;
			end += PAGE;
		} else {
			expect_zero(w, STUB_CMDLINE, STUB_INITRD);
		}
		if (composed[i].initrds) {
			expect_load(load, at, end, bytes, PAGE);
			expect_bytes(p + at, initrd, 17);
			if (composed[i].initrds == 2) {
				expect_zero(p, at + 17, at + 24);
				expect_bytes(p + at + 24, initrd, 3);
			}
			expect_eq(layout.size, at + bytes);
			expect_eq(get_le32(w + STUB_INITRD), end);
			expect_eq(get_le32(w + STUB_INITRD_SIZE), bytes);
			end += PAGE;
		} else {
			expect_zero(w, STUB_INITRD, STUB_HEADER_SIZE);
		}
		expect_eq(get_le32(w + STUB_KERNEL_END), end);
		file = (struct bytes){ p, layout.size };
		last_error[0] = '\0';
		expect_eq(verify_image(&file), 0);
		expect_string(last_error, "");
		ktap_done("compose into vmlinux: %s", composed[i].name);
		free(p);
	}
	kernel_free(&kernel);
}

/* Notes 0x201 and 0x202 say what the words say; then the checksum. */
static void test_compose_bzimage(void)
{
	static const u8 initrd[] = "initrd";
	const struct options options = {
		.multiboot = true, .checksum = true, .cmdline = "quiet",
		.nr_initrds = 1, .initrd = { { initrd, 6 } },
	};
	struct bytes stub = stub_new(STUB_SIZE_HERE);
	static struct layout layout;
	u8 want[200];
	size_t size = 0;
	const u8 *w;
	u8 *p;

	expect_eq(layout_plan(&bzimage, &stub, &options, &layout), 0);
	p = image_new(&layout);
	w = p + PAGE + 0x2360;
	expect_eq(get_le16(p + 44), 4);
	expect_load(p + PHDRS + 64, PAGE + 0x2360, BZ_STUB, BZ_CMDLINE + 6 - BZ_STUB,
		    BZ_END - BZ_STUB);
	expect_load(p + PHDRS + 96, PAGE + 0x2360 + BZ_CMDLINE + 16 - BZ_STUB, BZ_END,
		    6, PAGE);
	expect_eq(get_le32(w + STUB_CMDLINE), BZ_CMDLINE);
	expect_eq(get_le32(w + STUB_CMDLINE_SIZE), 6);
	expect_string((char *)w + BZ_CMDLINE - BZ_STUB, "quiet");
	expect_eq(get_le32(w + STUB_INITRD), BZ_END);
	expect_eq(get_le32(w + STUB_INITRD_SIZE), 6);
	expect_bytes(w + BZ_CMDLINE + 16 - BZ_STUB, "initrd", 6);
	expect_eq(get_le32(w + STUB_KERNEL_END), BZ_END + PAGE);
	size += note_put(want, 200, "Xen", 18, "\0\x10\x60\1", 4);
	size += note_put(want + size, 100, "ELFBoot", 1, "Linux", 6);
	size += note_put(want + size, 100, "ELFBoot", 2, "6.1.0-bz", 9);
	size += note_put(want + size, 100, "Linux", 0x201, w + STUB_CMDLINE,
			 8);
	size += note_put(want + size, 100, "Linux", 0x202, w + STUB_INITRD, 8);
	size += note_put(want + size, 100, "ELFBoot", 3, "\0", 2);
	expect_bytes(p + PHDRS + 128, want, size);
	expect_eq(get_le32(p + PHDRS + 4), PHDRS + 128);
	expect_eq(get_le32(p + PHDRS + 16), size);
	ktap_done("compose into bzImage");
	free(p);
	free((void *)stub.data);
}

/* A version as long as any (__NEW_UTS_LEN) leaves room for every note. */
static void test_all_notes(void)
{
	static const u8 version[64] = "v";
	const struct options options = {
		.checksum = true, .cmdline = "x", .nr_initrds = 1,
		.initrd = { { version, 1 } },
	};
	struct bytes stub = stub_new(0x1000);
	struct kernel kernel = bzimage;
	static struct layout layout;

	kernel.version = (struct bytes){ version, 64 };
	expect_eq(layout_plan(&kernel, &stub, &options, &layout), 0);
	ktap_done("all notes, the longest version");
	free((void *)stub.data);
}

/* What does not fit; a byte less does. */
static void test_limits(void)
{
	static const struct {
		const char *name;
		u32 cmdline_max, cmdline, initrd_max, initrd;
		const char *want;
	} limits[] = {
		{ "cmdline_size", 255, 255, 0x7fffffff, 0, NULL },
		{ "cmdline_size and 1", 255, 256, 0x7fffffff, 0,
		  "the command line has 256 characters, more than cmdline_size, 255" },
		{ "2047 characters", 65536, 2047, 0x7fffffff, 0, NULL },
		{ "2048 characters", 65536, 2048, 0x7fffffff, 0,
		  "the command line has 2048 characters, more than cmdline_size, 2047" },
		{ "cmdline_size 0", 0, 1, 0x7fffffff, 0, "the command line" },
		{ "initrd_addr_max", 2047, 0, BZ_END + 4, 5, NULL },
		{ "initrd_addr_max and 1", 2047, 0, BZ_END + 3, 5,
		  "the initrd's last byte would be at 0x1613004, above initrd_addr_max, 0x1613003"
		},
		{ "initrd_addr_max 0", 2047, 0, 0, 1, "the initrd's" },
	};
	static u8 initrd[8];
	char text[3000];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		struct bytes stub = stub_new(STUB_SIZE_HERE);
		struct kernel kernel = bzimage;
		static struct layout layout;
		struct options options = {
			.cmdline = limits[i].cmdline ? text : NULL,
			.nr_initrds = !!limits[i].initrd,
			.initrd = { { initrd, limits[i].initrd } },
		};

		memset(text, 'x', limits[i].cmdline);
		text[limits[i].cmdline] = '\0';
		kernel.cmdline_max = limits[i].cmdline_max;
		kernel.initrd_max = limits[i].initrd_max;
		last_error[0] = '\0';
		expect_eq(layout_plan(&kernel, &stub, &options, &layout),
			  limits[i].want ? -1 : 0);
		if (limits[i].want)
			last_error[strlen(limits[i].want)] = '\0';
		expect_string(last_error, limits[i].want ? limits[i].want : "");
		ktap_done("limit: %s", limits[i].name);
		free((void *)stub.data);
	}
}

/* The end of everything, for the stub behind the kernel. */
static void test_four_gib(void)
{
	static const struct {
		const char *name;
		u64 end;
		int want;
	} ends[] = {
		{ "up to the last page", 0x100000000 - 0x1000 - 0x12000, 0 },
		{ "up to 4 GiB", 0x100000000 - 0x12000, -1 },
		{ "beyond 4 GiB", 0x100000000, -1 },
	};
	const struct options options = {};
	static struct layout layout;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		struct bytes stub = stub_new(STUB_SIZE_HERE);
		struct kernel kernel = bzimage;

		kernel.start = 0xc0000000;
		kernel.chunk[0].paddr = kernel.start;
		kernel.end = ends[i].end;
		last_error[0] = '\0';
		expect_eq(layout_plan(&kernel, &stub, &options, &layout),
			  ends[i].want);
		expect(!ends[i].want || strstr(last_error, "4 GiB"));
		ktap_done("memory: %s", ends[i].name);
		free((void *)stub.data);
	}
}

/* Where a stub of before has code, nothing may be filled in. */
static void test_old_stub(void)
{
	struct options options = {};
	static struct layout layout;
	struct kernel kernel;
	unsigned int at;

	kernel_new(&kernel);
	for (at = STUB_SETUP; at < STUB_BSS; at++) {
		u8 *byte = (u8 *)kernel.stub.data + at;

		*byte = 0x90;
		options.cmdline = NULL;
		expect_eq(layout_plan(&kernel, &no_stub, &options, &layout),
			  0);
		options.cmdline = "x";
		expect_eq(layout_plan(&kernel, &no_stub, &options, &layout),
			  -1);
		expect(strstr(last_error, "too old"));
		*byte = 0;
	}
	ktap_done("compose: the stub is too old");

	/* One that knows no KASLR has code there: nobody touches that. */
	for (at = STUB_BSS; at < STUB_HEADER_SIZE; at++) {
		u8 *byte = (u8 *)kernel.stub.data + at;

		*byte = 0x90;
		options.cmdline = "x";
		expect_eq(layout_plan(&kernel, &no_stub, &options, &layout),
			  0);
		expect_eq(layout.words[at], 0x90);
		*byte = 0;
	}
	ktap_done("compose: the stub knows no KASLR");
	kernel_free(&kernel);
}

/* It would be in what is composed, and that no rule forbids. */
static void test_scratch(void)
{
	static const struct {
		uint32_t at;
		int want;
	} places[] = {
		{ KERNEL_SCRATCH, 0 },
		{ KERNEL_SCRATCH + 1, -1 },
		{ KERNEL_END, -1 },
		{ KERNEL_START - 1, -1 },
		{ 0xffffffff, -1 },
	};
	struct options options = { .cmdline = "x" };
	static struct layout layout;
	struct kernel kernel;
	unsigned int i;

	kernel_new(&kernel);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		put_le32((u8 *)kernel.stub.data + STUB_SCRATCH, places[i].at);
		expect_eq(layout_plan(&kernel, &no_stub, &options, &layout),
			  places[i].want);
		expect(!places[i].want || strstr(last_error, "memory"));
	}
	ktap_done("compose: scratch memory outside the kernel");
	kernel_free(&kernel);
}

int main(void)
{
	test_bytes();
	test_version();
	test_segments();
	test_many_segments();
	test_verified();
	fill();
	test_bzimage();
	test_bzimage_sizes();
	test_stub();
	test_compose_vmlinux();
	test_compose_bzimage();
	test_all_notes();
	test_limits();
	test_four_gib();
	test_old_stub();
	test_scratch();
	return ktap_status();
}
