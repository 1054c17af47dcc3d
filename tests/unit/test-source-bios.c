// SPDX-License-Identifier: GPL-2.0
/*
 * PC BIOSes (source-bios.c), emulated: good ones, and ones with the bugs that
 * arch/x86/boot/memory.c of the kernel knows. Every call leaves its stack in
 * low memory, as a real one does.
 */
#include "fixture.h"

#include "machine/bios.h"

#define SMAP		0x534d4150

static const struct source source = { CORRUPT_BIOS, bios_probe };

enum chain_end {
	END_EBX,			/* EBX is 0 with the last entry */
	END_CARRY,			/* carry after the last entry */
	END_NEVER,			/* the last entry leads to the first */
};

struct ranges {
	u32 nr;
	struct range range[600];
};

/* What INT 15h and INT 10h say. */
struct bios {
	const struct ranges *map;	/* NULL: no E820h */
	enum chain_end end;
	u32 smap_lost;			/* in this call, from 1 */
	bool clobbers;			/* ECX, EDX, ESI, EDI */
	bool writes_changes;		/* only bytes that differ from before */
	bool e801;			/* E801h succeeds */
	u16 ax, bx, cx, dx;
	u16 size_88;			/* 0: carry */
	bool no_vga;			/* no INT 10h, AX=1A00h */
	u8 mode;
};

/* The machine that the calls reach. */
static struct {
	const struct bios *bios;
	u8 *memory;			/* the first MiB */
	bool open;
	const void *save;
	u32 opened, closed, calls_15, calls_10, calls_e820;
	u32 handle;			/* what EBX must be in the next call */
} now;

void bios_open(const struct ram *ram, void *save)
{
	expect(!now.open);
	now.open = true;
	now.opened++;
	now.save = save;
	memcpy(save, now.memory + BIOS_LOW_START, BIOS_LOW_SIZE);
}

void bios_close(const struct ram *ram, const void *save)
{
	expect(now.open);
	now.open = false;
	now.closed++;
	expect(save == now.save);
	memcpy(now.memory + BIOS_LOW_START, save, BIOS_LOW_SIZE);
}

static void put_entry(u8 *at, const struct range *range)
{
	put_le64(at, range->start);
	put_le64(at + 8, range->size);
	put_le32(at + 16, range->type);
}

static void write_entry(const struct bios *bios, u32 i, u32 edi)
{
	u8 entry[20], before[20] = {};
	u32 k;

	put_entry(entry, &bios->map->range[i]);
	if (i)
		put_entry(before, &bios->map->range[i - 1]);
	for (k = 0; k < sizeof(entry); k++)
		if (!bios->writes_changes || entry[k] != before[k])
			now.memory[edi + k] = entry[k];
}

static void int15_e820(const struct bios *bios, struct bios_regs *regs)
{
	u32 i = regs->ebx & 0xffff;

	now.calls_e820++;
	expect_eq(regs->edx, SMAP);
	expect(regs->ecx >= 20);
	expect_eq(regs->ebx, now.handle);
	if (!expect(regs->edi >= BIOS_BUFFER &&
		    regs->edi + regs->ecx <= BIOS_LOW_END))
		return;
	regs->eflags = 0;
	if (!bios->map ||
	    (bios->end == END_CARRY && i == bios->map->nr)) {
		regs->eflags = BIOS_CARRY;
		regs->eax = 0x8600;
		return;
	}
	write_entry(bios, i, regs->edi);
	regs->eax = now.calls_e820 == bios->smap_lost ? 0xe820 : SMAP;
	regs->ecx = 20;
	/* A handle is no index: all its bits must come back. */
	regs->ebx = 0xabc00000 + i + 1;
	if (i + 1 == bios->map->nr && bios->end != END_CARRY)
		regs->ebx = bios->end == END_NEVER ? 0xabc00000 : 0;
	now.handle = regs->ebx;
	if (bios->clobbers) {
		regs->ecx = 0xdeadbeef;
		regs->edx = 0xdeadbeef;
		regs->esi = 0xdeadbeef;
		regs->edi = 0xdeadbeef;
	}
}

