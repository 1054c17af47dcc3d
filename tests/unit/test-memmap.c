// SPDX-License-Identifier: GPL-2.0
/*
 * Memory-map algebra (memmap.c): by example, and against a model that is an
 * array of pages.
 */
#include "fixture.h"

#define TOP		(~0ULL)		/* the last byte there is */

#define RANGES_MAX	10

static const struct {
	const char *name;
	u32 nr, nr_want;
	struct range raw[RANGES_MAX];
	struct range want[RANGES_MAX];
} cases[] = {
	{
		/* Multiboot 0.6.96, section 3.3: both map flags may be clear */
		.name = "empty",
	}, {
		/* Multiboot 0.6.96, section 3.3: mem_lower and mem_upper */
		.name = "minimal",
		.nr = 1, .nr_want = 1,
		.raw = { { 1 * MIB, 31 * MIB, MEM_RAM } },
		.want = { { 1 * MIB, 31 * MIB, MEM_RAM } },
	}, {
		/* data/qemu-multiboot: QEMU 7.2, i440fx, 128 MiB, SeaBIOS */
		.name = "QEMU, backwards",
		.nr = 7, .nr_want = 7,
		.raw = {
			{ 0xfd00000000, 0x300000000, MEM_RESERVED },
			{ 0xfffc0000, 0x40000, MEM_RESERVED },
			{ 0x7fe0000, 0x20000, MEM_RESERVED },
			{ 0x100000, 0x7ee0000, MEM_RAM },
			{ 0xf0000, 0x10000, MEM_RESERVED },
			{ 0x9fc00, 0x400, MEM_RESERVED },
			{ 0, 0x9fc00, MEM_RAM },
		},
		.want = {
			{ 0, 0x9fc00, MEM_RAM },
			{ 0x9fc00, 0x400, MEM_RESERVED },
			{ 0xf0000, 0x10000, MEM_RESERVED },
			{ 0x100000, 0x7ee0000, MEM_RAM },
			{ 0x7fe0000, 0x20000, MEM_RESERVED },
			{ 0xfffc0000, 0x40000, MEM_RESERVED },
			{ 0xfd00000000, 0x300000000, MEM_RESERVED },
		},
	}, {
		/* coreboot of 2014: its tables are above 0xc0000, in "RAM" */
		.name = "coreboot 2014",
		.nr = 4, .nr_want = 4,
		.raw = {
			{ 0, 0x1000, 16 },
			{ 0x1000, 0x9f000, MEM_RAM },
			{ 0xc0000, 0x7f30000, MEM_RAM },
			{ 0x7ff0000, 0x10000, 16 },
		},
		.want = {
			{ 0, 0x1000, 16 },
			{ 0x1000, 0x9f000, MEM_RAM },
			{ 0x100000, 0x7ef0000, MEM_RAM },
			{ 0x7ff0000, 0x10000, 16 },
		},
	}, {
		/* memmap.h: a list of RAM need not know of the hole */
		.name = "RAM across the hole",
		.nr = 1, .nr_want = 2,
		.raw = { { 0, 64 * MIB, MEM_RAM } },
		.want = {
			{ 0, 640 * KIB, MEM_RAM },
			{ 1 * MIB, 63 * MIB, MEM_RAM },
		},
	}, {
		/* memmap.h: 0xA0000-0xFFFFF is never RAM */
		.name = "RAM ends in the hole, RAM inside it",
		.nr = 2, .nr_want = 1,
		.raw = {
			{ 0x90000, 0x18000, MEM_RAM },
			{ 0xc8000, 0x8000, MEM_RAM },
		},
		.want = { { 0x90000, 0x10000, MEM_RAM } },
	}, {
		/* cloud-hypervisor puts its RSDP at 0xa0000: not RAM stays */
		.name = "other types in the hole stay",
		.nr = 3, .nr_want = 4,
		.raw = {
			{ 0, 4 * MIB, MEM_RAM },
			{ 0xa0000, 0x20000, MEM_ACPI },
			{ 0xe0000, 0x20000, MEM_RESERVED },
		},
		.want = {
			{ 0, 0xa0000, MEM_RAM },
			{ 0xa0000, 0x20000, MEM_ACPI },
			{ 0xe0000, 0x20000, MEM_RESERVED },
			{ 1 * MIB, 3 * MIB, MEM_RAM },
		},
	}, {
		/* e820__update_table(): where ranges overlap, the highest */
		.name = "the highest type wins",
		.nr = 5, .nr_want = 6,
		.raw = {
			{ 0x300000, 0x100000, MEM_NVS },
			{ 0x100000, 0x800000, MEM_RAM },
			{ 0x380000, 0x200000, MEM_ACPI },
			{ 0x200000, 0x600000, MEM_RESERVED },
			{ 0x700000, 0x100000, MEM_RAM },
		},
		.want = {
			{ 0x100000, 0x100000, MEM_RAM },
			{ 0x200000, 0x100000, MEM_RESERVED },
			{ 0x300000, 0x100000, MEM_NVS },
			{ 0x400000, 0x180000, MEM_ACPI },
			{ 0x580000, 0x280000, MEM_RESERVED },
			{ 0x800000, 0x100000, MEM_RAM },
		},
	}, {
		/* As above: what is left is two ranges */
		.name = "one inside another",
		.nr = 2, .nr_want = 3,
		.raw = {
			{ 0x400000, 0x100000, MEM_UNUSABLE },
			{ 0x100000, 0x800000, MEM_RAM },
		},
		.want = {
			{ 0x100000, 0x300000, MEM_RAM },
			{ 0x400000, 0x100000, MEM_UNUSABLE },
			{ 0x500000, 0x400000, MEM_RAM },
		},
	}, {
		/* An endless E820h chain (source-bios.c) tells it all again */
		.name = "duplicates",
		.nr = 4, .nr_want = 2,
		.raw = {
			{ 0x100000, 0x100000, MEM_RAM },
			{ 0x200000, 0x1000, MEM_ACPI },
			{ 0x100000, 0x100000, MEM_RAM },
			{ 0x200000, 0x1000, MEM_ACPI },
		},
		.want = {
			{ 0x100000, 0x100000, MEM_RAM },
			{ 0x200000, 0x1000, MEM_ACPI },
		},
	}, {
		/* E801h: 1 to 16 MiB, and from there on */
		.name = "neighbours become one",
		.nr = 4, .nr_want = 1,
		.raw = {
			{ 0x3000000, 0x1000, MEM_RAM },
			{ 0x1000000, 0x2000000, MEM_RAM },
			{ 0x100000, 0xe00000, MEM_RAM },
			{ 0xf00000, 0x100000, MEM_RAM },
		},
		.want = { { 0x100000, 0x2f01000, MEM_RAM } },
	}, {
		/* Two of different types are not neighbours */
		.name = "different neighbours stay two",
		.nr = 2, .nr_want = 2,
		.raw = {
			{ 0x200000, 0x100000, MEM_ACPI },
			{ 0x100000, 0x100000, MEM_RAM },
		},
		.want = {
			{ 0x100000, 0x100000, MEM_RAM },
			{ 0x200000, 0x100000, MEM_ACPI },
		},
	}, {
		/* memmap_add(): covers nothing, and splits nothing */
		.name = "size 0",
		.nr = 3, .nr_want = 1,
		.raw = {
			{ 0x180000, 0, MEM_RESERVED },
			{ 0x100000, 0x100000, MEM_RAM },
			{ 0, 0, MEM_RAM },
		},
		.want = { { 0x100000, 0x100000, MEM_RAM } },
	}, {
		/* memmap_add(): cut at 2^64 */
		.name = "size ~0",
		.nr = 1, .nr_want = 1,
		.raw = { { 0x100000, TOP, MEM_RAM } },
		.want = { { 0x100000, TOP - 0xfffff, MEM_RAM } },
	}, {
		/* As above: nothing of it comes out at 0 */
		.name = "wrap at 2^64",
		.nr = 2, .nr_want = 2,
		.raw = {
			{ TOP - 0xfff, 0x10000000, MEM_RESERVED },
			{ 0x100000, 0x100000, MEM_RAM },
		},
		.want = {
			{ 0x100000, 0x100000, MEM_RAM },
			{ TOP - 0xfff, 0x1000, MEM_RESERVED },
		},
	}, {
		/* The last byte of all, cut out of what reaches to it */
		.name = "overlaps at 2^64",
		.nr = 2, .nr_want = 2,
		.raw = {
			{ TOP, 1, MEM_RESERVED },
			{ TOP - 0xffff, 0x10000, MEM_RAM },
		},
		.want = {
			{ TOP - 0xffff, 0xffff, MEM_RAM },
			{ TOP, 1, MEM_RESERVED },
		},
	}, {
		/* Types that ACPI has no number for are kept (loaders.md, 2) */
		.name = "unknown types",
		.nr = 2, .nr_want = 2,
		.raw = {
			{ 0x100000, 0x100000, 0xefffffff },
			{ 0x200000, 0x100000, 0xffffffff },
		},
		.want = {
			{ 0x100000, 0x100000, 0xefffffff },
			{ 0x200000, 0x100000, 0xffffffff },
		},
	},
};

