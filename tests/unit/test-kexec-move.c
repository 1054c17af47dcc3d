// SPDX-License-Identifier: GPL-2.0
/*
 * Whether an ELF file may be elsewhere than where it is linked to (elf-move.c),
 * and what becomes of it there.
 */
#include <string.h>

#include <linux/elf.h>
#include <linux/kernel.h>
#include <asm/bootparam.h>

#include "ktap.h"
#include "poison.h"

#include "kexec/elf-plan.h"
#include "stub.h"

#define FILE_SIZE	0x3000
#define NOTES_AT	0x200
#define LOAD_AT		0x1000		/* in the file */
#define LINKED		0x1000000
#define STUB_AT		(LINKED + 0x800)
#define SETUP_AT	(LINKED + 0x900)
#define ALIGNMENT	0x200000
#define IMAGE_MAX	0x20000000
#define DISTANCE	0x15600000

#define KASLR_64	(STUB_FLAG_KERNEL_64 | STUB_FLAG_KASLR | \
			 STUB_FLAG_5_LEVELS)
#define IMAGE_64	(KASLR_64 | STUB_FLAG_MOVABLE)

struct move_case {
	const char *name;
	bool is_64;			/* the file, not the kernel */
	u16 type;			/* of the file, else ET_EXEC */
	const char *note;		/* leads to the stub; NULL: there is none */
	u32 note_type;
	u32 note_size;			/* else of one word */
	u32 stub_at;			/* where the note leads, else right */
	u32 flags;
	u32 align;			/* else ALIGNMENT */
	u32 relocs;
	u32 setup_size;			/* a bzImage's setup_header; else none */
	u8 relocatable;
	u64 wanted;			/* what the alignment must be */
	u64 limit;			/* and the limit, else that of the class */
	bool only_4_levels;
};

static const struct move_case cases[] = {
	{ "an elfImage", .note = "Xen", .note_type = 18, .flags = IMAGE_64,
		.wanted = ALIGNMENT },
	{ "a vmlinux", .is_64 = true, .note = "Linux",
		.note_type = STUB_NOTE_TYPE, .flags = IMAGE_64,
		.wanted = ALIGNMENT },
	{ "a vmlinux for 4 levels of page tables", .is_64 = true,
		.note = "Linux", .note_type = STUB_NOTE_TYPE,
		.flags = IMAGE_64 & ~STUB_FLAG_5_LEVELS,
		.wanted = ALIGNMENT, .only_4_levels = true },
	{ "a note that is longer", .note = "Xen", .note_type = 18,
		.note_size = 8, .flags = IMAGE_64, .wanted = ALIGNMENT },
	{ "not built with CONFIG_RANDOMIZE_BASE", .note = "Xen",
		.note_type = 18, .flags = STUB_FLAG_KERNEL_64,
		.only_4_levels = true },
	{ "a stub that cannot be told", .note = "Xen", .note_type = 18,
		.flags = KASLR_64 },
	{ "i386 with relocations", .note = "Xen", .note_type = 18,
		.flags = IMAGE_64 & ~STUB_FLAG_KERNEL_64, .relocs = LINKED,
		.wanted = ALIGNMENT, .limit = IMAGE_MAX },
	{ "i386 without relocations", .note = "Xen", .note_type = 18,
		.flags = IMAGE_64 & ~STUB_FLAG_KERNEL_64, .limit = IMAGE_MAX },
	{ "a zelfImage", .note = "Xen", .note_type = 18,
		.flags = STUB_FLAG_KERNEL_64, .setup_size = 0x7b,
		.relocatable = 1, .wanted = ALIGNMENT, .only_4_levels = true },
	{ "one that is not relocatable", .note = "Xen", .note_type = 18,
		.flags = STUB_FLAG_KERNEL_64, .setup_size = 0x7b,
		.only_4_levels = true },
	{ "a zelfImage of an i386 kernel", .note = "Xen", .note_type = 18,
		.setup_size = 0x7b, .relocatable = 1, .wanted = ALIGNMENT,
		.limit = UNPACK_MAX_32 },
	{ "one from before protocol 2.05", .note = "Xen", .note_type = 18,
		.setup_size = 0x3f, .relocatable = 1, .limit = UNPACK_MAX_32 },
	{ "a setup_header that is not in the file", .note = "Xen",
		.note_type = 18, .setup_size = 0x70000000, .relocatable = 1,
		.limit = UNPACK_MAX_32 },
	{ "an odd alignment", .note = "Xen", .note_type = 18,
		.flags = IMAGE_64, .align = 0x300000 },
	{ "less than a page", .note = "Xen", .note_type = 18,
		.flags = IMAGE_64, .align = 0x800 },
	{ .name = "no stub" },
	{ "no stub, ET_DYN", .type = ET_DYN, .wanted = 0x4000 },
	{ "a note of another name", .note = "Xem", .note_type = 18,
		.flags = IMAGE_64 },
	{ "a note of another type", .note = "Linux", .note_type = 18,
		.flags = IMAGE_64 },
	{ "a note that is too short", .note = "Xen", .note_type = 18,
		.note_size = 2, .flags = IMAGE_64 },
	{ "a note that leads elsewhere", .note = "Xen", .note_type = 18,
		.stub_at = STUB_AT + 4, .flags = IMAGE_64 },
	{ "a note that leads out of the file", .note = "Xen", .note_type = 18,
		.stub_at = LINKED + 0x1ff0, .flags = IMAGE_64 },
	{ "a note that leads to nowhere", .note = "Xen", .note_type = 18,
		.stub_at = 0xfffffff0, .flags = IMAGE_64 },
	{ }
};

