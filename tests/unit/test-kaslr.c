// SPDX-License-Identifier: GPL-2.0
/*
 * Where a kernel may be (kaslr.c): random maps and command lines against a model
 * that asks of every single place whether it will do; and whether all places are
 * chosen equally often (entropy.c).
 */
#include "fixture.h"

#include "kaslr/entropy.h"
#include "kaslr/kaslr.h"

#define ROUNDS		100000
#define SLOTS_MAX	2048

#define EFI_MAP		0x1000		/* where a loader has put it */
#define EFI_DESCS	6
#define EFI_DESC_SIZE	48

#define RANGES		6		/* of RAM */
#define USED		3
#define LINE_SIZE	2048

struct model {
	u64 size, align, min, limit;
	u32 nr_ram;
	struct range ram[RANGES];
	u32 nr_used;
	struct range used[USED + 64];
	u64 huge_pages;
	u32 regions;
	bool stays;
};

static u64 any(u64 limit)
{
	return ((u64)random_below(1 << 30) << 20 ^ random_below(1 << 30)) %
	       limit;
}

/* In any notation. */
static int print_size(char *text, u64 value)
{
	static const char units[] = "KMGkmg";
	u32 unit = random_below(6);
	u32 shift = 10 * (unit % 3 + 1);

	if (random_below(3) && !(value & ((1ULL << shift) - 1)))
		return sprintf(text, random_below(2) ? "%llu%c" : "0x%llx%c",
			       value >> shift, units[unit]);
	if (!random_below(8))
		return sprintf(text, "0%llo", value);
	return sprintf(text, random_below(2) ? "%llu" : "0x%llX", value);
}

/* A region; what it means for the model. */
static int print_region(char *text, struct model *m)
{
	static const char kinds[] = "#$!%@";
	u64 start = any(200) * 0x1000000, size = (1 + any(20)) * 0x800000;
	u32 kind = random_below(8);
	int n;

	if (kind > 5) {
		size = (1 + any(64)) * 0x4000000;
		if (size < m->limit)
			m->limit = size;
		return print_size(text, size);
	}
	if (kind == 5) {
		m->stays |= !random_below(3);
		return m->stays ? sprintf(text, "exactmap") :
		       sprintf(text, "0@0");
	}
	n = print_size(text, size);
	text[n++] = kinds[kind];
	n += print_size(text + n, start);
	if (kinds[kind] == '@')
		return n;
	if (kinds[kind] == '%')
		n += sprintf(text + n, "-1+2");
	m->used[m->nr_used++] = (struct range){ start, size, 0 };
	m->stays |= ++m->regions > KASLR_REGIONS_MAX;
	return n;
}

static int print_memmap(char *text, struct model *m)
{
	int n = sprintf(text, random_below(8) ? "memmap=" : "memmap=\"");
	bool quoted = text[n - 1] == '"';
	u32 i, nr = 1 + random_below(3);

	for (i = 0; i < nr; i++) {
		if (i)
			text[n++] = ',';
		n += print_region(text + n, m);
	}
	if (quoted)
		text[n++] = '"';
	text[n] = '\0';
	return n;
}

static int print_huge_pages(char *text, struct model *m)
{
	bool counts = random_below(3);
	u32 nr = random_below(4);

	if (counts)
		m->huge_pages = nr;
	return sprintf(text, "hugepagesz=%s quiet hugepages=%u",
		       counts ? random_below(2) ? "1G" : "1024M" : "2M", nr);
}

static int print_limit(char *text, struct model *m)
{
	u64 limit = (1 + any(64)) * 0x4000000;
	int n = sprintf(text, "mem=");

	if (!random_below(4))
		return n + sprintf(text + n, "nopentium");
	if (limit < m->limit)
		m->limit = limit;
	return n + print_size(text + n, limit);
}

static void make_cmdline(char *line, struct model *m)
{
	static const char *const others[] = {
		"quiet", "xmem=1M", "memory=1M", "root=\"a mem=1M b\"",
		"hugepages=9", "MEM=1M", "mem.x=1", "movable_nodes",
	};
	u32 words = random_below(6);

	*line = '\0';
	for (; words; words--) {
		switch (random_below(12)) {
		case 0: case 1: case 2: case 3:
			line += print_memmap(line, m);
			break;
		case 4:
			line += print_huge_pages(line, m);
			line += sprintf(line, " hugepagesz=2M");
			break;
		case 5:
			line += print_limit(line, m);
			break;
		case 6:
			if (!random_below(8)) {
				m->stays = true;
				line += sprintf(line, "movable_node");
			}
			break;
		default:
			line += sprintf(line, "%s", others[random_below(8)]);
		}
		line += sprintf(line, " ");
	}
}

