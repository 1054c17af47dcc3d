// SPDX-License-Identifier: GPL-2.0
/*
 * ELF boot notes as a loader makes them (boot-notes.c), and the check of a
 * block (boot-notes-verify.c). What the stub makes of such a block is in
 * test-source-notes.c.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>

#include "ktap.h"
#include "poison.h"
#include "rfc1071.h"

#include "notes/boot-notes.h"

/* By hand: header, "ab" as a command line, a seed of one byte. */
static const u8 by_hand[] = {
	0x07, 0xb0, 0x1f, 0x0e, 0x38, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00,
	'a', 'b', 0x00, 0x00,
	0x06, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x06, 0x03, 0x00, 0x00,
	'L', 'i', 'n', 'u', 'x', 0x00, 0x00, 0x00,
	0x5a, 0x00, 0x00, 0x00,
};

#define HAND_SIZE	52

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static void add_by_hand(struct boot_notes *notes)
{
	boot_notes_add_string(notes, EBN_COMMAND_LINE, "ab");
	boot_notes_add(notes, EBN_LINUX_NAME, EBN_LINUX_RNG_SEED, "\x5a", 1);
}

static void seal(u8 *block, u32 size)
{
	u16 sum;

	block[8] = 0;
	block[9] = 0;
	sum = internet_checksum(block, size);
	block[8] = sum;
	block[9] = sum >> 8;
}

static u8 *make(u32 *size)
{
	struct boot_notes notes;
	u8 *block = allocate(HAND_SIZE);

	boot_notes_begin(&notes, block, HAND_SIZE);
	add_by_hand(&notes);
	*size = boot_notes_end(&notes);
	return block;
}

static void test_bytes(void)
{
	u8 want[HAND_SIZE];
	u32 size;
	u8 *block = make(&size);

	memcpy(want, by_hand, HAND_SIZE);
	want[4] = HAND_SIZE;
	seal(want, HAND_SIZE);
	expect_eq(size, HAND_SIZE);
	expect_bytes(block, want, HAND_SIZE);
	expect_eq(boot_notes_verify(block, size), 0);
	ktap_done("every byte");
	free(block);
}

static void test_empty(void)
{
	struct boot_notes notes;
	u8 *block = allocate(12);
	u32 size;

	boot_notes_begin(&notes, block, 12);
	expect_eq(boot_notes_end(&notes), 12);
	expect_eq(boot_notes_verify(block, 12), 0);
	expect(!boot_notes_find(block, NULL, EBN_COMMAND_LINE, &size));
	ktap_done("a header alone");
	free(block);
}

/* Whatever room there is, nothing goes beyond it, and it is told. */
static void test_room(void)
{
	struct boot_notes notes;
	u32 room;

	for (room = 0; room < HAND_SIZE + 8; room++) {
		u8 *block = allocate(room);
		u32 want = room < HAND_SIZE ? 0 : HAND_SIZE;

		boot_notes_begin(&notes, block, room);
		add_by_hand(&notes);
		expect_eq(notes.full, !want);
		expect_eq(boot_notes_end(&notes), want);
		free(block);
	}
	ktap_done("every size of buffer");
}

/* What has no room is not forgotten by what has. */
static void test_full_stays(void)
{
	struct boot_notes notes;
	u8 *block = allocate(64);

	boot_notes_begin(&notes, block, 64);
	expect(!boot_notes_reserve(&notes, NULL, 1, 64));
	expect(!boot_notes_reserve(&notes, NULL, 1, 4));
	expect(!boot_notes_reserve(&notes, "x", 1, ~0U));
	expect_eq(boot_notes_end(&notes), 0);
	ktap_done("full stays full");
	free(block);
}

static void test_wrap(void)
{
	static const u32 sizes[] = { ~0U, -3U, -4U, -16U, 0x80000000 };
	struct boot_notes notes;
	u8 *block = allocate(64);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		boot_notes_begin(&notes, block, 64);
		expect(!boot_notes_reserve(&notes, "x", 1, sizes[i]));
	}
	ktap_done("sizes that wrap");
	free(block);
}

static void test_records(void)
{
	struct boot_notes notes;
	u32 room = 12 + 0x10000 * 12;
	u8 *block = allocate(room);
	u32 i;

	boot_notes_begin(&notes, block, room);
	for (i = 0; i < 0xffff; i++)
		boot_notes_add(&notes, NULL, EBN_NOP, NULL, 0);
	expect_eq(boot_notes_end(&notes), room - 12);
	expect_eq(boot_notes_verify(block, room), 0);
	boot_notes_add(&notes, NULL, EBN_NOP, NULL, 0);
	expect_eq(boot_notes_end(&notes), 0);
	ktap_done("as many records as can be counted");
	free(block);
}