static void put(u8 *at, u32 value)
{
	memcpy(at, &value, sizeof(value));
}

static u32 get(const u8 *at)
{
	u32 value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static u32 padded(u32 size)
{
	return (size + 3) & ~3U;
}

static u32 put_notes(const struct move_case *c, u8 *at)
{
	/* One that is of no interest comes first. */
	struct elf32_note note = { 6, 2, 1 };
	u32 size = sizeof(note) + 8 + 4;

	memset(at, 0, 0x100);
	memcpy(at, &note, sizeof(note));
	if (!c->note)
		return size;
	at += size;
	note = (struct elf32_note){ strlen(c->note) + 1, c->note_size ?: 4,
				    c->note_type };
	memcpy(at, &note, sizeof(note));
	memcpy(at + sizeof(note), c->note, note.n_namesz);
	at += sizeof(note) + padded(note.n_namesz);
	put(at, c->stub_at ?: STUB_AT);
	return size + sizeof(note) + padded(note.n_namesz) +
	       padded(note.n_descsz);
}

static void put_stub(const struct move_case *c, u8 *file)
{
	u8 *stub = file + LOAD_AT + STUB_AT - LINKED;
	u8 *setup = file + LOAD_AT + SETUP_AT - LINKED;

	/* Without KASLR there is code behind. */
	memset(stub, 0, c->flags & STUB_FLAG_KASLR ? STUB_HEADER_SIZE :
	       STUB_BSS);
	put(stub + STUB_MAGIC_AT, STUB_MAGIC);
	put(stub + STUB_BASE, STUB_AT);
	put(stub + STUB_KERNEL_ENTRY, LINKED);
	put(stub + STUB_FLAGS, c->flags);
	if (c->setup_size) {
		put(stub + STUB_SETUP, SETUP_AT);
		put(stub + STUB_SETUP_SIZE, c->setup_size);
		put(setup + offsetof(struct setup_header, kernel_alignment),
		    ALIGNMENT);
		setup[offsetof(struct setup_header, relocatable_kernel)] =
			c->relocatable;
	}
	if (!(c->flags & STUB_FLAG_KASLR))
		return;
	put(stub + STUB_ALIGN, c->align ?: ALIGNMENT);
	put(stub + STUB_IMAGE_MAX, IMAGE_MAX);
	put(stub + STUB_RELOCS, c->relocs);
}

static void put_32(const struct move_case *c, u32 notes, u8 *file)
{
	struct elf32_hdr header = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, 1 },
		.e_type = c->type ?: ET_EXEC, .e_machine = EM_386,
		.e_version = 1, .e_entry = STUB_AT + STUB_ENTRY,
		.e_phoff = sizeof(header), .e_ehsize = sizeof(header),
		.e_phentsize = sizeof(struct elf32_phdr), .e_phnum = 2,
	};
	struct elf32_phdr phdr[] = {
		{ .p_type = PT_NOTE, .p_offset = NOTES_AT, .p_filesz = notes },
		{ .p_type = PT_LOAD, .p_offset = LOAD_AT, .p_paddr = LINKED,
			.p_filesz = 0x2000, .p_memsz = 0x5000, .p_align = 0x4000 },
	};

	memcpy(file, &header, sizeof(header));
	memcpy(file + sizeof(header), phdr, sizeof(phdr));
}

static void put_64(const struct move_case *c, u32 notes, u8 *file)
{
	struct elf64_hdr header = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1 },
		.e_type = c->type ?: ET_EXEC, .e_machine = EM_X86_64,
		.e_version = 1, .e_entry = LINKED, .e_phoff = sizeof(header),
		.e_ehsize = sizeof(header),
		.e_phentsize = sizeof(struct elf64_phdr), .e_phnum = 2,
	};
	struct elf64_phdr phdr[] = {
		{ .p_type = PT_NOTE, .p_offset = NOTES_AT, .p_filesz = notes },
		{ .p_type = PT_LOAD, .p_offset = LOAD_AT, .p_paddr = LINKED,
			.p_filesz = 0x2000, .p_memsz = 0x5000, .p_align = 0x4000 },
	};

	memcpy(file, &header, sizeof(header));
	memcpy(file + sizeof(header), phdr, sizeof(phdr));
}

