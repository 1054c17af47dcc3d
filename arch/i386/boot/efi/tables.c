// SPDX-License-Identifier: GPL-2.0
/*
 * What the firmware has in its tables: ACPI's root pointer (UEFI Specification
 * 2.10, section 4.6), whether Secure Boot is on (section 3.3).
 */
#include <linux/string.h>

#include "loader.h"

static const struct efi_guid acpi_2_guid = {
	0x8868e871, 0xe4f1, 0x11d3,
	{ 0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 },
};

static const struct efi_guid acpi_1_guid = {
	0xeb9d2d30, 0x2d88, 0x11d3,
	{ 0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d },
};

static const struct efi_guid global_variable_guid = {
	0x8be4df61, 0x93ca, 0x11d2,
	{ 0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c },
};

/* sparse knows no u"". */
static const u16 secure_boot[] = {
	'S', 'e', 'c', 'u', 'r', 'e', 'B', 'o', 'o', 't', 0
};

static const u16 setup_mode[] = {
	'S', 'e', 't', 'u', 'p', 'M', 'o', 'd', 'e', 0
};

/**
 * guid_equal - compare GUIDs
 * @a: one
 * @b: other
 *
 * Return: true if they are the same.
 */
bool guid_equal(const struct efi_guid *a, const struct efi_guid *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/**
 * tables_find - find one of the firmware's configuration tables
 * @loader: has the firmware
 * @guid: its name
 *
 * Return: the table, or NULL if there is none.
 */
const void *tables_find(const struct loader *loader,
			const struct efi_guid *guid)
{
	const struct efi_system_table *system = loader->system;
	efi_uintn i;

	for (i = 0; i < system->nr_tables; i++)
		if (guid_equal(&system->tables[i].vendor, guid))
			return system->tables[i].table;
	return NULL;
}

/**
 * tables_find_rsdp - find ACPI's root pointer
 * @loader: has the firmware
 *
 * Return: its physical address, of 2.0 and later if there is one; or 0.
 */
u64 tables_find_rsdp(const struct loader *loader)
{
	const void *rsdp = tables_find(loader, &acpi_2_guid);

	return address_of(rsdp ? rsdp : tables_find(loader, &acpi_1_guid));
}

static efi_status get_byte(const struct loader *loader, const u16 *name,
			   u8 *value)
{
	efi_uintn size = sizeof(*value);

	return loader->system->runtime->get_variable(name,
						     &global_variable_guid,
						     NULL, &size, value);
}

/**
 * tables_ask_secure_boot - ask whether Secure Boot is on
 * @loader: has the firmware
 *
 * As Linux's own EFI stub finds out (efi_get_secureboot(), without the variable by
 * which shim's own checks are turned off: that loosens nothing here).
 *
 * Return: EBN_SECURE_BOOT_*.
 */
u32 tables_ask_secure_boot(const struct loader *loader)
{
	u8 on = 0, setup = 0;
	efi_status status = get_byte(loader, secure_boot, &on);

	if (status == EFI_NOT_FOUND)
		return EBN_SECURE_BOOT_DISABLED;
	if (status != EFI_SUCCESS)
		return EBN_SECURE_BOOT_UNKNOWN;
	if (!on || (get_byte(loader, setup_mode, &setup) == EFI_SUCCESS &&
		    setup))
		return EBN_SECURE_BOOT_DISABLED;
	return EBN_SECURE_BOOT_ENABLED;
}
