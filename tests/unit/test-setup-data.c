// SPDX-License-Identifier: GPL-2.0
/*
 * setup_data nodes of a loader's (setup-data.c): Documentation/x86/boot.rst; the bytes
 * are put together by it and by Documentation/elf-boot.txt, section 4.4.
 */
#include "fixture.h"

#define LIST		0x1234		/* where the list of memory is */
#define NODES		(32 * MIB)	/* and the nodes */
#define ROOM		0x4000
#define HIGH		(5 * GIB)

#define KERNEL		(16 * MIB)
#define KERNEL_SIZE	(8 * MIB)

#define E820_EXT	1
#define EFI		4
#define IMA		8
#define ELFBOOT		0x454c4642

/* The end of a case: what is expected, and bytes behind the list. */
#define FINE			0, 0, 0
#define WRONG(fault, spare)	-EINVAL, fault, spare

struct node {
	u64 at;
	u64 next;
	u32 type;
	u32 len;
};

struct kept {
	u64 start;
	u64 size;
};

/* A list of memory, and a chain of nodes; what is wrong with it is at @fault. */
static const struct {
	const char *name;
	struct kept kept[3];
	struct node node[3];
	int want;
	u64 fault;
	u32 spare;			/* bytes behind the list that are none of it */
} cases[] = {
	{ "one node", { { NODES, 0x1000 } }, { { NODES, 0, EFI, 96 } },
		FINE },
	{ "as long as its memory", { { NODES, 0x1000 } },
		{ { NODES, 0, EFI, 0xff0 } },
		FINE },
	{ "without contents, at the end of its memory", { { NODES, 0x1000 } },
		{ { NODES + 0xff0, 0, EFI, 0 } },
		FINE },
	{ "three nodes, backwards", { { NODES, 0x3000 } },
		{ { NODES + 0x2000, NODES + 0x1000, EFI, 96 },
		  { NODES + 0x1000, NODES, IMA, 16 }, { NODES, 0, 10, 32 } },
		FINE },
	{ "each in its own memory",
		{ { NODES, 0x1000 }, { NODES + 0x2000, 0x1000 } },
		{ { NODES, NODES + 0x2000, EFI, 96 },
		  { NODES + 0x2000, 0, IMA, 16 } },
		FINE },
	{ "above 4 GiB", { { HIGH, 0x1000 } }, { { HIGH, 0, EFI, 96 } },
		FINE },
	{ "memory that no node is in",
		{ { NODES, 0x1000 }, { 64 * MIB, 32 * MIB } },
		{ { NODES, 0, IMA, 16 } },
		FINE },
	{ "a type that nobody knows", { { NODES, 0x1000 } },
		{ { NODES, 0, 0x80000000, 24 } },
		FINE },
	{ "no memory is kept", {}, { { NODES, 0, EFI, 96 } },
		WRONG(NODES, 0) },
	{ "memory of no bytes", { { NODES + 0x2000, 0 } }, { { NODES, 0, EFI, 96 } },
		WRONG(NODES + 0x2000, 0) },
	{ "a list of 17 bytes", { { NODES, 0x1000 } }, { { NODES, 0, EFI, 96 } },
		WRONG(LIST, 1) },
	{ "memory twice", { { NODES, 0x2000 }, { NODES + 0x1000, 0x1000 } },
		{ { NODES, 0, EFI, 96 } },
		WRONG(NODES + 0x1000, 0) },
	{ "memory that is reserved", { { 0xf0000, 0x1000 } },
		{ { 0xf0000, 0, EFI, 96 } },
		WRONG(0xf0000, 0) },
	{ "memory that nobody knows", { { 3 * GIB, 0x1000 } },
		{ { 3 * GIB, 0, EFI, 96 } },
		WRONG(3 * GIB, 0) },
	{ "memory beyond the end of RAM", { { 255 * MIB, 2 * MIB } },
		{ { 255 * MIB, 0, EFI, 96 } },
		WRONG(255 * MIB, 0) },
	{ "memory that wraps", { { NODES, ~0ULL } }, { { NODES, 0, EFI, 96 } },
		WRONG(NODES, 0) },
	{ "the kernel's first page", { { KERNEL - 0x1000, 0x1001 } },
		{ { KERNEL - 0x1000, 0, EFI, 96 } },
		WRONG(KERNEL - 0x1000, 0) },
	{ "the kernel's last byte", { { KERNEL + KERNEL_SIZE - 1, 0x2001 } },
		{ { KERNEL + KERNEL_SIZE, 0, EFI, 96 } },
		WRONG(KERNEL + KERNEL_SIZE - 1, 0) },
	{ "right behind the kernel", { { KERNEL + KERNEL_SIZE, 0x1000 } },
		{ { KERNEL + KERNEL_SIZE, 0, EFI, 96 } },
		FINE },
	{ "all memory around the kernel", { { KERNEL - MIB, 64 * MIB } },
		{ { NODES, 0, EFI, 96 } },
		WRONG(KERNEL - MIB, 0) },
	{ "a node elsewhere", { { NODES, 0x1000 } },
		{ { NODES, NODES + 0x1000, EFI, 96 },
		  { NODES + 0x1000, 0, EFI, 96 } },
		WRONG(NODES + 0x1000, 0) },
	{ "a header that is cut", { { NODES, 0x1000 } },
		{ { NODES + 0xff1, 0, EFI, 0 } },
		WRONG(NODES + 0xff1, 0) },
	{ "one byte too long", { { NODES, 0x1000 } },
		{ { NODES, 0, EFI, 0xff1 } },
		WRONG(NODES, 0) },
	{ "4 GiB long", { { NODES, 0x1000 } }, { { NODES, 0, EFI, ~0U } },
		WRONG(NODES, 0) },
	{ "over the border of two", { { NODES, 0x1000 }, { NODES + 0x1000, 0x1000 } },
		{ { NODES + 0xff8, 0, EFI, 96 } },
		FINE },
	{ "a circle", { { NODES, 0x1000 } }, { { NODES, NODES, EFI, 96 } },
		WRONG(NODES, 0) },
	{ "to the end of all memory", { { NODES, 0x1000 } },
		{ { NODES, ~0ULL, EFI, 96 } },
		WRONG(~0ULL, 0) },
	{ "a memory map", { { NODES, 0x1000 } },
		{ { NODES, 0, E820_EXT, 20 } },
		WRONG(NODES, 0) },
	{ "a provenance node", { { NODES, 0x1000 } },
		{ { NODES, 0, ELFBOOT, 288 } },
		WRONG(NODES, 0) },
};

