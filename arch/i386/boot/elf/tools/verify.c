// SPDX-License-Identifier: GPL-2.0
/*
 * The rules that make a file load everywhere, each with the loader that
 * demands it: Documentation/elf-boot.txt, "File layout", has the numbers.
 */
#include <elf.h>
#include <string.h>

#include "elfimage.h"

static uint64_t file_end(const struct phdr *phdr)
{
	return phdr->offset + phdr->filesz;
}

static uint64_t memory_end(const struct phdr *phdr)
{
	return phdr->paddr + phdr->memsz;
}

/* mkelfImage 3.0 wrote no section header, and had no room for ELF64. */
static bool is_layout_3_0(const struct elf *elf)
{
	const uint8_t *p = elf->file.data;

	return get_le32(p + 28) == sizeof(Elf32_Ehdr) &&
	       !get_le32(p + 32) && !get_le16(p + 48);
}

static const char *rule_1(const struct elf *elf)
{
	const uint8_t *p = elf->file.data;

	if (elf->class != ELFCLASS32 || elf->machine != EM_386)
		return "not ELFCLASS32 for EM_386";
	if (p[EI_VERSION] != EV_CURRENT || get_le32(p + 20) != EV_CURRENT)
		return "not version 1";
	if (get_le16(p + 16) != ET_EXEC)
		return "not ET_EXEC";
	if (get_le32(p + 36))
		return "e_flags is not 0";
	if (get_le16(p + 40) != sizeof(Elf32_Ehdr))
		return "e_ehsize is not 52";
	if (get_le32(p + 28) != PHDRS_AT && !is_layout_3_0(elf))
		return "the program headers are not at byte 64";
	return NULL;
}

static const char *rule_2(const struct elf *elf)
{
	size_t end = get_le32(elf->file.data + 28) +
		     elf->nr_phdrs * sizeof(Elf32_Phdr);
	unsigned int i;

	if (end > ZONE_NOTES)
		return "the program headers end behind byte 512";
	for (i = 0; i < elf->nr_phdrs; i++)
		if (elf->phdr[i].type == PT_NOTE &&
		    file_end(&elf->phdr[i]) > ZONE_NOTES)
			return "the notes end behind byte 512";
	return NULL;
}

static const char *rule_3(const struct elf *elf)
{
	if (elf->file.size > 0x206 && !memcmp(elf->file.data + 0x202, "HdrS", 4))
		return "\"HdrS\" at 0x202: QEMU would take it for a bzImage";
	return NULL;
}

static const char *rule_4(const struct elf *elf)
{
	unsigned int i;

	for (i = 0; i < elf->nr_phdrs; i++) {
		if (elf->phdr[i].vaddr != elf->phdr[i].paddr)
			return "p_vaddr is not p_paddr";
		if (!elf->phdr[i].paddr)
			return "an address is 0";
	}
	return NULL;
}

static const char *rule_5(const struct elf *elf)
{
	unsigned int i;

	if (elf->phdr[0].type != PT_NOTE)
		return "the first program header is not the PT_NOTE";
	for (i = 1; i < elf->nr_phdrs; i++) {
		const struct phdr *phdr = &elf->phdr[i];

		if (phdr->type != PT_LOAD && phdr->type != PT_NOTE)
			return "a program header is neither PT_NOTE nor PT_LOAD";
		if (!phdr->memsz || phdr->filesz > phdr->memsz)
			return "p_memsz is 0 or less than p_filesz";
		if (memory_end(phdr) > 1ULL << 32)
			return "a PT_LOAD ends above 4 GiB";
		if (!phdr->flags)
			return "p_flags is 0";
		if (i > 1 && phdr->paddr < memory_end(phdr - 1))
			return "the PT_LOADs are not ascending in memory";
		if (i > 1 && phdr->offset < file_end(phdr - 1))
			return "the PT_LOADs are not ascending in the file";
	}
	return NULL;
}

