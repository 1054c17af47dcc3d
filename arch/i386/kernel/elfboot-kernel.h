/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What runs inside the kernel proper, by file.
 */
#ifndef ELFBOOT_KERNEL_H
#define ELFBOOT_KERNEL_H

struct elfboot_provenance;

/* provenance.c */
int elfboot_read_provenance(struct elfboot_provenance *provenance);

#endif /* ELFBOOT_KERNEL_H */
