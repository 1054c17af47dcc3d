/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The setup_data node in which the stub says who booted this kernel
 * (provenance.c).
 */
#ifndef ELFBOOT_PROVENANCE_NODE_H
#define ELFBOOT_PROVENANCE_NODE_H

#include "provenance.h"

const struct elfboot_provenance *elfboot_provenance(void);

#endif /* ELFBOOT_PROVENANCE_NODE_H */
