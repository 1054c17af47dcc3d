// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of an image (tools/verify.c): a good one, and ones in which a
 * word or two differ. Documentation/elf-boot.txt has the rules' numbers.
 */
#include "image.h"

#define NOTE		PHDRS		/* program headers */
#define LOAD		(PHDRS + 32)
#define MULTIBOOT	0x210
#define MULTIBOOT2	0x220
#define MULTIBOOT2_SIZE	120
#define TAGS		(MULTIBOOT2 + 16)
#define STUB		(0x1000 + KERNEL_STUB - KERNEL_START)

#define IMAGE_SIZE	(0x1000 + KERNEL_DATA - KERNEL_START + DATA_SIZE)
#define LAST_16		((IMAGE_SIZE - 16) & ~7)

/* Offsets in a program header. */
#define TYPE		0
#define OFFSET		4
#define VADDR		8
#define PADDR		12
#define FILESZ		16
#define MEMSZ		20
#define FLAGS		24
#define ALIGN		28

#define CHANGES_MAX	8

/* The sum that makes a header of these fields one. */
#define MAGIC2		0xe85250d6U
#define SUM2(arch, size)	(-(MAGIC2 + (arch) + (size)))

static const struct {
	const char *name;
	const char *want;		/* how the message begins; NULL: good */
	struct {
		size_t at;
		int size;
		u32 value;
	} change[CHANGES_MAX];
} cases[] = {
	{ "nothing", NULL, {} },
	{ "no magic number", "not an ELF file", { { 0, 1, 0x7e } } },
	{ "big-endian", "not a little-endian", { { 5, 1, 2 } } },
	{ "class 3", "not a little-endian", { { 4, 1, 3 } } },
	{ "program headers of 31 bytes", "program headers of a wrong size",
	  { { 42, 2, 31 } } },
	{ "no program header", "0 program headers", { { 44, 2, 0 } } },
	{ "65535 program headers", "65535 program headers",
	  { { 44, 2, 0xffff } } },
	{ "e_phoff ~0", "truncated", { { 28, 4, ~0U } } },
	{ "p_offset ~0", "truncated", { { LOAD + OFFSET, 4, ~0U } } },
	{ "p_filesz ~0", "truncated", { { LOAD + FILESZ, 4, ~0U } } },

	{ "machine", "rule 1:", { { 18, 2, EM_X86_64 } } },
	{ "EI_VERSION", "rule 1:", { { 6, 1, 0 } } },
	{ "e_version", "rule 1:", { { 20, 4, 2 } } },
	{ "type", "rule 1:", { { 16, 2, ET_DYN } } },
	{ "e_flags", "rule 1:", { { 36, 4, 0x10000 } } },
	{ "e_ehsize", "rule 1:", { { 40, 2, 64 } } },
	/* zeroes there: a table, but of nothing */
	{ "e_phoff", "rule 1:", { { 28, 4, 0x300 } } },
	{ "e_phoff 52, but a section header", "rule 1:", { { 28, 4, 52 } } },
	{ "notes up to byte 512", "rule 6:",
	  { { NOTE + FILESZ, 4, 512 - NOTES } } },
	{ "notes behind byte 512", "rule 2:",
	  { { NOTE + FILESZ, 4, 513 - NOTES } } },
	{ "HdrS", "rule 3:", { { 0x202, 4, 0x53726448 } } },
	{ "p_vaddr", "rule 4:", { { LOAD + VADDR, 4, 0xc1000000 } } },
	{ "p_vaddr of the note", "rule 4:", { { NOTE + VADDR, 4, 0 } } },
	{ "address 0", "rule 4:",
	  { { NOTE + VADDR, 4, 0 }, { NOTE + PADDR, 4, 0 } } },
	{ "no PT_NOTE", "rule 5:", { { NOTE + TYPE, 4, PT_LOAD } } },
	{ "PT_PHDR", "rule 5:", { { LOAD + TYPE, 4, PT_PHDR } } },
	{ "p_memsz 0", "rule 5:", { { LOAD + MEMSZ, 4, 0 } } },
	{ "p_memsz less than p_filesz", "rule 5:",
	  { { LOAD + MEMSZ, 4, DATA_SIZE } } },
	{ "p_flags 0", "rule 5:", { { LOAD + FLAGS, 4, 0 } } },
	{ "a byte above 4 GiB", "rule 5: a PT_LOAD ends above",
	  { { LOAD + MEMSZ, 4, -KERNEL_START + 1 } } },
	{ "up to 4 GiB", NULL, { { LOAD + MEMSZ, 4, -KERNEL_START } } },
	{ "p_align of the note 0", "rule 6:", { { NOTE + ALIGN, 4, 0 } } },
	{ "p_align of the note 8", "rule 6:", { { NOTE + ALIGN, 4, 8 } } },
	{ "p_offset of the note 0", "rule 6:", { { NOTE + OFFSET, 4, 0 } } },
	{ "two PT_NOTEs", "rule 6:",
	  { { LOAD + TYPE, 4, PT_NOTE }, { LOAD + OFFSET, 4, 400 },
	    { LOAD + FILESZ, 4, 4 } } },
	{ "note inside the PT_LOAD", "rule 6:",
	  { { LOAD + OFFSET, 4, 0x40 } } },
	{ "first note: name", "rule 6:", { { NOTES + 12, 1, 'x' } } },
	{ "first note: type", "rule 6:", { { NOTES + 8, 4, 19 } } },
	{ "first note: size", "rule 6:", { { NOTES + 4, 4, 8 } } },
	{ "first note: a name without its NUL", "rule 6:",
	  { { NOTES, 4, 3 } } },
	{ "a second note of Xen's", "rule 6: there is a note of Xen's",
	  { { NOTES + 20, 4, 4 }, { NOTES + 24, 4, 12 },
	    { NOTES + 28, 4, 18 }, { NOTES + 32, 4, 0x006e6558 } } },
	{ "a note of Xen's of another type", "rule 6: there is a note of Xen's",
	  { { NOTES + 20, 4, 4 }, { NOTES + 24, 4, 12 },
	    { NOTES + 28, 4, 5 }, { NOTES + 32, 4, 0x006e6558 } } },
	{ "a note that is too long", "rule 6:",
	  { { NOTES + 20 + 4, 4, ~0U } } },
	/* behind Xen's a header that promises a name, and then nothing */
	{ "notes end with a header", "rule 6:",
	  { { NOTE + FILESZ, 4, 20 + 12 } } },
	{ "notes end in a header", "rule 6:",
	  { { NOTE + FILESZ, 4, 20 + 11 } } },
	{ "below 1 MiB", "rule 7:",
	  { { LOAD + VADDR, 4, 0xff000 }, { LOAD + PADDR, 4, 0xff000 } } },
	{ "note below 1 MiB", "rule 7:",
	  { { NOTE + VADDR, 4, 0xfffff }, { NOTE + PADDR, 4, 0xfffff } } },
	{ "not page-aligned", "rule 8:",
	  { { LOAD + VADDR, 4, KERNEL_START + 4 },
	    { LOAD + PADDR, 4, KERNEL_START + 4 } } },
	{ "magic number of the stub", "rule 10:",
	  { { STUB + STUB_MAGIC_AT, 4, 0 } } },
	{ "Xen's note leads elsewhere", "rule 10:",
	  { { NOTES + 16, 4, KERNEL_STUB + 4 } } },
	{ "Xen's note leads to ~0", "rule 10:", { { NOTES + 16, 4, ~0U } } },
	{ "Xen's note leads to 0", "rule 10:", { { NOTES + 16, 4, 0 } } },
	{ "kernel not covered", "rule 10:",
	  { { STUB + STUB_KERNEL_END, 4, KERNEL_END + 1 } } },
	{ "kernel not covered, below", "rule 10:",
	  { { STUB + STUB_KERNEL_START, 4, KERNEL_START - 1 } } },
	{ "scratch memory not covered", "rule 10:",
	  { { STUB + STUB_SCRATCH, 4, KERNEL_SCRATCH + 1 } } },
	{ "scratch memory not covered, below", "rule 10:",
	  { { STUB + STUB_SCRATCH, 4, KERNEL_START - 1 } } },
	{ "scratch memory at ~0", "rule 10:",
	  { { STUB + STUB_SCRATCH, 4, ~0U } } },
	{ "p_memsz short of them", "rule 10:",
	  { { LOAD + MEMSZ, 4, KERNEL_END - KERNEL_START - 1 } } },
	{ "entry before", "rule 14:", { { 24, 4, KERNEL_START - 1 } } },
	{ "entry behind", "rule 14:",
	  { { 24, 4, KERNEL_DATA + DATA_SIZE } } },
	{ "entry not executable", "rule 14:",
	  { { LOAD + FLAGS, 4, PF_R | PF_W } } },
	{ "multiboot flags", "rule 15:",
	  { { MULTIBOOT + 4, 4, 7 },
	    { MULTIBOOT + 8, 4, -(0x1badb002U + 7) } } },
	{ "multiboot header, wrong sum", NULL,
	  { { MULTIBOOT + 8, 4, 0 } } },
	{ "multiboot header at 8144", "rule 15:",
	  { { MULTIBOOT, 4, 0 }, { 8144, 4, 0x1badb002 }, { 8148, 4, 3 },
	    { 8152, 4, -(0x1badb002U + 3) } } },
	{ "multiboot header at 8140", NULL,
	  { { MULTIBOOT, 4, 0 }, { 8140, 4, 0x1badb002 }, { 8144, 4, 3 },
	    { 8148, 4, -(0x1badb002U + 3) } } },
	{ "multiboot 2: for MIPS", "rule 16: the multiboot 2 header is not for",
	  { { MULTIBOOT2 + 4, 4, 4 },
	    { MULTIBOOT2 + 12, 4, SUM2(4, MULTIBOOT2_SIZE) } } },
	{ "multiboot 2: for MIPS, wrong sum", NULL,
	  { { MULTIBOOT2 + 4, 4, 4 } } },
	{ "multiboot 2: wrong sum", NULL,
	  { { MULTIBOOT2 + 12, 4, 0 } } },
	{ "multiboot 2: of 15 bytes", "rule 16: the multiboot 2 header is not in",
	  { { MULTIBOOT2 + 8, 4, 15 }, { MULTIBOOT2 + 12, 4, SUM2(0, 15) } } },
	{ "multiboot 2: of 0 bytes", "rule 16: the multiboot 2 header is not in",
	  { { MULTIBOOT2 + 8, 4, 0 }, { MULTIBOOT2 + 12, 4, SUM2(0, 0) } } },
	{ "multiboot 2: of ~0 bytes", "rule 16: the multiboot 2 header is not in",
	  { { MULTIBOOT2 + 8, 4, ~0U }, { MULTIBOOT2 + 12, 4, SUM2(0, ~0U) } } },
	{ "multiboot 2: up to the end of the file", NULL,
	  { { MULTIBOOT2 + 8, 4, IMAGE_SIZE - MULTIBOOT2 },
	    { MULTIBOOT2 + 12, 4, SUM2(0, IMAGE_SIZE - MULTIBOOT2) } } },
	{ "multiboot 2: a byte beyond the file",
	  "rule 16: the multiboot 2 header is not in",
	  { { MULTIBOOT2 + 8, 4, IMAGE_SIZE - MULTIBOOT2 + 1 },
	    { MULTIBOOT2 + 12, 4, SUM2(0, IMAGE_SIZE - MULTIBOOT2 + 1) } } },
	{ "multiboot 2: without a tag", "rule 16: the multiboot 2 tags have no",
	  { { MULTIBOOT2 + 8, 4, 16 }, { MULTIBOOT2 + 12, 4, SUM2(0, 16) } } },
	{ "multiboot 2: without its last tag",
	  "rule 16: the multiboot 2 tags have no",
	  { { MULTIBOOT2 + 8, 4, 112 },
	    { MULTIBOOT2 + 12, 4, SUM2(0, 112) } } },
	{ "multiboot 2: with half its last tag",
	  "rule 16: the multiboot 2 tags have no",
	  { { MULTIBOOT2 + 8, 4, 119 },
	    { MULTIBOOT2 + 12, 4, SUM2(0, 119) } } },
	{ "multiboot 2: ends in a tag's padding",
	  "rule 16: the multiboot 2 tags have no",
	  { { MULTIBOOT2 + 8, 4, 62 }, { MULTIBOOT2 + 12, 4, SUM2(0, 62) } } },
	{ "multiboot 2: a tag of 0 bytes", "rule 16: a multiboot 2 tag runs",
	  { { TAGS + 4, 4, 0 } } },
	{ "multiboot 2: a tag of 7 bytes", "rule 16: a multiboot 2 tag runs",
	  { { TAGS + 4, 4, 7 } } },
	{ "multiboot 2: a tag of ~0 bytes", "rule 16: a multiboot 2 tag runs",
	  { { TAGS + 4, 4, ~0U } } },
	{ "multiboot 2: a tag up to the end",
	  "rule 16: the multiboot 2 tags have no",
	  { { TAGS + 4, 4, MULTIBOOT2_SIZE - 16 } } },
	{ "multiboot 2: a tag a byte beyond", "rule 16: a multiboot 2 tag runs",
	  { { TAGS + 4, 4, MULTIBOOT2_SIZE - 15 } } },
	{ "multiboot 2: the last tag a byte beyond",
	  "rule 16: a multiboot 2 tag runs",
	  { { MULTIBOOT2 + 116, 4, 9 } } },
	{ "multiboot 2: the last tag of 0 bytes",
	  "rule 16: a multiboot 2 tag runs",
	  { { MULTIBOOT2 + 116, 4, 0 } } },
	{ "multiboot 2: a request that is compulsory",
	  "rule 16: a multiboot 2 tag that", { { TAGS + 2, 2, 0 } } },
	{ "multiboot 2: addresses", "rule 16: a multiboot 2 tag that",
	  { { TAGS, 2, 2 } } },
	{ "multiboot 2: entry", "rule 16: a multiboot 2 tag that",
	  { { TAGS, 2, 3 } } },
	{ "multiboot 2: EFI boot services", "rule 16: a multiboot 2 tag that",
	  { { TAGS, 2, 7 } } },
	{ "multiboot 2: EFI entry", "rule 16: a multiboot 2 tag that",
	  { { TAGS, 2, 9 } } },
	{ "multiboot 2: relocatable", "rule 16: a multiboot 2 tag says of where",
	  { { TAGS, 2, 10 } } },
	{ "multiboot 2: a type of 16 bits", "rule 16: a multiboot 2 tag that",
	  { { TAGS, 2, 0x101 } } },
	{ "multiboot 2: the last tag is another",
	  "rule 16: a multiboot 2 tag that",
	  { { MULTIBOOT2 + 112, 2, 11 } } },
	{ "multiboot 2: a screen, a console, aligned modules, all compulsory",
	  NULL,
	  { { TAGS + 48 + 2, 2, 0 }, { TAGS + 64 + 2, 2, 0 },
	    { TAGS + 88 + 2, 2, 0 } } },
	{ "multiboot 2: nothing but an end", NULL,
	  { { TAGS, 4, 0 }, { TAGS + 4, 4, 8 } } },
	{ "multiboot 2: another header first",
	  "rule 16: the multiboot 2 tags have no",
	  { { 0x200, 4, MAGIC2 }, { 0x208, 4, 16 },
	    { 0x20c, 4, SUM2(0, 16) } } },
	/* two bad headers, had they been at a multiple of 8 */
	{ "multiboot 2: 4 bytes off", NULL,
	  { { MULTIBOOT2, 4, 0 }, { 0x304, 4, MAGIC2 }, { 0x30c, 4, 16 },
	    { 0x310, 4, SUM2(0, 16) } } },
	{ "multiboot 2: 1 byte off", NULL,
	  { { MULTIBOOT2, 4, 0 }, { 0x301, 4, MAGIC2 }, { 0x309, 4, 16 },
	    { 0x30d, 4, SUM2(0, 16) } } },
	{ "multiboot 2: in the file's last bytes",
	  "rule 16: the multiboot 2 tags have no",
	  { { MULTIBOOT2, 4, 0 }, { LAST_16, 4, MAGIC2 }, { LAST_16 + 4, 4, 0 },
	    { LAST_16 + 8, 4, 16 }, { LAST_16 + 12, 4, SUM2(0, 16) } } },
	{ "e_shoff", "rule 18:", { { 32, 4, 0x1000 } } },
	{ "e_shoff 0", "rule 18:", { { 32, 4, 0 } } },
	{ "e_shentsize", "rule 18:", { { 46, 2, 64 } } },
	{ "e_shnum 0", "rule 18:", { { 48, 2, 0 } } },
	{ "e_shnum 2", "rule 18:", { { 48, 2, 2 } } },
	{ "e_shstrndx", "rule 18:", { { 50, 2, 1 } } },
	{ "a section with a type", "rule 18:", { { SECTION + 4, 4, 1 } } },
	{ "a section with a size", "rule 18:", { { SECTION + 20, 4, 1 } } },
	{ "its last byte", "rule 18:", { { SECTION + 39, 1, 1 } } },
	{ "behind it", NULL, { { SECTION + 40, 1, 1 } } },
	{ "a byte of an ELF64 header", "rule 18:", { { 63, 1, 1 } } },
	{ "a bit of the kernel", "rule 19:", { { 0x1800, 1, 0 } } },
	{ "the last byte", "rule 19:",
	  { { 0x1000 + KERNEL_DATA - KERNEL_START + DATA_SIZE - 1, 1, 0 } } },
	{ "size of the checksum note", "rule 19:",
	  { { NOTES + 20 + 28 + 32 + 4, 4, 4 } } },
};

