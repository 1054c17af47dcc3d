// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel that was built with CONFIG_RANDOMIZE_BASE is put at a random place
 * (kaslr.c) and told that it may choose the places of all else at random.
 *
 * An image has the relocations for that; a vmlinux has none, and stays.
 *
 * A loader may have moved it before, to where it was not linked. On x86_64 that
 * is a physical address, which startup_64 finds out by itself; on i386 all
 * addresses follow.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "params.h"
#include "provenance.h"
#include "relocs.h"
#include "info/bootinfo.h"
#include "info/cmdline.h"
#include "info/place.h"
#include "kaslr/entropy.h"
#include "kaslr/kaslr.h"
#include "kaslr/randomize.h"
#include "kaslr/relocate.h"
#include "machine/paging.h"
#include "machine/ram.h"

/* Mainline's rule: from where it is linked on, but never from so high. */
#define LOWEST_MAX	0x20000000

static const char no_relocs[] = "no relocations";

static bool has_flag(u32 flag)
{
	return __le32_to_cpu(stub_params.flags) & flag;
}

static struct relocs find_relocs(const struct ram *ram,
				 const struct placement *place)
{
	u32 room = __le32_to_cpu(stub_params.bss) - (u32)place->kernel.start;
	u32 size = __le32_to_cpu(stub_params.relocs_size);

	return (struct relocs){
		ram_own(ram, __le32_to_cpu(stub_params.relocs), size), size,
		has_flag(STUB_FLAG_KERNEL_64) ? RELOCS_LISTS_64 :
						RELOCS_LISTS_32,
		ram_own(ram, place->kernel.start, room), room,
	};
}

/* Behind all that they change, and below where the stub works. */
static bool are_in_bss(u32 kernel_start)
{
	u32 bss = __le32_to_cpu(stub_params.bss);
	u32 at = __le32_to_cpu(stub_params.relocs);
	u32 scratch = __le32_to_cpu(stub_params.scratch);

	return kernel_start <= bss && bss <= at && at <= scratch &&
	       __le32_to_cpu(stub_params.relocs_size) <= scratch - at;
}

static u32 linked_at(const struct placement *place)
{
	return (u32)place->kernel.start - place->moved;
}

static bool is_aligned(u32 address)
{
	u32 align = __le32_to_cpu(stub_params.align);

	return align >= PAGE_BYTES && !(align & (align - 1)) &&
	       !(address & (align - 1));
}

/* As mainline has it: not below where it was linked, and where it maps itself. */
static bool is_in_range(const struct placement *place)
{
	return place->kernel.start >= linked_at(place) &&
	       (has_flag(STUB_FLAG_KERNEL_64) ||
		place->kernel.start + place->kernel.size <=
		__le32_to_cpu(stub_params.image_max));
}

/* Why it cannot run anywhere else, or NULL. */
static const char *find_obstacle(void)
{
	if (stub_params.setup)
		return "has a decompressor";
	if (!has_flag(STUB_FLAG_KASLR))
		return "not built for it";
	return NULL;
}

/* And why not where a loader has put it. */
static const char *find_misplacement(const struct placement *place)
{
	if (!stub_params.relocs && !has_flag(STUB_FLAG_KERNEL_64))
		return no_relocs;
	if (!is_aligned(place->moved))
		return "not aligned";
	return is_in_range(place) ? NULL : "out of range";
}

/* All that is in use, and all that the kernel is going to read. */
static void avoid(struct kaslr *kaslr, const struct bootinfo *bi,
		  const struct placement *place)
{
	kaslr_avoid(kaslr, place->kernel.start, place->kernel.size);
	kaslr_avoid(kaslr, place->initrd.start, place->initrd.size);
	kaslr_avoid(kaslr, place->boot_params, place->arena.start +
		    place->arena.size - place->boot_params);
	kaslr_avoid(kaslr, bi->efi.map.start, bi->efi.map.size);
}

/* On i386 the kernel's memory is mapped at a fixed distance from the physical. */
static void choose_physical(const struct ram *ram, const struct bootinfo *bi,
			    const struct memmap *map, struct entropy *entropy,
			    struct placement *place)
{
	struct kaslr kaslr = {
		.map = map,
		.ram = ram,
		.efi = &bi->efi,
		.size = place->kernel.size,
		.align = __le32_to_cpu(stub_params.align),
		.min = place->target < LOWEST_MAX ? place->target : LOWEST_MAX,
		.limit = RAM_4G,
	};
	u32 count;

