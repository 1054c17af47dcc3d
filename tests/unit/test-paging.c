// SPDX-License-Identifier: GPL-2.0
/*
 * Page tables (paging.c), walked as the CPU does: Intel SDM volume 3A,
 * section 4.5, "4-Level Paging".
 */
#include "fixture.h"

#include "paging.h"

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

static void walk(const u8 *tables, u32 pa, u64 address)
{
	u64 table, value;

	table = follow(entry(tables, 0, address >> 39 & 511), pa);
	table = follow(entry(tables, table, address >> 30 & 511), pa);
	value = entry(tables, table, address >> 21 & 511);
	expect_eq(value, address | LARGE | WRITABLE | PRESENT);
}

static void test_place(u32 pa)
{
	u8 *tables = allocate(PAGING_SIZE);
	u64 address;
	u32 i;

	memset(tables, 0xa5, PAGING_SIZE);
	paging_identity_map(tables, pa);
	for (address = 0; address < 4 * GIB; address += 2 * MIB)
		walk(tables, pa, address);
	ktap_done("tables at %#x: 4 GiB", pa);

	for (i = 1; i < 512; i++)
		expect_eq(entry(tables, 0, i), 0);
	for (i = 4; i < 512; i++)
		expect_eq(entry(tables, follow(entry(tables, 0, 0), pa), i), 0);
	ktap_done("tables at %#x: nothing more", pa);
	free(tables);
}

int main(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		test_place(places[i]);
	return ktap_status();
}