static const char *rule_6(const struct elf *elf)
{
	const struct phdr *phdr = &elf->phdr[0];
	struct bytes notes = elf_contents(elf, phdr);
	unsigned int nr_relocs = 0, i;
	struct note note;

	if (phdr->align != 4)
		return "p_align of the PT_NOTE is not 4";
	if (!phdr->offset)
		return "p_offset of the PT_NOTE is 0";
	for (i = 1; i < elf->nr_phdrs; i++) {
		if (elf->phdr[i].type == PT_NOTE)
			return "more than one PT_NOTE";
		if (phdr->offset < file_end(&elf->phdr[i]) &&
		    elf->phdr[i].offset < file_end(phdr))
			return "the PT_NOTE lies inside a PT_LOAD";
	}
	if (!note_next(&notes, &note) ||
	    !note_is(&note, "Xen", XEN_PHYS32_ENTRY) || note.desc.size != 4 ||
	    get_le32(elf_contents(elf, phdr).data) != sizeof("Xen"))
		return "the first note is not Xen's PHYS32_ENTRY with 4 bytes";
	/* Of several, loaders take the first or the last. */
	while (note_next(&notes, &note))
		if (note_has_name(&note, "Xen") &&
		    (note.type != XEN_PHYS32_RELOC || nr_relocs++))
			return "there is a note of Xen's that is not its only PHYS32_RELOC";
	return notes.size ? "the notes do not fill the PT_NOTE" : NULL;
}

static const char *rule_7(const struct elf *elf)
{
	unsigned int i;

	for (i = 0; i < elf->nr_phdrs; i++)
		if (elf->phdr[i].paddr < ONE_MIB)
			return "an address is below 1 MiB";
	return NULL;
}

static const char *rule_8(const struct elf *elf)
{
	unsigned int i;

	if (elf->nr_phdrs > LOADS_MAX + 1)
		return "too many program headers";
	for (i = 1; i < elf->nr_phdrs; i++) {
		const struct phdr *phdr = &elf->phdr[i];

		if (phdr->paddr % PAGE_BYTES)
			return "a PT_LOAD is not page-aligned";
	}
	return NULL;
}

static const char *rule_9(const struct elf *elf)
{
	unsigned int i;

	for (i = 2; i < elf->nr_phdrs; i++)
		if (elf->phdr[i].paddr - memory_end(&elf->phdr[i - 1]) >=
		    PAGE_BYTES)
			return "there is a gap between two PT_LOADs";
	return NULL;
}

/* The stub's first bytes: Xen's note leads to them. */
static const uint8_t *find_stub(const struct elf *elf)
{
	struct bytes notes = elf_contents(elf, &elf->phdr[0]);
	struct note note;

	if (!note_next(&notes, &note) || note.desc.size != 4)
		return NULL;
	return elf_at_paddr(elf, get_le32(note.desc.data), STUB_HEADER_SIZE);
}

/* A composed command line or initrd: a note, two words, one place. */
static const char *check_composed(const struct elf *elf, uint32_t type,
				  const uint8_t *words)
{
	uint32_t at = get_le32(words), size = get_le32(words + 4);
	struct note note;

	if (!elf_find_note(elf, "Linux", type, &note))
		return at || size ? "the stub has what no \"Linux\" note says" :
				    NULL;
	if (note.desc.size != 8 || memcmp(note.desc.data, words, 8))
		return "a \"Linux\" note does not say what the stub does";
	if (!size || !elf_at_paddr(elf, at, size))
		return "the command line or the initrd is not in file bytes";
	return NULL;
}

static const char *rule_10(const struct elf *elf)
{
	uint64_t start = elf->phdr[1].paddr;
	uint64_t end = memory_end(&elf->phdr[elf->nr_phdrs - 1]);
	const uint8_t *stub = find_stub(elf);
	const char *broken;
	uint64_t scratch;

	if (!stub || get_le32(stub + STUB_MAGIC_AT) != STUB_MAGIC)
		return "Xen's note does not lead to the stub";
	scratch = get_le32(stub + STUB_SCRATCH);
	if (get_le32(stub + STUB_KERNEL_START) < start || scratch < start ||
	    get_le32(stub + STUB_KERNEL_END) > end ||
	    scratch + STUB_SCRATCH_SIZE > end)
		return "p_memsz does not cover the kernel's and the stub's memory";
	broken = check_composed(elf, LINUX_COMMAND_LINE, stub + STUB_CMDLINE);
	if (broken)
		return broken;
	return check_composed(elf, LINUX_INITRD, stub + STUB_INITRD);
}

