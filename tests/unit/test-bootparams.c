// SPDX-License-Identifier: GPL-2.0
/*
 * boot_params and its setup_data nodes (bootparams.c). Offsets are those of
 * Documentation/x86/zero-page.rst and boot.rst, not the struct's.
 */
#include "fixture.h"

#include <asm/bootparam.h>

#include "leave/bootparams.h"
#include "info/place.h"
#include "provenance.h"

#define ARENA		0x7ff0000ULL

#define E820_EXT	1		/* boot.rst, setup_data types */
#define ELFBOOT		0x454c4642
#define NODE_HEADER	16		/* u64 next, u32 type, u32 len */
#define NODE_SIZE	288		/* of ours, version 3 */

static const struct {
	const char *name;
	u8 loader_id;
	u64 rsdp;
	struct range initrd;
	bool have_screen;
} cases[] = {
	{ "minimal", 0xff, 0, { 0, 0, 0 }, false },
	{ "initrd", 0x70, 0, { 0x7000000, 0x123457, 0 }, false },
	{ "initrd up to 4 GiB", 0x70, 0, { 0xfffff000, 0x1000, 0 }, false },
	/* boot.rst: ext_ramdisk_image, ext_ramdisk_size */
	{ "initrd above 4 GiB", 0x70, 0, { 0x123456000, 0x1000, 0 }, false },
	{ "initrd of 5 GiB", 0x70, 0, { 0x200000000, 0x140000001, 0 }, false },
	{ "an initrd of size 0 has no address", 0x70, 0, { 0x1000, 0, 0 },
	  false },
	{ "RSDP", 0xb0, 0xf59d0, { 0, 0, 0 }, false },
	{ "RSDP above 4 GiB", 0xb0, 0x7fedcba98ULL << 4, { 0, 0, 0 }, false },
	{ "text screen", 0x30, 0, { 0, 0, 0 }, true },
};

static const struct screen screen = {
	.mode = 3, .page = 0x102, .columns = 80, .lines = 25, .x = 5, .y = 24,
	.points = 0x110, .is_vga = true,
};

static void put_e820(u8 *at, const struct range *range, u32 nr)
{
	for (; nr; nr--, range++, at += 20) {
		put_le64(at, range->start);
		put_le64(at + 8, range->size);
		put_le32(at + 16, range->type);
	}
}

/* The whole block; every byte that is not named here is 0. */
static void expect_block(const u8 *bp, const struct bootinfo *bi,
			 const struct memmap *map, const struct range *initrd)
{
	static u8 want[4096];
	u32 nr = map->nr > 128 ? 128 : map->nr;
	u64 start = initrd->size ? initrd->start : 0;

	memset(want, 0, sizeof(want));
	if (bi->have_screen) {
		want[0x00] = screen.x;
		want[0x01] = screen.y;
		put_le16(want + 0x04, screen.page);
		want[0x06] = screen.mode;
		want[0x07] = screen.columns;
		want[0x0e] = screen.lines;
		want[0x0f] = 1;
		put_le16(want + 0x10, screen.points);
	}
	put_le64(want + 0x070, bi->rsdp);
	put_le32(want + 0x0c0, start >> 32);
	put_le32(want + 0x0c4, initrd->size >> 32);
	want[0x1e8] = nr;
	want[0x1f2] = 0x01;			/* root is mounted read-only */
	put_le16(want + 0x1fe, 0xaa55);
	memcpy(want + 0x202, "HdrS", 4);
	put_le16(want + 0x206, 0x020f);
	want[0x210] = bi->loader_id;
	want[0x211] = 0x01;			/* LOADED_HIGH */
	put_le32(want + 0x218, start);
	put_le32(want + 0x21c, initrd->size);
	put_le32(want + 0x238, 2047);
	put_e820(want + 0x2d0, map->range, nr);
	expect_bytes(bp, want, sizeof(want));
}

static void test_fill(void)
{
	struct memmap *map = allocate(sizeof(*map));
	u32 i;

	memmap_init(map);
	memmap_add(map, 0, 640 * KIB, MEM_RAM);
	memmap_add(map, 1 * MIB, 126 * MIB, MEM_RAM);
	memmap_add(map, 5 * GIB, -(6 * GIB), 0xefffffff);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct boot_params *bp = allocate(sizeof(*bp));
		struct placement place = { .initrd = cases[i].initrd };
		struct bootinfo *bi = bootinfo_new();

		memset(bp, 0xa5, sizeof(*bp));
		bi->loader_id = cases[i].loader_id;
		bi->rsdp = cases[i].rsdp;
		bi->have_screen = cases[i].have_screen;
		bi->screen = screen;
		expect_eq(sizeof(*bp), 4096);
		bootparams_fill(bp, bi, map, &place, NULL);
		expect_eq(bp->sentinel, 0);
		expect_block((u8 *)bp, bi, map, &place.initrd);
		ktap_done("fill: %s", cases[i].name);
		free(bi);
		free(bp);
	}
	free(map);
}

