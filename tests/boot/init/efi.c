// SPDX-License-Identifier: GPL-2.0
/*
 * UEFI: whether its runtime services answer, the memory map as the kernel was
 * given it, and what Secure Boot has led to.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "init.h"

#define VARIABLES	"/sys/firmware/efi/efivars"
#define BOOT_ORDER	VARIABLES "/BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c"

#define REMEMBERED	VARIABLES "/ElfbootTest-d0c24d44-7b9c-4d8a-9d1f-5e1b8f3f7a21"

#define SECURITY	"/sys/kernel/security"

/* boot_params.efi_info and .secure_boot (Documentation/x86/zero-page.rst). */
#define EFI_MEMDESC_SIZE	0x1c8
#define EFI_MEMMAP		0x1d0
#define EFI_MEMMAP_SIZE		0x1d4
#define SECURE_BOOT		0x1ec

/*
 * A variable of the test's own, as efivarfs has it: attributes (NON_VOLATILE,
 * BOOTSERVICE_ACCESS, RUNTIME_ACCESS) and what is in it. Who is told to leaves it for
 * the next boot.
 */
static void report_variable(void)
{
	static const char remembered[] = "\7\0\0\0remembered";
	char have[sizeof(remembered)] = "";
	int fd;

	if (read_file(REMEMBERED, have, sizeof(have)) > 4)
		fprintf(out, "efi-variable %s\n", have + 4);
	if (!has_word("elfboot-remember"))
		return;
	fd = open(REMEMBERED, O_WRONLY | O_CREAT, 0644);
	if (fd < 0 || write(fd, remembered, sizeof(remembered)) < 0)
		fprintf(out, "efi-variable cannot be written\n");
	close(fd);
}

/* Of "none [integrity] confidentiality" the one that counts. */
static void report_lockdown(void)
{
	char line[64], *word, *next;

	mount("securityfs", SECURITY, "securityfs", 0, NULL);
	if (read_line(SECURITY "/lockdown", line, sizeof(line)))
		return;
	for (word = strtok_r(line, " ", &next); word;
	     word = strtok_r(NULL, " ", &next))
		if (word[0] == '[')
			fprintf(out, "lockdown %.*s\n", (int)strlen(word) - 2,
				word + 1);
}

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
	fprintf(out, "secure-boot %u\n", boot_params[SECURE_BOOT]);
	report_lockdown();
	report_tpm();
	mount("efivarfs", VARIABLES, "efivarfs", 0, NULL);
	n = read_file(BOOT_ORDER, order, sizeof(order));
	if (n > 0)
		print_hex("boot-order", order, n);
	report_variable();
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