/* Ascending, with holes between them; not all of it is RAM. */
static void make_map(struct memmap *map, struct model *m)
{
	u64 at = any(64) * 0x100000;
	u32 i, nr = 1 + random_below(RANGES);

	memset(map, 0, sizeof(*map));
	map->sorted = true;
	for (i = 0; i < nr; i++) {
		u64 size = 1 + any(random_below(4) ? 0x10000000 : 0x80000000);
		u32 type = random_below(6) ? MEM_RAM : MEM_RESERVED;

		map->range[map->nr++] = (struct range){ at, size, type };
		if (type == MEM_RAM)
			m->ram[m->nr_ram++] = map->range[map->nr - 1];
		at += size + 1 + any(0x4000000);
	}
}

static void make_used(struct kaslr *kaslr, struct model *m)
{
	u32 i;

	for (i = 0; i < USED; i++) {
		u64 start = any(0x80000000);
		u64 size = random_below(4) ? any(0x8000000) : 0;

		kaslr_avoid(kaslr, start, size);
		if (size)
			m->used[m->nr_used++] = (struct range){ start, size, 0 };
	}
}

/* In no order; some of it is free. */
static u32 make_efi(u8 *map, struct model *m)
{
	static const u32 types[] = { 7, 7, 3, 4, 0, 11 };
	u32 i, nr = random_below(2) ? 0 : random_below(EFI_DESCS + 1);

	for (i = 0; i < nr; i++, map += EFI_DESC_SIZE) {
		u64 start = any(0x80000) << 12, pages = 1 + any(0x4000);
		u32 type = types[random_below(6)];
		u32 attribute = start & 0x3000 ? 0xf : 0x4000f;

		memset(map, 0xee, EFI_DESC_SIZE);
		put_le32(map, type);
		put_le64(map + 8, start);
		put_le64(map + 24, pages);
		put_le64(map + 32, attribute);
		if (type != 7 || attribute & 0x40000)
			m->used[m->nr_used++] =
				(struct range){ start, pages << 12, 0 };
	}
	return nr * EFI_DESC_SIZE;
}

/* Is all of that free, as far as the model cares? */
static bool is_free(const struct model *m, u64 start, u64 size)
{
	bool ram = false;
	u32 i;

	if (start < m->min || start + size > m->limit)
		return false;
	for (i = 0; i < m->nr_ram; i++)
		ram |= start >= m->ram[i].start &&
		       start + size <= m->ram[i].start + m->ram[i].size;
	for (i = 0; i < m->nr_used; i++)
		if (start < m->used[i].start + m->used[i].size &&
		    m->used[i].start < start + size)
			return false;
	return ram;
}

static u32 find_slots(struct model *m, u32 *slots)
{
	u32 n = 0;
	u64 at;

	for (at = 0; at < 4 * GIB && m->huge_pages; at += GIB)
		if (is_free(m, at, GIB)) {
			m->used[m->nr_used++] = (struct range){ at, GIB, 0 };
			m->huge_pages--;
		}
	for (at = 0; at < 4 * GIB; at += m->align)
		if (is_free(m, at, m->size))
			slots[n++] = at;
	return n;
}

static void print_round(u32 round, const char *cmdline, u32 have, u32 want)
{
	printf("# round %u: %u slots, expected %u; %s\n", round, have, want,
	       cmdline);
}

static void test_slots(void)
{
	static u32 slots[SLOTS_MAX];
	static struct memmap map;
	char cmdline[LINE_SIZE];
	u32 round, i, stayed = 0, none = 0, bad = 0;

	for (round = 0; round < ROUNDS && bad < 5; round++) {
		u8 descs[EFI_DESCS * EFI_DESC_SIZE];
		const struct ram_seg seg = {
			EFI_MAP, sizeof(descs), (unsigned long)descs
		};
		const struct ram ram = { 1, &seg, NULL };
		struct efi efi = { 64, 1, { EFI_MAP, 0, 1 }, EFI_DESC_SIZE, 1, 0 };
		struct model m = {
			.size = 1 + any(0x6000000),
			.align = 0x1000000 << random_below(2),
			.min = any(0x20000000),
			.limit = 4 * GIB,
		};
		struct kaslr kaslr = {
			&map, &ram, &efi, 0, { }, m.size, m.align, m.min,
			m.limit, 0
		};
		const char *why;
		u32 nr;

		make_map(&map, &m);
		make_used(&kaslr, &m);
		efi.map.size = make_efi(descs, &m);
		make_cmdline(cmdline, &m);
		why = kaslr_read_cmdline(&kaslr, cmdline);
		if (!expect(!why == !m.stays)) {
			print_round(round, cmdline, !why, !m.stays);
			bad++;
		}
		if (why) {
			stayed++;
			continue;
		}
		nr = find_slots(&m, slots);
		none += !nr;
		if (!expect_eq(kaslr_count(&kaslr), nr)) {
			print_round(round, cmdline, kaslr_count(&kaslr), nr);
			bad++;
			continue;
		}
		for (i = 0; i < nr; i += 1 + random_below(16))
			expect_eq(kaslr_place(&kaslr, i), slots[i]);
	}
	expect(stayed > ROUNDS / 100 && stayed < ROUNDS / 4);
	expect(none > ROUNDS / 100 && none < ROUNDS / 2);
	ktap_done("%u maps and command lines, as a model has it", ROUNDS);
}