/*
 * Framebuffers; @size in units of 64 KiB, @reserved as the kernel is to be
 * told: 32 bits of which some are no colour have their size and place.
 */
static const struct {
	const char *name;
	struct framebuffer framebuffer;
	u32 size;
	struct color reserved;
	bool have_screen;
} framebuffers[] = {
	{ "usual", { 0xfd000000, 800, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } },
	  30, { 24, 8 }, false },
	{ "not the text screen", { 0xfd000000, 800, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } },
	  30, { 24, 8 }, true },
	{ "BGR, nothing reserved", { 0xfd000000, 800, 600, 3200, 32,
		{ 0, 8 }, { 8, 8 }, { 16, 8 }, { 0, 0 } },
	  30, { 24, 8 }, false },
	{ "reserved at 7, but no bits", { 0xfd000000, 800, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 7, 0 } },
	  30, { 24, 8 }, false },
	{ "colours above, nothing reserved", { 0xfd000000, 800, 600, 3200, 32,
		{ 24, 8 }, { 16, 8 }, { 8, 8 }, { 0, 0 } },
	  30, { 0, 0 }, false },
	{ "blue alone above, nothing reserved", { 0xfd000000, 800, 600, 3200, 32,
		{ 0, 8 }, { 8, 8 }, { 17, 8 }, { 0, 0 } },
	  30, { 0, 0 }, false },
	{ "green alone above, nothing reserved", { 0xfd000000, 800, 600, 3200, 32,
		{ 0, 8 }, { 24, 8 }, { 8, 8 }, { 0, 0 } },
	  30, { 0, 0 }, false },
	{ "2:10:10:10", { 0xfd000000, 800, 600, 3200, 32,
		{ 20, 10 }, { 10, 10 }, { 0, 10 }, { 30, 2 } },
	  30, { 30, 2 }, false },
	{ "24 bits", { 0xfd000000, 800, 600, 2400, 24,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 0, 0 } },
	  22, { 0, 0 }, false },
	{ "16 bits", { 0xfd000000, 640, 480, 1280, 16,
		{ 11, 5 }, { 5, 6 }, { 0, 5 }, { 0, 0 } },
	  10, { 0, 0 }, false },
	{ "64 KiB", { 0xfd000000, 16, 1024, 64, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } },
	  1, { 24, 8 }, false },
	{ "64 KiB and a line", { 0xfd000000, 16, 1025, 64, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } },
	  2, { 24, 8 }, false },
	{ "a pixel", { 0xfd000000, 1, 1, 4, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } },
	  1, { 24, 8 }, false },
	{ "the largest", { 0x10000000, 16383, 16384, 0xffff, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } },
	  0x4000, { 24, 8 }, false },
	{ "above 4 GiB", { 0x123fd000000, 800, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } },
	  30, { 24, 8 }, false },
};

/* All of screen_info (include/uapi/linux/screen_info.h), by offset. */
static void put_screen_info(u8 *si, u32 i, bool efi)
{
	const struct framebuffer *fb = &framebuffers[i].framebuffer;

	memset(si, 0, 64);
	si[0x0f] = efi ? 0x70 : 0x23;		/* VIDEO_TYPE_EFI, _VLFB */
	put_le16(si + 0x12, fb->width);
	put_le16(si + 0x14, fb->height);
	put_le16(si + 0x16, fb->depth);
	put_le32(si + 0x18, fb->base);
	put_le32(si + 0x1c, efi ? fb->pitch * fb->height : framebuffers[i].size);
	put_le16(si + 0x24, fb->pitch);
	si[0x26] = fb->red.size;
	si[0x27] = fb->red.pos;
	si[0x28] = fb->green.size;
	si[0x29] = fb->green.pos;
	si[0x2a] = fb->blue.size;
	si[0x2b] = fb->blue.pos;
	si[0x2c] = framebuffers[i].reserved.size;
	si[0x2d] = framebuffers[i].reserved.pos;
	put_le16(si + 0x32, 1);			/* pages */
	put_le32(si + 0x36, fb->base >> 32 ? 2 : 0);	/* ext_lfb_base counts */
	put_le32(si + 0x3a, fb->base >> 32);
}

