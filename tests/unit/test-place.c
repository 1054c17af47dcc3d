// SPDX-License-Identifier: GPL-2.0
/*
 * Finding room (place.c), in a machine of 4 MiB with its kernel at 1 MiB.
 */
#include "fixture.h"

#include "info/place.h"

#define LIMIT		(4 * GIB)
#define KERNEL_START	(1 * MIB)
#define KERNEL_END	(2 * MIB)
#define MEMORY_END	(4 * MIB)

#define NR_MODULES	4

/* The initrd's place if it moves: the highest page-aligned one. */
#define TOP(size)	((MEMORY_END - (size)) & ~0xfffULL)

static const struct {
	const char *name;
	u32 nr;
	struct range module[NR_MODULES];
	u64 limit;			/* 0: LIMIT */
	struct range efi_map;		/* UEFI's memory map */
	int want;
	u64 start, size;
} cases[] = {
	{
		.name = "absent",
	}, {
		.name = "one of size 0",
		.nr = 1, .module = { { 0x300000, 0 } },
	}, {
		/* GRUB, QEMU, iPXE, syslinux: page-aligned, behind the image */
		.name = "stays where it is",
		.nr = 1, .module = { { 0x200000, 0x1235 } },
		.start = 0x200000, .size = 0x1235,
	}, {
		.name = "stays: up to the end of RAM",
		.nr = 1, .module = { { 0x3ff000, 0x1000 } },
		.start = 0x3ff000, .size = 0x1000,
	}, {
		.name = "stays: up to the limit",
		.nr = 1, .module = { { 0x300000, 0x1000 } }, .limit = 0x301000,
		.start = 0x300000, .size = 0x1000,
	}, {
		/* multiboot without the align flag: Etherboot */
		.name = "unaligned",
		.nr = 1, .module = { { 0x200004, 0x1235 } },
		.start = TOP(0x1235), .size = 0x1235,
	}, {
		/* GRUB 2 by multiboot2: 0x2000 (loaders.md, section 4.3) */
		.name = "below 1 MiB",
		.nr = 1, .module = { { 0x2000, 0x1000 } },
		.start = TOP(0x1000), .size = 0x1000,
	}, {
		.name = "in the kernel's memory",
		.nr = 1, .module = { { KERNEL_END - 0x1000, 0x1001 } },
		.start = TOP(0x1001), .size = 0x1001,
	}, {
		.name = "around the kernel",
		.nr = 1, .module = { { 0x100000, 0x100001 } },
		.start = TOP(0x100001), .size = 0x100001,
	}, {
		/* i386: above what the kernel maps from the start */
		.name = "above the limit",
		.nr = 1, .module = { { 0x380000, 0x1001 } }, .limit = 0x380fff,
		.start = 0x37e000, .size = 0x1001,
	}, {
		/* the map does not call it RAM: an old loader's heap */
		.name = "in reserved memory",
		.nr = 1, .module = { { 0x3fe000, 0x3000 } },
		.start = 0x3fb000, .size = 0x3000,
	}, {
		/*
		 * Each at a multiple of 4 with 4 zeros or more in front of it,
		 * in the loader's order: 0-5, 12-13, 20-28, 32-35
		 */
		.name = "several",
		.nr = 4, .module = {
			{ 0x300000, 5 }, { 0x2003, 1 }, { 0x200000, 8 },
			{ 0x1ffffd, 3 },
		},
		.start = TOP(35), .size = 35,
	}, {
		.name = "several, some of size 0",
		.nr = 4, .module = {
			{ 0x300000, 0 }, { 0x200000, 6 }, { 0, 0 },
			{ 0x4000, 1 },
		},
		.start = TOP(13), .size = 13,
	}, {
		.name = "two neighbours are moved, too",
		.nr = 2, .module = { { 0x200000, 0x1000 }, { 0x201000, 4 } },
		.start = TOP(0x1008), .size = 0x1008,
	}, {
		.name = "one that lies on top",
		.nr = 2, .module = { { 0x3ff000, 0x1000 }, { 0x3000, 0x10 } },
		.start = 0x3fd000, .size = 0x1014,
	}, {
		/* the loader put it there, and so it is free */
		.name = "stays, UEFI's map behind it",
		.nr = 1, .module = { { 0x200000, 0x1235 } },
		.efi_map = { 0x202000, 0x1200, MEM_RAM },
		.start = 0x200000, .size = 0x1235,
	}, {
		.name = "below UEFI's map",
		.nr = 1, .module = { { 0x200004, 0x1000 } },
		.efi_map = { 0x3ff123, 0x480, MEM_RAM },
		.start = 0x3fe000, .size = 0x1000,
	}, {
		.name = "above UEFI's map",
		.nr = 1, .module = { { 0x2000, 0x1000 } },
		.efi_map = { 0x3feb81, 0x47f, MEM_RAM },
		.start = 0x3ff000, .size = 0x1000,
	}, {
		.name = "below UEFI's map, which is a byte too long",
		.nr = 1, .module = { { 0x2000, 0x1000 } },
		.efi_map = { 0x3feb81, 0x480, MEM_RAM },
		.start = 0x3fd000, .size = 0x1000,
	}, {
		.name = "several, UEFI's map between them",
		.nr = 3, .module = {
			{ 0x3ff000, 0x1000 }, { 0x3fd000, 0x1000 },
			{ 0x3000, 4 },
		},
		.efi_map = { 0x3fe000, 0x1000, MEM_RAM },
		.start = 0x3fa000, .size = 0x200c,
	}, {
		.name = "no room: UEFI's map",
		.nr = 1, .module = { { 0x2000, 0x100000 } },
		.efi_map = { 0x2fffff, 1, MEM_RAM }, .limit = 0x300000,
		.want = -ENOMEM,
	}, {
		.name = "no room: larger than the rest",
		.nr = 1, .module = { { 0x200001, 0x100001 } },
		.want = -ENOMEM,
	}, {
		.name = "no room below the limit",
		.nr = 1, .module = { { 0x300000, 0x1000 } }, .limit = 0x200fff,
		.want = -ENOMEM,
	}, {
		.name = "no room: size ~0",
		.nr = 1, .module = { { 0x200000, ~0x200000ULL } },
		.want = -ENOMEM,
	}, {
		.name = "no room: sizes whose sum is 0",
		.nr = 2, .module = {
			{ 0x200000, 1ULL << 63 }, { 0x300000, 1ULL << 63 },
		},
		.want = -ENOMEM,
	}, {
		.name = "no room: sizes whose sum is a page",
		.nr = 2, .module = {
			{ 0x200000, 1ULL << 63 },
			{ 0x300000, (1ULL << 63) + 0x1000 },
		},
		.want = -ENOMEM,
	}, {
		/* PVH names 64-bit addresses; without PAE we reach 4 GiB */
		.name = "out of reach",
		.nr = 1, .module = { { 5 * GIB, 0x1000 } },
		.want = -EFAULT,
	},
};

