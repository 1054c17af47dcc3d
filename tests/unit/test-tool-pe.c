// SPDX-License-Identifier: GPL-2.0
/*
 * Reading PE files (tools/pe.c). Offsets are those of Microsoft's "PE Format",
 * written down anew here.
 */
#include "image.h"
#include "tools/pe.h"

#define LFANEW		0x80
#define COFF		(LFANEW + 4)
#define OPTIONAL	(COFF + 20)
#define CONTENTS	0x400		/* of the first section */
#define SECTION_BYTES	0x40
#define SECTIONS	6

struct layout_of {
	u16 magic;
	u16 machine;
	u16 optional_size;
};

static const struct layout_of layouts[] = {
	{ 0x10b, 0x014c, 224 },
	{ 0x20b, 0x8664, 240 },
};

static const char * const names[SECTIONS] = {
	".text", ".linux", ".cmdline", ".profile", ".cmdline", ".12345678"
};

static size_t sections_at(const struct layout_of *layout)
{
	return OPTIONAL + layout->optional_size;
}

/* As many as are said to be there, of 8 bytes. */
static size_t directories_at(const struct layout_of *layout)
{
	return OPTIONAL + layout->optional_size - 16 * 8;
}

/* Each section has 0x40 bytes in the file, and one less in memory. */
static u8 *pe_new(const struct layout_of *layout, size_t *size)
{
	u8 *file, *section;
	size_t i;

	*size = CONTENTS + SECTIONS * SECTION_BYTES;
	file = allocate(*size);
	memcpy(file, "MZ", 2);
	put_le32(file + 0x3c, LFANEW);
	memcpy(file + LFANEW, "PE\0\0", 4);
	put_le16(file + COFF, layout->machine);
	put_le16(file + COFF + 2, SECTIONS);
	put_le16(file + COFF + 16, layout->optional_size);
	put_le16(file + OPTIONAL, layout->magic);
	put_le32(file + OPTIONAL + 16, 0x1234);
	put_le32(file + OPTIONAL + 32, 0x1000);
	put_le32(file + OPTIONAL + 36, 0x200);
	put_le32(file + OPTIONAL + 56, 0x9000);
	put_le32(file + OPTIONAL + 60, CONTENTS);
	put_le32(file + OPTIONAL + 64, 0x12345678);
	put_le32(file + directories_at(layout) - 4, 16);
	put_le32(file + directories_at(layout) + 32, 0x7654321);
	put_le32(file + directories_at(layout) + 36, 0x1230);
	for (i = 0; i < SECTIONS; i++) {
		section = file + sections_at(layout) + i * 40;
		memcpy(section, names[i], strnlen(names[i], 8));
		put_le32(section + 8, SECTION_BYTES - 1);
		put_le32(section + 12, 0x1000 * (i + 1));
		put_le32(section + 16, SECTION_BYTES);
		put_le32(section + 20, CONTENTS + i * SECTION_BYTES);
		put_le32(section + 36, 0x40000040);
		memset(file + CONTENTS + i * SECTION_BYTES, 'a' + i,
		       SECTION_BYTES);
	}
	return file;
}

static void expect_section(const struct pe *pe, const char *name, size_t i)
{
	const struct pe_section *section = pe_find_section(pe, name);

	if (!expect(section))
		return;
	expect_eq(section->vaddr, 0x1000 * (i + 1));
	expect_eq(section->vsize, SECTION_BYTES - 1);
	expect_eq(section->flags, 0x40000040);
	expect_eq(section->bytes.size, SECTION_BYTES - 1);
	expect_eq(section->bytes.data - pe->file.data,
		  CONTENTS + i * SECTION_BYTES);
}

static void test_fields(void)
{
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(layouts); i++) {
		const struct layout_of *layout = &layouts[i];
		u8 *file = pe_new(layout, &size);
		struct pe pe;

		expect(pe_probe(&(struct bytes){ file, size }));
		if (!expect(!pe_read(&(struct bytes){ file, size }, &pe)))
			continue;
		expect_eq(pe.magic, layout->magic);
		expect_eq(pe.machine, layout->machine);
		expect_eq(pe.entry, 0x1234);
		expect_eq(pe.section_align, 0x1000);
		expect_eq(pe.file_align, 0x200);
		expect_eq(pe.image_size, 0x9000);
		expect_eq(pe.headers_size, CONTENTS);
		expect_eq(pe.checksum, 0x12345678);
		expect_eq(pe.directory, directories_at(layout) + 32);
		expect_eq(pe.signature_at, 0x7654321);
		expect_eq(pe.signature_size, 0x1230);
		expect_eq(pe.optional, OPTIONAL);
		expect_eq(pe.sections, sections_at(layout));
		expect_eq(pe.nr_sections, SECTIONS);
		expect_section(&pe, ".linux", 1);
		/* The first profile's. */
		expect_section(&pe, ".cmdline", 4);
		/* A name of eight characters has no NUL. */
		expect_section(&pe, ".1234567", 5);
		expect(!pe_find_section(&pe, ".initrd"));
		free(file);
	}
	ktap_done("fields and sections");
}

/* What a second profile has is not the first one's. */
static void test_profiles(void)
{
	size_t size;
	u8 *file = pe_new(&layouts[1], &size);
	u8 *section = file + sections_at(&layouts[1]);
	struct pe pe;

	memcpy(section + 2 * 40, ".profile", 8);
	expect(!pe_read(&(struct bytes){ file, size }, &pe));
	expect(!pe_find_section(&pe, ".cmdline"));
	expect_section(&pe, ".linux", 1);
	free(file);
	ktap_done("profiles");
}

