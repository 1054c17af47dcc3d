// SPDX-License-Identifier: GPL-2.0
/*
 * Multiboot 1 (source-multiboot.c): captured from loaders, and made up.
 * Section numbers are those of the Multiboot Specification 0.6.96.
 */
#include "fixture.h"

#include "sources/wire-multiboot.h"

#define MAGIC		0x2badb002
#define INFO		0x10000		/* where made-up information is */

#define FLAG_MEMORY	0x001
#define FLAG_CMDLINE	0x004
#define FLAG_MODULES	0x008
#define FLAG_MAP	0x040
#define FLAG_LOADER	0x200

static const struct source source = {
	CORRUPT_MULTIBOOT, multiboot_probe
};

/* Captured: data/README has the loaders, versions and commands. */
static const struct {
	const char *name;
	u32 ebx;
	u64 pieces[3];
	size_t spare;			/* strings of the modules, at the end */
	const char *loader, *cmdline;
	u8 id;
	enum map_rank rank;
	u32 nr_map;
	struct range map[8];
	struct range module[2];
} captured[] = {
	{
		.name = "qemu-multiboot",
		.ebx = 0x9500,
		.pieces = { 0x9000, 0x9500, 0x201000 },
		.loader = "qemu", .id = 0xb0,
		.cmdline = "console=ttyS0 a b",
		.rank = MAP_LOADER,
		.nr_map = 7,
		.map = {
			{ 0, 0x9fc00, MEM_RAM },
			{ 0x9fc00, 0x400, MEM_RESERVED },
			{ 0xf0000, 0x10000, MEM_RESERVED },
			{ 0x100000, 0x7ee0000, MEM_RAM },
			{ 0x7fe0000, 0x20000, MEM_RESERVED },
			{ 0xfffc0000, 0x40000, MEM_RESERVED },
			{ 0xfd00000000, 0x300000000, MEM_RESERVED },
		},
		.module = { { 0x202000, 12 }, { 0x203000, 6 } },
	}, {
		.name = "ipxe-multiboot",
		.ebx = 0x9cee0,
		.pieces = { 0x9cd80 },
		.spare = 44,
		.loader = "iPXE 1.0.0+git-20190125.36a4c85", .id = 0x40,
		.cmdline = "console=ttyS0 a b",
		.rank = MAP_LOADER_RAM,
		.nr_map = 2,
		.map = {
			{ 0, 0x9fc00, MEM_RAM },
			{ 0x100000, 0x7ee0000, MEM_RAM },
		},
		.module = { { 0x201000, 12 }, { 0x202000, 6 } },
	},
};

static void test_captured(void)
{
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(captured); i++) {
		struct handoff handoff = { .eax = MAGIC };
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		handoff.ebx = captured[i].ebx;
		for (k = 0; k < 3 && captured[i].pieces[k]; k++)
			machine_load(&m, captured[i].name,
				     captured[i].pieces[k]);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_string(bi->protocol, "multiboot");
		expect_string(bi->loader, captured[i].loader);
		expect_eq(bi->loader_id, captured[i].id);
		expect_string(bi->cmdline, captured[i].cmdline);
		expect_string(bi->cmdline_source, "multiboot");
		expect_eq(bi->map_rank, captured[i].rank);
		expect_string(bi->map_source, "multiboot");
		expect_map(&bi->map, captured[i].map, captured[i].nr_map);
		expect_string(bi->initrd_source, "multiboot");
		expect_eq(bi->nr_modules, 2);
		for (k = 0; k < 2; k++) {
			expect_eq(bi->module[k].start,
				  captured[i].module[k].start);
			expect_eq(bi->module[k].size,
				  captured[i].module[k].size);
		}
		expect(!bi->no_bios);
		ktap_done("captured: %s", captured[i].name);

		expect_truncation(&source, &m, &handoff, captured[i].spare);
		ktap_done("truncated: %s", captured[i].name);
		expect_survival(&source, &m, &handoff);
		ktap_done("damaged: %s", captured[i].name);
		machine_free(&m);
		free(bi);
	}
}

struct module {
	u32 start, end;
};

struct entry {
	u32 size;
	u64 addr, len;
	u32 type;
};

/*
 * Made up. What the flags announce is laid out behind the information: map,
 * modules, loader's name, command line. A member whose name ends in _is
 * overrides what the layout would say.
 */
