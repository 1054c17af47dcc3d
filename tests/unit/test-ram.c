// SPDX-License-Identifier: GPL-2.0
/*
 * Physical memory (ram.c): in three pieces, the last of which ends at 2^64.
 */
#include "fixture.h"

#define HIGH	0x7fee0000ULL
#define TOP	(-16ULL)

/* At 0: "hello"; at HIGH: a string that memory ends before its end. */
static void machine_new(struct machine *m)
{
	m->ram = (struct ram){ .nr = 0 };
	machine_add(m, 0, "hello\0abcdefghi", 16);
	machine_add(m, HIGH, "endless", 7);
	machine_add(m, TOP, "0123456789abcde", 16);
}

static const struct {
	const char *name;
	u64 pa;
	u32 len;
	int want;
	const char *bytes;
} reads[] = {
	{ "physical 0",			0, 5, 0, "hello" },
	{ "odd address",		7, 3, 0, "bcd" },
	{ "all of a piece",		0, 16, 0, "hello\0abcdefghi" },
	{ "the last byte",		HIGH + 6, 1, 0, "s" },
	{ "up to 2^64",			TOP, 16, 0, "0123456789abcde" },
	{ "nothing, at the end",	HIGH + 7, 0, 0, "" },
	{ "one too many",		HIGH, 8, -EFAULT, NULL },
	{ "one behind",			HIGH + 7, 1, -EFAULT, NULL },
	{ "one before",			HIGH - 1, 2, -EFAULT, NULL },
	{ "between two pieces",		0x1000, 1, -EFAULT, NULL },
	{ "wrap at 2^64",		TOP, 17, -EFAULT, NULL },
	{ "wrap from the last byte",	-1ULL, 2, -EFAULT, NULL },
	{ "size ~0",			0, ~0U, -EFAULT, NULL },
	{ "size ~0 at the end",		-1ULL, ~0U, -EFAULT, NULL },
	/* A u32 that was added to: must not come out at 0 */
	{ "4 GiB is not 0",		1ULL << 32, 1, -EFAULT, NULL },
};

static void test_read(void)
{
	struct machine m;
	u32 i;

	machine_new(&m);
	for (i = 0; i < ARRAY_SIZE(reads); i++) {
		u32 room = reads[i].want ? 16 : reads[i].len;
		u8 *dst = allocate(room);
		u8 *piece;

		memset(dst, 0xa5, room);
		expect_eq(ram_read(&m.ram, reads[i].pa, dst, reads[i].len),
			  reads[i].want);
		if (reads[i].bytes)
			expect_bytes(dst, reads[i].bytes, reads[i].len);
		else
			expect_eq(dst[0], 0xa5);
		ktap_done("read: %s", reads[i].name);

		expect_eq(ram_write(&m.ram, reads[i].pa, dst, reads[i].len),
			  reads[i].want);
		piece = ram_own(&m.ram, reads[i].pa, reads[i].len);
		expect_eq(!piece, !!reads[i].want);
		if (piece)
			expect_bytes(piece, dst, reads[i].len);
		ktap_done("write: %s", reads[i].name);
		free(dst);
	}
	machine_free(&m);
}

static void test_write(void)
{
	struct machine m;

	machine_new(&m);
	expect_eq(ram_write(&m.ram, HIGH + 2, "XY", 2), 0);
	expect_bytes(machine_piece(&m, 1), "enXYess", 7);
	expect_eq(ram_write(&m.ram, HIGH + 6, "XY", 2), -EFAULT);
	expect_bytes(machine_piece(&m, 1), "enXYess", 7);
	ktap_done("write: what and where");
	machine_free(&m);
}

