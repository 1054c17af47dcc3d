// SPDX-License-Identifier: GPL-2.0
/*
 * The plan of a unified kernel image (tools/uki.c), and texts of SBAT
 * (tools/sbat.c).
 */
#include "image.h"
#include "tools/uki.h"

#define LFANEW		0x40
#define COFF		(LFANEW + 4)
#define OPTIONAL	(COFF + 20)
#define TABLE		(OPTIONAL + 240)
#define HEADERS		0x400
#define OWN		4
#define FILE_BYTES	(HEADERS + OWN * 0x200)

/* For uki.c: there is no message. */
void message_about(const char *path)
{
	(void)path;
}

static const char * const own_names[OWN] = {
	".text", ".sbat", ".rodata", ".ucode"
};

/* What is not there of it is 0xff, so that it is seen where it stays. */
static u8 *loader_new(struct pe *stub)
{
	u8 *file = allocate(FILE_BYTES);
	u32 i;

	memset(file + TABLE, 0xff, HEADERS - TABLE);
	memcpy(file, "MZ", 2);
	put_le32(file + 0x3c, LFANEW);
	memcpy(file + LFANEW, "PE\0\0", 4);
	put_le16(file + COFF, 0x8664);
	put_le16(file + COFF + 2, OWN);
	put_le16(file + COFF + 16, 240);
	put_le32(file + COFF + 8, 0x1111);
	put_le16(file + OPTIONAL, 0x20b);
	put_le32(file + OPTIONAL + 32, 0x1000);
	put_le32(file + OPTIONAL + 36, 0x200);
	put_le32(file + OPTIONAL + 60, HEADERS);
	put_le32(file + OPTIONAL + 64, 0x2222);
	put_le32(file + OPTIONAL + 108, 16);
	put_le32(file + OPTIONAL + 112 + 32, 0x3333);
	put_le32(file + OPTIONAL + 112 + 36, 0x4444);
	for (i = 0; i < OWN; i++) {
		u8 *section = file + TABLE + 40 * i;

		memset(section, 0, 40);
		memcpy(section, own_names[i], strlen(own_names[i]));
		put_le32(section + 8, 0x123);
		put_le32(section + 12, 0x1000 * (i + 1));
		put_le32(section + 16, 0x200);
		put_le32(section + 20, HEADERS + 0x200 * i);
		put_le32(section + 36, i ? 0x40000040 : 0x60000020);
		memset(file + HEADERS + 0x200 * i, 'a' + i, 0x200);
	}
	expect(!pe_read(&(struct bytes){ file, FILE_BYTES }, stub));
	return file;
}

static struct bytes text(const char *string)
{
	return (struct bytes){ (const uint8_t *)string, strlen(string) };
}

/* The file that is planned. */
static u8 *written(const struct layout *layout)
{
	u8 *file = allocate(layout->size);
	size_t end = 0;
	u32 i;

	for (i = 0; i < layout->nr_pieces; i++) {
		const struct piece *piece = &layout->piece[i];

		expect(piece->offset >= end);
		end = piece->offset + piece->bytes.size;
		if (expect(end <= layout->size))
			memcpy(file + piece->offset, piece->bytes.data,
			       piece->bytes.size);
	}
	return file;
}

static void expect_section(const struct pe *pe, u32 i, const char *name,
			   u32 vaddr, const char *contents, size_t size)
{
	const struct pe_section *section = &pe->section[i];

	expect_string(section->name, name);
	expect_eq(section->vaddr, vaddr);
	expect_eq(section->vsize, size);
	expect_eq(section->bytes.size, size);
	expect(!memcmp(section->bytes.data, contents, size));
}

static void test_plan(void)
{
	struct uki_parts parts = {
		.nr_initrds = 3,
		.initrd = { text("12345"), { NULL, 0 }, text("abc") },
	};
	static struct layout layout;
	struct pe stub, pe;
	u8 *old = loader_new(&stub), *file;
	u32 i;

	parts.part[UKI_SBAT] = text("sbat");
	parts.part[UKI_CMDLINE] = text("quiet");
	parts.part[UKI_LINUX] = text("kernel");
	expect(!uki_plan(&stub, &parts, &layout));
	expect_eq(layout.size, HEADERS + 6 * 0x200);
	file = written(&layout);
	expect(!pe_read(&(struct bytes){ file, layout.size }, &pe));
	expect_eq(pe.nr_sections, 6);
	expect_section(&pe, 0, ".text", 0x1000, (char *)old + HEADERS, 0x123);
	expect_section(&pe, 1, ".rodata", 0x3000, (char *)old + HEADERS + 0x400,
		       0x123);
	expect_section(&pe, 2, ".sbat", 0x4000, "sbat", 4);
	expect_section(&pe, 3, ".cmdline", 0x5000, "quiet", 5);
	expect_section(&pe, 4, ".linux", 0x6000, "kernel", 6);
	expect_section(&pe, 5, ".initrd", 0x7000, "12345\0\0\0\0\0\0\0abc", 15);
	expect_eq(pe.image_size, 0x8000);
	expect_eq(pe.checksum, 0);
	expect_eq(pe.signature_at + pe.signature_size, 0);
	expect_eq(get_le32(file + COFF + 8), 0);
	expect_eq(get_le32(file + OPTIONAL + 8), 5 * 0x200);
	for (i = TABLE + 6 * 40; i < HEADERS; i++)
		expect_eq(file[i], 0);
	free(file);
	free(old);
	ktap_done("a plan");
}

