// SPDX-License-Identifier: GPL-2.0
/*
 * What an image costs: the file by its parts, and memory.
 */
#include "elfimage.h"

/* The parts of the file, then memory. */
const struct cost_row cost_rows[] = {
	{ "file", offsetof(struct cost, file) },
	{ "kernel", offsetof(struct cost, kernel) },
	{ "relocs", offsetof(struct cost, relocs) },
	{ "stub", offsetof(struct cost, stub) },
	{ "cmdline", offsetof(struct cost, cmdline) },
	{ "initrd", offsetof(struct cost, initrd) },
	{ "rest", offsetof(struct cost, rest) },
	{ "memory", offsetof(struct cost, memory) },
	{ "zeros", offsetof(struct cost, zeros) },
	{ NULL, 0 }
};

/**
 * cost_value - a number of what an image costs
 * @cost: all of them
 * @row: which one
 *
 * Return: bytes.
 */
uint64_t cost_value(const struct cost *cost, const struct cost_row *row)
{
	return *(const uint64_t *)((const char *)cost + row->at);
}

static bool is_inside(const struct segment *segment, uint32_t address)
{
	return address >= segment->paddr &&
	       address - segment->paddr < segment->filesz;
}

/**
 * cost_get - find out what an image costs
 * @layout: its plan
 * @cost: result
 *
 * The first segment is the kernel's. Relocations are in it or in the stub's,
 * and a kernel with CONFIG_ELF_BOOT has the stub itself.
 */
void cost_get(const struct layout *layout, struct cost *cost)
{
	const uint8_t *words = layout->words;
	const struct segment *first = &layout->segment[0];
	unsigned int i;

	*cost = (struct cost){
		.file = layout->size, .kernel = first->filesz,
		.stub = get_le32(words + STUB_SIZE),
		.cmdline = get_le32(words + STUB_CMDLINE_SIZE),
		.initrd = get_le32(words + STUB_INITRD_SIZE),
	};
	if (stub_has_kaslr(words))
		cost->relocs = get_le32(words + STUB_RELOCS_SIZE);
	if (is_inside(first, get_le32(words + STUB_BASE)))
		cost->kernel -= cost->stub;
	if (cost->relocs && is_inside(first, get_le32(words + STUB_RELOCS)))
		cost->kernel -= cost->relocs;
	cost->rest = cost->file - cost->kernel - cost->relocs - cost->stub -
		     cost->cmdline - cost->initrd;
	for (i = 0; i < layout->nr_segments; i++) {
		cost->memory += layout->segment[i].memsz;
		cost->zeros += layout->segment[i].memsz -
			       layout->segment[i].filesz;
	}
}