struct example {
	const char *name;
	u32 eax, flags;
	u32 mem_lower, mem_upper;
	u32 nr_map, nr_modules;
	struct entry map[4];
	struct module module[3];
	const char *loader, *cmdline;
	u32 map_length_is, map_is, modules_is, nr_modules_is;
	u32 loader_is, cmdline_is;

	int want;
	const char *stops;		/* why, with -EBADMSG */
	u32 ignored;			/* CORRUPT_* */
	bool unread_later;		/* what is corrupt, if not first */
	enum map_rank want_rank;
	u32 want_map, want_modules;
	struct range range[4];
	const char *want_cmdline;
	const char *want_loader;	/* NULL: as it was given */
	u8 want_id;			/* 0: not looked at */
};

static const struct example examples[] = {
	{
		/* section 3.2: EAX is the only way to tell */
		.name = "absent", .eax = 0x2badb003,
		.want = -ENOENT, .want_rank = MAP_NONE,
	}, {
		/* 3.3: no flag, nothing but the flags is valid */
		.name = "minimal",
		.want_rank = MAP_NONE,
	}, {
		/* 3.3: mem_lower and mem_upper, KiB */
		.name = "mem_lower, mem_upper",
		.flags = FLAG_MEMORY, .mem_lower = 639, .mem_upper = 64512,
		.want_rank = MAP_LOADER_RAM, .want_map = 2,
		.range = {
			{ 0, 639 * KIB, MEM_RAM },
			{ 1 * MIB, 63 * MIB, MEM_RAM },
		},
	}, {
		/* 3.3: 32 bits of KiB, that is 4 TiB */
		.name = "mem_upper ~0",
		.flags = FLAG_MEMORY, .mem_lower = 0, .mem_upper = ~0U,
		.want_rank = MAP_LOADER_RAM, .want_map = 1,
		.range = { { 1 * MIB, 0xffffffffULL * KIB, MEM_RAM } },
	}, {
		/* 3.3: the flag decides, not the field */
		.name = "fields without their flags",
		.mem_upper = 1024, .map_length_is = 24, .map_is = INFO,
		.modules_is = INFO, .nr_modules_is = 4, .loader_is = INFO,
		.cmdline_is = INFO,
		.want_rank = MAP_NONE,
	}, {
		/* 3.3: the map goes first; entries may be longer */
		.name = "map of mixed entry sizes",
		.flags = FLAG_MEMORY | FLAG_MAP,
		.mem_lower = 1, .mem_upper = 1,
		.nr_map = 3, .map = {
			{ 24, 0, 640 * KIB, 1 },
			{ 33, 1 * MIB, 31 * MIB, 1 },
			{ 20, 0xfffc0000, 0x40000, 2 },
		},
		.want_rank = MAP_LOADER, .want_map = 3,
		.range = {
			{ 0, 640 * KIB, MEM_RAM },
			{ 1 * MIB, 31 * MIB, MEM_RAM },
			{ 0xfffc0000, 0x40000, MEM_RESERVED },
		},
	}, {
		/* a map that says nothing: mem_upper is better than nothing */
		.name = "map of size 0",
		.flags = FLAG_MEMORY | FLAG_MAP, .mem_upper = 1024,
		.want_rank = MAP_LOADER_RAM, .want_map = 1,
		.range = { { 1 * MIB, 1 * MIB, MEM_RAM } },
	}, {
		.name = "map entry: len 0",
		.flags = FLAG_MAP, .nr_map = 2,
		.map = { { 20, 1 * MIB, 0, 1 }, { 20, 2 * MIB, 1, 1 } },
		.want_rank = MAP_LOADER_RAM, .want_map = 1,
		.range = { { 2 * MIB, 1, MEM_RAM } },
	}, {
		.name = "map entry: len ~0 wraps",
		.flags = FLAG_MAP, .nr_map = 1,
		.map = { { 20, 4 * GIB, ~0ULL, 2 } },
		.want_rank = MAP_LOADER, .want_map = 1,
		.range = { { 4 * GIB, -(4 * GIB), MEM_RESERVED } },
	}, {
		/* memmap_type(): 16 is coreboot's, 7 nobody's */
		.name = "map entries: types",
		.flags = FLAG_MAP, .nr_map = 4,
		.map = {
			{ 20, 1 * MIB, 1 * MIB, 16 },
			{ 20, 3 * MIB, 1 * MIB, 7 },
			{ 20, 5 * MIB, 1 * MIB, 5 },
			{ 20, 7 * MIB, 1 * MIB, 0xefffffff },
		},
		.want_rank = MAP_LOADER, .want_map = 4,
		.range = {
			{ 1 * MIB, 1 * MIB, MEM_RESERVED },
			{ 3 * MIB, 1 * MIB, MEM_PERSISTENT },
			{ 5 * MIB, 1 * MIB, MEM_UNUSABLE },
			{ 7 * MIB, 1 * MIB, MEM_SOFT_RESERVED },
		},
	}, {
		/* 3.3: "size" is 20 at least; 0 would be an endless loop */
		.name = "map entry: size 0",
		.flags = FLAG_MAP, .nr_map = 1,
		.map = { { 0, 0, 640 * KIB, 1 } },
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map entry: size 19",
		.flags = FLAG_MAP, .nr_map = 2,
		.map = { { 19, 0, 640 * KIB, 1 }, { 20, 1 * MIB, 1, 1 } },
		.ignored = CORRUPT_MAP,
	}, {
		/* step = size + 4 must not come out at 3 */
		.name = "map entry: size ~0",
		.flags = FLAG_MAP, .nr_map = 1,
		.map = { { ~0U, 0, 640 * KIB, 1 } }, .map_length_is = 24,
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map entry: size beyond the length",
		.flags = FLAG_MAP, .nr_map = 1,
		.map = { { 24, 0, 640 * KIB, 1 } }, .map_length_is = 24,
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map length: one entry and a half",
		.flags = FLAG_MAP, .nr_map = 2,
		.map = { { 20, 0, 1, 1 }, { 20, 1, 1, 1 } },
		.map_length_is = 36,
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map length: 1",
		.flags = FLAG_MAP, .nr_map = 1,
		.map = { { 20, 0, 1, 1 } }, .map_length_is = 1,
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map length: ~0",
		.flags = FLAG_MAP, .nr_map = 1,
		.map = { { 20, 0, 1, 1 } }, .map_length_is = ~0U,
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map address: up to 4 GiB",
		.flags = FLAG_MAP, .nr_map = 1,
		.map = { { 20, 0, 1, 1 } }, .map_is = -12U,
		.ignored = CORRUPT_MAP,
	}, {
		/* 3.3: modules; the end is exclusive, a size of 0 is allowed */
		.name = "modules",
		.flags = FLAG_MODULES, .nr_modules = 3,
		.module = {
			{ 0x200000, 0x200001 },
			{ 0x1003, 0x1003 },
			{ 0xfffff000, 0xffffffff },
		},
		.want_rank = MAP_NONE, .want_modules = 3,
	}, {
		/* 3.3: without a module the address means nothing */
		.name = "no modules, address ~0",
		.flags = FLAG_MODULES, .modules_is = ~0U,
		.want_rank = MAP_NONE,
	}, {
		.name = "module: ends before it starts",
		.flags = FLAG_MODULES, .nr_modules = 2,
		.module = { { 0x2000, 0x3000 }, { 0x2000, 0x1fff } },
		.want = -EBADMSG,
		.stops = "multiboot: mod_start 0x2000, mod_end 0x1fff: the module ends before it starts",
	}, {
		.name = "modules: ~0",
		.flags = FLAG_MODULES, .nr_modules = 1,
		.module = { { 0x2000, 0x3000 } }, .nr_modules_is = ~0U,
		.want = -EBADMSG,
	}, {
		/* times 16, as 32 bits, is one module */
		.name = "modules: 0x10000001",
		.flags = FLAG_MODULES, .nr_modules = 1,
		.module = { { 0x2000, 0x3000 } }, .nr_modules_is = 0x10000001,
		.want = -EBADMSG,
		.stops = "multiboot: mods_count: 268435457 modules, more than 256",
	}, {
		.name = "modules address: up to 4 GiB",
		.flags = FLAG_MODULES, .nr_modules = 2,
		.module = { { 0, 1 }, { 0, 1 } }, .modules_is = -16U,
		.want = -EBADMSG,
		.stops = "multiboot: mods_addr 0xfffffff0, 2 modules: not in memory",
	}, {
		/* loaders.md, section 7: GRUB 2 alone passes no file name */
		.name = "GRUB 2's command line",
		.flags = FLAG_CMDLINE | FLAG_LOADER,
		.loader = "GRUB 2.06-13+deb12u1", .cmdline = "a=1 b",
		.want_rank = MAP_NONE, .want_cmdline = "a=1 b",
	}, {
		/* As above; mboot.c32 goes by the name of its variant */
		.name = "PXELINUX's command line",
		.flags = FLAG_CMDLINE | FLAG_LOADER,
		.loader = "PXELINUX 6.04", .cmdline = "elfImage a=1 b",
		.want_rank = MAP_NONE, .want_cmdline = "a=1 b",
	}, {
		/* bootinfo.c: nobody known, so nothing is stripped */
		.name = "command line of a loader without a name",
		.flags = FLAG_CMDLINE, .cmdline = "a=1 b",
		.want_rank = MAP_NONE, .want_cmdline = "a=1 b",
	}, {
		/*
		 * Etherboot 5.4.4 with its multiboot option (loaders.md,
		 * sections 4.1 and 15): no name, but a file name and a tail.
		 */
		.name = "Etherboot's command line",
		.flags = FLAG_CMDLINE,
		.cmdline = "x.elf console=ttyS0 a -retaddr 0X03EF393C",
		.want_rank = MAP_NONE, .want_cmdline = "console=ttyS0 a",
		.want_loader = "Etherboot", .want_id = 0x40,
	}, {
		.name = "Etherboot's command line, one argument",
		.flags = FLAG_CMDLINE, .cmdline = "x a -retaddr 0X1",
		.want_rank = MAP_NONE, .want_cmdline = "a",
		.want_loader = "Etherboot", .want_id = 0x40,
	}, {
		.name = "Etherboot's command line, no arguments",
		.flags = FLAG_CMDLINE, .cmdline = "x.elf -retaddr 0X1",
		.want_rank = MAP_NONE,
		.want_loader = "Etherboot", .want_id = 0x40,
	}, {
		.name = "Etherboot's command line, its tail alone",
		.flags = FLAG_CMDLINE, .cmdline = " -retaddr 0X1",
		.want_rank = MAP_NONE,
		.want_loader = "Etherboot", .want_id = 0x40,
	}, {
		/* Etherboot's goes last, whatever a user has typed */
		.name = "Etherboot's command line, two tails",
		.flags = FLAG_CMDLINE,
		.cmdline = "x.elf a -retaddr 0X1 -retaddr 0X03EF393C",
		.want_rank = MAP_NONE, .want_cmdline = "a -retaddr 0X1",
		.want_loader = "Etherboot", .want_id = 0x40,
	}, {
		/* who gives a name is somebody else */
		.name = "GRUB 2's command line with -retaddr",
		.flags = FLAG_CMDLINE | FLAG_LOADER,
		.loader = "GRUB 2.06", .cmdline = "a b -retaddr 0X1",
		.want_rank = MAP_NONE, .want_cmdline = "a b -retaddr 0X1",
		.want_id = 0x70,
	}, {
		.name = "iPXE's command line with -retaddr",
		.flags = FLAG_CMDLINE | FLAG_LOADER,
		.loader = "iPXE 1.21.1", .cmdline = "tftp://a/b c -retaddr 0X1",
		.want_rank = MAP_NONE, .want_cmdline = "c -retaddr 0X1",
		.want_id = 0x40,
	}, {
		.name = "-retaddr of nobody: not the last word",
		.flags = FLAG_CMDLINE, .cmdline = "x a -retaddr 0X1 b",
		.want_rank = MAP_NONE, .want_cmdline = "x a -retaddr 0X1 b",
		.want_id = 0xff,
	}, {
		.name = "-retaddr of nobody: the first word",
		.flags = FLAG_CMDLINE, .cmdline = "-retaddr 0X1",
		.want_rank = MAP_NONE, .want_cmdline = "-retaddr 0X1",
		.want_id = 0xff,
	}, {
		.name = "-retaddr of nobody: part of a word",
		.flags = FLAG_CMDLINE, .cmdline = "x a-retaddr 0X1",
		.want_rank = MAP_NONE, .want_cmdline = "x a-retaddr 0X1",
		.want_id = 0xff,
	}, {
		.name = "-retaddr of nobody: in small letters",
		.flags = FLAG_CMDLINE, .cmdline = "x a -retaddr 0x1",
		.want_rank = MAP_NONE, .want_cmdline = "x a -retaddr 0x1",
		.want_id = 0xff,
	}, {
		.name = "-retaddr of nobody: cut short",
		.flags = FLAG_CMDLINE, .cmdline = "x a -retaddr 0",
		.want_rank = MAP_NONE, .want_cmdline = "x a -retaddr 0",
		.want_id = 0xff,
	}, {
		/* bootinfo_read_cmdline(): an empty one is none */
		.name = "empty strings",
		.flags = FLAG_CMDLINE | FLAG_LOADER,
		.loader = "", .cmdline = "",
		.want_rank = MAP_NONE,
	}, {
		.name = "command line at ~0",
		.flags = FLAG_CMDLINE, .cmdline_is = ~0U,
		.want = -EBADMSG, .unread_later = true,
		.stops = "multiboot: command line at 0xffffffff: memory ends 0 bytes after its start, before the string does",
	}, {
		/* what is optional costs itself, and nothing of the core */
		.name = "a bad map, a bad name",
		.flags = FLAG_MEMORY | FLAG_MAP | FLAG_MODULES | FLAG_CMDLINE |
			 FLAG_LOADER,
		.mem_lower = 639, .mem_upper = 64512,
		.nr_map = 2, .map = {
			{ 20, 0, 639 * KIB, 1 }, { 19, 1 * MIB, 1 * MIB, 2 },
		},
		.nr_modules = 1, .module = { { 0x200000, 0x200100 } },
		.loader_is = ~0U, .cmdline = "lockdown=integrity",
		.ignored = CORRUPT_MAP | CORRUPT_LOADER,
		.want_rank = MAP_LOADER_RAM, .want_map = 2, .want_modules = 1,
		.range = {
			{ 0, 639 * KIB, MEM_RAM },
			{ 1 * MIB, 63 * MIB, MEM_RAM },
		},
		.want_cmdline = "lockdown=integrity",
	}, {
		.name = "loader's name at ~0",
		.flags = FLAG_LOADER, .loader_is = ~0U,
		.ignored = CORRUPT_LOADER,
	}, {
		.name = "everything",
		.flags = FLAG_MEMORY | FLAG_MAP | FLAG_MODULES | FLAG_CMDLINE |
			 FLAG_LOADER,
		.mem_lower = 640, .mem_upper = 1024,
		.nr_map = 2, .map = {
			{ 20, 0, 640 * KIB, 1 },
			{ 20, 1 * MIB, 1 * MIB, 3 },
		},
		.nr_modules = 1, .module = { { 0x200000, 0x200100 } },
		.loader = "kexec 2.0.25", .cmdline = "/boot/elfImage quiet",
		.want_rank = MAP_LOADER, .want_map = 2, .want_modules = 1,
		.range = {
			{ 0, 640 * KIB, MEM_RAM },
			{ 1 * MIB, 1 * MIB, MEM_ACPI },
		},
		.want_cmdline = "quiet",
	},
};