static void test_move(void)
{
	struct machine m;

	machine_new(&m);
	expect_eq(ram_move(&m.ram, 9, 6, 7), 0);
	expect_bytes(machine_piece(&m, 0), "hello\0abcabcdefg", 16);
	ktap_done("move: upwards, overlapping");
	expect_eq(ram_move(&m.ram, 0, 1, 4), 0);
	expect_bytes(machine_piece(&m, 0), "elloo\0abcabcdefg", 16);
	ktap_done("move: downwards, overlapping");
	expect_eq(ram_move(&m.ram, 0, HIGH, 7), 0);
	expect_bytes(machine_piece(&m, 0), "endlessbcabcdefg", 16);
	ktap_done("move: to another piece");
	expect_eq(ram_move(&m.ram, 0, HIGH, 8), -EFAULT);
	expect_eq(ram_move(&m.ram, HIGH, 0, 8), -EFAULT);
	expect_eq(ram_move(&m.ram, HIGH, 1ULL << 32, 1), -EFAULT);
	expect_bytes(machine_piece(&m, 0), "endlessbcabcdefg", 16);
	ktap_done("move: out of reach");
	machine_free(&m);
}

/* In 32 bytes at 0x1000: "LBIO" in many places, some of them no place. */
static const struct {
	const char *name;
	u64 pa;
	u32 len, step;
	int want;
	u64 at;
} scans[] = {
	{ "the first place",		0x1004, 28, 4, 0, 0x1004 },
	{ "the next one",		0x1008, 24, 4, 0, 0x100c },
	{ "a step of 16",		0x1000, 32, 16, 0, 0x1010 },
	{ "a step of 8",		0x1000, 32, 8, 0, 0x1010 },
	{ "a step of 16 from there",	0x1004, 28, 16, 0, 0x1004 },
	{ "the last place",		0x1018, 8, 4, 0, 0x101c },
	{ "the last place, alone",	0x101c, 4, 4, 0, 0x101c },
	{ "a step past it",		0x1018, 8, 8, -ENOENT, 0 },
	{ "a step longer than all",	0x1000, 32, 64, -ENOENT, 0 },
	{ "one byte too short",		0x1018, 7, 4, -ENOENT, 0 },
	{ "3 bytes",			0x101c, 3, 4, -ENOENT, 0 },
	{ "no bytes",			0x101c, 0, 4, -ENOENT, 0 },
	{ "no bytes, at the end",	0x1020, 0, 4, -ENOENT, 0 },
	{ "one too many",		0x1000, 33, 4, -EFAULT, 0 },
	{ "one before",			0x0ffc, 8, 4, -EFAULT, 0 },
	{ "size ~0",			0x1000, ~0U, 4, -EFAULT, 0 },
	{ "not there",			0x3000, 16, 4, -EFAULT, 0 },
	{ "4 GiB is not 0",		0x100001000, 16, 4, -EFAULT, 0 },
	{ "up to 2^64",			TOP, 16, 4, 0, -4ULL },
	{ "up to 2^64, a step of 8",	TOP, 16, 8, -ENOENT, 0 },
};

static void test_scan(void)
{
	static const char text[] = "LBI.LBIO..LBLBIOLBIOLBIoxLBILBIO";
	struct machine m = {};
	u32 i;

	machine_add(&m, 0x1000, text, 32);
	machine_add(&m, TOP, "LBIoLBI LBI LBIO", 16);
	for (i = 0; i < ARRAY_SIZE(scans); i++) {
		u64 pa = scans[i].pa;

		expect_eq(ram_scan(&m.ram, &pa, scans[i].len, scans[i].step,
				   0x4f49424c), scans[i].want);
		expect_eq(pa, scans[i].want ? scans[i].pa : scans[i].at);
		ktap_done("scan: %s", scans[i].name);
	}
	machine_free(&m);
}

