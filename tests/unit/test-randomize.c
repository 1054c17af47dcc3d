// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of a kernel and its addresses (randomize.c): whether they are
 * random, and if not, why not. The kernel is linked to 16 MiB, takes 24 MiB, and
 * adds up to 0x2000 bytes in this machine.
 */
#include "fixture.h"

#include "info/place.h"
#include "kaslr/randomize.h"
#include "relocs.h"
#include "stub-params.h"

#define KERNEL		(16 * MIB)
#define KERNEL_END	(40 * MIB)
#define BSS		(KERNEL + 0x1000)
#define ALIGN		(2 * MIB)

#define ALL		(RANDOM_MEMORY | RANDOM_PHYSICAL | RANDOM_VIRTUAL)

static bool has_rdrand = true;
static u64 noise;

u64 cpu_tsc(void)
{
	return 12345;
}

bool cpu_random(u32 *value)
{
	noise = noise * 6364136223846793005ULL + 1442695040888963407ULL;
	*value = noise >> 32;
	return has_rdrand;
}

u8 port_read(u16 port)
{
	return 0xff;
}

void port_write(u8 value, u16 port)
{
}

/* A place of each list of an x86_64 kernel: at 0x10, 0x20 and 0x30. */
static const u8 stream_64[] = {
	0x11, 0, 0, 0, 0, 0, 0, 0,
	0x21, 0, 0, 0, 0, 0, 0, 0,
	0x31, 0, 0, 0, 0, 0, 0, 0,
};

static void set_words(u32 flags, u32 relocs_size)
{
	*words = (struct stub_params){
		.kernel_start = __cpu_to_le32(KERNEL),
		.kernel_end = __cpu_to_le32(KERNEL_END),
		.scratch = __cpu_to_le32(BSS + 0x1000),
		.flags = __cpu_to_le32(flags),
		.bss = __cpu_to_le32(BSS),
		.align = __cpu_to_le32(ALIGN),
		.image_max = __cpu_to_le32(flags & STUB_FLAG_KERNEL_64 ?
					   GIB : 512 * MIB),
		.relocs = __cpu_to_le32(relocs_size ? BSS : 0),
		.relocs_size = __cpu_to_le32(relocs_size),
	};
}

static struct memmap *make_map(u64 end)
{
	struct memmap *map = allocate(sizeof(*map));

	memset(map, 0, sizeof(*map));
	map->nr = 2;
	map->sorted = true;
	map->range[0] = (struct range){ 0, 0x9fc00, MEM_RAM };
	map->range[1] = (struct range){ MIB, end - MIB, MEM_RAM };
	return map;
}

static const struct {
	const char *name;
	const char *cmdline;
	u32 flags;
	u32 relocs_size;
	u64 memory;			/* where RAM ends */
	bool is_bzimage;
	u32 random;			/* expected */
	const char *why;
} cases[] = {
	{ "x86_64", "quiet", STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64,
	  sizeof(stream_64), 2 * GIB, false, ALL, "" },
	{ "x86_64, nokaslr", "quiet nokaslr",
	  STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64, sizeof(stream_64), 2 * GIB,
	  false, 0, "nokaslr" },
	{ "x86_64, something like nokaslr", "init=\"/x nokaslr y\" nokaslrx",
	  STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64, sizeof(stream_64), 2 * GIB,
	  false, ALL, "" },
	{ "x86_64, 48 MiB", "", STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64,
	  sizeof(stream_64), 48 * MIB, false, RANDOM_MEMORY | RANDOM_VIRTUAL,
	  "no room elsewhere" },
	{ "x86_64, memmap=exactmap", "memmap=exactmap memmap=1G@0",
	  STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64, sizeof(stream_64), 2 * GIB,
	  false, RANDOM_MEMORY | RANDOM_VIRTUAL, "memmap=exactmap" },
	{ "x86_64, mem=60M", "mem=60M", STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64,
	  sizeof(stream_64), 2 * GIB, false, RANDOM_MEMORY | RANDOM_VIRTUAL,
	  "no room elsewhere" },
	{ "x86_64, a vmlinux", "", STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64, 0,
	  2 * GIB, false, RANDOM_MEMORY, "no relocations" },
	{ "x86_64, built without", "", STUB_FLAG_KERNEL_64, 0, 2 * GIB, false,
	  0, "not built for it" },
	{ "x86_64, a bzImage", "", STUB_FLAG_KERNEL_64, 0, 2 * GIB, true, 0,
	  "has a decompressor" },
	{ "i386", "quiet", STUB_FLAG_KASLR, 8, 2 * GIB, false,
	  RANDOM_MEMORY | RANDOM_PHYSICAL, "" },
	{ "i386, 48 MiB", "", STUB_FLAG_KASLR, 8, 48 * MIB, false,
	  RANDOM_MEMORY, "no room elsewhere" },
	{ "i386, nokaslr", "nokaslr", STUB_FLAG_KASLR, 8, 2 * GIB, false, 0,
	  "nokaslr" },
};