static void make_map(struct memmap *map)
{
	memmap_init(map);
	map->sorted = true;
	memmap_set(map, 0, 640 * KIB, MEM_RAM);
	memmap_set(map, 0xf0000, 64 * KIB, MEM_RESERVED);
	memmap_set(map, MIB, 255 * MIB, MEM_RAM);
	memmap_set(map, 4 * GIB, 2 * GIB, MEM_RAM);
}

static const struct range kernel = { KERNEL, KERNEL_SIZE, MEM_RAM };

/* All memory that a case may have nodes in. */
static void make_memory(struct machine *m)
{
	machine_add(m, NODES, NULL, ROOM);
	machine_add(m, HIGH, NULL, ROOM);
	machine_add(m, KERNEL + KERNEL_SIZE, NULL, ROOM);
}

static void put_node(struct machine *m, const struct node *node)
{
	u8 bytes[16];

	put_le64(bytes, node->next);
	put_le32(bytes + 8, node->type);
	put_le32(bytes + 12, node->len);
	ram_write(&m->ram, node->at, bytes, sizeof(bytes));
}

static void put_list(struct machine *m, struct bootinfo *bi,
		     const struct kept *kept, u32 nr, u32 spare)
{
	u8 *list = machine_add(m, LIST, NULL, nr * 16 + spare);
	u32 i;

	for (i = 0; i < nr; i++) {
		put_le64(list + i * 16, kept[i].start);
		put_le64(list + i * 16 + 8, kept[i].size);
	}
	bi->kept = (struct range){ LIST, nr * 16 + spare, MEM_RAM };
}

