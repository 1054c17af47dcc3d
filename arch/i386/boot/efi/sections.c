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

/*
 * One table may be of several "profiles" (the UKI specification, UAPI Group's
 * number 5): what is in front of the first section .profile is common to all of
 * them.
 */
struct table {
	const struct pe_section *common;
	const struct pe_section *common_end;
	const struct pe_section *profile;	/* the chosen one */
	const struct pe_section *end;
	u32 nr_profiles;
};

/* A name ends with a NUL or after 8 bytes; what is behind a NUL is no part of it. */
static bool has_name(const struct pe_section *section, const char *name)
{
	u32 i;

	for (i = 0; i < PE_NAME_SIZE && section->name[i] == name[i]; i++)
		if (!name[i])
			return true;
	return i == PE_NAME_SIZE;
}

static const struct pe_section *find(const struct pe_section *section,
				     const struct pe_section *end,
				     const char *name)
{
	while (section < end && !has_name(section, name))
		section++;
	return section;
}

static struct table table_of(const struct pe_section *section, u32 nr,
			     u32 profile)
{
	const struct pe_section *end = section + nr;
	const struct pe_section *at = find(section, end, ".profile");
	struct table table = { section, at, end, end, 0 };

	for (; at < end; table.nr_profiles++) {
		const struct pe_section *next = find(at + 1, end, ".profile");

		if (table.nr_profiles == profile) {
			table.profile = at;
			table.end = next;
		}
		at = next;
	}
	return table;
}

/*
 * What the profile has counts rather than what is common, and of several with one
 * name the first one: as in systemd-stub (its pe.c,
 * pe_locate_sections_internal()), or what somebody has measured or looked at would
 * not be what boots.
 */
static const struct pe_section *find_in(const struct table *table,
					const char *name)
{
	const struct pe_section *found = find(table->profile, table->end, name);

	if (found < table->end)
		return found;
	found = find(table->common, table->common_end, name);
	return found < table->common_end ? found : NULL;
}

static struct section contents(const u8 *image, u64 size,
			       const struct table *table, const char *name)
{
	const struct pe_section *found = find_in(table, name);
	struct section result = { NULL, 0 };

	if (found)
		take(image, size, found, &result);
	return result;
}

/**
 * sections_find - find what has been composed into an image
 * @image: the image, as it is in memory
 * @size: bytes of it
 * @profile: of which profile, if there are several; 0: the first
 * @own: result; what is not there, or not in the image, is empty
 */
void sections_find(const void *image, u64 size, u32 profile,
		   struct own_sections *own)
{
	const struct pe_section *section;
	struct table table;
	u32 nr;

	memset(own, 0, sizeof(*own));
	section = section_table(image, size, &nr);
	if (!section)
		return;
	table = table_of(section, nr, profile);
	own->nr_profiles = table.nr_profiles;
	own->linux_elf = contents(image, size, &table, ".linux");
	own->cmdline = contents(image, size, &table, ".cmdline");
	own->ucode = contents(image, size, &table, ".ucode");
	own->initrd = contents(image, size, &table, ".initrd");
}
