/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ELF files, and what is to be planned for them: for KUnit (elf-plan-kunit.c)
 * and for the host (tests/unit/test-kexec-plan.c).
 */
#ifndef ELFBOOT_ELF_PLAN_CASES_H
#define ELFBOOT_ELF_PLAN_CASES_H

#include <linux/elf.h>
#include <linux/string.h>

#include "kexec/elf-plan.h"

#define PLAN_CASE_FILE	0x3000		/* bytes of every file */
#define PLAN_CASE_MANY	20		/* headers, as the first one */

/* Where fields of the header are, in both classes or in one. */
enum {
	TYPE_AT = 16,
	MACHINE_AT = 18,
	VERSION_AT = 20,
	PHOFF_AT_32 = 28,
	PHOFF_AT_64 = 32,
	EHSIZE_AT_32 = 40,
	PHENTSIZE_AT_64 = 54,
};

struct plan_case {
	const char *name;
	bool is_64;
	u64 entry;
	struct {
		u32 type;
		u64 offset, paddr, filesz, memsz;
	} phdr[4];			/* up to the first of type PT_NULL */
	u32 phnum;			/* instead of their number */
	struct {
		u32 at, size;
		u64 value;
	} poke[2];			/* other bytes, in the end */
	u32 file_size;			/* instead of PLAN_CASE_FILE */
	const char *error;
	struct elf_part part[3];	/* up to the first of size 0 */
};

