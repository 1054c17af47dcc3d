/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the provenance node says, as text.
 */
#ifndef ELFBOOT_PROVENANCE_TEXT_H
#define ELFBOOT_PROVENANCE_TEXT_H

#include <linux/types.h>

#include "provenance.h"

/* The longest text of one field; and of all of them in one line. */
#define ELFBOOT_FIELD_SIZE	160
#define ELFBOOT_SUMMARY_SIZE	384

enum elfboot_field {
	ELFBOOT_VERSION,
	ELFBOOT_CORRUPT,
	ELFBOOT_PROTOCOL,
	ELFBOOT_LOADER,
	ELFBOOT_LOADER_VERSION,
	ELFBOOT_FIRMWARE,
	ELFBOOT_FIRMWARE_VERSION,
	ELFBOOT_MAP_SOURCE,
	ELFBOOT_CMDLINE_SOURCE,
	ELFBOOT_INITRD_SOURCE,
	ELFBOOT_TSC_ENTRY,
	ELFBOOT_TSC_KERNEL,
	ELFBOOT_COREBOOT_TABLE,
	ELFBOOT_RANDOM,
	ELFBOOT_ENTROPY,
	ELFBOOT_WHY_FIXED,
	ELFBOOT_FIELDS
};

void elfboot_clean_provenance(struct elfboot_provenance *provenance);
bool elfboot_has_field(const struct elfboot_provenance *provenance,
		       enum elfboot_field field);
int elfboot_field_text(const struct elfboot_provenance *provenance,
		       enum elfboot_field field, char *text, size_t size);
int elfboot_summary(const struct elfboot_provenance *provenance, char *text,
		    size_t size);

#endif /* ELFBOOT_PROVENANCE_TEXT_H */
