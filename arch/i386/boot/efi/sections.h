/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sections of our own image, where whoever composed it has put what is to be
 * loaded (sections.c). Pure.
 */
#ifndef ELFBOOT_EFI_SECTIONS_H
#define ELFBOOT_EFI_SECTIONS_H

#include "base.h"

/**
 * struct section - contents of one
 * @data: where they are in memory
 * @size: bytes of them, 0: there is none
 */
struct section {
	const u8 *data;
	u32 size;
};

/**
 * struct own_sections - those that count, by the names that ukify uses
 * @linux_elf: .linux, the kernel
 * @cmdline: .cmdline
 * @ucode: .ucode, microcode, which is the initrd's first archive
 * @initrd: .initrd
 * @nr_profiles: how many profiles there are to choose from, 0: it is one alone
 */
struct own_sections {
	struct section linux_elf;
	struct section cmdline;
	struct section ucode;
	struct section initrd;
	u32 nr_profiles;
};

void sections_find(const void *image, u64 size, u32 profile,
		   struct own_sections *own);

#endif /* ELFBOOT_EFI_SECTIONS_H */
