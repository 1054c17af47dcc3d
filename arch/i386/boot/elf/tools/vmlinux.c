// SPDX-License-Identifier: GPL-2.0
/*
 * Reading: a vmlinux that has the stub in it.
 */
#include <elf.h>
#include <string.h>

#include "elfimage.h"

/* Contents are written as they lie in memory: holes in it are file bytes. */
#define HOLES_MAX	(64 * ONE_MIB)

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

static int read_stub(const struct elf *elf, struct kernel *kernel)
{
	const uint8_t *stub;
	struct note note;

	if (!elf_find_note(elf, "Linux", STUB_NOTE_TYPE, &note) ||
	    note.desc.size != 4)
		return error("there is no ELF boot stub in it: was the kernel built with CONFIG_ELF_BOOT=y?");
	kernel->stub_at = get_le32(note.desc.data);
	stub = elf_at_paddr(elf, kernel->stub_at, STUB_HEADER_SIZE);
	if (!stub && is_without_contents(elf, kernel->stub_at))
		return error("it has debug information and no contents; use the vmlinux that it belongs to");
	if (!stub || get_le32(stub + STUB_MAGIC_AT) != STUB_MAGIC ||
	    get_le32(stub + STUB_BASE) != kernel->stub_at)
		return error("its ELF boot stub is damaged");
	kernel->stub = (struct bytes){ stub, STUB_HEADER_SIZE };

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

/**
 * vmlinux_read - read a vmlinux that has the stub
 * @elf: the file
 * @kernel: result; refers to the file
 *
 * Return: 0, or -1 with a message printed.
 */
int vmlinux_read(const struct elf *elf, struct kernel *kernel)
{
	*kernel = (struct kernel){
		.type = KERNEL_VMLINUX,
		.cmdline_max = COMMAND_LINE_MAX, .initrd_max = INITRD_MAX
	};
	if (elf->machine != EM_386 && elf->machine != EM_X86_64)
		return error("not for x86 (machine %u)", elf->machine);
	if (read_stub(elf, kernel))
		return -1;
	return read_memory(elf, kernel);
}
