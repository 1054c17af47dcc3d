// SPDX-License-Identifier: GPL-2.0
/*
 * UEFI's memory map (efi.c): UEFI Specification 2.10, section 7.2.3; the bytes
 * are put together by it and not by wire-efi.h.
 */
#include "fixture.h"

#define MAP		0x12345		/* where a loader has put it */

/* Types of memory. */
#define LOADER_DATA	2
#define BOOT_CODE	3
#define BOOT_DATA	4
#define RUNTIME_CODE	5
#define RUNTIME_DATA	6
#define CONVENTIONAL	7
#define ACPI_TABLES	9
#define NVS		10
#define MMIO		11

static const struct {
	const char *name;
	u32 desc_size;
	u64 size;
	int want;
	u64 want_size;
} checks[] = {
	{ "usual", 48, 48 * 100, 0, 48 * 100 },
	{ "no larger than the fields", 40, 40, 0, 40 },
	{ "as large as can be", 4096, 8192, 0, 8192 },
	{ "empty", 48, 0, 0, 0 },
	{ "not a multiple of the descriptor's size", 48, 47, 0, 47 },
	{ "as much as the arena holds", 48, 0xc000, 0, 0xc000 },
	{ "one descriptor more", 48, 0xc030, 0, 0 },
	{ "one byte more", 40, 0xc001, 0, 0 },
	{ "map of 4 GiB", 48, 4 * GIB, 0, 0 },
	{ "map of 4 GiB and a descriptor", 48, 4 * GIB + 48, 0, 0 },
	{ "descriptors of 0 bytes", 0, 480, -EINVAL, 480 },
	{ "descriptors of 0 bytes, empty", 0, 0, -EINVAL, 0 },
	{ "descriptors of 32 bytes", 32, 480, -EINVAL, 480 },
	{ "descriptors of 39 bytes", 39, 480, -EINVAL, 480 },
	{ "descriptors of 44 bytes", 44, 440, -EINVAL, 440 },
	{ "descriptors of 41 bytes", 41, 410, -EINVAL, 410 },
	{ "descriptors of 4097 bytes", 4097, 4097, -EINVAL, 4097 },
	{ "descriptors of 4104 bytes", 4104, 4104, -EINVAL, 4104 },
	{ "descriptors of ~0 bytes", ~0U, 480, -EINVAL, 480 },
	{ "descriptors of -8 bytes", -8U, 480, -EINVAL, 480 },
};

static void test_check(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		struct efi efi = {
			64, 0x7f9e018, { MAP, checks[i].size, MEM_RAM },
			checks[i].desc_size, 1, 0
		};

		expect_eq(efi_map_check(&efi), checks[i].want);
		expect_eq(efi.map.size, checks[i].want_size);
		expect_eq(efi.map.start, MAP);
		expect_eq(efi.desc_size, checks[i].desc_size);
		expect_eq(efi.bits, 64);
		ktap_done("check: %s", checks[i].name);
	}
}

struct desc {
	u32 type;
	u64 start, pages;
	u32 attribute;
};

#define DESCS_MAX	4

