// SPDX-License-Identifier: GPL-2.0
/*
 * Relocations (relocate.c): examples that are written by hand, and random kernels
 * against a model that knows lists of numbers only.
 */
#include "fixture.h"

#include "relocs.h"
#include "relocs-model.h"
#include "kaslr/relocate.h"

#define KERNEL_SIZE	0x20000
#define PLACES_MAX	300
#define LISTS		3

static const struct {
	const char *name;
	int want;
	u32 lists;
	u32 room;
	u32 size;
	u8 stream[32];
} checks[] = {
	{ "one list, empty", 0, 1, 8, 7, { 0, 0, 0, 0, 0, 0, 0 } },
	{ "three lists, empty", 0, 3, 8, 21, { 0 } },
	{ "at the first byte", 0, 1, 8, 8, { 1 } },
	{ "up to the last byte", 0, 1, 8, 8, { 5 } },
	{ "a byte further", -EINVAL, 1, 8, 8, { 6 } },
	{ "inverse, up to the last byte", 0, 3, 8, 22,
	  { 0, 0, 0, 0, 0, 0, 0, 5 } },
	{ "inverse, a byte further", -EINVAL, 3, 8, 22,
	  { 0, 0, 0, 0, 0, 0, 0, 6 } },
	{ "64 bits, up to the last byte", 0, 3, 8, 22,
	  { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } },
	{ "64 bits, a byte further", -EINVAL, 3, 8, 22,
	  { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 } },
	{ "two bytes", 0, 1, 0x104, 10, { 0, 0x01, 0x01 } },
	{ "two bytes, further", -EINVAL, 1, 0x104, 10, { 0, 0x02, 0x01 } },
	{ "four bytes", 0, 1, 0x10004, 14, { 0, 0, 0, 0x01, 0x00, 0x01, 0x00 } },
	{ "four bytes, further", -EINVAL, 1, 0x10004, 14,
	  { 0, 0, 0, 0x02, 0x00, 0x01, 0x00 } },
	{ "around the address space", -EINVAL, 1, 0x10004, 15,
	  { 9, 0, 0, 0, 0xff, 0xff, 0xff, 0xff } },
	{ "around it in two steps", -EINVAL, 1, 0x40000000, 21,
	  { 0, 0, 0, 0xff, 0xff, 0xff, 0x3f, 0, 0, 0, 0xff, 0xff, 0xff, 0x3f } },
	{ "nothing", -EINVAL, 1, 8, 0, { 0 } },
	{ "no end", -EINVAL, 1, 8, 6, { 0 } },
	{ "no end but a 0", -EINVAL, 1, 8, 2, { 1, 0 } },
	{ "the last byte is not 0", -EINVAL, 1, 8, 8,
	  { 0, 0, 0, 0, 0, 0, 0, 1 } },
	{ "something behind the end", -EINVAL, 1, 8, 8, { 0 } },
	{ "one list too few", -EINVAL, 3, 8, 14, { 0 } },
	{ "one list too many", -EINVAL, 1, 8, 14, { 0 } },
	{ "ends within two bytes", -EINVAL, 1, 0x1000, 3, { 1, 0, 0 } },
	{ "ends behind two bytes", -EINVAL, 1, 0x1000, 3, { 0, 1, 0 } },
	{ "ends behind four bytes", -EINVAL, 1, 0x1000, 7,
	  { 0, 0, 0, 1, 0, 0, 0 } },
	{ "a kernel of no size", -EINVAL, 1, 0, 7, { 0 } },
	{ "a kernel of all memory", -EINVAL, 1, ~0U, 7, { 0 } },
};

/* Exactly so many bytes: the sanitizer sees the next one. */
static u8 *copy(const void *from, u32 size)
{
	u8 *memory = allocate(size);

	memcpy(memory, from, size);
	return memory;
}

static void test_checks(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		u8 *stream = copy(checks[i].stream, checks[i].size);
		const struct relocs relocs = {
			stream, checks[i].size, checks[i].lists, NULL,
			checks[i].room
		};

		expect_eq(relocs_check(&relocs), checks[i].want);
		ktap_done("check: %s", checks[i].name);
		free(stream);
	}
}

/* So many distances of one byte that their sum would be more than 32 bits. */
static void test_large(void)
{
	struct relocs relocs = { NULL, 0x1200000, 1, NULL, 0x40000000 };
	u8 *stream = allocate(relocs.size);

	memset(stream, 0xff, relocs.size);
	memset(stream + relocs.size - 7, 0, 7);
	relocs.stream = stream;
	expect_eq(relocs_check(&relocs), -EINVAL);
	relocs.stream = stream + relocs.size - RELOCS_MAX;
	relocs.size = RELOCS_MAX;
	expect_eq(relocs_check(&relocs), -EINVAL);
	free(stream);
	ktap_done("check: very many");
}

