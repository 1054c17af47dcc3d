// SPDX-License-Identifier: GPL-2.0
/*
 * A caller's boot_params (source-bootparams.c). Offsets are those of
 * Documentation/x86/zero-page.rst and boot.rst, not the struct's.
 */
#include "fixture.h"

#include <asm/bootparam.h>

#define BLOCK		0x90000		/* boot_params */
#define NODES		0x91000		/* setup_data, command line: behind */

#define E820_EXT	1
#define NODE_HEADER	16
#define NODES_MAX	2

static const struct source source = {
	CORRUPT_BOOTPARAMS, bootparams_probe
};

struct node {
	u32 type;
	u32 nr;				/* of e820 entries */
	u32 len_is;			/* else as many as there are */
	u64 next_is;			/* else that of the next, or 0 */
};

/* A member whose name ends in _is overrides what the layout would say. */
static const struct example {
	const char *name;
	u32 esi_is, magic_is;
	u16 version;			/* 0: 0x20f */
	u8 sentinel;
	u8 loader_id;
	u32 nr_map, nr_map_is;
	u32 nr_nodes;
	struct node node[NODES_MAX];
	u64 node_is;
	u64 initrd, initrd_size, rsdp;
	const char *cmdline;
	u64 cmdline_is;
	u32 cmdline_high;		/* ext_cmd_line_ptr, if not its own */
	int want;
	const char *stops;		/* why, with -EBADMSG */
	bool unread_later;		/* what is corrupt, if not first */
	u32 want_map;
} examples[] = {
	{
		/* every loader but ours leaves junk in ESI */
		.name = "absent", .esi_is = 0x12345678, .want = -ENOENT,
	}, {
		.name = "ESI 0", .esi_is = ~0U, .want = -ENOENT,
	}, {
		.name = "no HdrS", .magic_is = 0x53726447, .want = -ENOENT,
	}, {
		.name = "minimal",
	}, {
		/* loaders.md, section 4.6: kexec-tools, --args-linux */
		.name = "kexec", .version = 0x0206, .loader_id = 0xd0,
		.nr_map = 3, .want_map = 3, .cmdline = "console=ttyS0 a b",
		.initrd = 0x7000000, .initrd_size = 0x123457,
		.rsdp = 0xf59d0,
	}, {
		/* boot.rst: cmd_line_ptr came with 2.02 */
		.name = "version 0x201", .version = 0x0201, .want = -EBADMSG,
		.stops = "linux: boot protocol 0x201, older than 0x202",
	}, {
		/* boot.rst: setup_data came with 2.09; nobody cleared it */
		.name = "version 0x208, setup_data is junk",
		.version = 0x0208, .node_is = 0xdeadbeef, .nr_map = 1,
		.want_map = 1,
	}, {
		.name = "128 ranges", .nr_map = 128, .want_map = 128,
	}, {
		.name = "129 in a table for 128", .nr_map_is = 129,
		.want = -EBADMSG,
	}, {
		.name = "255 in a table for 128", .nr_map_is = 255,
		.want = -EBADMSG,
		.stops = "linux: e820_entries: 255 ranges, more than 128",
	}, {
		.name = "129 ranges", .nr_map = 128, .want_map = 129,
		.nr_nodes = 1, .node = { { E820_EXT, 1, 0, 0 } },
	}, {
		.name = "512 ranges", .nr_map = 128, .want_map = 512,
		.nr_nodes = 2,
		.node = { { E820_EXT, 383, 0, 0 }, { E820_EXT, 1, 0, 0 } },
	}, {
		.name = "513 ranges", .nr_map = 128, .want_map = 513,
		.nr_nodes = 2,
		.node = { { E820_EXT, 383, 0, 0 }, { E820_EXT, 2, 0, 0 } },
	}, {
		.name = "nodes of other types", .nr_map = 1, .want_map = 3,
		.nr_nodes = 2,
		.node = { { 0x454c4642, 3, 0, 0 }, { E820_EXT, 2, 0, 0 } },
	}, {
		.name = "node: size 0", .nr_map = 1, .want_map = 1,
		.nr_nodes = 1, .node = { { E820_EXT, 0, 0, 0 } },
	}, {
		.name = "node: size ~0", .nr_map = 1,
		.nr_nodes = 1, .node = { { E820_EXT, 1, ~0U, 0 } },
		.want = -EBADMSG,
	}, {
		.name = "node: at ~0", .node_is = ~0ULL, .want = -EBADMSG,
	}, {
		.name = "node: above 4 GiB", .node_is = 4 * GIB + NODES,
		.want = -EBADMSG,
	}, {
		.name = "node: leads to itself",
		.nr_nodes = 1, .node = { { 99, 1, 0, NODES } },
		.want = -EBADMSG,
	}, {
		.name = "node: leads to itself, with ranges",
		.nr_nodes = 1, .node = { { E820_EXT, 1, 0, NODES } },
		.want = -EBADMSG,
	}, {
		/* boot.rst: ext_ramdisk_image, ext_ramdisk_size */
		.name = "initrd above 4 GiB",
		.initrd = 5 * GIB + 0x1000, .initrd_size = 4 * GIB + 1,
	}, {
		.name = "initrd of size 0", .initrd = 0x7000000,
	}, {
		/* a copied header, and noise where nobody has cleared */
		.name = "sentinel", .sentinel = 1, .cmdline = "quiet",
		.initrd = 0xdeadbeef07000000, .initrd_size = 0xdeadbeef00123457,
		.rsdp = 0xdeadbeefdeadbeef, .nr_map = 3, .want_map = 3,
	}, {
		.name = "sentinel, no initrd", .sentinel = 0xff,
		.initrd = 0xdeadbeef00000000, .initrd_size = 0xdeadbeef00000000,
	}, {
		.name = "sentinel, a command line below 4 GiB",
		.sentinel = 0xff, .cmdline = "a b", .cmdline_high = ~0U,
	}, {
		.name = "initrd wraps",
		.initrd = ~0ULL, .initrd_size = 2, .want = -EBADMSG,
		.stops = "linux: ramdisk_image 0xffffffffffffffff, ramdisk_size 0x2: beyond the end of memory",
	}, {
		.name = "command line at ~0", .cmdline_is = ~0ULL,
		.want = -EBADMSG, .unread_later = true,
	}, {
		/* boot.rst: ext_cmd_line_ptr counts */
		.name = "command line above 4 GiB",
		.cmdline_is = 4 * GIB + NODES,
		.want = -EBADMSG, .unread_later = true,
	}, {
		.name = "empty command line", .cmdline = "",
	},
};

