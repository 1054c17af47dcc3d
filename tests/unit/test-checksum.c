// SPDX-License-Identifier: GPL-2.0
/*
 * The Internet checksum of physical memory (checksum.c).
 */
#include "fixture.h"
#include "rfc1071.h"

#include "sources/checksum.h"

#define AT	0x10001		/* nothing is aligned */

static void test_example(void)
{
	/* RFC 1071, section 3: the sum is ddf2, and its bytes swapped */
	static const u8 example[] = {
		0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7
	};
	struct machine m = {};
	u16 sum;

	machine_add(&m, AT, example, sizeof(example));
	expect_eq(checksum_ram(&m.ram, AT, sizeof(example), &sum), 0);
	expect_eq(sum, 0xffff & ~0xf2dd);
	ktap_done("RFC 1071's example");
	machine_free(&m);
}

/* Words whose carry makes another carry. */
static void test_carry(void)
{
	static const u8 words[] = { 0xff, 0xff, 0xff, 0xff, 0x01, 0x00 };
	struct machine m = {};
	u16 sum;

	machine_add(&m, AT, words, sizeof(words));
	expect_eq(checksum_ram(&m.ram, AT, sizeof(words), &sum), 0);
	expect_eq(sum, 0xfffe);
	ktap_done("a carry out of the carry");
	machine_free(&m);
}

/* Lengths around the size of any buffer, random bytes and the worst ones. */
static void test_lengths(void)
{
	u32 len, i;
	u16 sum;

	for (len = 0; len < 300; len++) {
		struct machine m = {};
		u8 *memory = machine_add(&m, AT, NULL, len);

		expect_eq(checksum_ram(&m.ram, AT, len, &sum), 0);
		expect_eq(sum, 0xffff);
		memset(memory, 0xff, len);
		expect_eq(checksum_ram(&m.ram, AT, len, &sum), 0);
		expect_eq(sum, internet_checksum(memory, len));
		for (i = 0; i < len; i++)
			memory[i] = random_below(256);
		expect_eq(checksum_ram(&m.ram, AT, len, &sum), 0);
		expect_eq(sum, internet_checksum(memory, len));
		expect_eq(checksum_ram(&m.ram, AT, len + 1, &sum), -EFAULT);
		machine_free(&m);
	}
	ktap_done("every length, and memory ends behind it");
}

static void test_own(void)
{
	struct machine m = {};
	u8 *memory = machine_add(&m, AT, NULL, 1000);
	u32 i;
	u16 sum;

	for (i = 0; i < 1000; i++)
		memory[i] = random_below(256);
	put_le16(memory + 8, 0);
	put_le16(memory + 8, internet_checksum(memory, 1000));
	expect_eq(checksum_ram(&m.ram, AT, 1000, &sum), 0);
	expect_eq(sum, 0);
	ktap_done("a sum that is part of what is summed");
	machine_free(&m);
}

int main(void)
{
	test_example();
	test_carry();
	test_lengths();
	test_own();
	return ktap_status();
}