static bool meets(const struct placement *place, const struct range *range)
{
	return place->target < range->start + range->size &&
	       range->start < place->target + place->kernel.size;
}

/* What has to be true wherever the kernel goes. */
static void check_place(u32 i, const struct bootinfo *bi,
			const struct placement *place)
{
	bool is_64 = cases[i].flags & STUB_FLAG_KERNEL_64;
	u64 end = place->target + place->kernel.size;

	expect_eq(place->random, cases[i].random);
	expect_string(place->why_fixed, cases[i].why);
	expect_eq(place->target % ALIGN, 0);
	expect_eq(place->offset % ALIGN, 0);
	if (!(place->random & RANDOM_PHYSICAL)) {
		expect_eq(place->target, KERNEL);
	} else {
		expect(place->target >= KERNEL && end <= cases[i].memory);
		expect(!meets(place, &place->kernel));
		expect(!meets(place, &place->initrd));
		expect(!meets(place, &place->arena));
		expect(!meets(place, &bi->efi.map));
		expect(place->boot_params < place->target ||
		       place->boot_params >= end);
	}
	if (is_64)
		expect(KERNEL_END + place->offset <= GIB);
	else
		expect(place->offset == place->target - KERNEL &&
		       (!place->offset || end <= 512 * MIB));
	if (place->random & (RANDOM_PHYSICAL | RANDOM_VIRTUAL))
		expect_eq(place->entropy, ENTROPY_TSC | ENTROPY_RDRAND);
	else if (!is_64 && place->random && cases[i].relocs_size)
		expect_eq(place->entropy, 0);
}

/* What is in use is where it costs the most places. */
static void test_cases(void)
{
	struct bootinfo *bi = allocate(sizeof(*bi));
	u32 i, turn;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct memmap *map = make_map(cases[i].memory);
		int few = 10;
		u64 places = 0, offsets = 0;
		struct machine m = {};

		machine_add(&m, KERNEL, NULL, 0x1000);
		machine_add(&m, BSS, stream_64, cases[i].relocs_size);
		memset(bi, 0, sizeof(*bi));
		strcpy(bi->cmdline, cases[i].cmdline);
		set_words(cases[i].flags, cases[i].relocs_size);
		if (cases[i].is_bzimage)
			words->setup = __cpu_to_le32(0x1234);
		for (turn = 0; turn < 500; turn++) {
			struct placement place = {
				.kernel = { KERNEL, KERNEL_END - KERNEL, 1 },
				.initrd = { 100 * MIB + 1, 3 * MIB, 1 },
				.boot_params = 200 * MIB,
				.arena = { 200 * MIB + 4096, 4096, 3 },
			};

			bi->efi.map = (struct range){ 150 * MIB - 1, 2, 1 };
			expect_eq(randomize_kernel(&m.ram, bi, map, &place),
				  0);
			check_place(i, bi, &place);
			places |= 1ULL << place.target / (32 * MIB);
			offsets |= 1ULL << place.offset / (16 * MIB);
		}
		/* They have been nearly everywhere: of 64 pieces of memory. */
		if (cases[i].random & RANDOM_VIRTUAL) {
			few = 55;
			expect(__builtin_popcountll(offsets) > few);
		}
		if (cases[i].random & RANDOM_PHYSICAL)
			expect(__builtin_popcountll(places) > few);
		ktap_done("%s", cases[i].name);
		machine_free(&m);
		free(map);
	}
	free(bi);
}