/* Mainline's rules in examples. */
static const struct {
	const char *cmdline;
	const char *why;
	u64 limit, huge_pages;
	u32 nr;
	struct range used[KASLR_REGIONS_MAX];
} lines[] = {
	{ "", NULL, 4 * GIB, 0, 0, { } },
	{ "mem=512M", NULL, 512 * MIB, 0, 0, { } },
	{ "mem=2G mem=1G", NULL, GIB, 0, 0, { } },
	{ "mem=1G mem=2G", NULL, GIB, 0, 0, { } },
	{ "mem=8G", NULL, 4 * GIB, 0, 0, { } },
	{ "mem=0", NULL, 4 * GIB, 0, 0, { } },
	{ "mem=nopentium", NULL, 4 * GIB, 0, 0, { } },
	{ "mem", NULL, 4 * GIB, 0, 0, { } },
	{ "mem=0x40000000", NULL, GIB, 0, 0, { } },
	{ "mem=010000000000", NULL, GIB, 0, 0, { } },
	{ "memmap=1G", NULL, GIB, 0, 0, { } },
	{ "memmap=1G@4G", NULL, 4 * GIB, 0, 0, { } },
	{ "memmap=64K$0x20000000", NULL, 4 * GIB, 0, 1,
	  { { 0x20000000, 0x10000, 0 } } },
	{ "memmap=64K$0", NULL, 4 * GIB, 0, 1, { { 0, 0x10000, 0 } } },
	{ "memmap=1M#2M,3M!4M memmap=5M%6M-1+2", NULL, 4 * GIB, 0, 3,
	  { { 2 * MIB, MIB, 0 }, { 4 * MIB, 3 * MIB, 0 },
	    { 6 * MIB, 5 * MIB, 0 } } },
	{ "memmap=1M$1M,1M$3M,1M$5M,1M$7M", NULL, 4 * GIB, 0, 4,
	  { { MIB, MIB, 0 }, { 3 * MIB, MIB, 0 }, { 5 * MIB, MIB, 0 },
	    { 7 * MIB, MIB, 0 } } },
	{ "memmap=1M$1M,1M$3M,1M$5M,1M$7M memmap=1M$9M", "memmap= is long",
	  0, 0, 0, { } },
	{ "memmap=exactmap", "memmap=exactmap", 0, 0, 0, { } },
	{ "memmap=1M$1M,exactmap", "memmap=exactmap", 0, 0, 0, { } },
	/* What wraps around. */
	{ "memmap=0xffffffffffffffff$4G", NULL, 4 * GIB, 0, 1,
	  { { 4 * GIB, ~(4 * GIB), 0 } } },
	{ "movable_node", "movable_node", 0, 0, 0, { } },
	{ "hugepagesz=1G hugepages=2", NULL, 4 * GIB, 2, 0, { } },
	{ "hugepages=2 hugepagesz=1G", NULL, 4 * GIB, 0, 0, { } },
	{ "hugepagesz=2M hugepages=2", NULL, 4 * GIB, 0, 0, { } },
	{ "hugepagesz=1G hugepagesz=2M hugepages=2", NULL, 4 * GIB, 0, 0, { } },
	{ "hugepagesz=2M hugepages=9 hugepagesz=1024M hugepages=0x3", NULL,
	  4 * GIB, 3, 0, { } },
};

