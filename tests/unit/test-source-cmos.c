// SPDX-License-Identifier: GPL-2.0
/*
 * Memory sizes beside the clock (source-cmos.c), from an emulated one. Numbers
 * of registers: Ralf Brown's interrupt list, CMOS.LST.
 */
#include "fixture.h"

#define INDEX		0x70
#define DATA		0x71

#define BASE		0x15
#define EXTENDED	0x17
#define FOUND		0x30

static const struct source source = { 0, cmos_probe };

/* The clock, and what it was asked. */
static struct {
	u8 data[128];
	u8 index;
	u32 accesses;
} now;

void port_write(u8 value, u16 port)
{
	now.accesses++;
	expect_eq(port, INDEX);
	/* The highest bit would keep NMIs away for good. */
	if (expect(value < sizeof(now.data)))
		now.index = value;
}

u8 port_read(u16 port)
{
	now.accesses++;
	expect_eq(port, DATA);
	return now.data[now.index];
}

static void clock_new(u16 base, u16 extended, u16 found)
{
	memset(&now, 0xa5, sizeof(now));
	now.accesses = 0;
	put_le16(now.data + BASE, base);
	put_le16(now.data + EXTENDED, extended);
	put_le16(now.data + FOUND, found);
}

static const struct {
	const char *name;
	u16 base, extended, found;
	u32 want;			/* KiB from 1 MiB, 0: -ENOENT */
} cases[] = {
	/* QEMU 7.2, -m 128, by inb: 16 bits hold no more than 64 MiB */
	{ "QEMU, 128 MiB", 640, 0xffff, 0xffff, 0xffff },
	{ "QEMU, 16 MiB", 640, 15360, 15360, 15360 },
	{ "an AT of 1 MiB", 640, 384, 384, 384 },
	{ "an AT of 512 KiB and 1 MiB", 512, 1024, 1024, 1024 },
	{ "an EBDA", 639, 7168, 7168, 7168 },
	{ "1 KiB each", 1, 1, 1, 1 },
	{ "a byte each: 255 and 256", 255, 256, 256, 256 },
	/* a module was taken out, and nobody ran the setup */
	{ "less found than set up", 640, 15360, 7168, 7168 },
	{ "more found than set up", 640, 7168, 15360, 7168 },

	{ "no clock", 0xffff, 0xffff, 0xffff, 0 },
	{ "an empty clock", 0, 0, 0, 0 },
	{ "no base memory", 0, 7168, 7168, 0 },
	{ "base memory of 641", 641, 7168, 7168, 0 },
	{ "base memory of ffff", 0xffff, 7168, 7168, 0 },
	{ "nothing set up", 640, 0, 7168, 0 },
	{ "nothing found", 640, 7168, 0, 7168 },
};

static void test_cases(void)
{
	static const struct handoff handoff;
	static const struct machine none;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct range want[] = {
			{ 0, cases[i].base * KIB, MEM_RAM },
			{ MIB, cases[i].want * KIB, MEM_RAM },
		};
		struct bootinfo *bi = bootinfo_new();
		bool is_known = cases[i].want;

		clock_new(cases[i].base, cases[i].extended, cases[i].found);
		expect_eq(probe(&source, &none, &handoff, bi),
			  is_known ? 0 : -ENOENT);
		expect_eq(bi->map_rank, is_known ? MAP_CMOS : MAP_NONE);
		expect_string(bi->map_source, is_known ? "cmos" : NULL);
		expect_map(&bi->map, want, is_known ? 2 : 0);
		expect(!bi->protocol && !bi->firmware);
		expect_eq(now.accesses, 12);
		ktap_done("%s", cases[i].name);
		free(bi);
	}
}

/* With any map there is, not one port is touched. */
static void test_ranks(void)
{
	static const struct handoff handoff;
	static const struct machine none;
	u32 rank;

	for (rank = MAP_LOADER; rank <= MAP_CMOS; rank++) {
		struct bootinfo *bi = bootinfo_new();

		memmap_add(&bi->offer, 0, 640 * KIB, MEM_RAM);
		bootinfo_set_map(from(bi, "earlier"), rank);
		clock_new(640, 1024, 1024);
		expect_eq(probe(&source, &none, &handoff, bi), -ENOENT);
		expect_eq(now.accesses, 0);
		expect_string(bi->map_source, "earlier");
		ktap_done("a map of rank %u", rank);
		free(bi);
	}
}

int main(void)
{
	test_cases();
	test_ranks();
	return ktap_status();
}