static void int15(const struct bios *bios, struct bios_regs *regs)
{
	now.calls_15++;
	if (regs->eax == 0xe820) {
		int15_e820(bios, regs);
		return;
	}
	regs->eflags = BIOS_CARRY;
	if ((u16)regs->eax == 0xe801 && bios->e801) {
		/* The upper halves are whatever they were. */
		*regs = (struct bios_regs){
			.eax = 0xdead0000 | bios->ax,
			.ebx = 0xdead0000 | bios->bx,
			.ecx = 0xdead0000 | bios->cx,
			.edx = 0xdead0000 | bios->dx,
		};
	} else if ((regs->eax & 0xff00) == 0x8800 && bios->size_88) {
		regs->eax = 0xdead0000 | bios->size_88;
		regs->eflags = 0;
	}
}

static void int10(const struct bios *bios, struct bios_regs *regs)
{
	now.calls_10++;
	switch ((u16)regs->eax) {
	case 0x1a00:
		if (!bios->no_vga) {
			regs->eax = 0xdead001a;
			regs->ebx = 8;		/* VGA, colour */
		}
		break;
	case 0x0f00:
		regs->eax = 0xdead0000 | 80 << 8 | bios->mode;
		regs->ebx = 0xdead0000 | 2 << 8;
		break;
	case 0x0300:
		expect_eq(regs->ebx >> 8 & 0xff, 2);
		regs->ecx = 0x0607;
		regs->edx = 0xdead0000 | 24 << 8 | 5;
		break;
	default:
		expect(!"a call that a BIOS need not know");
	}
}

void bios_call(u8 vector, struct bios_regs *regs)
{
	expect(now.open);
	memset(now.memory + BIOS_LOW_START, 0xcc,
	       BIOS_BUFFER - BIOS_LOW_START);
	regs->eflags = 0;
	if (vector == 0x15)
		int15(now.bios, regs);
	else if (expect_eq(vector, 0x10))
		int10(now.bios, regs);
}

static void put_vector(u8 vector, u16 segment, u16 offset)
{
	put_le16(now.memory + vector * 4, offset);
	put_le16(now.memory + vector * 4 + 2, segment);
}

/* SeaBIOS 1.16.2 under QEMU 7.2, as far as anyone looks. */
static void machine_new(struct machine *m, const struct bios *bios)
{
	u8 *memory = machine_add(m, 0, NULL, MIB);
	u32 i;

	memset(&now, 0, sizeof(now));
	now.bios = bios;
	now.memory = memory;
	for (i = 0; i < BIOS_LOW_SIZE; i++)
		memory[BIOS_LOW_START + i] = i % 251;
	put_vector(0x10, 0xc000, 0x560e);
	put_vector(0x13, 0xf000, 0xe3fe);
	put_vector(0x15, 0xf000, 0xf859);
	memory[0xc560e] = 0xe9;
	memory[0xfe3fe] = 0xe9;
	memory[0xff859] = 0xe9;
	memory[0xffff0] = 0xea;
	put_le16(memory + 0x413, 639);
	memory[0x484] = 24;
	put_le16(memory + 0x485, 16);
}

static const struct ranges qemu = {
	6, {
		{ 0, 0x9fc00, MEM_RAM },
		{ 0x9fc00, 0x400, MEM_RESERVED },
		{ 0xf0000, 0x10000, MEM_RESERVED },
		{ 0x100000, 0x7ee0000, MEM_RAM },
		{ 0x7fe0000, 0x20000, MEM_RESERVED },
		{ 0xfffc0000, 0x40000, MEM_RESERVED },
	}
};

/* What E801h and 88h lead to; base memory comes from the BIOS data area. */
static const struct ranges old_64 = {
	3, {
		{ 0, 639 * KIB, MEM_RAM },
		{ 1 * MIB, 15 * MIB, MEM_RAM },
		{ 16 * MIB, 48 * MIB, MEM_RAM },
	}
};

static const struct ranges old_16 = {
	2, {
		{ 0, 639 * KIB, MEM_RAM },
		{ 1 * MIB, 15 * MIB, MEM_RAM },
	}
};

static const struct ranges old_12 = {
	2, {
		{ 0, 639 * KIB, MEM_RAM },
		{ 1 * MIB, 11 * MIB, MEM_RAM },
	}
};

static const struct ranges nothing = { 1, { { 0, 0, MEM_RAM } } };

static const struct ranges odd = {
	3, {
		{ 0, 0, MEM_RAM },
		{ 1 * MIB, ~0ULL, MEM_RAM },
		{ ~0ULL, ~0ULL, 0xffffffff },
	}
};

