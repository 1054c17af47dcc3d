/* SPDX-License-Identifier: GPL-2.0 */
/*
 * coreboot's table: who else knows it, and what is in it (coreboot.c).
 */
#ifndef ELFBOOT_COREBOOT_TABLE_H
#define ELFBOOT_COREBOOT_TABLE_H

#include <linux/acpi.h>

/* coreboot's table; present or not bound makes no difference. */
static inline bool elfboot_acpi_has_table(void)
{
	return acpi_dev_present("GOOGCB00", NULL, -1) ||
	       acpi_dev_present("BOOT0000", NULL, -1);
}

bool elfboot_coreboot_has_record(u64 pa, u32 tag);

#endif /* ELFBOOT_COREBOOT_TABLE_H */