/* loaders.md, section 2: numbers that all tables have in common. */
static const struct {
	u32 type, want;
} types[] = {
	{ 0, MEM_RESERVED },
	{ 1, MEM_RAM },
	{ 2, MEM_RESERVED },
	{ 3, MEM_ACPI },
	{ 4, MEM_NVS },
	{ 5, MEM_UNUSABLE },
	{ 6, MEM_RESERVED },
	{ 7, MEM_PERSISTENT },
	{ 12, MEM_RESERVED },
	{ 13, MEM_RESERVED },
	{ 16, MEM_RESERVED },			/* coreboot: its tables */
	{ 0x101, MEM_RESERVED },
	{ 0x10001, MEM_RESERVED },
	{ 0x80000001, MEM_RESERVED },
	{ 0xeffffffe, MEM_RESERVED },
	{ 0xefffffff, MEM_SOFT_RESERVED },
	{ 0xf0000000, MEM_RESERVED },
	{ 0xffffffff, MEM_RESERVED },
};

static void test_type(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		expect_eq(memmap_type(types[i].type), types[i].want);
	ktap_done("type");
}

static struct memmap *new_map(void)
{
	struct memmap *map = allocate(sizeof(*map));

	memset(map, 0xa5, sizeof(*map));
	memmap_init(map);
	return map;
}

static void test_cases(void)
{
	struct memmap *raw = new_map(), *map = new_map();
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memmap_init(raw);
		for (k = 0; k < cases[i].nr; k++)
			memmap_add(raw, cases[i].raw[k].start,
				   cases[i].raw[k].size, cases[i].raw[k].type);
		memmap_normalise(map, raw);
		expect_map(map, cases[i].want, cases[i].nr_want);
		expect(!map->truncated);
		ktap_done("normalise: %s", cases[i].name);
	}
	free(raw);
	free(map);
}

/* Every second MiB, so that none touches another. */
static u64 nth_start(u32 i)
{
	return (1 + 2 * (u64)i) * MIB;
}

static void add_many(struct memmap *raw, u32 nr, u32 type)
{
	u32 i;

	for (i = 0; i < nr; i++)
		memmap_add(raw, nth_start(i), MIB, type);
}

/* Nothing of it is RAM, and nothing of it is unknown. */
static bool covers(const struct memmap *map, u64 start, u64 size)
{
	u64 end = start + size;
	u32 i;

	for (i = 0; i < map->nr && start < end; i++) {
		const struct range *range = &map->range[i];

		if (start >= range->start &&
		    start - range->start < range->size &&
		    range->type != MEM_RAM)
			start = range->start + range->size;
	}
	return start >= end;
}