static u8 *good_image(size_t *size, bool elf64)
{
	const struct options options = {
		.multiboot = true, .checksum = true, .elf64 = elf64
	};
	const struct bytes stub = {};
	static struct layout layout;
	struct kernel kernel;
	struct bytes file;
	struct elf elf;
	u8 *p;

	kernel_new(&kernel);
	expect_eq(layout_plan(&kernel, &stub, &options, &layout), 0);
	p = image_new(&layout);
	expect_eq(layout.size, IMAGE_SIZE);
	file = (struct bytes){ p, layout.size };
	expect_eq(elf_read(&file, &elf), 0);
	put_le16(p + NOTES + 20 + 28 + 32 + 20, checksum_elf(&elf));
	kernel_free(&kernel);
	*size = layout.size;
	return p;
}

/* The case's complaint is the checker's first: rules have an order. */
static void test_cases(const u8 *good, size_t size)
{
	u8 *p = allocate(size);
	struct bytes file = { p, size };
	size_t i, k;
	int byte;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memcpy(p, good, size);
		for (k = 0; k < CHANGES_MAX; k++)
			for (byte = 0; byte < cases[i].change[k].size; byte++)
				p[cases[i].change[k].at + byte] =
					cases[i].change[k].value >> 8 * byte;
		last_error[0] = '\0';
		if (!cases[i].want && i) {
			/* A change that is allowed spoils the sum alone. */
			verify_image(&file);
			expect(!last_error[0] ||
			       !strncmp(last_error, "rule 19:", 8));
		} else if (cases[i].want) {
			expect_eq(verify_image(&file), -1);
			last_error[strlen(cases[i].want)] = '\0';
			expect_string(last_error, cases[i].want);
		} else {
			expect_eq(verify_image(&file), 0);
			expect_string(last_error, "");
		}
		ktap_done("change: %s", cases[i].name);
	}
	free(p);
}