/* The information takes shape here; machine_add() copies it. */
struct image {
	u32 len;
	u8 data[64 * KIB];
};

/* Reserve room behind what is there; return its physical address. */
static u32 image_add(struct image *image, u32 len)
{
	u32 pa = INFO + image->len;

	image->len += len;
	if (image->len > sizeof(image->data))
		abort();
	return pa;
}

static u8 *image_at(struct image *image, u32 pa)
{
	return &image->data[pa - INFO];
}

static u32 image_string(struct image *image, const char *s)
{
	u32 pa = image_add(image, strlen(s) + 1);

	strcpy((char *)image_at(image, pa), s);
	return pa;
}

static void image_entry(struct image *image, const struct entry *entry)
{
	u32 room = entry->size >= 20 && entry->size < 64 ? entry->size : 20;
	u8 *p = image_at(image, image_add(image, 4 + room));

	put_le32(p, entry->size);
	put_le64(p + 4, entry->addr);
	put_le64(p + 12, entry->len);
	put_le32(p + 20, entry->type);
}

static void image_module(struct image *image, const struct module *module)
{
	u8 *p = image_at(image, image_add(image, 16));

	put_le32(p, module->start);
	put_le32(p + 4, module->end);
}

static u32 either(u32 a, u32 b)
{
	return a ? a : b;
}