static void test_capacity(void)
{
	static const u32 counts[] = { 128, 129, 511, 512, 513, 2000 };
	struct memmap *raw = new_map(), *map = new_map();
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		u32 nr = counts[i];

		memmap_init(raw);
		add_many(raw, nr, MEM_RAM);
		memmap_normalise(map, raw);
		expect_eq(map->truncated, nr > MEMMAP_MAX);
		if (nr > MEMMAP_MAX)
			nr = MEMMAP_MAX;
		expect_eq(map->nr, nr);
		for (k = 0; k < map->nr; k++)
			expect_eq(map->range[k].start, nth_start(k));
		ktap_done("capacity: %u ranges", counts[i]);
	}

	/*
	 * 511 holes in one range make 1023 of it: too many, but no lies. Two
	 * at a time go.
	 */
	memmap_init(raw);
	memmap_add(raw, 0, 4 * GIB, MEM_RAM);
	add_many(raw, MEMMAP_MAX - 1, MEM_RESERVED);
	memmap_normalise(map, raw);
	expect(map->truncated);
	expect_eq(map->nr, MEMMAP_MAX - 1);
	for (i = 0; i < MEMMAP_MAX - 1; i++)
		for (k = 0; k < 4; k++)
			expect(!memmap_is(map, MEM_RAM,
					  nth_start(i) + k * MIB / 4, MIB / 4));
	ktap_done("capacity: splitting overflows");

	/*
	 * The top of RAM, coreboot's table and the arena, carved out of a full
	 * map: there is room for them, and nothing else changes.
	 */
	memmap_init(raw);
	add_many(raw, MEMMAP_MAX, MEM_RAM);
	memmap_normalise(map, raw);
	for (i = 0; i < 3; i++)
		memmap_set(map, nth_start(7 * i) + 0x1000, 0x1000, MEM_ACPI);
	expect(!map->truncated);
	expect_eq(map->nr, MEMMAP_MAX + 6);
	for (i = 0; i < MEMMAP_MAX; i++) {
		expect(memmap_is(map, MEM_RAM, nth_start(i), 0x1000));
		expect(memmap_is(map, MEM_RAM, nth_start(i) + 0x2000, MIB - 0x2000));
		expect_eq(memmap_is(map, MEM_RAM, nth_start(i) + 0x1000, 0x1000),
			  i % 7 || i > 14);
	}
	for (i = 1; i < map->nr; i++)
		expect(map->range[i].start > map->range[i - 1].start);
	ktap_done("capacity: set in a full map");

	/* More of them than anybody needs: it ends well. */
	for (i = 3; i < MEMMAP_MAX; i++)
		memmap_set(map, nth_start(i) + 0x4000, 0x1000, MEM_NVS);
	expect(map->truncated);
	expect(map->nr <= MEMMAP_ROOM);
	for (i = 3; i < MEMMAP_MAX; i++)
		expect(covers(map, nth_start(i) + 0x4000, 0x1000));
	ktap_done("capacity: set without end");
	free(raw);
	free(map);
}

/*
 * More ranges than there is room for, @nr_ram of RAM among @nr that are not,
 * one after the other, with gaps; RAM grows, and so do the gaps. All that is
 * not RAM stays so; of RAM the large ones stay, and what is below 1 MiB.
 */
static const struct {
	const char *name;
	u32 nr, nr_ram;
	u64 gap;
	u32 type;			/* 0: each has its own */
	bool ram_stays;
} excess[] = {
	{ "reserved ranges come last", 100, 512, 8 * MIB, MEM_RESERVED, false },
	{ "small gaps between reserved ranges", 300, 400, 0x800, MEM_NVS, true },
	{ "more reserved than fit", 2000, 0, 0x10000, MEM_RESERVED, true },
	{ "more reserved than fit, and a little RAM", 2000, 3, 0x1000,
	  MEM_UNUSABLE, true },
	{ "of types that nobody knows", 1000, 4, 0x1000, 0, true },
};

static void test_excess(void)
{
	struct memmap *raw = new_map(), *map = new_map();
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(excess); i++) {
		u32 nr = excess[i].nr, nr_ram = excess[i].nr_ram;
		u64 lost = 0, at;

		memmap_init(raw);
		memmap_add(raw, 0x1000, 0x1000, MEM_RAM);
		for (k = 0, at = MIB; k < nr_ram; k++, at += 4 * MIB)
			memmap_add(raw, at, MIB + k * 0x1000, MEM_RAM);
		for (k = 0, at = 8 * GIB; k < nr; k++) {
			memmap_add(raw, at, 0x1000,
				   excess[i].type ? excess[i].type :
				   0x10000 + k);
			at += 0x1000 + excess[i].gap + k;
		}
		memmap_normalise(map, raw);
		expect(map->truncated);
		expect(map->nr <= MEMMAP_MAX);
		for (k = 1; k < map->nr; k++)
			expect(map->range[k].start >=
			       map->range[k - 1].start + map->range[k - 1].size);
		for (k = 0, at = 8 * GIB; k < nr; k++) {
			expect(covers(map, at, 0x1000));
			at += 0x1000 + excess[i].gap + k;
		}
		expect(memmap_is(map, MEM_RAM, 0x1000, 0x1000));
		/* The largest are last. */
		for (k = 0, at = MIB; k < nr_ram; k++, at += 4 * MIB)
			if (!memmap_is(map, MEM_RAM, at, MIB + k * 0x1000))
				lost += MIB + k * 0x1000;
			else
				break;
		for (; k < nr_ram; k++, at += 4 * MIB)
			expect(memmap_is(map, MEM_RAM, at, MIB + k * 0x1000));
		expect_eq(map->lost, lost);
		expect_eq(!lost, excess[i].ram_stays);
		ktap_done("excess: %s", excess[i].name);
	}

	/* UEFI's descriptors, as they are: many, and few maps made of them. */
	memmap_init(raw);
	for (i = 0; i < 1800; i++)
		memmap_add(raw, MIB + (i * 7 % 1800) * 0x1000, 0x1000,
			   i * 7 % 1800 < 900 ? MEM_RAM : MEM_ACPI);
	memmap_normalise(map, raw);
	expect_map(map, (struct range[]){
		{ MIB, 900 * 0x1000, MEM_RAM },
		{ MIB + 900 * 0x1000, 900 * 0x1000, MEM_ACPI },
	}, 2);
	expect(!map->truncated);
	expect_eq(map->lost, 0);
	ktap_done("excess: fragments of two ranges");
	free(raw);
	free(map);
}