static void machine_new(struct machine *m)
{
	/* There is more than the map says. */
	const u32 len = MEMORY_END + 0x4000;
	u8 *memory = machine_add(m, 0, NULL, len);
	u32 i;

	for (i = 0; i < len; i++)
		memory[i] = i % 251 ^ i >> 12;
}

static struct memmap *new_map(void)
{
	struct memmap *map = allocate(sizeof(*map));

	memmap_init(map);
	memmap_set(map, 0, 640 * KIB, MEM_RAM);
	memmap_set(map, 1 * MIB, MEMORY_END - 1 * MIB, MEM_RAM);
	memmap_set(map, 4 * GIB, GIB, MEM_RAM);
	return map;
}

static bool overlap(const struct range *a, const struct range *b)
{
	return a->size && b->size && a->start < b->start + b->size &&
	       b->start < a->start + a->size;
}

/* What the modules are, put together, from memory as it was. */
static u8 *concatenate(const u8 *memory, const struct range *module, u32 nr,
		       u64 size)
{
	u8 *initrd = allocate(size);
	u64 at = 0;
	u32 i;

	memset(initrd, 0, size);
	for (i = 0; i < nr; i++) {
		if (!module[i].size)
			continue;
		at = at ? (at + 7) / 4 * 4 : 0;
		memcpy(initrd + at, memory + module[i].start, module[i].size);
		at += module[i].size;
	}
	return initrd;
}