/* A loader's block, too: the framebuffer is newer than what it has there. */
static void test_framebuffer(bool loaders_block, bool efi)
{
	struct memmap *map = allocate(sizeof(*map));
	u32 i;

	memmap_init(map);
	for (i = 0; i < ARRAY_SIZE(framebuffers); i++) {
		struct boot_params *bp = allocate(sizeof(*bp));
		struct placement place = { .initrd = { 0, 0, 0 } };
		struct bootinfo *bi = bootinfo_new();
		u8 want[64];

		memset(bp, 0xa5, sizeof(*bp));
		bi->framebuffer = framebuffers[i].framebuffer;
		bi->have_screen = framebuffers[i].have_screen;
		bi->screen = screen;
		bi->boot_params = loaders_block ? 0x90000 : 0;
		bi->efi.bits = efi ? 64 : 0;
		bootparams_fill(bp, bi, map, &place, NULL);
		put_screen_info(want, i, efi);
		expect_bytes(bp, want, sizeof(want));
		expect_eq(((u8 *)bp)[0x40], loaders_block ? 0xa5 : 0);
		ktap_done("framebuffer%s%s: %s",
			  loaders_block ? ", a loader's block" : "",
			  efi ? ", UEFI's" : "",
			  framebuffers[i].name);
		free(bi);
		free(bp);
	}
	free(map);
}

/*
 * kexec --args-linux: what its block has beyond our fields stays (EDD, EFI),
 * but of its setup_header only root_flags, and not the sentinel.
 */
static void test_keep(void)
{
	struct boot_params *bp = allocate(sizeof(*bp));
	struct memmap *map = allocate(sizeof(*map));
	struct placement place = { .initrd = { 0, 0, 0 } };
	struct bootinfo *bi = bootinfo_new();
	u8 *p = (u8 *)bp;
	u32 at;

	memmap_init(map);
	memmap_add(map, 1 * MIB, 126 * MIB, MEM_RAM);
	memset(bp, 0xa5, sizeof(*bp));
	bi->boot_params = 0x90000;
	bootparams_fill(bp, bi, map, &place, NULL);
	expect_eq(bp->sentinel, 0);
	expect_eq(get_le32(p + 0x0c0), 0);	/* ext_ramdisk_image */
	expect_eq(get_le32(p + 0x0c4), 0);	/* ext_ramdisk_size */
	expect_eq(get_le32(p + 0x0c8), 0);	/* ext_cmd_line_ptr */
	expect_eq(get_le32(p + 0x228), 0);	/* cmd_line_ptr: not yet */
	expect_eq(p[0x1e8], 1);
	for (at = 0x1f1; at < 0x1fe; at++)
		expect_eq(p[at], at == 0x1f2 || at == 0x1f3 ? 0xa5 : 0);
	expect_eq(p[0x210], 0xff);
	expect_eq(get_le32(p + 0x250), 0);	/* setup_data */
	expect_eq(get_le32(p + 0x254), 0);
	expect_eq(get_le32(p + 0x1c0), 0xa5a5a5a5);	/* efi_info */
	expect_eq(p[0xd00], 0xa5);		/* eddbuf */
	ktap_done("fill: a loader's block stays");
	free(map);
	free(bi);
	free(bp);
}

/* Numbers of ranges, before the arena is carved out of the last one. */
static const u32 counts[] = {
	0, 1, 126, 127, 128, 129, 130, 255, 256, 384, 510, 511, 512,
};

static void make_map(struct memmap *map, u32 nr)
{
	u32 i;

	memmap_init(map);
	for (i = 0; i + 1 < nr; i++)
		memmap_add(map, i * 0x20000ULL, 0x10000, MEM_RESERVED);
	if (nr)
		memmap_add(map, ARENA - 0x10000, 0x20000, MEM_RAM);
}

/* Follow the chain as the kernel does: addresses, types, lengths. */
static const u8 *find_node(const struct boot_params *bp, const u8 *arena,
			   u32 arena_size, u32 type, u32 *len)
{
	u64 pa = get_le64((const u8 *)bp + 0x250);
	const u8 *found = NULL;
	u32 nr = 0;

	while (pa) {
		const u8 *node = arena + (pa - ARENA);

		if (!expect(pa >= ARENA && !(pa & 7) &&
			    pa - ARENA + NODE_HEADER <= arena_size) ||
		    !expect(nr++ < 4))
			return NULL;
		if (!expect(pa - ARENA + NODE_HEADER + get_le32(node + 12) <=
			    arena_size))
			return NULL;
		if (get_le32(node + 8) == type) {
			expect(!found);
			found = node + NODE_HEADER;
			*len = get_le32(node + 12);
		}
		pa = get_le64(node);
	}
	return found;
}

