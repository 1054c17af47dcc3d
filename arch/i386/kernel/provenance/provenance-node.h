/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The setup_data node in which the stub says who booted this kernel
 * (provenance.c).
 */
#ifndef ELFBOOT_PROVENANCE_NODE_H
#define ELFBOOT_PROVENANCE_NODE_H

#include "provenance.h"

int elfboot_read_provenance(struct elfboot_provenance *provenance);

#endif /* ELFBOOT_PROVENANCE_NODE_H */