static const struct ranges odd_cut = {
	2, {
		{ 1 * MIB, -MIB, MEM_RAM },
		{ ~0ULL, 1, 0xffffffff },
	}
};

static const struct {
	const char *name;
	struct bios bios;
	enum map_rank rank;
	const struct ranges *want;	/* NULL: no map */
	bool truncated;
} memories[] = {
	{
		.name = "E820h",
		.bios = { .map = &qemu },
		.rank = MAP_BIOS_E820, .want = &qemu,
	}, {
		/* memory.c: "the official end of the chain" of some is CF */
		.name = "E820h: carry ends the chain",
		.bios = { .map = &qemu, .end = END_CARRY },
		.rank = MAP_BIOS_E820, .want = &qemu,
	}, {
		/* memory.c: some BIOSes stop returning SMAP in the middle */
		.name = "E820h: SMAP lost on the way",
		.bios = {
			.map = &qemu, .smap_lost = 3,
			.e801 = true, .ax = 15360, .bx = 768,
		},
		.rank = MAP_BIOS_E801, .want = &old_64,
	}, {
		.name = "E820h: SMAP lost in the last entry",
		.bios = {
			.map = &qemu, .smap_lost = 6,
			.size_88 = 15360,
		},
		.rank = MAP_BIOS_88, .want = &old_16,
	}, {
		/* RBIL, INT 15h AX=E820h: AX is not SMAP: not supported */
		.name = "E820h: never SMAP, no carry",
		.bios = { .map = &qemu, .smap_lost = 1, .size_88 = 15360 },
		.rank = MAP_BIOS_88, .want = &old_16,
	}, {
		.name = "E820h: endless",
		.bios = { .map = &qemu, .end = END_NEVER },
		.rank = MAP_BIOS_E820, .want = &qemu, .truncated = true,
	}, {
		/* memory.c: ECX and others may come back with anything */
		.name = "E820h: registers clobbered",
		.bios = { .map = &qemu, .clobbers = true },
		.rank = MAP_BIOS_E820, .want = &qemu,
	}, {
		/* memory.c: some rely on the buffer being the same */
		.name = "E820h: writes what has changed only",
		.bios = { .map = &qemu, .writes_changes = true },
		.rank = MAP_BIOS_E820, .want = &qemu,
	}, {
		.name = "E820h: sizes 0 and ~0",
		.bios = { .map = &odd },
		.rank = MAP_BIOS_E820, .want = &odd_cut,
	}, {
		.name = "E820h: one empty range is no map",
		.bios = { .map = &nothing, .size_88 = 15360 },
		.rank = MAP_BIOS_88, .want = &old_16,
	}, {
		.name = "E801h",
		.bios = {
			.e801 = true, .ax = 15360, .bx = 768,
			.cx = 15360, .dx = 768,
		},
		.rank = MAP_BIOS_E801, .want = &old_64,
	}, {
		/* RBIL: some BIOSes return AX = BX = 0 */
		.name = "E801h: in CX and DX only",
		.bios = { .e801 = true, .cx = 15360, .dx = 768 },
		.rank = MAP_BIOS_E801, .want = &old_64,
	}, {
		.name = "E801h: in AX and BX only",
		.bios = { .e801 = true, .ax = 15360, .bx = 768 },
		.rank = MAP_BIOS_E801, .want = &old_64,
	}, {
		/* a hole below 16 MiB: what is above it is not known */
		.name = "E801h: less than 15 MiB",
		.bios = { .e801 = true, .ax = 11264, .bx = 768 },
		.rank = MAP_BIOS_E801, .want = &old_12,
	}, {
		.name = "E801h: 16 MiB in all",
		.bios = { .e801 = true, .ax = 15360 },
		.rank = MAP_BIOS_E801, .want = &old_16,
	}, {
		/* memory.c: "Bogus!" */
		.name = "E801h: more than 15 MiB",
		.bios = {
			.e801 = true, .ax = 15361, .bx = 768,
			.size_88 = 15360,
		},
		.rank = MAP_BIOS_88, .want = &old_16,
	}, {
		.name = "E801h: nothing",
		.bios = { .e801 = true, .size_88 = 11264 },
		.rank = MAP_BIOS_88, .want = &old_12,
	}, {
		.name = "88h",
		.bios = { .size_88 = 11264 },
		.rank = MAP_BIOS_88, .want = &old_12,
	}, {
		.name = "no memory call at all",
		.rank = MAP_NONE,
	},
};

