// SPDX-License-Identifier: GPL-2.0
/*
 * Reading: a vmlinux, with the stub in it or without.
 */
#define _GNU_SOURCE		/* memmem() */
#include <elf.h>
#include <string.h>

#include "elfimage.h"

/* Contents are written as they lie in memory: holes in it are file bytes. */
#define HOLES_MAX	(64 * ONE_MIB)

/* KERNEL_IMAGE_SIZE, on x86_64 with CONFIG_RANDOMIZE_BASE. */
#define IMAGE_MAX_64	(1024 * ONE_MIB)
#define IMAGE_MAX_32	(512 * ONE_MIB)

/* "objcopy --only-keep-debug" leaves the program headers, but no contents. */
static bool is_without_contents(const struct elf *elf, uint64_t paddr)
{
	unsigned int i;

	for (i = 0; i < elf->nr_phdrs; i++) {
		const struct phdr *phdr = &elf->phdr[i];

		if (phdr->type == PT_LOAD && !phdr->filesz &&
		    paddr >= phdr->paddr && paddr - phdr->paddr < phdr->memsz)
			return true;
	}
	return false;
}

static int read_stub(const struct elf *elf, const struct note *where,
		     struct kernel *kernel)
{
	const uint8_t *stub;
	struct note note;

	kernel->stub_at = get_le32(where->desc.data);
	stub = elf_at_paddr(elf, kernel->stub_at, STUB_HEADER_SIZE);
	if (!stub && is_without_contents(elf, kernel->stub_at))
		return error("it has debug information and no contents; use the vmlinux that it belongs to");
	if (!stub || get_le32(stub + STUB_MAGIC_AT) != STUB_MAGIC ||
	    get_le32(stub + STUB_BASE) != kernel->stub_at)
		return error("its ELF boot stub is damaged");
	kernel->stub = (struct bytes){ stub, STUB_HEADER_SIZE };
	kernel->flags = get_le32(stub + STUB_FLAGS);
	if (stub_has_kaslr(stub))
		kernel->bss = get_le32(stub + STUB_BSS);

	if (!elf_find_note(elf, "ELFBoot", EIN_PROGRAM_VERSION, &note) ||
	    !note.desc.size || note.desc.data[note.desc.size - 1])
		return error("it does not say which version it is");
	kernel->version = note.desc;
	kernel->version.size = strlen((const char *)note.desc.data);
	return 0;
}

/* By p_paddr alone: the per-cpu segment of 6.1 has p_vaddr 0. */
static int read_memory(const struct elf *elf, struct kernel *kernel)
{
	uint64_t start = UINT64_MAX, end = 0, file_end = 0, contents = 0;
	unsigned int i;

	for (i = 0; i < elf->nr_phdrs; i++) {
		const struct phdr *phdr = &elf->phdr[i];
		uint64_t paddr = phdr->paddr;

		if (phdr->type != PT_LOAD || !phdr->memsz)
			continue;
		if (phdr->filesz > phdr->memsz || paddr > UINT32_MAX ||
		    phdr->memsz > UINT32_MAX - paddr)
			return error("program header %u makes no sense", i);
		if (paddr < start) {
			start = paddr;
			kernel->link_base = phdr->vaddr - paddr;
		}
		if (paddr + phdr->memsz > end)
			end = paddr + phdr->memsz;
		if (!phdr->filesz)
			continue;
		contents += phdr->filesz;
		if (paddr + phdr->filesz > file_end)
			file_end = paddr + phdr->filesz;
		kernel->chunk[kernel->nr_chunks++] = (struct chunk){
			paddr, elf_contents(elf, phdr)
		};
	}
	if (!end)
		return error("it has nothing to load");
	if (file_end > start + contents + HOLES_MAX)
		return error("its contents, %llu MiB, are spread over %llu MiB of memory",
			     (unsigned long long)contents / ONE_MIB,
			     (unsigned long long)(file_end - start) / ONE_MIB);
	kernel->start = start;
	kernel->end = end;
	return 0;
}

/* The kernel's first message, init/version.c, has UTS_RELEASE in it. */
static const char banner[] = "Linux version ";

