// SPDX-License-Identifier: GPL-2.0
/*
 * boot_params and its setup_data nodes (bootparams.c). Offsets are those of
 * Documentation/x86/zero-page.rst and boot.rst, not the struct's.
 */
#include "fixture.h"

#include <asm/bootparam.h>

#include "bootparams.h"
#include "place.h"
#include "provenance.h"

#define ARENA		0x7ff0000ULL
#define CMDLINE_AT	0x1234560

#define E820_EXT	1		/* boot.rst, setup_data types */
#define ELFBOOT		0x454c4642
#define NODE_HEADER	16		/* u64 next, u32 type, u32 len */

static u32 get_le32(const u8 *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24;
}

static u64 get_le64(const u8 *p)
{
	return get_le32(p) | (u64)get_le32(p + 4) << 32;
}

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
	put_le32(want + 0x228, CMDLINE_AT);
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
		bootparams_fill(bp, bi, map, &place, CMDLINE_AT);
		expect_eq(bp->sentinel, 0);
		expect_block((u8 *)bp, bi, map, &place.initrd);
		ktap_done("fill: %s", cases[i].name);
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
	bootparams_fill(bp, bi, map, &place, CMDLINE_AT);
	expect_eq(bp->sentinel, 0);
	expect_eq(get_le32(p + 0x0c0), 0);	/* ext_ramdisk_image */
	expect_eq(get_le32(p + 0x0c4), 0);	/* ext_ramdisk_size */
	expect_eq(get_le32(p + 0x0c8), 0);	/* ext_cmd_line_ptr */
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
		struct placement place = { .arena = { ARENA, 0x10000, 3 } };
		struct bootinfo *bi = bootinfo_new();
		u8 want[20 * MEMMAP_MAX];
		const u8 *ext;
		u32 size;
		u8 *arena;

		make_map(map, counts[i]);
		size = bootparams_arena_size(map);
		expect(size <= 64 * KIB);
		memmap_set(map, ARENA, 0x1000, MEM_ACPI);
		expect(map->nr <= counts[i] + 2);

		arena = allocate(size);
		memset(arena, 0xa5, size);
		bootparams_fill(bp, bi, map, &place, CMDLINE_AT);
		bootparams_fill_arena(arena, bp, bi, map, &place, &handoff);
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
		expect_eq(len, 216);
		ktap_done("e820: %u ranges", counts[i]);
		free(arena);
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
} nodes[] = {
	{ "nobody", false, NULL, "", "", 0 },
	{ "short", true, "multiboot", "iPXE 1.21.1", "1.21.1", 0x1 },
	{ "15 characters fit", true, "123456789abcdef", "x", "", 0x7 },
	{ "16 do not", true, "123456789abcdefg", "x", "", 0x80000000 },
	{ "all too long", true, long_text, NULL, NULL, 0xffffffff },
};

static void test_provenance(void)
{
	static const struct handoff handoff = {
		.tsc_low = 0x89abcdef, .tsc_high = 0x01234567,
	};
	struct memmap *map = allocate(sizeof(*map));
	u32 i, k, len;

	memmap_init(map);
	for (i = 0; i < ARRAY_SIZE(nodes); i++) {
		struct placement place = { .arena = { ARENA, 0x1000, 3 } };
		struct boot_params *bp = allocate(sizeof(*bp));
		struct bootinfo *bi = bootinfo_new();
		u32 size = bootparams_arena_size(map);
		u8 *arena = allocate(size);
		const char *want[7];
		__le64 *tsc_kernel;
		const u8 *node;

		memset(arena, 0xa5, size);
		/* What a source may leave: full to the last byte. */
		memset(bi->loader, 'L', LOADER_SIZE - 1);
		memset(bi->loader_version, 'V', sizeof(bi->loader_version) - 1);
		if (nodes[i].loader)
			strcpy(bi->loader, nodes[i].loader);
		if (nodes[i].version)
			strcpy(bi->loader_version, nodes[i].version);
		bi->protocol = nodes[i].text;
		bi->firmware = nodes[i].text;
		bi->map_source = nodes[i].text;
		bi->cmdline_source = nodes[i].text;
		bi->initrd_source = nodes[i].text;
		bi->corrupt = nodes[i].corrupt;
		for (k = 0; k < 7; k++)
			want[k] = nodes[i].text ? nodes[i].text : "";
		want[1] = bi->loader;
		want[2] = bi->loader_version;

		bootparams_fill(bp, bi, map, &place, CMDLINE_AT);
		tsc_kernel = bootparams_fill_arena(arena, bp, bi, map, &place,
						   &handoff);
		node = find_node(bp, arena, size, ELFBOOT, &len);
		if (expect(node)) {
			expect_eq(len, 216);
			expect_eq(get_le32(node), 1);
			expect_eq(get_le32(node + 4), nodes[i].corrupt);
			expect_fields(node, want);
			expect_eq(get_le64(node + 200), 0x0123456789abcdef);
			expect_eq(get_le64(node + 208), 0);
			expect((u8 *)tsc_kernel == node + 208);
		}
		ktap_done("provenance: %s", nodes[i].name);
		free(arena);
		free(bi);
		free(bp);
	}
	free(map);
}

int main(void)
{
	test_fill();
	test_keep();
	test_e820();
	test_provenance();
	return ktap_status();
}