/* The same file read as ELF64: linux-loader's view. */
static const struct {
	const char *name;
	const char *want;
	size_t at;
	int size;
	u32 value;
} readings[] = {
	{ "nothing", NULL, 0, 1, 0x7f },
	{ "e_ehsize", "rule 18: bytes 52 to 63", 52, 2, 52 },
	{ "e_phentsize", "rule 18: bytes 52 to 63", 54, 2, 32 },
	{ "e_phnum, one less", "rule 18: bytes 52 to 63", 56, 2, 2 },
	{ "e_phnum, one more", "rule 18: bytes 52 to 63", 56, 2, 4 },
	{ "e_shentsize", "rule 18: bytes 52 to 63", 58, 2, 40 },
	{ "e_shnum", "rule 18: bytes 52 to 63", 60, 2, 1 },
	{ "e_shstrndx", "rule 18: bytes 52 to 63", 62, 2, 1 },
	{ "its last byte", "rule 18: bytes 52 to 63", 63, 1, 1 },
	{ "no PT_NULL", "rule 18: the section header", SECTION, 4, 1 },
	{ "the end of PT_NULL", "rule 18: the ELF64 program headers",
	  SECTION + 55, 1, 1 },
	{ "type of the PT_NOTE", "rule 18: the ELF64", SECTION + 56, 4, 1 },
	{ "p_offset of the PT_NOTE", "rule 18: the ELF64", SECTION + 56 + 8,
	  4, NOTES + 4 },
	{ "type of the PT_LOAD", "rule 18: the ELF64", SECTION + 112, 4, 0 },
	{ "p_flags of the PT_LOAD", "rule 18: the ELF64", SECTION + 112 + 4,
	  4, 5 },
	{ "p_offset of the PT_LOAD", "rule 18: the ELF64",
	  SECTION + 112 + 8, 4, 0x1001 },
	{ "p_offset, above 4 GiB", "rule 18: the ELF64",
	  SECTION + 112 + 12, 4, 1 },
	{ "p_vaddr", "rule 18: the ELF64", SECTION + 112 + 16, 4, 0 },
	{ "p_paddr", "rule 18: the ELF64", SECTION + 112 + 24, 4, 0x200000 },
	{ "p_filesz", "rule 18: the ELF64", SECTION + 112 + 32, 4, 1 },
	{ "p_memsz", "rule 18: the ELF64", SECTION + 112 + 40, 4, 1 },
	{ "p_align", "rule 18: the ELF64", SECTION + 112 + 48, 4, 0x1000 },
	{ "the last byte of p_align", "rule 18: the ELF64",
	  SECTION + 112 + 55, 1, 1 },
	{ "behind the last", "", SECTION + 168, 4, 1 },
	{ "p_filesz of the ELF32 one alone", "rule 18: the ELF64",
	  LOAD + FILESZ, 4, 0x4000 },
};

