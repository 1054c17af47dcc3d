// SPDX-License-Identifier: GPL-2.0
/*
 * What main.c does once all have been asked: normalise the map, find room,
 * fill boot_params. None of it may break, whatever a source has believed.
 */
#include <asm/bootparam.h>

#include "fuzz.h"
#include "pipeline.h"
#include "provenance.h"
#include "info/place.h"
#include "leave/bootparams.h"

/* The smallest map of the unit tests has room for it. */
#define KERNEL_START	0x100000
#define KERNEL_SIZE	0x1000

#define ARENA_MAX	0x10000
#define MOVED_MAX	0x100000

/* A map that is longer is not compared with the model: that takes long. */
#define MODEL_MAX	40

#define SIDE_MAX	16384

static bool is_terminated(const char *s, size_t size)
{
	return strnlen(s, size) < size;
}

static u64 last_of(const struct range *range)
{
	return range->start + (range->size - 1);
}

static bool in_hole(u64 at)
{
	return at >= HOLE_START && at < HOLE_END;
}

static void check_range(const struct range *range)
{
	must(range->start + range->size >= range->start ||
	     !(range->start + range->size));
}

/**
 * pipeline_check - check what holds for any struct bootinfo
 * @bi: as a source leaves it
 */
void pipeline_check(const struct bootinfo *bi)
{
	const struct framebuffer *fb = &bi->framebuffer;
	u32 i;

	must(is_terminated(bi->cmdline, sizeof(bi->cmdline)));
	must(is_terminated(bi->loader, sizeof(bi->loader)));
	must(is_terminated(bi->loader_version, sizeof(bi->loader_version)));
	must(is_terminated(bi->firmware_version,
			   sizeof(bi->firmware_version)));
	must(!bi->cmdline_source || bi->cmdline[0]);
	must(bi->map.nr <= MEMMAP_MAX);
	must(!bi->map.lost || bi->map.truncated);
	must(!bi->map.nr == (bi->map_rank == MAP_NONE));
	must(!bi->map.nr == !bi->map_source);
	for (i = 0; i < bi->map.nr; i++) {
		must(bi->map.range[i].size);
		check_range(&bi->map.range[i]);
	}
	must(bi->nr_modules <= MODULES_MAX);
	must(!bi->nr_modules == !bi->initrd_source);
	for (i = 0; i < bi->nr_modules; i++)
		check_range(&bi->module[i]);
	must(bi->rsdp_size <= sizeof(bi->rsdp_table));
	must(bi->efi.map.size <= EFI_MAP_MAX);
	must(!fb->base || (fb->width && fb->width <= SIDE_MAX &&
			   fb->height && fb->height <= SIDE_MAX));
}

/* The highest type of the ranges there; RAM is none in the hole. */
static u32 model_type(const struct memmap *raw, u64 at)
{
	u32 type = 0;
	u32 i;

	for (i = 0; i < raw->nr; i++) {
		const struct range *range = &raw->range[i];

		if (at >= range->start && at - range->start < range->size &&
		    range->type > type)
			type = range->type;
	}
	if (type == MEM_JOINED)
		return MEM_RESERVED;
	return type == MEM_RAM && in_hole(at) ? 0 : type;
}

static u32 type_at(const struct memmap *map, u64 at)
{
	u32 i;

	for (i = 0; i < map->nr; i++)
		if (at >= map->range[i].start &&
		    at - map->range[i].start < map->range[i].size)
			return map->range[i].type;
	return 0;
}

static void check_model_at(const struct memmap *map, const struct memmap *raw,
			   u64 at)
{
	must(type_at(map, at) == model_type(raw, at));
	must(type_at(map, at - 1) == model_type(raw, at - 1));
}

/* However many there are, what is not RAM is known not to be. */
static void check_reserved(const struct memmap *map, const struct memmap *raw)
{
	u32 i;

	for (i = 0; i < raw->nr; i++) {
		const struct range *range = &raw->range[i];

		if (range->type <= MEM_RAM)
			continue;
		must(type_at(map, range->start) > MEM_RAM);
		must(type_at(map, last_of(range)) > MEM_RAM);
	}
}

/* Types change where a range begins or behind its end, nowhere else. */
static void check_model(const struct memmap *map, const struct memmap *raw)
{
	u32 i;

	check_reserved(map, raw);
	if (raw->nr > MODEL_MAX)
		return;
	must(!map->truncated || raw->truncated);
	must(map->lost >= raw->lost);
	check_model_at(map, raw, HOLE_START);
	check_model_at(map, raw, HOLE_END);
	for (i = 0; i < raw->nr; i++) {
		check_model_at(map, raw, raw->range[i].start);
		check_model_at(map, raw, last_of(&raw->range[i]) + 1);
	}
}

