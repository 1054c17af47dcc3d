// SPDX-License-Identifier: GPL-2.0
/*
 * Page tables (paging.c), walked as the CPU does: Intel SDM volume 3A,
 * section 4.5, "4-Level Paging and 5-Level Paging".
 */
#include "fixture.h"

#include "machine/paging.h"

#define PRESENT		0x001ULL
#define WRITABLE	0x002ULL
#define LARGE		0x080ULL
#define ADDRESS		0x000ffffffffff000ULL
#define ENTRY_BYTES	8

static const u32 places[] = { 0, 0x1000, 0x1234000, 0x7ffff000, 0xffff9000 };

static u64 entry(const u8 *tables, u64 table, u32 index)
{
	const u8 *p = tables + table + index * ENTRY_BYTES;
	u64 value = 0;
	u32 i;

	for (i = 0; i < ENTRY_BYTES; i++)
		value |= (u64)p[i] << 8 * i;
	return value;
}

/* The next table, as an offset in the tables. */
static u64 follow(u64 value, u32 pa)
{
	expect_eq(value & ~ADDRESS, PRESENT | WRITABLE);
	if (!expect((value & ADDRESS) >= pa &&
		    (value & ADDRESS) - pa <= PAGING_SIZE - 0x1000))
		return 0;
	return (value & ADDRESS) - pa;
}

/* A table's entries from one number on are empty. */
static void expect_empty(const u8 *tables, u64 table, u32 from)
{
	for (; from < 512; from++)
		expect_eq(entry(tables, table, from), 0);
}

static void walk(const u8 *tables, u32 pa, u64 pml4, u64 address)
{
	u64 table, value;

	table = follow(entry(tables, pml4, address >> 39 & 511), pa);
	table = follow(entry(tables, table, address >> 30 & 511), pa);
	/* main.c and high.c: the directories come first. */
	expect_eq(table, (address >> 30) * 0x1000);
	value = entry(tables, table, address >> 21 & 511);
	expect_eq(value, address | LARGE | WRITABLE | PRESENT);
}

static void test_place(u32 pa, u32 levels)
{
	u8 *tables = allocate(PAGING_SIZE);
	u64 address, root, pml4;

	memset(tables, 0xa5, PAGING_SIZE);
	root = paging_identity_map(tables, pa, levels == 5) - pa;
	if (!expect(root <= PAGING_SIZE - 0x1000 && !(root & 0xfff)))
		root = 0;
	pml4 = levels == 5 ? follow(entry(tables, root, 0), pa) : root;
	for (address = 0; address < 4 * GIB; address += 2 * MIB)
		walk(tables, pa, pml4, address);
	ktap_done("tables at %#x, %u levels: 4 GiB", pa, levels);

	expect_empty(tables, root, 1);
	expect_empty(tables, pml4, 1);
	expect_empty(tables, follow(entry(tables, pml4, 0), pa), 4);
	ktap_done("tables at %#x, %u levels: nothing more", pa, levels);
	free(tables);
}

/* The directories alone, and one large page that shows something else. */
static const struct {
	const char *name;
	u32 at;
	u64 pa;
} windows[] = {
	{ "the first page",		0, 4 * GIB },
	{ "the first of the second",	512, 5 * GIB - 2 * MIB },
	{ "the last page",		2047, 6 * GIB },
	/* SDM, table 4-9: bits 21 to 51 */
	{ "the highest address",	2047, (1ULL << 52) - 2 * MIB },
	{ "the page itself",		1000, 1000 * 2 * MIB },
};

static void test_directories(void)
{
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(windows); i++) {
		u8 *tables = allocate(PAGING_DIRECTORIES_SIZE);

		memset(tables, 0xa5, PAGING_DIRECTORIES_SIZE);
		paging_directories(tables);
		paging_set_large(tables, windows[i].at, windows[i].pa);
		for (k = 0; k < 4 * 512; k++)
			expect_eq(entry(tables, 0, k),
				  (k == windows[i].at ? windows[i].pa :
				   k * 2 * MIB) | LARGE | WRITABLE | PRESENT);
		ktap_done("large page: %s", windows[i].name);
		free(tables);
	}
}

int main(void)
{
	u32 i;

	test_directories();
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		test_place(places[i], 4);
		test_place(places[i], 5);
	}
	return ktap_status();
}
