/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What to do to start a static ELF file at its physical addresses, planned
 * from its bytes alone (elf-plan.c).
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
 * @entry: physical address
 * @nr_segments: elements of @segment
 * @nr_parts: elements of @part
 * @segment: ascending, disjoint
 * @part: ascending, disjoint
 */
struct elf_plan {
	const char *error;
	bool is_64;
	u64 entry;
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

#endif /* ELFBOOT_ELF_PLAN_H */
