// SPDX-License-Identifier: GPL-2.0
/*
 * The checksum (tools/checksum.c), against what the ELF boot proposal says:
 * RFC 1071 over ELF header, program headers and the memory of each PT_LOAD,
 * here put together byte by byte.
 */
#include "image.h"
#include "rfc1071.h"

#define FILE_MAX	0x800
#define MEMORY_MAX	0x1000

static const struct {
	const char *name;
	int fill;			/* all bytes; -1: all sorts */
	unsigned int nr;
	struct {
		u32 type;
		u64 filesz, memsz;
	} phdr[4];
} cases[] = {
	{ "no segment", -1, 1, { { PT_NOTE, 16, 16 } } },
	{ "one", -1, 2, { { PT_NOTE, 16, 16 }, { PT_LOAD, 64, 64 } } },
	{ "zeroes", 0, 1, { { PT_LOAD, 64, 64 } } },
	{ "ones", 0xff, 1, { { PT_LOAD, 64, 64 } } },
	{ "memory beyond the file", -1, 1, { { PT_LOAD, 64, 99 } } },
	{ "nothing in the file", -1, 1, { { PT_LOAD, 0, 99 } } },
	{ "1 byte", -1, 1, { { PT_LOAD, 1, 1 } } },
	{ "2 bytes", -1, 1, { { PT_LOAD, 2, 2 } } },
	{ "3 bytes", -1, 1, { { PT_LOAD, 3, 3 } } },
	{ "odd, then even", -1, 2, { { PT_LOAD, 63, 63 },
				     { PT_LOAD, 64, 64 } } },
	{ "odd, then odd", -1, 3, { { PT_LOAD, 63, 63 }, { PT_LOAD, 61, 61 },
				    { PT_LOAD, 7, 7 } } },
	/* the offset goes on by p_memsz (loaders.md, section 3.4) */
	{ "even in the file, odd in memory", -1, 3,
	  { { PT_LOAD, 62, 63 }, { PT_LOAD, 33, 34 }, { PT_LOAD, 2, 2 } } },
	{ "a note between", -1, 4,
	  { { PT_LOAD, 5, 5 }, { PT_NOTE, 3, 3 }, { PT_LOAD, 5, 5 },
	    { PT_LOAD, 0x300, 0x301 } } },
};

static void test_case(size_t i, size_t phoff)
{
	u8 *memory = allocate(MEMORY_MAX);
	u8 *data = allocate(FILE_MAX);
	struct elf elf = { .file = { data, FILE_MAX } };
	size_t phdrs = cases[i].nr * 32;
	size_t at, offset, k;

	memset(data, cases[i].fill, FILE_MAX);
	for (k = 0; k < FILE_MAX && cases[i].fill < 0; k++)
		data[k] = k * 7 % 253;
	put_le32(data + 28, phoff);
	elf.nr_phdrs = cases[i].nr;
	memcpy(memory, data, 52);
	memcpy(memory + 52, data + phoff, phdrs);
	at = 52 + phdrs;
	offset = 0x201;
	for (k = 0; k < cases[i].nr; k++) {
		struct phdr *phdr = &elf.phdr[k];

		phdr->type = cases[i].phdr[k].type;
		phdr->offset = offset;
		phdr->filesz = cases[i].phdr[k].filesz;
		phdr->memsz = cases[i].phdr[k].memsz;
		if (phdr->type == PT_LOAD) {
			memcpy(memory + at, data + offset, phdr->filesz);
			at += phdr->memsz;
		}
		offset += phdr->filesz;
	}
	expect_eq(checksum_elf(&elf), internet_checksum(memory, at));
	free(data);
	free(memory);
}

/* So many carries that one of 32 bits would be lost. */
static void test_large(void)
{
	const size_t size = 0x100000 + 3;
	const size_t headers = 52 + 32;
	u8 *data = allocate(headers + size);
	struct elf elf = {
		.file = { data, headers + size },
		.nr_phdrs = 1,
		.phdr = { { .type = PT_LOAD, .offset = headers,
			    .filesz = size, .memsz = size } },
	};

	memset(data, 0xff, headers + size);
	put_le32(data + 28, 52);
	expect_eq(checksum_elf(&elf), internet_checksum(data, headers + size));
	ktap_done("1 MiB of ones");
	free(data);
}

int main(void)
{
	/* RFC 1071, section 3: the sum is ddf2, and its bytes swapped */
	static const u8 example[] = {
		0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7
	};
	size_t i;

	expect_eq(internet_checksum(example, 8), 0xffff & ~0xf2dd);
	ktap_done("RFC 1071's example");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		test_case(i, 52);
		ktap_done("%s", cases[i].name);
		test_case(i, 0x181);
		ktap_done("%s, headers elsewhere", cases[i].name);
	}
	test_large();
	return ktap_status();
}