/* Is [start, start + size) in use? @used: where what uses it begins. */
static const struct {
	const char *name;
	u32 desc_size;			/* 0: 48, as usual */
	u32 nr;
	struct desc desc[DESCS_MAX];
	u64 start, size;
	bool want;
	u64 used;
} uses[] = {
	{
		.name = "no map",
		.start = 0x200000, .size = 0x1000,
	}, {
		.name = "conventional",
		.nr = 1, .desc = { { CONVENTIONAL, 0x100000, 0x700 } },
		.start = 0x200000, .size = 0x1000,
	}, {
		.name = "two neighbours, conventional",
		.nr = 2, .desc = {
			{ CONVENTIONAL, 0x200000, 1 },
			{ CONVENTIONAL, 0x201000, 1 },
		},
		.start = 0x200000, .size = 0x2000,
	}, {
		/* the kernel frees it later, whoever is in it by then */
		.name = "boot services' data",
		.nr = 1, .desc = { { BOOT_DATA, 0x100000, 0x700 } },
		.start = 0x200000, .size = 0x1000,
		.want = true, .used = 0x100000,
	}, {
		.name = "boot services' code",
		.nr = 1, .desc = { { BOOT_CODE, 0x200000, 1 } },
		.start = 0x200000, .size = 0x1000,
		.want = true, .used = 0x200000,
	}, {
		.name = "runtime services' code",
		.nr = 1, .desc = { { RUNTIME_CODE, 0x200000, 1 } },
		.start = 0x200000, .size = 0x1000,
		.want = true, .used = 0x200000,
	}, {
		.name = "runtime services' data",
		.nr = 1, .desc = { { RUNTIME_DATA, 0x200000, 1 } },
		.start = 0x200000, .size = 0x1000,
		.want = true, .used = 0x200000,
	}, {
		.name = "loader's data",
		.nr = 1, .desc = { { LOADER_DATA, 0x200000, 1 } },
		.start = 0x200000, .size = 0x1000,
		.want = true, .used = 0x200000,
	}, {
		.name = "type 0",
		.nr = 1, .desc = { { 0, 0x200000, 1 } },
		.start = 0x200000, .size = 0x1000,
		.want = true, .used = 0x200000,
	}, {
		/* types from 0x70000000 on are OEMs' and loaders' */
		.name = "type 0x80000007",
		.nr = 1, .desc = { { 0x80000007, 0x200000, 1 } },
		.start = 0x200000, .size = 0x1000,
		.want = true, .used = 0x200000,
	}, {
		.name = "ends where it begins",
		.nr = 1, .desc = { { BOOT_DATA, 0x100000, 0x100 } },
		.start = 0x200000, .size = 0x1000,
	}, {
		.name = "ends a page later",
		.nr = 1, .desc = { { BOOT_DATA, 0x100000, 0x101 } },
		.start = 0x200000, .size = 0x1000,
		.want = true, .used = 0x100000,
	}, {
		.name = "begins where it ends",
		.nr = 1, .desc = { { BOOT_DATA, 0x201000, 0x100 } },
		.start = 0x200000, .size = 0x1000,
	}, {
		.name = "begins with its last byte",
		.nr = 1, .desc = { { BOOT_DATA, 0x201000, 0x100 } },
		.start = 0x200000, .size = 0x1001,
		.want = true, .used = 0x201000,
	}, {
		.name = "inside",
		.nr = 1, .desc = { { BOOT_DATA, 0x202000, 1 } },
		.start = 0x200000, .size = 0x4000,
		.want = true, .used = 0x202000,
	}, {
		.name = "the lowest of several, in whatever order",
		.nr = 4, .desc = {
			{ RUNTIME_DATA, 0x900000, 1 },
			{ BOOT_DATA, 0x203000, 1 },
			{ BOOT_DATA, 0x201000, 1 },
			{ CONVENTIONAL, 0x200000, 1 },
		},
		.start = 0x200000, .size = 0x4000,
		.want = true, .used = 0x201000,
	}, {
		.name = "the last one",
		.nr = 4, .desc = {
			{ CONVENTIONAL, 0x100000, 0x700 },
			{ RUNTIME_CODE, 0x900000, 1 },
			{ ACPI_TABLES, 0x7fe0000, 0x20 },
			{ NVS, 0x200000, 1 },
		},
		.start = 0x200000, .size = 0x1000,
		.want = true, .used = 0x200000,
	}, {
		.name = "not in the map at all",
		.nr = 2, .desc = {
			{ CONVENTIONAL, 0x100000, 0x100 },
			{ MMIO, 0xfee00000, 1 },
		},
		.start = 0x200000, .size = 0x1000,
	}, {
		.name = "descriptors of 40 bytes",
		.desc_size = 40,
		.nr = 3, .desc = {
			{ CONVENTIONAL, 0x100000, 0x700 },
			{ CONVENTIONAL, 0x800000, 1 },
			{ BOOT_DATA, 0x801000, 1 },
		},
		.start = 0x801000, .size = 0x1000,
		.want = true, .used = 0x801000,
	}, {
		.name = "descriptors of 4096 bytes",
		.desc_size = 4096,
		.nr = 3, .desc = {
			{ CONVENTIONAL, 0x100000, 0x700 },
			{ CONVENTIONAL, 0x800000, 1 },
			{ BOOT_DATA, 0x801000, 1 },
		},
		.start = 0x801000, .size = 0x1000,
		.want = true, .used = 0x801000,
	}, {
		.name = "no pages, at its first byte",
		.nr = 1, .desc = { { BOOT_DATA, 0x200000, 0 } },
		.start = 0x200000, .size = 0x1000,
	}, {
		.name = "no pages, behind",
		.nr = 1, .desc = { { BOOT_DATA, 0x201000, 0 } },
		.start = 0x200000, .size = 0x1000,
	}, {
		.name = "from 0 to 4 GiB",
		.nr = 1, .desc = { { MMIO, 0, 1 << 20 } },
		.start = 0xfffff000, .size = 0x1000,
		.want = true, .used = 0,
	}, {
		.name = "from 0 to 2^64, but a page",
		.nr = 1, .desc = { { MMIO, 0, (1ULL << 52) - 1 } },
		.start = 0xfffff000, .size = 0x1000,
		.want = true, .used = 0,
	}, {
		.name = "from 4 GiB on",
		.nr = 1, .desc = { { MMIO, 4 * GIB, 1ULL << 40 } },
		.start = 0xfffff000, .size = 0x1000,
	}, {
		.name = "more pages than there is memory",
		.nr = 1, .desc = { { MMIO, 0x200000, ~0ULL } },
		.start = 0xfffff000, .size = 0x1000,
		.want = true, .used = 0x200000,
	}, {
		.name = "free, but for a special purpose",
		.nr = 1, .desc = { { CONVENTIONAL, 0x100000, 0x700, 0x40000 } },
		.start = 0x200000, .size = 0x1000,
		.want = true, .used = 0x100000,
	}, {
		.name = "up to 2^64",
		.nr = 1, .desc = { { MMIO, -0x1000ULL, 1 } },
		.start = 0x200000, .size = 0x1000,
	},
};

