// SPDX-License-Identifier: GPL-2.0
/*
 * UEFI's memory map. The kernel gets it whole; the stub has to know one thing
 * of it: what is free.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "info/efi.h"
#include "info/wire-efi.h"
#include "machine/ram.h"

#define DESC_MAX	4096
#define EFI_PAGE_SHIFT	12

/**
 * efi_map_check - can this be UEFI's memory map?
 * @efi: where it is and how long its descriptors are; a map that is too large
 *	 for the arena becomes none
 *
 * Return: 0, or -EINVAL.
 */
int efi_map_check(struct efi *efi)
{
	if (efi->desc_size < sizeof(struct efi_descriptor) ||
	    efi->desc_size > DESC_MAX || efi->desc_size & 7)
		return -EINVAL;
	if (efi->map.size > EFI_MAP_MAX)
		efi->map.size = 0;
	return 0;
}

static bool is_free(const struct efi_descriptor *desc)
{
	return __le32_to_cpu(desc->type) == EFI_TYPE_CONVENTIONAL &&
	       !(__le32_to_cpu(desc->attribute) & EFI_ATTRIBUTE_SP);
}

/* None reaches beyond the end of memory. */
static struct range read_range(const struct efi_descriptor *desc)
{
	u64 low = __le64_to_cpu(desc->physical_start);
	u64 pages = __le64_to_cpu(desc->number_of_pages);

	if (pages > ~low >> EFI_PAGE_SHIFT)
		pages = ~low >> EFI_PAGE_SHIFT;
	return (struct range){ low, pages << EFI_PAGE_SHIFT, MEM_RESERVED };
}

/**
 * efi_find_used - is some memory in use by UEFI?
 * @ram: physical memory
 * @efi: with the memory map, or without
 * @start: first byte, physical
 * @size: bytes, not 0
 * @used: result: the lowest piece that is not free, as the map has it; the map
 *	  may be in any order
 *
 * Boot services' memory counts: the kernel frees it later, whoever else is in
 * it.
 *
 * Return: true if any of it is.
 */
bool efi_find_used(const struct ram *ram, const struct efi *efi, u64 start,
		   u64 size, struct range *used)
{
	struct efi_descriptor desc;
	struct range range;
	bool found = false;
	u32 at;

	for (at = 0; at + sizeof(desc) <= efi->map.size;
	     at += efi->desc_size) {
		if (ram_read(ram, efi->map.start + at, &desc, sizeof(desc)))
			break;
		range = read_range(&desc);
		if (is_free(&desc) || start >= range.start + range.size ||
		    range.start >= start + size ||
		    (found && range.start >= used->start))
			continue;
		*used = range;
		found = true;
	}
	return found;
}