static const struct plan_case plan_cases[] = {
	{
		.name = "ELF32",
		.entry = 0x1000010,
		.phdr = { { PT_LOAD, 0x1000, 0x1000000, 0x1800, 0x5000 } },
		.part = { { 0x1000000, 0x5000, 0x1800, 0, 1 } },
	}, {
		.name = "ELF64",
		.is_64 = true, .entry = 0x1000010,
		.phdr = { { PT_LOAD, 0x1000, 0x1000000, 0x1800, 0x5000 } },
		.part = { { 0x1000000, 0x5000, 0x1800, 0, 1 } },
	}, {
		.name = "ELF64 above 4 GiB",
		.is_64 = true, .entry = 0x123456000,
		.phdr = { { PT_LOAD, 0x40, 0x123456000, 0x10, 0x10 } },
		.part = { { 0x123456000, 0x1000, 0x10, 0, 1 } },
	}, {
		.name = "ELF32 up to 4 GiB",
		.entry = 0xffffe000,
		.phdr = { { PT_LOAD, 0x1000, 0xffffe000, 0x1000, 0x2000 } },
		.part = { { 0xffffe000, 0x2000, 0x1000, 0, 1 } },
	}, {
		.name = "ET_DYN",
		.entry = 0x100000,
		.phdr = { { PT_LOAD, 0x1000, 0x100000, 0x100, 0x100 } },
		.poke = { { TYPE_AT, 2, ET_DYN } },
		.part = { { 0x100000, 0x1000, 0x100, 0, 1 } },
	}, {
		.name = "notes and an empty segment",
		.entry = 0x100000,
		.phdr = {
			{ PT_NOTE, 0xfffff000, 0xfffff000, 0x2000, 0x2000 },
			{ PT_LOAD, 0x2000, 0x100000, 0, 0 },
			{ PT_LOAD, 0x1000, 0x100000, 0x100, 0x100 },
		},
		.part = { { 0x100000, 0x1000, 0x100, 0, 1 } },
	}, {
		.name = "descending, far apart",
		.entry = 0x100000,
		.phdr = {
			{ PT_LOAD, 0x1000, 0x300000, 0x80, 0x1001 },
			{ PT_LOAD, 0x1000, 0x200800, 0, 0x1000 },
			{ PT_LOAD, 0x1000, 0x100000, 0x100, 0x100 },
		},
		.part = {
			{ 0x100000, 0x1000, 0x100, 0, 1 },
			{ 0x200000, 0x2000, 0, 1, 1 },
			{ 0x300000, 0x2000, 0x80, 2, 1 },
		},
	}, {
		.name = "unaligned",
		.entry = 0x100123,
		.phdr = { { PT_LOAD, 0x100, 0x100123, 0x1000, 0x1ee0 } },
		.part = { { 0x100000, 0x3000, 0x1123, 0, 1 } },
	}, {
		.name = "three that share pages",
		.entry = 0x100000,
		.phdr = {
			{ PT_LOAD, 0x1000, 0x100000, 0x800, 0x1800 },
			{ PT_LOAD, 0x2000, 0x101800, 0x900, 0x900 },
			{ PT_LOAD, 0x2900, 0x102fff, 1, 0x1001 },
		},
		.part = { { 0x100000, 0x4000, 0x3000, 0, 3 } },
	}, {
		.name = "neighbours that share none",
		.entry = 0x100000,
		.phdr = {
			{ PT_LOAD, 0x1000, 0x100000, 0x1000, 0x1000 },
			{ PT_LOAD, 0x2000, 0x101000, 0x1000, 0x1000 },
		},
		.part = {
			{ 0x100000, 0x1000, 0x1000, 0, 1 },
			{ 0x101000, 0x1000, 0x1000, 1, 1 },
		},
	}, {
		.name = "the last byte of the file",
		.entry = 0x100000,
		.phdr = { { PT_LOAD, 0x2fff, 0x100000, 1, 1 } },
		.part = { { 0x100000, 0x1000, 1, 0, 1 } },
	}, {
		.name = "no bytes", .file_size = EI_NIDENT - 1,
		.error = "not an ELF file",
	}, {
		.name = "another signature",
		.poke = { { 3, 1, 'G' } },
		.error = "not an ELF file",
	}, {
		.name = "big-endian",
		.poke = { { EI_DATA, 1, ELFDATA2MSB } },
		.error = "not little-endian, or of an unknown version",
	}, {
		.name = "a version of the file",
		.poke = { { EI_VERSION, 1, 2 } },
		.error = "not little-endian, or of an unknown version",
	}, {
		.name = "a class",
		.poke = { { EI_CLASS, 1, 3 } },
		.error = "neither ELF32 nor ELF64",
	}, {
		.name = "half a header", .file_size = 51,
		.error = "the file ends in its header",
	}, {
		.name = "half a header of 64 bits",
		.is_64 = true, .file_size = 63,
		.error = "the file ends in its header",
	}, {
		.name = "ELF32 for x86-64",
		.poke = { { MACHINE_AT, 2, EM_X86_64 } },
		.error = "for another machine",
	}, {
		.name = "ELF64 for i386",
		.is_64 = true, .poke = { { MACHINE_AT, 2, EM_386 } },
		.error = "for another machine",
	}, {
		.name = "a relocatable file",
		.poke = { { TYPE_AT, 2, ET_REL } },
		.error = "not an executable",
	}, {
		.name = "a core file",
		.is_64 = true, .poke = { { TYPE_AT, 2, ET_CORE } },
		.error = "not an executable",
	}, {
		.name = "a version of the format",
		.poke = { { VERSION_AT, 4, 0x10001 } },
		.error = "an unknown version",
	}, {
		.name = "a larger header",
		.poke = { { EHSIZE_AT_32, 2, 64 } },
		.error = "headers of another size",
	}, {
		.name = "larger program headers",
		.is_64 = true, .poke = { { PHENTSIZE_AT_64, 2, 32 } },
		.error = "headers of another size",
	}, {
		.name = "no program headers",
		.error = "program headers are not in the file",
	}, {
		.name = "program headers behind the end",
		.phnum = 1, .poke = { { PHOFF_AT_32, 4, 0x2fe1 } },
		.error = "program headers are not in the file",
	}, {
		.name = "program headers at the very end",
		.phnum = 1, .poke = { { PHOFF_AT_32, 4, 0x2fe0 } },
		.error = "no segment",
	}, {
		.name = "program headers at ~0",
		.is_64 = true, .phnum = 1,
		.poke = { { PHOFF_AT_64, 8, ~0ULL } },
		.error = "program headers are not in the file",
	}, {
		.name = "65535 program headers", .phnum = PN_XNUM,
		.error = "program headers are not in the file",
	}, {
		.name = "an interpreter",
		.entry = 0x100000,
		.phdr = {
			{ PT_LOAD, 0x1000, 0x100000, 0x100, 0x100 },
			{ PT_INTERP, 0x1000, 0x100000, 0x10, 0x10 },
		},
		.error = "it wants an interpreter",
	}, {
		.name = "only notes",
		.phdr = { { PT_NOTE, 0x1000, 0x100000, 0x100, 0x100 } },
		.error = "no segment",
	}, {
		.name = "only an empty segment",
		.phdr = { { PT_LOAD, 0x1000, 0x100000, 0, 0 } },
		.error = "no segment",
	}, {
		.name = "17 segments",
		.entry = 0x100000, .phnum = 17,
		.phdr = { { PT_LOAD, 0x1000, 0x100000, 0x100, 0x100 } },
		.error = "too many segments",
	}, {
		.name = "one byte behind the end of the file",
		.entry = 0x100000,
		.phdr = { { PT_LOAD, 0x2f00, 0x100000, 0x101, 0x101 } },
		.error = "a segment is not in the file",
	}, {
		.name = "an offset behind the end of the file",
		.entry = 0x100000,
		.phdr = { { PT_LOAD, 0x3001, 0x100000, 0, 0x100 } },
		.error = "a segment is not in the file",
	}, {
		.name = "an offset that wraps",
		.is_64 = true, .entry = 0x100000,
		.phdr = { { PT_LOAD, ~0ULL, 0x100000, 2, 2 } },
		.error = "a segment is not in the file",
	}, {
		.name = "contents that wrap",
		.is_64 = true, .entry = 0x100000,
		.phdr = { { PT_LOAD, 0x1000, 0x100000, ~0ULL, ~0ULL } },
		.error = "a segment is not in the file",
	}, {
		.name = "more contents than memory",
		.entry = 0x100000,
		.phdr = { { PT_LOAD, 0x1000, 0x100000, 0x101, 0x100 } },
		.error = "a segment has less memory than contents",
	}, {
		.name = "ELF32 beyond 4 GiB",
		.entry = 0xfffff000,
		.phdr = { { PT_LOAD, 0x1000, 0xfffff000, 0x100, 0x1001 } },
		.error = "a segment is beyond all memory",
	}, {
		.name = "ELF64 beyond all address lines",
		.is_64 = true, .entry = (1ULL << 52) - 0x1000,
		.phdr = {
			{ PT_LOAD, 0x1000, (1ULL << 52) - 0x1000, 1, 0x1001 },
		},
		.error = "a segment is beyond all memory",
	}, {
		.name = "memory that wraps",
		.is_64 = true, .entry = 0x100000,
		.phdr = { { PT_LOAD, 0x1000, 0x100000, 0x10, -0x100000ULL } },
		.error = "a segment is beyond all memory",
	}, {
		.name = "an address of ~0",
		.is_64 = true, .entry = ~0ULL,
		.phdr = { { PT_LOAD, 0x1000, ~0ULL, 1, 1 } },
		.error = "a segment is beyond all memory",
	}, {
		.name = "the same twice",
		.entry = 0x100000, .phnum = 2,
		.phdr = { { PT_LOAD, 0x1000, 0x100000, 0x100, 0x100 } },
		.error = "segments overlap",
	}, {
		.name = "one byte of overlap",
		.entry = 0x100000,
		.phdr = {
			{ PT_LOAD, 0x1000, 0x1000ff, 0x100, 0x100 },
			{ PT_LOAD, 0x1000, 0x100000, 0x100, 0x100 },
		},
		.error = "segments overlap",
	}, {
		.name = "entered below",
		.entry = 0xfffff,
		.phdr = { { PT_LOAD, 0x1000, 0x100000, 0x100, 0x200 } },
		.error = "the entry is in no segment",
	}, {
		.name = "entered in zeroes",
		.entry = 0x100100,
		.phdr = { { PT_LOAD, 0x1000, 0x100000, 0x100, 0x200 } },
		.error = "the entry is in no segment",
	},
	{ }
};