/* What coreboot's table lies in, as BIOSes see it that do not know of it. */
static const struct ranges ram_all_over = {
	2, {
		{ 0, 0x9fc00, MEM_RAM },
		{ 1 * MIB, 63 * MIB, MEM_RAM },
	}
};

static const struct ranges reserved_later = {
	3, {
		{ 0, 0x9fc00, MEM_RAM },
		{ 1 * MIB, 63 * MIB, MEM_RAM },
		{ 62 * MIB, 2 * MIB, MEM_RESERVED },
	}
};

static const struct ranges in_two_pieces = {
	3, {
		{ 0, 0x9fc00, MEM_RAM },
		{ 1 * MIB, 62 * MIB, MEM_RAM },
		{ 63 * MIB, 1 * MIB, MEM_RAM },
	}
};

static const struct ranges reserved = {
	3, {
		{ 0, 0x9fc00, MEM_RAM },
		{ 1 * MIB, 61 * MIB, MEM_RAM },
		{ 62 * MIB, 2 * MIB, MEM_RESERVED },
	}
};

static const struct {
	const char *name;
	struct bios bios;
	struct range coreboot;
	enum map_rank have;		/* a map, before */
	enum map_rank rank;
	const struct ranges *want;
} denials[] = {
	{
		.name = "reserved: a good map",
		.bios = { .map = &reserved },
		.coreboot = { 63 * MIB, 800, 0 }, .have = MAP_COREBOOT_SCAN,
		.rank = MAP_BIOS_E820, .want = &reserved,
	}, {
		.name = "no table: any map",
		.bios = { .map = &ram_all_over },
		.coreboot = { 63 * MIB, 0, 0 }, .have = MAP_NONE,
		.rank = MAP_BIOS_E820, .want = &ram_all_over,
	}, {
		.name = "not in the map at all",
		.bios = { .map = &ram_all_over },
		.coreboot = { 64 * MIB, 800, 0 }, .have = MAP_COREBOOT_SCAN,
		.rank = MAP_BIOS_E820, .want = &ram_all_over,
	}, {
		.name = "RAM: the table's own map stays",
		.bios = { .map = &ram_all_over, .size_88 = 15360 },
		.coreboot = { 63 * MIB, 800, 0 }, .have = MAP_COREBOOT_SCAN,
		.rank = MAP_COREBOOT_SCAN,
	}, {
		.name = "RAM: on to E801h",
		.bios = {
			.map = &ram_all_over,
			.e801 = true, .ax = 15360, .bx = 512,
		},
		.coreboot = { 63 * MIB, 800, 0 }, .have = MAP_NONE,
		.rank = MAP_BIOS_E801,
	}, {
		.name = "RAM: E801h says so, too",
		.bios = {
			.map = &ram_all_over, .size_88 = 15360,
			.e801 = true, .ax = 15360, .bx = 768,
		},
		.coreboot = { 63 * MIB, 800, 0 }, .have = MAP_NONE,
		.rank = MAP_BIOS_88, .want = &old_16,
	}, {
		.name = "RAM: all of them say so",
		.bios = { .map = &ram_all_over, .size_88 = 65535 },
		.coreboot = { 63 * MIB, 800, 0 }, .have = MAP_NONE,
		.rank = MAP_NONE,
	}, {
		/* the higher type wins: memmap_normalise() */
		.name = "RAM, and reserved later",
		.bios = { .map = &reserved_later },
		.coreboot = { 63 * MIB, 800, 0 }, .have = MAP_COREBOOT_SCAN,
		.rank = MAP_BIOS_E820, .want = &reserved_later,
	}, {
		.name = "RAM in two pieces",
		.bios = { .map = &in_two_pieces },
		.coreboot = { 63 * MIB - 400, 800, 0 },
		.have = MAP_COREBOOT_SCAN, .rank = MAP_COREBOOT_SCAN,
	},
};

static void expect_low_memory_restored(void)
{
	u32 i;

	expect_eq(now.opened, 1);
	expect_eq(now.closed, 1);
	for (i = 0; i < BIOS_LOW_SIZE; i++)
		if (!expect_eq(now.memory[BIOS_LOW_START + i], i % 251))
			return;
}