/* Nothing is written, nothing is chosen. */
static void test_damaged(void)
{
	struct bootinfo *bi = allocate(sizeof(*bi));
	struct memmap *map = make_map(2 * GIB);
	u32 at;

	memset(bi, 0, sizeof(*bi));
	for (at = 0; at < sizeof(stream_64); at++) {
		struct placement place = {
			.kernel = { KERNEL, KERNEL_END - KERNEL, 1 },
		};
		struct machine m = {};
		u8 *kernel, *stream;
		static const u8 zeros[0x1000];

		if (stream_64[at])
			continue;
		kernel = machine_add(&m, KERNEL, NULL, 0x1000);
		stream = machine_add(&m, BSS, stream_64, sizeof(stream_64));
		stream[at] = 0xff;
		set_words(STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64,
			  sizeof(stream_64));
		expect_eq(randomize_kernel(&m.ram, bi, map, &place), -EINVAL);
		expect(!memcmp(kernel, zeros, sizeof(zeros)));
		machine_free(&m);
	}
	free(map);
	free(bi);
	ktap_done("damaged relocations");
}

/* Good relocations; one word of the image is another. */
static const struct {
	const char *name;
	u32 offset;			/* of the word */
	u32 value;
	int ret;
} damages[] = {
#define WORD(word)	#word, offsetof(struct stub_params, word)
	{ WORD(align), ALIGN, 0 },
	{ WORD(align), 16 * MIB, 0 },
	{ WORD(align), 4096, 0 },
	{ WORD(align), 0, -ERANGE },
	{ WORD(align), 1, -ERANGE },
	{ WORD(align), 3 * MIB, -ERANGE },
	{ WORD(align), 32 * MIB, -ERANGE },
	{ WORD(bss), 0, -EINVAL },
	{ WORD(bss), KERNEL - 1, -EINVAL },
	{ WORD(bss), KERNEL + 7, -EINVAL },
	{ WORD(bss), BSS + 1, -EINVAL },
	{ WORD(relocs), BSS - sizeof(stream_64), -EINVAL },
	{ WORD(relocs), KERNEL + 0x40, -EINVAL },
	{ WORD(relocs), BSS + 0x1000 - sizeof(stream_64) + 1, -EINVAL },
	{ WORD(relocs), -1, -EINVAL },
	{ WORD(relocs_size), -1, -EINVAL },
	{ WORD(relocs_size), 0, -EINVAL },
	{ WORD(scratch), BSS + sizeof(stream_64), 0 },
	{ WORD(scratch), BSS + sizeof(stream_64) - 1, -EINVAL },
	{ WORD(scratch), 0, -EINVAL },
#undef WORD
};

static void test_words(void)
{
	struct bootinfo *bi = allocate(sizeof(*bi));
	struct memmap *map = make_map(2 * GIB);
	u32 i;

	memset(bi, 0, sizeof(*bi));
	for (i = 0; i < ARRAY_SIZE(damages); i++) {
		struct placement place = {
			.kernel = { KERNEL, KERNEL_END - KERNEL, 1 },
		};
		static const u8 zeros[0x1000];
		struct machine m = {};
		u8 *kernel = machine_add(&m, KERNEL, NULL, 0x3000);

		/* Wherever the words lead to, there is a good list. */
		memcpy(kernel + 0x40, stream_64, sizeof(stream_64));
		memcpy(kernel + 0x1000 - sizeof(stream_64), stream_64,
		       sizeof(stream_64));
		memcpy(kernel + 0x1000, stream_64, sizeof(stream_64));
		memcpy(kernel + 0x2001 - sizeof(stream_64), stream_64,
		       sizeof(stream_64));
		set_words(STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64,
			  sizeof(stream_64));
		*(__le32 *)((u8 *)words + damages[i].offset) =
			__cpu_to_le32(damages[i].value);
		expect_eq(randomize_kernel(&m.ram, bi, map, &place),
			  damages[i].ret);
		expect(!memcmp(kernel, zeros, 0x40));
		machine_free(&m);
		ktap_done("%s %#x", damages[i].name, damages[i].value);
	}
	free(map);
	free(bi);
}

/* With a composed initrd at an address of its own, as large as the mapping. */
static void test_large(void)
{
	struct bootinfo *bi = allocate(sizeof(*bi));
	struct memmap *map = make_map(2 * GIB);
	struct machine m = {};
	struct placement place = {
		.kernel = { KERNEL, GIB - KERNEL, 1 },
	};

	memset(bi, 0, sizeof(*bi));
	machine_add(&m, KERNEL, NULL, 0x1000);
	machine_add(&m, BSS, stream_64, sizeof(stream_64));
	set_words(STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64, sizeof(stream_64));
	expect_eq(randomize_kernel(&m.ram, bi, map, &place), 0);
	expect_eq(place.offset, 0);
	expect_eq(place.random, RANDOM_MEMORY | RANDOM_PHYSICAL);
	expect_string(place.why_fixed, "no room elsewhere");
	machine_free(&m);
	free(map);
	free(bi);
	ktap_done("as large as its mapping");
}