static void check_normalised(const struct memmap *map, u32 max)
{
	u32 i;

	must(map->nr <= max);
	for (i = 0; i < map->nr; i++) {
		const struct range *range = &map->range[i];

		must(range->size && range->type && range->type != MEM_JOINED);
		check_range(range);
		must(range->type != MEM_RAM ||
		     range->start >= HOLE_END || last_of(range) < HOLE_START);
		must(!i || range->start > last_of(range - 1));
	}
}

/* The kernel's memory map, wherever its entries are. */
static void check_e820(const struct boot_params *bp, const u8 *arena,
		       const struct placement *place, const struct memmap *map)
{
	struct boot_e820_entry entry;
	u64 next = bp->hdr.setup_data;
	const u8 *extended = NULL;
	struct setup_data node;
	u32 nr = 0;
	u32 i;

	for (i = 0; next; next = node.next, i++) {
		must(i < 3);	/* a map, a seed, the provenance */
		must(next >= place->arena.start &&
		     next - place->arena.start <=
		     place->arena.size - sizeof(node));
		memcpy(&node, arena + (next - place->arena.start),
		       sizeof(node));
		must(node.len <= place->arena.size - sizeof(node) -
		     (next - place->arena.start));
		if (node.type != SETUP_E820_EXT)
			continue;
		extended = arena + (next - place->arena.start) + sizeof(node);
		nr = node.len / sizeof(entry);
	}
	must(bp->e820_entries <= E820_MAX_ENTRIES_ZEROPAGE);
	must(bp->e820_entries + nr == map->nr);
	for (i = 0; i < map->nr; i++) {
		entry = bp->e820_table[i < bp->e820_entries ? i : 0];
		if (i >= bp->e820_entries)
			memcpy(&entry, extended + (i - bp->e820_entries) *
			       sizeof(entry), sizeof(entry));
		must(entry.addr == map->range[i].start &&
		     entry.size == map->range[i].size &&
		     entry.type == map->range[i].type);
	}
}

static bool overlap(const struct range *a, const struct range *b)
{
	return a->size && b->size && a->start <= last_of(b) &&
	       b->start <= last_of(a);
}

/* The pieces of the input, and one more. */
static struct ram with_piece(const struct ram *ram, struct ram_seg *seg,
			     const struct range *place, void *memory)
{
	memcpy(seg + 1, ram->seg, ram->nr * sizeof(*seg));
	seg[0] = (struct ram_seg){ place->start, place->size,
				   (unsigned long)memory };
	return (struct ram){ ram->nr + 1, seg, NULL };
}

static void check_moved(const struct ram *ram, const struct bootinfo *bi,
			const u8 *memory, u64 size)
{
	u64 at = 0;
	u32 i;

	for (i = 0; i < bi->nr_modules; i++) {
		u64 len = bi->module[i].size;
		u64 gap = at ? at + 4 : 0;
		u8 *module;

		if (!len)
			continue;
		for (; at < gap || at & 3; at++)
			must(!memory[at]);
		module = allocate(len);
		must(!ram_read(ram, bi->module[i].start, module, len));
		must(!memcmp(module, memory + at, len));
		at += len;
		free(module);
	}
	must(at == size);
}

/* Room for the initrd becomes memory once it is known where it is. */
static int place_initrd_there(const struct ram *ram, struct bootinfo *bi,
			      const struct memmap *map, u64 limit,
			      struct placement *place)
{
	struct ram_seg seg[PIECES_MAX + 1];
	int ret = place_initrd(ram, bi, map, limit, place);
	struct ram more;
	u8 *memory;

	if (!ret && place->initrd.size) {
		must(memmap_is(map, MEM_RAM, place->initrd.start,
			       place->initrd.size));
		must(!overlap(&place->initrd, &place->kernel));
	}
	if (ret != -EFAULT || !place->initrd.start ||
	    place->initrd.size > MOVED_MAX)
		return ret;
	memory = allocate(place->initrd.size);
	more = with_piece(ram, seg, &place->initrd, memory);
	ret = place_initrd(&more, bi, map, limit, place);
	if (!ret)
		check_moved(ram, bi, memory, place->initrd.size);
	free(memory);
	return ret;
}

static void check_bootparams(const struct boot_params *bp, const u8 *arena,
			     const struct placement *place,
			     const struct memmap *map)
{
	u64 cmdline = bp->hdr.cmd_line_ptr - place->arena.start;

	must(!bp->sentinel && bp->hdr.header == 0x53726448);
	must(cmdline <= place->arena.size - CMDLINE_SIZE);
	must(is_terminated((const char *)arena + cmdline, CMDLINE_SIZE));
	must(bp->hdr.ramdisk_size + ((u64)bp->ext_ramdisk_size << 32) ==
	     place->initrd.size);
	must(!place->initrd.size ||
	     bp->hdr.ramdisk_image + ((u64)bp->ext_ramdisk_image << 32) ==
	     place->initrd.start);
	check_e820(bp, arena, place, map);
}

