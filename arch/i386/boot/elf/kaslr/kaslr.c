// SPDX-License-Identifier: GPL-2.0
/*
 * Where a kernel may be that chooses its own place: the rules of mainline's
 * arch/x86/boot/compressed/kaslr.c (5.10 to 7.2). A slot is a place that has
 * room for the kernel; each is as likely as any other. The slots are counted,
 * one is chosen by number, and they are counted again up to that: no table.
 *
 * Nothing here is random and nothing is hardware.
 */
#include "info/cmdline.h"
#include "info/efi.h"
#include "kaslr/kaslr.h"
#include "machine/machine.h"

#define GIB		0x40000000ULL

/* A region that is longer than this as text is of no use to anybody. */
#define VALUE_SIZE	128

/**
 * kaslr_avoid - name some memory that must not be overwritten
 * @kaslr: what there is to choose from; KASLR_USED_MAX of these at most
 * @start: first byte, physical
 * @size: bytes
 */
void kaslr_avoid(struct kaslr *kaslr, u64 start, u64 size)
{
	if (size)
		kaslr->used[kaslr->nr_used++] =
			(struct range){ start, size, MEM_RESERVED };
}

/* A number as simple_strtoull() reads it: 0x is hexadecimal, 0 is octal. */
static u64 read_number(const char **s)
{
	const char *digits;
	u64 value;

	if (**s != '0')
		return cmdline_number(s, 10);
	if (((*s)[1] | 0x20) != 'x')
		return cmdline_number(s, 8);
	digits = *s + 2;
	value = cmdline_number(&digits, 16);
	/* Without a digit "0x" is a 0, and "x" is what follows. */
	*s = digits > *s + 2 ? digits : *s + 1;
	return value;
}

/* And as memparse() does. */
static u64 read_size(const char **s)
{
	u64 value = read_number(s), scaled = value;
	const char *unit;

	for (unit = "kmgtpe"; *unit; unit++) {
		scaled <<= 10;
		if ((**s | 0x20) == *unit) {
			(*s)++;
			return scaled;
		}
	}
	return value;
}

static void limit(struct kaslr *kaslr, u64 end)
{
	if (end && end < kaslr->limit)
		kaslr->limit = end;
}

/*
 * One of memmap='s regions. "size@start" adds RAM, and that is not where we
 * look; all else that has a start is not RAM, or not only.
 */
static bool read_region(struct kaslr *kaslr, const char *s, u32 *regions)
{
	u64 size = read_size(&s);
	char kind = *s;
	u64 start;

	if (kind == '@')
		return true;
	if (kind != '#' && kind != '$' && kind != '!' && kind != '%') {
		limit(kaslr, size);
		return true;
	}
	s++;
	start = read_size(&s);
	if ((*regions)++ == KASLR_REGIONS_MAX)
		return false;
	/* What wraps around is all there is above. */
	kaslr_avoid(kaslr, start, start + size < start ? ~start : size);
	return true;
}

static const char *read_regions(struct kaslr *kaslr, const char *value,
				u32 *regions)
{
	const char *s = value;

	if (strlen(value) == VALUE_SIZE - 1)
		return "memmap= is long";
	while (s) {
		if (!strncmp(s, "exactmap", 8))
			return "memmap=exactmap";
		if (!read_region(kaslr, s, regions))
			return "memmap= is long";
		while (*s && *s != ',')
			s++;
		s = *s ? s + 1 : NULL;
	}
	return NULL;
}

/* The number belongs to the size that was named last. */
static void read_huge_pages(struct kaslr *kaslr, const char *cmdline)
{
	char value[32], other[1];
	const char *number, *next, *s;

	while ((cmdline = cmdline_next(cmdline, "hugepagesz", value,
				       sizeof(value)))) {
		s = value;
		if (read_size(&s) != GIB)
			continue;
		number = cmdline_next(cmdline, "hugepages", value,
				      sizeof(value));
		next = cmdline_next(cmdline, "hugepagesz", other,
				    sizeof(other));
		if (!number || (next && next < number))
			continue;
		s = value;
		kaslr->huge_pages = read_number(&s);
	}
}

/**
 * kaslr_read_cmdline - read what the command line says of memory
 * @kaslr: what there is to choose from; limit, memory to avoid and huge pages
 *	   are the result
 * @cmdline: NUL-terminated
 *
 * Documentation/admin-guide/kernel-parameters.txt: mem=, memmap=, hugepages=
 * behind hugepagesz=1G, movable_node. What "nokaslr" means is the caller's.
 *
 * Return: NULL, or why the kernel has to stay where it is.
 */
const char *kaslr_read_cmdline(struct kaslr *kaslr, const char *cmdline)
{
	char value[VALUE_SIZE];
	const char *at, *s, *why = NULL;
	u32 regions = 0;

	if (cmdline_option(cmdline, "movable_node"))
		return "movable_node";
	for (at = cmdline; (at = cmdline_next(at, "mem", value,
					      sizeof(value)));) {
		s = value;
		limit(kaslr, read_size(&s));
	}
	for (at = cmdline; !why && (at = cmdline_next(at, "memmap", value,
						      sizeof(value)));)
		why = read_regions(kaslr, value, &regions);
	read_huge_pages(kaslr, cmdline);
	return why;
}

