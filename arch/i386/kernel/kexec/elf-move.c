// SPDX-License-Identifier: GPL-2.0
/*
 * A file that was planned for the addresses where it is linked to, elsewhere.
 *
 * An image says by the words of its stub (stub.h) whether its kernel runs
 * elsewhere. A stub that is told where it is then goes by that; around a bzImage,
 * which it knows nothing of, its words are written anew, in the file, as if the
 * image had been made for its new place. Of other files ET_DYN says so.
 */
#include <linux/elf.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/bootparam.h>
#include <asm/byteorder.h>

#include "kexec/elf-plan.h"
#include "stub.h"

#define MOVE_PAGE	4096ULL
#define GIB_4		0x100000000ULL

#define XEN_PHYS32_ENTRY	18

/* Notes that lead to the stub: a vmlinux's, and an image's. */
static const struct {
	u32 type;
	char name[8];
} stub_notes[] = {
	{ STUB_NOTE_TYPE, "Linux" },
	{ XEN_PHYS32_ENTRY, "Xen" },
	{ }
};

static u32 get_word(const void *file, u64 offset)
{
	__le32 word;

	memcpy(&word, file + offset, sizeof(word));
	return __le32_to_cpu(word);
}

/* Where bytes of memory are in the file; 0, where its header is: nowhere. */
static u64 find_in_file(const struct elf_plan *plan, u64 address, u64 size)
{
	u32 i;

	for (i = 0; i < plan->nr_segments; i++) {
		const struct elf_segment *segment = &plan->segment[i];
		u64 at = address - segment->start;

		if (address >= segment->start && at <= segment->filesz &&
		    size <= segment->filesz - at)
			return segment->offset + at;
	}
	return 0;
}

static u64 find_stub_at(const void *file, const struct elf_plan *plan,
			u64 address)
{
	u64 at = find_in_file(plan, address, STUB_HEADER_SIZE);

	if (!at || get_word(file, at + STUB_MAGIC_AT) != STUB_MAGIC ||
	    get_word(file, at + STUB_BASE) != address)
		return 0;
	return at;
}

static bool is_stub_note(const void *at, const struct elf32_note *note)
{
	u32 i;

	for (i = 0; stub_notes[i].type; i++) {
		const char *name = stub_notes[i].name;

		if (note->n_type == stub_notes[i].type &&
		    note->n_namesz == strlen(name) + 1 &&
		    !memcmp(at + sizeof(*note), name, note->n_namesz))
			return note->n_descsz >= sizeof(__le32);
	}
	return false;
}

static u64 padded(u32 size)
{
	return ((u64)size + 3) & ~3ULL;
}

/* The notes' headers are the same in both classes. */
static u64 find_stub(const void *file, const struct elf_plan *plan)
{
	u64 at = plan->notes, end = at + plan->notes_size, size, stub;
	struct elf32_note note;

	for (; end - at >= sizeof(note); at += size) {
		memcpy(&note, file + at, sizeof(note));
		size = sizeof(note) + padded(note.n_namesz) +
		       padded(note.n_descsz);
		if (size > end - at)
			break;
		if (!is_stub_note(file + at, &note))
			continue;
		stub = find_stub_at(file, plan,
				    get_word(file, at + sizeof(note) +
					     padded(note.n_namesz)));
		if (stub)
			return stub;
	}
	return 0;
}

static bool is_alignment(u64 align)
{
	return align >= MOVE_PAGE && !(align & (align - 1));
}

/* A bzImage's decompressor finds out where it is. */
static u64 align_of_setup(const void *file, const struct elf_plan *plan,
			  u64 stub)
{
	struct setup_header setup;
	u32 size = get_word(file, stub + STUB_SETUP_SIZE);
	u64 at = find_in_file(plan, get_word(file, stub + STUB_SETUP), size);

	if (!at || size < offsetof(struct setup_header, min_alignment))
		return 0;
	if (size > sizeof(setup))
		size = sizeof(setup);
	memset(&setup, 0, sizeof(setup));
	memcpy(&setup, file + at, size);
	return setup.relocatable_kernel ? setup.kernel_alignment : 0;
}