	if (!has_flag(STUB_FLAG_KERNEL_64))
		kaslr.limit = __le32_to_cpu(stub_params.image_max);
	avoid(&kaslr, bi, place);
	place->why_fixed = kaslr_read_cmdline(&kaslr, bi->cmdline);
	if (place->why_fixed)
		return;
	count = kaslr_count(&kaslr);
	/* One place is as good as none: nothing about it would be random. */
	if (count < 2) {
		place->why_fixed = "no room elsewhere";
		return;
	}
	place->why_fixed = "";
	place->target = kaslr_place(&kaslr, kaslr_pick(entropy_draw(entropy),
						       count));
	place->random |= RANDOM_PHYSICAL;
}

static void choose_virtual(struct entropy *entropy, struct placement *place)
{
	u32 align = __le32_to_cpu(stub_params.align);
	u32 count = kaslr_count_virtual(linked_at(place), place->kernel.size,
					align,
					__le32_to_cpu(stub_params.image_max));

	if (count == 1) {
		if (!*place->why_fixed)
			place->why_fixed = "no room elsewhere";
		return;
	}
	place->offset = kaslr_pick(entropy_draw(entropy), count) * align;
	place->random |= RANDOM_VIRTUAL;
}

static void choose(const struct ram *ram, const struct bootinfo *bi,
		   const struct memmap *map, struct placement *place)
{
	struct entropy entropy;

	entropy_init(&entropy, bi->seed, bi->seed_size);
	choose_physical(ram, bi, map, &entropy, place);
	if (has_flag(STUB_FLAG_KERNEL_64))
		choose_virtual(&entropy, place);
	place->entropy = entropy.sources;
}

static int check_image(const struct ram *ram, const struct placement *place)
{
	const struct relocs relocs = find_relocs(ram, place);

	if (!is_aligned(linked_at(place)))
		return -ERANGE;
	if (!are_in_bss(place->kernel.start) || relocs_check(&relocs))
		return -EINVAL;
	return 0;
}

/* The loader may have put it elsewhere, whatever the command line says. */
static bool has_to_move(const struct placement *place)
{
	return place->random ||
	       (place->moved && !has_flag(STUB_FLAG_KERNEL_64));
}

/**
 * randomize_kernel - choose where the kernel will run
 * @ram: physical memory
 * @bi: with command line, seed and UEFI's memory map
 * @map: memory map, normalised, with the arena
 * @place: what is in use, and how far the kernel has been moved; where it goes is
 *	   the result
 *
 * Return: 0; -EINVAL if the image's relocations are damaged, -ERANGE if its
 * alignment is none, or not the kernel's; -EXDEV if it cannot run where it has
 * been loaded: why_fixed says why.
 */
int randomize_kernel(const struct ram *ram, const struct bootinfo *bi,
		     const struct memmap *map, struct placement *place)
{
	int ret;

	place->target = place->kernel.start;
	place->offset = 0;
	place->random = 0;
	place->entropy = 0;
	place->why_fixed = find_obstacle();
	if (place->moved && !place->why_fixed)
		place->why_fixed = find_misplacement(place);
	if (place->why_fixed)
		return place->moved ? -EXDEV : 0;
	place->random = RANDOM_MEMORY;
	place->why_fixed = no_relocs;
	if (cmdline_option(bi->cmdline, "nokaslr")) {
		place->random = 0;
		place->why_fixed = "nokaslr";
	}
	if (!stub_params.relocs || !has_to_move(place))
		return 0;
	ret = check_image(ram, place);
	if (ret)
		return ret;
	if (place->random)
		choose(ram, bi, map, place);
	if (!has_flag(STUB_FLAG_KERNEL_64))
		place->offset = place->target - linked_at(place);
	return 0;
}

/**
 * randomize_relocate - relocate the kernel where it lies
 * @ram: physical memory
 * @place: as randomize_kernel() has found it
 *
 * The stub's own words are part of the kernel and change, too.
 */
void randomize_relocate(const struct ram *ram, const struct placement *place)
{
	struct relocs relocs;

	if (!place->offset)
		return;
	relocs = find_relocs(ram, place);
	relocs_apply(&relocs, place->offset);
}
