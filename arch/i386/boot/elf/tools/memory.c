// SPDX-License-Identifier: GPL-2.0
/*
 * What a kernel's file says of its memory.
 */
#include "elfimage.h"

/**
 * memory_word - read a word of a kernel's memory
 * @kernel: the kernel
 * @paddr: where it is
 *
 * Return: the word; 0 if it is not in file bytes.
 */
uint32_t memory_word(const struct kernel *kernel, uint32_t paddr)
{
	unsigned int i;

	for (i = 0; i < kernel->nr_chunks; i++) {
		const struct bytes *bytes = &kernel->chunk[i].bytes;
		uint32_t at = paddr - kernel->chunk[i].paddr;

		if (bytes->size >= 4 && at <= bytes->size - 4)
			return get_le32(bytes->data + at);
	}
	return 0;
}

/**
 * memory_has_contents - find out whether there are file bytes at an address
 * @kernel: the kernel
 * @paddr: the address
 *
 * Return: true if there is one.
 */
bool memory_has_contents(const struct kernel *kernel, uint64_t paddr)
{
	unsigned int i;

	for (i = 0; i < kernel->nr_chunks; i++) {
		const struct chunk *chunk = &kernel->chunk[i];

		if (paddr >= chunk->paddr &&
		    paddr - chunk->paddr < chunk->bytes.size)
			return true;
	}
	return false;
}

/**
 * memory_contents_end - find out how far a kernel has contents
 * @kernel: the kernel
 *
 * Return: address behind its last file byte.
 */
uint64_t memory_contents_end(const struct kernel *kernel)
{
	uint64_t end = kernel->start;
	unsigned int i;

	for (i = 0; i < kernel->nr_chunks; i++) {
		const struct chunk *chunk = &kernel->chunk[i];

		if (chunk->paddr + chunk->bytes.size > end)
			end = chunk->paddr + chunk->bytes.size;
	}
	return end;
}

/* Bytes of a chunk that are in front of an address. */
static size_t size_before(const struct chunk *chunk, uint32_t paddr)
{
	if (chunk->paddr >= paddr)
		return 0;
	return chunk->bytes.size < paddr - chunk->paddr ?
	       chunk->bytes.size : paddr - chunk->paddr;
}

/**
 * memory_find_contents - look for something that is not zero
 * @kernel: the kernel
 * @from: the lowest address to look at
 *
 * Return: the first address in the first chunk that has something; 0: there is
 * nothing.
 */
uint64_t memory_find_contents(const struct kernel *kernel, uint32_t from)
{
	unsigned int i;
	size_t at;

	for (i = 0; i < kernel->nr_chunks; i++) {
		const struct chunk *chunk = &kernel->chunk[i];

		for (at = size_before(chunk, from); at < chunk->bytes.size; at++)
			if (chunk->bytes.data[at])
				return chunk->paddr + at;
	}
	return 0;
}

/**
 * memory_cut_contents - leave out what a kernel's file has from an address on
 * @kernel: the kernel
 * @from: the address; as memory_find_contents() says, there are only zeros
 */
void memory_cut_contents(struct kernel *kernel, uint32_t from)
{
	unsigned int i;

	for (i = 0; i < kernel->nr_chunks; i++)
		kernel->chunk[i].bytes.size =
			size_before(&kernel->chunk[i], from);
}

/**
 * memory_check_bss - check where a kernel's own stub says that .bss begins
 * @kernel: the kernel, with its stub
 *
 * Contents end there when relocations come, and the stub's words are contents.
 *
 * Return: 0, or -1 with a message printed.
 */
int memory_check_bss(const struct kernel *kernel)
{
	uint32_t bss = get_le32(kernel->stub.data + STUB_BSS);
	uint64_t start = (uint64_t)kernel->stub_at + STUB_HEADER_SIZE;

	if (!stub_has_kaslr(kernel->stub.data) ||
	    (bss >= start && bss <= kernel->end))
		return 0;
	return error("its .bss, 0x%x, is not from its ELF boot stub, 0x%llx, to its end, 0x%llx",
		     bss, (unsigned long long)start,
		     (unsigned long long)kernel->end);
}
