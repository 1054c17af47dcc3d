// SPDX-License-Identifier: GPL-2.0
/*
 * The plan of an image. Its file begins with a page of headers (headers.c),
 * its memory is one run of PT_LOADs without a gap.
 *
 * Of a vmlinux ("elfImage"):
 *
 *	start	the kernel's memory, flat; the stub is in it; its relocations are
 *		where .bss will be
 *	end	the command line and the initrd, if there are any, with a gap
 *		between if it is asked for
 *
 * Of a bzImage ("zelfImage"), and of a vmlinux without the stub:
 *
 *	start	the protected-mode code, or all that a vmlinux has in front of
 *		its .bss, and behind it a jump to the stub; p_memsz is the
 *		memory in which it unpacks itself, or all of the vmlinux's
 *	end	the stub, the setup_header or the relocations, the command
 *		line; scratch memory as NOBITS
 *	...	the initrd, if there is one
 *
 * The stub is behind the kernel, as what is in front of it is no place for
 * it: below pref_address, which is 16 MiB, there is the ISA memory hole on
 * boards that have it enabled (15 to 16 MiB); kernels before protocol 2.10
 * are loaded to 1 MiB, and nothing may be below (rule 7). The entry has to be
 * in the first PT_LOAD, though (rule 14): hence the jump.
 */
#include <stdlib.h>
#include <string.h>

#include "elfimage.h"

static struct segment *last_segment(struct layout *layout)
{
	return &layout->segment[layout->nr_segments - 1];
}

static uint64_t segment_end(const struct segment *segment)
{
	return segment->paddr + segment->memsz;
}

/* Pages in the file cost more than a zelfImage may be larger: 16 bytes do. */
static struct segment *add_segment(struct layout *layout, uint64_t paddr)
{
	struct segment *segment = &layout->segment[layout->nr_segments];

	segment->offset = round_up(layout->size, FILE_ALIGN);
	segment->paddr = paddr;
	segment->align = layout->nr_segments ? FILE_ALIGN : PAGE_BYTES;
	layout->nr_segments++;
	return segment;
}

static void add_piece(struct layout *layout, size_t offset,
		      const uint8_t *data, size_t size)
{
	unsigned int i = layout->nr_pieces;

	if (!size)
		return;
	if (i == PIECES_MAX)
		abort();		/* nobody can ask for so many */
	/* Keep them ascending; kernels have theirs in order already. */
	for (; i && layout->piece[i - 1].offset > offset; i--)
		layout->piece[i] = layout->piece[i - 1];
	layout->piece[i] = (struct piece){ offset, { data, size } };
	layout->nr_pieces++;
}

/* Contents of the last segment. */
static void put(struct layout *layout, uint64_t paddr, const uint8_t *data,
		size_t size)
{
	struct segment *segment = last_segment(layout);
	uint64_t end = paddr - segment->paddr + size;

	add_piece(layout, segment->offset + (paddr - segment->paddr), data,
		  size);
	if (end > segment->filesz)
		segment->filesz = end;
	if (end > segment->memsz)
		segment->memsz = end;
	layout->size = segment->offset + segment->filesz;
}

/* The same, behind those that it has; where they are is the result. */
static uint64_t append(struct layout *layout, const uint8_t *data, size_t size,
		       size_t align)
{
	const struct segment *segment = last_segment(layout);
	uint64_t paddr = segment->paddr + round_up(segment->filesz, align);

	put(layout, paddr, data, size);
	return paddr;
}

static void set_word(struct layout *layout, unsigned int word, uint32_t value)
{
	put_le32(layout->words + word, value);
}

/* Two words: where something is, and its bytes. */
static void set_place(struct layout *layout, unsigned int word, uint32_t at,
		      uint32_t size)
{
	set_word(layout, word, at);
	set_word(layout, word + 4, size);
}

/* A page of its own: nothing that a loader adds may be on the same. */
static struct segment *add_page_segment(struct layout *layout)
{
	return add_segment(layout, round_up(segment_end(last_segment(layout)),
					    PAGE_BYTES));
}

static void fill_pages(struct layout *layout)
{
	struct segment *segment = last_segment(layout);

	segment->memsz = round_up(segment->memsz, PAGE_BYTES);
}

static int add_cmdline(const struct kernel *kernel, const char *cmdline,
		       struct layout *layout)
{
	uint32_t max = kernel->cmdline_max;
	size_t size = strlen(cmdline) + 1;

