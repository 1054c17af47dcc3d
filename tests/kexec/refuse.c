// SPDX-License-Identifier: GPL-2.0
/*
 * Write the files that the loader's own tests say are no good, each with its
 * name in a directory: for kexec_file_load() to refuse them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "kexec/elf-plan-cases.h"

static int write_file(const char *directory, unsigned int number,
		      const void *data, size_t size)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/case-%02u", directory, number);
	file = fopen(path, "w");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file)) {
		perror(path);
		return 1;
	}
	return 0;
}

#define BSS	0xc800000		/* 200 MiB */

/*
 * What a plan has nothing against: a byte on the last page of much .bss. Both
 * are put together first, and are in memory twice: more than half of 512 MiB.
 */
static int write_large(const char *directory)
{
	static const struct {
		Elf32_Ehdr ehdr;
		Elf32_Phdr phdr[2];
	} large = {
		.ehdr = {
			.e_ident = ELFMAG "\1\1\1", .e_type = ET_EXEC,
			.e_machine = EM_386, .e_version = EV_CURRENT,
			.e_entry = 0x2000000, .e_phoff = sizeof(Elf32_Ehdr),
			.e_ehsize = sizeof(Elf32_Ehdr),
			.e_phentsize = sizeof(Elf32_Phdr), .e_phnum = 2,
		},
		.phdr = {
			{ .p_type = PT_LOAD, .p_vaddr = 0x2000000,
			  .p_paddr = 0x2000000, .p_filesz = 64,
			  .p_memsz = BSS + 1, .p_flags = PF_R | PF_X },
			{ .p_type = PT_LOAD, .p_vaddr = 0x2000000 + BSS + 16,
			  .p_paddr = 0x2000000 + BSS + 16, .p_filesz = 1,
			  .p_memsz = 1, .p_flags = PF_R },
		},
	};

	if (write_file(directory, 99, &large, sizeof(large)))
		return 1;
	puts("case-99 a byte behind much .bss");
	return 0;
}

int main(int argc, char **argv)
{
	static u8 data[PLAN_CASE_FILE];
	const struct plan_case *c;
	unsigned int number = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: refuse DIRECTORY\n");
		return 2;
	}
	for (c = plan_cases; c->name; c++, number++) {
		u32 size = plan_case_build(c, data);

		if (!c->error)
			continue;
		if (write_file(argv[1], number, data, size))
			return 1;
		printf("case-%02u %s\n", number, c->name);
	}
	return write_large(argv[1]);
}