static void test_elf64(void)
{
	size_t size, i;
	u8 *good = good_image(&size, true);
	u8 *p = allocate(size);
	struct bytes file = { p, size };

	for (i = 0; i < ARRAY_SIZE(readings); i++) {
		const char *want = readings[i].want ? readings[i].want : "";
		int byte;

		memcpy(p, good, size);
		for (byte = 0; byte < readings[i].size; byte++)
			p[readings[i].at + byte] =
				readings[i].value >> 8 * byte;
		last_error[0] = '\0';
		expect_eq(verify_image(&file), *want ? -1 : 0);
		last_error[strlen(want)] = '\0';
		expect_string(last_error, want);
		ktap_done("ELF64: %s", readings[i].name);
	}
	free(good);
	free(p);
}

/* A file that ends with the page of headers, or a byte before. */
static void test_short(void)
{
	size_t size, i;
	u8 *p = good_image(&size, true);

	put_le32(p + LOAD + OFFSET, SECTION);
	put_le32(p + LOAD + FILESZ, 4);
	for (i = 0; i < 2; i++) {
		size_t length = 0x1000 - i;
		u8 *copy = allocate(length);
		struct bytes file = { copy, length };

		memcpy(copy, p, length);
		expect_eq(verify_image(&file), -1);
		expect_eq(!strcmp(last_error,
				  "rule 18: there is no page of headers"), i);
		free(copy);
	}
	ktap_done("a page of headers, and a byte less");
	free(p);
}