static void expect_initrd(const struct machine *m, const struct machine *was,
			  const struct range *module, u32 nr,
			  const struct placement *place)
{
	const u8 *memory = machine_piece(m, 0);
	u64 start = place->initrd.start, size = place->initrd.size;
	u8 *want = concatenate(machine_piece(was, 0), module, nr, size);

	expect(start >= MIB);
	expect(!(start & 0xfff));
	expect(!overlap(&place->initrd, &place->kernel));
	expect_bytes(memory + start, want, size);
	/* Nothing else has been written to. */
	expect_bytes(memory, machine_piece(was, 0), start);
	expect_bytes(memory + start + size,
		     machine_piece(was, 0) + start + size,
		     MEMORY_END - start - size);
	free(want);
}

static void test_initrd(void)
{
	struct memmap *map = new_map();
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct placement place = {
			.kernel = { KERNEL_START, KERNEL_END - KERNEL_START,
				    MEM_RAM },
		};
		struct bootinfo *bi = bootinfo_new();
		u64 limit = cases[i].limit;
		struct machine m = {}, was = {};
		int ret;

		if (!limit)
			limit = LIMIT;
		machine_new(&m);
		machine_new(&was);
		memcpy(bi->module, cases[i].module, sizeof(cases[i].module));
		bi->nr_modules = cases[i].nr;
		bi->efi.map = cases[i].efi_map;
		ret = place_initrd(&m.ram, bi, map, limit, &place);
		expect_eq(ret, cases[i].want);
		if (!ret && !cases[i].want) {
			expect_eq(place.initrd.size, cases[i].size);
			expect_eq(place.initrd.start, cases[i].start);
			expect_eq(place_initrd_size(bi), cases[i].size);
			expect(!overlap(&place.initrd, &bi->efi.map));
		}
		if (!ret && !cases[i].want && cases[i].size)
			expect_initrd(&m, &was, cases[i].module, cases[i].nr,
				      &place);
		ktap_done("initrd: %s", cases[i].name);
		machine_free(&was);
		machine_free(&m);
		free(bi);
	}
	free(map);
}

/* As many as there may be, on top of each other: each is read before. */
static void test_many_modules(void)
{
	struct placement place = {
		.kernel = { KERNEL_START, KERNEL_END - KERNEL_START, MEM_RAM },
	};
	struct bootinfo *bi = bootinfo_new();
	struct memmap *map = new_map();
	struct machine m = {}, was = {};
	u32 i;

	machine_new(&m);
	machine_new(&was);
	for (i = 0; i < MODULES_MAX; i++)
		bi->module[i] = (struct range){
			MEMORY_END - 0x103 * (i + 1), 0x103, MEM_RAM
		};
	bi->nr_modules = MODULES_MAX;
	expect_eq(place_initrd(&m.ram, bi, map, LIMIT, &place), 0);
	expect_eq(place.initrd.size, 0x108 * MODULES_MAX - 5);
	expect_initrd(&m, &was, bi->module, MODULES_MAX, &place);
	ktap_done("initrd: %u modules", MODULES_MAX);
	machine_free(&was);
	machine_free(&m);
	free(map);
	free(bi);
}

/*
 * Modules above 4 GiB, where the map has 1 GiB of RAM: x86_64 takes them as
 * they are, i386 wants them below a limit.
 */
#define LIMIT_64	(~0ULL)
#define LIMIT_32	0x380000ULL
#define HIGH_END	(5 * GIB)