static void test_lines(void)
{
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		struct kaslr kaslr = { .limit = 4 * GIB };
		const char *why = kaslr_read_cmdline(&kaslr, lines[i].cmdline);

		expect_string(why ? why : "", lines[i].why ? lines[i].why : "");
		if (!why) {
			expect_eq(kaslr.limit, lines[i].limit);
			expect_eq(kaslr.huge_pages, lines[i].huge_pages);
			expect_eq(kaslr.nr_used, lines[i].nr);
		}
		for (j = 0; j < lines[i].nr && !why; j++) {
			expect_eq(kaslr.used[j].start, lines[i].used[j].start);
			expect_eq(kaslr.used[j].size, lines[i].used[j].size);
		}
		ktap_done("\"%s\"", lines[i].cmdline);
	}
}

/* One more than there is room for. */
static void test_long(void)
{
	struct kaslr kaslr = { .limit = 4 * GIB };
	char line[LINE_SIZE] = "memmap=";
	u32 i;

	for (i = 0; i < 60; i++)
		strcat(line, "0@0,");
	strcat(line, "1M$1M");
	expect_string(kaslr_read_cmdline(&kaslr, line), "memmap= is long");
	ktap_done("a long memmap=");
}

/* All there is above 512 MiB, and more than all. */
static void test_wrap(void)
{
	static struct memmap map = {
		.nr = 1, .sorted = true, .range = { { MIB, 2 * GIB, MEM_RAM } },
	};
	static const struct efi efi;
	struct kaslr kaslr = {
		.map = &map, .efi = &efi, .size = 16 * MIB, .align = 16 * MIB,
		.min = 16 * MIB, .limit = 4 * GIB,
	};

	expect(!kaslr_read_cmdline(&kaslr, "memmap=18446744073709551615$512M"));
	expect_eq(kaslr_count(&kaslr), 31);
	kaslr.nr_used = 0;
	expect(!kaslr_read_cmdline(&kaslr, "memmap=18446744073709551615$1"));
	expect_eq(kaslr_count(&kaslr), 0);
	ktap_done("up to the end of all addresses");
}

/*
 * RAM that begins above all that is looked at, and whose end, or the next
 * multiple of the alignment, is beyond the last address there is.
 */
static void test_top(void)
{
	static const struct efi efi;
	static struct memmap map = {
		.nr = 2, .sorted = true, .range = { { MIB, 63 * MIB, MEM_RAM } },
	};
	static const struct {
		u64 start, size;
		u32 slots;
	} tops[] = {
		{ -4096ULL, 4096, 3 },
		{ -8192ULL, 4096, 3 },
		{ -2 * GIB, GIB, 3 },
		{ -16 * MIB, 8 * MIB, 3 },
		{ -32 * MIB, 32 * MIB, 3 },
		/* All there is: to 4 GiB. */
		{ 64 * MIB, -64 * MIB, 3 + 252 },
	};
	struct kaslr kaslr = {
		.map = &map, .efi = &efi, .size = 16 * MIB, .align = 16 * MIB,
		.min = 16 * MIB, .limit = 4 * GIB,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(tops); i++) {
		map.range[1] = (struct range){ tops[i].start, tops[i].size,
					       MEM_RAM };
		expect_eq(kaslr_count(&kaslr), tops[i].slots);
		expect_eq(kaslr_place(&kaslr, 0), 16 * MIB);
		expect_eq(kaslr_place(&kaslr, tops[i].slots - 1),
			  16 * MIB * tops[i].slots);
		ktap_done("RAM of %#llx bytes at %#llx", tops[i].size,
			  tops[i].start);
	}
}

/* As many pieces as there may be, from the highest down: some seconds at most. */
static void test_many(void)
{
	enum { NR = 0xc000 / EFI_DESC_SIZE };
	static u8 descs[NR * EFI_DESC_SIZE];
	static const struct ram_seg seg = {
		EFI_MAP, sizeof(descs), (unsigned long)descs
	};
	static const struct ram ram = { 1, &seg, NULL };
	static const struct efi efi = {
		64, 1, { EFI_MAP, sizeof(descs), 1 }, EFI_DESC_SIZE, 1, 0
	};
	static struct memmap map = {
		.nr = 1, .sorted = true, .range = { { MIB, 3 * GIB, MEM_RAM } },
	};
	struct kaslr kaslr = {
		.map = &map, .ram = &ram, .efi = &efi, .size = MIB,
		.align = MIB, .min = 16 * MIB, .limit = 4 * GIB,
	};
	u32 i;

	/* A page at the beginning of every other MiB. */
	for (i = 0; i < NR; i++) {
		u8 *desc = &descs[(NR - 1 - i) * EFI_DESC_SIZE];

		put_le32(desc, 4);
		put_le64(desc + 8, (16 + 2 * i) * MIB);
		put_le64(desc + 24, 1);
	}
	expect_eq(kaslr_count(&kaslr), (3 * GIB + MIB - 16 * MIB) / MIB - NR);
	expect_eq(kaslr_place(&kaslr, 0), 17 * MIB);
	ktap_done("%u pieces of UEFI's, in descending order", NR);
}