/* What mkelfImage 3.0 wrote: read, but named by who checks it. */
static void test_layout_3_0(void)
{
	size_t size;
	u8 *p = good_image(&size, true);
	struct bytes file = { p, size };
	struct elf elf;

	memset(p + 52, 0, 12);
	memmove(p + 52, p + PHDRS, 2 * 32 + 104);
	memset(p + SECTION, 0, 3 * 56);
	put_le32(p + 28, 52);
	put_le32(p + 32, 0);
	put_le32(p + 46, 0);
	put_le32(p + 52 + OFFSET, 52 + 2 * 32);
	expect_eq(elf_read(&file, &elf), 0);
	put_le16(p + 52 + 2 * 32 + 20 + 28 + 32 + 20, checksum_elf(&elf));
	last_error[0] = '\0';
	expect_eq(verify_any_layout(&file), 0);
	expect_string(last_error, "");
	expect_eq(verify_image(&file), -1);
	expect(!strncmp(last_error,
			"rule 18: it has the layout of mkelfImage 3.0", 44));
	/* Nothing between the two: a section header, but nowhere to put it. */
	put_le32(p + 32, SECTION);
	expect_eq(verify_any_layout(&file), -1);
	expect(!strncmp(last_error, "rule 1:", 7));
	put_le32(p + 32, 0);
	put_le16(p + 48, 1);
	expect_eq(verify_any_layout(&file), -1);
	expect(!strncmp(last_error, "rule 1:", 7));
	put_le16(p + 48, 0);
	/* And what else is wrong with it is said first. */
	put_le16(p + 18, EM_X86_64);
	expect_eq(verify_image(&file), -1);
	expect_string(last_error, "rule 1: not ELFCLASS32 for EM_386");
	ktap_done("the layout of mkelfImage 3.0");
	free(p);
}