static u8 *add_map(struct machine *m, const struct desc *desc, u32 nr,
		   u32 desc_size)
{
	u8 *map = machine_add(m, MAP, NULL, nr * desc_size);
	u8 *p;

	/* What is behind the fields is nobody's business. */
	memset(map, 0xee, nr * desc_size);
	for (p = map; nr; nr--, p += desc_size, desc++) {
		put_le32(p, desc->type);
		put_le64(p + 8, desc->start);
		put_le64(p + 16, 0);
		put_le64(p + 24, desc->pages);
		put_le64(p + 32, 0xf | desc->attribute);
	}
	return map;
}

/* Of the descriptor that begins there. */
static u64 size_at(const struct desc *desc, u32 nr, u64 start)
{
	for (; nr; nr--, desc++)
		if (desc->start == start && desc->pages >> 52)
			return ~start >> 12 << 12;
		else if (desc->start == start)
			return desc->pages << 12;
	return 0;
}

static void test_use(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(uses); i++) {
		u32 step = uses[i].desc_size ? uses[i].desc_size : 48;
		struct efi efi = {
			64, 0x7f9e018, { MAP, uses[i].nr * step, MEM_RAM },
			step, 1, 0
		};
		struct machine m = {};
		struct range used = { ~0ULL, 0, 0 };

		add_map(&m, uses[i].desc, uses[i].nr, step);
		expect_eq(efi_find_used(&m.ram, &efi, uses[i].start,
					uses[i].size, &used), uses[i].want);
		expect_eq(used.start, uses[i].want ? uses[i].used : ~0ULL);
		expect_eq(used.size, uses[i].want ?
			  size_at(uses[i].desc, uses[i].nr, used.start) : 0);
		ktap_done("use: %s", uses[i].name);
		machine_free(&m);
	}
}

/* A descriptor's fields that are not all there do not count. */
static void test_rest(void)
{
	const struct desc desc[] = {
		{ CONVENTIONAL, 0x100000, 0x700, 0 }, { BOOT_DATA, 0x200000, 1, 0 },
	};
	struct efi efi = { 64, 0x7f9e018, { MAP, 0, MEM_RAM }, 48, 1, 0 };
	struct machine all = {}, m;
	struct range used;
	u32 len;

	add_map(&all, desc, 2, 48);
	for (len = 0; len <= 96; len++) {
		machine_copy(&m, &all, 0, len);
		efi.map.size = len;
		expect_eq(efi_find_used(&m.ram, &efi, 0x200000, 0x1000, &used),
			  len >= 48 + 40);
		machine_free(&m);
		/* Nor do they if others follow. */
		expect_eq(efi_find_used(&all.ram, &efi, 0x200000, 0x1000,
					&used), len >= 48 + 40);
	}
	ktap_done("rest of a map");

	/* And a map that cannot be reached says nothing. */
	efi.map.size = 96;
	for (len = 0; len < 48 + 40; len++) {
		machine_copy(&m, &all, 0, len);
		expect(!efi_find_used(&m.ram, &efi, 0x200000, 0x1000, &used));
		machine_free(&m);
	}
	efi.map.start = ~0ULL - 47;
	expect(!efi_find_used(&all.ram, &efi, 0x200000, 0x1000, &used));
	ktap_done("map out of reach");
	machine_free(&all);
}

/* Against a model that is an array of pages. */
#define PAGES		32
#define ROUNDS		5000

static void test_random(void)
{
	u32 round, i, k;

	for (round = 0; round < ROUNDS && !ktap.broken; round++) {
		struct efi efi = { 32, 0x7f9e018, { MAP, 0, MEM_RAM }, 40, 1, 0 };
		bool taken[PAGES] = { false };
		bool want = false, known = false;
		struct desc desc[DESCS_MAX];
		u32 nr = random_below(DESCS_MAX + 1);
		u32 page = random_below(PAGES);
		u32 pages = 1 + random_below(PAGES - page);
		struct machine m = {};
		struct range used = { };

		for (i = 0; i < nr; i++) {
			u32 from = random_below(PAGES);
			u32 count = 1 + random_below(PAGES - from);
			u32 type = random_below(4) ? CONVENTIONAL :
				   random_below(16);

			desc[i] = (struct desc){
				type, from * 0x1000, count, 0
			};
			for (k = from; k < from + count; k++)
				taken[k] |= type != CONVENTIONAL;
		}
		for (k = page; k < page + pages; k++)
			want |= taken[k];
		efi.desc_size += 8 * random_below(4);
		efi.map.size = nr * efi.desc_size;
		add_map(&m, desc, nr, efi.desc_size);
		expect_eq(efi_find_used(&m.ram, &efi, page * 0x1000,
					pages * 0x1000, &used), want);
		for (i = 0; i < nr; i++)
			known |= desc[i].start == used.start &&
				 desc[i].pages << 12 == used.size &&
				 desc[i].type != CONVENTIONAL;
		expect(!want || (known && used.start < (page + pages) * 0x1000));
		machine_free(&m);
	}
	ktap_done("random");
}

int main(void)
{
	test_check();
	test_use();
	test_rest();
	test_random();
	return ktap_status();
}
