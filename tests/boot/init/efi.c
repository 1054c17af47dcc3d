// SPDX-License-Identifier: GPL-2.0
/*
 * UEFI: whether its runtime services answer, and the memory map as the kernel
 * was given it.
 */
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "init.h"

#define VARIABLES	"/sys/firmware/efi/efivars"
#define BOOT_ORDER	VARIABLES "/BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* boot_params.efi_info (Documentation/x86/zero-page.rst). */
#define EFI_MEMDESC_SIZE	0x1c8
#define EFI_MEMMAP		0x1d0
#define EFI_MEMMAP_SIZE		0x1d4

/**
 * report_efi - tell what the kernel knows of UEFI
 * @boot_params: as the stub has filled them
 */
void report_efi(const uint8_t *boot_params)
{
	static uint8_t map[0x10000];
	uint32_t size = get32(boot_params + EFI_MEMMAP_SIZE);
	uint8_t order[256];
	char line[64];
	ssize_t n;
	int mem;

	if (!read_line("/sys/firmware/efi/fw_platform_size", line,
		       sizeof(line)))
		fprintf(out, "efi-platform-size %s\n", line);
	mount("efivarfs", VARIABLES, "efivarfs", 0, NULL);
	n = read_file(BOOT_ORDER, order, sizeof(order));
	if (n > 0)
		print_hex("boot-order", order, n);
	if (!size || size > sizeof(map))
		return;
	fprintf(out, "efi-descriptor %u\n",
		get32(boot_params + EFI_MEMDESC_SIZE));
	fprintf(out, "efi-map-at 0x%x %u\n", get32(boot_params + EFI_MEMMAP),
		size);
	mem = open("/dev/mem", O_RDONLY);
	if (!read_memory(mem, get32(boot_params + EFI_MEMMAP), map, size))
		print_hex("efi-map", map, size);
	close(mem);
}
