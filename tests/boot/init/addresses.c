// SPDX-License-Identifier: GPL-2.0
/*
 * Where the kernel is, as it says itself: /proc/kallsyms has its virtual
 * addresses, /proc/kcore where it has mapped memory. (The physical ones are in
 * /proc/iomem: firmware.c.)
 */
#include <string.h>

#include "init.h"

#define PT_LOAD		1

/* Of an ELF file of this program's own class (System V ABI, chapters 4, 5). */
#ifdef __x86_64__
#define E_PHNUM		56
#define PHDRS		64
#define PHDR_SIZE	56
#define P_VADDR		16
#define P_PADDR		24
#else
#define E_PHNUM		44
#define PHDRS		52
#define PHDR_SIZE	32
#define P_VADDR		8
#define P_PADDR		12
#endif

static unsigned long get_long(const uint8_t *p)
{
	unsigned long value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static void report_text(void)
{
	FILE *symbols = fopen("/proc/kallsyms", "r");
	char line[512], address[32], name[256];

	while (symbols && fgets(line, sizeof(line), symbols))
		if (sscanf(line, "%31s %*s %255s", address, name) == 2 &&
		    !strcmp(name, "_text")) {
			fprintf(out, "text %s\n", address);
			break;
		}
	if (symbols)
		fclose(symbols);
}

/* From where RAM below 1 MiB is mapped; the kernel's text has no address. */
static void report_direct_map(void)
{
	static uint8_t headers[65536];
	ssize_t size = read_file("/proc/kcore", headers, sizeof(headers));
	const uint8_t *phdr = headers + PHDRS;
	unsigned int nr = get32(headers + E_PHNUM) & 0xffff;

	for (; nr && phdr + PHDR_SIZE <= headers + size; nr--) {
		unsigned long physical = get_long(phdr + P_PADDR);

		if (get32(phdr) == PT_LOAD && physical < 0x100000) {
			fprintf(out, "direct-map %lx\n",
				get_long(phdr + P_VADDR) - physical);
			return;
		}
		phdr += PHDR_SIZE;
	}
}

/**
 * report_addresses - tell where the kernel is
 */
void report_addresses(void)
{
	report_text();
	report_direct_map();
}
