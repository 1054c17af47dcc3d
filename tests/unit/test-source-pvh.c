// SPDX-License-Identifier: GPL-2.0
/*
 * PVH (source-pvh.c): captured from QEMU, and made up. "ABI" is Xen's
 * docs/misc/pvh.pandoc with xen/include/public/arch-x86/hvm/start_info.h.
 */
#include "fixture.h"

#include "sources/wire-pvh.h"

#define MAGIC		0x336ec578
#define INFO		0x6000		/* where made-up information is */

/* What the kernel's own entry reserves (arch/x86/platform/pvh/enlighten.c). */
#define HOLE		{ 0xa0000, 0x60000, MEM_RESERVED }

static const struct source source = { CORRUPT_PVH, pvh_probe };

static void test_captured(void)
{
	/* data/README */
	static const struct range map[] = {
		{ 0, 0x9fc00, MEM_RAM },
		{ 0x9fc00, 0x400, MEM_RESERVED },
		{ 0xf0000, 0x10000, MEM_RESERVED },
		{ 0x100000, 0x7ee0000, MEM_RAM },
		{ 0x7fe0000, 0x20000, MEM_RESERVED },
		{ 0xfffc0000, 0x40000, MEM_RESERVED },
		{ 0xfd00000000, 0x300000000, MEM_RESERVED },
		HOLE,
	};
	const struct handoff handoff = { .eax = MAGIC, .ebx = 0x21e0 };
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};

	machine_load(&m, "qemu-pvh", 0x5a8);
	machine_load(&m, "qemu-pvh", 0x11c0);
	machine_load(&m, "qemu-pvh", 0x21c0);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_string(bi->protocol, "pvh");
	expect_string(bi->loader, "");
	expect_eq(bi->loader_id, 0xff);
	expect_string(bi->cmdline, "console=ttyS0 a b");
	expect_string(bi->cmdline_source, "pvh");
	expect_eq(bi->map_rank, MAP_LOADER);
	expect_string(bi->map_source, "pvh");
	expect_map(&bi->map, map, ARRAY_SIZE(map));
	expect_string(bi->initrd_source, "pvh");
	expect_eq(bi->nr_modules, 1);
	expect_eq(bi->module[0].start, 0x7fd7000);
	expect_eq(bi->module[0].size, 12);
	expect_eq(bi->rsdp, 0xf59d0);
	expect(bi->no_bios);
	ktap_done("captured: qemu-pvh");

	expect_truncation(&source, &m, &handoff, 0);
	ktap_done("truncated: qemu-pvh");
	expect_survival(&source, &m, &handoff);
	ktap_done("damaged: qemu-pvh");
	machine_free(&m);
	free(bi);
}

/*
 * Made up: map, modules and command line are laid out behind the start info.
 * A member whose name ends in _is overrides what the layout would say.
 */
struct example {
	const char *name;
	u32 eax, magic, version, flags;
	u64 rsdp;
	u32 nr_map, nr_modules;
	struct range map[4];
	struct range module[3];
	const char *cmdline;
	u64 map_is, modules_is, cmdline_is;
	u32 nr_map_is, nr_modules_is;

	int want;
	const char *stops;		/* why, with -EBADMSG */
	bool unread_later;		/* what is corrupt, if not first */
	enum map_rank want_rank;
	u32 want_map;
	struct range range[4];
};