static const char *rule_14(const struct elf *elf)
{
	const struct phdr *phdr = &elf->phdr[1];

	if (elf->nr_phdrs < 2 || elf->entry < phdr->paddr ||
	    elf->entry - phdr->paddr >= phdr->filesz || !(phdr->flags & PF_X))
		return "the entry is not in the first PT_LOAD's file bytes";
	return NULL;
}

static const char *rule_15(const struct elf *elf)
{
	const uint8_t *header = headers_find_multiboot(&elf->file);

	if (!header)
		return NULL;
	if (get_le32(header + 4) != 3)
		return "the multiboot flags are not 3";
	return header - elf->file.data < ZONE_MULTIBOOT ? NULL :
	       "the multiboot header begins behind byte 8144";
}

/* Of the tags these ask for something without changing what is loaded. */
static bool tag_is_harmless(uint16_t type, uint16_t flags)
{
	switch (type) {
	case 1:			/* information request */
		return flags & 1;
	case 4:			/* console flags */
	case 5:			/* framebuffer */
	case 6:			/* aligned modules */
	case MOVABLE_TAG:	/* the stub finds out */
		return true;
	}
	return false;
}

static const char *check_tags(const uint8_t *p, uint32_t left,
			      const uint8_t *stub)
{
	while (left >= 8) {
		uint32_t type = get_le16(p);
		uint32_t size = get_le32(p + 4);

		if (size < 8 || size > left)
			return "a multiboot 2 tag runs past the header";
		if (!type)
			return NULL;
		if (type == MOVABLE_TAG &&
		    !movable_has_tag(&(struct bytes){ p, size }, stub))
			return "a multiboot 2 tag says of where it may be what the stub does not";
		if (!tag_is_harmless(type, get_le16(p + 2)))
			return "a multiboot 2 tag that changes the hand-over";
		size = (size + 7) & ~7;
		if (size > left)
			break;
		p += size;
		left -= size;
	}
	return "the multiboot 2 tags have no end";
}

static const char *rule_16(const struct elf *elf)
{
	const uint8_t *p = elf->file.data;
	size_t at;

	for (at = 0; at + 16 <= elf->file.size && at < ZONE_MULTIBOOT2;
	     at += 8) {
		uint32_t size = get_le32(p + at + 8);

		if (get_le32(p + at) != MULTIBOOT2_MAGIC ||
		    MULTIBOOT2_MAGIC + get_le32(p + at + 4) + size +
		    get_le32(p + at + 12))
			continue;
		if (get_le32(p + at + 4))
			return "the multiboot 2 header is not for i386";
		if (size < 16 || size > ZONE_MULTIBOOT2 - at ||
		    size > elf->file.size - at)
			return "the multiboot 2 header is not in the first 32 KiB";
		return check_tags(p + at + 16, size - 16, find_stub(elf));
	}
	return NULL;
}

/*
 * One section header and no section. Loaders of old load every section that
 * has contents; GRUB 2.12 and later look for section 0 if there is none.
 */
static const char *rule_18(const struct elf *elf)
{
	static const uint8_t null_section[sizeof(Elf32_Shdr)];
	const uint8_t *p = elf->file.data;

	if (is_layout_3_0(elf))
		return NULL;
	if (elf->file.size < PAGE_BYTES)
		return "there is no page of headers";
	if (get_le32(p + 32) != SECTION_AT ||
	    get_le16(p + 46) != sizeof(Elf32_Shdr) || get_le16(p + 48) != 1 ||
	    get_le16(p + 50))
		return "there is not exactly one section header, at 0x400";
	if (memcmp(p + SECTION_AT, null_section, sizeof(null_section)))
		return "the section header is not that of the null section";
	return elf64_is_there(p) ? elf64_broken(elf) : NULL;
}

static const char *rule_19(const struct elf *elf)
{
	return seal_broken(elf, EIN_PROGRAM_CHECKSUM);
}