struct image {
	u32 len;
	u8 data[32 * KIB];
};

/* Every range is one of a kind, so that none can be mistaken. */
static void put_e820(u8 *p, u32 first, u32 nr)
{
	for (; nr; nr--, first++, p += 20) {
		put_le64(p, (u64)first << 32);
		put_le64(p + 8, 0x1000 + first);
		put_le32(p + 16, MEM_RESERVED);
	}
}

static void image_build(struct image *image, const struct example *e)
{
	u32 first = e->nr_map;
	u8 *bp = image->data;
	u64 cmdline;
	u32 i;

	memset(image, 0, sizeof(*image));
	image->len = NODES - BLOCK;
	put_le64(bp + 0x070, e->rsdp);
	put_le32(bp + 0x0c0, e->initrd >> 32);
	put_le32(bp + 0x0c4, e->initrd_size >> 32);
	bp[0x1ef] = e->sentinel;
	bp[0x1e8] = e->nr_map_is ? e->nr_map_is : e->nr_map;
	put_le32(bp + 0x202, e->magic_is ? e->magic_is : 0x53726448);
	put_le16(bp + 0x206, e->version ? e->version : 0x020f);
	bp[0x210] = e->loader_id;
	put_le32(bp + 0x218, e->initrd);
	put_le32(bp + 0x21c, e->initrd_size);
	put_le64(bp + 0x250, e->nr_nodes ? NODES : e->node_is);
	put_e820(bp + 0x2d0, 0, e->nr_map);

	for (i = 0; i < e->nr_nodes; i++) {
		const struct node *node = &e->node[i];
		u8 *p = bp + image->len;
		bool is_last = i + 1 == e->nr_nodes;

		image->len += NODE_HEADER + node->nr * 20;
		put_le64(p, is_last ? node->next_is : BLOCK + image->len);
		put_le32(p + 8, node->type);
		put_le32(p + 12, node->len_is ? node->len_is : node->nr * 20);
		put_e820(p + NODE_HEADER, first, node->nr);
		if (node->type == E820_EXT)
			first += node->nr;
	}

	cmdline = e->cmdline ? BLOCK + image->len : e->cmdline_is;
	put_le32(bp + 0x228, cmdline);
	put_le32(bp + 0x0c8, e->cmdline_high ? e->cmdline_high :
		 cmdline >> 32);
	if (e->cmdline) {
		strcpy((char *)bp + image->len, e->cmdline);
		image->len += strlen(e->cmdline) + 1;
	}
}

