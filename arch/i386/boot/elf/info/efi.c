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
	bool found = false;
	u32 at;

	for (at = 0; at + sizeof(desc) <= efi->map.size;
	     at += efi->desc_size) {
		u64 low, bytes;

		if (ram_read(ram, efi->map.start + at, &desc, sizeof(desc)))
			break;
		low = __le64_to_cpu(desc.physical_start);
		bytes = __le64_to_cpu(desc.number_of_pages) << EFI_PAGE_SHIFT;
		if (__le32_to_cpu(desc.type) == EFI_TYPE_CONVENTIONAL ||
		    start >= low + bytes || low >= start + size ||
		    (found && low >= used->start))
			continue;
		*used = (struct range){ low, bytes, MEM_RESERVED };
		found = true;
	}
	return found;
}
