// SPDX-License-Identifier: GPL-2.0
/*
 * A PC BIOS: memory by INT 15h, the text screen by INT 10h. Sources:
 * Ralf Brown's interrupt list; ACPI 6.4, section 15.1 for E820h; the BIOS
 * bugs that the kernel's own arch/x86/boot/memory.c knows.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "info/cmdline.h"
#include "machine/bios.h"
#include "machine/machine.h"
#include "sources/sources.h"

#define SMAP		0x534d4150

/* BIOS data area. */
#define BDA_BASE_MEMORY	0x413		/* word, KiB */
#define BDA_ROWS	0x484		/* byte, less one */
#define BDA_POINTS	0x485		/* word, scan lines of a character */

#define RESET_VECTOR	0xffff0

struct e820_entry {
	__le64 addr;
	__le64 size;
	__le32 type;
} __attribute__((packed));

_Static_assert(sizeof(struct e820_entry) == 20, "E820h without attributes");

static u16 read_word(const struct ram *ram, u32 pa)
{
	__le16 word = 0;

	ram_read(ram, pa, &word, sizeof(word));
	return __le16_to_cpu(word);
}

static u8 read_byte(const struct ram *ram, u32 pa)
{
	u8 byte = 0;

	ram_read(ram, pa, &byte, sizeof(byte));
	return byte;
}

/* A vector leads to code: in ROM, or in the loader's part of low memory. */
static bool vector_is_alive(const struct ram *ram, u8 vector)
{
	u32 offset = read_word(ram, vector * 4);
	u32 segment = read_word(ram, vector * 4 + 2);
	u32 target = (segment << 4) + offset;
	u8 code = read_byte(ram, target);

	if (target < 0x600 || target >= HOLE_END)
		return false;
	if (target >= HOLE_START && target < 0xc0000)
		return false;
	return code != 0x00 && code != 0xff;
}

static bool bios_is_alive(const struct ram *ram)
{
	static const u8 vectors[] = { 0x10, 0x13, 0x15 };
	u16 base = read_word(ram, BDA_BASE_MEMORY);
	u32 i;

	for (i = 0; i < sizeof(vectors); i++)
		if (!vector_is_alive(ram, vectors[i]))
			return false;
	if (base < 64 || base > 640)
		return false;
	return read_byte(ram, RESET_VECTOR) == 0xea;	/* far jump */
}

static void query_e820(const struct ram *ram, struct memmap *map)
{
	static const struct e820_entry empty;
	struct bios_regs regs;
	struct e820_entry entry;
	u32 next = 0;
	u32 i;

	memmap_init(map);
	/* One buffer for all calls: some BIOSes write what has changed only. */
	ram_write(ram, BIOS_BUFFER, &empty, sizeof(empty));
	for (i = 0; i < MEMMAP_ENTRIES_MAX; i++) {
		memset(&regs, 0, sizeof(regs));
		regs.eax = 0xe820;
		regs.ebx = next;
		regs.ecx = sizeof(entry);
		regs.edx = SMAP;
		regs.edi = BIOS_BUFFER;
		bios_call(0x15, &regs);

		/*
		 * Carry ends the chain as EBX = 0 does, and then EAX need not
		 * be SMAP. One that loses SMAP on the way is broken in ways
		 * we cannot tell: no map is better than half a map.
		 */
		if (regs.eflags & BIOS_CARRY)
			return;
		if (regs.eax != SMAP) {
			memmap_init(map);
			return;
		}
		ram_read(ram, BIOS_BUFFER, &entry, sizeof(entry));
		memmap_add(map, __le64_to_cpu(entry.addr),
			   __le64_to_cpu(entry.size),
			   __le32_to_cpu(entry.type));
		next = regs.ebx;
		if (!next)
			return;
	}
	map->truncated = true;
}