static void image_build(struct image *image, const struct example *e)
{
	u8 *info = image->data;
	u32 map, i;

	memset(image, 0, sizeof(*image));
	image->len = sizeof(struct multiboot_info);
	put_le32(info, e->flags);
	put_le32(info + 4, e->mem_lower);
	put_le32(info + 8, e->mem_upper);

	map = INFO + image->len;
	for (i = 0; i < e->nr_map; i++)
		image_entry(image, &e->map[i]);
	put_le32(info + 44, either(e->map_length_is, INFO + image->len - map));
	put_le32(info + 48, either(e->map_is, map));

	put_le32(info + 20, either(e->nr_modules_is, e->nr_modules));
	put_le32(info + 24, either(e->modules_is, INFO + image->len));
	for (i = 0; i < e->nr_modules; i++)
		image_module(image, &e->module[i]);

	put_le32(info + 64, e->loader ? image_string(image, e->loader) :
		 e->loader_is);
	put_le32(info + 16, e->cmdline ? image_string(image, e->cmdline) :
		 e->cmdline_is);
}

static const char *wanted_loader(const struct example *e)
{
	if (e->want_loader)
		return e->want_loader;
	return e->loader ? e->loader : "";
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
	expect_eq(bi->ignored_bits, e->ignored);
	if (e->stops)
		expect_string(fault_text(&bi->fault), e->stops);
	if (!e->want) {
		expect_string(bi->protocol, "multiboot");
		expect_string(bi->loader, wanted_loader(e));
		if (e->want_id)
			expect_eq(bi->loader_id, e->want_id);
		expect_eq(bi->map_rank, e->ignored && !e->want_map ?
			  MAP_NONE : e->want_rank);
		expect_map(&bi->map, e->range, e->want_map);
		expect_string(bi->cmdline_source,
			      e->want_cmdline ? "multiboot" : NULL);
		expect_string(bi->cmdline,
			      e->want_cmdline ? e->want_cmdline : "");
		expect_eq(bi->nr_modules, e->want_modules);
		for (i = 0; i < bi->nr_modules; i++) {
			expect_eq(bi->module[i].start, e->module[i].start);
			expect_eq(bi->module[i].size,
				  e->module[i].end - e->module[i].start);
		}
		expect_truncation(&source, &m, &handoff, 0);
	}
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
	static const u32 counts[] = { 128, 129, 512, 513, 1365 };
	const struct example e = { .flags = FLAG_MAP };
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	static struct image image;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		image_build(&image, &e);
		for (k = 0; k < counts[i]; k++)
			image_entry(&image, &(struct entry){
				20, (u64)k << 20, 0x1000, 2
			});
		put_le32(&image.data[44], counts[i] * 24);
		machine_add(&m, INFO, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_eq(bi->map.nr, counts[i] > MEMMAP_MAX ?
			  MEMMAP_MAX : counts[i]);
		expect_eq(bi->map.truncated, counts[i] > MEMMAP_MAX);
		for (k = 0; k < bi->map.nr; k++)
			expect_eq(bi->map.range[k].start, (u64)k << 20);
		ktap_done("%u ranges", counts[i]);
		machine_free(&m);
		free(bi);
	}
}

