// SPDX-License-Identifier: GPL-2.0
/*
 * The plan of an image, for people to read.
 */
#include <elf.h>
#include <stdio.h>

#include "elfimage.h"

static void dump_segments(const struct layout *layout)
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

static void dump_notes(const struct layout *layout)
{
	size_t at = sizeof(Elf32_Ehdr) +
		    (1 + layout->nr_segments) * sizeof(Elf32_Phdr);
	struct bytes notes = { layout->head + at, layout->notes };
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

static void dump_words(const struct layout *layout)
{
	static const struct {
		unsigned int at;
		const char *name;
	} words[] = {
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
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		printf("stub     0x%02x %-12s 0x%08x\n", words[i].at,
		       words[i].name, get_le32(layout->words + words[i].at));
}

/**
 * dump_layout - print a plan on the standard output
 * @layout: the plan
 */
void dump_layout(const struct layout *layout)
{
	printf("version  %.*s\n", (int)layout->version.size,
	       (const char *)layout->version.data);
	printf("file     0x%zx bytes\n", layout->size);
	printf("entry    0x%08x\n", layout->entry);
	dump_segments(layout);
	dump_notes(layout);
	dump_words(layout);
}
