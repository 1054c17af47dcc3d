// SPDX-License-Identifier: GPL-2.0
/*
 * Write the files that the loader's own tests say are no good, each with its
 * name in a directory: for kexec_file_load() to refuse them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "elf-plan-cases.h"

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
	return 0;
}