/* Of several with one name the first one counts, in a profile as in front of it. */
static void test_several(void)
{
	size_t size;
	u8 *file = pe_new(&layouts[1], &size);
	u8 *section = file + sections_at(&layouts[1]);
	struct pe pe;

	memcpy(section + 0 * 40, ".linux\0", 8);
	memcpy(section + 5 * 40, ".cmdline", 8);
	expect(!pe_read(&(struct bytes){ file, size }, &pe));
	expect_section(&pe, ".linux", 0);
	expect_section(&pe, ".cmdline", 4);
	free(file);
	ktap_done("several of one name");
}

/* A file that is cut is refused up to its last byte that is used. */
static void test_truncated(void)
{
	size_t i, length, size;

	for (i = 0; i < ARRAY_SIZE(layouts); i++) {
		u8 *file = pe_new(&layouts[i], &size);
		struct pe pe;

		for (length = 0; length < size; length++) {
			u8 *cut = allocate(length);
			int ret;

			memcpy(cut, file, length);
			*last_error = '\0';
			ret = pe_read(&(struct bytes){ cut, length }, &pe);
			/* Padding of the last section is not used. */
			expect_eq(ret, length < size - 1 ? -1 : 0);
			expect(!ret || *last_error);
			free(cut);
		}
		free(file);
	}
	ktap_done("truncated");
}

struct broken {
	size_t at;
	u32 value;
	size_t bytes;
	const char *message;
};

static void test_broken(void)
{
	const size_t first = OPTIONAL + 240;
	const struct broken rows[] = {
		{ 0, 0, 2, "not a PE file" },
		{ 0x3c, 0xffffffff, 4, "not a PE file" },
		{ 0x3c, LFANEW + 1, 4, "not a PE file" },
		{ LFANEW, 0, 4, "not a PE file" },
		{ COFF + 2, 97, 2, "97 sections" },
		{ COFF + 2, 0xffff, 2, "65535 sections" },
		{ COFF + 2, 96, 2, "section headers would end" },
		{ COFF + 16, 0, 2, "magic number 0x0" },
		{ COFF + 16, 111, 2, "111 bytes" },
		{ COFF + 16, 0xffff, 2, "optional header would end" },
		{ OPTIONAL, 0x107, 2, "magic number 0x107" },
		{ first + 20, 0xffffffff, 4, "\".text\" would end" },
		{ first + 20, CONTENTS + SECTIONS * SECTION_BYTES, 4,
		  "\".text\" would end" },
	};
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 *file = pe_new(&layouts[1], &size);
		u8 value[4];
		struct pe pe;

		put_le32(value, rows[i].value);
		memcpy(file + rows[i].at, value, rows[i].bytes);
		expect_eq(pe_read(&(struct bytes){ file, size }, &pe), -1);
		if (!expect(strstr(last_error, rows[i].message)))
			printf("# row %zu: %s\n", i, last_error);
		free(file);
	}
	ktap_done("broken headers");
}

/* A message with a name in it does nothing to a terminal. */
static void test_names(void)
{
	size_t size;
	u8 *file = pe_new(&layouts[1], &size);
	u8 *section = file + sections_at(&layouts[1]);
	struct pe pe;

	memcpy(section, "\x1b]0;\x07\x9b\x7f~", 8);
	put_le32(section + 20, 0xffffffff);
	expect_eq(pe_read(&(struct bytes){ file, size }, &pe), -1);
	if (!expect(strstr(last_error, "\"?]0;???~\" would end")))
		printf("# %s\n", last_error);
	free(file);
	ktap_done("names for a terminal");
}

/* A directory that is not there, or not all of it, is none. */
static void test_directories(void)
{
	static const struct {
		u16 optional_size;
		u32 directories;
		bool found;
	} rows[] = {
		{ 240, 16, true }, { 240, 5, true }, { 240, 0xffffffff, true },
		{ 240, 4, false }, { 240, 0, false }, { 152, 16, true },
		{ 151, 16, false }, { 112, 16, false },
	};
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 *file = pe_new(&layouts[1], &size);
		struct pe pe;

		put_le16(file + COFF + 2, 0);
		put_le16(file + COFF + 16, rows[i].optional_size);
		put_le32(file + directories_at(&layouts[1]) - 4,
			 rows[i].directories);
		expect(!pe_read(&(struct bytes){ file, size }, &pe));
		expect_eq(!!pe.directory, rows[i].found);
		expect_eq(pe.signature_size, rows[i].found ? 0x1230 : 0);
		free(file);
	}
	ktap_done("data directories");
}

/* Sections without contents may say that these are anywhere. */
static void test_sizes(void)
{
	size_t size;
	u8 *file = pe_new(&layouts[1], &size);
	u8 *section = file + sections_at(&layouts[1]);
	struct pe pe;

	put_le32(section + 16, 0);
	put_le32(section + 20, 0xffffffff);
	put_le32(section + 40 + 8, 0);
	expect(!pe_read(&(struct bytes){ file, size }, &pe));
	expect_eq(pe.section[0].bytes.size, 0);
	expect_eq(pe.section[1].vsize, SECTION_BYTES);
	expect_eq(pe.section[1].bytes.size, SECTION_BYTES);
	put_le32(section + 40 + 8, 0xffffffff);
	expect(!pe_read(&(struct bytes){ file, size }, &pe));
	expect_eq(pe.section[1].vsize, 0xffffffff);
	expect_eq(pe.section[1].bytes.size, SECTION_BYTES);
	free(file);
	ktap_done("sizes of sections");
}

int main(void)
{
	test_fields();
	test_profiles();
	test_several();
	test_truncated();
	test_broken();
	test_names();
	test_directories();
	test_sizes();
	return ktap_status();
}