/* bootparam_utils.h: with the sentinel set ext_* and acpi_rsdp_addr are noise. */
static u64 believed(const struct example *e, u64 value)
{
	return e->sentinel ? (u32)value : value;
}

static void expect_result(const struct example *e, const struct bootinfo *bi)
{
	u32 nr = e->want_map > MEMMAP_MAX ? MEMMAP_MAX : e->want_map;
	bool has_cmdline = e->cmdline && *e->cmdline;
	u32 i;

	expect_string(bi->protocol, "linux");
	expect_eq(bi->loader_id, e->loader_id ? e->loader_id : 0xff);
	expect_eq(bi->map_rank, nr ? MAP_LOADER : MAP_NONE);
	expect_eq(bi->map.nr, nr);
	expect_eq(bi->map.truncated, e->want_map > MEMMAP_MAX);
	for (i = 0; i < bi->map.nr; i++) {
		expect_eq(bi->map.range[i].start, (u64)i << 32);
		/* The gap at the end is the smallest: two of 513 are one. */
		if (i == MEMMAP_MAX - 1 && bi->map.truncated)
			expect_eq(bi->map.range[i].size,
				  0x100001000 + i + 1);
		else
			expect_eq(bi->map.range[i].size, 0x1000 + i);
		expect_eq(bi->map.range[i].type,
			  i == MEMMAP_MAX - 1 && bi->map.truncated ?
			  MEM_JOINED : MEM_RESERVED);
	}
	expect_eq(bi->nr_modules, believed(e, e->initrd_size) ? 1 : 0);
	if (bi->nr_modules) {
		expect_eq(bi->module[0].start, believed(e, e->initrd));
		expect_eq(bi->module[0].size, believed(e, e->initrd_size));
	}
	expect_string(bi->cmdline_source, has_cmdline ? "linux" : NULL);
	expect_string(bi->cmdline, has_cmdline ? e->cmdline : "");
	expect_eq(bi->rsdp, e->sentinel ? 0 : e->rsdp);
	expect_eq(bi->boot_params, BLOCK);
}

/* A pointer of the example's own; ~0 stands for 0. */
static struct handoff enter(const struct example *e)
{
	struct handoff handoff = { .esi = BLOCK };

	if (e->esi_is)
		handoff.esi = e->esi_is == ~0U ? 0 : e->esi_is;
	return handoff;
}

static void test_example(const struct example *e)
{
	const struct handoff handoff = enter(e);
	struct bootinfo *bi = bootinfo_new();
	struct bootinfo *full = bootinfo_new_full();
	static struct image image;
	struct machine m = {};

	image_build(&image, e);
	machine_add(&m, BLOCK, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), e->want);
	if (e->stops)
		expect_string(fault_text(&bi->fault), e->stops);
	if (!e->want)
		expect_result(e, bi);
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

/*
 * Memory ends at every byte. Short of the header there is none; then it is
 * corrupt, or all that is announced is there.
 */
static void test_truncated(const struct example *e)
{
	const struct handoff handoff = enter(e);
	struct bootinfo *all = bootinfo_new();
	static struct image image;
	struct machine m = {};
	u32 needed, len;

	image_build(&image, e);
	machine_add(&m, BLOCK, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, all), 0);
	machine_free(&m);
	needed = image.len;
	if (needed == NODES - BLOCK)
		needed = e->nr_map ? 0x2d0 + e->nr_map * 20 : 0;
	for (len = 0; len < image.len; len++) {
		struct bootinfo *bi = bootinfo_new();
		int ret;

		machine_add(&m, BLOCK, image.data, len);
		ret = probe(&source, &m, &handoff, bi);
		if (len < 0x1f1)
			expect_eq(ret, -ENOENT);
		else if (len >= 0x290 && len < needed)
			expect_eq(ret, -EBADMSG);
		if (!ret)
			expect(bootinfo_same(bi, all));
		machine_free(&m);
		free(bi);
	}
	ktap_done("truncated: %s", e->name);
	free(all);
}

static void test_damaged(const struct example *e)
{
	const struct handoff handoff = enter(e);
	static struct image image;
	struct machine m = {};

	image_build(&image, e);
	machine_add(&m, BLOCK, image.data, 0x2d0);
	machine_add(&m, NODES, image.data + NODES - BLOCK, 0x20);
	expect_survival(&source, &m, &handoff);
	ktap_done("damaged: %s", e->name);
	machine_free(&m);
}

int main(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(examples); i++) {
		const struct example *e = &examples[i];

		test_example(e);
		if (e->want)
			continue;
		test_truncated(e);
		test_damaged(e);
	}
	return ktap_status();
}
