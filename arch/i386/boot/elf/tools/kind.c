// SPDX-License-Identifier: GPL-2.0
/*
 * Files that people have beside their kernels: what they are, and what to do.
 */
#include <string.h>

#include "elfimage.h"

/* By their magic numbers; the longer one comes first. */
static const struct {
	size_t at;
	const char *magic;
	size_t size;
	const char *what;
} kinds[] = {
	{ 0, "\x1f\x8b", 2, "compressed by gzip; unpack it first" },
	{ 0, "\xfd\x37zXZ\0", 6, "compressed by xz; unpack it first" },
	{ 0, "\x28\xb5\x2f\xfd", 4, "compressed by zstd; unpack it first" },
	{ 0, "\x02\x21\x4c\x18", 4, "compressed by lz4; unpack it first" },
	{ 0, "\x04\x22\x4d\x18", 4, "compressed by lz4; unpack it first" },
	{ 0, "BZh", 3, "compressed by bzip2; unpack it first" },
	{ 0, "\x5d\0\0", 3, "compressed by lzma; unpack it first" },
	{ 0, "\x27\x05\x19\x56", 4,
	  "a uImage; take the kernel out by \"dumpimage\"" },
	{ 0, "\xd0\x0d\xfe\xed", 4,
	  "a FIT image or a device tree; take the kernel out by \"dumpimage\"" },
	{ 0, "070701", 6, "an initrd, not a kernel" },
	{ 0x38, "ARM\x64", 4, "a kernel for arm64, not for x86" },
	{ 0, "MZ", 2,
	  "an EFI program; of a unified kernel image take the section .linux" },
};

/**
 * kind_of_file - say what a file is that is no kernel
 * @file: all of it
 *
 * Return: what it is and what to do with it, or NULL.
 */
const char *kind_of_file(const struct bytes *file)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (file->size >= kinds[i].at + kinds[i].size &&
		    !memcmp(file->data + kinds[i].at, kinds[i].magic,
			    kinds[i].size))
			return kinds[i].what;
	return NULL;
}