static const struct {
	const char *name;
	u32 nr;
	struct range module[2];
	u64 limit;
	bool no_pae;			/* read_high() fails */
	int want;
	u64 start, size;
	u32 reads;			/* modules that read_high() has read */
} highs[] = {
	{
		.name = "x86_64: stays",
		.nr = 1, .module = { { 4 * GIB, 0x1235 } },
		.limit = LIMIT_64, .start = 4 * GIB, .size = 0x1235,
	}, {
		.name = "x86_64: stays, the CPU need not reach it",
		.nr = 1, .module = { { 4 * GIB + 0x10000, 0x1235 } },
		.limit = LIMIT_64, .no_pae = true,
		.start = 4 * GIB + 0x10000, .size = 0x1235,
	}, {
		.name = "x86_64: stays, up to the end of RAM",
		.nr = 1, .module = { { HIGH_END - 0x2000, 0x2000 } },
		.limit = LIMIT_64, .start = HIGH_END - 0x2000, .size = 0x2000,
	}, {
		.name = "x86_64: not all of it is RAM",
		.nr = 1, .module = { { HIGH_END - 0x2000, 0x2001 } },
		.limit = LIMIT_64, .start = TOP(0x2001), .size = 0x2001,
		.reads = 1,
	}, {
		/* there is room above 4 GiB, but nobody writes there */
		.name = "x86_64: unaligned",
		.nr = 1, .module = { { 4 * GIB + 4, 0x1000 } },
		.limit = LIMIT_64, .start = TOP(0x1000), .size = 0x1000,
		.reads = 1,
	}, {
		.name = "x86_64: two of them",
		.nr = 2, .module = {
			{ 4 * GIB, 0x1001 }, { 4 * GIB + 0x2000, 0x10 },
		},
		.limit = LIMIT_64, .start = TOP(0x1018), .size = 0x1018,
		.reads = 2,
	}, {
		.name = "x86_64: one above, one below",
		.nr = 2, .module = {
			{ 4 * GIB, 0x1001 }, { 0x200000, 0x10 },
		},
		.limit = LIMIT_64, .start = TOP(0x1018), .size = 0x1018,
		.reads = 1,
	}, {
		.name = "x86_64: unaligned, and no room below 4 GiB",
		.nr = 1, .module = { { 4 * GIB + 4, 0x300000 } },
		.limit = LIMIT_64, .want = -ENOMEM,
	}, {
		.name = "x86_64: unaligned, more than 4 GiB and a page",
		.nr = 1, .module = { { 4 * GIB + 4, 4 * GIB + 0x1000 } },
		.limit = LIMIT_64, .want = -ENOMEM,
	}, {
		.name = "i386: below its limit",
		.nr = 1, .module = { { 4 * GIB, 0x1235 } },
		.limit = LIMIT_32, .start = 0x37e000, .size = 0x1235,
		.reads = 1,
	}, {
		.name = "i386: one above, one below",
		.nr = 2, .module = {
			{ 0x37f000, 0x1000 }, { HIGH_END - 3, 3 },
		},
		.limit = LIMIT_32, .start = 0x37d000, .size = 0x1007,
		.reads = 1,
	}, {
		.name = "i386: no PAE",
		.nr = 1, .module = { { 4 * GIB, 0x1235 } },
		.limit = LIMIT_32, .no_pae = true, .want = -EFAULT,
		.reads = 1,
	}, {
		/* no loader does: PCI is there */
		.name = "i386: across 4 GiB",
		.nr = 1, .module = { { 4 * GIB - 0x1000, 0x2000 } },
		.limit = LIMIT_32, .want = -EFAULT,
	},
};

static struct {
	bool no_pae;
	u32 reads;
} high;

static u8 high_byte(u64 pa)
{
	return pa ^ pa >> 9 ^ 0x55;
}

static int read_high(u64 pa, void *dst, u32 len)
{
	u8 *p = dst;
	u32 i;

	high.reads++;
	for (i = 0; !high.no_pae && i < len; i++)
		p[i] = high_byte(pa + i);
	return high.no_pae ? -EFAULT : 0;
}

/* Modules one behind the other, with zeros in between. */
static void expect_moved(const u8 *memory, u32 i)
{
	u64 at = highs[i].start, k;
	u32 nr;

	for (nr = 0; nr < highs[i].nr; nr++) {
		const struct range *module = &highs[i].module[nr];

		for (k = nr ? at + 4 : at; at < k || at % 4; at++)
			expect_eq(memory[at], 0);
		for (k = 0; k < module->size && module->start >= 4 * GIB; k++)
			expect_eq(memory[at + k], high_byte(module->start + k));
		at += module->size;
	}
	expect_eq(at, highs[i].start + highs[i].size);
}

static void test_high(u32 i, const struct memmap *map)
{
	struct placement place = {
		.kernel = { KERNEL_START, KERNEL_END - KERNEL_START, MEM_RAM },
	};
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};

	machine_new(&m);
	m.ram.read_high = read_high;
	high.no_pae = highs[i].no_pae;
	high.reads = 0;
	memcpy(bi->module, highs[i].module, sizeof(highs[i].module));
	bi->nr_modules = highs[i].nr;
	expect_eq(place_initrd(&m.ram, bi, map, highs[i].limit, &place),
		  highs[i].want);
	expect_eq(high.reads, highs[i].reads);
	if (!highs[i].want) {
		expect_eq(place.initrd.start, highs[i].start);
		expect_eq(place.initrd.size, highs[i].size);
	}
	if (!highs[i].want && highs[i].start < 4 * GIB)
		expect_moved(machine_piece(&m, 0), i);
	ktap_done("high: %s", highs[i].name);
	machine_free(&m);
	free(bi);
}

