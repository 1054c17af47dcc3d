// SPDX-License-Identifier: GPL-2.0
/*
 * The plan of an image, for people to read.
 */
#include <stdio.h>

#include "pe.h"
#include "pkcs7.h"
#include "uki.h"

const struct dump_word dump_words[] = {
	{ STUB_BASE, "base" },
	{ STUB_SIZE, "size" },
	{ STUB_KERNEL_ENTRY, "kernel entry" },
	{ STUB_KERNEL_START, "kernel start" },
	{ STUB_KERNEL_END, "kernel end" },
	{ STUB_SCRATCH, "scratch" },
	{ STUB_FLAGS, "flags" },
	{ STUB_SETUP, "setup" },
	{ STUB_SETUP_SIZE, "setup size" },
	{ STUB_CMDLINE, "cmdline" },
	{ STUB_CMDLINE_SIZE, "cmdline size" },
	{ STUB_INITRD, "initrd" },
	{ STUB_INITRD_SIZE, "initrd size" },
	{ STUB_BSS, "bss" },
	{ STUB_ALIGN, "align" },
	{ STUB_IMAGE_MAX, "image max" },
	{ STUB_RELOCS, "relocs" },
	{ STUB_RELOCS_SIZE, "relocs size" },
	{ 0, NULL }
};

static void print_headers(const struct layout *layout)
{
	unsigned int nr_phdrs = 1 + layout->nr_segments;

	printf("headers  ELF32: %u program headers at 0x%x, 1 section header at 0x%x\n",
	       nr_phdrs, PHDRS_AT, SECTION_AT);
	if (elf64_is_there(layout->head))
		printf("headers  ELF64: %u program headers at 0x%x\n",
		       nr_phdrs + 1, SECTION_AT);
}

static void print_segments(const struct layout *layout)
{
	unsigned int i;

	for (i = 0; i < layout->nr_segments; i++) {
		const struct segment *segment = &layout->segment[i];

		printf("segment  0x%08llx to 0x%08llx, from 0x%06llx in the file, 0x%llx bytes\n",
		       (unsigned long long)segment->paddr,
		       (unsigned long long)(segment->paddr + segment->memsz),
		       (unsigned long long)segment->offset,
		       (unsigned long long)segment->filesz);
	}
}

/**
 * dump_notes - the notes of a plan
 * @layout: the plan
 *
 * Return: a run of notes, for note_next().
 */
struct bytes dump_notes(const struct layout *layout)
{
	return (struct bytes){ layout->head + headers_notes_at(layout),
			       layout->notes };
}

static void print_notes(const struct layout *layout)
{
	struct bytes notes = dump_notes(layout);
	struct note note;
	size_t i;

	while (note_next(&notes, &note)) {
		printf("note     %-7.*s 0x%03x ", (int)note.name.size,
		       (const char *)note.name.data, note.type);
		for (i = 0; i < note.desc.size; i++)
			printf(" %02x", note.desc.data[i]);
		putchar('\n');
	}
}

/**
 * dump_has_word - has a plan's stub a word?
 * @layout: the plan
 * @word: one of dump_words
 *
 * Return: false if it is an earlier stub, or one that does not need the word.
 */
bool dump_has_word(const struct layout *layout, const struct dump_word *word)
{
	return word->at < STUB_BSS || stub_has_kaslr(layout->words);
}

static void print_movable(const struct layout *layout)
{
	struct movable movable;

	if (movable_get(layout->words, &movable))
		printf("movable  0x%08x to 0x%08x, by multiples of 0x%x\n",
		       movable.min, movable.max, movable.align);
}

static void print_words(const struct layout *layout)
{
	const struct dump_word *word;

	for (word = dump_words; word->name; word++)
		if (dump_has_word(layout, word))
			printf("stub     0x%02x %-12s 0x%08x\n", word->at,
			       word->name, get_le32(layout->words + word->at));
}

