// SPDX-License-Identifier: GPL-2.0
/*
 * Reading: an image that this program has written, to compose something else
 * into it. What was composed into it before is kept apart from the kernel, so
 * that composing again replaces it.
 */
#include <elf.h>
#include <string.h>

#include "elfimage.h"

/**
 * image_probe - is it an image, and not a vmlinux?
 * @elf: the file
 *
 * Return: true if it begins as one does (rules 1, 5 and 6).
 */
bool image_probe(const struct elf *elf)
{
	const struct phdr *phdr = &elf->phdr[0];
	struct bytes notes = elf_contents(elf, phdr);
	struct note note;

	return elf->class == ELFCLASS32 && phdr->type == PT_NOTE &&
	       note_next(&notes, &note) &&
	       note_is(&note, "Xen", XEN_PHYS32_ENTRY);
}

static const uint8_t *find_note(const struct elf *elf, const char *name,
				uint32_t type, size_t *size)
{
	struct note note;

	if (!elf_find_note(elf, name, type, &note))
		return NULL;
	*size = note.desc.size;
	return note.desc.data;
}

static int read_version(const struct elf *elf, struct kernel *kernel)
{
	size_t size;
	const uint8_t *desc = find_note(elf, "ELFBoot", EIN_PROGRAM_VERSION,
					&size);

	if (!desc || !size || desc[size - 1])
		return error("it does not say which version it is");
	kernel->version.data = desc;
	kernel->version.size = strlen((const char *)desc);
	return 0;
}

/* The notes are right, if they are there: rule 10. */
static struct bytes find_composed(const struct elf *elf, uint32_t type)
{
	struct bytes found = {};
	const uint8_t *desc;
	size_t size;

	desc = find_note(elf, "Linux", type, &size);
	if (!desc)
		return found;
	found.size = get_le32(desc + 4);
	found.data = elf_at_paddr(elf, get_le32(desc), found.size);
	return found;
}

static int read_composed(const struct elf *elf, struct kernel *kernel)
{
	kernel->cmdline = find_composed(elf, LINUX_COMMAND_LINE);
	kernel->initrd = find_composed(elf, LINUX_INITRD);
	if (kernel->cmdline.data &&
	    memchr(kernel->cmdline.data, 0, kernel->cmdline.size) !=
	    kernel->cmdline.data + kernel->cmdline.size - 1)
		return error("its command line does not end where it says");
	return 0;
}

/* Behind a PT_LOAD that is nothing but a gap it was asked for. */
static uint32_t find_ramdisk_base(const struct elf *elf,
				  const struct kernel *kernel)
{
	const struct phdr *last = &elf->phdr[elf->nr_phdrs - 1];
	const struct phdr *gap = last - 1;

	if (!kernel->initrd.data || elf->nr_phdrs < 4 ||
	    gap->filesz != GAP_BYTES ||
	    kernel->cmdline.data == elf->file.data + gap->offset)
		return 0;
	return last->paddr;
}

/* How it was written is how it will be written again. */
static void read_options(const struct elf *elf, struct kernel *kernel)
{
	size_t size;

	kernel->ramdisk_base = find_ramdisk_base(elf, kernel);
	kernel->no_multiboot = !headers_find_multiboot(&elf->file);
	/* 3.0's layout has its PT_NOTE there: it gets what it could not have. */
	kernel->no_elf64 = !elf64_is_there(elf->file.data);
	kernel->no_checksum = !find_note(elf, "ELFBoot", EIN_PROGRAM_CHECKSUM,
					 &size);
	kernel->has_sha256 = find_note(elf, "Linux", LINUX_SHA256, &size);
}

/* Return: where they are, 0: there are none. */
static uint32_t read_relocs(const struct elf *elf, const uint8_t *stub,
			    struct kernel *kernel)
{
	uint32_t at = get_le32(stub + STUB_RELOCS);

	if (!stub_has_kaslr(stub) || !at)
		return 0;
	kernel->relocs.size = get_le32(stub + STUB_RELOCS_SIZE);
	kernel->relocs.data = elf_at_paddr(elf, at, kernel->relocs.size);
	return at;
}

static int read_setup(const struct elf *elf, const uint8_t *stub,
		      struct kernel *kernel)
{
	kernel->setup.size = get_le32(stub + STUB_SETUP_SIZE);
	kernel->setup.data = elf_at_paddr(elf, get_le32(stub + STUB_SETUP),
					  kernel->setup.size);
	if (!kernel->setup.data)
		return error("its setup_header is not in file bytes");
	return bzimage_limits(kernel);
}

