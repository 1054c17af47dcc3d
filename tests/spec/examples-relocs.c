// SPDX-License-Identifier: GPL-2.0
/*
 * What our own code makes of the relocations of section 6.4 of elf-boot.txt:
 *
 *	examples-relocs FILE	512 zeros, relocated by 0x1000000
 */
#include <stdio.h>

#include "kaslr/relocate.h"
#pragma GCC visibility pop

int main(int argc, char **argv)
{
	static u8 stream[4096], kernel[512];
	struct relocs relocs = { stream, 0, 3, kernel, sizeof(kernel) };
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;

	if (!file) {
		fputs("usage: examples-relocs FILE\n", stderr);
		return 2;
	}
	relocs.size = fread(stream, 1, sizeof(stream), file);
	fclose(file);
	if (relocs_check(&relocs))
		return 1;
	relocs_apply(&relocs, 0x1000000);
	return fwrite(kernel, sizeof(kernel), 1, stdout) == 1 ? 0 : 1;
}