static const struct {
	const char *name;
	u64 pa;
	u32 size;
	int want;
	const char *text;
} strings[] = {
	{ "whole",			0, 6, 0, "hello" },
	{ "cut",			0, 5, 0, "hell" },
	{ "room for the end only",	0, 1, 0, "" },
	{ "empty",			5, 8, 0, "" },
	{ "cut where memory ends",	HIGH, 8, 0, "endless" },
	{ "memory ends first",		HIGH, 9, -EFAULT, "" },
	{ "not there",			0x1000, 8, -EFAULT, "" },
	{ "ends at 2^64",		TOP, 32, 0, "0123456789abcde" },
};

static void test_string(void)
{
	struct machine m;
	u32 i;

	machine_new(&m);
	for (i = 0; i < ARRAY_SIZE(strings); i++) {
		char *dst = allocate(strings[i].size);

		memset(dst, 0xa5, strings[i].size);
		expect_eq(ram_string(&m.ram, strings[i].pa, dst,
				     strings[i].size), strings[i].want);
		expect_string(dst, strings[i].text);
		ktap_done("string: %s", strings[i].name);
		free(dst);
	}
	machine_free(&m);
}

/* Memory above 4 GiB: another's business, if no segment has all of it. */
#define SEGMENT		(6 * GIB)

static struct {
	u32 calls, len;
	u64 pa;
	int ret;
} asked;

static u8 high_byte(u64 pa)
{
	return 'A' + pa % 23;
}

static int read_high(u64 pa, void *dst, u32 len)
{
	u8 *p = dst;
	u32 i;

	asked.calls++;
	asked.pa = pa;
	asked.len = len;
	for (i = 0; !asked.ret && i < len; i++)
		p[i] = high_byte(pa + i);
	return asked.ret;
}

static void machine_new_high(struct machine *m, int ret)
{
	machine_new(m);
	machine_add(m, 4 * GIB - 16, "below four GiB:)", 16);
	machine_add(m, SEGMENT, "segment", 7);
	m->ram.read_high = read_high;
	asked.calls = 0;
	asked.ret = ret;
}

static const struct {
	const char *name;
	u64 pa;
	u32 len;
	bool asks;
	int ret, want;			/* of read_high(), of all */
	const char *bytes;		/* from a segment */
} highs[] = {
	{ "at 4 GiB", 4 * GIB, 16, true, 0, 0, NULL },
	{ "far above", 1ULL << 51, 1, true, 0, 0, NULL },
	{ "nothing", 5 * GIB, 0, true, 0, 0, NULL },
	{ "in a segment", SEGMENT, 7, false, 0, 0, "segment" },
	{ "in a segment, its last byte", SEGMENT + 6, 1, false, 0, 0, "t" },
	{ "past a segment's end", SEGMENT + 6, 2, true, 0, 0, NULL },
	{ "before a segment", SEGMENT - 1, 2, true, 0, 0, NULL },
	{ "in the segment at 2^64", TOP, 16, false, 0, 0, "0123456789abcde" },
	{ "wrap at 2^64: high.c knows", TOP, 17, true, -EFAULT, -EFAULT,
	  NULL },
	{ "its error is passed on", 4 * GIB, 16, true, -EFAULT, -EFAULT, NULL },
	{ "whatever it is", 4 * GIB, 16, true, -EINVAL, -EINVAL, NULL },
	{ "up to 4 GiB", 4 * GIB - 16, 16, false, 0, 0, "below four GiB:)" },
	{ "across 4 GiB", 4 * GIB - 16, 17, false, 0, -EFAULT, NULL },
	{ "across 4 GiB, size ~0", 1, ~0U, false, 0, -EFAULT, NULL },
	{ "below, and not there", 3 * GIB, 1, false, 0, -EFAULT, NULL },
};

