// SPDX-License-Identifier: GPL-2.0
/*
 * The bytes of a static ELF file become a plan of what has to be where. All of
 * the file is checked before anything is planned, and nothing but the file is
 * looked at: whether there is RAM at these addresses is for others to say.
 */
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "kexec/elf-plan.h"

#define PLAN_PAGE	4096ULL

/* No x86 CPU has more address lines than 52. */
#define PHYSICAL_END	0x10000000000000ULL
#define GIB_4		0x100000000ULL

struct elf_file {
	const u8 *data;
	u64 size;
	bool is_64;
	struct elf64_hdr header;	/* of either class */
};

static u64 ehdr_size(const struct elf_file *elf)
{
	return elf->is_64 ? sizeof(struct elf64_hdr) : sizeof(struct elf32_hdr);
}

static u64 phdr_size(const struct elf_file *elf)
{
	return elf->is_64 ? sizeof(struct elf64_phdr) :
			    sizeof(struct elf32_phdr);
}

static void read_header(struct elf_file *elf)
{
	struct elf64_hdr *header = &elf->header;
	struct elf32_hdr narrow;

	if (elf->is_64) {
		memcpy(header, elf->data, sizeof(*header));
		return;
	}
	memcpy(&narrow, elf->data, sizeof(narrow));
	header->e_type = narrow.e_type;
	header->e_machine = narrow.e_machine;
	header->e_version = narrow.e_version;
	header->e_entry = narrow.e_entry;
	header->e_phoff = narrow.e_phoff;
	header->e_ehsize = narrow.e_ehsize;
	header->e_phentsize = narrow.e_phentsize;
	header->e_phnum = narrow.e_phnum;
}

static void read_phdr(const struct elf_file *elf, u32 i,
		      struct elf64_phdr *phdr)
{
	const u8 *at = elf->data + elf->header.e_phoff + i * phdr_size(elf);
	struct elf32_phdr narrow;

	if (elf->is_64) {
		memcpy(phdr, at, sizeof(*phdr));
		return;
	}
	memcpy(&narrow, at, sizeof(narrow));
	phdr->p_type = narrow.p_type;
	phdr->p_offset = narrow.p_offset;
	phdr->p_paddr = narrow.p_paddr;
	phdr->p_filesz = narrow.p_filesz;
	phdr->p_memsz = narrow.p_memsz;
	phdr->p_align = narrow.p_align;
}

static u64 page_up(u64 address)
{
	return (address + PLAN_PAGE - 1) & ~(PLAN_PAGE - 1);
}

static u64 page_down(u64 address)
{
	return address & ~(PLAN_PAGE - 1);
}

/* Which kind of ELF file is it? */
static const char *check_ident(struct elf_file *elf)
{
	const u8 *ident = elf->data;

	if (elf->size < EI_NIDENT || memcmp(ident, ELFMAG, SELFMAG))
		return "not an ELF file";
	if (ident[EI_DATA] != ELFDATA2LSB || ident[EI_VERSION] != EV_CURRENT)
		return "not little-endian, or of an unknown version";
	if (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64)
		return "neither ELF32 nor ELF64";
	elf->is_64 = ident[EI_CLASS] == ELFCLASS64;
	if (elf->size < ehdr_size(elf))
		return "the file ends in its header";
	return NULL;
}

static const char *check_header(const struct elf_file *elf)
{
	const struct elf64_hdr *header = &elf->header;

	if (header->e_machine != (elf->is_64 ? EM_X86_64 : EM_386))
		return "for another machine";
	if (header->e_type != ET_EXEC && header->e_type != ET_DYN)
		return "not an executable";
	if (header->e_version != EV_CURRENT)
		return "an unknown version";
	if (header->e_ehsize != ehdr_size(elf) ||
	    header->e_phentsize != phdr_size(elf))
		return "headers of another size";
	return NULL;
}

static const char *check_table(const struct elf_file *elf)
{
	u64 offset = elf->header.e_phoff;
	u64 bytes = elf->header.e_phnum * phdr_size(elf);

	if (!bytes || offset > elf->size || bytes > elf->size - offset)
		return "program headers are not in the file";
	return NULL;
}

static const char *check_load(const struct elf_file *elf,
			      const struct elf64_phdr *phdr)
{
	u64 end = elf->is_64 ? PHYSICAL_END : GIB_4;

	if (phdr->p_offset > elf->size ||
	    phdr->p_filesz > elf->size - phdr->p_offset)
		return "a segment is not in the file";
	if (phdr->p_filesz > phdr->p_memsz)
		return "a segment has less memory than contents";
	if (phdr->p_paddr > end || phdr->p_memsz > end - phdr->p_paddr)
		return "a segment is beyond all memory";
	return NULL;
}

/* Insert by address; the table is short. */
static void add_segment(struct elf_plan *plan, const struct elf64_phdr *phdr)
{
	u32 at = plan->nr_segments++;

	for (; at && plan->segment[at - 1].start > phdr->p_paddr; at--)
		plan->segment[at] = plan->segment[at - 1];
	plan->segment[at].start = phdr->p_paddr;
	plan->segment[at].size = phdr->p_memsz;
	plan->segment[at].offset = phdr->p_offset;
	plan->segment[at].filesz = phdr->p_filesz;
}

