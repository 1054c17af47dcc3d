// SPDX-License-Identifier: GPL-2.0
/*
 * Where a segment goes, decided here: an ELF file's exactly where it is linked
 * to, others below an address. kexec_add_buffer() only knows lower bounds for
 * sure: where it can have contiguous memory it takes that, wherever it is.
 */
#include <linux/errno.h>
#include <linux/ioport.h>
#include <linux/kexec.h>
#include <linux/mm.h>

#include "kexec-compat.h"
#include "kexec/kexec-elf.h"

/* What is below belongs to the BIOS, and to images that call it. */
#define LOWEST		0x100000

/* A segment already there that would be overwritten. */
static const struct kexec_segment *find_overlap(const struct kimage *image,
						u64 start, u64 end)
{
	const struct kexec_segment *segment = image->segment;
	unsigned long i;

	for (i = 0; i < image->nr_segments; i++)
		if (start < segment[i].mem + segment[i].memsz &&
		    segment[i].mem < end)
			return &segment[i];
	return NULL;
}

/**
 * kexec_elf_x86_overlaps - is there a segment already?
 * @image: where segments have been added
 * @start: physical address
 * @end: of the byte behind the last
 *
 * Return: whether one of them has any of these bytes.
 */
bool kexec_elf_x86_overlaps(const struct kimage *image, u64 start, u64 end)
{
	return find_overlap(image, start, end);
}

/**
 * kexec_elf_x86_area - memory where it has to be, if it cannot be in any RAM
 * @image: where it is being loaded
 * @i: number of an area
 * @area: result
 *
 * That is a crash kernel's own memory, or what KHO has left free.
 *
 * Return: false if there are no more.
 */
bool kexec_elf_x86_area(const struct kimage *image, u32 i,
			struct resource *area)
{
	const struct resource *region = kexec_elf_x86_region(image);

	if (!region)
		return kexec_elf_x86_scratch(image, i, area);
	if (i)
		return false;
	*area = *region;
	return true;
}

/**
 * kexec_elf_x86_area_name - what it is called, for a message
 * @image: where it is being loaded
 *
 * Return: where it has to be, behind a comma, "" if that is any RAM.
 */
const char *kexec_elf_x86_area_name(const struct kimage *image)
{
	struct resource area;

	if (kexec_elf_x86_region(image))
		return ", in the crash kernel's memory";
	return kexec_elf_x86_scratch(image, 0, &area) ?
	       ", in KHO's scratch memory" : "";
}

static void walk_ram(const struct kimage *image, u64 start, u64 end, void *arg,
		     int (*func)(struct resource *res, void *arg))
{
	struct resource area;
	u32 i;

	if (!kexec_elf_x86_area(image, 0, &area)) {
		walk_system_ram_res(start, end, arg, func);
		return;
	}
	for (i = 0; kexec_elf_x86_area(image, i, &area); i++)
		func(&area, arg);
}

/* The core takes a place that is named as it is. */
static int add_at(struct kexec_buf *kbuf, u64 start)
{
	int ret;

	kbuf->mem = start;
	ret = kexec_add_buffer(kbuf);
	if (ret)
		return ret;
	return kbuf->mem == start ? 0 : -EADDRNOTAVAIL;
}

struct covered {
	u64 end;			/* all is RAM up to here */
};

/* Ranges come in ascending order; some are neighbours. */
static int cover(struct resource *res, void *arg)
{
	struct covered *covered = arg;

	if (res->flags & IORESOURCE_SYSRAM_DRIVER_MANAGED)
		return 0;
	if (res->start <= covered->end && res->end >= covered->end)
		covered->end = res->end + 1;
	return 0;
}

static bool is_ram(const struct kimage *image, u64 start, u64 end)
{
	struct covered covered = { .end = start };

	walk_ram(image, start, end - 1, &covered, cover);
	return covered.end >= end;
}

/**
 * kexec_elf_x86_add_fixed - add a segment at its own address
 * @kbuf: the segment; where it is in the end is told in its mem
 * @start: physical address
 *
 * Return: 0, -EADDRNOTAVAIL if not all of it is free RAM, or an error of
 * kexec_add_buffer().
 */
int kexec_elf_x86_add_fixed(struct kexec_buf *kbuf, u64 start)
{
	u64 end = start + PAGE_ALIGN(kbuf->memsz);

	if (start == KEXEC_BUF_MEM_UNKNOWN ||
	    !is_ram(kbuf->image, start, end) ||
	    find_overlap(kbuf->image, start, end))
		return -EADDRNOTAVAIL;
	return add_at(kbuf, start);
}

struct hole {
	const struct kimage *image;
	u64 size;
	u64 limit;
	u64 start;			/* the highest so far, or 0 */
};

static int find_hole(struct resource *res, void *arg)
{
	struct hole *hole = arg;
	u64 lowest = max_t(u64, res->start, LOWEST);
	u64 end = min_t(u64, res->end + 1, hole->limit);
	const struct kexec_segment *segment;
	u64 start;

	if (res->flags & IORESOURCE_SYSRAM_DRIVER_MANAGED)
		return 0;
	for (; end > lowest && end - lowest >= hole->size; end = segment->mem) {
		start = (end - hole->size) & PAGE_MASK;
		if (start < lowest)
			return 0;
		segment = find_overlap(hole->image, start, start + hole->size);
		if (segment)
			continue;
		hole->start = max(hole->start, start);
		return 0;
	}
	return 0;
}

/**
 * kexec_elf_x86_add_below - add a segment as high as there is room
 * @kbuf: the segment; where it is in the end is told in its mem
 * @limit: physical address where it must end
 *
 * Return: 0, -EADDRNOTAVAIL if there is no room, or an error of
 * kexec_add_buffer().
 */
int kexec_elf_x86_add_below(struct kexec_buf *kbuf, u64 limit)
{
	struct hole hole = {
		.image = kbuf->image,
		.size = PAGE_ALIGN(kbuf->memsz),
		.limit = limit,
	};

	walk_ram(kbuf->image, LOWEST, limit - 1, &hole, find_hole);
	if (!hole.start)
		return -EADDRNOTAVAIL;
	return add_at(kbuf, hole.start);
}
