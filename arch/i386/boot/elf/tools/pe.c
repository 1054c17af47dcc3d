// SPDX-License-Identifier: GPL-2.0
/*
 * Reading: a PE file's headers and sections. Nothing of it is believed that is
 * not inside the file.
 */
#include <string.h>

#include "pe.h"

/* A PE file may have several kernels, "profiles"; this begins the next one. */
#define PROFILE		".profile"

/* Return: offset of the file header; 0: it is no PE file. */
static size_t find_header(const struct bytes *file)
{
	const uint8_t *p = file->data;
	size_t at;

	if (file->size < PE_DOS_LFANEW + 4 || memcmp(p, PE_DOS_MAGIC, 2))
		return 0;
	at = get_le32(p + PE_DOS_LFANEW);
	if (at > file->size - PE_SIGNATURE_SIZE ||
	    memcmp(p + at, PE_SIGNATURE, PE_SIGNATURE_SIZE))
		return 0;
	return at + PE_SIGNATURE_SIZE;
}

/**
 * pe_probe - is it a PE file?
 * @file: all of it
 *
 * Return: true if it has the signatures of one. A kernel that has an EFI stub is
 * one, too.
 */
bool pe_probe(const struct bytes *file)
{
	return find_header(file);
}

/* It goes to a terminal, and may be anything. */
static void read_name(const uint8_t *header, char *name)
{
	unsigned int i;

	for (i = 0; i < PE_NAME_SIZE && header[PE_SECTION_NAME + i]; i++) {
		char c = header[PE_SECTION_NAME + i];

		name[i] = c >= ' ' && c <= '~' ? c : '?';
	}
}

static int read_section(const struct bytes *file, const uint8_t *header,
			struct pe_section *section)
{
	uint32_t size = get_le32(header + PE_SECTION_FILESZ);
	uint32_t offset = get_le32(header + PE_SECTION_OFFSET);

	read_name(header, section->name);
	section->vaddr = get_le32(header + PE_SECTION_VADDR);
	section->vsize = get_le32(header + PE_SECTION_VSIZE);
	section->flags = get_le32(header + PE_SECTION_FLAGS);
	if (!section->vsize)
		section->vsize = size;
	/* In the file it is padded to FileAlignment. */
	if (size > section->vsize)
		size = section->vsize;
	if (!size)
		return 0;
	if ((uint64_t)offset + size > file->size)
		return error("truncated: its section \"%s\" would end at 0x%llx, the file has 0x%zx bytes",
			     section->name, (unsigned long long)offset + size,
			     file->size);
	section->bytes = (struct bytes){ file->data + offset, size };
	return 0;
}

static int read_sections(struct pe *pe)
{
	uint64_t end = pe->sections +
		       (uint64_t)pe->nr_sections * PE_SECTION_SIZE;
	unsigned int i;

	if (pe->nr_sections > PE_SECTIONS_MAX)
		return error("a PE file of %u sections; %u at most can be",
			     pe->nr_sections, PE_SECTIONS_MAX);
	if (end > pe->file.size)
		return error("truncated: its section headers would end at 0x%llx, the file has 0x%zx bytes",
			     (unsigned long long)end, pe->file.size);
	for (i = 0; i < pe->nr_sections; i++)
		if (read_section(&pe->file, pe->file.data + pe->sections +
						    i * PE_SECTION_SIZE,
				 &pe->section[i]))
			return -1;
	return 0;
}

/* Of fewer directories the rest is missing, whatever the number says. */
static void read_signature(struct pe *pe, size_t size, size_t directories)
{
	const uint8_t *p = pe->file.data + pe->optional;
	size_t at = directories + PE_CERTIFICATES * PE_DIRECTORY_SIZE;

	if (get_le32(p + directories - 4) <= PE_CERTIFICATES ||
	    size < at + PE_DIRECTORY_SIZE)
		return;
	pe->directory = pe->optional + at;
	pe->signature_at = get_le32(p + at);
	pe->signature_size = get_le32(p + at + 4);
}

