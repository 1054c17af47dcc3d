// SPDX-License-Identifier: GPL-2.0
/*
 * UEFI's memory map (map.c), against what can be counted page by page.
 */
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "poison.h"

#include "info/wire-efi.h"
#include "kexec/elf-plan.h"
#include "map.h"
#include "sources/wire-notes.h"

#define PAGES		0x400		/* of a machine of 4 MiB */
#define CONVENTIONAL	EFI_TYPE_CONVENTIONAL
#define SPECIAL		0x80000000	/* of our own, with any type */

struct piece {
	u64 start;
	u64 pages;
	u32 type;
};

static struct efi_map make_map(const struct piece *piece, u32 nr, u32 desc_size)
{
	struct efi_map map = {
		.data = allocate(nr * desc_size), .size = nr * desc_size,
		.desc_size = desc_size,
	};
	u32 i;

	for (i = 0; i < nr; i++) {
		struct efi_descriptor desc = {
			.type = piece[i].type & ~SPECIAL,
			.physical_start = piece[i].start,
			.number_of_pages = piece[i].pages,
			.attribute = piece[i].type & SPECIAL ?
				     EFI_ATTRIBUTE_SP : 0xf,
		};

		memcpy(map.data + i * desc_size, &desc, sizeof(desc));
	}
	return map;
}

static u32 random_state = 1;

static u32 draw(u32 below)
{
	random_state = random_state * 1103515245 + 12345;
	return (random_state >> 8) % below;
}

/* The types of all pages, ~0 where there is none. */
static u32 make_random(struct piece *piece, u32 *type)
{
	static const u32 types[] = { 0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 8, 9, 10,
				     11, 13, 14, 15, CONVENTIONAL | SPECIAL,
				     EFI_TYPE_BOOT_DATA | SPECIAL, SPECIAL };
	u32 nr = 0, at = 0, i;

	for (i = 0; i < PAGES; i++)
		type[i] = KEPT_HOLE;
	while (at < PAGES && nr < 40) {
		u32 pages = 1 + draw(60);

		if (pages > PAGES - at)
			pages = PAGES - at;
		piece[nr].start = at * EFI_PAGE;
		piece[nr].pages = pages;
		piece[nr].type = types[draw(ARRAY_SIZE(types))];
		for (i = 0; i < pages; i++)
			type[at + i] = piece[nr].type;
		nr++;
		at += pages + (draw(4) ? 0 : draw(20));
	}
	/* A map may be in any order. */
	for (i = 0; i + 1 < nr; i++) {
		u32 other = i + draw(nr - i);
		struct piece p = piece[i];

		piece[i] = piece[other];
		piece[other] = p;
	}
	return nr;
}

static bool will_be_free(u32 type)
{
	return type == CONVENTIONAL || (type >= 1 && type <= 4);
}

static u32 first_kept(const u32 *type, u32 start, u32 end)
{
	while (start < end && will_be_free(type[start]))
		start++;
	return start;
}

static bool in_plan(const struct elf_plan *plan, u64 page)
{
	u32 i;

	for (i = 0; i < plan->nr_parts; i++)
		if (page * EFI_PAGE >= plan->part[i].start &&
		    page * EFI_PAGE - plan->part[i].start < plan->part[i].size)
			return true;
	return false;
}

/* Descriptors that are neighbours are not looked at together. */
static u64 naive_room(const struct piece *piece, u32 nr, u32 pages, u32 limit,
		      const struct elf_plan *plan)
{
	u32 at, i, page;

	for (at = limit; at-- > 0x100;) {
		for (i = 0; i < nr; i++) {
			u64 start = piece[i].start / EFI_PAGE;

			if (piece[i].type != CONVENTIONAL || at < start ||
			    at + pages > start + piece[i].pages ||
			    at + pages > limit)
				continue;
			for (page = at; page < at + pages; page++)
				if (in_plan(plan, page))
					break;
			if (page == at + pages)
				return at * EFI_PAGE;
		}
	}
	return 0;
}

static u32 e820(u32 type)
{
	static const u8 of[] = { 2, 1, 1, 1, 1, 2, 2, 1, 5, 3, 4, 2, 2, 2, 7 };

	if (type & SPECIAL)
		return will_be_free(type & ~SPECIAL) ? 0xefffffff : 2;
	return type < sizeof(of) ? of[type] : 2;
}

static void expect_ranges(const struct efi_map *map, const u32 *type)
{
	u32 nr = map_fill_ranges(map, NULL), i, page, told = 0;
	u8 *bytes = allocate(nr * sizeof(struct ebn_range));
	struct ebn_range *range = (struct ebn_range *)bytes;

	expect_eq(map_fill_ranges(map, range), nr);
	for (i = 0; i < nr; i++) {
		for (page = 0; page < range[i].size / EFI_PAGE; page++, told++)
			if (!expect_eq(range[i].type,
				       e820(type[range[i].addr / EFI_PAGE +
						 page])))
				break;
	}
	for (page = 0; page < PAGES; page++)
		told -= type[page] != KEPT_HOLE;
	expect_eq(told, 0);
	free(bytes);
}

static void test_random(void)
{
	static const u32 sizes[] = { 40, 48, 80 };
	struct piece piece[64];
	u32 type[PAGES], round;

	for (round = 0; round < 300; round++) {
		u32 nr = make_random(piece, type);
		struct efi_map map = make_map(piece, nr, sizes[round % 3]);
		u32 start = draw(PAGES), end = start + 1 + draw(80), limit;
		struct elf_plan plan = { .nr_parts = 1 };
		struct kept kept;
		u32 want;

		end = end > PAGES ? PAGES : end;
		want = first_kept(type, start, end);
		if (expect_eq(map_find_kept(&map, start * EFI_PAGE,
					    end * EFI_PAGE, &kept),
			      want < end) && want < end) {
			expect_eq(kept.start / EFI_PAGE, want);
			expect_eq(kept.type, type[want] == KEPT_HOLE ?
				  KEPT_HOLE : type[want] & ~SPECIAL);
		}
		plan.part[0].start = start * EFI_PAGE;
		plan.part[0].size = (end - start) * EFI_PAGE;
		limit = 1 + draw(PAGES);
		want = 1 + draw(12);
		expect_eq(map_find_room(&map, want * EFI_PAGE,
					limit * EFI_PAGE, &plan),
			  naive_room(piece, nr, want, limit, &plan));
		expect_ranges(&map, type);
		free(map.data);
	}
	ktap_done("as counted page by page");
}

static void test_ends(void)
{
	const struct piece pieces[] = {
		{ 0x100000, ~0ULL, CONVENTIONAL },
		{ ~0ULL - 0xfff, 1, CONVENTIONAL },
	};
	struct efi_map map = make_map(pieces, 2, 48);
	struct elf_plan plan = {};
	struct kept kept;

	expect(!map_find_kept(&map, 0x200000, 1ULL << 52, &kept));
	expect(map_find_room(&map, 0x1000, 0x100000000ULL, &plan) ==
	       0xfffff000);
	expect_eq(map_find_room(&map, 0x1000, 0x100000, &plan), 0);
	map.size--;
	expect_eq(map_fill_ranges(&map, NULL), 1);
	map.size = 0;
	expect_eq(map_fill_ranges(&map, NULL), 0);
	expect(map_find_kept(&map, 0, 1, &kept));
	expect_eq(kept.type, KEPT_HOLE);
	free(map.data);
	ktap_done("the ends of memory and of the map");
}

int main(void)
{
	test_random();
	test_ends();
	return ktap.status;
}