static const struct example examples[] = {
	{
		/* stub.h: our own PVH entry sets EAX, no other entry does */
		.name = "absent", .eax = 0x2badb002,
		.want = -ENOENT, .want_rank = MAP_NONE,
	}, {
		/* ABI: version 0 has 40 bytes and no map */
		.name = "minimal",
		.want_rank = MAP_NONE,
	}, {
		/* ABI: what would be the map is not part of version 0 */
		.name = "version 0 with something behind it",
		.nr_map = 1, .map = { { 0, 640 * KIB, MEM_RAM } },
		.want_rank = MAP_NONE,
	}, {
		.name = "version 1",
		.version = 1, .rsdp = 0xe0000,
		.nr_map = 2, .map = {
			{ 0, 640 * KIB, MEM_RAM },
			{ 1 * MIB, 127 * MIB, MEM_RAM },
		},
		.want_rank = MAP_LOADER, .want_map = 3,
		.range = {
			{ 0, 640 * KIB, MEM_RAM },
			{ 1 * MIB, 127 * MIB, MEM_RAM },
			HOLE,
		},
	}, {
		/* memmap_normalise(): RAM is none there then */
		.name = "RAM through the first MiB",
		.version = 1, .nr_map = 1, .map = { { 0, 2 * MIB, MEM_RAM } },
		.want_rank = MAP_LOADER, .want_map = 2,
		.range = { { 0, 2 * MIB, MEM_RAM }, HOLE },
	}, {
		/* xen.h: SIF_PRIVILEGED is nothing by itself */
		.name = "privileged", .flags = 1,
		.want_rank = MAP_NONE,
	}, {
		/* xen.h: SIF_PRIVILEGED and SIF_INITDOMAIN, as Xen 4.17 has them */
		.name = "Xen's first domain", .flags = 3, .cmdline = "console=hvc0",
		.want = -EBADMSG,
		.stops = "pvh: flags 0x3: Xen's first domain; boot vmlinux",
	}, {
		/* ABI: later versions only append */
		.name = "version ~0",
		.version = ~0U, .rsdp = ~0ULL,
		.nr_map = 1, .map = { { 4 * GIB, GIB, 7 } },
		.want_rank = MAP_LOADER, .want_map = 2,
		.range = { { 4 * GIB, GIB, 7 }, HOLE },
	}, {
		/* ABI: memmap_entries may be 0 */
		.name = "version 1 without a map, address ~0",
		.version = 1, .map_is = ~0ULL,
		.want_rank = MAP_NONE,
	}, {
		.name = "wrong magic number in memory", .magic = 0x336ec579,
		.want = -EBADMSG,
		.stops = "pvh: magic 0x336ec579 in the start info, not 0x336ec578",
	}, {
		.name = "map entry: size 0",
		.version = 1, .nr_map = 2,
		.map = { { 0, 0, 1 }, { 1 * MIB, 1 * MIB, 1 } },
		.want_rank = MAP_LOADER, .want_map = 2,
		.range = { { 1 * MIB, 1 * MIB, MEM_RAM }, HOLE },
	}, {
		.name = "map entry: size ~0 wraps",
		.version = 1, .nr_map = 1, .map = { { 1 * MIB, ~0ULL, 1 } },
		.want_rank = MAP_LOADER, .want_map = 2,
		.range = { { 1 * MIB, -MIB, MEM_RAM }, HOLE },
	}, {
		.name = "map entries: ~0",
		.version = 1, .nr_map = 1, .map = { { 0, MIB, 1 } },
		.nr_map_is = ~0U,
		.want = -EBADMSG,
	}, {
		/* entries of size 0 take no room: no bound */
		.name = "map entries: ~0, all of size 0",
		.version = 1, .nr_map = 4, .nr_map_is = ~0U,
		.want = -EBADMSG,
	}, {
		.name = "map address: ~0",
		.version = 1, .nr_map = 1, .map_is = ~0ULL,
		.want = -EBADMSG,
		.stops = "pvh: memmap_paddr 0xffffffffffffffff, 1 ranges: not in memory",
	}, {
		/* must not come out at 0x6000 when cut to 32 bits */
		.name = "map address: above 4 GiB",
		.version = 1, .nr_map = 1, .map_is = 4 * GIB + INFO,
		.want = -EBADMSG,
	}, {
		.name = "modules",
		.nr_modules = 3, .module = {
			{ 0x200000, 0x1001 },
			{ 0x1003, 0 },
			{ 5 * GIB, GIB },
		},
		.want_rank = MAP_NONE,
	}, {
		.name = "no modules, address ~0", .modules_is = ~0ULL,
		.want_rank = MAP_NONE,
	}, {
		.name = "module: up to the last byte",
		.nr_modules = 1, .module = { { -0x1000ULL, 0xfff } },
		.want_rank = MAP_NONE,
	}, {
		.name = "module: wraps by a byte",
		.nr_modules = 1, .module = { { -0x1000ULL, 0x1001 } },
		.want = -EBADMSG,
	}, {
		.name = "module: size ~0",
		.nr_modules = 2, .module = { { 0, 1 }, { 2, ~0ULL } },
		.want = -EBADMSG,
	}, {
		.name = "modules: ~0",
		.nr_modules = 1, .module = { { 0, 1 } }, .nr_modules_is = ~0U,
		.want = -EBADMSG,
	}, {
		/* times 32, as 32 bits, is one module */
		.name = "modules: 0x8000001",
		.nr_modules = 1, .module = { { 0, 1 } },
		.nr_modules_is = 0x8000001,
		.want = -EBADMSG,
	}, {
		.name = "modules address: ~0",
		.nr_modules = 1, .module = { { 0, 1 } }, .modules_is = ~0ULL,
		.want = -EBADMSG,
		.stops = "pvh: modlist_paddr 0xffffffffffffffff, 1 modules: not in memory",
	}, {
		/* loaders.md, section 6: no PVH loader puts a name first */
		.name = "command line", .cmdline = "a=1 b",
		.want_rank = MAP_NONE,
	}, {
		/* bootinfo_read_cmdline(): an empty one is none */
		.name = "empty command line", .cmdline = "",
		.want_rank = MAP_NONE,
	}, {
		.name = "command line at ~0", .cmdline_is = ~0ULL,
		.want = -EBADMSG, .unread_later = true,
	}, {
		.name = "command line above 4 GiB",
		.cmdline_is = 4 * GIB + INFO,
		.want = -EBADMSG, .unread_later = true,
	}, {
		/* loaders.md, section 6.1: as Firecracker has it */
		.name = "everything",
		.version = 1, .cmdline = "console=ttyS0 reboot=k",
		.nr_map = 3, .map = {
			{ 0, 0x9fc00, MEM_RAM },
			{ 1 * MIB, 127 * MIB, MEM_RAM },
			{ 0xeec00000, 0x1000, MEM_RESERVED },
		},
		.nr_modules = 1, .module = { { 0x7000000, 0x123456 } },
		.want_rank = MAP_LOADER, .want_map = 4,
		.range = {
			{ 0, 0x9fc00, MEM_RAM },
			{ 1 * MIB, 127 * MIB, MEM_RAM },
			{ 0xeec00000, 0x1000, MEM_RESERVED },
			HOLE,
		},
	},
};