static void test_highs(void)
{
	static const u64 ends[][2] = {
		{ 0x30000000, 0x30000000 }, { 4 * GIB - 1, 4 * GIB - 1 },
		{ 4 * GIB, 4 * GIB }, { 4 * GIB + 1, 4 * GIB },
		{ ~0ULL, 4 * GIB },
	};
	struct memmap *map = new_map();
	u32 i;

	for (i = 0; i < ARRAY_SIZE(highs); i++)
		test_high(i, map);
	for (i = 0; i < ARRAY_SIZE(ends); i++)
		expect_eq(place_initrd_end(ends[i][0]), ends[i][1]);
	ktap_done("high: where an initrd that is moved must end");
	free(map);
}

/* The arena: what is taken, what is left of the map. */
static const struct {
	const char *name;
	u32 size;
	struct range initrd;
	u64 memory_end;
	int want;
	u64 start, carved;
} arenas[] = {
	{ "on top", 232, { 0, 0, 0 }, MEMORY_END, 0, 0x3ff000, 0x1000 },
	{ "a page", 0x1000, { 0, 0, 0 }, MEMORY_END, 0, 0x3ff000, 0x1000 },
	{ "more than a page", 0x1001, { 0, 0, 0 }, MEMORY_END, 0, 0x3fe000,
	  0x2000 },
	{ "below the initrd", 232, { 0x3ff000, 0x1000, 0 }, MEMORY_END, 0,
	  0x3fe000, 0x1000 },
	{ "above the initrd", 232, { 0x3fd000, 0x1000, 0 }, MEMORY_END, 0,
	  0x3ff000, 0x1000 },
	{ "the initrd's last page", 232, { 0x3fd000, 0x1001, 0 }, MEMORY_END,
	  0, 0x3fc000, 0x1000 },
	{ "the last pages that are left", 232, { 0x200000, 0x1000, 0 },
	  0x203000, 0, 0x202000, 0x1000 },
	{ "no room: one page", 232, { 0x200000, 0x1000, 0 }, 0x202000, -ENOMEM,
	  0, 0 },
	{ "no room", 232, { 0x200000, 0x2000, 0 }, 0x202000, -ENOMEM, 0, 0 },
	{ "no room: RAM ends with the kernel", 232, { 0, 0, 0 }, KERNEL_END,
	  -ENOMEM, 0, 0 },
	{ "below 4 GiB", 232, { 0, 0, 0 }, 6 * GIB, 0, 4 * GIB - 0x1000,
	  0x1000 },
};

/* No UEFI, and so no map of it to be read. */
static const struct bootinfo nobody;

static const struct bootinfo *with_efi_of(const struct efi *efi)
{
	static struct bootinfo bi;

	bi.efi = *efi;
	return &bi;
}

static const struct ram none;

static void test_arena(void)
{
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(arenas); i++) {
		struct memmap *map = allocate(sizeof(*map));
		struct placement place = {
			.kernel = { KERNEL_START, KERNEL_END - KERNEL_START,
				    MEM_RAM },
			.initrd = arenas[i].initrd,
		};
		struct range used;
		u32 nr;

		memmap_init(map);
		memmap_set(map, 0, 640 * KIB, MEM_RAM);
		memmap_set(map, MIB, arenas[i].memory_end - MIB, MEM_RAM);
		nr = map->nr;
		expect_eq(place_arena(&none, &nobody, map, arenas[i].size,
				      &place), arenas[i].want);
		if (arenas[i].want) {
			expect_eq(map->nr, nr);
			goto done;
		}
		expect_eq(place.arena.start, arenas[i].start);
		expect_eq(place.arena.size, arenas[i].carved);
		expect_eq(place.boot_params, arenas[i].start - 0x1000);
		expect(memmap_is(map, MEM_RAM, place.boot_params, 0x1000));
		used = (struct range){ place.boot_params,
				       0x1000 + arenas[i].carved, MEM_RAM };
		expect(!overlap(&used, &place.kernel));
		expect(!overlap(&used, &place.initrd));
		for (k = 0; k < map->nr; k++)
			if (map->range[k].start == arenas[i].start) {
				expect_eq(map->range[k].type, MEM_ACPI);
				expect_eq(map->range[k].size, arenas[i].carved);
			} else {
				expect(!overlap(&map->range[k], &place.arena));
			}
		expect(!memmap_is(map, MEM_RAM, arenas[i].start, 1));
done:
		ktap_done("arena: %s", arenas[i].name);
		free(map);
	}
}