#define FLAGS_32	STUB_FLAG_KASLR
#define FLAGS_64	(STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64)

/* The image is at KERNEL, and was made for somewhere else: @moved below. */
static const struct {
	const char *name;
	const char *cmdline;
	u32 flags;
	u32 relocs_size;
	u32 moved;
	u32 align;
	u32 image_max;
	int ret;
	u32 random;			/* expected, as what follows */
	u32 offset;			/* where it stays */
	const char *why;
} moves[] = {
	{ "x86_64, nokaslr", "nokaslr", FLAGS_64, sizeof(stream_64), 14 * MIB,
	  ALIGN, GIB, 0, 0, 0, "nokaslr" },
	{ "x86_64, no relocations", "", FLAGS_64, 0, 14 * MIB, ALIGN, GIB, 0,
	  RANDOM_MEMORY, 0, "no relocations" },
	{ "x86_64, random", "", FLAGS_64, sizeof(stream_64), 14 * MIB, ALIGN,
	  GIB, 0, ALL, 0, "" },
	{ "x86_64, high", "nokaslr", FLAGS_64, sizeof(stream_64), 14 * MIB,
	  ALIGN, 24 * MIB, 0, 0, 0, "nokaslr" },
	{ "x86_64, one virtual address", "memmap=exactmap", FLAGS_64,
	  sizeof(stream_64), 14 * MIB, ALIGN, 26 * MIB, 0, RANDOM_MEMORY, 0,
	  "memmap=exactmap" },
	{ "x86_64, three from where it was linked on", "memmap=exactmap",
	  FLAGS_64, sizeof(stream_64), 14 * MIB, ALIGN, 30 * MIB, 0,
	  RANDOM_MEMORY | RANDOM_VIRTUAL, 0, "memmap=exactmap" },
	{ "x86_64, not aligned", "", FLAGS_64, sizeof(stream_64), 13 * MIB,
	  ALIGN, GIB, -EXDEV, 0, 0, "not aligned" },
	{ "x86_64, align 0", "", FLAGS_64, sizeof(stream_64), 14 * MIB, 0, GIB,
	  -EXDEV, 0, 0, "not aligned" },
	{ "x86_64, too low", "nokaslr", FLAGS_64, sizeof(stream_64),
	  (u32)(-2 * MIB), ALIGN, GIB, -EXDEV, 0, 0, "out of range" },
	{ "x86_64, built without", "nokaslr", STUB_FLAG_KERNEL_64, 0, 14 * MIB,
	  ALIGN, GIB, -EXDEV, 0, 0, "not built for it" },
	{ "i386, nokaslr", "nokaslr", FLAGS_32, 8, 14 * MIB, ALIGN, 512 * MIB,
	  0, 0, 14 * MIB, "nokaslr" },
	{ "i386, no room", "mem=60M", FLAGS_32, 8, 14 * MIB, ALIGN, 512 * MIB,
	  0, RANDOM_MEMORY, 14 * MIB, "no room elsewhere" },
	{ "i386, random", "", FLAGS_32, 8, 14 * MIB, ALIGN, 512 * MIB, 0,
	  RANDOM_MEMORY | RANDOM_PHYSICAL, 0, "" },
	{ "i386, up to its end", "nokaslr", FLAGS_32, 8, 14 * MIB, ALIGN,
	  40 * MIB, 0, 0, 14 * MIB, "nokaslr" },
	{ "i386, too high", "nokaslr", FLAGS_32, 8, 14 * MIB, ALIGN,
	  40 * MIB - 1, -EXDEV, 0, 0, "out of range" },
	{ "i386, no relocations", "nokaslr", FLAGS_32, 0, 14 * MIB, ALIGN,
	  512 * MIB, -EXDEV, 0, 0, "no relocations" },
	{ "i386, damaged", "nokaslr", FLAGS_32, 7, 14 * MIB, ALIGN, 512 * MIB,
	  -EINVAL, 0, 0, "nokaslr" },
};

