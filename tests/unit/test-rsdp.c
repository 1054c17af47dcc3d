// SPDX-License-Identifier: GPL-2.0
/*
 * The search for ACPI's root pointer (rsdp.c): ACPI 6.4, section 5.2.5.
 */
#include "fixture.h"

#define AREA	0xe0000
#define SIZE	0x200
#define NOWHERE	(~0U)

/* Offsets of a true one, of one that has a bad sum, of one misspelt. */
static const struct {
	const char *name;
	u32 good, bad, text;
	u32 start, len;			/* what is searched */
	u32 want;
} examples[] = {
	{ "at the start", 0, NOWHERE, NOWHERE, 0, SIZE, 0 },
	{ "inside", 0x120, NOWHERE, NOWHERE, 0, SIZE, 0x120 },
	{ "at the end", SIZE - 32, NOWHERE, NOWHERE, 0, SIZE, SIZE - 32 },
	{ "none", NOWHERE, NOWHERE, NOWHERE, 0, SIZE, NOWHERE },
	{ "a bad sum", NOWHERE, 0x20, NOWHERE, 0, SIZE, NOWHERE },
	{ "a bad sum first", 0x40, 0x20, NOWHERE, 0, SIZE, 0x40 },
	{ "a bad sum later", 0x20, 0x40, NOWHERE, 0, SIZE, 0x20 },
	{ "a wrong signature first", 0x40, NOWHERE, 0x10, 0, SIZE, 0x40 },
	{ "a wrong signature at the end", NOWHERE, NOWHERE, SIZE - 16, 0, SIZE,
	  NOWHERE },
	{ "not at a multiple of 16", 0x48, NOWHERE, NOWHERE, 0, SIZE,
	  NOWHERE },
	{ "before the start", 0, NOWHERE, NOWHERE, 0x10, SIZE - 0x10,
	  NOWHERE },
	{ "where the search begins", 0x20, NOWHERE, NOWHERE, 0x20, SIZE - 0x20,
	  0x20 },
	{ "behind the end", 0x40, NOWHERE, NOWHERE, 0, 0x40, NOWHERE },
	{ "nothing to search", 0, NOWHERE, NOWHERE, 0, 0, NOWHERE },
	{ "3 bytes to search", 0, NOWHERE, NOWHERE, 0, 3, NOWHERE },
	/* the step behind the last place is beyond the end */
	{ "an odd length, a bad sum last", NOWHERE, 0x40, NOWHERE, 0, 0x45,
	  NOWHERE },
	{ "an odd length, good behind it", 0x50, 0x40, NOWHERE, 0, 0x44,
	  NOWHERE },
	{ "memory ends first", 0, NOWHERE, NOWHERE, 0, SIZE + 1, NOWHERE },
	{ "4 GiB", 0, NOWHERE, NOWHERE, 0, ~0U, NOWHERE },
};

/* The first 20 bytes sum up to 0; what is behind them has other sums. */
static void put_rsdp(u8 *at, bool good)
{
	u8 sum = 0;
	u32 i;

	memcpy(at, "RSD PTR \0TESTS \2\x44\x33\x22\x11", 20);
	for (i = 0; i < 20; i++)
		sum += at[i];
	at[8] = -sum + !good;
	at[20] = 36;
}

int main(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(examples); i++) {
		struct machine m = {};
		u8 *area = machine_add(&m, AREA, NULL, SIZE);
		u64 pa = AREA + examples[i].start;

		if (examples[i].good != NOWHERE)
			put_rsdp(area + examples[i].good, true);
		if (examples[i].bad != NOWHERE)
			put_rsdp(area + examples[i].bad, false);
		if (examples[i].text != NOWHERE)
			memcpy(area + examples[i].text,
			       "RSD PTr \xc1", 9);
		expect_eq(rsdp_find(&m.ram, &pa, examples[i].len),
			  examples[i].want == NOWHERE ? -ENOENT : 0);
		if (examples[i].want != NOWHERE)
			expect_eq(pa, AREA + examples[i].want);
		ktap_done("%s", examples[i].name);
		machine_free(&m);
	}
	return ktap_status();
}