	if (max > COMMAND_LINE_MAX)
		max = COMMAND_LINE_MAX;
	if (size - 1 > max)
		return error("the command line has %zu characters, more than cmdline_size, %u",
			     size - 1, max);
	set_place(layout, STUB_CMDLINE,
		  append(layout, (const uint8_t *)cmdline, size, FILE_ALIGN),
		  size);
	return 0;
}

/*
 * Nobody's memory, from the last segment to where the initrd is to be: there
 * must be no gap (rule 9), and the last segment's own end says where the
 * kernel's memory ends when something else is composed into the image.
 */
static int add_gap(struct layout *layout, uint32_t to)
{
	static const uint8_t filling[GAP_BYTES];
	uint64_t end = round_up(segment_end(last_segment(layout)), PAGE_BYTES);
	struct segment *segment;

	if (to < end)
		return error("ramdisk base 0x%x is below the end of the kernel's memory, 0x%llx",
			     to, (unsigned long long)end);
	if (to == end)
		return 0;
	segment = add_page_segment(layout);
	append(layout, filling, sizeof(filling), 1);
	segment->memsz = to - segment->paddr;
	return 0;
}

/* One behind the other, with zeros between them; an empty one is none. */
static void add_archives(const struct options *options, struct layout *layout)
{
	const struct segment *segment = last_segment(layout);
	unsigned int i;

	for (i = 0; i < options->nr_initrds; i++) {
		const struct bytes *initrd = &options->initrd[i];
		uint64_t at = segment->filesz ? INITRD_NEXT(segment->filesz) :
						0;

		if (initrd->size)
			put(layout, segment->paddr + at, initrd->data,
			    initrd->size);
	}
}

static int add_initrds(const struct kernel *kernel,
		       const struct options *options, struct layout *layout)
{
	struct segment *segment;
	uint64_t end;

	if (!options->nr_initrds)
		return 0;
	if (options->ramdisk_base && add_gap(layout, options->ramdisk_base))
		return -1;
	segment = add_page_segment(layout);
	add_archives(options, layout);
	end = segment->paddr + segment->filesz;
	if (end - 1 > kernel->initrd_max)
		return error("the initrd's last byte would be at 0x%llx, above initrd_addr_max, 0x%x",
			     (unsigned long long)end - 1, kernel->initrd_max);
	set_place(layout, STUB_INITRD, segment->paddr, segment->filesz);
	fill_pages(layout);
	return 0;
}

static bool has_stub(const struct chunk *chunk, const struct kernel *kernel)
{
	uint32_t at = kernel->stub_at - chunk->paddr;

	return kernel->stub.data && kernel->stub_at >= chunk->paddr &&
	       at < chunk->bytes.size &&
	       chunk->bytes.data + at == kernel->stub.data;
}

/* A chunk of the kernel, but the stub's first bytes are those of the plan. */
static void put_chunk(const struct kernel *kernel, const struct chunk *chunk,
		      struct layout *layout)
{
	const uint8_t *data = chunk->bytes.data;
	size_t size = chunk->bytes.size;
	uint32_t at = kernel->stub_at - chunk->paddr;

	if (!has_stub(chunk, kernel)) {
		put(layout, chunk->paddr, data, size);
		return;
	}
	put(layout, chunk->paddr, data, at);
	put(layout, kernel->stub_at, layout->words, STUB_HEADER_SIZE);
	at += STUB_HEADER_SIZE;
	put(layout, chunk->paddr + at, data + at, size - at);
}

static int put_chunks(const struct kernel *kernel, struct layout *layout)
{
	unsigned int i;

	for (i = 0; i < kernel->nr_chunks; i++)
		put_chunk(kernel, &kernel->chunk[i], layout);
	for (i = 1; i < layout->nr_pieces; i++) {
		const struct piece *low = &layout->piece[i - 1];

		if (low->offset + low->bytes.size > layout->piece[i].offset)
			return error("its segments overlap in memory");
	}
	return 0;
}

static bool is_composed(const struct options *options)
{
	return options->cmdline || options->nr_initrds;
}

static bool has_composed(const struct kernel *kernel)
{
	return kernel->cmdline.data || kernel->initrd.data;
}

/* Where a stub of an earlier version has code, these words are not zero. */
static bool has_words(const uint8_t *stub, unsigned int from, unsigned int to)
{
	for (; from < to; from++)
		if (stub[from])
			return false;
	return true;
}