static void test_memory(void)
{
	const struct handoff handoff = { .eax = 0 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(memories); i++) {
		const struct ranges *want = memories[i].want;
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		machine_new(&m, &memories[i].bios);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_eq(bi->map_rank, memories[i].rank);
		expect_eq(bi->map.truncated, memories[i].truncated);
		expect_eq(!bi->map_source, !want);
		/* Told over and over again it is the same, in some order. */
		if (memories[i].truncated) {
			bi->offer = bi->map;
			memmap_normalise(&bi->map, &bi->offer);
		}
		if (want)
			expect_map(&bi->map, want->range, want->nr);
		expect_string(bi->firmware, "PCBIOS");
		expect(now.calls_15 <= MEMMAP_ENTRIES_MAX + 2);
		expect_low_memory_restored();
		ktap_done("%s", memories[i].name);
		machine_free(&m);
		free(bi);
	}
}

static struct ranges many;

/* Beyond that ranges are joined: all that is reserved stays so. */
static void test_long_chains(void)
{
	static const u32 counts[] = { 128, 129, 511, 512, 513, 600 };
	const struct handoff handoff = { .eax = 0 };
	const struct bios bios = { .map = &many };
	u32 i, k;

	for (k = 0; k < ARRAY_SIZE(many.range); k++)
		many.range[k] = (struct range){
			(u64)k << 20, 0x1000, MEM_RESERVED
		};
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		u32 want = counts[i] > MEMMAP_MAX ? MEMMAP_MAX : counts[i];
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		many.nr = counts[i];
		machine_new(&m, &bios);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_eq(bi->map_rank, MAP_BIOS_E820);
		expect_eq(bi->map.truncated, counts[i] > MEMMAP_MAX);
		expect_eq(bi->map.nr, want);
		if (counts[i] <= MEMMAP_MAX)
			expect_map(&bi->map, many.range, want);
		expect_eq(bi->map.range[0].start, 0);
		expect_eq(bi->map.range[want - 1].start +
			  bi->map.range[want - 1].size,
			  ((u64)(counts[i] - 1) << 20) + 0x1000);
		expect_eq(bi->map.lost, 0);
		ktap_done("E820h: %u ranges", counts[i]);
		machine_free(&m);
		free(bi);
	}
}

/* Whose map stays; what need not be asked is not asked. */
static void test_ranks(void)
{
	static const struct {
		const char *name;
		enum map_rank have;
		struct bios bios;
		enum map_rank want;
		u32 calls;
	} ranks[] = {
		{
			.name = "a loader's complete map stays",
			.have = MAP_LOADER, .bios = { .map = &qemu },
			.want = MAP_LOADER, .calls = 0,
		}, {
			.name = "coreboot's map stays",
			.have = MAP_COREBOOT, .bios = { .map = &qemu },
			.want = MAP_COREBOOT, .calls = 0,
		}, {
			.name = "E820h wins against a table that was found",
			.have = MAP_COREBOOT_SCAN, .bios = { .map = &qemu },
			.want = MAP_BIOS_E820, .calls = 6,
		}, {
			.name = "a table that was found wins against E801h",
			.have = MAP_COREBOOT_SCAN,
			.bios = { .e801 = true, .ax = 15360, .size_88 = 1 },
			.want = MAP_COREBOOT_SCAN, .calls = 1,
		}, {
			.name = "E820h wins against a list of RAM",
			.have = MAP_LOADER_RAM, .bios = { .map = &qemu },
			.want = MAP_BIOS_E820, .calls = 6,
		}, {
			.name = "a list of RAM wins against E801h",
			.have = MAP_LOADER_RAM,
			.bios = { .e801 = true, .ax = 15360, .size_88 = 1 },
			.want = MAP_LOADER_RAM, .calls = 1,
		},
	};
	const struct handoff handoff = { .eax = 0 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ranks); i++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		memmap_add(&bi->offer, 1 * MIB, 1 * MIB, MEM_RAM);
		bootinfo_set_map(from(bi, "earlier"), ranks[i].have);
		bi->firmware = "earlier";
		machine_new(&m, &ranks[i].bios);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_eq(bi->map_rank, ranks[i].want);
		expect_eq(now.calls_15, ranks[i].calls);
		expect_string(bi->firmware, "earlier");
		expect(bi->have_screen);
		expect_low_memory_restored();
		ktap_done("%s", ranks[i].name);
		machine_free(&m);
		free(bi);
	}
}