static void test_e820(void)
{
	static const struct handoff handoff = { .eax = 0 };
	struct memmap *map = allocate(sizeof(*map));
	u32 i, len;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		struct boot_params *bp = allocate(sizeof(*bp));
		struct placement place = { .arena = { ARENA, 0, 3 } };
		struct bootinfo *bi = bootinfo_new();
		u8 want[20 * MEMMAP_ROOM];
		struct machine m = {};
		const u8 *ext;
		u32 size;
		u8 *arena;

		make_map(map, counts[i]);
		size = bootparams_arena_size(bi, map);
		expect(size <= 64 * KIB);
		memmap_set(map, ARENA, 0x1000, MEM_ACPI);
		expect_eq(map->nr, counts[i] ? counts[i] + 2 : 1);
		expect(!map->truncated);

		place.arena.size = size;
		arena = machine_add(&m, ARENA, NULL, size);
		memset(arena, 0xa5, size);
		bootparams_fill(bp, bi, map, &place, NULL);
		bootparams_fill_arena(&m.ram, bp, bi, map, &place, &handoff);
		ext = find_node(bp, arena, size, E820_EXT, &len);
		expect_eq(!ext, map->nr <= 128);
		if (ext) {
			expect_eq(len, (map->nr - 128) * 20);
			put_e820(want, map->range + 128, map->nr - 128);
			expect_bytes(ext, want, len);
		}
		expect_eq(((u8 *)bp)[0x1e8], map->nr > 128 ? 128 : map->nr);
		put_e820(want, map->range, map->nr > 128 ? 128 : map->nr);
		expect_bytes((u8 *)bp + 0x2d0, want, ((u8 *)bp)[0x1e8] * 20);
		expect(find_node(bp, arena, size, ELFBOOT, &len));
		expect_eq(len, NODE_SIZE);
		ktap_done("e820: %u ranges", counts[i]);
		machine_free(&m);
		free(bi);
		free(bp);
	}
	free(map);
}

/* Strings in the node: provenance.h. */
static const struct {
	u32 at, size;
} fields[] = {
	{ 8, 16 },			/* protocol */
	{ 24, 64 },			/* loader */
	{ 88, 32 },			/* loader_version */
	{ 120, 32 },			/* firmware */
	{ 152, 16 },			/* map_source */
	{ 168, 16 },			/* cmdline_source */
	{ 184, 16 },			/* initrd_source */
	{ 224, 32 },			/* firmware_version */
};

/* Cut, terminated, padded with NULs. */
static void expect_fields(const u8 *node, const char * const *want)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		char field[64] = "";

		snprintf(field, fields[i].size, "%s", want[i]);
		expect_bytes(node + fields[i].at, field, fields[i].size);
	}
}

static const char long_text[] = "0123456789012345678901234567890123456789";

static const struct {
	const char *name;
	bool set;
	const char *text;		/* where a field is a pointer */
	const char *loader, *version;
	u32 corrupt;
	u64 coreboot;
} nodes[] = {
	{ "nobody", false, NULL, "", "", 0, 0 },
	{ "short", true, "multiboot", "iPXE 1.21.1", "1.21.1", 0x1, 0 },
	{ "15 characters fit", true, "123456789abcdef", "x", "", 0x7, 0x500 },
	{ "16 do not", true, "123456789abcdefg", "x", "", 0x80000000,
	  0x1fe9e000 },
	{ "all too long", true, long_text, NULL, NULL, 0xffffffff,
	  0xfedcba9876543210 },
};