/* A sum of 0 means that there is none. */
static void test_zero_sum(void)
{
	u16 filler = 0;
	struct boot_notes notes;
	u8 *block = allocate(64);
	u32 size, tries;

	for (tries = 0; tries < 2; tries++) {
		boot_notes_begin(&notes, block, 64);
		boot_notes_add(&notes, NULL, EBN_NOP, &filler, 2);
		size = boot_notes_end(&notes);
		expect(block[8] || block[9]);
		expect_eq(boot_notes_verify(block, size), 0);
		/* What is missing to a sum of 0xffff, the other zero. */
		filler = block[8] | block[9] << 8;
	}
	expect_eq(block[8] | block[9] << 8, 0xffff);
	ktap_done("a checksum that would be 0");
	free(block);
}

static void test_truncated(void)
{
	u32 size, len;
	u8 *block = make(&size);

	for (len = 0; len < size; len++) {
		u8 *less = allocate(len);

		memcpy(less, block, len);
		expect_eq(boot_notes_verify(less, len),
			  len < 4 ? -ENOENT : -EINVAL);
		free(less);
	}
	ktap_done("a block that ends at every byte");
	free(block);
}

/* The checksum sees every byte that is changed. */
static void test_flipped(void)
{
	u32 size, at;
	u8 *block = make(&size);

	for (at = 0; at < size; at++) {
		block[at] ^= 0x10;
		expect_eq(boot_notes_verify(block, size),
			  at < 4 ? -ENOENT : -EINVAL);
		block[at] ^= 0x10;
	}
	ktap_done("every byte flipped");
	free(block);
}

/* Damage with a right checksum. */
static const struct damage {
	const char *name;
	u32 at;
	u8 value;
	int want;
} damages[] = {
	{ "none", 24, 'a', 0 },
	{ "signature", 0, 0x08, -ENOENT },
	{ "larger than it is", 4, HAND_SIZE + 4, -EINVAL },
	{ "smaller than it is", 4, HAND_SIZE - 4, -EINVAL },
	{ "smaller than its header", 4, 8, -EINVAL },
	{ "a record more", 10, 3, -EINVAL },
	{ "a record less", 10, 1, -EINVAL },
	{ "a name without an end", 15, 0x80, -EINVAL },
	{ "contents without an end", 19, 0x80, -EINVAL },
	{ "a name of 4 GiB", 31, 0xff, -EINVAL },
	{ "a string without NUL", 26, 'c', -EINVAL },
	{ "an empty string", 16, 0, -EINVAL },
	{ "padding that is not zero", 27, 1, -EINVAL },
	{ "padding of a name", 46, 1, -EINVAL },
	{ "another's name", 40, 'l', 0 },
	{ "an initrd of one byte", 36, 0x02, -EINVAL },
	{ "a memory map of one byte", 36, 0x01, -EINVAL },
	{ "an unknown type", 36, 0x77, 0 },
};

static void test_damage(const struct damage *damage)
{
	u32 size;
	u8 *block = make(&size);

	block[damage->at] = damage->value;
	seal(block, size);
	expect_eq(boot_notes_verify(block, size), damage->want);
	ktap_done("%s", damage->name);
	free(block);
}

static void test_no_checksum(void)
{
	u32 size;
	u8 *block = make(&size);

	block[8] = 0;
	block[9] = 0;
	expect_eq(boot_notes_verify(block, size), -EINVAL);
	ktap_done("no checksum");
	free(block);
}

/* All bytes, with right checksums: whatever is said, nothing is overrun. */
static void test_survival(void)
{
	static const u8 values[] = { 0x00, 0x01, 0x03, 0x7f, 0x80, 0xff };
	u32 size, at, i, found;
	u8 *block = make(&size);

	for (at = 0; at < size; at++)
		for (i = 0; i < sizeof(values); i++) {
			u8 saved = block[at];

			block[at] = values[i];
			seal(block, size);
			if (!boot_notes_verify(block, size))
				boot_notes_find(block, "none", 1, &found);
			block[at] = saved;
		}
	ktap_done("every byte, worst values, right checksums");
	free(block);
}

static void test_find(void)
{
	u32 size, found = 0;
	u8 *block = make(&size);
	const u8 *seed;

	expect_string(boot_notes_find(block, NULL, EBN_COMMAND_LINE, &found),
		      "ab");
	expect_eq(found, 3);
	seed = boot_notes_find(block, "Linux", EBN_LINUX_RNG_SEED, &found);
	expect(seed && *seed == 0x5a);
	expect_eq(found, 1);
	expect(!boot_notes_find(block, NULL, EBN_LINUX_RNG_SEED, &found));
	expect(!boot_notes_find(block, "Linus", EBN_LINUX_RNG_SEED, &found));
	expect(!boot_notes_find(block, "Linux", EBN_COMMAND_LINE, &found));
	ktap_done("find");
	free(block);
}

int main(void)
{
	u32 i;

	test_bytes();
	test_empty();
	test_room();
	test_full_stays();
	test_wrap();
	test_records();
	test_zero_sum();
	test_truncated();
	test_flipped();
	for (i = 0; i < ARRAY_SIZE(damages); i++)
		test_damage(&damages[i]);
	test_no_checksum();
	test_survival();
	test_find();
	return ktap_status();
}
