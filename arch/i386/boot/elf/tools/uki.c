// SPDX-License-Identifier: GPL-2.0
/*
 * The plan of a unified kernel image: the headers and sections of elfboot.efi, and
 * behind them those that are put in. Its code stays where it is in memory; in the
 * file all sections are one behind the other.
 */
#include <string.h>

#include "uki.h"
#include "unwrap.h"

/* A section is read, and nothing else. */
#define PART_FLAGS	(PE_SCN_DATA | PE_SCN_READ)

const char * const uki_names[UKI_SECTIONS] = {
	[UKI_SBAT] = ".sbat",
	[UKI_OSREL] = ".osrel",
	[UKI_CMDLINE] = ".cmdline",
	[UKI_UNAME] = ".uname",
	[UKI_LINUX] = ".linux",
	[UKI_INITRD] = ".initrd",
};

/**
 * struct plan - a plan, as far as it is made
 * @layout: what is planned
 * @header: where the next section's header comes
 * @file_align: FileAlignment
 * @section_align: SectionAlignment
 * @memory_end: address behind the last section
 * @file_end: offset behind its contents
 * @data_size: bytes of all sections of data
 */
struct plan {
	struct layout *layout;
	uint8_t *header;
	uint32_t file_align;
	uint32_t section_align;
	uint64_t memory_end;
	uint64_t file_end;
	uint64_t data_size;
};

/**
 * uki_has_name - is it the name of a section that is put in?
 * @name: the name
 *
 * Return: true if it is.
 */
bool uki_has_name(const char *name)
{
	unsigned int i;

	for (i = 0; i < UKI_SECTIONS; i++)
		if (!strcmp(name, uki_names[i]))
			return true;
	return false;
}

/*
 * Is it one that somebody has put in? The specification has more of them than those
 * that we write.
 */