/* startup_64 finds out where it is; of an i386 kernel all addresses change. */
static void find_by_stub(const void *file, const struct elf_plan *plan,
			 struct elf_move *move)
{
	u32 flags = get_word(file, move->stub + STUB_FLAGS);
	bool is_64 = flags & STUB_FLAG_KERNEL_64;

	move->only_4_levels = is_64 && !(flags & STUB_FLAG_5_LEVELS);
	if (get_word(file, move->stub + STUB_SETUP)) {
		move->align = align_of_setup(file, plan, move->stub);
		if (!is_64)
			move->limit = UNPACK_MAX_32;
		return;
	}
	if (!(flags & STUB_FLAG_KASLR) || !(flags & STUB_FLAG_MOVABLE))
		return;
	if (is_64 || get_word(file, move->stub + STUB_RELOCS))
		move->align = get_word(file, move->stub + STUB_ALIGN);
	if (!is_64)
		move->limit = get_word(file, move->stub + STUB_IMAGE_MAX);
}

/**
 * elf_move_find - find out whether a file may be elsewhere
 * @file: its bytes
 * @plan: what elf_plan_make() has made of them
 * @move: result
 */
void elf_move_find(const void *file, const struct elf_plan *plan,
		   struct elf_move *move)
{
	*move = (struct elf_move){
		.limit = plan->is_64 ? ~0ULL : GIB_4,
		.stub = find_stub(file, plan),
	};
	if (move->stub)
		find_by_stub(file, plan, move);
	else if (plan->is_dynamic)
		move->align = plan->align;
	if (!is_alignment(move->align))
		move->align = 0;
}

/* A stub of an earlier version has code where the words from STUB_BSS on are. */
static u32 address_words(const void *file, u64 stub)
{
	if (get_word(file, stub + STUB_FLAGS) & STUB_FLAG_KASLR)
		return STUB_ADDRESSES;
	return STUB_ADDRESSES & (STUB_ADDRESS(STUB_BSS) - 1);
}

static void move_word(void *word, u32 distance)
{
	__le32 value = __cpu_to_le32(get_word(word, 0) + distance);

	memcpy(word, &value, sizeof(value));
}

static void move_words(u64 stub, u32 distance, void *file)
{
	u32 words = address_words(file, stub);
	u32 i;

	for (i = STUB_BASE; words; i += sizeof(__le32), words >>= 1)
		if (words & 1 && get_word(file, stub + i))
			move_word(file + stub + i, distance);
}

/* Whatever the file's entry is, it leads to the stub. */
static void move_entry(const struct elf_move *move, u32 distance, void *file,
		       struct elf_plan *plan)
{
	u32 base = get_word(file, move->stub + STUB_BASE) + distance;

	if (get_word(file, move->stub + STUB_SETUP)) {
		move_words(move->stub, distance, file);
		plan->entry = base + STUB_ENTRY;
		return;
	}
	plan->entry = base + STUB_MOVED_ENTRY;
	plan->ebp = base;
}

/**
 * elf_move_apply - put a file elsewhere
 * @move: how it may be moved
 * @distance: bytes, by which all of it goes up, a multiple of the alignment
 * @file: its bytes: a stub's words may change
 * @plan: what is planned for it: all addresses change
 *
 * A vmlinux is entered where it says, as a Linux kernel of 64 bits.
 */
void elf_move_apply(const struct elf_move *move, u64 distance, void *file,
		    struct elf_plan *plan)
{
	u32 i;

	if (!distance)
		return;
	for (i = 0; i < plan->nr_segments; i++)
		plan->segment[i].start += distance;
	for (i = 0; i < plan->nr_parts; i++)
		plan->part[i].start += distance;
	plan->entry += distance;
	if (move->stub && !plan->is_64)
		move_entry(move, distance, file, plan);
}
