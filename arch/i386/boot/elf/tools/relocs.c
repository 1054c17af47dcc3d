// SPDX-License-Identifier: GPL-2.0
/*
 * Relocations of a kernel: from a vmlinux.relocs as the kernel's own tool
 * (arch/x86/tools/relocs) writes it, to the lists that the stub reads
 * (relocs.h). Which places have to be relocated is that tool's to say.
 *
 * A vmlinux.relocs is made of 32-bit words: virtual addresses, of which the
 * upper half is the sign; in front of each list there is a 0. For x86_64 the
 * lists are 64, inverse 32 and 32, from 7.2 on 64 and 32; for i386 there is one.
 */
#include <stdlib.h>
#include <string.h>

#include "elfimage.h"
#include "../relocs.h"

/* In the order in which a vmlinux.relocs has them. */
static const unsigned int order_1[] = { RELOCS_32 };
static const unsigned int order_2[] = { RELOCS_64, RELOCS_32 };
static const unsigned int order_3[] = { RELOCS_64, RELOCS_INVERSE_32, RELOCS_32 };

static const struct {
	bool is_64;
	const unsigned int *order;
} orders[] = {
	[1] = { false, order_1 },
	[2] = { true, order_2 },
	[3] = { true, order_3 },
};

/* A list, its words without the 0. */
struct list {
	const uint8_t *words;
	size_t nr;
};

static const char * const names[] = {
	[RELOCS_32] = "32-bit",
	[RELOCS_INVERSE_32] = "inverse 32-bit",
	[RELOCS_64] = "64-bit",
};

static bool is_64(const struct kernel *kernel)
{
	return kernel->flags & STUB_FLAG_KERNEL_64;
}

/* Return: how many lists there are, or -1 with a message printed. */
static int split(const struct bytes *file, struct list *lists)
{
	size_t nr = file->size / 4, i;
	int n = 0;

	if (file->size % 4 || !nr || get_le32(file->data))
		return error("not a vmlinux.relocs: that is words of 32 bits, and the first one is 0");
	for (i = 0; i < nr; i++) {
		const uint8_t *word = file->data + 4 * i;

		if (get_le32(word)) {
			lists[n - 1].nr++;
			continue;
		}
		if (n == RELOCS_LISTS_64)
			return error("not a vmlinux.relocs: more than %u lists",
				     RELOCS_LISTS_64);
		lists[n++] = (struct list){ word + 4, 0 };
	}
	return n;
}

static uint8_t *put_distance(uint8_t *p, uint32_t distance)
{
	if (distance && distance <= UINT8_MAX) {
		*p = distance;
		return p + 1;
	}
	*p++ = 0;
	if (distance && distance <= UINT16_MAX) {
		put_le16(p, distance);
		return p + 2;
	}
	put_le16(p, 0);
	put_le32(p + 2, distance);
	return p + 6;
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* The offsets of a list from the kernel's first byte, ascending. */
static void sort(const struct list *list, uint32_t base, uint32_t *offsets)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		offsets[i] = get_le32(list->words + 4 * i) - base;
	qsort(offsets, list->nr, sizeof(offsets[0]), compare);
}

static uint8_t *put_list(const struct kernel *kernel, unsigned int kind,
			 const uint32_t *offsets, size_t nr, uint8_t *p)
{
	uint32_t room = kernel->bss - kernel->start;
	uint32_t width = kind == RELOCS_64 ? 8 : 4;
	uint32_t last = -1;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (offsets[i] > room - width) {
			error("a %s relocation at 0x%x, but the kernel has 0x%x bytes; it belongs to another kernel",
			      names[kind], offsets[i], room);
			return NULL;
		}
		if (offsets[i] == last) {
			error("a %s relocation is there twice, at 0x%x",
			      names[kind], offsets[i]);
			return NULL;
		}
		p = put_distance(p, offsets[i] - last);
		last = offsets[i];
	}
	return put_distance(p, 0);
}

/* Code that runs before the kernel's own mapping is there has physical ones. */
static bool is_address(const struct kernel *kernel, uint32_t value)
{
	uint32_t size = kernel->end - kernel->start;

	value -= kernel->start;
	return value <= size || value - kernel->link_base <= size;
}

/* Places where there is nothing to relocate; a few are right all the same. */
static size_t count_strange(const struct kernel *kernel,
			    const uint32_t *offsets, size_t nr)
{
	size_t strange = 0, i;

	for (i = 0; i < nr; i++)
		strange += !is_address(kernel, memory_word(kernel, kernel->start +
						      offsets[i]));
	return strange;
}

/*
 * Another build of a kernel has about as many bytes, but its relocations are in
 * other places. Of 10000 right ones 1 is strange; of a build that differs by a few
 * lines 170 are, of others 7000.
 */
#define STRANGE_SHARE	200

