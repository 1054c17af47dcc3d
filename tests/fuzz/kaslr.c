// SPDX-License-Identifier: GPL-2.0
/*
 * What decides where a kernel runs: lists of relocations (relocs.c), which are
 * refused or change what they say and nothing else; and command lines (kaslr.c):
 * whatever they say, every place is in RAM and free.
 */
#include "fixture.h"
#include "fuzz.h"
#include "kaslr/kaslr.h"
#include "kaslr/relocate.h"
#include "relocs.h"
#include "relocs-model.h"

#define ROOM_MAX	0x3000
#define LISTS		3

/* A list of numbers, as the specification (section 6.4) has it. */
struct places {
	u32 nr;
	u32 *at;
};

static bool take(const u8 **p, const u8 *end, u32 bytes, u32 *value)
{
	u32 i;

	if ((size_t)(end - *p) < bytes)
		return false;
	*value = 0;
	for (i = 0; i < bytes; i++)
		*value |= (u32)*(*p)++ << (8 * i);
	return true;
}

static bool read_list(const u8 **p, const u8 *end, struct places *places,
		      u64 last)
{
	u64 place = -1;
	u32 distance;

	for (;;) {
		if (!take(p, end, 1, &distance) ||
		    (!distance && !take(p, end, 2, &distance)) ||
		    (!distance && !take(p, end, 4, &distance)))
			return false;
		if (!distance)
			return true;
		place += distance;
		if (place > last)
			return false;
		places->at[places->nr++] = place;
	}
}

/* One byte of lists, two of the kernel's size, four of offset; the lists. */
static void run_relocs(const u8 *data, size_t size)
{
	struct places places[LISTS] = { };
	struct relocs relocs;
	u8 *stream, *want;
	const u8 *p;
	bool good = true;
	u32 offset, i;

	if (size < 7)
		return;
	offset = get_le32(data + 3);
	relocs.lists = data[0] & 1 ? RELOCS_LISTS_64 : RELOCS_LISTS_32;
	relocs.room = 8 + (data[1] | data[2] << 8) % ROOM_MAX;
	relocs.size = size - 7;
	stream = allocate(relocs.size);
	memcpy(stream, data + 7, relocs.size);
	relocs.stream = stream;
	relocs.kernel = allocate(relocs.room);
	want = allocate(relocs.room);
	for (i = 0; i < relocs.room; i++)
		relocs.kernel[i] = i * 7 + 0xf0;
	memcpy(want, relocs.kernel, relocs.room);

	p = stream;
	for (i = 0; i < LISTS; i++) {
		places[i].at = allocate(4 * size);
		if (good && i < relocs.lists)
			good = read_list(&p, stream + relocs.size, &places[i],
					 relocs.room - (i == RELOCS_64 ? 8 : 4));
	}
	good = good && p == stream + relocs.size;
	must(!relocs_check(&relocs) == good);
	if (good) {
		relocs_apply(&relocs, offset);
		for (i = 0; i < relocs.lists; i++)
			model_relocate(want, i, places[i].at, places[i].nr,
				       offset);
	}
	must(!memcmp(relocs.kernel, want, relocs.room));
	for (i = 0; i < LISTS; i++)
		free(places[i].at);
	free(relocs.kernel);
	free(stream);
	free(want);
}

static void check_places(const struct kaslr *kaslr)
{
	u32 i, k, count = kaslr_count(kaslr);
	u64 last = 0;

	for (i = 0; i < count; i += 1 + count / 50) {
		u64 place = kaslr_place(kaslr, i);
		u64 end = place + kaslr->size;

		must(place % kaslr->align == 0);
		must(place > last || !i);
		must(place >= kaslr->min && end <= kaslr->limit);
		must(memmap_is(kaslr->map, MEM_RAM, place, kaslr->size));
		for (k = 0; k < kaslr->nr_used; k++)
			must(place >= kaslr->used[k].start +
				      kaslr->used[k].size ||
			     end <= kaslr->used[k].start);
		last = place;
	}
}

/* A command line. */
static void run_regions(const u8 *data, size_t size)
{
	static struct memmap map = {
		.nr = 3, .sorted = true, .range = {
			{ 0, 0x9fc00, MEM_RAM }, { MIB, 3 * GIB, MEM_RAM },
			{ 4 * GIB, GIB, MEM_RAM },
		},
	};
	static const struct efi efi;
	struct kaslr kaslr = {
		.map = &map, .efi = &efi, .size = 24 * MIB + 1,
		.align = 2 * MIB, .min = 16 * MIB, .limit = RAM_4G,
	};
	char *cmdline = allocate(size + 1);

	memcpy(cmdline, data, size);
	cmdline[size] = '\0';
	kaslr_avoid(&kaslr, 16 * MIB, 24 * MIB);
	if (!kaslr_read_cmdline(&kaslr, cmdline)) {
		must(kaslr.nr_used <= 1 + KASLR_REGIONS_MAX);
		must(kaslr.limit && kaslr.limit <= RAM_4G);
		check_places(&kaslr);
	}
	free(cmdline);
}

const struct driver drivers[] = {
	{ "relocs",	run_relocs },
	{ "regions",	run_regions },
	{ NULL, NULL }
};