/* A loader's nodes are behind ours, and what it wants to be kept is RAM. */
static void test_handed_on(void)
{
	static const struct handoff handoff = { .eax = 0 };
	struct memmap *map = allocate(sizeof(*map));
	struct boot_params *bp = allocate(sizeof(*bp));
	struct placement place = { .arena = { ARENA, 0, MEM_KEPT } };
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};
	const u8 *node, *range = (u8 *)bp + 0x2d0;
	u32 i;

	make_map(map, 1);
	memmap_set(map, 0x4000000, 0x1000, MEM_KEPT);
	bi->setup_data = 0x123456780;
	place.arena.size = bootparams_arena_size(bi, map);
	machine_add(&m, ARENA, NULL, place.arena.size);
	bootparams_fill(bp, bi, map, &place, NULL);
	bootparams_fill_arena(&m.ram, bp, bi, map, &place, &handoff);
	node = machine_piece(&m, 0) + bp->hdr.setup_data - ARENA;
	expect_eq(get_le32(node + 8), ELFBOOT);
	expect_eq(get_le64(node), 0x123456780);
	expect_eq(((u8 *)bp)[0x1e8], 2);
	expect_eq(get_le64(range), 0x4000000);
	for (i = 0; i < 2; i++)
		expect_eq(get_le32(range + i * 20 + 16), MEM_RAM);
	ktap_done("what is handed on");
	machine_free(&m);
	free(bi);
	free(bp);
	free(map);
}

static void test_provenance(void)
{
	static const struct handoff handoff = {
		.tsc_low = 0x89abcdef, .tsc_high = 0x01234567,
	};
	struct memmap *map = allocate(sizeof(*map));
	u32 i, k, len;

	memmap_init(map);
	for (i = 0; i < ARRAY_SIZE(nodes); i++) {
		struct placement place = { .arena = { ARENA, 0, 3 } };
		struct boot_params *bp = allocate(sizeof(*bp));
		struct bootinfo *bi = bootinfo_new();
		u32 size = bootparams_arena_size(bi, map);
		struct machine m = {};
		u8 *arena = machine_add(&m, ARENA, NULL, size);
		const char *want[ARRAY_SIZE(fields)];
		const u8 *node;

		place.arena.size = size;
		place.random = 0x12345678;
		place.entropy = 0x9abcdef0;
		place.why_fixed = nodes[i].text;
		memset(arena, 0xa5, size);
		/* What a source may leave: full to the last byte. */
		memset(bi->loader, 'L', LOADER_SIZE - 1);
		memset(bi->loader_version, 'V', sizeof(bi->loader_version) - 1);
		memset(bi->firmware_version, 'F',
		       sizeof(bi->firmware_version) - 1);
		if (nodes[i].loader)
			strcpy(bi->loader, nodes[i].loader);
		if (nodes[i].version)
			strcpy(bi->loader_version, nodes[i].version);
		if (nodes[i].version)
			strcpy(bi->firmware_version, nodes[i].version);
		bi->protocol = nodes[i].text;
		bi->firmware = nodes[i].text;
		bi->map_source = nodes[i].text;
		bi->cmdline_source = nodes[i].text;
		bi->initrd_source = nodes[i].text;
		bi->corrupt = nodes[i].corrupt;
		bi->coreboot.start = nodes[i].coreboot;
		for (k = 0; k < ARRAY_SIZE(want); k++)
			want[k] = nodes[i].text ? nodes[i].text : "";
		want[1] = bi->loader;
		want[2] = bi->loader_version;
		want[7] = bi->firmware_version;

		bootparams_fill(bp, bi, map, &place, NULL);
		bootparams_fill_arena(&m.ram, bp, bi, map, &place, &handoff);
		node = find_node(bp, arena, size, ELFBOOT, &len);
		if (expect(node)) {
			expect_eq(len, NODE_SIZE);
			expect_eq(get_le32(node), 3);
			expect_eq(get_le32(node + 4), nodes[i].corrupt);
			expect_fields(node, want);
			expect_eq(get_le64(node + 200), 0x0123456789abcdef);
			expect_eq(get_le64(node + 208), 0);
			expect_eq(get_le64(node + 216), nodes[i].coreboot);
			bootparams_set_tsc_kernel(&m.ram, bp->hdr.setup_data,
						  0xfedcba9876543210);
			expect_eq(get_le64(node + 200), 0x0123456789abcdef);
			expect_eq(get_le64(node + 208), 0xfedcba9876543210);
			expect_eq(get_le64(node + 216), nodes[i].coreboot);
			expect_eq(get_le32(node + 256), 0x12345678);
			expect_eq(get_le32(node + 260), 0x9abcdef0);
			expect(!strncmp((const char *)node + 264, want[0], 23));
			expect_eq(node[287], 0);
		}
		ktap_done("provenance: %s", nodes[i].name);
		machine_free(&m);
		free(bi);
		free(bp);
	}
	free(map);
}

#define EFI_MAP_AT	0x54321		/* where a loader has put UEFI's map */