static void test_cases(void)
{
	struct memmap *map = allocate(sizeof(*map));
	struct bootinfo *bi = bootinfo_new();
	u32 i, k, nr;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m = {};
		u64 fault = LIST;

		make_map(map);
		make_memory(&m);
		for (nr = 0; nr < 3 && cases[i].kept[nr].start; nr++)
			;
		put_list(&m, bi, cases[i].kept, nr, cases[i].spare);
		for (k = 0; k < 3 && cases[i].node[k].at; k++)
			put_node(&m, &cases[i].node[k]);
		bi->setup_data = cases[i].node[0].at;
		expect_eq(setup_data_keep(&m.ram, bi, &kernel, map, &fault),
			  cases[i].want);
		if (cases[i].want)
			expect_eq(fault, cases[i].fault);
		for (k = 0; k < nr && !cases[i].want; k++) {
			expect(memmap_is(map, MEM_KEPT, cases[i].kept[k].start,
					 cases[i].kept[k].size));
			expect(!memmap_find_free(map, NULL, 0,
						 cases[i].kept[k].start,
						 cases[i].kept[k].start +
						 cases[i].kept[k].size, 1, 1));
		}
		expect(memmap_is(map, MEM_RAM, KERNEL, KERNEL_SIZE));
		ktap_done("%s", cases[i].name);
		machine_free(&m);
	}
	free(bi);
	free(map);
}

/* As many as there may be, and one more. */
static void test_many(u32 nr)
{
	struct memmap *map = allocate(sizeof(*map));
	struct bootinfo *bi = bootinfo_new();
	const struct kept kept = { NODES, ROOM };
	struct machine m = {};
	u64 fault = 0;
	u32 i;

	make_map(map);
	make_memory(&m);
	put_list(&m, bi, &kept, 1, 0);
	for (i = 0; i < nr; i++) {
		struct node node = { NODES + i * 32, NODES + (i + 1) * 32, EFI, 16 };

		if (i + 1 == nr)
			node.next = 0;
		put_node(&m, &node);
	}
	bi->setup_data = NODES;
	expect_eq(setup_data_keep(&m.ram, bi, &kernel, map, &fault),
		  nr > 64 ? -EINVAL : 0);
	if (nr > 64)
		expect_eq(fault, NODES + 64 * 32);
	ktap_done("%u nodes", nr);
	machine_free(&m);
	free(bi);
	free(map);
}

/* More than a memory map has room for would cost RAM, without a word. */
static void test_pieces(u32 nr, int want)
{
	struct memmap *map = allocate(sizeof(*map));
	struct bootinfo *bi = bootinfo_new();
	struct kept *kept = allocate(nr * sizeof(*kept));
	struct machine m = {};
	u64 fault = 0;
	u32 i;

	make_map(map);
	for (i = 0; i < nr; i++)
		kept[i] = (struct kept){ NODES + i * 0x2000, 0x1000 };
	put_list(&m, bi, kept, nr, 0);
	expect_eq(setup_data_keep(&m.ram, bi, &kernel, map, &fault), want);
	for (i = 0; i < nr; i++)
		expect(memmap_is(map, MEM_RAM, NODES + i * 0x2000 + 0x1000,
				 0x1000));
	expect(!map->truncated);
	ktap_done("%u pieces", nr);
	machine_free(&m);
	free(kept);
	free(bi);
	free(map);
}

/* The list itself is not in memory. */
static void test_no_list(void)
{
	struct memmap *map = allocate(sizeof(*map));
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};
	u64 fault = LIST;

	make_map(map);
	bi->kept = (struct range){ LIST, 16, MEM_RAM };
	bi->setup_data = NODES;
	expect_eq(setup_data_keep(&m.ram, bi, &kernel, map, &fault), -EINVAL);
	expect_eq(fault, LIST);
	ktap_done("a list that is nowhere");
	free(bi);
	free(map);
}

int main(void)
{
	test_cases();
	test_many(64);
	test_many(65);
	test_pieces(250, 0);
	test_pieces(300, -EINVAL);
	test_no_list();
	return ktap_status();
}