/* The documentation's example: Documentation/elf-boot.txt, section 6.4. */
static void test_example(void)
{
	static const u8 stream[] = {
		0x04, 0x08, 0x00, 0x2c, 0x01, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0,
		0x11, 0, 0, 0, 0, 0, 0, 0,
	};
	u8 kernel[0x200] = {};
	const struct relocs relocs = {
		stream, sizeof(stream), 3, kernel, sizeof(kernel)
	};

	put_le32(kernel + 3, 0x81000000);
	put_le32(kernel + 11, 0xffffffff);
	put_le32(kernel + 0x137, 1);
	put_le64(kernel + 0x10 + 0, 0xffffffffff000000ULL);
	expect_eq(relocs_check(&relocs), 0);
	relocs_apply(&relocs, 0x1000000);
	expect_eq(get_le32(kernel + 3), 0x82000000);
	expect_eq(get_le32(kernel + 11), 0x00ffffff);
	expect_eq(get_le32(kernel + 0x137), 0x1000001);
	expect_eq(get_le64(kernel + 0x10), 0);
	/* Nothing is carried over. */
	put_le64(kernel + 0x10, 0xffffffff00000000ULL);
	relocs_apply(&relocs, 0x1000000);
	expect_eq(get_le64(kernel + 0x10), 0xffffffff01000000ULL);
	ktap_done("an example");
}

struct model {
	u32 nr[LISTS];
	u32 place[LISTS][PLACES_MAX];
	u8 *stream;
	u32 size;
};

static void put(struct model *m, u32 byte)
{
	m->stream = realloc(m->stream, m->size + 1);
	m->stream[m->size++] = byte;
}

static void put_bytes(struct model *m, u32 value, u32 bytes)
{
	for (; bytes; bytes--, value >>= 8)
		put(m, value & 0xff);
}

static void encode(struct model *m, u32 list)
{
	u32 i, distance;

	for (i = 0; i < m->nr[list]; i++) {
		distance = m->place[list][i];
		distance -= i ? m->place[list][i - 1] : -1U;
		if (distance > 0xffff)
			put_bytes(m, 0, 3);
		else if (distance > 0xff)
			put(m, 0);
		put_bytes(m, distance, distance > 0xffff ? 4 :
				       distance > 0xff ? 2 : 1);
	}
	put_bytes(m, 0, 7);
}

/* Ascending places that do not overlap, near and far. */
static void make(struct model *m, u32 lists)
{
	static const u32 steps[] = { 1, 4, 30, 300, 3000, 80000 };
	u32 list, at;

	memset(m, 0, sizeof(*m));
	for (list = 0; list < lists; list++) {
		at = random_below(3) ? random_below(300) : 0;
		while (m->nr[list] < PLACES_MAX &&
		       at + (list == 2 ? 8 : 4) <= KERNEL_SIZE) {
			m->place[list][m->nr[list]++] = at;
			at += 8 + random_below(steps[random_below(6)]);
		}
		encode(m, list);
	}
}

static void test_model(void)
{
	u8 *kernel = allocate(KERNEL_SIZE), *want;
	u32 round, i;

	for (round = 0; round < 2000; round++) {
		u32 lists = round % 2 ? 1 : 3;
		u32 offset = random_below(512) * 0x200000;
		struct model m;
		struct relocs relocs;
		u8 *stream;

		for (i = 0; i < KERNEL_SIZE; i++)
			kernel[i] = random_below(3) ? 0xff :
				    random_below(3) ? 0 : i;
		want = copy(kernel, KERNEL_SIZE);
		make(&m, lists);
		stream = copy(m.stream, m.size);
		relocs = (struct relocs){
			stream, m.size, lists, kernel, KERNEL_SIZE
		};
		expect_eq(relocs_check(&relocs), 0);
		relocs_apply(&relocs, offset);
		for (i = 0; i < lists; i++)
			model_relocate(want, i, m.place[i], m.nr[i], offset);
		expect(!memcmp(kernel, want, KERNEL_SIZE));
		free(m.stream);
		free(stream);
		free(want);
	}
	free(kernel);
	ktap_done("random kernels are relocated as a model does it");
}

/* Whatever is in a stream: if it passes it is harmless, and it is not changed. */
static void test_noise(void)
{
	u8 *kernel = allocate(0x400);
	u32 round, i, passed = 0;

	for (round = 0; round < 200000; round++) {
		u32 size = 7 + random_below(40);
		u8 *stream = allocate(size);
		const struct relocs relocs = {
			stream, size, round % 2 ? 1 : 3, kernel, 0x400
		};

		for (i = 0; i < size; i++)
			stream[i] = random_below(3) ? 0 : random_below(256);
		if (!relocs_check(&relocs)) {
			passed++;
			relocs_apply(&relocs, 0x200000);
		}
		free(stream);
	}
	expect(passed > 100);
	free(kernel);
	ktap_done("noise");
}

int main(void)
{
	test_checks();
	test_large();
	test_example();
	test_model();
	test_noise();
	return ktap_status();
}