/*
 * Tables that a loader passes as copies, and @ranges that need a node. What
 * is not said of @efi is: at EFI_MAP_AT, version 1.
 */
static const struct {
	const char *name;
	u32 rsdp_size;
	u64 rsdp;			/* somebody else's */
	struct efi efi;
	u32 ranges;
	bool loaders_block;
} tables[] = {
	{ "none", 0, 0, { 0 }, 1, false },
	{ "old RSDP", 20, 0, { 0 }, 1, false },
	{ "new RSDP", 36, 0, { 0 }, 1, false },
	{ "RSDP, the copy is nearer", 36, 0xf59d0, { 0 }, 1, false },
	{ "RSDP, 512 ranges", 36, 0, { 0 }, 512, false },
	{ "RSDP, a loader's block", 36, 0, { 0 }, 1, true },
	{ "UEFI, 64 bits", 36, 0,
	  { 64, 0x7f9e018, { 0, 48 * 100, 0 }, 48, 0, 3 }, 1, false },
	{ "UEFI, 64 bits, all above 4 GiB", 36, 0,
	  { 64, 0x123456789abcdef0, { 0, 48 * 3, 0 }, 48, 0, 0 }, 1, false },
	{ "UEFI, 32 bits", 20, 0,
	  { 32, 0x7f9e018, { 0, 40 * 7, 0 }, 40, 0, 0 }, 1, false },
	{ "UEFI without an RSDP", 0, 0,
	  { 64, 0x7f9e018, { 0, 56, 0 }, 56, 0, 0 }, 129, false },
	{ "UEFI, a map of odd size", 36, 0,
	  { 64, 0x7f9e018, { 0, 48 * 3 + 1, 0 }, 48, 0, 0 }, 127, false },
	/* main.c: of another width, or without a table, it has no map */
	{ "UEFI without a map", 36, 0,
	  { 64, 0x7f9e018, { 0, 0, 0 }, 48, 0, 2 }, 1, false },
	{ "UEFI without a map, a loader's block", 36, 0,
	  { 64, 0x7f9e018, { 0, 0, 0 }, 48, 0, 0 }, 1, true },
	{ "UEFI, a loader's block", 36, 0,
	  { 64, 0x7f9e018, { 0, 48 * 9, 0 }, 48, 0, 0 }, 512, true },
	{ "as much as there can be", 36, 0,
	  { 64, 0x7f9e018, { 0, EFI_MAP_MAX, 0 }, 48, 0, 0 }, 512, false },
};

/* efi_info (include/uapi/asm/bootparam.h), by offset. */
static void put_efi_info(u8 *info, const struct efi *efi, u64 map)
{
	memcpy(info, efi->bits == 64 ? "EL64" : "EL32", 4);
	put_le32(info + 4, efi->systab);
	put_le32(info + 8, efi->desc_size);
	put_le32(info + 12, 1);
	put_le32(info + 16, map);
	put_le32(info + 20, efi->map.size);
	put_le32(info + 24, efi->systab >> 32);
	put_le32(info + 28, map >> 32);
}

/* Where nothing has been written to: pieces that overlap would show. */
static void expect_apart(u8 *arena, u64 at, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		if (!expect(arena[at - ARENA + i] != 0xa5))
			return;
	memset(arena + (at - ARENA), 0xa5, len);
}

/* All of its bytes: the kernel copies as many, whatever the string is. */
static void put_cmdline(struct bootinfo *bi)
{
	u32 i;

	for (i = 0; i < CMDLINE_SIZE; i++)
		bi->cmdline[i] = 1 + i % 97;
}

static void expect_cmdline(const u8 *bp, u8 *arena, u32 size,
			   const struct bootinfo *bi)
{
	u64 at = get_le32(bp + 0x228);

	expect_eq(get_le32(bp + 0x0c8), 0);	/* ext_cmd_line_ptr */
	expect_eq(get_le32(bp + 0x238), CMDLINE_SIZE - 1);
	if (!expect(at >= ARENA && at - ARENA + CMDLINE_SIZE <= size))
		return;
	expect_bytes(arena + (at - ARENA), bi->cmdline, CMDLINE_SIZE);
	expect_apart(arena, at, CMDLINE_SIZE);
}

