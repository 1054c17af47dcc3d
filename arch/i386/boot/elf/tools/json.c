// SPDX-License-Identifier: GPL-2.0
/*
 * The plan of an image, for programs to read: JSON (RFC 8259). Numbers are
 * bytes, offsets in the file or physical addresses.
 */
#include <stdio.h>
#include <string.h>

#include "pe.h"
#include "pkcs7.h"
#include "uki.h"

/* Bytes that are no printable ASCII are taken for ISO 8859-1. */
static void put_string(const struct bytes *text)
{
	size_t i;

	putchar('"');
	for (i = 0; i < text->size; i++) {
		uint8_t c = text->data[i];

		if (c < ' ' || c > '~' || c == '"' || c == '\\')
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void put_headers(const struct layout *layout)
{
	unsigned int nr_phdrs = 1 + layout->nr_segments;

	printf("  \"headers\": [\n    { \"class\": 32, \"phoff\": %u, \"phnum\": %u, \"shoff\": %u, \"shnum\": 1 }",
	       PHDRS_AT, nr_phdrs, SECTION_AT);
	if (elf64_is_there(layout->head))
		printf(",\n    { \"class\": 64, \"phoff\": %u, \"phnum\": %u, \"shnum\": 0 }",
		       SECTION_AT, nr_phdrs + 1);
	printf("\n  ],\n");
}

static void put_segments(const struct layout *layout)
{
	unsigned int i;

	printf("  \"segments\": [");
	for (i = 0; i < layout->nr_segments; i++) {
		const struct segment *segment = &layout->segment[i];

		printf("%s\n    { \"paddr\": %llu, \"memsz\": %llu, \"offset\": %llu, \"filesz\": %llu }",
		       i ? "," : "",
		       (unsigned long long)segment->paddr,
		       (unsigned long long)segment->memsz,
		       (unsigned long long)segment->offset,
		       (unsigned long long)segment->filesz);
	}
	printf("\n  ],\n");
}

static void put_movable(const struct layout *layout)
{
	struct movable movable;

	if (movable_get(layout->words, &movable))
		printf("  \"movable\": { \"min\": %u, \"max\": %u, \"align\": %u },\n",
		       movable.min, movable.max, movable.align);
}

static void put_notes(const struct layout *layout)
{
	struct bytes notes = dump_notes(layout);
	struct note note;
	bool more = false;
	size_t i;

	printf("  \"notes\": [");
	for (; note_next(&notes, &note); more = true) {
		printf("%s\n    { \"name\": ", more ? "," : "");
		put_string(&note.name);
		printf(", \"type\": %u, \"desc\": \"", note.type);
		for (i = 0; i < note.desc.size; i++)
			printf("%02x", note.desc.data[i]);
		printf("\" }");
	}
	printf("\n  ],\n");
}

static void put_words(const struct layout *layout)
{
	const struct dump_word *word;

	printf("  \"stub\": {");
	for (word = dump_words; word->name; word++)
		if (dump_has_word(layout, word))
			printf("%s\n    \"%s\": %u",
			       word == dump_words ? "" : ",", word->name,
			       get_le32(layout->words + word->at));
	printf("\n  }\n");
}

static void put_cost(const struct layout *layout)
{
	const struct cost_row *row;
	struct cost cost;

	cost_get(layout, &cost);
	printf("  \"cost\": {");
	for (row = cost_rows; row->name; row++)
		printf("%s\n    \"%s\": %llu", row == cost_rows ? "" : ",",
		       row->name,
		       (unsigned long long)cost_value(&cost, row));
	printf("\n  },\n");
}

static void put_program(const struct pe *pe)
{
	const char *machine = uki_machine(pe->machine);
	unsigned int i;

	printf("  \"program\": {\n    \"machine\": \"%s\",\n    \"file\": %zu,\n    \"memory\": %u,\n    \"entry\": %u,\n    \"checksum\": %u,\n    \"signed\": %s,\n    \"sections\": [",
	       machine ? machine : "", pe->file.size, pe->image_size, pe->entry,
	       pe->checksum, pe->signature_size ? "true" : "false");
	for (i = 0; i < pe->nr_sections; i++) {
		const struct pe_section *section = &pe->section[i];
		struct bytes name = { (const uint8_t *)section->name,
				      strlen(section->name) };

		printf("%s\n      { \"name\": ", i ? "," : "");
		put_string(&name);
		printf(", \"vaddr\": %u, \"vsize\": %u, \"offset\": %zu, \"filesz\": %zu }",
		       section->vaddr, section->vsize, pe_offset(pe, section),
		       section->bytes.size);
	}
	printf("\n    ]\n  },\n");
}

static void put_text(const char *name, const char *text)
{
	printf("\"%s\": ", name);
	put_string(&(struct bytes){ (const uint8_t *)text, strlen(text) });
}

static void put_signer(const struct signer_id *id)
{
	printf("{ ");
	if (*id->key_id) {
		put_text("key-id", id->key_id);
	} else {
		put_text("issuer", id->issuer);
		printf(", ");
		put_text("serial", id->serial);
	}
	printf(", ");
	put_text("digest", id->digest);
	printf(" }");
}

static void put_dropped(const struct bytes *pkcs7)
{
	struct signer_id id;
	unsigned int i;

	printf("  \"dropped-signature\": { \"size\": %zu, \"signers\": [",
	       pkcs7->size);
	for (i = 0; pkcs7_is_possible() && pkcs7_get_id(pkcs7, i, &id) == 1;
	     i++) {
		printf(i ? ", " : " ");
		put_signer(&id);
	}
	printf(" ] },\n");
}

/* One that will be there, and one that was. */
static void put_signatures(const struct layout *layout)
{
	struct signer_id id;

	if (layout->signer) {
		signer_get_id(layout->signer, &id);
		printf("  \"signer\": ");
		put_signer(&id);
		printf(",\n");
	}
	if (layout->dropped.data)
		put_dropped(&layout->dropped);
}

/**
 * dump_json - print a plan as JSON on the standard output
 * @layout: the plan of an image
 * @pe: as for dump_layout()
 */
void dump_json(const struct layout *layout, const struct pe *pe)
{
	printf("{\n");
	if (pe->nr_sections)
		put_program(pe);
	printf("  \"version\": ");
	put_string(&layout->version);
	printf(",\n  \"file\": %zu,\n  \"entry\": %u,\n", layout->size,
	       layout->entry);
	put_headers(layout);
	put_segments(layout);
	put_cost(layout);
	put_movable(layout);
	put_signatures(layout);
	put_notes(layout);
	put_words(layout);
	printf("}\n");
}