static struct bytes find_version(const struct bytes *contents)
{
	const uint8_t *end = contents->data + contents->size;
	const uint8_t *p = memmem(contents->data, contents->size, banner,
				  sizeof(banner) - 1);
	struct bytes version = {};

	if (!p)
		return version;
	version.data = p + sizeof(banner) - 1;
	for (p = version.data; p < end && *p > ' '; p++)
		version.size++;
	return version;
}

static int read_version(struct kernel *kernel)
{
	unsigned int i;

	for (i = 0; i < kernel->nr_chunks && !kernel->version.size; i++)
		kernel->version = find_version(&kernel->chunk[i].bytes);
	if (!kernel->version.size)
		return error("not a kernel: neither an ELF boot stub (CONFIG_ELF_BOOT=y) nor \"%s\" is in it",
			     banner);
	return 0;
}

/* The jump to the stub comes there, wherever it begins (layout.c). */
#define BSS_MIN		(FILE_ALIGN - 1 + JUMP_SIZE)

/*
 * Where all that follows is zero and cleared by the kernel itself. Zeros of
 * another section would not be: the jump would stay in them.
 */
static uint32_t find_bss(const struct elf *elf, const struct kernel *kernel)
{
	uint64_t end = memory_contents_end(kernel);
	uint64_t addr;
	uint32_t bss;

	if (!elf_find_section(elf, ".bss", BSS_MIN, &addr))
		return end;
	bss = addr - kernel->link_base;
	if (bss < kernel->start || bss >= end ||
	    memory_find_contents(kernel, bss))
		return end;
	return bss;
}

/*
 * Without the header of a bzImage: x86_64 kernels run at multiples of 2 MiB,
 * i386 ones at those of CONFIG_PHYSICAL_ALIGN, 16 MiB at most.
 */
static uint32_t guess_align(const struct elf *elf, uint32_t start)
{
	uint32_t align = 16 * ONE_MIB;

	if (elf->machine == EM_X86_64)
		return 2 * ONE_MIB;
	while (start % align)
		align /= 2;
	return align;
}

/* Not in a hole, nor in .bss: there are zeros. */
static int read_entry(const struct elf *elf, struct kernel *kernel)
{
	if (!memory_has_contents(kernel, elf->entry))
		return error("its entry, 0x%llx, is nowhere in the file; the kernel's memory is 0x%x to 0x%llx",
			     (unsigned long long)elf->entry, kernel->start,
			     (unsigned long long)kernel->end);
	kernel->entry = elf->entry;
	return 0;
}

/* The stub comes behind it (layout.c). */
static int read_without_stub(const struct elf *elf, struct kernel *kernel)
{
	bool is_64 = elf->machine == EM_X86_64;

	if (read_memory(elf, kernel))
		return -1;
	if (!kernel->nr_chunks)
		return error("it has debug information and no contents; use the vmlinux that it belongs to");
	if (read_version(kernel))
		return -1;
	kernel->bss = find_bss(elf, kernel);
	memory_cut_contents(kernel, kernel->bss);
	if (read_entry(elf, kernel))
		return -1;
	kernel->align = guess_align(elf, kernel->start);
	kernel->image_max = is_64 ? IMAGE_MAX_64 : IMAGE_MAX_32;
	if (is_64)
		kernel->flags = STUB_FLAG_KERNEL_64 | STUB_FLAG_LONG_MODE;
	return 0;
}

/**
 * vmlinux_read - read a vmlinux
 * @elf: the file
 * @kernel: result; refers to the file
 *
 * Return: 0, or -1 with a message printed.
 */
int vmlinux_read(const struct elf *elf, struct kernel *kernel)
{
	struct note note;

	*kernel = (struct kernel){
		.type = KERNEL_VMLINUX,
		.cmdline_max = COMMAND_LINE_MAX, .initrd_max = INITRD_MAX
	};
	if (elf->machine != EM_386 && elf->machine != EM_X86_64)
		return error("not for x86 (machine %u)", elf->machine);
	if (!elf_find_note(elf, "Linux", STUB_NOTE_TYPE, &note) ||
	    note.desc.size != 4)
		return read_without_stub(elf, kernel);
	if (read_stub(elf, &note, kernel) || read_memory(elf, kernel))
		return -1;
	return memory_check_bss(kernel);
}