/* The number of sections that fit, and one more. */
static void test_room(void)
{
	static struct layout layout;
	struct uki_parts parts = { .nr_initrds = 0 };
	struct pe stub;
	u8 *old = loader_new(&stub);

	parts.part[UKI_LINUX] = text("kernel");
	stub.headers_size = TABLE + 3 * 40;
	expect(!uki_plan(&stub, &parts, &layout));
	stub.headers_size--;
	expect_eq(uki_plan(&stub, &parts, &layout), -1);
	expect(strstr(last_error, "no room for the headers of 3 sections"));
	free(old);
	ktap_done("room for headers");
}

/* Nobody has so much memory: it is not touched. */
static void test_limit(void)
{
	static struct layout layout;
	struct uki_parts parts = { .nr_initrds = 0 };
	struct pe stub;
	u8 *old = loader_new(&stub);
	const size_t most = 0xffffffff - 0x1000 - 0x4000;

	parts.part[UKI_LINUX] = (struct bytes){ old, most };
	expect(!uki_plan(&stub, &parts, &layout));
	parts.part[UKI_LINUX].size++;
	expect_eq(uki_plan(&stub, &parts, &layout), -1);
	expect(strstr(last_error, "more than 4 GiB"));
	stub.section[1].vaddr = 0xffffff00;
	stub.section[2].vaddr = 0xffffff00;
	parts.part[UKI_LINUX].size = 1;
	expect_eq(uki_plan(&stub, &parts, &layout), -1);
	free(old);
	ktap_done("4 GiB");
}

static void test_sbat_check(void)
{
	static const struct {
		const char *text;
		const char *message;
	} rows[] = {
		{ "sbat,1,x\n", NULL }, { "sbat,1", NULL },
		{ "\n\nsbat,1\n\na,12,b\n", NULL }, { "", "no line" },
		{ "\n", "no line" }, { "a,1\n", "first line" },
		{ "sbat", "first line" }, { "sbat,", "line 1" },
		{ "sbat,0", "line 1" }, { "sbat,1\na\n", "line 2" },
		{ "sbat,1\n,1\n", "line 2" }, { "sbat,1\na,1b\n", "line 2" },
		{ "sbat,1\na,1,\t\n", "line 2" },
		{ "sbat,1\na,1,\xc3\xa4\n", "line 2" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bytes part = text(rows[i].text);
		u8 *copy = allocate(part.size);
		int ret;

		/* No NUL behind it. */
		memcpy(copy, rows[i].text, part.size);
		part.data = copy;
		*last_error = '\0';
		ret = sbat_check(&part);
		expect_eq(ret, rows[i].message ? -1 : 0);
		if (!expect(!rows[i].message ||
			    strstr(last_error, rows[i].message)))
			printf("# row %zu: %s\n", i, last_error);
		free(copy);
	}
	ktap_done("SBAT that is none");
}

static void test_sbat_join(void)
{
	static const struct {
		const char *own;
		const char *more;
		const char *joined;
	} rows[] = {
		{ "sbat,1\na,1\n", "", "sbat,1\na,1\n" },
		{ "sbat,1\na,1", "sbat,2\nb,1", "sbat,1\na,1\nb,1\n" },
		{ "sbat,1\na,1\n", "sbat,1\na,2,x\nab,1\n",
		  "sbat,1\na,1\nab,1\n" },
		{ "sbat,1\n\na,1\n", "\n\nb\n", "sbat,1\na,1\nb\n" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bytes own = text(rows[i].own), more = text(rows[i].more);
		struct bytes joined;

		if (!expect(!sbat_join(&own, &more, &joined)))
			continue;
		expect_eq(joined.size, strlen(rows[i].joined) + 1);
		expect_string((const char *)joined.data, rows[i].joined);
		free((void *)joined.data);
	}
	ktap_done("SBAT of two");
}

static void test_sbat_has(void)
{
	struct bytes sbat = { (const uint8_t *)"sbat,1\nab,1\nc\0\nd,1\n", 19 };

	expect(sbat_has(&sbat, "sbat,"));
	expect(sbat_has(&sbat, "ab,"));
	expect(!sbat_has(&sbat, "a,"));
	expect(!sbat_has(&sbat, "b,"));
	expect(!sbat_has(&sbat, "c,"));
	/* The text ends with a NUL. */
	expect(!sbat_has(&sbat, "d,"));
	ktap_done("SBAT and a component");
}

int main(void)
{
	test_plan();
	test_room();
	test_limit();
	test_sbat_check();
	test_sbat_join();
	test_sbat_has();
	return ktap_status();
}
