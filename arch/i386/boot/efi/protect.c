// SPDX-License-Identifier: GPL-2.0
/*
 * A page of code on firmware that protects memory (UEFI Specification 2.10, section
 * 37.7): when it is filled it becomes read-only, and then it can be executed, so that
 * at no time it is both writable and executable. Firmware without the protocol for
 * that lets what has been allocated as code be both.
 */
#include "loader.h"

static const struct efi_guid memory_attribute_guid = {
	0xf4560cf6, 0x40ec, 0x4b4a,
	{ 0xa1, 0x92, 0xbf, 0x1d, 0x57, 0xd0, 0xb1, 0x89 },
};

/**
 * protect_code - let a page be executed
 * @loader: gets what protect_undo() needs
 * @start: its address; all is in it that will be
 *
 * Return: EFI_SUCCESS, or an error that has been printed; protect_undo() is for both.
 */
efi_status protect_code(struct loader *loader, u64 start)
{
	struct code_page *page = &loader->code_page;
	efi_status status;
	void *interface;

	if (loader->boot->locate_protocol(&memory_attribute_guid, NULL,
					  &interface))
		return EFI_SUCCESS;
	*page = (struct code_page){ interface, start, 0, false };
	if (page->memory->get_attributes(page->memory, start, EFI_PAGE,
					 &page->before))
		page->before = EFI_MEMORY_XP;
	page->is_read_only =
		page->memory->set_attributes(page->memory, start, EFI_PAGE,
					     EFI_MEMORY_RO) == EFI_SUCCESS;
	status = page->memory->clear_attributes(page->memory, start, EFI_PAGE,
						EFI_MEMORY_XP);
	if (status == EFI_SUCCESS)
		return status;
	return fail(loader, status,
		    "the firmware lets no code run that was not signed with us");
}

/**
 * protect_undo - make that page what it was before it is given back
 * @loader: has tried protect_code(), or not
 *
 * Return: false if it stays read-only, and must not be given back.
 */
bool protect_undo(struct loader *loader)
{
	struct code_page *page = &loader->code_page;
	struct efi_memory_attribute *memory = page->memory;

	if (!memory)
		return true;
	if (loader->tried_to_leave)
		return !page->is_read_only;
	page->memory = NULL;
	if (page->before & EFI_MEMORY_XP)
		memory->set_attributes(memory, page->start, EFI_PAGE,
				       EFI_MEMORY_XP);
	return !page->is_read_only ||
	       memory->clear_attributes(memory, page->start, EFI_PAGE,
					EFI_MEMORY_RO) == EFI_SUCCESS;
}