static int encode(const struct kernel *kernel, const struct list *lists,
		  const unsigned int *order, unsigned int nr,
		  uint32_t *offsets, uint8_t *data, size_t *size)
{
	unsigned int nr_kinds = is_64(kernel) ? RELOCS_LISTS_64 :
						RELOCS_LISTS_32;
	uint8_t *p = data;
	size_t strange = 0, all = 0;
	unsigned int kind, i;

	for (kind = 0; kind < nr_kinds && p; kind++) {
		struct list list = {};

		for (i = 0; i < nr; i++)
			if (order[i] == kind)
				list = lists[i];
		sort(&list, kernel->link_base + kernel->start, offsets);
		p = put_list(kernel, kind, offsets, list.nr, p);
		/* An inverse one is no address, but the distance to one. */
		if (kind == RELOCS_INVERSE_32)
			continue;
		strange += count_strange(kernel, offsets, list.nr);
		all += list.nr;
	}
	if (!p)
		return -1;
	if (strange > all / STRANGE_SHARE)
		return error("at %zu of %zu places there is no address of this kernel; it belongs to another build",
			     strange, all);
	*size = p - data;
	return 0;
}

static int make_lists(const struct kernel *kernel, const struct bytes *file,
		      struct bytes *relocs)
{
	struct list lists[RELOCS_LISTS_64];
	int nr = split(file, lists), ret;
	uint32_t *offsets;
	uint8_t *data;

	if (nr < 0)
		return -1;
	if (orders[nr].is_64 != is_64(kernel))
		return error("relocations of %s kernel, and this is %s",
			     orders[nr].is_64 ? "an x86_64" : "an i386",
			     is_64(kernel) ? "an x86_64 one" : "an i386 one");
	offsets = malloc(file->size);
	data = malloc((file->size / 4 + RELOCS_LISTS_64) * RELOCS_END_SIZE);
	if (!offsets || !data)
		return error("not enough memory");
	relocs->data = data;
	ret = encode(kernel, lists, orders[nr].order, nr, offsets, data,
		     &relocs->size);
	free(offsets);
	if (ret) {
		free(data);
		*relocs = (struct bytes){};
	}
	return ret;
}

/* With memory encryption a kernel's .bss is in its file, as zeros. */
static int cut_bss(struct kernel *kernel)
{
	uint64_t at = memory_find_contents(kernel, kernel->bss);

	if (at)
		return error("at 0x%llx there is something in its .bss, which is where relocations would be",
			     (unsigned long long)at);
	memory_cut_contents(kernel, kernel->bss);
	return 0;
}

/**
 * relocs_read - give a kernel its relocations
 * @kernel: a vmlinux
 * @file: its vmlinux.relocs
 *
 * Return: 0, or -1 with a message printed.
 */
int relocs_read(struct kernel *kernel, const struct bytes *file)
{
	if (kernel->type != KERNEL_VMLINUX)
		return error("relocations are for a vmlinux, and KERNEL is none");
	if (kernel->stub.data && !(kernel->flags & STUB_FLAG_KASLR))
		return error("relocations are for a kernel built with CONFIG_RANDOMIZE_BASE=y, and this one is not");
	kernel->flags |= STUB_FLAG_KASLR;
	if (make_lists(kernel, file, &kernel->relocs))
		return -1;
	return cut_bss(kernel);
}

/* One number; 0 at the end of a list. Return: what follows, NULL: it is cut. */
static const uint8_t *get_distance(const uint8_t *p, const uint8_t *end,
				   uint32_t *distance)
{
	if (p == end)
		return NULL;
	*distance = *p++;
	if (*distance)
		return p;
	if (end - p < 2)
		return NULL;
	*distance = get_le16(p);
	p += 2;
	if (*distance)
		return p;
	if (end - p < 4)
		return NULL;
	*distance = get_le32(p);
	return p + 4;
}

/**
 * relocs_broken - check the lists that the stub reads
 * @relocs: the lists
 * @stub: the stub's first bytes
 *
 * Return: what is wrong, or NULL.
 */
const char *relocs_broken(const struct bytes *relocs, const uint8_t *stub)
{
	unsigned int nr = get_le32(stub + STUB_FLAGS) & STUB_FLAG_KERNEL_64 ?
			  RELOCS_LISTS_64 : RELOCS_LISTS_32;
	uint32_t room = get_le32(stub + STUB_BSS) -
			get_le32(stub + STUB_KERNEL_START);
	const uint8_t *p = relocs->data, *end = p + relocs->size;
	unsigned int kind;

	if (relocs->size > RELOCS_MAX)
		return "the relocations are more than 8 MiB";
	for (kind = 0; kind < nr; kind++) {
		uint64_t next = 0;
		uint32_t distance;

		for (;;) {
			p = get_distance(p, end, &distance);
			if (!p)
				return "the relocations have no end";
			if (!distance)
				break;
			next += distance;
			if (next - 1 + (kind == RELOCS_64 ? 8 : 4) > room)
				return "a relocation is outside the kernel";
		}
	}
	return p == end ? NULL : "there is something behind the relocations";
}
