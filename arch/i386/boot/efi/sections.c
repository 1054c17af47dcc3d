// SPDX-License-Identifier: GPL-2.0
/*
 * Sections of a PE file that has been loaded (PE format, "Section Table").
 * The firmware has loaded it; nevertheless nothing outside of the image is read.
 */
#include <linux/string.h>
#include <asm/byteorder.h>

#include "sections.h"
#include "wire-pe.h"

static const struct pe_section *section_table(const u8 *image, u64 size,
					      u32 *nr)
{
	const struct pe_header *pe;
	u32 at, table;

	if (size < PE_POINTER + sizeof(__le32))
		return NULL;
	at = __le32_to_cpup((const __le32 *)(image + PE_POINTER));
	if (at % 4 || size < sizeof(*pe) || at > size - sizeof(*pe))
		return NULL;
	pe = (const struct pe_header *)(image + at);
	if (memcmp(pe->magic, "PE\0\0", sizeof(pe->magic)))
		return NULL;
	*nr = __le16_to_cpu(pe->nr_sections);
	table = sizeof(*pe) + __le16_to_cpu(pe->optional_size);
	if (table > size - at ||
	    *nr * sizeof(struct pe_section) > size - at - table)
		return NULL;
	return (const struct pe_section *)(image + at + table);
}

/* What is behind the contents is zeroes: virtual_size has the truth. */
static void take(const u8 *image, u64 size, const struct pe_section *section,
		 struct section *result)
{
	u32 start = __le32_to_cpu(section->virtual_address);
	u32 bytes = __le32_to_cpu(section->virtual_size);

	if (!bytes)
		bytes = __le32_to_cpu(section->raw_size);
	if (start > size || bytes > size - start)
		return;
	*result = (struct section){ image + start, bytes };
}

/**
 * sections_find - find what has been composed into an image
 * @image: the image, as it is in memory
 * @size: bytes of it
 * @own: result; what is not there, or not in the image, is empty
 */
void sections_find(const void *image, u64 size, struct own_sections *own)
{
	const struct pe_section *section;
	u32 nr;

	memset(own, 0, sizeof(*own));
	section = section_table(image, size, &nr);
	if (!section)
		return;
	for (; nr; nr--, section++) {
		if (!memcmp(section->name, ".linux\0", PE_NAME_SIZE))
			take(image, size, section, &own->linux_elf);
		if (!memcmp(section->name, ".cmdline", PE_NAME_SIZE))
			take(image, size, section, &own->cmdline);
		if (!memcmp(section->name, ".initrd", PE_NAME_SIZE))
			take(image, size, section, &own->initrd);
	}
}