/* Ours: the others are what loaders ask for. */
static const char *rule_22(const struct elf *elf)
{
	return seal_broken(elf, LINUX_SHA256);
}

/* Ours as well. The kernel clears what it has behind its .bss's beginning. */
static const char *rule_23(const struct elf *elf)
{
	const uint8_t *stub = find_stub(elf);
	uint32_t bss, at;
	struct bytes relocs;

	if (!stub_has_kaslr(stub))
		return NULL;
	at = get_le32(stub + STUB_RELOCS);
	relocs.size = get_le32(stub + STUB_RELOCS_SIZE);
	if (!at)
		return relocs.size ? "relocations have a size, but no place" :
				     NULL;
	bss = get_le32(stub + STUB_BSS);
	relocs.data = elf_at_paddr(elf, at, relocs.size);
	if (!relocs.data || at < bss || bss < get_le32(stub + STUB_KERNEL_START))
		return "the relocations are not in file bytes behind the kernel's";
	if ((uint64_t)at + relocs.size > get_le32(stub + STUB_SCRATCH))
		return "the relocations end in the stub's memory";
	if (!stub_is_aligned(stub))
		return "the kernel is not at a multiple of its own alignment";
	return relocs_broken(&relocs, stub);
}

/* Ours, too: what a loader is told is what the stub's words say. */
static const char *rule_24(const struct elf *elf)
{
	struct note note;

	if (!elf_find_note(elf, "Xen", XEN_PHYS32_RELOC, &note) ||
	    movable_has_note(&note.desc, find_stub(elf)))
		return NULL;
	return "Xen's note PHYS32_RELOC says what the stub does not";
}

/* In this order: later rules rely on what earlier ones have checked. */
static const struct rule {
	unsigned int number;
	const char *(*broken)(const struct elf *elf);
} rules[] = {
	{ 1, rule_1 },
	{ 3, rule_3 },
	{ 2, rule_2 },
	{ 4, rule_4 },
	{ 5, rule_5 },
	{ 6, rule_6 },
	{ 7, rule_7 },
	{ 8, rule_8 },
	{ 18, rule_18 },
	{ 9, rule_9 },
	{ 14, rule_14 },
	{ 10, rule_10 },
	{ 23, rule_23 },
	{ 15, rule_15 },
	{ 16, rule_16 },
	{ 19, rule_19 },
	{ 22, rule_22 },
	{ 24, rule_24 },
};

static int check_rules(const struct bytes *file, struct elf *elf)
{
	unsigned int i;

	if (elf_read(file, elf))
		return -1;
	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		const char *broken = rules[i].broken(elf);

		if (broken)
			return error("rule %u: %s", rules[i].number, broken);
	}
	return 0;
}

/**
 * verify_image - check an image against every rule
 * @file: all of it
 *
 * Return: 0, or -1 with a message printed that names the rule.
 */
int verify_image(const struct bytes *file)
{
	struct elf elf;

	if (check_rules(file, &elf))
		return -1;
	if (is_layout_3_0(&elf))
		return error("rule 18: it has the layout of mkelfImage 3.0, which GRUB 2.12 and later refuse. \"mkelfImage IMAGE OUTPUT\" rewrites it");
	return 0;
}

/**
 * verify_any_layout - check an image that may have an earlier layout
 * @file: all of it
 *
 * What may be read is more than what is written today: mkelfImage 3.0's layout
 * breaks rules 1 and 18 and nothing else.
 *
 * Return: 0, or -1 with a message printed that names the rule.
 */
int verify_any_layout(const struct bytes *file)
{
	struct elf elf;

	return check_rules(file, &elf);
}

/**
 * verify_has_sha256 - check that an image has a SHA-256
 * @file: all of it, as verify_image() has found it right
 *
 * Return: 0, or -1 with a message printed.
 */
int verify_has_sha256(const struct bytes *file)
{
	struct note note;
	struct elf elf;

	if (elf_read(file, &elf))
		return -1;
	if (!elf_find_note(&elf, "Linux", LINUX_SHA256, &note))
		return error("rule 22: there is no SHA-256 note");
	return 0;
}