/*
 * What a machine with many bad pages tells: @pages of them in RAM up to @end,
 * @grid from each other or, if that is 0, anywhere.
 */
enum order { UP, DOWN, BAD_FIRST, RAM_FIRST, SHUFFLED, OVER_RAM, UNDER_RAM };

static const struct {
	const char *name;
	u32 pages;
	u64 grid, end;
	enum order order;
} bad[] = {
	{ "256", 255, 100 * MIB, 256 * 100 * MIB, UP },
	{ "257", 257, 100 * MIB, 258 * 100 * MIB, UP },
	{ "257, downwards", 257, 100 * MIB, 258 * 100 * MIB, DOWN },
	{ "300", 300, 100 * MIB, 301 * 100 * MIB, UP },
	{ "300, by type", 300, 100 * MIB, 301 * 100 * MIB, BAD_FIRST },
	{ "600", 600, 100 * MIB, 601 * 100 * MIB, UP },
	{ "600, downwards", 600, 100 * MIB, 601 * 100 * MIB, DOWN },
	{ "600, by type", 600, 100 * MIB, 601 * 100 * MIB, BAD_FIRST },
	{ "600, RAM first", 600, 100 * MIB, 601 * 100 * MIB, RAM_FIRST },
	{ "600, in no order", 600, 100 * MIB, 601 * 100 * MIB, SHUFFLED },
	{ "1000", 1000, 100 * MIB, 1001 * 100 * MIB, UP },
	{ "1000, by type", 1000, 100 * MIB, 1001 * 100 * MIB, BAD_FIRST },
	{ "1000, in no order", 1000, 100 * MIB, 1001 * 100 * MIB, SHUFFLED },
	{ "600 anywhere", 600, 0, 64 * GIB, UP },
	{ "600 anywhere, downwards", 600, 0, 64 * GIB, DOWN },
	{ "600 anywhere, by type", 600, 0, 64 * GIB, BAD_FIRST },
	{ "600 anywhere, RAM first", 600, 0, 64 * GIB, RAM_FIRST },
	{ "600 anywhere, in no order", 600, 0, 64 * GIB, SHUFFLED },
	{ "600 over 64 GiB of RAM", 600, 0, 64 * GIB, OVER_RAM },
	{ "600, and 64 GiB of RAM over them", 600, 0, 64 * GIB, UNDER_RAM },
	{ "2000 over 64 GiB of RAM", 2000, 0, 64 * GIB, OVER_RAM },
};

#define BAD_MAX		2000
#define BAD_SIZE	0x1000ULL

static void swap(struct range *a, struct range *b)
{
	struct range other = *a;

	*a = *b;
	*b = other;
}

/* Page @i at @told[2 * i + 1], RAM in front of it at @told[2 * i]. */
static u32 tell_bad(u32 which, struct range *told)
{
	u64 start = 0, size = bad[which].end / (bad[which].pages + 1);
	u32 i;

	for (i = 0; i < bad[which].pages; i++) {
		u64 at = (i + 1) * size;

		if (bad[which].grid)
			at = (i + 1) * bad[which].grid;
		else
			at -= random_below(size / BAD_SIZE - 1) * BAD_SIZE;
		told[2 * i] = (struct range){ start, at - start, MEM_RAM };
		told[2 * i + 1] = (struct range){ at, BAD_SIZE, MEM_RESERVED };
		start = at + BAD_SIZE;
	}
	told[2 * i] = (struct range){ start, bad[which].end - start, MEM_RAM };
	return 2 * i + 1;
}

static void add_type(struct memmap *raw, const struct range *told, u32 nr,
		     u32 type)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (told[i].type == type)
			memmap_add(raw, told[i].start, told[i].size, type);
}

static void add_bad(struct memmap *raw, const struct range *told, u32 nr,
		    enum order order)
{
	static struct range list[2 * BAD_MAX + 1];
	u64 end = told[nr - 1].start + told[nr - 1].size;
	u32 i;

	memcpy(list, told, nr * sizeof(*told));
	if (order == DOWN)
		for (i = 0; i < nr / 2; i++)
			swap(&list[i], &list[nr - 1 - i]);
	if (order == SHUFFLED)
		for (i = 1; i < nr; i++)
			swap(&list[i], &list[random_below(i + 1)]);
	if (order == OVER_RAM)
		memmap_add(raw, 0, end, MEM_RAM);
	if (order == RAM_FIRST)
		add_type(raw, list, nr, MEM_RAM);
	if (order >= BAD_FIRST && order != SHUFFLED)
		add_type(raw, list, nr, MEM_RESERVED);
	if (order == BAD_FIRST)
		add_type(raw, list, nr, MEM_RAM);
	if (order == UNDER_RAM)
		memmap_add(raw, 0, end, MEM_RAM);
	if (order == UP || order == DOWN || order == SHUFFLED)
		for (i = 0; i < nr; i++)
			memmap_add(raw, list[i].start, list[i].size,
				   list[i].type);
}

static int compare_sizes(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->size < y->size ? -1 : x->size > y->size;
}