/* What the block leads to, and what it says of it. */
static void expect_tables(const u8 *bp, u8 *arena, u32 size,
			  const u8 *rsdp, u32 i)
{
	const struct efi *efi = &tables[i].efi;
	u64 at = get_le64(bp + 0x070);
	u8 info[32];
	u32 k;

	memset(info, tables[i].loaders_block ? 0xa5 : 0, sizeof(info));
	expect_eq(bp[0x1ec], efi->secure_boot ? efi->secure_boot : info[0]);
	if (!tables[i].rsdp_size) {
		expect_eq(at, tables[i].rsdp);
	} else if (expect(at >= ARENA &&
			  at - ARENA + tables[i].rsdp_size <= size)) {
		expect(!(at & 15));
		expect_bytes(arena + (at - ARENA), rsdp, tables[i].rsdp_size);
		expect_apart(arena, at, tables[i].rsdp_size);
	}
	if (efi->map.size) {
		at = get_le32(bp + 0x1d0) | (u64)get_le32(bp + 0x1dc) << 32;
		if (!expect(at >= ARENA && at - ARENA + efi->map.size <= size))
			return;
		expect(!(at & 15));
		put_efi_info(info, efi, at);
		for (k = 0; k < efi->map.size; k++)
			if (!expect_eq(arena[at - ARENA + k], k % 101))
				break;
		expect_apart(arena, at, efi->map.size);
	}
	expect_bytes(bp + 0x1c0, info, sizeof(info));
}

static void test_tables(void)
{
	static const struct handoff handoff = { .eax = 0 };
	struct memmap *map = allocate(sizeof(*map));
	u32 i, k, len;

	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		struct boot_params *bp = allocate(sizeof(*bp));
		struct placement place = { .arena = { ARENA, 0, 3 } };
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		const u8 *node;
		u8 *arena, *efi;
		u32 size;

		memset(bp, 0xa5, sizeof(*bp));
		for (k = 0; k < RSDP_V2_SIZE; k++)
			bi->rsdp_table[k] = k + 1;
		put_cmdline(bi);
		bi->rsdp = tables[i].rsdp;
		bi->rsdp_size = tables[i].rsdp_size;
		bi->efi = tables[i].efi;
		bi->efi.map.start = EFI_MAP_AT;
		bi->efi.desc_version = 1;
		bi->boot_params = tables[i].loaders_block ? 0x90000 : 0;
		make_map(map, tables[i].ranges);
		size = bootparams_arena_size(bi, map);
		expect(size <= 64 * KIB);
		memmap_set(map, ARENA, 0x1000, MEM_ACPI);
		place.arena.size = size;
		arena = machine_add(&m, ARENA, NULL, size);
		memset(arena, 0xa5, size);
		efi = machine_add(&m, EFI_MAP_AT, NULL, bi->efi.map.size);
		for (k = 0; k < bi->efi.map.size; k++)
			efi[k] = k % 101;

		bootparams_fill(bp, bi, map, &place, NULL);
		bootparams_fill_arena(&m.ram, bp, bi, map, &place, &handoff);
		node = find_node(bp, arena, size, E820_EXT, &len);
		expect_eq(!node, map->nr <= 128);
		if (node)
			expect_apart(arena, ARENA + (node - arena), len);
		node = find_node(bp, arena, size, ELFBOOT, &len);
		if (expect(node))
			expect_apart(arena, ARENA + (node - arena), len);
		expect_cmdline((u8 *)bp, arena, size, bi);
		expect_tables((u8 *)bp, arena, size, bi->rsdp_table, i);
		ktap_done("tables: %s", tables[i].name);
		machine_free(&m);
		free(bi);
		free(bp);
	}
	free(map);
}

/*
 * A bzImage's own header (boot.rst, offsets in boot_params): the decompressor
 * reads it; only what a loader has to say is changed.
 */