static void test_denials(void)
{
	const struct handoff handoff = { .eax = 0 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(denials); i++) {
		const struct ranges *want = denials[i].want;
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		if (denials[i].have != MAP_NONE) {
			memmap_add(&bi->offer, 1 * MIB, 1 * MIB, MEM_RAM);
			bootinfo_set_map(from(bi, "coreboot"), denials[i].have);
		}
		bi->coreboot = denials[i].coreboot;
		bi->firmware = "coreboot";
		machine_new(&m, &denials[i].bios);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_eq(bi->map_rank, denials[i].rank);
		if (want)
			expect_map(&bi->map, want->range, want->nr);
		expect_string(bi->firmware, "coreboot");
		expect_low_memory_restored();
		ktap_done("coreboot's table: %s", denials[i].name);
		machine_free(&m);
		free(bi);
	}
}

/* INT 10h: modes as in RBIL, table 00010. */
static const struct {
	const char *name;
	struct bios bios;
	bool want;
	u8 mode;
} screens[] = {
	{ "mode 3",			{ .mode = 0x03 }, true, 0x03 },
	{ "mode 7",			{ .mode = 0x07 }, true, 0x07 },
	{ "mode 1",			{ .mode = 0x01 }, true, 0x01 },
	{ "mode 3, memory not cleared",	{ .mode = 0x83 }, true, 0x03 },
	{ "mode 4: graphics",		{ .mode = 0x04 }, false, 0 },
	{ "mode 0x12: graphics",	{ .mode = 0x12 }, false, 0 },
	{ "mode 0x7f: VESA",		{ .mode = 0x7f }, false, 0 },
	{ "no VGA", { .no_vga = true, .mode = 3 }, false, 0 },
};

static void test_screen(void)
{
	const struct handoff handoff = { .eax = 0 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(screens); i++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		machine_new(&m, &screens[i].bios);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_eq(bi->have_screen, screens[i].want);
		if (bi->have_screen) {
			expect_eq(bi->screen.mode, screens[i].mode);
			expect_eq(bi->screen.columns, 80);
			expect_eq(bi->screen.lines, 25);
			expect_eq(bi->screen.page, 2);
			expect_eq(bi->screen.x, 5);
			expect_eq(bi->screen.y, 24);
			expect_eq(bi->screen.points, 16);
			expect(bi->screen.is_vga);
		}
		expect_low_memory_restored();
		ktap_done("screen: %s", screens[i].name);
		machine_free(&m);
		free(bi);
	}
}

static void test_screen_known(void)
{
	const struct bios bios = { .map = &qemu, .mode = 3 };
	const struct handoff handoff = { .eax = 0 };
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};

	bi->have_screen = true;
	bi->screen.mode = 2;
	machine_new(&m, &bios);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(bi->screen.mode, 2);
	expect_eq(now.calls_10, 0);
	ktap_done("screen: the first stays");
	machine_free(&m);
	free(bi);

	m = (struct machine){};
	bi = bootinfo_new();
	bi->framebuffer.base = 0xfd000000;
	machine_new(&m, &bios);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect(!bi->have_screen);
	expect_eq(now.calls_10, 0);
	expect_eq(bi->map_rank, MAP_BIOS_E820);
	ktap_done("screen: not with a framebuffer");
	machine_free(&m);
	free(bi);
}