/*
 * The arena, carved out of the last of as many ranges as there may be: the
 * initrd is in front of it, and still in RAM.
 */
static void test_full_map(void)
{
	struct memmap *raw = allocate(sizeof(*raw));
	struct memmap *map = allocate(sizeof(*map));
	struct placement place = {
		.kernel = { KERNEL_START, KERNEL_END - KERNEL_START, MEM_RAM },
	};
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};
	u64 last = 0;
	u32 i;

	memmap_init(raw);
	for (i = 0; i < MEMMAP_MAX; i++) {
		last = MIB + i * 4 * MIB;
		memmap_add(raw, last, 2 * MIB, MEM_RAM);
	}
	memmap_normalise(map, raw);
	expect_eq(map->nr, MEMMAP_MAX);
	bi->module[0] = (struct range){ last + MIB, 0x80000, MEM_RAM };
	bi->nr_modules = 1;
	expect_eq(place_initrd(&m.ram, bi, map, LIMIT, &place), 0);
	expect_eq(place.initrd.start, last + MIB);
	expect_eq(place_arena(&none, &nobody, map, 232, &place), 0);
	expect_eq(place.arena.start, last + 2 * MIB - 0x1000);
	expect(memmap_is(map, MEM_RAM, place.initrd.start, place.initrd.size));
	expect(memmap_is(map, MEM_RAM, place.boot_params, 0x1000));
	expect(!map->truncated);
	ktap_done("arena: in a full map");
	free(bi);
	free(map);
	free(raw);
}

/* Memory that is kept is nobody's, and then the arena is no hole in RAM for good. */
static void test_kept(void)
{
	struct memmap *map = allocate(sizeof(*map));
	struct placement place = {
		.kernel = { KERNEL_START, KERNEL_END - KERNEL_START, MEM_RAM },
	};
	struct bootinfo *bi = bootinfo_new();
	u64 end = KERNEL_END + 16 * MIB;

	memmap_init(map);
	memmap_set(map, MIB, end - MIB, MEM_RAM);
	memmap_set(map, end - MIB, MIB, MEM_KEPT);
	bi->setup_data = end - MIB;
	expect_eq(place_arena(&none, bi, map, 232, &place), 0);
	expect_eq(place.arena.start, end - MIB - 0x1000);
	expect_eq(place.arena.type, MEM_KEPT);
	expect(memmap_is(map, MEM_KEPT, place.arena.start, MIB + 0x1000));
	ktap_done("arena: below what is kept");
	free(bi);
	free(map);
}

/*
 * The arena where UEFI's map says something, too; the initrd is at 0x200000.
 * That map itself is in the way only if it is in this memory.
 */
#define EFI_MAP_AT	0x300000
#define EFI_MAP_FAR	0x8000000

#define BOOT_DATA	4		/* types of UEFI's */
#define RUNTIME_DATA	6
#define CONVENTIONAL	7

struct desc {
	u32 type;
	u64 start, pages;
};

#define DESCS_MAX	5