/* Two PT_LOADs, the second made of the first one's end. */
static const struct {
	const char *name;
	const char *want;
	u32 offset, paddr, memsz_1;
} seconds[] = {
	{ "a neighbour", "rule 10:", 0x4000, KERNEL_START + 0x3000, 0x3000 },
	{ "a gap of a page", "rule 9:", 0x4000, KERNEL_START + 0x4000,
	  0x3000 },
	{ "in descending order", "rule 5:", 0x4000, KERNEL_START - 0x1000,
	  0x3000 },
	{ "overlapping in memory", "rule 5:", 0x4000, KERNEL_START + 0x3000,
	  0x3001 },
	{ "overlapping in the file", "rule 5:", 0x3fff, KERNEL_START + 0x3000,
	  0x3000 },
};

static void test_two_segments(const u8 *good, size_t size)
{
	u8 *p = allocate(size);
	struct bytes file = { p, size };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(seconds); i++) {
		u8 *load = p + LOAD, *second = load + 32;

		memcpy(p, good, size);
		/* The notes move up; there is room behind them. */
		memmove(p + NOTES + 32, good + NOTES, 104);
		put_le16(p + 44, 3);
		put_le32(p + NOTE + OFFSET, NOTES + 32);
		put_le32(load + FILESZ, 0x3000);
		put_le32(load + MEMSZ, seconds[i].memsz_1);
		memcpy(second, load, 32);
		put_le32(second + OFFSET, seconds[i].offset);
		put_le32(second + VADDR, seconds[i].paddr);
		put_le32(second + PADDR, seconds[i].paddr);
		put_le32(second + FILESZ, 0x1000);
		put_le32(second + MEMSZ, 0x1000);
		last_error[0] = '\0';
		expect_eq(verify_image(&file), -1);
		last_error[strlen(seconds[i].want)] = '\0';
		expect_string(last_error, seconds[i].want);
		ktap_done("two PT_LOADs: %s", seconds[i].name);
	}
	free(p);
}