struct image {
	u32 len;
	u8 data[64 * KIB];
};

static u8 *image_add(struct image *image, u32 len)
{
	u8 *at = &image->data[image->len];

	image->len += len;
	if (image->len > sizeof(image->data))
		abort();
	return at;
}

static void image_entry(struct image *image, const struct range *range)
{
	u8 *p = image_add(image, 24);

	put_le64(p, range->start);
	put_le64(p + 8, range->size);
	put_le32(p + 16, range->type);
}

static void image_module(struct image *image, const struct range *range)
{
	u8 *p = image_add(image, 32);

	put_le64(p, range->start);
	put_le64(p + 8, range->size);
}

static u64 either(u64 a, u64 b)
{
	return a ? a : b;
}

/* Version 0 ends after 40 bytes; its map is there but not announced. */
static void image_build(struct image *image, const struct example *e)
{
	u8 *info = image->data;
	u32 i;

	memset(image, 0, sizeof(*image));
	image_add(image, e->version || e->nr_map ? 56 : 40);
	put_le32(info, either(e->magic, MAGIC));
	put_le32(info + 4, e->version);
	put_le32(info + 8, e->flags);
	put_le64(info + 32, e->rsdp);

	if (e->version || e->nr_map) {
		put_le64(info + 40, either(e->map_is, INFO + image->len));
		put_le32(info + 48, either(e->nr_map_is, e->nr_map));
	}
	for (i = 0; e->version && i < e->nr_map; i++)
		image_entry(image, &e->map[i]);

	put_le32(info + 12, either(e->nr_modules_is, e->nr_modules));
	put_le64(info + 16, either(e->modules_is, INFO + image->len));
	for (i = 0; i < e->nr_modules; i++)
		image_module(image, &e->module[i]);

	put_le64(info + 24, e->cmdline ? INFO + image->len : e->cmdline_is);
	if (e->cmdline)
		strcpy((char *)image_add(image, strlen(e->cmdline) + 1),
		       e->cmdline);
}

