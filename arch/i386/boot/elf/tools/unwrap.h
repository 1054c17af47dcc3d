/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What kernels are wrapped in.
 */
#ifndef UNWRAP_H
#define UNWRAP_H

#include "elfimage.h"

#define UNIFIED_INITRDS	2

/**
 * struct unified - what a unified kernel image has beside the kernel
 * @is_one: it was one
 * @file: all of it
 * @cmdline: its section .cmdline, if there is one
 * @has_microcode: the first of @initrd is its section .ucode
 * @nr_initrds: number of @initrd
 * @initrd: microcode and initrd, one behind the other
 */
struct unified {
	bool is_one;
	struct bytes file;
	struct bytes cmdline;
	bool has_microcode;
	unsigned int nr_initrds;
	struct bytes initrd[UNIFIED_INITRDS];
};

/* unwrap.c */
int unwrap(struct bytes *file, struct unified *unified);
int unified_open(struct bytes *file, struct unified *unified);
int unified_cmdline(const struct unified *unified, char *text);

/* package.c */
bool package_probe(const struct bytes *file);
int package_refuse(const struct bytes *file);

#endif /* UNWRAP_H */