/* Nothing that is needed to start it: notes that are not there are none. */
static void add_notes(const struct elf_file *elf, struct elf_plan *plan,
		      const struct elf64_phdr *phdr)
{
	if (phdr->p_type != PT_NOTE || plan->notes_size ||
	    phdr->p_offset > elf->size ||
	    phdr->p_filesz > elf->size - phdr->p_offset)
		return;
	plan->notes = phdr->p_offset;
	plan->notes_size = phdr->p_filesz;
}

static const char *read_segments(const struct elf_file *elf,
				 struct elf_plan *plan)
{
	const char *error;
	struct elf64_phdr phdr;
	u32 i;

	for (i = 0; i < elf->header.e_phnum; i++) {
		read_phdr(elf, i, &phdr);
		if (phdr.p_type == PT_INTERP)
			return "it wants an interpreter";
		add_notes(elf, plan, &phdr);
		if (phdr.p_type != PT_LOAD)
			continue;
		error = check_load(elf, &phdr);
		if (error)
			return error;
		if (!phdr.p_memsz)
			continue;
		if (plan->nr_segments == ELF_PLAN_MAX)
			return "too many segments";
		add_segment(plan, &phdr);
		if (phdr.p_align > plan->align)
			plan->align = phdr.p_align;
	}
	return plan->nr_segments ? NULL : "no segment";
}

static const char *check_overlap(const struct elf_plan *plan)
{
	const struct elf_segment *segment = plan->segment;
	u32 i;

	for (i = 1; i < plan->nr_segments; i++)
		if (segment[i].start - segment[i - 1].start <
		    segment[i - 1].size)
			return "segments overlap";
	return NULL;
}

static const char *check_entry(const struct elf_plan *plan)
{
	const struct elf_segment *segment = plan->segment;
	u32 i;

	for (i = 0; i < plan->nr_segments; i++)
		if (plan->entry >= segment[i].start &&
		    plan->entry - segment[i].start < segment[i].filesz)
			return NULL;
	return "the entry is in no segment";
}

/* Pages belong to one part each: segments that share some are one. */
static void make_parts(struct elf_plan *plan)
{
	struct elf_part *part = NULL;
	u64 end = 0;
	u32 i;

	for (i = 0; i < plan->nr_segments; i++) {
		const struct elf_segment *segment = &plan->segment[i];
		u64 start = page_down(segment->start);

		if (!part || start >= end) {
			part = &plan->part[plan->nr_parts++];
			part->start = start;
			part->filled = 0;
			part->first = i;
			part->nr = 0;
		}
		end = page_up(segment->start + segment->size);
		part->size = end - part->start;
		part->nr++;
		if (segment->filesz)
			part->filled = segment->start + segment->filesz -
				       part->start;
	}
}

static const char *make(struct elf_file *elf, struct elf_plan *plan)
{
	const char *error = check_ident(elf);

	if (error)
		return error;
	read_header(elf);
	error = check_header(elf);
	if (!error)
		error = check_table(elf);
	if (!error)
		error = read_segments(elf, plan);
	if (!error)
		error = check_overlap(plan);
	if (error)
		return error;
	plan->is_64 = elf->is_64;
	plan->is_dynamic = elf->header.e_type == ET_DYN;
	plan->entry = elf->header.e_entry;
	error = check_entry(plan);
	if (!error)
		make_parts(plan);
	return error;
}

/**
 * elf_plan_make - plan how a file is to be started
 * @file: its bytes
 * @size: how many there are
 * @plan: result, with the reason in @plan->error if it cannot be started
 *
 * Return: 0, or -ENOEXEC.
 */
int elf_plan_make(const void *file, size_t size, struct elf_plan *plan)
{
	struct elf_file elf = { .data = file, .size = size };

	memset(plan, 0, sizeof(*plan));
	plan->error = make(&elf, plan);
	return plan->error ? -ENOEXEC : 0;
}

/**
 * elf_plan_in_place - are a part's bytes as they have to be in the file?
 * @plan: the plan
 * @part: one of its parts
 *
 * Return: whether its contents are one run of bytes of the file, at the offset
 * of its first segment. If not, elf_plan_fill() puts them together.
 */
bool elf_plan_in_place(const struct elf_plan *plan,
		       const struct elf_part *part)
{
	return part->nr == 1 &&
	       plan->segment[part->first].start == part->start;
}

/**
 * elf_plan_fill - put a part's contents together
 * @plan: the plan
 * @part: one of its parts
 * @file: the file's bytes
 * @buffer: result: @part->filled bytes
 */
void elf_plan_fill(const struct elf_plan *plan, const struct elf_part *part,
		   const void *file, void *buffer)
{
	u32 i;

	memset(buffer, 0, part->filled);
	for (i = part->first; i < part->first + part->nr; i++) {
		const struct elf_segment *segment = &plan->segment[i];

		if (segment->filesz)
			memcpy(buffer + (segment->start - part->start),
			       file + segment->offset, segment->filesz);
	}
}
