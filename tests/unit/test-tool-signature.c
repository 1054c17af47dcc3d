// SPDX-License-Identifier: GPL-2.0
/*
 * Where a file ends and its signature begins (tools/appended.h, signature.c).
 * Bytes are those of the kernel's include/linux/module_signature.h, written down
 * anew here.
 */
#include "image.h"
#include "tools/appended.h"
#include "tools/pkcs7.h"

#define FILE_BYTES	40
#define MESSAGE_BYTES	0x123		/* two bytes of the size are not 0 */
#define INFO_AT		(FILE_BYTES + MESSAGE_BYTES)
#define MARKER_AT	(INFO_AT + 12)
#define ALL_BYTES	(MARKER_AT + 28)
#define ID_TYPE		2
#define SIG_LEN		8

static u8 *signed_new(void)
{
	u8 *file = allocate(ALL_BYTES);

	memset(file, 'f', FILE_BYTES);
	memset(file + FILE_BYTES, 'm', MESSAGE_BYTES);
	memset(file + INFO_AT, 0, 12);
	file[INFO_AT + ID_TYPE] = 2;
	file[INFO_AT + SIG_LEN + 2] = MESSAGE_BYTES >> 8;
	file[INFO_AT + SIG_LEN + 3] = MESSAGE_BYTES & 0xff;
	memcpy(file + MARKER_AT, "~Module signature appended~\n", 28);
	return file;
}

/* Which file has none? All of it is one then. */
static void expect_none(const u8 *file, size_t size)
{
	struct appended found;

	expect(!appended_find(file, size, &found));
	expect_eq(found.size, size);
	expect_eq(found.pkcs7_size, 0);
}

static void expect_broken(const u8 *file, size_t size)
{
	struct signature signature;
	struct appended found;

	expect(appended_find(file, size, &found));
	expect_eq(found.size, size);
	expect_eq(found.pkcs7_size, 0);
	expect(signature_find(&(struct bytes){ file, size }, &signature));
	expect_eq(signature.file.size, size);
	expect(!signature.pkcs7.data);
}

static void test_found(void)
{
	u8 *file = signed_new();
	struct signature signature;
	struct appended found;

	expect(!appended_find(file, ALL_BYTES, &found));
	expect_eq(found.size, FILE_BYTES);
	expect_eq(found.pkcs7_size, MESSAGE_BYTES);
	expect(!signature_find(&(struct bytes){ file, ALL_BYTES }, &signature));
	expect(signature.file.data == file);
	expect_eq(signature.file.size, FILE_BYTES);
	expect(signature.pkcs7.data == file + FILE_BYTES);
	expect_eq(signature.pkcs7.size, MESSAGE_BYTES);
	free(file);
	ktap_done("a signature");
}

/* Cut at its end everywhere, it is not signed. */
static void test_cut_end(void)
{
	u8 *file = signed_new();
	size_t size;

	for (size = 0; size < ALL_BYTES; size++) {
		u8 *part = allocate(size);

		memcpy(part, file, size);
		expect_none(part, size);
		free(part);
	}
	free(file);
	ktap_done("its end is cut off");
}

/* Cut at its beginning, the rest is a file as long as there is one. */
static void test_cut_begin(void)
{
	u8 *file = signed_new();
	size_t cut;

	for (cut = 0; cut <= ALL_BYTES; cut++) {
		size_t size = ALL_BYTES - cut;
		u8 *part = allocate(size);
		struct appended found;

		memcpy(part, file + cut, size);
		if (cut < FILE_BYTES) {
			expect(!appended_find(part, size, &found));
			expect_eq(found.size, FILE_BYTES - cut);
		} else if (cut <= MARKER_AT) {
			expect_broken(part, size);
		} else {
			expect_none(part, size);
		}
		free(part);
	}
	free(file);
	ktap_done("its beginning is cut off");
}

/* Any bit of what is behind the message. */
static void test_bits(void)
{
	u8 *file = signed_new();
	size_t at;
	u32 bit;

	for (at = INFO_AT; at < ALL_BYTES; at++) {
		for (bit = 0; bit < 8; bit++) {
			struct appended found;
			size_t size = MESSAGE_BYTES;

			file[at] ^= 1 << bit;
			if (at >= MARKER_AT) {
				expect_none(file, ALL_BYTES);
			} else if (at < INFO_AT + SIG_LEN) {
				expect_broken(file, ALL_BYTES);
			} else {
				size ^= (size_t)1 << (bit + 8 * (INFO_AT + SIG_LEN + 3 - at));
				if (size >= INFO_AT) {
					expect_broken(file, ALL_BYTES);
				} else {
					expect(!appended_find(file, ALL_BYTES,
							      &found));
					expect_eq(found.pkcs7_size, size);
					expect_eq(found.size, INFO_AT - size);
				}
			}
			file[at] ^= 1 << bit;
		}
	}
	free(file);
	ktap_done("every bit behind the message");
}

/* A message of no bytes, and one that leaves no byte of a file. */
static void test_sizes(void)
{
	u8 *file = signed_new();
	struct appended found;
	size_t size;

	for (size = 0; size <= INFO_AT + 1; size++) {
		file[INFO_AT + SIG_LEN + 2] = size >> 8;
		file[INFO_AT + SIG_LEN + 3] = size;
		if (!size || size >= INFO_AT) {
			expect_broken(file, ALL_BYTES);
			continue;
		}
		expect(!appended_find(file, ALL_BYTES, &found));
		expect_eq(found.size + found.pkcs7_size, INFO_AT);
	}
	free(file);
	ktap_done("every size of a message");
}

int main(void)
{
	test_found();
	test_cut_end();
	test_cut_begin();
	test_bits();
	test_sizes();
	return ktap_status();
}