/* What is composed would be there otherwise, and the image obey the rules. */
static int check_scratch(const struct kernel *kernel)
{
	uint64_t start = get_le32(kernel->stub.data + STUB_SCRATCH);
	uint64_t end = start + STUB_SCRATCH_SIZE;

	if (start < kernel->start || end > kernel->end)
		return error("its ELF boot stub's memory, 0x%llx to 0x%llx, is not in the kernel's, 0x%x to 0x%llx",
			     (unsigned long long)start, (unsigned long long)end,
			     kernel->start, (unsigned long long)kernel->end);
	return 0;
}

/*
 * They cost no memory: the kernel clears its .bss when they are no longer
 * needed. The stub's own memory begins behind that.
 */
static int add_relocs(const struct kernel *kernel,
		      const struct options *options, struct layout *layout)
{
	uint64_t at, end, scratch = get_le32(layout->words + STUB_SCRATCH);

	if (!stub_has_kaslr(layout->words))
		return 0;
	set_place(layout, STUB_RELOCS, 0, 0);
	if (options->no_relocs || !kernel->relocs.size)
		return 0;
	at = round_up(get_le32(layout->words + STUB_BSS), FILE_ALIGN);
	end = at + kernel->relocs.size;
	if (end > scratch)
		return error("its .bss, 0x%llx to 0x%llx, is too small for 0x%zx bytes of relocations; make the image without them (--no-relocs)",
			     (unsigned long long)at,
			     (unsigned long long)scratch, kernel->relocs.size);
	put(layout, at, kernel->relocs.data, kernel->relocs.size);
	set_place(layout, STUB_RELOCS, at, kernel->relocs.size);
	return 0;
}

static int plan_vmlinux(const struct kernel *kernel,
			const struct options *options, struct layout *layout)
{
	struct segment *segment = add_segment(layout, kernel->start);

	memcpy(layout->words, kernel->stub.data, STUB_HEADER_SIZE);
	if (has_composed(kernel))
		memset(layout->words + STUB_CMDLINE, 0, STUB_BSS - STUB_CMDLINE);
	if (is_composed(options) && !has_words(layout->words, STUB_SETUP, STUB_BSS))
		return error("its ELF boot stub is too old to have a command line or an initrd composed into it");
	if (is_composed(options) && check_scratch(kernel))
		return -1;
	layout->stub = kernel->stub_at;
	layout->entry = kernel->stub_at + STUB_ENTRY;
	if (put_chunks(kernel, layout) || add_relocs(kernel, options, layout))
		return -1;
	segment->memsz = kernel->end - kernel->start;
	if (!options->cmdline)
		return 0;
	add_page_segment(layout);
	if (add_cmdline(kernel, options->cmdline, layout))
		return -1;
	fill_pages(layout);
	return 0;
}

static int check_stub(const struct bytes *stub)
{
	if (stub->size < STUB_HEADER_SIZE ||
	    get_le32(stub->data + STUB_MAGIC_AT) != STUB_MAGIC ||
	    get_le32(stub->data + STUB_SIZE) != stub->size ||
	    !has_words(stub->data, STUB_PARAMS, STUB_HEADER_SIZE))
		return error("the ELF boot stub in this program is not the one it was written for");
	return 0;
}

static void put_stub(const struct kernel *kernel, const struct bytes *stub,
		     struct layout *layout)
{
	memcpy(layout->words, stub->data, STUB_HEADER_SIZE);
	layout->stub = append(layout, layout->words, STUB_HEADER_SIZE, 1);
	append(layout, stub->data + STUB_HEADER_SIZE,
	       stub->size - STUB_HEADER_SIZE, 1);
	set_word(layout, STUB_BASE, layout->stub);
	set_word(layout, STUB_KERNEL_ENTRY, kernel->entry);
	set_word(layout, STUB_FLAGS, kernel->flags);
	set_word(layout, STUB_KERNEL_START, kernel->start);
}

static void put_setup(const struct kernel *kernel, struct layout *layout)
{
	if (!kernel->setup.size)
		return;
	set_place(layout, STUB_SETUP,
		  append(layout, kernel->setup.data, kernel->setup.size,
			 FILE_ALIGN),
		  kernel->setup.size);
}

/* Here they are behind the stub: the kernel's own file may have no .bss. */
static void put_relocs(const struct kernel *kernel,
		       const struct options *options, struct layout *layout)
{
	if (!(kernel->flags & STUB_FLAG_KASLR))
		return;
	set_word(layout, STUB_BSS, kernel->bss);
	set_word(layout, STUB_ALIGN, kernel->align);
	set_word(layout, STUB_IMAGE_MAX, kernel->image_max);
	if (options->no_relocs || !kernel->relocs.size)
		return;
	set_place(layout, STUB_RELOCS,
		  append(layout, kernel->relocs.data, kernel->relocs.size,
			 FILE_ALIGN),
		  kernel->relocs.size);
}