static void query_e801(const struct ram *ram, struct memmap *map)
{
	struct bios_regs regs = { .eax = 0xe801 };
	u32 low_kib, high_64kib;

	memmap_init(map);
	bios_call(0x15, &regs);
	if (regs.eflags & BIOS_CARRY)
		return;

	/* Some answer in CX and DX only. */
	low_kib = (u16)regs.eax;
	high_64kib = (u16)regs.ebx;
	if ((u16)regs.ecx || (u16)regs.edx) {
		low_kib = (u16)regs.ecx;
		high_64kib = (u16)regs.edx;
	}
	if (!low_kib || low_kib > 15 * 1024)
		return;
	memmap_add_sizes(map, read_word(ram, BDA_BASE_MEMORY), low_kib);
	/* With a hole below 16 MiB nobody says what is above it. */
	if (low_kib == 15 * 1024)
		memmap_add(map, 0x1000000, (u64)high_64kib << 16, MEM_RAM);
}

static void query_88(const struct ram *ram, struct memmap *map)
{
	struct bios_regs regs = { .eax = 0x8800 };

	memmap_init(map);
	bios_call(0x15, &regs);
	if (regs.eflags & BIOS_CARRY || !(u16)regs.eax)
		return;
	memmap_add_sizes(map, read_word(ram, BDA_BASE_MEMORY), (u16)regs.eax);
}

/* From the most detailed to the oldest; one that fails leaves no map. */
static const struct query {
	const char *name;
	enum map_rank rank;
	void (*query)(const struct ram *ram, struct memmap *map);
} queries[] = {
	{ "bios-e820",	MAP_BIOS_E820,	query_e820 },
	{ "bios-e801",	MAP_BIOS_E801,	query_e801 },
	{ "bios-88",	MAP_BIOS_88,	query_88 },
};

/* It does not know coreboot's table, and would let it be overwritten. */
static bool denies(const struct memmap *map, const struct range *coreboot)
{
	u32 type = 0;
	u32 i;

	for (i = 0; i < map->nr; i++) {
		const struct range *range = &map->range[i];

		if (coreboot->start >= range->start &&
		    coreboot->start - range->start < range->size &&
		    range->type > type)
			type = range->type;
	}
	return coreboot->size && type == MEM_RAM;
}

static void query_memory(const struct ram *ram, struct bootinfo *bi)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(queries); i++) {
		if (bi->map_rank <= queries[i].rank)
			return;
		queries[i].query(ram, &bi->offer);
		if (denies(&bi->offer, &bi->coreboot))
			continue;
		bi->source = queries[i].name;
		bootinfo_set_map(bi, queries[i].rank);
	}
}

static bool is_text_mode(u8 mode)
{
	return mode <= 3 || mode == 7;
}

static void query_screen(const struct ram *ram, struct bootinfo *bi)
{
	struct screen *screen = &bi->screen;
	struct bios_regs adapter = { .eax = 0x1a00 };
	struct bios_regs mode = { .eax = 0x0f00 };
	struct bios_regs cursor = { .eax = 0x0300 };

	bios_call(0x10, &adapter);
	if ((u8)adapter.eax != 0x1a)
		return;				/* older than VGA, or none */
	bios_call(0x10, &mode);
	if (!is_text_mode(mode.eax & 0x7f))
		return;
	cursor.ebx = mode.ebx & 0xff00;
	bios_call(0x10, &cursor);

	screen->is_vga = true;
	screen->mode = mode.eax & 0x7f;
	screen->columns = mode.eax >> 8;
	screen->page = (mode.ebx >> 8) & 0xff;
	screen->x = cursor.edx;
	screen->y = cursor.edx >> 8;
	screen->lines = read_byte(ram, BDA_ROWS) + 1;
	screen->points = read_word(ram, BDA_POINTS);
	bi->have_screen = true;
}

/**
 * bios_probe - ask a PC BIOS for what is still missing
 * @ram: physical memory
 * @handoff: not used
 * @bi: result; memory map and text screen are filled in
 *
 * Return: 0, or -ENOENT if no BIOS is alive: its vectors must lead to code, and the
 * command line must not be a crash kernel's.
 */
int bios_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi)
{
	/* A crash kernel: nobody has given the hardware back to the BIOS. */
	if (bi->no_bios || cmdline_option(bi->cmdline, "elfcorehdr") ||
	    !bios_is_alive(ram))
		return -ENOENT;
	bios_open(ram, bi->low_memory);
	query_memory(ram, bi);
	if (!bi->have_screen && !bi->framebuffer.base)
		query_screen(ram, bi);
	bios_close(ram, bi->low_memory);
	if (!bi->firmware)
		bi->firmware = "PCBIOS";
	return 0;
}