/* One byte, word or vector that differs from a BIOS that is alive. */
static const struct {
	const char *name;
	u32 at;
	u8 size;
	u32 value;
	bool alive;
} lives[] = {
	{ "alive",				0x413, 2, 639, true },
	{ "EBDA and more",			0x413, 2, 64, true },
	{ "no base memory",			0x413, 2, 0, false },
	{ "base memory: too little",		0x413, 2, 63, false },
	{ "base memory: too much",		0x413, 2, 641, false },
	{ "base memory: ~0",			0x413, 2, 0xffff, false },
	{ "INT 10h: 0:0",			0x10 * 4, 4, 0, false },
	{ "INT 13h: 0:0",			0x13 * 4, 4, 0, false },
	{ "INT 15h: 0:0",			0x15 * 4, 4, 0, false },
	/* from here on INT 15h stands for all of them */
	{ "a vector of ~0",			0x54, 4, ~0U, false },
	{ "into video memory",			0x54, 4, 0xa0000010, false },
	{ "into text memory",			0x54, 4, 0xb8000010, false },
	{ "the last byte of video memory",	0x54, 4, 0xb000ffff, false },
	{ "into the BIOS data area",		0x54, 4, 0x00400085, false },
	{ "into the vectors",			0x54, 4, 0x00000041, false },
	{ "above 1 MiB",			0x54, 4, 0xffff0010, false },
	{ "empty option ROM space",		0x54, 4, 0xd0000000, false },
	{ "no ROM there",			0xff859, 1, 0xff, false },
	{ "no ROM there, zeroes",		0xff859, 1, 0x00, false },
	/* iPXE and memdisk take INT 15h over, from base memory */
	{ "taken over by a loader",		0x54, 4, 0x10000000, true },
	/* coreboot without SeaBIOS, Xen PVH: nothing at the reset vector */
	{ "no far jump at the reset vector",	0xffff0, 1, 0x90, false },
	{ "no ROM at the reset vector",		0xffff0, 1, 0xff, false },
};

static void test_alive(void)
{
	const struct bios bios = { .map = &qemu, .mode = 3 };
	const struct handoff handoff = { .eax = 0 };
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(lives); i++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		machine_new(&m, &bios);
		now.memory[0x10000] = 0x9c;
		for (k = 0; k < lives[i].size; k++)
			now.memory[lives[i].at + k] =
				lives[i].value >> 8 * k;
		expect_eq(probe(&source, &m, &handoff, bi),
			  lives[i].alive ? 0 : -ENOENT);
		expect_eq(now.opened, lives[i].alive);
		expect_eq(now.calls_15 + now.calls_10 > 0, lives[i].alive);
		ktap_done("vectors: %s", lives[i].name);
		machine_free(&m);
		free(bi);
	}
}

/* All of memory is the same byte, or is not there, or is not to be asked. */
static void test_no_bios(void)
{
	static const u8 fills[] = { 0x00, 0xff, 0xea, 0x5a };
	const struct bios bios = { .map = &qemu, .mode = 3 };
	const struct handoff handoff = { .eax = 0 };
	struct bootinfo *bi;
	struct machine m;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(fills); i++) {
		m = (struct machine){};
		bi = bootinfo_new();
		machine_new(&m, &bios);
		memset(now.memory, fills[i], MIB);
		expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
		expect_eq(now.opened, 0);
		ktap_done("no BIOS: memory is all %#x", fills[i]);
		machine_free(&m);
		free(bi);
	}

	m = (struct machine){};
	bi = bootinfo_new();
	memset(&now, 0, sizeof(now));
	expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
	ktap_done("no BIOS: no memory");
	free(bi);

	/* design.md, "Who called us": never after PVH */
	m = (struct machine){};
	bi = bootinfo_new();
	bi->no_bios = true;
	machine_new(&m, &bios);
	expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
	expect_eq(now.opened, 0);
	ktap_done("no BIOS: it must not be called");
	machine_free(&m);
	free(bi);

	m = (struct machine){};
	bi = bootinfo_new();
	strcpy(bi->cmdline, "elfcorehdr=0x17000000 quiet");
	machine_new(&m, &bios);
	expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
	expect_eq(now.opened, 0);
	ktap_done("no BIOS: a crash kernel");
	machine_free(&m);
	free(bi);
}

/* Memory ends at every 16th byte below 1 MiB, and at every one of the IVT. */
static void test_truncated(void)
{
	const struct bios bios = { .map = &qemu, .mode = 3 };
	const struct handoff handoff = { .eax = 0 };
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};
	u32 len;

	machine_new(&m, &bios);
	for (len = 0; len <= 0xffff0; len += len < 0x600 ? 1 : 16) {
		m.seg[0].len = len;
		expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
	}
	expect_eq(now.opened, 0);
	ktap_done("truncated");
	machine_free(&m);
	free(bi);
}

int main(void)
{
	test_memory();
	test_long_chains();
	test_ranks();
	test_denials();
	test_screen();
	test_screen_known();
	test_alive();
	test_no_bios();
	test_truncated();
	return ktap_status();
}
