// SPDX-License-Identifier: GPL-2.0
/*
 * setup_data nodes of a loader's (Documentation/x86/boot.rst): what a kernel that
 * starts another one by kexec hands on to it. They stay where they are, and so does
 * what they lead to: the loader says which memory that is.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>
#include <asm/bootparam.h>

#include "provenance.h"
#include "info/bootinfo.h"
#include "info/setup-data.h"
#include "info/wire-setup-data.h"
#include "machine/ram.h"

/* From now on nobody finds any room there. */
static int keep(const struct ram *ram, const struct range *list,
		const struct range *image, struct memmap *map, u64 *fault)
{
	struct kept_memory wire;
	struct range range;
	u32 at;

	if (list->size % sizeof(wire))
		return -EINVAL;
	for (at = 0; at < list->size; at += sizeof(wire)) {
		if (ram_read(ram, list->start + at, &wire, sizeof(wire)))
			return -EINVAL;
		range.start = __le64_to_cpu(wire.addr);
		range.size = __le64_to_cpu(wire.size);
		*fault = range.start;
		if (!range.size || map->nr > MEMMAP_MAX ||
		    !memmap_is(map, MEM_RAM, range.start, range.size) ||
		    range_overlaps(&range, image))
			return -EINVAL;
		memmap_set(map, range.start, range.size, MEM_KEPT);
	}
	return 0;
}

/* Memory map and provenance are the stub's to tell. */
static bool is_ours(u32 type)
{
	return type == SETUP_E820_EXT || type == SETUP_ELFBOOT;
}

static int check_nodes(const struct ram *ram, u64 pa, const struct memmap *map,
		       u64 *fault)
{
	struct setup_data node;
	u32 left = SETUP_DATA_MAX;

	for (; pa; pa = node.next) {
		*fault = pa;
		if (!left-- || !memmap_is(map, MEM_KEPT, pa, sizeof(node)) ||
		    ram_read(ram, pa, &node, sizeof(node)) ||
		    !memmap_is(map, MEM_KEPT, pa, (u64)node.len + sizeof(node)) ||
		    is_ours(node.type))
			return -EINVAL;
	}
	return 0;
}

/**
 * setup_data_keep - keep what a loader's setup_data nodes are made of, and what
 *		     they lead to
 * @ram: physical memory
 * @bi: where the first node is, and the list of memory to be kept
 * @image: the memory of the kernel and of what is composed into it
 * @map: memory map, normalised; what is kept is no RAM in it
 * @fault: result: physical address of what is wrong, a node or memory
 *
 * Return: 0, or -EINVAL if memory to be kept is not RAM, or the image's, or given
 * twice, or more pieces than @map has room for; if a node is elsewhere, is one that only
 * the stub can make, or if there are more than SETUP_DATA_MAX. @map has to be made anew
 * then.
 */
int setup_data_keep(const struct ram *ram, const struct bootinfo *bi,
		    const struct range *image, struct memmap *map, u64 *fault)
{
	int ret = keep(ram, &bi->kept, image, map, fault);

	return ret ? ret : check_nodes(ram, bi->setup_data, map, fault);
}