/*
 * No map of MEMMAP_MAX ranges loses less than this: a RAM range that becomes
 * reserved saves two, and there is one more for the hole.
 */
static u64 least_loss(const struct range *told, u32 nr)
{
	static struct range ram[BAD_MAX + 1];
	u64 sum = 0;
	u32 i, nr_ram = 0;

	for (i = 0; i < nr; i += 2)
		ram[nr_ram++] = told[i];
	qsort(ram, nr_ram, sizeof(*ram), compare_sizes);
	for (i = 0; nr + 1 > MEMMAP_MAX + 2 * i; i++)
		sum += ram[i].size;
	return sum;
}

static u64 sum_of_ram(const struct range *range, u32 nr)
{
	u64 sum = 0;

	for (; nr; nr--, range++)
		if (range->type == MEM_RAM)
			sum += range->size;
	return sum;
}

static void test_bad_pages(void)
{
	static struct range told[2 * BAD_MAX + 1];
	struct memmap *raw = new_map(), *map = new_map();
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		u32 nr = tell_bad(i, told);
		u64 lost, least = least_loss(told, nr);

		memmap_init(raw);
		add_bad(raw, told, nr, bad[i].order);
		memmap_normalise(map, raw);
		expect_eq(map->truncated, nr + 1 > MEMMAP_MAX);
		expect(map->nr <= MEMMAP_MAX && map->nr + 1 >= MEMMAP_MAX);
		lost = sum_of_ram(told, nr) - (HOLE_END - HOLE_START) -
		       sum_of_ram(map->range, map->nr);
		expect(lost <= 2 * least);
		/* A bad page where RAM is lost already is no RAM. */
		if (bad[i].order < OVER_RAM)
			expect_eq(map->lost, lost);
		expect(map->lost >= lost);
		expect(map->lost <= lost + bad[i].pages * BAD_SIZE);
		expect(memmap_is(map, MEM_RAM, 0, HOLE_START));
		for (k = 1; k < nr; k += 2)
			expect(covers(map, told[k].start, told[k].size));
		for (k = 0; k < map->nr; k++)
			expect(map->range[k].type == MEM_RAM ||
			       map->range[k].type == MEM_RESERVED);
		for (k = 1; k < map->nr; k++)
			expect(map->range[k].start >=
			       map->range[k - 1].start + map->range[k - 1].size);
		ktap_done("bad pages: %s", bad[i].name);
	}
	free(raw);
	free(map);
}

/* As many as a table may have: no millions of steps for each. */
static void test_many_wide(void)
{
	struct memmap *raw = new_map(), *map = new_map();
	u32 i;

	memmap_init(raw);
	for (i = 0; i < MEMMAP_ENTRIES_MAX; i++)
		if (i % 2)
			memmap_add(raw, 0, 64 * GIB + i, MEM_RAM);
		else
			memmap_add(raw, i * 20 * MIB, BAD_SIZE, MEM_NVS);
	memmap_normalise(map, raw);
	for (i = 0; i < MEMMAP_ENTRIES_MAX; i += 2)
		expect(covers(map, i * 20 * MIB, BAD_SIZE));
	expect(sum_of_ram(map->range, map->nr) > 16 * GIB);
	ktap_done("bad pages: RAM is told a thousand times");
	free(raw);
	free(map);
}

static void test_complete(void)
{
	struct memmap *map = new_map();

	expect(!memmap_is_complete(map));
	/* iPXE passes nothing else (loaders.md, section 4.2) */
	memmap_add(map, 0, 640 * KIB, MEM_RAM);
	memmap_add(map, 1 * MIB, 63 * MIB, MEM_RAM);
	expect(!memmap_is_complete(map));
	memmap_add(map, 64 * MIB, 1 * MIB, MEM_RESERVED);
	expect(memmap_is_complete(map));
	ktap_done("is_complete");
	free(map);
}

static void test_is_ram(void)
{
	static const struct {
		u64 start, size;
		bool want;
	} asks[] = {
		{ 0x100000, 0x100000, true },
		{ 0x100000, 1, true },
		{ 0x1fffff, 1, true },
		{ 0x1fffff, 2, false },
		{ 0x0fffff, 1, false },
		{ 0x0fffff, 2, false },
		{ 0x200000, 1, false },		/* type 3 */
		{ 0x100000, 0x100001, false },
		{ 0x100000, TOP, false },	/* size ~0 */
		{ 0x180000, TOP - 0x80000, false }, /* wraps into the range */
		{ TOP, 1, true },
		{ TOP, 2, false },
		{ TOP - 0xfff, 0x1000, true },
	};
	struct memmap *map = new_map();
	u32 i;

	memmap_set(map, 0x100000, 0x100000, MEM_RAM);
	memmap_set(map, 0x200000, 0x100000, MEM_ACPI);
	memmap_set(map, TOP - 0xfff, 0x1000, MEM_RAM);
	for (i = 0; i < ARRAY_SIZE(asks); i++)
		expect_eq(memmap_is(map, MEM_RAM, asks[i].start, asks[i].size),
			  asks[i].want);
	ktap_done("is_ram");
	free(map);
}