static u32 plan_case_phdr(const struct plan_case *c, u32 i, u8 *at)
{
	struct elf64_phdr wide = {
		.p_type = c->phdr[i].type, .p_flags = 7,
		.p_offset = c->phdr[i].offset, .p_paddr = c->phdr[i].paddr,
		.p_filesz = c->phdr[i].filesz, .p_memsz = c->phdr[i].memsz,
	};
	struct elf32_phdr narrow = {
		.p_type = c->phdr[i].type, .p_flags = 7,
		.p_offset = c->phdr[i].offset, .p_paddr = c->phdr[i].paddr,
		.p_filesz = c->phdr[i].filesz, .p_memsz = c->phdr[i].memsz,
	};

	if (c->is_64) {
		memcpy(at, &wide, sizeof(wide));
		return sizeof(wide);
	}
	memcpy(at, &narrow, sizeof(narrow));
	return sizeof(narrow);
}

static void plan_case_poke(u8 *at, u32 size, u64 value)
{
	for (; size; size--, value >>= 8)
		*at++ = value;
}

static u32 plan_case_header(const struct plan_case *c, u32 phnum, u8 *at)
{
	struct elf64_hdr wide = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1 },
		.e_type = ET_EXEC, .e_machine = EM_X86_64, .e_version = 1,
		.e_entry = c->entry, .e_phoff = sizeof(wide),
		.e_ehsize = sizeof(wide), .e_phnum = phnum,
		.e_phentsize = sizeof(struct elf64_phdr),
	};
	struct elf32_hdr narrow = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, 1 },
		.e_type = ET_EXEC, .e_machine = EM_386, .e_version = 1,
		.e_entry = c->entry, .e_phoff = sizeof(narrow),
		.e_ehsize = sizeof(narrow), .e_phnum = phnum,
		.e_phentsize = sizeof(struct elf32_phdr),
	};

	if (c->is_64) {
		memcpy(at, &wide, sizeof(wide));
		return sizeof(wide);
	}
	memcpy(at, &narrow, sizeof(narrow));
	return sizeof(narrow);
}