static void test_high(u32 i)
{
	u32 room = highs[i].want ? 32 : highs[i].len, k;
	u8 *dst = allocate(room);
	struct machine m;

	machine_new_high(&m, highs[i].ret);
	memset(dst, 0xa5, room);
	expect_eq(ram_read(&m.ram, highs[i].pa, dst, highs[i].len),
		  highs[i].want);
	expect_eq(asked.calls, highs[i].asks);
	if (highs[i].asks) {
		expect_eq(asked.pa, highs[i].pa);
		expect_eq(asked.len, highs[i].len);
	}
	for (k = 0; k < room; k++)
		if (highs[i].want)
			expect_eq(dst[k], 0xa5);
		else
			expect_eq(dst[k], highs[i].bytes ?
				  (u8)highs[i].bytes[k] :
				  high_byte(highs[i].pa + k));
	ktap_done("high: %s", highs[i].name);
	machine_free(&m);
	free(dst);
}

static void test_high_move(void)
{
	const char *was = "hello\0abcdefghi";
	struct machine m;
	u32 i;

	machine_new_high(&m, 0);
	expect_eq(ram_move(&m.ram, 3, 5 * GIB, 10), 0);
	expect_eq(asked.calls, 1);
	for (i = 0; i < 16; i++)
		expect_eq(machine_piece(&m, 0)[i], i < 3 || i >= 13 ?
			  (u8)was[i] : high_byte(5 * GIB + i - 3));
	ktap_done("high: moved to below");

	expect_eq(ram_move(&m.ram, 5 * GIB, 0, 1), -EFAULT);
	expect_eq(ram_move(&m.ram, 5 * GIB, 6 * GIB, 1), -EFAULT);
	expect_eq(ram_move(&m.ram, 10, 5 * GIB, 7), -EFAULT);
	expect_eq(asked.calls, 1);
	ktap_done("high: no destination");

	asked.ret = -EFAULT;
	expect_eq(ram_move(&m.ram, 0, 5 * GIB, 1), -EFAULT);
	expect_eq(asked.calls, 2);
	ktap_done("high: a source out of reach");
	machine_free(&m);
}

static void test_high_string(void)
{
	char dst[8];
	struct machine m;
	u32 i;

	machine_new_high(&m, 0);
	memset(dst, 0xa5, sizeof(dst));
	expect_eq(ram_string(&m.ram, 5 * GIB, dst, 7), 0);
	for (i = 0; i < 6; i++)
		expect_eq(dst[i], high_byte(5 * GIB + i));
	expect_eq(dst[6], 0);
	expect_eq((u8)dst[7], 0xa5);
	expect_eq(asked.calls, 1);
	ktap_done("high: a string");

	asked.ret = -EFAULT;
	expect_eq(ram_string(&m.ram, 5 * GIB, dst, 7), -EFAULT);
	expect_string(dst, "");
	ktap_done("high: a string out of reach");
	machine_free(&m);
}

/* What is written, searched or ours is never up there. */
static void test_high_not(void)
{
	struct machine m;
	u64 pa = 5 * GIB;

	machine_new_high(&m, 0);
	expect_eq(ram_write(&m.ram, 5 * GIB, "x", 1), -EFAULT);
	expect_eq(ram_scan(&m.ram, &pa, 16, 4, 0), -EFAULT);
	expect_eq(pa, 5 * GIB);
	expect(!ram_own(&m.ram, 5 * GIB, 1));
	expect_eq(asked.calls, 0);
	ktap_done("high: no write, no search, no pointer");

	m.ram.read_high = NULL;
	expect_eq(ram_read(&m.ram, 5 * GIB, &pa, 1), -EFAULT);
	expect_eq(ram_move(&m.ram, 0, 5 * GIB, 1), -EFAULT);
	expect_eq(pa, 5 * GIB);
	ktap_done("high: nobody to ask");
	machine_free(&m);
}

int main(void)
{
	static u8 own;
	u32 i;

	test_read();
	test_write();
	test_move();
	test_scan();
	test_string();
	for (i = 0; i < ARRAY_SIZE(highs); i++)
		test_high(i);
	test_high_move();
	test_high_string();
	test_high_not();
	expect_eq(ram_address(&own), (u32)(unsigned long)&own);
	ktap_done("address");
	return ktap_status();
}