/* In a map of RAM 1-16 MiB, ACPI 16-17 MiB, RAM 17-32 MiB, RAM at 5-6 GiB. */
static const struct {
	const char *name;
	u64 min, max, size;
	u32 align;
	u64 want;
	u32 nr_used;
	struct range used[4];
} free_cases[] = {
	{
		.name = "the highest below the limit",
		.min = 1 * MIB, .max = 4 * GIB, .size = 0x1000, .align = 0x1000,
		.want = 32 * MIB - 0x1000,
	}, {
		.name = "above 4 GiB if that is allowed",
		.min = 1 * MIB, .max = TOP, .size = 0x1000, .align = 0x1000,
		.want = 6 * GIB - 0x1000,
	}, {
		.name = "aligned downwards",
		.min = 1 * MIB, .max = 4 * GIB, .size = 0x1001, .align = 0x1000,
		.want = 32 * MIB - 0x2000,
	}, {
		/* arch/i386: initrd below 0x37ffffff, not on a page */
		.name = "an odd limit",
		.min = 1 * MIB, .max = 0x1ffffff, .size = 0x1000,
		.align = 0x1000, .want = 0x1ffe000,
	}, {
		.name = "below what is used",
		.min = 1 * MIB, .max = 4 * GIB, .size = 0x1000, .align = 0x1000,
		.want = 30 * MIB - 0x1000,
		.nr_used = 1, .used = { { 30 * MIB, 2 * MIB, MEM_RAM } },
	}, {
		.name = "between two that are used",
		.min = 1 * MIB, .max = 4 * GIB, .size = 0x1000, .align = 0x1000,
		.want = 29 * MIB,
		.nr_used = 3, .used = {
			{ 29 * MIB + 0x1000, 3 * MIB, MEM_RAM },
			{ 0, 0, MEM_RAM },
			{ 20 * MIB, 9 * MIB, MEM_RAM },
		},
	}, {
		.name = "not in the gap that is one byte short",
		.min = 1 * MIB, .max = 4 * GIB, .size = 0x1000, .align = 1,
		.want = 20 * MIB - 0x1000,
		.nr_used = 2, .used = {
			{ 29 * MIB + 0xfff, 3 * MIB, MEM_RAM },
			{ 20 * MIB, 9 * MIB, MEM_RAM },
		},
	}, {
		.name = "down in the next range",
		.min = 1 * MIB, .max = 4 * GIB, .size = 15 * MIB,
		.align = 0x1000, .want = 1 * MIB,
		.nr_used = 1, .used = { { 17 * MIB, 1, MEM_RAM } },
	}, {
		.name = "used reaches to 2^64",
		.min = 1 * MIB, .max = TOP, .size = 0x1000, .align = 0x1000,
		.want = 3 * MIB - 0x1000,
		.nr_used = 1, .used = { { 3 * MIB, -(3 * MIB), MEM_RAM } },
	}, {
		.name = "no room: too large",
		.min = 1 * MIB, .max = 4 * GIB, .size = 15 * MIB + 1,
		.align = 1,
	}, {
		.name = "no room: size ~0",
		.min = 1 * MIB, .max = TOP, .size = TOP, .align = 0x1000,
	}, {
		.name = "no room: all is used",
		.min = 1 * MIB, .max = 4 * GIB, .size = 1, .align = 1,
		.nr_used = 1, .used = { { 0, 4 * GIB, MEM_RAM } },
	}, {
		.name = "no room: alignment",
		.min = 1 * MIB, .max = 31 * MIB, .size = 0x1000,
		.align = 0x2000000,
	}, {
		.name = "no room: nothing between the limits",
		.min = 2 * MIB, .max = 2 * MIB, .size = 1, .align = 1,
	},
};

static void test_find_free(void)
{
	struct memmap *map = new_map();
	u32 i;

	memmap_set(map, 1 * MIB, 31 * MIB, MEM_RAM);
	memmap_set(map, 16 * MIB, 1 * MIB, MEM_ACPI);
	memmap_set(map, 5 * GIB, 1 * GIB, MEM_RAM);
	for (i = 0; i < ARRAY_SIZE(free_cases); i++) {
		expect_eq(memmap_find_free(map, free_cases[i].used,
					   free_cases[i].nr_used,
					   free_cases[i].min,
					   free_cases[i].max,
					   free_cases[i].size,
					   free_cases[i].align),
			  free_cases[i].want);
		ktap_done("find_free: %s", free_cases[i].name);
	}

	/* A size of ~0, which memmap_add() has cut at 2^64. */
	memmap_init(map);
	memmap_set(map, 1 * MIB, -MIB, MEM_RAM);
	expect_eq(memmap_find_free(map, NULL, 0, 1 * MIB, 4 * GIB, 0x1000,
				   0x1000), 4 * GIB - 0x1000);
	ktap_done("find_free: RAM reaches to 2^64");
	free(map);
}

/*
 * The model: so many pages of 64 KiB, which makes the hole pages 10 to 15,
 * in a window that begins at @base. 0: nothing is there.
 */
#define PAGES		48
#define PAGE		0x10000ULL
#define ROUNDS		4000

struct model {
	u64 base;
	u32 type[PAGES];
};

static void model_set(struct model *model, u32 page, u32 nr, u32 type)
{
	for (; nr; nr--, page++)
		model->type[page] = type;
}

static void model_add(struct model *model, u32 page, u32 nr, u32 type)
{
	for (; nr; nr--, page++)
		if (model->type[page] < type)
			model->type[page] = type;
}

static void model_cut_hole(struct model *model)
{
	u32 i;

	for (i = 0; i < PAGES; i++) {
		u64 at = model->base + i * PAGE;

		if (at >= HOLE_START && at < HOLE_END &&
		    model->type[i] == MEM_RAM)
			model->type[i] = 0;
	}
}

/* The one map that is ascending, disjoint, without equal neighbours. */
static void expect_model(const struct model *model, const struct memmap *map)
{
	struct range want[PAGES];
	u32 nr = 0;
	u32 i;

	for (i = 0; i < PAGES; i++) {
		if (!model->type[i])
			continue;
		if (i && model->type[i] == model->type[i - 1])
			want[nr - 1].size += PAGE;
		else
			want[nr++] = (struct range){
				model->base + i * PAGE, PAGE, model->type[i]
			};
	}
	expect_map(map, want, nr);
}

static bool model_is_ram(const struct model *model, u32 page, u32 nr)
{
	for (; nr; nr--, page++)
		if (page >= PAGES || model->type[page] != MEM_RAM)
			return false;
	return true;
}