/* Make the file of a case; return its size. */
static u32 plan_case_build(const struct plan_case *c, u8 *file)
{
	u32 phnum = c->phnum, nr = 0, i;
	u8 *at;

	for (i = 0; i < PLAN_CASE_FILE; i++)
		file[i] = i % 251 + 1;
	while (nr < 4 && c->phdr[nr].type)
		nr++;
	if (!phnum)
		phnum = nr;
	at = file + plan_case_header(c, phnum, file);
	/* More of them than there are: the first one again. */
	for (i = 0; i < phnum && i < PLAN_CASE_MANY; i++)
		at += plan_case_phdr(c, i < nr ? i : 0, at);
	for (i = 0; i < 2; i++)
		plan_case_poke(file + c->poke[i].at, c->poke[i].size,
			       c->poke[i].value);
	return c->file_size ? c->file_size : PLAN_CASE_FILE;
}

/* What a byte of memory has to be when the plan has been followed. */
static u8 plan_case_byte(const struct plan_case *c, const u8 *file, u64 at)
{
	u32 i;

	for (i = 0; i < 4; i++)
		if (c->phdr[i].type == PT_LOAD && at >= c->phdr[i].paddr &&
		    at - c->phdr[i].paddr < c->phdr[i].filesz)
			return file[c->phdr[i].offset + at - c->phdr[i].paddr];
	return 0;
}

#endif /* ELFBOOT_ELF_PLAN_CASES_H */