static int read_optional(struct pe *pe, size_t size)
{
	const uint8_t *p = pe->file.data + pe->optional;
	size_t min = PE_OPTIONAL_MIN;

	if (size >= 2)
		pe->magic = get_le16(p + PE_MAGIC);
	if (pe->magic == PE_MAGIC_64)
		min += PE_PLUS_MORE;
	else if (pe->magic != PE_MAGIC_32)
		return error("a PE file whose optional header has the magic number 0x%x, not 0x%x or 0x%x",
			     pe->magic, PE_MAGIC_32, PE_MAGIC_64);
	if (size < min)
		return error("a PE file whose optional header has %zu bytes, not %zu at least",
			     size, min);
	pe->entry = get_le32(p + PE_ENTRY);
	pe->section_align = get_le32(p + PE_SECTION_ALIGN);
	pe->file_align = get_le32(p + PE_FILE_ALIGN);
	pe->image_size = get_le32(p + PE_IMAGE_SIZE);
	pe->headers_size = get_le32(p + PE_HEADERS_SIZE);
	pe->checksum = get_le32(p + PE_CHECKSUM);
	read_signature(pe, size, min);
	return 0;
}

/**
 * pe_read - read a PE file's headers
 * @file: all of it, as pe_probe() has found
 * @pe: result; refers to the file
 *
 * Return: 0, or -1 with a message printed.
 */
int pe_read(const struct bytes *file, struct pe *pe)
{
	size_t header = find_header(file), size;
	const uint8_t *p = file->data + header;

	*pe = (struct pe){ .file = *file };
	if (!header)
		return error("not a PE file");
	if (file->size - header < PE_FILE_HEADER_SIZE)
		return error("truncated: a PE file of 0x%zx bytes whose headers begin at 0x%zx",
			     file->size, header);
	size = get_le16(p + PE_OPTIONAL_SIZE);
	pe->machine = get_le16(p + PE_MACHINE);
	pe->nr_sections = get_le16(p + PE_NR_SECTIONS);
	pe->optional = header + PE_FILE_HEADER_SIZE;
	pe->sections = pe->optional + size;
	if (pe->sections > file->size)
		return error("truncated: its optional header would end at 0x%zx, the file has 0x%zx bytes",
			     pe->sections, file->size);
	return read_optional(pe, size) || read_sections(pe) ? -1 : 0;
}

/* Return: the number of the next section that begins a profile, or of sections. */
static unsigned int find_profile(const struct pe *pe, unsigned int at)
{
	while (at < pe->nr_sections && strcmp(pe->section[at].name, PROFILE))
		at++;
	return at;
}

static const struct pe_section *find_between(const struct pe *pe,
					     const char *name,
					     unsigned int at, unsigned int end)
{
	for (; at < end; at++)
		if (!strcmp(pe->section[at].name, name))
			return &pe->section[at];
	return NULL;
}

/**
 * pe_find_section - find a section by its name
 * @pe: the file
 * @name: its name
 *
 * A unified kernel image may have several profiles (the UKI specification, UAPI
 * Group's number 5, "Multi-Profile UKIs"): what is in front of the first section
 * ".profile" is common to all, what comes behind it, up to the next one, counts
 * instead where that profile is booted; and the first one is, where nobody has
 * chosen.
 *
 * Of several with one name the first one counts, as in systemd-stub (its pe.c,
 * pe_locate_sections_internal()).
 *
 * Return: the section, NULL: there is none.
 */
const struct pe_section *pe_find_section(const struct pe *pe, const char *name)
{
	unsigned int profile = find_profile(pe, 0);
	const struct pe_section *found = NULL;

	if (profile < pe->nr_sections)
		found = find_between(pe, name, profile,
				     find_profile(pe, profile + 1));
	return found ? found : find_between(pe, name, 0, profile);
}
