// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel: in a section of our own, or a file. Its bytes come to some place
 * below 4 GiB, and the plan says where each of them goes.
 */
#include <linux/string.h>

#include "info/wire-efi.h"
#include "loader.h"
#include "tpm.h"

/* sparse knows no u"". */
static const u16 section_name[] = { '.', 'l', 'i', 'n', 'u', 'x' };

/* Where an image that we are part of goes we must not be. */
static bool is_in_the_way(const struct loader *loader, u64 start, u64 size)
{
	return start + size > GIB_4 ||
	       map_find_part(&loader->plan, start, start + size);
}

static efi_status no_room(const struct loader *loader, efi_status status)
{
	return fail(loader, status, "%w: no room below 4 GiB for its %x bytes",
		    &loader->kernel, loader->file_size);
}

/* Now that the plan is known. */
static efi_status move_away(struct loader *loader)
{
	struct pages pages;
	efi_status status;

	if (!is_in_the_way(loader, address_of(loader->file),
			   loader->file_size))
		return EFI_SUCCESS;
	status = memory_allocate(loader, EFI_TYPE_LOADER_DATA,
				 loader->file_size, GIB_4, &pages);
	if (status != EFI_SUCCESS)
		return no_room(loader, status);
	memcpy(at(pages.start), loader->file, loader->file_size);
	memory_free(loader, &loader->file_pages);
	loader->file_pages = pages;
	loader->file = at(pages.start);
	return EFI_SUCCESS;
}

static efi_status read_file(struct loader *loader, struct efi_file *file)
{
	efi_status status;

	status = memory_allocate(loader, EFI_TYPE_LOADER_DATA,
				 loader->file_size, GIB_4,
				 &loader->file_pages);
	if (status != EFI_SUCCESS)
		return no_room(loader, status);
	loader->file = at(loader->file_pages.start);
	return file_read(loader, &loader->kernel, file,
			 at(loader->file_pages.start), loader->file_size);
}

/* Nobody has signed a file, whoever has signed us. */
static efi_status load_file(struct loader *loader)
{
	struct efi_file *file;
	efi_status status;

	if (!options_find_kernel(loader->words, &loader->kernel))
		return fail(loader, EFI_INVALID_PARAMETER,
			    "usage: %s KERNEL [initrd=FILE]... [WORD]...",
			    LOADER_NAME);
	if (is_secure_boot(loader))
		return fail(loader, EFI_SECURITY_VIOLATION,
			    "%w: Secure Boot is on, and a file is not signed",
			    &loader->kernel);
	status = file_open(loader, &loader->kernel, &file, &loader->file_size);
	if (status != EFI_SUCCESS)
		return status;
	status = read_file(loader, file);
	file->close(file);
	if (status != EFI_SUCCESS)
		return status;
	return tpm_measure(loader, MEASURED_KERNEL, loader->file,
			   loader->file_size);
}

static efi_status find(struct loader *loader)
{
	const struct section *section = &loader->own.linux_elf;

	if (!section->size)
		return load_file(loader);
	loader->kernel = (struct word){ section_name,
					ARRAY_SIZE(section_name) };
	loader->file = section->data;
	loader->file_size = section->size;
	return EFI_SUCCESS;
}

/* All of it is copied in 32-bit mode. */
static efi_status check_plan(const struct loader *loader)
{
	const struct elf_plan *plan = &loader->plan;
	const struct elf_part *last = &plan->part[plan->nr_parts - 1];

	if (last->start + last->size > GIB_4)
		return fail(loader, EFI_UNSUPPORTED,
			    "%w: a segment ends at %x, above 4 GiB",
			    &loader->kernel, last->start + last->size);
	return EFI_SUCCESS;
}

/**
 * kernel_load - get the kernel's bytes and plan where they go
 * @loader: gets them; they are below 4 GiB and not in the way
 *
 * Return: EFI_SUCCESS, or an error that has been printed.
 */
efi_status kernel_load(struct loader *loader)
{
	efi_status status = find(loader);

	if (status != EFI_SUCCESS)
		return status;
	if (elf_plan_make(loader->file, loader->file_size, &loader->plan))
		return fail(loader, EFI_LOAD_ERROR, "%w: %s", &loader->kernel,
			    loader->plan.error);
	status = check_plan(loader);
	return status == EFI_SUCCESS ? move_away(loader) : status;
}