static void test_example(const struct example *e)
{
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	struct bootinfo *bi = bootinfo_new();
	struct bootinfo *full = bootinfo_new_full();
	static struct image image;
	struct machine m = {};
	u32 i;

	if (e->eax)
		handoff.eax = e->eax;
	image_build(&image, e);
	machine_add(&m, INFO, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), e->want);
	if (e->stops)
		expect_string(fault_text(&bi->fault), e->stops);
	if (!e->want) {
		expect_string(bi->protocol, "pvh");
		expect_eq(bi->map_rank, e->want_rank);
		expect_map(&bi->map, e->range, e->want_map);
		expect_string(bi->cmdline_source,
			      e->cmdline && *e->cmdline ? "pvh" : NULL);
		expect_string(bi->cmdline, e->cmdline ? e->cmdline : "");
		expect_eq(bi->nr_modules, e->nr_modules);
		for (i = 0; i < bi->nr_modules; i++) {
			expect_eq(bi->module[i].start, e->module[i].start);
			expect_eq(bi->module[i].size, e->module[i].size);
		}
		expect_eq(bi->rsdp, e->rsdp);
		expect_truncation(&source, &m, &handoff,
				  !e->version && e->nr_map ? 16 : 0);
	}
	expect_eq(bi->no_bios, !e->want);
	ktap_done("%s", e->name);

	/* Who came first keeps what it said. */
	expect_eq(probe(&source, &m, &handoff, full),
		  e->unread_later ? 0 : e->want);
	expect_full(full);
	ktap_done("%s, not the first", e->name);
	machine_free(&m);
	free(full);
	free(bi);
}

static void test_many_ranges(void)
{
	static const u32 counts[] = { 128, 129, 512, 513, 2000 };
	const struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	const struct example e = { .version = 1 };
	static struct memmap sorted;
	static struct image image;
	u32 i, k;

	/* And the hole, which is the lowest of them. */
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		u32 want = counts[i] < MEMMAP_MAX ? counts[i] + 1 : MEMMAP_MAX;
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		image_build(&image, &e);
		for (k = 0; k < counts[i]; k++)
			image_entry(&image, &(struct range){
				(u64)(k + 2) << 20, 0x1000, MEM_RESERVED
			});
		put_le32(&image.data[48], counts[i]);
		machine_add(&m, INFO, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		memmap_normalise(&sorted, &bi->map);
		expect_eq(sorted.nr, want);
		expect_eq(sorted.truncated, counts[i] >= MEMMAP_MAX);
		expect_eq(sorted.range[0].start, HOLE_START);
		for (k = 1; k < sorted.nr - 1; k++)
			expect_eq(sorted.range[k].start, (u64)(k + 1) << 20);
		ktap_done("%u ranges", counts[i]);
		machine_free(&m);
		free(bi);
	}
}

static void test_many_modules(void)
{
	static const u32 counts[] = { 33, 256, 257 };
	const struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	const struct example e = { .version = 0 };
	static struct image image;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		bool fit = counts[i] <= 256;
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		image_build(&image, &e);
		for (k = 0; k < counts[i]; k++)
			image_module(&image, &(struct range){
				(u64)k << 20, 1, 0
			});
		put_le32(&image.data[12], counts[i]);
		machine_add(&m, INFO, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi), fit ? 0 : -EBADMSG);
		expect_eq(bi->nr_modules, fit ? counts[i] : 0);
		for (k = 0; k < bi->nr_modules; k++)
			expect_eq(bi->module[k].start, (u64)k << 20);
		ktap_done("%u modules", counts[i]);
		machine_free(&m);
		free(bi);
	}
}

int main(void)
{
	u32 i;

	test_captured();
	for (i = 0; i < ARRAY_SIZE(examples); i++)
		test_example(&examples[i]);
	test_many_ranges();
	test_many_modules();
	return ktap_status();
}