static void test_virtual(void)
{
	/* 1 GiB, linked to 16 MiB, 24 MiB of memory, in steps of 2 MiB. */
	expect_eq(kaslr_count_virtual(16 * MIB, 24 * MIB, 2 * MIB, GIB), 493);
	expect_eq(kaslr_count_virtual(16 * MIB, 24 * MIB + 1, 2 * MIB, GIB),
		  492);
	expect_eq(kaslr_count_virtual(16 * MIB, GIB - 16 * MIB, 2 * MIB, GIB),
		  1);
	expect_eq(kaslr_count_virtual(16 * MIB, GIB, 2 * MIB, GIB), 1);
	expect_eq(kaslr_count_virtual(0x40000001, 1, 2 * MIB, GIB), 1);
	ktap_done("virtual addresses");
}

/* Hardware that is there or not, and counts. */
static bool has_rdrand, has_timer;
static u64 clock_now, noise;

u64 cpu_tsc(void)
{
	return clock_now += 1000 + random_below(64);
}

bool cpu_random(u32 *value)
{
	noise = noise * 6364136223846793005ULL + 1442695040888963407ULL;
	*value = noise >> 32;
	return has_rdrand;
}

u8 port_read(u16 port)
{
	return has_timer ? random_below(256) : 0xff;
}

void port_write(u8 value, u16 port)
{
	expect_eq(port, 0x43);
	expect_eq(value, 0);
}

/* The distribution's mean is count - 1, its variance twice that. */
static void expect_even(const char *name, u32 count, bool again)
{
	static u32 hits[SLOTS_MAX];
	const double want = (double)ROUNDS / count;
	struct entropy entropy;
	double chi = 0, free = count - 1, off;
	u32 i;

	memset(hits, 0, sizeof(hits));
	entropy_init(&entropy, NULL, 0);
	for (i = 0; i < ROUNDS; i++) {
		if (again)
			entropy_init(&entropy, NULL, 0);
		hits[kaslr_pick(entropy_draw(&entropy), count)]++;
	}
	for (i = 0; i < count; i++)
		chi += (hits[i] - want) * (hits[i] - want) / want;
	/* Five standard deviations. */
	off = chi - free;
	expect(off * off < 25 * 2 * free);
	ktap_done("%s, %u places: chi-square %.1f", name, count, chi);
}

static void test_even(void)
{
	static const u32 counts[] = { 2, 3, 47, 493, 2047 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		has_rdrand = true;
		has_timer = true;
		expect_even("RDRAND", counts[i], false);
		expect_even("RDRAND, a boot each", counts[i], true);
		has_rdrand = false;
		expect_even("clocks", counts[i], false);
		expect_even("clocks, a boot each", counts[i], true);
		has_timer = false;
		expect_even("the time stamp counter", counts[i], false);
	}
	/* An unsuitable way to choose is noticed. */
	expect_eq(kaslr_pick(0, 493), 0);
	expect_eq(kaslr_pick(~0U, 493), 492);
	expect_eq(kaslr_pick(0x80000000, 2), 1);
	expect_eq(kaslr_pick(0x7fffffff, 2), 0);
	ktap_done("first and last");
}

static void test_sources(void)
{
	static const u8 seed[32] = { 1 }, other[32] = { 2 };
	struct entropy a, b;
	u64 now;

	has_rdrand = true;
	has_timer = true;
	entropy_init(&a, seed, sizeof(seed));
	entropy_draw(&a);
	expect_eq(a.sources, ENTROPY_SEED | ENTROPY_TSC | ENTROPY_RDRAND);
	has_rdrand = false;
	entropy_init(&a, NULL, 0);
	entropy_draw(&a);
	expect_eq(a.sources, ENTROPY_TSC | ENTROPY_I8254);
	has_timer = false;
	entropy_init(&a, NULL, 0);
	entropy_draw(&a);
	expect_eq(a.sources, ENTROPY_TSC);
	/* The seed counts, at the same time of day. */
	now = clock_now;
	entropy_init(&a, seed, sizeof(seed));
	entropy_init(&b, other, sizeof(other));
	expect(a.state != b.state);
	clock_now = now;
	ktap_done("sources");
}

int main(void)
{
	test_lines();
	test_long();
	test_wrap();
	test_top();
	test_many();
	test_virtual();
	test_slots();
	test_even();
	test_sources();
	return ktap_status();
}
