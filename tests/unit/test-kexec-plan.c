// SPDX-License-Identifier: GPL-2.0
/*
 * What the kexec loader plans for an ELF file (elf-plan.c): the cases that KUnit
 * has, too, and what only the host can do to a file.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "poison.h"

#include "kexec/elf-plan-cases.h"

static u8 *copy(const u8 *from, size_t size)
{
	return memcpy(allocate(size), from, size);
}

static void expect_part(const struct elf_plan *plan, u32 i,
			const struct plan_case *c, const u8 *file)
{
	const struct elf_part *part = &plan->part[i];
	u8 *memory = allocate(part->filled);
	u64 at;

	expect_eq(part->start, c->part[i].start);
	expect_eq(part->size, c->part[i].size);
	expect_eq(part->filled, c->part[i].filled);
	expect_eq(part->first, c->part[i].first);
	expect_eq(part->nr, c->part[i].nr);
	elf_plan_fill(plan, part, file, memory);
	for (at = 0; at < part->filled; at++)
		if (!expect_eq(memory[at],
			       plan_case_byte(c, file, part->start + at)))
			break;
	if (elf_plan_in_place(plan, part))
		expect_bytes(memory, file + plan->segment[part->first].offset,
			     part->filled);
	free(memory);
}

static void test_case(const struct plan_case *c)
{
	static u8 buffer[PLAN_CASE_FILE];
	u32 size = plan_case_build(c, buffer), i;
	u8 *file = copy(buffer, size);
	struct elf_plan plan;

	expect_eq(elf_plan_make(file, size, &plan), c->error ? -ENOEXEC : 0);
	expect_string(plan.error, c->error);
	if (!c->error) {
		expect_eq(plan.entry, c->entry);
		expect_eq(plan.is_64, c->is_64);
		for (i = 0; i < 3 && c->part[i].size; i++)
			if (expect(i < plan.nr_parts))
				expect_part(&plan, i, c, file);
		expect_eq(plan.nr_parts, i);
	}
	ktap_done("%s", c->name);
	free(file);
}

/* Whatever is planned can be carried out. */
static void expect_sane(const struct elf_plan *plan, const u8 *file,
			u64 size)
{
	u64 end = 0;
	u32 i, segments = 0;

	for (i = 0; i < plan->nr_parts; i++) {
		const struct elf_part *part = &plan->part[i];

		expect(part->start >= end && part->size &&
		       !(part->start & 0xfff) && !(part->size & 0xfff) &&
		       part->filled <= part->size);
		end = part->start + part->size;
		expect(end > part->start);
		expect(plan->is_64 || end <= 1ULL << 32);
		expect_eq(part->first, segments);
		segments += part->nr;
		if (elf_plan_in_place(plan, part))
			expect(plan->segment[part->first].offset +
			       part->filled <= size);
		if (part->filled < 0x10000) {
			u8 *memory = allocate(part->filled);

			elf_plan_fill(plan, part, file, memory);
			free(memory);
		}
	}
	expect_eq(segments, plan->nr_segments);
}

static void try_file(const u8 *file, u64 size)
{
	struct elf_plan plan;

	if (!elf_plan_make(file, size, &plan))
		expect_sane(&plan, file, size);
}

/* Files of every length up to their contents, in memory that ends there. */
static void test_truncated(const struct plan_case *c)
{
	static u8 buffer[PLAN_CASE_FILE];
	u32 size = plan_case_build(c, buffer), len;

	for (len = 0; len < size; len += len < 0x200 ? 1 : 0x101) {
		u8 *less = copy(buffer, len);

		try_file(less, len);
		free(less);
	}
	ktap_done("%s, truncated", c->name);
}

/* Every byte of the headers, and every pair of them that is a field. */
static void test_damaged(const struct plan_case *c)
{
	static const u8 values[] = { 0x00, 0x01, 0x10, 0x7f, 0x80, 0xff };
	static u8 buffer[PLAN_CASE_FILE];
	u32 size = plan_case_build(c, buffer), at, i;
	u8 *file = copy(buffer, size);

	for (at = 0; at < 0x140; at++)
		for (i = 0; i < sizeof(values); i++) {
			memcpy(file, buffer, 0x200);
			file[at] = values[i];
			try_file(file, size);
			file[at + 4] = values[i];
			try_file(file, size);
			memset(file + at, values[i], 8);
			try_file(file, size);
		}
	ktap_done("%s, damaged", c->name);
	free(file);
}

int main(void)
{
	u32 i;

	for (i = 0; plan_cases[i].name; i++)
		test_case(&plan_cases[i]);
	for (i = 0; plan_cases[i].name; i++) {
		if (plan_cases[i].error)
			continue;
		test_truncated(&plan_cases[i]);
		test_damaged(&plan_cases[i]);
	}
	return ktap_status();
}