/*
 * With a command line of 5 characters and an initrd of 16 bytes: three
 * PT_LOADs, their notes behind those of every image.
 */
#define COMPOSED_NOTES	(PHDRS + 4 * 32)
#define CMDLINE_NOTE	(COMPOSED_NOTES + 20 + 28 + 32)
#define INITRD_NOTE	(CMDLINE_NOTE + 28)

static const struct {
	const char *name;
	const char *want;
	size_t at;
	u32 value;
} composed[] = {
	{ "nothing", NULL, 0, 0x464c457f },
	{ "size of the command line's note", "rule 10: a \"Linux\" note",
	  CMDLINE_NOTE + 4, 5 },
	{ "it has the word behind, too", "rule 10: a \"Linux\" note",
	  CMDLINE_NOTE + 4, 7 },
	{ "address in it", "rule 10: a \"Linux\" note", CMDLINE_NOTE + 20, 0 },
	{ "size in it", "rule 10: a \"Linux\" note", CMDLINE_NOTE + 24, 7 },
	{ "another type", "rule 10: the stub has what", CMDLINE_NOTE + 8,
	  0x204 },
	{ "the initrd's type", "rule 10: the stub has what",
	  CMDLINE_NOTE + 8, 0x202 },
	{ "address of the initrd", "rule 10: a \"Linux\" note",
	  INITRD_NOTE + 20, 0 },
	{ "address of the initrd, in the stub", "rule 10: a \"Linux\" note",
	  STUB + STUB_INITRD, 0 },
	{ "the stub's size of it", "rule 10: a \"Linux\" note",
	  STUB + STUB_INITRD_SIZE, 15 },
	{ "contents of the initrd", "rule 10: the command line or",
	  PHDRS + 3 * 32 + FILESZ, 15 },
	{ "contents of the command line", "rule 10: the command line or",
	  PHDRS + 2 * 32 + FILESZ, 5 },
};