static void test_setup(void)
{
	static const struct {
		const char *name;
		u32 offset, size;
		u32 want;
	} fields[] = {
		{ "root_flags", 0x1f2, 2, 1 },
		{ "boot_flag", 0x1fe, 2, 0xaa55 },
		{ "header", 0x202, 4, 0x53726448 },
		{ "version", 0x206, 2, 0xa5a5 },
		{ "type_of_loader", 0x210, 1, 0x72 },
		{ "loadflags", 0x211, 1, 0xa5 | 1 },
		{ "code32_start", 0x214, 4, 0xa5a5a5a5 },
		{ "ramdisk_image", 0x218, 4, 0x7000000 },
		{ "ramdisk_size", 0x21c, 4, 0x1234 },
		{ "kernel_alignment", 0x230, 4, 0xa5a5a5a5 },
		{ "xloadflags", 0x236, 2, 0xa5a5 },
		{ "cmdline_size", 0x238, 4, 0xa5a5a5a5 },
		{ "setup_data, low", 0x250, 4, 0 },
		{ "setup_data, high", 0x254, 4, 0 },
		{ "init_size", 0x260, 4, 0xa5a5a5a5 },
	};
	struct boot_params *bp = allocate(sizeof(*bp));
	struct memmap *map = allocate(sizeof(*map));
	struct placement place = { .initrd = { 0x7000000, 0x1234, MEM_RAM } };
	struct bootinfo *bi = bootinfo_new();
	struct setup_header setup;
	u32 i, k;

	memmap_init(map);
	memset(&setup, 0xa5, sizeof(setup));
	memset(bp, 0x5a, sizeof(*bp));
	bi->loader_id = 0x72;
	bootparams_fill(bp, bi, map, &place, &setup);
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		const u8 *at = (u8 *)bp + fields[i].offset;
		u32 have = 0;

		for (k = 0; k < fields[i].size; k++)
			have |= (u32)at[k] << 8 * k;
		expect_eq(have, fields[i].want);
		ktap_done("a bzImage's header: %s", fields[i].name);
	}
	expect_eq(bp->sentinel, 0);
	ktap_done("a bzImage's header: sentinel");
	free(bi);
	free(map);
	free(bp);
}

/* What mainline's sanitize_boot_params() preserves, in zero-page.rst's places. */
static void test_sanitize(void)
{
	static const struct {
		size_t start, size;
	} kept[] = {
		{ 0x000, 0x40 },	/* screen_info */
		{ 0x040, 0x14 },	/* apm_bios_info */
		{ 0x058, 8 },		/* tboot_addr */
		{ 0x060, 16 },		/* ist_info */
		{ 0x080, 16 },		/* hd0_info */
		{ 0x090, 16 },		/* hd1_info */
		{ 0x0a0, 16 },		/* sys_desc_table */
		{ 0x0b0, 16 },		/* olpc_ofw_header */
		{ 0x13c, 4 },		/* cc_blob_address */
		{ 0x1c0, 32 },		/* efi_info */
		{ 0x1e0, 4 },		/* alt_mem_k */
		{ 0x1e4, 4 },		/* scratch */
		{ 0x1e8, 1 },		/* e820_entries */
		{ 0x1e9, 1 },		/* eddbuf_entries */
		{ 0x1ea, 1 },		/* edd_mbr_sig_buf_entries */
		{ 0x1ec, 1 },		/* secure_boot */
		{ 0x1f1, 0x7b },	/* hdr */
		{ 0x290, 0x40 },	/* edd_mbr_sig_buffer */
		{ 0x2d0, 0xa00 },	/* e820_table */
		{ 0xd00, 0x1ec },	/* eddbuf */
	};
	struct boot_params bp, want;
	u32 sentinel, i;

	for (sentinel = 0; sentinel < 256; sentinel += 85) {
		memset(&bp, 0xa5, sizeof(bp));
		bp.sentinel = sentinel;
		want = bp;
		if (sentinel)
			memset(&want, 0, sizeof(want));
		for (i = 0; i < ARRAY_SIZE(kept); i++)
			memset((u8 *)&want + kept[i].start, 0xa5,
			       kept[i].size);
		bootparams_sanitize(&bp);
		expect_bytes(&bp, &want, sizeof(bp));
		ktap_done("sentinel %#x", sentinel);
	}
}

/* KASLR_FLAG of the kernel's asm/bootparam.h; never a loader's or a file's. */
static void test_kaslr_flag(void)
{
	struct boot_params *bp = allocate(sizeof(*bp));
	struct bootinfo *bi = bootinfo_new();
	struct placement place = { .initrd = { 0, 0, 0 } };
	struct memmap map = { };

	bi->boot_params = 0x1000;
	memset(bp, 0xff, sizeof(*bp));
	bootparams_fill(bp, bi, &map, &place, NULL);
	expect_eq(bp->hdr.loadflags, 0x01);
	place.random = RANDOM_MEMORY;
	bootparams_fill(bp, bi, &map, &place, NULL);
	expect_eq(bp->hdr.loadflags, 0x03);
	ktap_done("KASLR_FLAG");
	free(bi);
	free(bp);
}

int main(void)
{
	test_sanitize();
	test_setup();
	test_fill();
	test_framebuffer(false, false);
	test_framebuffer(true, false);
	test_framebuffer(false, true);
	test_keep();
	test_e820();
	test_handed_on();
	test_provenance();
	test_tables();
	test_kaslr_flag();
	return ktap_status();
}
