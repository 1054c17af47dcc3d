// SPDX-License-Identifier: GPL-2.0
/*
 * What a UEFI program must be that has a kernel in it for elfboot.efi to start:
 * Documentation/elf-boot.txt, "UEFI", has who demands what.
 */
#include <elf.h>
#include <string.h>

#include "uki.h"
#include "unwrap.h"

#define FILE_ALIGN_MIN	512
#define FILE_ALIGN_MAX	65536

static const char *check_headers(const struct pe *pe)
{
	size_t end = pe->sections + pe->nr_sections * PE_SECTION_SIZE;

	if (!uki_machine(pe->machine))
		return "neither for x64 nor for ia32 firmware";
	if (pe->magic != (pe->machine == PE_MACHINE_I386 ? PE_MAGIC_32 : PE_MAGIC_64))
		return "PE32 is for ia32 firmware, and PE32+ for x64";
	if (!is_power_of_two(pe->section_align) || pe->section_align < PAGE_BYTES)
		return "SectionAlignment is not a power of two from 4096 on";
	if (!is_power_of_two(pe->file_align) || pe->file_align < FILE_ALIGN_MIN ||
	    pe->file_align > FILE_ALIGN_MAX)
		return "FileAlignment is not a power of two from 512 to 65536";
	if (pe->headers_size % pe->file_align || pe->headers_size > pe->file.size)
		return "SizeOfHeaders is no multiple of FileAlignment, or more than there is";
	if (end > pe->headers_size)
		return "SizeOfHeaders does not cover the section headers";
	return NULL;
}

/* pe_read() has seen that what it has in the file is inside the file. */
static const char *check_section(const struct pe *pe, unsigned int i)
{
	const struct pe_section *section = &pe->section[i];
	const uint8_t *header = pe->file.data + pe->sections + i * PE_SECTION_SIZE;

	if (section->flags & PE_SCN_EXECUTE && section->flags & PE_SCN_WRITE)
		return "a section can be written to and executed";
	if (section->vaddr % pe->section_align)
		return "a section is not aligned in memory";
	if (section->bytes.size &&
	    (get_le32(header + PE_SECTION_OFFSET) % pe->file_align ||
	     get_le32(header + PE_SECTION_FILESZ) % pe->file_align))
		return "a section is not aligned in the file";
	return NULL;
}

/* A firmware that finds a section in another one's place refuses, or loads both. */
static const char *check_sections(const struct pe *pe)
{
	uint64_t memory_end = pe->headers_size, file_end = pe->headers_size;
	const char *broken;
	unsigned int i;

	for (i = 0; i < pe->nr_sections; i++) {
		const struct pe_section *section = &pe->section[i];
		size_t at = section->bytes.data - pe->file.data;

		broken = check_section(pe, i);
		if (broken)
			return broken;
		if (section->vaddr < memory_end)
			return "the sections are not ascending in memory";
		memory_end = (uint64_t)section->vaddr + section->vsize;
		if (!section->bytes.size)
			continue;
		if (at < file_end)
			return "the sections are not ascending in the file";
		file_end = at + section->bytes.size;
	}
	if (round_up(memory_end, pe->section_align) != pe->image_size)
		return "SizeOfImage is not where the last section ends";
	if (pe->signature_size &&
	    (pe->signature_at < file_end ||
	     (uint64_t)pe->signature_at + pe->signature_size != pe->file.size))
		return "its signature does not end with the file";
	return NULL;
}

static const char *check_entry(const struct pe *pe)
{
	unsigned int i;

	for (i = 0; i < pe->nr_sections; i++) {
		const struct pe_section *section = &pe->section[i];

		if (pe->entry >= section->vaddr &&
		    pe->entry - section->vaddr < section->bytes.size)
			return section->flags & PE_SCN_EXECUTE ? NULL :
			       "the entry is in a section that is not executed";
	}
	return "the entry is in no section";
}

/**
 * uki_is_damaged - is a program's checksum a wrong one?
 * @pe: the program
 *
 * Return: true if it has one, and it is not that of its bytes. ukify writes none.
 */
bool uki_is_damaged(const struct pe *pe)
{
	return pe->checksum &&
	       pe->checksum != checksum_pe(&pe->file, pe->optional + PE_CHECKSUM);
}

static const char *check_sum(const struct pe *pe)
{
	return uki_is_damaged(pe) ? "the checksum is wrong" : NULL;
}

static const char *check_loader(const struct pe *pe)
{
	const struct pe_section *sbat = pe_find_section(pe, uki_names[UKI_SBAT]);

	return sbat && sbat_has(&sbat->bytes, "elfboot,") ? NULL :
	       "not made of elfboot.efi: its section .sbat has no line \"elfboot\"";
}

static const char *check_cmdline(const struct pe *pe)
{
	const struct pe_section *cmdline =
		pe_find_section(pe, uki_names[UKI_CMDLINE]);
	size_t size = cmdline ? cmdline->bytes.size : 0;

	while (size && cmdline->bytes.data[size - 1] <= ' ')
		size--;
	if (size > COMMAND_LINE_MAX)
		return "its section .cmdline has more than 2047 bytes";
	return size && memchr(cmdline->bytes.data, '\0', size) ?
	       "there is a zero in its section .cmdline" : NULL;
}

/* The loader asks for room for what it has in memory, not in the file. */
static const char *check_linux(const struct pe *pe)
{
	const struct pe_section *section =
		pe_find_section(pe, uki_names[UKI_LINUX]);

	if (!section || !section->bytes.size)
		return "there is no section .linux";
	if (section->bytes.size < section->vsize)
		return "its section .linux is not all in the file";
	if (section->bytes.size < SELFMAG ||
	    memcmp(section->bytes.data, ELFMAG, SELFMAG))
		return "its section .linux is no ELF file";
	return NULL;
}

static const char * (* const rules[])(const struct pe *pe) = {
	check_headers,
	check_sections,
	check_entry,
	check_sum,
	check_loader,
	check_cmdline,
	check_linux,
};

/* An image is right by its own rules; a vmlinux must have a stub to be entered. */
static int verify_kernel(const struct bytes *file)
{
	struct kernel kernel;

	if (kernel_read(file, &kernel))
		return -1;
	if (kernel.type == KERNEL_IMAGE)
		return verify_image(file);
	return kernel.stub.data ? 0 :
	       error("its section .linux is a kernel without an ELF boot stub, which elfboot.efi cannot start");
}

/**
 * uki_probe - may a file be a unified kernel image?
 * @file: all of it
 *
 * Return: true if it is a PE file, and no bzImage.
 */
bool uki_probe(const struct bytes *file)
{
	return !bzimage_probe(file) && pe_probe(file);
}

/**
 * uki_verify - check a unified kernel image that is made of elfboot.efi
 * @file: all of it
 *
 * Return: 0, or -1 with a message printed.
 */
int uki_verify(const struct bytes *file)
{
	struct pe pe;
	unsigned int i;

	if (pe_read(file, &pe))
		return -1;
	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		const char *broken = rules[i](&pe);

		if (broken)
			return error("%s", broken);
	}
	return verify_kernel(&pe_find_section(&pe, uki_names[UKI_LINUX])->bytes);
}
