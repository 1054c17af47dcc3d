// SPDX-License-Identifier: GPL-2.0
/*
 * Memory above 4 GiB (high.c): its page tables are walked as a CPU in PAE mode
 * does (Intel SDM volume 3A, section 4.4), and lead to simulated memory.
 */
#include "fixture.h"

#include "machine/paging.h"

/* Physical addresses, whatever the pointers are. */
#define TABLES		0x1234000U
#define PDPT		0x2345600U
#define PDPT_ALIGN	32

#define PRESENT		0x001ULL
#define LARGE		0x080ULL
#define PDPTE_RESERVED	0x1e6ULL	/* bits 1, 2, 5 to 8: table 4-8 */
#define PDE_RESERVED	0x1fe000ULL	/* bits 13 to 20: table 4-9 */

#define LAST_PAGE	2047		/* of 2 MiB, below 4 GiB */
#define GUARD		8

#define TIB		(1024 * GIB)

/* The CPU, and what has happened. */
static struct {
	u32 bits;
	const u8 *tables;
	const u8 *pdpt;
	u32 copies;
} now;

static u8 byte_at(u64 pa)
{
	return pa ^ pa >> 8 ^ pa >> 16 ^ (pa >> 21) * 5 ^ pa >> 40;
}

u32 cpu_physical_bits(void)
{
	return now.bits;
}

/* Of two things high.c may want to know it. */
u32 ram_address(const void *own)
{
	if (own == now.tables)
		return TABLES;
	expect(!((unsigned long)own % PDPT_ALIGN));
	now.pdpt = own;
	return PDPT;
}

/* Bits that must be 0 besides: those that no address has, and 63. */
static u64 follow(u64 entry, u64 reserved)
{
	expect(entry & PRESENT);
	expect_eq(entry & (reserved | -(1ULL << now.bits)), 0);
	return entry;
}

static u64 translate(u32 linear)
{
	u64 entry = follow(get_le64(now.pdpt + (linear >> 30) * 8),
			   PDPTE_RESERVED);
	u64 directory = entry & ~0xfffULL;

	if (!expect(directory >= TABLES && directory - TABLES <=
		    PAGING_DIRECTORIES_SIZE - 0x1000))
		return 0;
	entry = follow(get_le64(now.tables + (directory - TABLES) +
				(linear >> 21 & 511) * 8), PDE_RESERVED);
	expect(entry & LARGE);
	return (entry & ~0x1fffffULL) | (linear & 0x1fffff);
}

/* The code that copies, its stack, the destination: all where they were. */
static void expect_identity(void)
{
	u32 i;

	for (i = 0; i < LAST_PAGE; i++)
		expect_eq(translate(i << 21), (u64)i << 21);
}

void high_copy(void *dst, u32 src, u32 len, u32 pdpt)
{
	u8 *p = dst;
	u64 pa;
	u32 i;

	now.copies++;
	expect_eq(pdpt, PDPT);
	if (!expect(now.pdpt && len) ||
	    !expect_eq(src >> 21, LAST_PAGE) ||
	    !expect((src & 0x1fffff) + len <= 2 * MIB))
		return;
	expect_identity();
	pa = translate(src);
	for (i = 0; i < len; i++)
		p[i] = byte_at(pa + i);
}

static const struct {
	const char *name;
	u32 bits;
	u64 pa;
	u32 len, copies;
	int want;
} cases[] = {
	/* cpu.S: what a CPU without PAE has */
	{ "no PAE", 32, 4 * GIB, 1, 0, -EFAULT },
	{ "no PAE, across 4 GiB", 32, 4 * GIB - 1, 2, 0, -EFAULT },
	{ "no PAE, up to 2^64", 32, -1ULL, 1, 0, -EFAULT },

	/* cpu.S: 36 bits where the CPU does not say */
	{ "a byte at 4 GiB", 36, 4 * GIB, 1, 1, 0 },
	{ "nothing", 36, 4 * GIB, 0, 0, 0 },
	{ "a byte before a large page ends", 36, 6 * GIB - 1, 1, 1, 0 },
	{ "two, across its end", 36, 6 * GIB - 1, 2, 2, 0 },
	{ "a large page", 36, 5 * GIB, 2 * MIB, 1, 0 },
	{ "a large page and a byte", 36, 5 * GIB, 2 * MIB + 1, 2, 0 },
	{ "a byte and a large page", 36, 5 * GIB - 1, 2 * MIB + 1, 2, 0 },
	{ "half, one, half", 36, 5 * GIB + MIB, 4 * MIB, 3, 0 },
	{ "odd, and three of them", 36, 7 * GIB + 12345, 4 * MIB + 7, 3, 0 },
	{ "again what was first", 36, 4 * GIB, 1, 1, 0 },
	{ "up to 64 GiB", 36, 64 * GIB - 4096, 4096, 1, 0 },
	{ "nothing, at 64 GiB", 36, 64 * GIB, 0, 0, 0 },
	{ "across 64 GiB", 36, 64 * GIB - 4096, 4097, 0, -EFAULT },
	{ "at 64 GiB", 36, 64 * GIB, 1, 0, -EFAULT },
	{ "size ~0 across 64 GiB", 36, 61 * GIB, ~0U, 0, -EFAULT },

	/* QEMU's default: 40; the most there can be: 52 */
	{ "up to 1 TiB", 40, TIB - 5, 5, 1, 0 },
	{ "across 1 TiB", 40, TIB - 5, 6, 0, -EFAULT },
	{ "more than 64 GiB", 40, 64 * GIB, 16, 1, 0 },
	{ "up to 2^52", 52, (1ULL << 52) - 3 * MIB, 3 * MIB, 2, 0 },
	{ "across 2^52", 52, (1ULL << 52) - 1, 2, 0, -EFAULT },
	{ "at 2^52", 52, 1ULL << 52, 1, 0, -EFAULT },

	{ "up to 2^64", 52, -16ULL, 16, 0, -EFAULT },
	{ "wrap at 2^64", 52, -1ULL, 2, 0, -EFAULT },
	{ "wrap at 2^64, size ~0", 52, -1ULL, ~0U, 0, -EFAULT },
	{ "wrap to above 4 GiB: not with 32 bits of size", 52, -2ULL, ~0U, 0,
	  -EFAULT },
};

static void expect_guard(const u8 *guard)
{
	u32 i;

	for (i = 0; i < GUARD; i++)
		expect_eq(guard[i], 0xa5);
}

static void test_case(u32 i, u8 *tables)
{
	const bool fails = cases[i].want;
	u32 len = fails ? 0 : cases[i].len;
	u8 *memory = allocate(len + 2 * GUARD);
	u8 *dst = memory + GUARD;
	u32 k;

	memset(memory, 0xa5, len + 2 * GUARD);
	now.bits = cases[i].bits;
	now.copies = 0;
	expect_eq(high_read(tables, cases[i].pa, dst, cases[i].len),
		  cases[i].want);
	expect_eq(now.copies, cases[i].copies);
	for (k = 0; k < len; k++)
		if (!expect_eq(dst[k], byte_at(cases[i].pa + k)))
			break;
	expect_guard(memory);
	expect_guard(dst + len);
	ktap_done("%u bits: %s", cases[i].bits, cases[i].name);
	free(memory);
}

int main(void)
{
	u8 *tables = aligned_alloc(0x1000, PAGING_DIRECTORIES_SIZE);
	u32 i;

	if (!tables)
		abort();
	memset(tables, 0xa5, PAGING_DIRECTORIES_SIZE);
	now.tables = tables;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		test_case(i, tables);
	free(tables);
	return ktap_status();
}
