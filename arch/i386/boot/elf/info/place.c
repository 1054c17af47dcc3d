// SPDX-License-Identifier: GPL-2.0
/*
 * Finding room: for the initrd, which loaders leave anywhere, and for the
 * arena.
 */
#include <linux/errno.h>

#include "initrd.h"
#include "info/bootinfo.h"
#include "info/efi.h"
#include "info/place.h"
#include "machine/machine.h"

#define LOW_LIMIT	0x100000
#define PAGE_BYTES	0x1000

#define NO_ROOM		(~0ULL)

/* Bytes of an initrd of @size bytes with one more module; an empty one is none. */
static u64 with_module(u64 size, const struct range *module)
{
	u64 at = size ? INITRD_NEXT(size) : 0;

	if (!module->size)
		return size;
	if (at < size || module->size > NO_ROOM - 1 - at)
		return NO_ROOM;
	return at + module->size;
}

/**
 * place_initrd_size - size of all modules as one initrd
 * @bi: with the modules
 *
 * Return: bytes, or ~0 if that is more than there can be.
 */
u64 place_initrd_size(const struct bootinfo *bi)
{
	u64 size = 0;
	u32 i;

	for (i = 0; i < bi->nr_modules && size != NO_ROOM; i++)
		size = with_module(size, &bi->module[i]);
	return size;
}

/* One module that lies well can stay: usual, and no copy of 100 MiB. */
static bool can_stay(const struct bootinfo *bi, const struct memmap *map,
		     u64 limit, const struct range *kernel)
{
	const struct range *module = &bi->module[0];

	return bi->nr_modules == 1 &&
	       !(module->start & (PAGE_BYTES - 1)) &&
	       module->start >= LOW_LIMIT &&
	       module->start + module->size <= limit &&
	       !range_overlaps(module, kernel) &&
	       memmap_is(map, MEM_RAM, module->start, module->size);
}

static int move_modules(const struct ram *ram, const struct bootinfo *bi,
			u64 start)
{
	static const u8 zero[INITRD_GAP + INITRD_ALIGN - 1];
	u64 size = 0;
	u32 i;

	for (i = 0; i < bi->nr_modules; i++) {
		const struct range *module = &bi->module[i];
		u64 end = with_module(size, module);
		u64 at = end - module->size;

		if (ram_write(ram, start + size, zero, at - size) ||
		    ram_move(ram, start + at, module->start, module->size))
			return -EFAULT;
		size = end;
	}
	return 0;
}

/**
 * place_initrd_end - where an initrd must end that is moved
 * @limit: the kernel wants it below this physical address
 *
 * Return: physical address; the stub writes below 4 GiB only.
 */
u64 place_initrd_end(u64 limit)
{
	return limit < RAM_4G ? limit : RAM_4G;
}

/**
 * place_initrd - make one initrd of all modules
 * @ram: physical memory
 * @bi: with the modules; the sources' workspace for modules is used
 * @map: memory map, normalised
 * @limit: the kernel wants its initrd below this physical address
 * @place: the kernel's memory in, the initrd out
 *
 * Return: 0, -ENOMEM if there is no room, -EFAULT if a module cannot be
 * reached.
 */
int place_initrd(const struct ram *ram, struct bootinfo *bi,
		 const struct memmap *map, u64 limit, struct placement *place)
{
	struct range *used = bi->module_offer;
	u64 size = place_initrd_size(bi);
	u64 start;

	place->initrd = (struct range){ 0, size, MEM_RAM };
	if (!size)
		return 0;
	if (can_stay(bi, map, limit, &place->kernel)) {
		place->initrd.start = bi->module[0].start;
		return 0;
	}
	memcpy(used, bi->module, bi->nr_modules * sizeof(used[0]));
	used[bi->nr_modules] = place->kernel;
	used[bi->nr_modules + 1] = bi->efi.map;
	start = memmap_find_free(map, used, bi->nr_modules + 2, LOW_LIMIT,
				 place_initrd_end(limit), size, PAGE_BYTES);
	if (!start)
		return -ENOMEM;
	place->initrd.start = start;
	return move_modules(ram, bi, start);
}

/**
 * place_arena - carve the arena out of the memory map
 * @ram: physical memory
 * @bi: with UEFI's memory map it must be free in that, too
 * @map: memory map, normalised; the arena becomes an ACPI range in it, so
 *	 that a later kexec does not overwrite what it passes on. Where the loader
 *	 has memory kept, no hole may remain of it: the kernel itself keeps what
 *	 it needs
 * @size: bytes
 * @place: kernel and initrd in, the arena and a page for boot_params out
 *
 * Return: 0, or -ENOMEM if there is no room below 4 GiB.
 */
int place_arena(const struct ram *ram, const struct bootinfo *bi,
		struct memmap *map, u32 size, struct placement *place)
{
	const u32 type = bi->setup_data ? MEM_KEPT : MEM_ACPI;
	const struct efi *efi = &bi->efi;
	struct range used[] = { place->kernel, place->initrd, efi->map };
	struct range piece = { RAM_4G, 0, 0 };
	u64 start;

	size = (size + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
	do {
		start = memmap_find_free(map, used, ARRAY_SIZE(used),
					 LOW_LIMIT, piece.start,
					 PAGE_BYTES + size,
					 PAGE_BYTES);
		if (!start)
			return -ENOMEM;
	} while (efi_find_used(ram, efi, start, PAGE_BYTES + size, &piece));
	place->boot_params = start;
	start += PAGE_BYTES;
	place->arena = (struct range){ start, size, type };
	memmap_set(map, start, size, type);
	return 0;
}