static bool model_is_used(const struct range *used, u32 nr_used, u32 page,
			  u32 nr)
{
	u32 i;

	for (; nr; nr--, page++)
		for (i = 0; i < nr_used; i++)
			if (page * PAGE >= used[i].start &&
			    page * PAGE < used[i].start + used[i].size)
				return true;
	return false;
}

static u64 model_find_free(const struct model *model, const struct range *used,
			   u32 nr_used, u32 min, u32 max, u32 nr, u32 align)
{
	u32 page = PAGES;

	while (page-- > min)
		if (page + nr <= max && page % align == 0 &&
		    model_is_ram(model, page, nr) &&
		    !model_is_used(used, nr_used, page, nr))
			return page * PAGE;
	return 0;
}

static void ask_model(const struct model *model, const struct memmap *map)
{
	struct range used[3];
	u32 page = random_below(PAGES), nr = 1 + random_below(6);
	u32 min = 1 + random_below(PAGES), max = random_below(PAGES + 1);
	u32 align = 1 << random_below(3);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(used); i++)
		used[i] = (struct range){ random_below(PAGES) * PAGE,
					  random_below(8) * PAGE, MEM_RAM };
	expect_eq(memmap_is(map, MEM_RAM, page * PAGE, nr * PAGE),
		  model_is_ram(model, page, nr));
	expect_eq(memmap_find_free(map, used, ARRAY_SIZE(used), min * PAGE,
				   max * PAGE, nr * PAGE, align * PAGE),
		  model_find_free(model, used, ARRAY_SIZE(used), min, max, nr,
				  align));
}

static void test_model(const char *name, u64 base)
{
	struct memmap *raw = new_map(), *map = new_map();
	u32 round, i;

	for (round = 0; round < ROUNDS && !ktap.broken; round++) {
		struct model model = { .base = base };
		u32 page, nr, type;

		memmap_init(raw);
		for (i = random_below(14); i; i--) {
			page = random_below(PAGES);
			nr = random_below(PAGES - page + 1);
			type = 1 + random_below(5);
			memmap_add(raw, base + page * PAGE, nr * PAGE, type);
			model_add(&model, page, nr, type);
		}
		model_cut_hole(&model);
		memmap_normalise(map, raw);
		expect_model(&model, map);
		expect(!map->truncated);
		for (i = random_below(4); i; i--) {
			page = random_below(PAGES);
			nr = 1 + random_below(PAGES - page);
			type = 1 + random_below(5);
			memmap_set(map, base + page * PAGE, nr * PAGE, type);
			model_set(&model, page, nr, type);
			expect_model(&model, map);
		}
		if (!base)
			for (i = 0; i < 8; i++)
				ask_model(&model, map);
	}
	free(raw);
	free(map);
	ktap_done("model: %s", name);
}

/*
 * The same with far too many ranges, in @pages pages: what is RAM in the map
 * is RAM, what is not RAM is known not to be, and no RAM is lost without being
 * counted.
 */
#define MANY_PAGES	4096

static void test_many_model(const char *name, u32 pages, u32 types)
{
	static u32 model[MANY_PAGES];
	struct memmap *raw = new_map(), *map = new_map();
	u32 round, i, page, truncated = 0;
	u64 lost;

	for (round = 0; round < 30 && !ktap.broken; round++) {
		memset(model, 0, sizeof(model));
		memmap_init(raw);
		for (i = 0; i < 1500; i++) {
			u32 first = random_below(pages - 8);
			u32 nr = 1 + random_below(8);
			u32 type = 1 + random_below(types);

			memmap_add(raw, MIB + first * PAGE, nr * PAGE, type);
			for (page = first; page < first + nr; page++)
				if (model[page] < type)
					model[page] = type;
		}
		expect(raw->nr <= MEMMAP_MAX);
		memmap_normalise(map, raw);
		expect(map->nr <= MEMMAP_MAX);
		truncated += map->truncated;
		for (i = 1; i < map->nr; i++)
			expect(map->range[i].start >=
			       map->range[i - 1].start + map->range[i - 1].size);
		for (page = 0, lost = 0; page < pages; page++) {
			u64 at = MIB + page * PAGE;

			if (model[page] != MEM_RAM)
				expect(!memmap_is(map, MEM_RAM, at, PAGE));
			else if (!memmap_is(map, MEM_RAM, at, PAGE))
				lost += PAGE;
			if (model[page] > MEM_RAM)
				expect(covers(map, at, PAGE));
		}
		expect(map->lost >= lost);
	}
	/* It is what is wanted. */
	expect_eq(truncated > 0, pages == MANY_PAGES);
	free(raw);
	free(map);
	ktap_done("model: %s", name);
}

static const struct {
	const char *name;
	u32 lower, upper, nr;
	struct range range[2];
} sizes[] = {
	{ "nothing", 0, 0, 0, { { 0, 0, 0 } } },
	/* multiboot 3.3: 639 KiB, the rest is the EBDA's */
	{ "64 MiB", 639, 64512, 2,
	  { { 0, 639 * KIB, MEM_RAM }, { MIB, 63 * MIB, MEM_RAM } } },
	{ "lower alone", 640, 0, 1, { { 0, 640 * KIB, MEM_RAM } } },
	{ "upper alone", 0, 1, 1, { { MIB, KIB, MEM_RAM } } },
	{ "~0", ~0U, ~0U, 2,
	  { { 0, 0xffffffffULL * KIB, MEM_RAM },
	    { MIB, 0xffffffffULL * KIB, MEM_RAM } } },
};

