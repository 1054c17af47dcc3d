// SPDX-License-Identifier: GPL-2.0
/*
 * The plan of an image (tools/layout.c): its bytes, at the offsets of the ELF
 * specification, of Multiboot 0.6.96, section 3.1, and of Multiboot2 2.0,
 * section 3.1. Rules are those of Documentation/elf-boot.txt, "File layout".
 */
#include "image.h"

#define PAGE	0x1000

static const struct {
	const char *name;
	struct options options;
} writes[] = {
	{ "all", { .multiboot = true, .checksum = true } },
	{ "no multiboot headers", { .multiboot = false, .checksum = true } },
	{ "no checksum", { .multiboot = true, .checksum = false } },
	{ "neither", { .multiboot = false, .checksum = false } },
};

static void expect_headers(const u8 *p, u32 notes)
{
	static const u8 ident[16] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	const u8 *note = p + 52, *load = p + 84;

	expect_bytes(p, ident, sizeof(ident));
	expect_eq(get_le16(p + 16), 2);			/* ET_EXEC */
	expect_eq(get_le16(p + 18), 3);			/* EM_386 */
	expect_eq(get_le32(p + 20), 1);
	expect_eq(get_le32(p + 24), KERNEL_ENTRY);
	expect_eq(get_le32(p + 28), 52);		/* e_phoff */
	expect_eq(get_le32(p + 32), 0);			/* e_shoff */
	expect_eq(get_le32(p + 36), 0);			/* e_flags */
	expect_eq(get_le16(p + 40), 52);
	expect_eq(get_le16(p + 42), 32);
	expect_eq(get_le16(p + 44), 2);
	expect_eq(get_le16(p + 46), 0);
	expect_eq(get_le32(p + 48), 0);

	expect_eq(get_le32(note), 4);			/* PT_NOTE */
	expect_eq(get_le32(note + 4), 116);
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
	expect_bytes(p + 116, want, size);
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

static void expect_zero(const u8 *p, size_t from, size_t to)
{
	for (; from < to; from++)
		if (!expect_eq(p[from], 0))
			return;
}

static void test_bytes(void)
{
	static struct layout layout;
	struct kernel kernel;
	size_t i;

	kernel_new(&kernel);
	for (i = 0; i < ARRAY_SIZE(writes); i++) {
		const u8 *contents = kernel.elf.file.data;
		size_t notes;
		u8 *p;

		memset(&layout, 0xa5, sizeof(layout));
		expect_eq(layout_plan(&kernel, &writes[i].options, &layout), 0);
		expect_eq(layout.size, PAGE + (KERNEL_DATA - KERNEL_START) +
			  DATA_SIZE);
		p = image_new(&layout);
		notes = expect_notes(p, writes[i].options.checksum);
		expect_headers(p, notes);
		expect(116 + notes <= 512);
		expect_zero(p, 116 + notes, 0x210);
		if (writes[i].options.multiboot) {
			expect_eq(get_le32(p + 0x210), 0x1badb002);
			expect_eq(get_le32(p + 0x214), 3);
			expect_eq(get_le32(p + 0x218),
				  (u32)-(0x1badb002 + 3));
			expect_zero(p, 0x21c, 0x220);
			expect_multiboot2(p + 0x220);
			expect_zero(p, 0x220 + 120, PAGE);
		} else {
			expect_zero(p, 0x210, PAGE);
		}
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
	char version[600];
	size_t longest = 0;
	size_t len;

	kernel_new(&kernel);
	kernel.version = version;
	for (len = 0; len < sizeof(version); len++) {
		memset(version, 'v', len);
		version[len] = '\0';
		if (layout_plan(&kernel, &options, &layout))
			expect(!strncmp(last_error, "rule 2:", 7));
		else
			longest = len;
		/* Xen 20, name 28, version 20 and itself, checksum 24. */
		expect_eq(longest == len, 116 + 20 + 28 +
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
		size_t offset = 0;

		kernel_new(&kernel);
		kernel.elf.nr_phdrs = cases[i].nr;
		for (k = 0; k < cases[i].nr; k++) {
			struct phdr *phdr = &kernel.elf.phdr[k];
			u32 paddr = cases[i].load[k].paddr;

			*phdr = (struct phdr){
				.type = PT_LOAD, .offset = offset,
				.paddr = paddr,
				.filesz = cases[i].load[k].filesz,
				.memsz = cases[i].load[k].memsz,
			};
			offset += phdr->filesz;
			if (paddr < start)
				start = paddr;
			if (phdr->filesz && paddr + phdr->filesz > file_end)
				file_end = paddr + phdr->filesz;
			if (paddr + phdr->memsz > end)
				end = paddr + phdr->memsz;
		}
		kernel.start = start;
		kernel.file_end = file_end;
		kernel.end = end;
		expect_eq(layout_plan(&kernel, &options, &layout),
			  cases[i].want);
		if (!cases[i].want) {
			u8 *p = image_new(&layout);

			expect_eq(layout.size, PAGE + file_end - start);
			for (k = 0; k < cases[i].nr; k++)
				expect_bytes(p + PAGE +
					     cases[i].load[k].paddr - start,
					     kernel.elf.file.data +
					     kernel.elf.phdr[k].offset,
					     cases[i].load[k].filesz);
			for (k = 1; k < layout.nr_pieces; k++)
				expect(layout.piece[k].offset >=
				       layout.piece[k - 1].offset +
				       layout.piece[k - 1].bytes.size);
			free(p);
		}
		ktap_done("segments: %s", cases[i].name);
		kernel_free(&kernel);
	}
}

static void test_many_segments(void)
{
	static const unsigned int counts[] = {
		PIECES_MAX - 1, PIECES_MAX, PHDRS_MAX
	};
	const struct options options = { .multiboot = true };
	static struct layout layout;
	struct kernel kernel;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		kernel_new(&kernel);
		kernel.elf.nr_phdrs = counts[i];
		for (k = 0; k < counts[i]; k++)
			kernel.elf.phdr[k] = (struct phdr){
				.type = PT_LOAD, .offset = k * 16,
				.paddr = KERNEL_START + k * PAGE,
				.filesz = 16, .memsz = PAGE,
			};
		kernel.file_end = KERNEL_START + (counts[i] - 1) * PAGE + 16;
		kernel.end = KERNEL_START + counts[i] * PAGE;
		expect_eq(layout_plan(&kernel, &options, &layout),
			  counts[i] < PIECES_MAX ? 0 : -1);
		expect(layout.nr_pieces <= PIECES_MAX);
		ktap_done("segments: %u", counts[i]);
		kernel_free(&kernel);
	}
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
		expect_eq(layout_plan(&kernel, &writes[i].options, &layout), 0);
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

int main(void)
{
	test_bytes();
	test_version();
	test_segments();
	test_many_segments();
	test_verified();
	return ktap_status();
}