static void test_composed(void)
{
	static const u8 initrd[16];
	const struct options options = {
		.cmdline = "quiet", .nr_initrds = 1, .initrd = { { initrd, 16 } },
	};
	const struct bytes stub = {};
	static struct layout layout;
	struct kernel kernel;
	struct bytes file;
	size_t i;

	kernel_new(&kernel);
	for (i = 0; i < ARRAY_SIZE(composed); i++) {
		const char *want = composed[i].want ? composed[i].want : "";
		u8 *p;

		expect_eq(layout_plan(&kernel, &stub, &options, &layout), 0);
		p = image_new(&layout);
		file = (struct bytes){ p, layout.size };
		put_le32(p + composed[i].at, composed[i].value);
		last_error[0] = '\0';
		expect_eq(verify_image(&file), *want ? -1 : 0);
		last_error[strlen(want)] = '\0';
		expect_string(last_error, want);
		ktap_done("composed: %s", composed[i].name);
		free(p);
	}
	kernel_free(&kernel);
}

/* No prefix of an image is one. */
static void test_truncated(const u8 *good, size_t size)
{
	size_t len;

	for (len = 0; len < size; len += len < 0x300 ? 1 : 61) {
		u8 *p = allocate(len);
		struct bytes file = { p, len };

		memcpy(p, good, len);
		expect_eq(verify_image(&file), -1);
		free(p);
	}
	ktap_done("truncated");
}

/* Each byte of the headers, and what the stub says. */
static void test_damaged(const u8 *good, size_t size)
{
	static const u8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	u8 *p = allocate(size);
	struct bytes file = { p, size };
	size_t at, k;

	memcpy(p, good, size);
	for (at = 0; at < STUB + STUB_HEADER_SIZE; at++) {
		if (at == MULTIBOOT2 + MULTIBOOT2_SIZE)
			at = STUB;
		for (k = 0; k < sizeof(values); k++) {
			p[at] = values[k];
			if (p[at] != good[at] && at < NOTES)
				expect_eq(verify_image(&file), -1);
			else
				verify_image(&file);
		}
		p[at] = good[at];
	}
	ktap_done("damaged");
	free(p);
}

int main(void)
{
	size_t size;
	u8 *good = good_image(&size, false);

	test_cases(good, size);
	test_elf64();
	test_short();
	test_layout_3_0();
	test_two_segments(good, size);
	test_composed();
	test_truncated(good, size);
	test_damaged(good, size);
	free(good);
	return ktap_status();
}