static const struct {
	const char *name;
	u32 size;
	u64 map_at;
	bool no_map;			/* it cannot be read */
	u32 desc_size, nr;
	struct desc desc[DESCS_MAX];
	u64 start;			/* 0: no room */
} efi_arenas[] = {
	{
		.name = "all is conventional",
		.size = 232, .map_at = EFI_MAP_FAR, .desc_size = 48, .nr = 1,
		.desc = { { CONVENTIONAL, 0x100000, 0x300 } },
		.start = 0x3ff000,
	}, {
		/* OVMF: boot services are on top */
		.name = "below boot services' data",
		.size = 232, .map_at = EFI_MAP_FAR, .desc_size = 48, .nr = 2,
		.desc = {
			{ CONVENTIONAL, 0x100000, 0x280 },
			{ BOOT_DATA, 0x380000, 0x80 },
		},
		.start = 0x37f000,
	}, {
		.name = "above boot services' data",
		.size = 0x1001, .map_at = EFI_MAP_FAR, .desc_size = 40, .nr = 2,
		.desc = {
			{ BOOT_DATA, 0x100000, 0x2fd },
			{ CONVENTIONAL, 0x3fd000, 3 },
		},
		.start = 0x3fe000,
	}, {
		.name = "between two",
		.size = 0x2000, .map_at = EFI_MAP_FAR, .desc_size = 48, .nr = 5,
		.desc = {
			{ BOOT_DATA, 0x3fd000, 3 },
			{ RUNTIME_DATA, 0x3f0000, 10 },
			{ CONVENTIONAL, 0x3fa000, 3 },
			{ CONVENTIONAL, 0x100000, 0x2f0 },
			{ BOOT_DATA, 0x80000, 0x20 },
		},
		.start = 0x3fb000,
	}, {
		.name = "not between two, a page apart",
		.size = 0x2000, .map_at = EFI_MAP_FAR, .desc_size = 48, .nr = 4,
		.desc = {
			{ CONVENTIONAL, 0x100000, 0x2f0 },
			{ RUNTIME_DATA, 0x3f0000, 11 },
			{ CONVENTIONAL, 0x3fb000, 2 },
			{ BOOT_DATA, 0x3fd000, 3 },
		},
		.start = 0x3ee000,
	}, {
		.name = "no room: boot services' data, the initrd, the kernel",
		.size = 232, .map_at = EFI_MAP_FAR, .desc_size = 48, .nr = 2,
		.desc = {
			{ BOOT_DATA, 0x201000, 0x1ff },
			{ CONVENTIONAL, 0x100000, 0x101 },
		},
	}, {
		.name = "no room: all is boot services' data",
		.size = 232, .map_at = EFI_MAP_FAR, .desc_size = 48, .nr = 1,
		.desc = { { BOOT_DATA, 0, 1 << 20 } },
	}, {
		/* the map says nothing against it */
		.name = "not in UEFI's map",
		.size = 232, .map_at = EFI_MAP_FAR, .desc_size = 48, .nr = 1,
		.desc = { { CONVENTIONAL, 0x100000, 0x100 } },
		.start = 0x3ff000,
	}, {
		.name = "below UEFI's map",
		.size = 232, .map_at = EFI_MAP_AT, .desc_size = 48, .nr = 2,
		.desc = {
			{ CONVENTIONAL, 0x100000, 0x201 },
			{ BOOT_DATA, 0x301000, 0xff },
		},
		.start = 0x2ff000,
	}, {
		.name = "above UEFI's map",
		.size = 232, .map_at = EFI_MAP_AT, .desc_size = 48, .nr = 2,
		.desc = {
			{ CONVENTIONAL, 0x100000, 0x203 },
			{ BOOT_DATA, 0x303000, 0xfd },
		},
		.start = 0x302000,
	}, {
		.name = "UEFI's map is out of reach",
		.size = 232, .map_at = EFI_MAP_FAR, .no_map = true,
		.desc_size = 48, .nr = 1,
		.desc = { { BOOT_DATA, 0, 1 << 20 } },
		.start = 0x3ff000,
	},
};

static void put_descs(u8 *p, const struct desc *desc, u32 nr, u32 desc_size)
{
	for (; nr; nr--, p += desc_size, desc++) {
		memset(p, 0xee, desc_size);
		put_le32(p, desc->type);
		put_le64(p + 8, desc->start);
		put_le64(p + 24, desc->pages);
		put_le64(p + 32, 0xf);
	}
}

static void test_efi_arena(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(efi_arenas); i++) {
		u32 size = efi_arenas[i].nr * efi_arenas[i].desc_size;
		struct efi efi = {
			64, 0x7f9e018, { efi_arenas[i].map_at, size, MEM_RAM },
			efi_arenas[i].desc_size, 1, 0
		};
		struct placement place = {
			.kernel = { KERNEL_START, KERNEL_END - KERNEL_START,
				    MEM_RAM },
			.initrd = { 0x200000, 0x1000, MEM_RAM },
		};
		struct memmap *map = new_map();
		u64 start = efi_arenas[i].start;
		struct machine m = {};
		u32 nr = map->nr;

		if (!efi_arenas[i].no_map)
			put_descs(machine_add(&m, efi_arenas[i].map_at, NULL,
					      size),
				  efi_arenas[i].desc, efi_arenas[i].nr,
				  efi_arenas[i].desc_size);
		expect_eq(place_arena(&m.ram, with_efi_of(&efi), map, efi_arenas[i].size,
				      &place), start ? 0 : -ENOMEM);
		if (start) {
			expect_eq(place.arena.start, start);
			expect_eq(place.boot_params, start - 0x1000);
			expect_eq(place.arena.size,
				  (efi_arenas[i].size + 0xfff) & ~0xfff);
			expect(!memmap_is(map, MEM_RAM, start, 1));
		} else {
			expect_eq(map->nr, nr);
		}
		ktap_done("arena: %s", efi_arenas[i].name);
		machine_free(&m);
		free(map);
	}
}