static void test_sizes(void)
{
	struct memmap *map = new_map();
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		memmap_init(map);
		memmap_add_sizes(map, sizes[i].lower, sizes[i].upper);
		expect_map(map, sizes[i].range, sizes[i].nr);
		expect(!map->truncated);
		ktap_done("sizes: %s", sizes[i].name);
	}

	memmap_init(map);
	add_many(map, MEMMAP_MAX - 1, MEM_RESERVED);
	memmap_add_sizes(map, 640, 1024);
	expect_eq(map->nr, MEMMAP_MAX);
	expect(memmap_is(map, MEM_RAM, 0, 640 * KIB));
	/* The first reserved range covers it. */
	expect(!map->truncated);
	memmap_add_sizes(map, 640, 2048);
	expect_eq(map->nr, MEMMAP_MAX - 1);
	expect(memmap_is(map, MEM_RAM, 0, 640 * KIB));
	expect(map->truncated);
	expect_eq(map->lost, MIB);
	for (i = 0; i < MEMMAP_MAX - 1; i++)
		expect(covers(map, nth_start(i), MIB));
	ktap_done("sizes: room for one of them");
	free(map);
}

/*
 * What a firmware keeps at the top of RAM, with its stack and the end of the
 * kernel; size 0: nothing is reserved.
 */
static const struct {
	const char *name;
	struct range range;
	u32 esp;
	u64 min, start, size;
} tops[] = {
	/* loaders.md, section 14: its RAM ends at 1fe71000 */
	{ "coreboot 26.06, 512 MiB", { MIB, 511 * MIB, MEM_RAM }, 0x1fec5e0c,
	  24 * MIB, 0x1fdc5000, 0x23b000 },
	{ "U-Boot, 128 MiB", { MIB, 127 * MIB, MEM_RAM }, 108 * MIB,
	  24 * MIB, 107 * MIB, 21 * MIB },
	{ "32 MiB", { MIB, 127 * MIB, MEM_RAM }, 96 * MIB + 4,
	  24 * MIB, 95 * MIB, 33 * MIB },
	{ "more than 32 MiB", { MIB, 127 * MIB, MEM_RAM }, 96 * MIB,
	  24 * MIB, 127 * MIB, MIB },
	{ "in a page", { MIB, 127 * MIB, MEM_RAM }, 120 * MIB + 0xffc,
	  24 * MIB, 119 * MIB, 9 * MIB },
	{ "at the end", { MIB, 31 * MIB, MEM_RAM }, 32 * MIB,
	  24 * MIB, 31 * MIB, MIB },
	{ "behind the end", { MIB, 31 * MIB, MEM_RAM }, 32 * MIB + 4,
	  24 * MIB, 31 * MIB, MIB },
	{ "none", { MIB, 31 * MIB, MEM_RAM }, 0, 24 * MIB, 31 * MIB, MIB },
	{ "garbage", { MIB, 31 * MIB, MEM_RAM }, ~0U, 24 * MIB, 31 * MIB,
	  MIB },
	{ "in the kernel", { MIB, 49 * MIB, MEM_RAM }, 0x1310000, 0x1619000,
	  49 * MIB, MIB },
	{ "below the kernel", { MIB, 31 * MIB, MEM_RAM }, 2 * MIB, 24 * MIB,
	  31 * MIB, MIB },
	{ "right above the kernel", { MIB, 31 * MIB, MEM_RAM }, 24 * MIB,
	  24 * MIB, 24 * MIB, 8 * MIB },
	{ "the kernel ends in the last MiB", { MIB, 31 * MIB, MEM_RAM }, 0,
	  32 * MIB - 0x2000, 32 * MIB - 0x2000, 0x2000 },
	{ "the kernel ends where RAM does", { MIB, 31 * MIB, MEM_RAM }, 0,
	  32 * MIB, 0, 0 },
	{ "the kernel ends beyond", { MIB, 31 * MIB, MEM_RAM }, 0, 33 * MIB,
	  0, 0 },
	{ "RAM ends in a page", { MIB, 31 * MIB + 0xc00, MEM_RAM }, 0,
	  24 * MIB, 31 * MIB, MIB + 0xc00 },
	{ "a range of less than a MiB", { MIB, 0x4000, MEM_RAM }, 0, 0,
	  MIB, 0x4000 },
	{ "up to 4 GiB", { 3 * GIB, GIB, MEM_RAM }, 0xfffffffc, 24 * MIB,
	  0xffeff000, 0x101000 },
};

static void test_top(void)
{
	struct memmap *map = new_map();
	struct memmap *raw = new_map();
	struct memmap *want = new_map();
	u32 i;

	for (i = 0; i < ARRAY_SIZE(tops); i++) {
		memmap_init(raw);
		memmap_add(raw, 0, 640 * KIB, MEM_RAM);
		memmap_add(raw, tops[i].range.start, tops[i].range.size,
			   tops[i].range.type);
		memmap_add(raw, 8 * GIB, GIB, MEM_RAM);
		memmap_normalise(map, raw);
		memmap_reserve_top(map, tops[i].esp, tops[i].min);
		memmap_add(raw, tops[i].start, tops[i].size, MEM_RESERVED);
		memmap_normalise(want, raw);
		expect_map(map, want->range, want->nr);
		ktap_done("top: %s", tops[i].name);
	}
	memmap_init(raw);
	memmap_add(raw, MIB, MIB, MEM_ACPI);
	memmap_add(raw, 8 * GIB, GIB, MEM_RAM);
	memmap_normalise(map, raw);
	memmap_reserve_top(map, 2 * MIB, 0);
	expect_map(map, raw->range, raw->nr);
	ktap_done("top: no RAM below 4 GiB");
	free(want);
	free(raw);
	free(map);
}

int main(void)
{
	test_type();
	test_sizes();
	test_top();
	test_cases();
	test_capacity();
	test_excess();
	test_bad_pages();
	test_many_wide();
	test_complete();
	test_is_ram();
	test_find_free();
	test_model("from 0", 0);
	test_model("across 4 GiB", 4 * GIB - 20 * PAGE);
	test_model("up to 2^64", -(PAGES * PAGE));
	test_many_model("too many ranges", MANY_PAGES, 5);
	test_many_model("too many ranges, few when put together", 300, 2);
	return ktap_status();
}