static void fill(const struct ram *ram, const struct handoff *handoff,
		 u32 flags, const struct bootinfo *bi,
		 const struct memmap *map, const struct placement *place)
{
	static const struct setup_header setup = { .version = 0x20f };
	static struct boot_params bp;
	struct ram_seg seg[PIECES_MAX + 1];
	u8 *arena = allocate(place->arena.size);
	struct ram more = with_piece(ram, seg, &place->arena, arena);

	memset(arena, 0xa5, place->arena.size);
	memset(&bp, 0xa5, sizeof(bp));
	bootparams_fill(&bp, bi, map, place,
			flags & INPUT_BZIMAGE ? &setup : NULL);
	bootparams_fill_arena(&more, &bp, bi, map, place, handoff);
	/* Where there is nothing, the sanitizer sees it. */
	bootparams_set_tsc_kernel(&more, bp.hdr.setup_data, 1);
	check_bootparams(&bp, arena, place, map);
	free(arena);
}

static u64 initrd_limit(u32 flags)
{
	if (flags & INPUT_BZIMAGE)
		return 0x80000000;
	return flags & INPUT_64 ? ~0ULL : 0x30000000;
}

static void check_efi(u32 flags, struct efi *efi)
{
	if (efi->bits != (flags & INPUT_64 ? 64 : 32) || !efi->systab)
		efi->map.size = 0;
}

static void check_arena(const struct placement *place,
			const struct memmap *before, u32 size)
{
	must(size <= ARENA_MAX && place->arena.size >= size);
	must(place->arena.start + place->arena.size <= 0x100000000ULL);
	must(memmap_is(before, MEM_RAM, place->arena.start, place->arena.size));
	must(!overlap(&place->arena, &place->kernel));
	must(!overlap(&place->arena, &place->initrd));
}

/* A machine of 64 MiB. */
static void use_default(struct bootinfo *bi)
{
	memmap_init(&bi->offer);
	memmap_add_sizes(&bi->offer, 640, 63 * 1024);
	bi->source = "default";
	bootinfo_set_map(bi, MAP_BIOS_E801);
}

/* Each node that is handed on is in memory that nobody else gets. */
static void keep_setup_data(const struct ram *ram, struct bootinfo *bi,
			    struct memmap *map, const struct range *kernel)
{
	struct setup_data node;
	u64 fault, pa;
	u32 nr = 0;

	if (bi->setup_data && setup_data_keep(ram, bi, kernel, map, &fault)) {
		bi->setup_data = 0;
		memmap_normalise(map, &bi->map);
	}
	if (bi->efi_called && !bi->setup_data)
		bi->efi.map.size = 0;
	for (pa = bi->setup_data; pa; pa = node.next) {
		must(nr++ < SETUP_DATA_MAX);
		must(!ram_read(ram, pa, &node, sizeof(node)));
		must(!memmap_is(map, MEM_RAM, pa, 1));
	}
	check_normalised(map, MEMMAP_ROOM);
}

/**
 * pipeline_run - make boot_params of a struct bootinfo
 * @ram: physical memory
 * @handoff: registers
 * @flags: INPUT_*
 * @bi: what is known; changed as main.c does it
 */
void pipeline_run(const struct ram *ram, const struct handoff *handoff,
		  u32 flags, struct bootinfo *bi)
{
	static struct memmap map, before;
	struct placement place = {
		.kernel = { KERNEL_START, KERNEL_SIZE, MEM_RAM }
	};
	u32 size;

	pipeline_check(bi);
	if (bi->map_rank == MAP_NONE)
		use_default(bi);
	memmap_normalise(&map, &bi->map);
	check_normalised(&map, MEMMAP_MAX);
	check_model(&map, &bi->map);
	if (bi->map_rank >= MAP_FWCFG)
		memmap_reserve_top(&map, handoff->esp,
				   KERNEL_START + KERNEL_SIZE);
	check_normalised(&map, MEMMAP_ROOM);
	if (bi->coreboot.size)
		memmap_set(&map, bi->coreboot.start, bi->coreboot.size,
			   MEM_RESERVED);
	check_normalised(&map, MEMMAP_ROOM);
	if (!memmap_is(&map, MEM_RAM, KERNEL_START, KERNEL_SIZE))
		return;
	check_efi(flags, &bi->efi);
	keep_setup_data(ram, bi, &map, &place.kernel);
	/* Without one main.c ends here; we go on. */
	if (place_initrd_there(ram, bi, &map, initrd_limit(flags), &place))
		place.initrd.size = 0;
	size = bootparams_arena_size(bi, &map);
	before = map;
	if (place_arena(ram, bi, &map, size, &place))
		return;
	check_arena(&place, &before, size);
	must(map.truncated == before.truncated);
	must(!place.initrd.size ||
	     memmap_is(&map, MEM_RAM, place.initrd.start, place.initrd.size));
	check_normalised(&map, MEMMAP_ROOM);
	fill(ram, handoff, flags, bi, &map, &place);
}
