// SPDX-License-Identifier: GPL-2.0
/*
 * A file whose place is taken by what has to stay goes elsewhere (elf-move.c): a
 * crash kernel to its own memory, and where memory is handed over (KHO), any other
 * kernel to what is left free for it.
 */
#define pr_fmt(fmt)	"kexec-elf: " fmt

#include <linux/errno.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/kexec.h>
#include <linux/pgtable.h>

#include "kexec/elf-plan.h"
#include "kexec/kexec-elf.h"

#define GIB_4		0x100000000ULL

/* The first place in there, from where it is linked on, that has room for all of it. */
static u64 find_distance(const struct kimage *image,
			 const struct elf_plan *plan,
			 const struct elf_move *move,
			 const struct resource *area)
{
	const struct elf_part *last = &plan->part[plan->nr_parts - 1];
	u64 end = min_t(u64, area->end + 1, move->limit);
	u64 start = plan->part[0].start;
	u64 size = last->start + last->size - start;
	u64 at = start;

	if (at < area->start)
		at += ALIGN(area->start - at, move->align);
	for (; at < end && size <= end - at; at += move->align)
		if (!kexec_elf_x86_overlaps(image, at, at + size))
			return at - start;
	return KEXEC_ELF_NOWHERE;
}

static u64 find_any_distance(const struct kimage *image,
			     const struct elf_plan *plan,
			     const struct elf_move *move)
{
	u64 distance, least = KEXEC_ELF_NOWHERE;
	struct resource area;
	u32 i;

	for (i = 0; kexec_elf_x86_area(image, i, &area); i++) {
		distance = find_distance(image, plan, move, &area);
		if (distance < least)
			least = distance;
	}
	return least;
}

/*
 * A vmlinux finds out where it is if it is entered with boot_params; with boot notes
 * it is the stub that has to be told. The stub is entered in 32-bit mode.
 */
static bool is_told_by_notes(const struct kimage *image,
			     const struct elf_move *move)
{
	return move->stub && !kexec_elf_x86_region(image);
}

/**
 * kexec_elf_x86_move - move a file to memory where it may be
 * @image: where it is being loaded, with all that it must not overwrite
 * @file: its bytes, some of which change
 * @plan: what is planned for it, and changes
 *
 * What is linked to that memory already, and what cannot be moved, stays where
 * it is: whether that is possible is found out when it is added.
 *
 * Return: 0, -EADDRNOTAVAIL if there is no room, or -ENOEXEC if a crash kernel would
 * be entered with more levels of page tables than it was built for.
 */
int kexec_elf_x86_move(const struct kimage *image, void *file,
		       struct elf_plan *plan)
{
	struct resource area;
	struct elf_move move;
	u64 distance;

	if (!kexec_elf_x86_area(image, 0, &area))
		return 0;
	elf_move_find(file, plan, &move);
	/* A stub would change that, but a file of 64 bits is entered without it. */
	if (kexec_elf_x86_region(image) && plan->is_64 &&
	    move.only_4_levels && pgtable_l5_enabled()) {
		pr_err("built for 4 levels of page tables, and this kernel runs with 5\n");
		return -ENOEXEC;
	}
	if (!move.align) {
		pr_debug("only where it is linked to\n");
		return 0;
	}
	if (is_told_by_notes(image, &move))
		move.limit = min(move.limit, GIB_4);
	distance = find_any_distance(image, plan, &move);
	if (distance == KEXEC_ELF_NOWHERE) {
		pr_err("no room%s, %pa-%pa, below 0x%llx\n",
		       kexec_elf_x86_area_name(image), &area.start, &area.end,
		       move.limit);
		return -EADDRNOTAVAIL;
	}
	if (distance && is_told_by_notes(image, &move))
		plan->is_64 = false;
	elf_move_apply(&move, distance, file, plan);
	return 0;
}