static bool is_put_in(const char *name)
{
	static const char * const others[] = {
		".ucode", ".splash", ".dtb", ".dtbauto", ".efifw", ".hwids",
		".pcrsig", ".pcrpkey", ".profile"
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (!strcmp(name, others[i]))
			return true;
	return uki_has_name(name);
}

/**
 * uki_machine - name of an architecture of firmware
 * @machine: PE_MACHINE_*
 *
 * Return: the name that UEFI has for it, NULL: elfboot.efi is not for it.
 */
const char *uki_machine(uint16_t machine)
{
	if (machine == PE_MACHINE_X86_64)
		return "x64";
	return machine == PE_MACHINE_I386 ? "ia32" : NULL;
}

static void put_piece(struct layout *layout, uint64_t offset,
		      const struct bytes *bytes)
{
	if (bytes->size)
		layout->piece[layout->nr_pieces++] = (struct piece){
			offset, *bytes
		};
}

/**
 * uki_put_initrds - put initrds one behind the other into a plan
 * @layout: the plan
 * @offset: where the first one begins
 * @initrd: the initrds; an empty one is none
 * @nr: their number
 *
 * Return: bytes of all, with what is between them.
 */
uint64_t uki_put_initrds(struct layout *layout, uint64_t offset,
			 const struct bytes *initrd, unsigned int nr)
{
	uint64_t size = 0;

	for (; nr; nr--, initrd++) {
		if (!initrd->size)
			continue;
		if (size)
			size = INITRD_NEXT(size);
		put_piece(layout, offset + size, initrd);
		size += initrd->size;
	}
	return size;
}

/* Contents of a section, with its header at hand. */
static void put_contents(struct plan *plan, uint8_t *header, uint64_t size)
{
	uint64_t padded = round_up(size, plan->file_align);

	put_le32(header + PE_SECTION_FILESZ, padded);
	put_le32(header + PE_SECTION_OFFSET, plan->file_end);
	plan->file_end += padded;
	if (get_le32(header + PE_SECTION_FLAGS) & PE_SCN_DATA)
		plan->data_size += padded;
	plan->header += PE_SECTION_SIZE;
}

/* One of the loader's own stays at its address. */
static void keep_section(struct plan *plan, const struct pe *stub,
			 const struct pe_section *section)
{
	const uint8_t *old = stub->file.data + stub->sections +
			     (section - stub->section) * PE_SECTION_SIZE;
	uint64_t end = (uint64_t)section->vaddr + section->vsize;

	memcpy(plan->header, old, PE_SECTION_SIZE);
	put_piece(plan->layout, plan->file_end, &section->bytes);
	put_contents(plan, plan->header, section->bytes.size);
	if (end > plan->memory_end)
		plan->memory_end = end;
}

/* The sizes are those of a 32-bit format. */
static int put_section(struct plan *plan, const char *name, uint64_t size)
{
	uint64_t vaddr = round_up(plan->memory_end, plan->section_align);
	uint64_t end = vaddr + size;

	if (end > UINT32_MAX - plan->section_align ||
	    plan->file_end + size > UINT32_MAX - plan->file_align) {
		/* That is no fault of elfboot.efi's. */
		message_about(NULL);
		return error("a UEFI program of more than 4 GiB: its section \"%s\" would end at 0x%llx",
			     name, (unsigned long long)end);
	}
	memcpy(plan->header + PE_SECTION_NAME, name, strlen(name));
	put_le32(plan->header + PE_SECTION_VSIZE, size);
	put_le32(plan->header + PE_SECTION_VADDR, vaddr);
	put_le32(plan->header + PE_SECTION_FLAGS, PART_FLAGS);
	put_contents(plan, plan->header, size);
	plan->memory_end = end;
	return 0;
}

static int put_part(struct plan *plan, const struct uki_parts *parts,
		    enum uki_section number)
{
	const struct bytes *part = &parts->part[number];
	uint64_t size = part->size;

	if (number == UKI_INITRD)
		size = uki_put_initrds(plan->layout, plan->file_end,
				       parts->initrd, parts->nr_initrds);
	else
		put_piece(plan->layout, plan->file_end, part);
	return size ? put_section(plan, uki_names[number], size) : 0;
}

/* At most so many; some of the loader's own are replaced. */
static unsigned int count_sections(const struct pe *stub,
				   const struct uki_parts *parts)
{
	unsigned int nr = parts->nr_initrds ? 1 : 0, i;

	for (i = 0; i < stub->nr_sections; i++)
		nr += !is_put_in(stub->section[i].name);
	for (i = 0; i < UKI_SECTIONS; i++)
		nr += i != UKI_INITRD && parts->part[i].size;
	return nr;
}

static int check_room(const struct pe *stub, unsigned int nr)
{
	size_t end = stub->sections + nr * PE_SECTION_SIZE;

	if (nr <= PE_SECTIONS_MAX && end <= stub->headers_size)
		return 0;
	return error("no room for the headers of %u sections: they would end at 0x%zx, and SizeOfHeaders is 0x%x",
		     nr, end, stub->headers_size);
}

/* What follows the section headers is zero, and so is what is about other bytes. */
static void put_headers(const struct plan *plan, const struct pe *stub)
{
	uint8_t *head = plan->layout->head;
	size_t sections = plan->header - (head + stub->sections);
	uint8_t *optional = head + stub->optional;
	uint8_t *header = optional - PE_FILE_HEADER_SIZE;

	put_le16(header + PE_NR_SECTIONS, sections / PE_SECTION_SIZE);
	memset(header + PE_SYMBOLS, 0, PE_SYMBOLS_SIZE);
	put_le32(optional + PE_DATA_SIZE, plan->data_size);
	put_le32(optional + PE_IMAGE_SIZE,
		 round_up(plan->memory_end, plan->section_align));
	put_le32(optional + PE_CHECKSUM, 0);
	if (stub->directory)
		memset(head + stub->directory, 0, PE_DIRECTORY_SIZE);
}

/**
 * uki_plan - plan a unified kernel image
 * @stub: elfboot.efi, as uki_stub_read() has it
 * @parts: what is put into it
 * @layout: result: pieces and size count; refers to both, and to itself
 *
 * Return: 0, or -1 with a message printed.
 */
int uki_plan(const struct pe *stub, const struct uki_parts *parts,
	     struct layout *layout)
{
	struct plan plan = {
		.layout = layout,
		.header = layout->head + stub->sections,
		.file_align = stub->file_align,
		.section_align = stub->section_align,
		.memory_end = stub->headers_size,
		.file_end = stub->headers_size,
	};
	unsigned int i;

	if (check_room(stub, count_sections(stub, parts)))
		return -1;
	memset(layout, 0, sizeof(*layout));
	memcpy(layout->head, stub->file.data, stub->sections);
	put_piece(layout, 0, &(struct bytes){ layout->head, stub->headers_size });
	for (i = 0; i < stub->nr_sections; i++)
		if (!is_put_in(stub->section[i].name))
			keep_section(&plan, stub, &stub->section[i]);
	for (i = 0; i < UKI_SECTIONS; i++)
		if (put_part(&plan, parts, i))
			return -1;
	put_headers(&plan, stub);
	layout->size = plan.file_end;
	return 0;
}
