/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What to do to start a static ELF file at its physical addresses, planned
 * from its bytes alone (elf-plan.c), or elsewhere (elf-move.c).
 */
#ifndef ELFBOOT_ELF_PLAN_H
#define ELFBOOT_ELF_PLAN_H

#include <linux/types.h>

#define ELF_PLAN_MAX	16

/**
 * struct elf_segment - a PT_LOAD with memory
 * @start: physical address
 * @size: bytes of memory
 * @offset: where its contents are in the file
 * @filesz: bytes of them; what follows is zero
 */
struct elf_segment {
	u64 start;
	u64 size;
	u64 offset;
	u64 filesz;
};

/**
 * struct elf_part - whole pages of memory that one or more segments need
 * @start: physical address
 * @size: bytes
 * @filled: bytes up to the last one that comes out of the file
 * @first: the first of its segments
 * @nr: how many there are: more than one if they share pages
 */
struct elf_part {
	u64 start;
	u64 size;
	u64 filled;
	u32 first;
	u32 nr;
};

/**
 * struct elf_plan - a file that has been looked at as a whole
 * @error: why the file cannot be started, NULL if it can
 * @is_64: it is entered in 64-bit mode
 * @is_dynamic: ET_DYN: it runs wherever it is put, by multiples of @align
 * @entry: physical address
 * @ebp: what a 32-bit one finds in EBP
 * @align: the largest p_align of its segments
 * @notes: where the first PT_NOTE is in the file
 * @notes_size: bytes of it, 0 if there is none
 * @nr_segments: elements of @segment
 * @nr_parts: elements of @part
 * @segment: ascending, disjoint
 * @part: ascending, disjoint
 */
struct elf_plan {
	const char *error;
	bool is_64;
	bool is_dynamic;
	u64 entry;
	u32 ebp;
	u64 align;
	u64 notes;
	u64 notes_size;
	u32 nr_segments;
	u32 nr_parts;
	struct elf_segment segment[ELF_PLAN_MAX];
	struct elf_part part[ELF_PLAN_MAX];
};

int elf_plan_make(const void *file, size_t size, struct elf_plan *plan);
bool elf_plan_in_place(const struct elf_plan *plan,
		       const struct elf_part *part);
void elf_plan_fill(const struct elf_plan *plan, const struct elf_part *part,
		   const void *file, void *buffer);

/**
 * struct elf_move - whether a file may be elsewhere than where it is linked to
 * @align: by multiples of this alone, in bytes; 0: not at all
 * @limit: physical address where it must end
 * @stub: where the stub of an image is in the file, 0 if it has none
 * @only_4_levels: a kernel of 64 bits that was built for 4 levels of page tables:
 *		   its own entry stops the machine if there are 5
 */
struct elf_move {
	u64 align;
	u64 limit;
	u64 stub;
	bool only_4_levels;
};

/* elf-move.c */
void elf_move_find(const void *file, const struct elf_plan *plan,
		   struct elf_move *move);
void elf_move_apply(const struct elf_move *move, u64 distance, void *file,
		    struct elf_plan *plan);

#endif /* ELFBOOT_ELF_PLAN_H */