/**
 * struct walk - on the way through memory
 * @kaslr: what there is to choose from
 * @huge_pages: pages of 1 GiB that are still to be left free
 * @slot: the one that is looked for
 * @count: slots so far
 * @place: the one that was looked for, physical, 0: it is still to come
 */
struct walk {
	const struct kaslr *kaslr;
	u64 huge_pages;
	u32 slot;
	u32 count;
	u64 place;
};

static u64 round_up(u64 value, u64 align)
{
	return (value + align - 1) & ~(align - 1);
}

/* All of it is free; it begins at a multiple of the kernel's alignment. */
static void add_slots(struct walk *walk, u64 start, u64 end)
{
	const struct kaslr *kaslr = walk->kaslr;
	u32 count;

	if (end < start + kaslr->size)
		return;
	/* Below 4 GiB. */
	count = 1 + (u32)(end - start - kaslr->size) / kaslr->align;
	if (walk->slot - walk->count < count)
		walk->place = start +
			      (u64)(walk->slot - walk->count) * kaslr->align;
	walk->count += count;
}

/* Huge pages are where they can be, but as many of them as there shall be. */
static void add_free(struct walk *walk, u64 start, u64 end)
{
	u64 low = round_up(start, GIB);
	u64 high = end & ~(GIB - 1);

	if (!walk->huge_pages || low >= high) {
		add_slots(walk, start, end);
		return;
	}
	if ((high - low) / GIB > walk->huge_pages)
		high = low + walk->huge_pages * GIB;
	walk->huge_pages -= (high - low) / GIB;
	add_slots(walk, start, low);
	add_slots(walk, high, end);
}

/* The lowest memory from start to end that is in use. */
static bool find_used(const struct kaslr *kaslr, u64 start, u64 end,
		      struct range *found)
{
	struct range piece;
	u32 i;

	*found = (struct range){ end, 0, 0 };
	for (i = 0; i < kaslr->nr_used; i++) {
		const struct range *used = &kaslr->used[i];

		if (used->start < found->start &&
		    used->start + used->size > start)
			*found = *used;
	}
	if (found->start > start &&
	    efi_find_used(kaslr->ram, kaslr->efi, start, found->start - start,
			  &piece))
		*found = piece;
	return found->start < end;
}

static void walk_range(struct walk *walk, const struct range *range)
{
	const struct kaslr *kaslr = walk->kaslr;
	u64 start = range->start, end = kaslr->limit;
	struct range used;

	/* It may reach to 2^64, or begin so high that sums with it wrap. */
	if (start >= end)
		return;
	if (range->size < end - start)
		end = start + range->size;
	if (start < kaslr->min)
		start = kaslr->min;
	for (;;) {
		start = round_up(start, kaslr->align);
		if (end < start + kaslr->size)
			return;
		if (!find_used(kaslr, start, end, &used)) {
			add_free(walk, start, end);
			return;
		}
		if (used.start > start)
			add_free(walk, start, used.start);
		/* To the end of all memory, perhaps: what follows would wrap. */
		if (used.size >= end - used.start)
			return;
		start = used.start + used.size;
	}
}

static void walk_map(struct walk *walk, const struct kaslr *kaslr, u32 slot)
{
	u32 i;

	*walk = (struct walk){ kaslr, kaslr->huge_pages, slot, 0, 0 };
	for (i = 0; i < kaslr->map->nr; i++)
		if (kaslr->map->range[i].type == MEM_RAM)
			walk_range(walk, &kaslr->map->range[i]);
}

/**
 * kaslr_count - count the places where the kernel may be
 * @kaslr: what there is to choose from
 *
 * Return: number of slots.
 */
u32 kaslr_count(const struct kaslr *kaslr)
{
	struct walk walk;

	walk_map(&walk, kaslr, -1);
	return walk.count;
}

/**
 * kaslr_place - where a slot is
 * @kaslr: what there is to choose from
 * @slot: its number, less than kaslr_count()
 *
 * Return: physical address.
 */
u32 kaslr_place(const struct kaslr *kaslr, u32 slot)
{
	struct walk walk;

	walk_map(&walk, kaslr, slot);
	return walk.place;
}

/**
 * kaslr_count_virtual - count the virtual addresses that a kernel may have
 * @start: where it is linked, in bytes from the base of the kernel's mapping
 * @size: bytes of its memory
 * @align: distance from one to the next, in bytes
 * @end: the mapping's end, in bytes from its base
 *
 * Return: how many, from @start on, the first included.
 */
u32 kaslr_count_virtual(u32 start, u32 size, u32 align, u32 end)
{
	if (start > end || size > end - start)
		return 1;
	return 1 + (end - start - size) / align;
}

/**
 * kaslr_pick - choose a number
 * @random: any number, each as likely as any other
 * @count: not 0
 *
 * Return: 0 to @count - 1.
 */
u32 kaslr_pick(u32 random, u32 count)
{
	return (u64)random * count >> 32;
}