/* A row of each; what there is none of is left out. */
static void print_cost(const struct layout *layout)
{
	const struct cost_row *row;
	struct cost cost;

	cost_get(layout, &cost);
	for (row = cost_rows; row->name; row++)
		if (cost_value(&cost, row))
			printf("cost     %-8s %10llu bytes\n", row->name,
			       (unsigned long long)cost_value(&cost, row));
}

/* A bzImage has its own. */
static void print_kaslr(const struct layout *layout)
{
	const uint8_t *words = layout->words;

	if (get_le32(words + STUB_SETUP))
		puts("kaslr    by the kernel's own decompressor, if it has any");
	else if (!stub_has_kaslr(words))
		puts("kaslr    none: the kernel has been built without, or comes without relocations");
	else if (!get_le32(words + STUB_RELOCS))
		puts("kaslr    none: no relocations");
	else
		puts("kaslr    by the stub");
}

static void print_program(const struct pe *pe)
{
	const char *machine = uki_machine(pe->machine);
	unsigned int i;

	printf("program  %s, 0x%zx bytes, 0x%x in memory, entry 0x%x, checksum 0x%x, %s\n",
	       machine ? machine : "not for x86", pe->file.size, pe->image_size,
	       pe->entry, pe->checksum,
	       pe->signature_size ? "signed" : "not signed");
	for (i = 0; i < pe->nr_sections; i++) {
		const struct pe_section *section = &pe->section[i];

		printf("section  %-8s 0x%08x to 0x%08llx, from 0x%06zx in the file, 0x%zx bytes\n",
		       section->name, section->vaddr,
		       (unsigned long long)section->vaddr + section->vsize,
		       pe_offset(pe, section), section->bytes.size);
	}
}

static void print_signer(const struct signer_id *id)
{
	if (*id->key_id)
		printf("key id %s", id->key_id);
	else
		printf("%s, serial 0x%s", id->issuer, id->serial);
	printf(", %s\n", id->digest);
}

/**
 * dump_signature - print on the standard output who has signed a file
 * @pkcs7: the signature, which is in order, or this program cannot read any
 */
void dump_signature(const struct bytes *pkcs7)
{
	struct signer_id id;
	unsigned int i;

	if (!pkcs7_is_possible()) {
		printf("%zu bytes of PKCS#7 (built without libcrypto: cannot tell by whom)\n",
		       pkcs7->size);
		return;
	}
	for (i = 0; pkcs7_get_id(pkcs7, i, &id) == 1; i++) {
		fputs(i ? "and by " : "by ", stdout);
		print_signer(&id);
	}
}

static void print_signatures(const struct layout *layout)
{
	struct signer_id id;

	if (layout->signer) {
		signer_get_id(layout->signer, &id);
		fputs("signed   by ", stdout);
		print_signer(&id);
	}
	if (layout->dropped.data) {
		fputs("dropped  signature: ", stdout);
		dump_signature(&layout->dropped);
	}
}

/* It goes to a terminal, and may be anything. */
static void print_version(const struct bytes *version)
{
	size_t i;

	fputs("version  ", stdout);
	for (i = 0; i < version->size; i++) {
		uint8_t c = version->data[i];

		putchar(c >= ' ' && c <= '~' ? c : '?');
	}
	putchar('\n');
}

/**
 * dump_layout - print a plan on the standard output
 * @layout: the plan of an image
 * @pe: the UEFI program that it is put into, or taken out of; without sections:
 *	there is none
 */
void dump_layout(const struct layout *layout, const struct pe *pe)
{
	if (pe->nr_sections)
		print_program(pe);
	print_version(&layout->version);
	printf("file     0x%zx bytes\n", layout->size);
	printf("entry    0x%08x\n", layout->entry);
	print_headers(layout);
	print_segments(layout);
	print_cost(layout);
	print_kaslr(layout);
	print_movable(layout);
	print_signatures(layout);
	print_notes(layout);
	print_words(layout);
}