static void put_scratch(struct layout *layout)
{
	struct segment *segment = last_segment(layout);
	uint64_t scratch = round_up(segment_end(segment), PAGE_BYTES);

	set_word(layout, STUB_SCRATCH, scratch);
	segment->memsz = scratch + STUB_SCRATCH_SIZE - segment->paddr;
}

/* Nothing of the kernel's may be overwritten, and zeros count. */
static void put_jump(const struct kernel *kernel, struct layout *layout)
{
	const struct segment *segment = last_segment(layout);
	uint64_t at = segment->paddr + segment->filesz;

	at = round_up(at > kernel->bss ? at : kernel->bss, FILE_ALIGN);
	put(layout, at, layout->jump, sizeof(layout->jump));
	layout->entry = at;
}

static void aim_jump(struct layout *layout)
{
	layout->jump[0] = JMP_REL32;
	put_le32(layout->jump + 1, layout->stub + STUB_ENTRY -
		 (layout->entry + sizeof(layout->jump)));
}

static int plan_without_stub(const struct kernel *kernel,
			     const struct bytes *stub,
			     const struct options *options,
			     struct layout *layout)
{
	struct segment *segment = add_segment(layout, kernel->start);
	uint64_t end = kernel->end;

	if (check_stub(stub) || put_chunks(kernel, layout))
		return -1;
	put_jump(kernel, layout);
	if (segment_end(segment) > end)
		end = segment_end(segment);
	end = round_up(end, PAGE_BYTES);
	segment->memsz = end - segment->paddr;

	add_segment(layout, end);
	put_stub(kernel, stub, layout);
	put_setup(kernel, layout);
	put_relocs(kernel, options, layout);
	if (options->cmdline && add_cmdline(kernel, options->cmdline, layout))
		return -1;
	put_scratch(layout);
	aim_jump(layout);
	return 0;
}

/* What is not replaced stays as it is: the options then say that. */
static struct options keep_composed(const struct kernel *kernel,
				    const struct options *options)
{
	struct options kept = *options;

	if (!kept.cmdline)
		kept.cmdline = (const char *)kernel->cmdline.data;
	else if (!*kept.cmdline)
		kept.cmdline = NULL;
	if (!kept.nr_initrds && !kept.no_initrd && kernel->initrd.data)
		kept.initrd[kept.nr_initrds++] = kernel->initrd;
	if (!kept.ramdisk_base)
		kept.ramdisk_base = kernel->ramdisk_base;
	kept.multiboot &= !kernel->no_multiboot;
	kept.elf64 &= !kernel->no_elf64;
	kept.checksum &= !kernel->no_checksum;
	kept.sha256 |= kernel->has_sha256;
	return kept;
}

/**
 * layout_plan - plan the image of a kernel
 * @kernel: the kernel
 * @stub: the stub, for a kernel without one
 * @options: what to write
 * @layout: result; refers to all of the above, and to itself
 *
 * Return: 0, or -1 with a message printed.
 */
int layout_plan(const struct kernel *kernel, const struct bytes *stub,
		const struct options *options, struct layout *layout)
{
	struct options kept = keep_composed(kernel, options);
	uint64_t end;
	int ret;

	if (options->ramdisk_base && !kept.nr_initrds)
		return error("ramdisk base 0x%x: there is no initrd",
			     options->ramdisk_base);
	memset(layout, 0, sizeof(*layout));
	layout->version = kernel->version;
	layout->size = PAGE_BYTES;
	if (kernel->stub.data)
		ret = plan_vmlinux(kernel, &kept, layout);
	else
		ret = plan_without_stub(kernel, stub, &kept, layout);
	if (ret || add_initrds(kernel, &kept, layout))
		return -1;
	end = segment_end(last_segment(layout));
	if (end > UINT32_MAX)
		return error("the image would end at 0x%llx, above 4 GiB",
			     (unsigned long long)end);
	if (!kernel->stub.data || is_composed(&kept) || has_composed(kernel))
		set_word(layout, STUB_KERNEL_END, end);
	add_piece(layout, 0, layout->head, sizeof(layout->head));
	return headers_put(layout, &kept);
}