/* Random maps, kernels and initrds, pages of a small machine. */
#define PAGES	64
#define ROUNDS	5000

/* Free in all senses: a page at a time, from the top. 0: there is no room. */
static u64 find_page(const struct memmap *map, const struct placement *place,
		     const struct range *efi_map, const struct desc *desc,
		     u32 nr, u64 size)
{
	u64 at;
	u32 i;

	for (at = MIB + 2 * PAGES * 0x1000; at >= MIB; at -= 0x1000) {
		const struct range arena = { at, size, MEM_RAM };
		bool is_free = memmap_is(map, MEM_RAM, at, size) &&
			       !overlap(&arena, &place->kernel) &&
			       !overlap(&arena, &place->initrd) &&
			       !overlap(&arena, efi_map);

		for (i = 0; i < nr; i++) {
			const struct range used = {
				desc[i].start, desc[i].pages * 0x1000, 0
			};

			if (desc[i].type != CONVENTIONAL)
				is_free &= !overlap(&arena, &used);
		}
		if (is_free)
			return at;
	}
	return 0;
}

/* Without UEFI, and with a map of it. */
static void test_random(bool with_efi)
{
	struct memmap *map = allocate(sizeof(*map));
	struct memmap *was = allocate(sizeof(*was));
	u32 round, i, found = 0;

	for (round = 0; round < ROUNDS && !ktap.broken; round++) {
		struct placement place = {
			.kernel = { MIB + random_below(PAGES) * 0x1000,
				    random_below(PAGES) * 0x1000, MEM_RAM },
			.initrd = { MIB + random_below(PAGES) * 0x1000,
				    random_below(PAGES * 0x1000), MEM_RAM },
		};
		struct efi efi = { 64, 0, { 0, 0, MEM_RAM }, 48, 1, 0 };
		u32 nr = with_efi ? random_below(DESCS_MAX + 1) : 0;
		u32 size = 1 + random_below(0x3000);
		u32 pages = (size + 0xfff) / 0x1000;
		struct desc desc[DESCS_MAX];
		struct machine m = {};
		u64 want;

		memmap_init(map);
		for (i = random_below(8); i; i--)
			memmap_set(map, MIB + random_below(PAGES) * 0x800,
				   1 + random_below(PAGES * 0x800),
				   1 + random_below(2));
		memcpy(was, map, sizeof(*was));
		for (i = 0; i < nr; i++)
			desc[i] = (struct desc){
				random_below(2) ? CONVENTIONAL : BOOT_DATA,
				MIB + random_below(PAGES) * 0x1000,
				1 + random_below(PAGES / 4),
			};
		efi.map.start = MIB + random_below(PAGES * 0x1000);
		efi.map.size = nr * 48;
		put_descs(machine_add(&m, efi.map.start, NULL, nr * 48), desc,
			  nr, 48);
		want = find_page(was, &place, &efi.map, desc, nr,
				 (1 + pages) * 0x1000);
		expect_eq(place_arena(&m.ram, with_efi_of(&efi), map, size, &place),
			  want ? 0 : -ENOMEM);
		if (want) {
			expect_eq(place.boot_params, want);
			expect_eq(place.arena.start, want + 0x1000);
			expect_eq(place.arena.size, pages * 0x1000);
			found++;
		}
		machine_free(&m);
	}
	/* Neither of them is rare. */
	expect(found > ROUNDS / 10 && found < ROUNDS - ROUNDS / 10);
	ktap_done("arena: random%s", with_efi ? ", with UEFI" : "");
	free(was);
	free(map);
}

int main(void)
{
	test_initrd();
	test_many_modules();
	test_highs();
	test_arena();
	test_full_map();
	test_kept();
	test_efi_arena();
	test_random(false);
	test_random(true);
	return ktap_status();
}
