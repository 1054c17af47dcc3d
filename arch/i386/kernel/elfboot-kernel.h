/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What runs inside the kernel proper, by file.
 */
#ifndef ELFBOOT_KERNEL_H
#define ELFBOOT_KERNEL_H

#include <linux/acpi.h>

struct elfboot_provenance;
struct kobject;

/* coreboot's table; present or not bound makes no difference. */
static inline bool elfboot_acpi_has_table(void)
{
	return acpi_dev_present("GOOGCB00", NULL, -1) ||
	       acpi_dev_present("BOOT0000", NULL, -1);
}

/* addresses.c */
int elfboot_add_addresses(struct kobject *dir);

/* coreboot.c */
bool elfboot_coreboot_has_record(u64 pa, u32 tag);

/* provenance.c */
int elfboot_read_provenance(struct elfboot_provenance *provenance);

#endif /* ELFBOOT_KERNEL_H */