static void check_move(u32 i, const struct placement *place)
{
	bool is_64 = moves[i].flags & STUB_FLAG_KERNEL_64;

	expect_string(place->why_fixed, moves[i].why);
	if (moves[i].ret)
		return;
	expect_eq(place->random, moves[i].random);
	if (!is_64)
		expect_eq(place->offset,
			  place->target - (KERNEL - moves[i].moved));
	if (place->random & RANDOM_VIRTUAL)
		expect(place->offset + KERNEL_END - moves[i].moved <=
		       moves[i].image_max);
	if (!(place->random & RANDOM_PHYSICAL))
		expect_eq(place->target, KERNEL);
	if (!(place->random & (RANDOM_PHYSICAL | RANDOM_VIRTUAL)))
		expect_eq(place->offset, moves[i].offset);
}

static void test_moved(void)
{
	struct bootinfo *bi = allocate(sizeof(*bi));
	u32 i, turn;

	for (i = 0; i < ARRAY_SIZE(moves); i++) {
		struct memmap *map = make_map(2 * GIB);
		struct machine m = {};
		u64 offsets = 0;

		machine_add(&m, KERNEL, NULL, 0x1000);
		machine_add(&m, BSS, stream_64, moves[i].relocs_size);
		memset(bi, 0, sizeof(*bi));
		strcpy(bi->cmdline, moves[i].cmdline);
		set_words(moves[i].flags, moves[i].relocs_size);
		words->align = __cpu_to_le32(moves[i].align);
		words->image_max = __cpu_to_le32(moves[i].image_max);
		for (turn = 0; turn < 500; turn++) {
			struct placement place = {
				.kernel = { KERNEL, KERNEL_END - KERNEL, 1 },
				.moved = moves[i].moved,
			};

			expect_eq(randomize_kernel(&m.ram, bi, map, &place),
				  moves[i].ret);
			check_move(i, &place);
			offsets |= 1ULL << place.offset / (16 * MIB);
		}
		/* From where it was linked on, not from where it is. */
		if (moves[i].random == ALL)
			expect(__builtin_popcountll(offsets) > 55);
		machine_free(&m);
		free(map);
		ktap_done("moved: %s", moves[i].name);
	}
	free(bi);
}

/* Its decompressor has its own rules. */
static void test_moved_bzimage(void)
{
	struct bootinfo *bi = allocate(sizeof(*bi));
	struct placement place = {
		.kernel = { KERNEL, KERNEL_END - KERNEL, 1 },
		.moved = 14 * MIB,
	};
	struct machine m = {};

	memset(bi, 0, sizeof(*bi));
	set_words(STUB_FLAG_KERNEL_64, 0);
	words->setup = __cpu_to_le32(0x1234);
	expect_eq(randomize_kernel(&m.ram, bi, NULL, &place), -EXDEV);
	expect_string(place.why_fixed, "has a decompressor");
	free(bi);
	ktap_done("moved: a bzImage");
}

/* A loader may have a strange idea of memory; 4 GiB + 22 MiB is not 22 MiB. */
static void test_moved_beyond(void)
{
	struct bootinfo *bi = allocate(sizeof(*bi));
	struct placement place = {
		.kernel = { 4 * GIB - ALIGN, KERNEL_END - KERNEL, 1 },
		.moved = 4 * GIB - ALIGN - KERNEL,
	};
	struct machine m = {};

	memset(bi, 0, sizeof(*bi));
	set_words(FLAGS_32, 8);
	expect_eq(randomize_kernel(&m.ram, bi, NULL, &place), -EXDEV);
	expect_string(place.why_fixed, "out of range");
	free(bi);
	ktap_done("moved: beyond 4 GiB");
}

static void test_relocate(void)
{
	struct placement place = {
		.kernel = { KERNEL, KERNEL_END - KERNEL, 1 },
		.target = KERNEL,
	};
	struct machine m = {};
	u8 *kernel = machine_add(&m, KERNEL, NULL, 0x1000);

	machine_add(&m, BSS, stream_64, sizeof(stream_64));
	set_words(STUB_FLAG_KASLR | STUB_FLAG_KERNEL_64, sizeof(stream_64));
	randomize_relocate(&m.ram, &place);
	expect_eq(get_le32(kernel + 0x10), 0);
	place.offset = 0x200000;
	randomize_relocate(&m.ram, &place);
	expect_eq(get_le32(kernel + 0x10), 0x200000);
	expect_eq(get_le32(kernel + 0x20), -0x200000U);
	expect_eq(get_le64(kernel + 0x30), 0x200000);
	machine_free(&m);
	ktap_done("relocations");
}

int main(void)
{
	test_cases();
	test_damaged();
	test_words();
	test_large();
	test_moved();
	test_moved_bzimage();
	test_moved_beyond();
	test_relocate();
	return ktap_status();
}