static u8 *make_file(const struct move_case *c)
{
	u8 *file = allocate(FILE_SIZE);
	u32 notes = put_notes(c, file + NOTES_AT);

	put_stub(c, file);
	if (c->is_64)
		put_64(c, notes, file);
	else
		put_32(c, notes, file);
	return file;
}

/* A vmlinux and ET_DYN where they say, an image by its stub. */
static void expect_entry(const struct move_case *c,
			 const struct elf_plan *plan, bool has_stub)
{
	u64 entry = (c->is_64 ? LINKED : STUB_AT + STUB_ENTRY) + DISTANCE;

	if (has_stub && !c->is_64 && !c->setup_size)
		entry = STUB_AT + DISTANCE + STUB_MOVED_ENTRY;
	expect_eq(plan->entry, entry);
	expect_eq(plan->ebp, has_stub && !c->is_64 && !c->setup_size ?
		  STUB_AT + DISTANCE : 0);
}

/* Only the words that are addresses, if they are any, and only of a bzImage. */
static void expect_bytes_moved(const struct move_case *c, const u8 *before,
			       const u8 *after)
{
	static const u32 addresses[] = {
		STUB_BASE, STUB_KERNEL_ENTRY, STUB_SETUP,
	};
	u8 *wanted = memcpy(allocate(FILE_SIZE), before, FILE_SIZE);
	u8 *stub = wanted + LOAD_AT + STUB_AT - LINKED;
	u32 i;

	for (i = 0; c->setup_size && i < ARRAY_SIZE(addresses); i++)
		put(stub + addresses[i], get(stub + addresses[i]) + DISTANCE);
	expect_bytes(after, wanted, FILE_SIZE);
	free(wanted);
}

static void test_apply(const struct move_case *c, const struct elf_move *move,
		       u8 *file, struct elf_plan *plan)
{
	u8 *before = memcpy(allocate(FILE_SIZE), file, FILE_SIZE);
	struct elf_plan same = *plan;

	elf_move_apply(move, 0, file, plan);
	expect(!memcmp(&same, plan, sizeof(same)));
	expect_bytes(file, before, FILE_SIZE);

	elf_move_apply(move, DISTANCE, file, plan);
	expect_eq(plan->segment[0].start, LINKED + DISTANCE);
	expect_eq(plan->part[0].start, LINKED + DISTANCE);
	expect_eq(plan->part[0].size, 0x5000);
	expect_entry(c, plan, move->stub);
	expect_bytes_moved(c, before, file);
	free(before);
}

static void test_case(const struct move_case *c)
{
	u8 *file = make_file(c);
	struct elf_plan plan;
	struct elf_move move;

	expect_eq(elf_plan_make(file, FILE_SIZE, &plan), 0);
	elf_move_find(file, &plan, &move);
	expect_eq(move.align, c->wanted);
	expect_eq(move.limit, c->limit ?: c->is_64 ? ~0ULL : 1ULL << 32);
	expect_eq(move.only_4_levels, c->only_4_levels);
	if (c->wanted)
		test_apply(c, &move, file, &plan);
	ktap_done("%s", c->name);
	free(file);
}

/* Every byte that leads somewhere; the sanitizer sees where. */
static void test_damaged(const struct move_case *c)
{
	static const u8 values[] = { 0x00, 0x01, 0x10, 0x7f, 0x80, 0xff };
	u8 *good = make_file(c), *file = allocate(FILE_SIZE);
	struct elf_plan plan;
	struct elf_move move;
	u32 at, i;

	for (at = 0; at < LOAD_AT + STUB_AT - LINKED + STUB_HEADER_SIZE; at++) {
		if (at == NOTES_AT + 0x80)
			at = LOAD_AT + STUB_AT - LINKED;
		for (i = 0; i < sizeof(values); i++) {
			memcpy(file, good, FILE_SIZE);
			memset(file + at, values[i], 1 + 3 * (i & 1));
			if (elf_plan_make(file, FILE_SIZE, &plan))
				continue;
			elf_move_find(file, &plan, &move);
			expect(!(move.align & (move.align - 1)));
			if (move.align)
				elf_move_apply(&move, move.align, file, &plan);
		}
	}
	ktap_done("%s, damaged", c->name);
	free(file);
	free(good);
}

int main(void)
{
	u32 i;

	for (i = 0; cases[i].name; i++)
		test_case(&cases[i]);
	for (i = 0; cases[i].name; i++)
		if (cases[i].wanted)
			test_damaged(&cases[i]);
	return ktap_status();
}
