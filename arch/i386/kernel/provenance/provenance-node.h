/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The setup_data node in which the stub says who booted this kernel
 * (provenance.c), and what sysfs.c shows beside it.
 */
#ifndef ELFBOOT_PROVENANCE_NODE_H
#define ELFBOOT_PROVENANCE_NODE_H

#include "provenance.h"

struct kobject;

const struct elfboot_provenance *elfboot_provenance(void);

/* addresses.c */
int elfboot_add_addresses(struct kobject *dir);

#endif /* ELFBOOT_PROVENANCE_NODE_H */