static void test_many_modules(void)
{
	static const u32 counts[] = { 33, 256, 257 };
	const struct example e = { .flags = FLAG_MODULES };
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	static struct image image;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		bool fit = counts[i] <= 256;
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		image_build(&image, &e);
		for (k = 0; k < counts[i]; k++)
			image_module(&image, &(struct module){
				k << 20, (k << 20) + 1
			});
		put_le32(&image.data[20], counts[i]);
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

static void test_long_strings(void)
{
	struct example e = { .flags = FLAG_LOADER | FLAG_CMDLINE };
	struct bootinfo *bi = bootinfo_new();
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	static struct image image;
	static char text[5000];
	struct machine m = {};

	memset(text, 'x', sizeof(text) - 1);
	e.loader = text;
	e.cmdline = text;
	image_build(&image, &e);
	machine_add(&m, INFO, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(strlen(bi->loader), LOADER_SIZE - 1);
	expect_eq(strlen(bi->cmdline), CMDLINE_SIZE - 1);
	ktap_done("strings that are too long");
	machine_free(&m);
	free(bi);
}

/* Coreboot of 2013 passes an odd address; EBX may point anywhere. */
static void test_addresses(void)
{
	static const u32 addresses[] = { 0, 1, 0xfffffffc, 0xffffffff };
	struct example e = { .flags = FLAG_MEMORY, .mem_upper = 1024 };
	static struct image image;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		bool there = addresses[i] < 2;
		struct bootinfo *bi = bootinfo_new();
		struct handoff handoff = { .eax = MAGIC, .ebx = addresses[i] };
		struct machine m = {};

		image_build(&image, &e);
		machine_add(&m, there ? addresses[i] : 0, image.data,
			    image.len);
		expect_eq(probe(&source, &m, &handoff, bi),
			  there ? 0 : -EBADMSG);
		expect_eq(bi->map.nr, there);
		ktap_done("information at %#x", addresses[i]);
		machine_free(&m);
		free(bi);
	}
}

/* The list of modules, or the map, goes on where memory does: above 4 GiB. */
static void test_beyond(void)
{
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	static u8 above[64];
	static struct image image;
	u32 i;

	for (i = 0; i < 2; i++) {
		const struct example e = {
			.flags = i ? FLAG_MAP : FLAG_MODULES,
			.modules_is = -16U, .nr_modules_is = 3,
			.map_is = -24U, .map_length_is = 48,
		};
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		image_build(&image, &e);
		machine_add(&m, INFO, image.data, image.len);
		put_le32(above, i ? 20 : 0);
		put_le32(above + 24, 20);
		machine_add(&m, 4 * GIB - (i ? 24 : 16), above, sizeof(above));
		expect_eq(probe(&source, &m, &handoff, bi), i ? 0 : -EBADMSG);
		expect_eq(bi->ignored_bits, i ? CORRUPT_MAP : 0);
		ktap_done("%s up to 4 GiB and beyond",
			  i ? "map" : "modules' list");
		machine_free(&m);
		free(bi);
	}
}

/*
 * Coreboot of July 2013 with its multiboot hand-over: flags 0x40, information
 * at 0xf044f, the map right behind it (loaders.md, section 14), here with the
 * ranges of its table. What the other fields have in them counts for nothing.
 */
static void test_coreboot(void)
{
	static const struct range map[] = {
		{ 0, 0x1000, MEM_RESERVED }, { 0x1000, 0x9f000, MEM_RAM },
		{ 0xc0000, 0x1fe20000, MEM_RAM },
		{ 0x1fee0000, 0x120000, MEM_RESERVED },
		{ 0xff800000, 0x800000, MEM_RESERVED },
	};
	struct handoff handoff = { .eax = MAGIC, .ebx = 0xf044f };
	struct bootinfo *bi = bootinfo_new();
	u8 image[0x58 + ARRAY_SIZE(map) * 24];
	struct machine m = {};
	u32 i;

	memset(image, 0xee, sizeof(image));
	put_le32(image, FLAG_MAP);
	put_le32(image + 44, ARRAY_SIZE(map) * 24);
	put_le32(image + 48, 0xf04a7);
	for (i = 0; i < ARRAY_SIZE(map); i++) {
		u8 *p = image + 0x58 + i * 24;

		put_le32(p, 20);
		put_le64(p + 4, map[i].start);
		put_le64(p + 12, map[i].size);
		/* coreboot's own type for its tables */
		put_le32(p + 20, map[i].type == MEM_RAM ? 1 : 16);
	}
	machine_add(&m, 0xf044f, image, sizeof(image));
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_string(bi->loader, "");
	expect_string(bi->cmdline, "");
	expect(!bi->cmdline_source && !bi->initrd_source);
	expect_eq(bi->map_rank, MAP_LOADER);
	expect_map(&bi->map, map, ARRAY_SIZE(map));
	expect_truncation(&source, &m, &handoff, 0);
	ktap_done("coreboot 2013");
	machine_free(&m);
	free(bi);
}

int main(void)
{
	u32 i;

	test_captured();
	for (i = 0; i < ARRAY_SIZE(examples); i++)
		test_example(&examples[i]);
	test_many_ranges();
	test_many_modules();
	test_long_strings();
	test_addresses();
	test_beyond();
	test_coreboot();
	return ktap_status();
}
