// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel side of kexec: ELF files that are planned (elf-plan.c), blocks of
 * boot notes that are verified (boot-notes-verify.c), and what the stub makes
 * of those.
 */
#include "fixture.h"
#include "fuzz.h"
#include "rfc1071.h"

#include "notes/boot-notes.h"
#include "kexec/elf-plan.h"

#define PAGE_MASK	0xfffULL
#define FILLED_MAX	0x20000

#define BLOCK_AT	0x8000
#define BLOCK_MAX	0x10000

/* A byte of memory as the plan's segments have it. */
static u8 byte_at(const struct elf_plan *plan, const u8 *file, u64 at)
{
	u32 i;

	for (i = 0; i < plan->nr_segments; i++) {
		const struct elf_segment *segment = &plan->segment[i];

		if (at >= segment->start &&
		    at - segment->start < segment->filesz)
			return file[segment->offset + (at - segment->start)];
	}
	return 0;
}

static void check_filled(const struct elf_plan *plan,
			 const struct elf_part *part, const u8 *file)
{
	u8 *memory;
	u64 at;

	if (part->filled > FILLED_MAX)
		return;
	memory = allocate(part->filled);
	memset(memory, 0xa5, part->filled);
	elf_plan_fill(plan, part, file, memory);
	for (at = 0; at < part->filled; at++)
		must(memory[at] == byte_at(plan, file, part->start + at));
	must(!elf_plan_in_place(plan, part) ||
	     !memcmp(memory, file + plan->segment[part->first].offset,
		     part->filled));
	free(memory);
}

static void check_part(const struct elf_plan *plan,
		       const struct elf_part *part, const u8 *file)
{
	u32 i;

	must(part->size && !((part->start | part->size) & PAGE_MASK));
	must(part->filled <= part->size);
	must(part->nr && part->first + part->nr <= plan->nr_segments);
	for (i = part->first; i < part->first + part->nr; i++) {
		const struct elf_segment *segment = &plan->segment[i];

		must(segment->start >= part->start);
		must(segment->start + segment->size <=
		     part->start + part->size);
		must(!segment->filesz ||
		     segment->start + segment->filesz <=
		     part->start + part->filled);
	}
	check_filled(plan, part, file);
}

static void check_plan(const struct elf_plan *plan, const u8 *file,
		       size_t size)
{
	u32 segments = 0;
	bool found = false;
	u64 end = 0;
	u32 i;

	must(!plan->error && plan->nr_parts && plan->nr_parts <= ELF_PLAN_MAX);
	for (i = 0; i < plan->nr_segments; i++) {
		const struct elf_segment *segment = &plan->segment[i];

		must(segment->offset <= size &&
		     segment->filesz <= size - segment->offset);
		must(segment->filesz <= segment->size);
		found |= plan->entry >= segment->start &&
			 plan->entry - segment->start < segment->filesz;
	}
	must(found);
	for (i = 0; i < plan->nr_parts; i++) {
		must(plan->part[i].start >= end);
		must(plan->part[i].first == segments);
		check_part(plan, &plan->part[i], file);
		end = plan->part[i].start + plan->part[i].size;
		segments += plan->part[i].nr;
	}
	must(plan->is_64 || end <= 4 * GIB);
	must(segments == plan->nr_segments);
}

/* Where it can be put it is as it was, but for where it is. */
static void check_move(const struct elf_plan *plan, const u8 *file, size_t size)
{
	struct elf_plan moved = *plan;
	u8 *copy = allocate(size);
	struct elf_move move;
	u32 i;

	memcpy(copy, file, size);
	elf_move_find(copy, plan, &move);
	must(!memcmp(copy, file, size) && !(move.align & (move.align - 1)));
	must(!move.stub || move.stub < size);
	if (move.align) {
		elf_move_apply(&move, move.align, copy, &moved);
		for (i = 0; i < plan->nr_parts; i++)
			must(moved.part[i].start ==
			     plan->part[i].start + move.align);
	}
	free(copy);
}

static void run_plan(const uint8_t *data, size_t size)
{
	struct elf_plan plan;
	int ret = elf_plan_make(data, size, &plan);

	must(ret == 0 || ret == -ENOEXEC);
	must(!ret == !plan.error);
	if (ret)
		return;
	check_plan(&plan, data, size);
	check_move(&plan, data, size);
}

/* Of the notes that were found, a new block. */
static void copy_notes(const u8 *block, u32 size)
{
	u8 *copy = allocate(size);
	struct boot_notes notes;
	const void *desc;
	u32 type, length;

	boot_notes_begin(&notes, copy, size);
	for (type = 0; type < 0x400; type++) {
		const char *name = type < 0x100 ? NULL : EBN_LINUX_NAME;

		desc = boot_notes_find(block, name, type, &length);
		if (!desc)
			continue;
		must((const u8 *)desc >= block && length <= size);
		must((const u8 *)desc + length <= block + size);
		boot_notes_add(&notes, name, type, desc, length);
	}
	length = boot_notes_end(&notes);
	must(length && length <= size);
	must(!boot_notes_verify(copy, length));
	free(copy);
}

static bool has_text(const u8 *block, u32 size, const char *text)
{
	u32 i;

	for (i = 0; i + strlen(text) <= size; i++)
		if (!memcmp(block + i, text, strlen(text)))
			return true;
	return false;
}

/* The initrd's place is looked at more closely by the stub. */
static bool has_initrd(const u8 *block)
{
	u32 size;

	return boot_notes_find(block, EBN_LINUX_NAME, EBN_LINUX_INITRD, &size);
}

/* It believes what is verified; but not everything by Etherboot's name. */
static void ask_stub(const u8 *block, u32 size)
{
	struct handoff handoff = { .eax = ELF_BHDR_MAGIC, .ebx = BLOCK_AT };
	struct machine m = {};
	struct bootinfo *bi;
	int ret;

	if (size > BLOCK_MAX || has_text(block, size, "Etherboot"))
		return;
	bi = bootinfo_new();
	machine_add(&m, BLOCK_AT, block, size);
	ret = notes_probe(&m.ram, &handoff, bi);
	must(!ret || (ret == -EBADMSG && has_initrd(block)));
	must(strnlen(bi->cmdline, CMDLINE_SIZE) < CMDLINE_SIZE);
	machine_free(&m);
	free(bi);
}

static void verify(const u8 *block, size_t size)
{
	int ret = boot_notes_verify(block, size);

	must(ret == 0 || ret == -ENOENT || ret == -EINVAL);
	if (ret)
		return;
	must(get_le32(block + 4) <= size);
	copy_notes(block, get_le32(block + 4));
	ask_stub(block, get_le32(block + 4));
}

static void run_notes(const uint8_t *data, size_t size)
{
	u8 *block = allocate(size);
	u32 length;
	u16 sum;

	memcpy(block, data, size);
	verify(block, size);
	if (size >= sizeof(struct Elf_Bhdr)) {
		length = get_le32(block + 4);
		if (length > size)
			length = size;
		put_le16(block + 8, 0);
		sum = internet_checksum(block, length);
		put_le16(block + 8, sum ? sum : 0xffff);
		verify(block, size);
	}
	free(block);
}

const struct driver drivers[] = {
	{ "elf-plan",	run_plan },
	{ "boot-notes",	run_notes },
	{ NULL, NULL }
};
