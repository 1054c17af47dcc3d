// SPDX-License-Identifier: GPL-2.0
/*
 * Finding room: for the initrd, which loaders leave anywhere, and for the
 * arena.
 */
#include <linux/errno.h>

#include "elfboot.h"
#include "place.h"

#define LOW_LIMIT	0x100000
#define HIGH_LIMIT	0x100000000ULL
#define PAGE_BYTES	0x1000

/* The kernel takes concatenated cpio archives, each padded to this. */
#define INITRD_PAD	4

#define NO_ROOM		(~0ULL)

static u64 padded(u64 size)
{
	return (size + INITRD_PAD - 1) & ~(u64)(INITRD_PAD - 1);
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

	for (i = 0; i < bi->nr_modules; i++) {
		size = padded(size);
		if (bi->module[i].size > NO_ROOM - INITRD_PAD - size)
			return NO_ROOM;
		size += bi->module[i].size;
	}
	return size;
}

static bool overlap(const struct range *a, const struct range *b)
{
	return a->start < b->start + b->size && b->start < a->start + a->size;
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
	       !overlap(module, kernel) &&
	       memmap_is_ram(map, module->start, module->size);
}

static int move_modules(const struct ram *ram, const struct bootinfo *bi,
			u64 start)
{
	static const u8 zero[INITRD_PAD];
	u64 at = start;
	u32 i;

	for (i = 0; i < bi->nr_modules; i++) {
		u64 pad = padded(at) - at;

		if (ram_write(ram, at, zero, pad))
			return -EFAULT;
		at += pad;
		if (ram_move(ram, at, bi->module[i].start, bi->module[i].size))
			return -EFAULT;
		at += bi->module[i].size;
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
	return limit < HIGH_LIMIT ? limit : HIGH_LIMIT;
}

/**
 * place_initrd - make one initrd of all modules
 * @ram: physical memory
 * @bi: with the modules
 * @map: memory map, normalised
 * @limit: the kernel wants its initrd below this physical address
 * @place: the kernel's memory in, the initrd out
 *
 * Return: 0, -ENOMEM if there is no room, -EFAULT if a module cannot be
 * reached.
 */
int place_initrd(const struct ram *ram, const struct bootinfo *bi,
		 const struct memmap *map, u64 limit, struct placement *place)
{
	struct range used[MODULES_MAX + 2];
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
 * @efi: with UEFI's memory map it must be free in that, too
 * @map: memory map, normalised; the arena becomes an ACPI range in it, so
 *	 that a later kexec does not overwrite what it passes on
 * @size: bytes
 * @place: kernel and initrd in, the arena and a page for boot_params out
 *
 * Return: 0, or -ENOMEM if there is no room below 4 GiB.
 */
int place_arena(const struct ram *ram, const struct efi *efi,
		struct memmap *map, u32 size, struct placement *place)
{
	struct range used[] = { place->kernel, place->initrd, efi->map };
	u64 limit = HIGH_LIMIT;
	u64 start;

	size = (size + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
	do {
		start = memmap_find_free(map, used, ARRAY_SIZE(used),
					 LOW_LIMIT, limit, PAGE_BYTES + size,
					 PAGE_BYTES);
		if (!start)
			return -ENOMEM;
	} while (efi_find_used(ram, efi, start, PAGE_BYTES + size, &limit));
	place->boot_params = start;
	start += PAGE_BYTES;
	place->arena = (struct range){ start, size, MEM_ACPI };
	memmap_set(map, start, size, MEM_ACPI);
	return 0;
}