/* Of a vmlinux without the stub: the jump is where its .bss is, or behind. */
static int read_place(const struct elf *elf, const uint8_t *stub,
		      struct kernel *kernel)
{
	if (!stub_has_kaslr(stub))
		return 0;
	kernel->bss = get_le32(stub + STUB_BSS);
	if (kernel->bss < kernel->start || kernel->bss > elf->entry)
		return error("its .bss, 0x%x, is not from 0x%x to its entry, 0x%llx",
			     kernel->bss, kernel->start,
			     (unsigned long long)elf->entry);
	kernel->align = get_le32(stub + STUB_ALIGN);
	kernel->image_max = get_le32(stub + STUB_IMAGE_MAX);
	read_relocs(elf, stub, kernel);
	return 0;
}

/* All but the jump to the stub, and what is beside the stub. */
static int read_stub_behind(const struct elf *elf, const uint8_t *stub,
			    struct kernel *kernel)
{
	const uint8_t *jump = elf_at_paddr(elf, elf->entry, JUMP_SIZE);
	struct chunk *code = &kernel->chunk[0];

	if (!jump || elf->entry < kernel->start || jump[0] != JMP_REL32 ||
	    (uint32_t)(elf->entry + JUMP_SIZE + get_le32(jump + 1)) !=
	    get_le32(stub + STUB_BASE) + STUB_ENTRY)
		return error("its entry does not lead to the stub");
	code->bytes.size = elf->entry - kernel->start;
	kernel->entry = get_le32(stub + STUB_KERNEL_ENTRY);
	if (kernel->entry < kernel->start || kernel->entry >= elf->entry)
		return error("its kernel's entry, 0x%x, is not from 0x%x to its own, 0x%llx",
			     kernel->entry, kernel->start,
			     (unsigned long long)elf->entry);
	kernel->flags = get_le32(stub + STUB_FLAGS);
	/* The stub that it gets is ours, which does not know them. */
	if (kernel->flags & ~STUB_FLAGS_KNOWN)
		return error("its stub's flags, 0x%x, are a later mkelfImage's: 0x%x is what this one knows",
			     kernel->flags, STUB_FLAGS_KNOWN);
	if (get_le32(stub + STUB_SETUP) || get_le32(stub + STUB_SETUP_SIZE))
		return read_setup(elf, stub, kernel);
	return read_place(elf, stub, kernel);
}

/**
 * image_read - read an image that this program has written
 * @elf: the file, as image_probe() has found
 * @kernel: result; refers to the file
 *
 * Return: 0, or -1 with a message printed.
 */
int image_read(const struct elf *elf, struct kernel *kernel)
{
	const struct phdr *phdr = &elf->phdr[1];
	const uint8_t *stub, *xen;
	uint32_t relocs;
	size_t size;

	*kernel = (struct kernel){
		.type = KERNEL_IMAGE,
		.cmdline_max = COMMAND_LINE_MAX, .initrd_max = INITRD_MAX
	};
	if (verify_any_layout(&elf->file) || read_version(elf, kernel) ||
	    read_composed(elf, kernel))
		return -1;
	read_options(elf, kernel);
	xen = find_note(elf, "Xen", XEN_PHYS32_ENTRY, &size);
	stub = elf_at_paddr(elf, get_le32(xen), STUB_HEADER_SIZE);
	kernel->start = phdr->paddr;
	kernel->end = phdr->paddr + phdr->memsz;
	kernel->nr_chunks = 1;
	kernel->chunk[0] = (struct chunk){
		phdr->paddr, elf_contents(elf, phdr)
	};
	if (get_le32(xen) != get_le32(stub + STUB_BASE))
		return error("its ELF boot stub is damaged");
	if (get_le32(xen) - phdr->paddr >= phdr->filesz)
		return read_stub_behind(elf, stub, kernel);
	kernel->stub = (struct bytes){ stub, STUB_HEADER_SIZE };
	kernel->stub_at = get_le32(xen);
	if (memory_check_bss(kernel))
		return -1;
	/* Apart from what the kernel's own file has: layout.c puts them back. */
	relocs = read_relocs(elf, stub, kernel);
	if (relocs)
		kernel->chunk[0].bytes.size = relocs - kernel->start;
	return 0;
}
