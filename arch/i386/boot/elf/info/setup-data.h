/* SPDX-License-Identifier: GPL-2.0 */
/*
 * setup_data nodes of a loader's (setup-data.c).
 */
#ifndef ELFBOOT_SETUP_DATA_H
#define ELFBOOT_SETUP_DATA_H

#include "base.h"
#include "info/memmap.h"

/* A chain is longer than this only if it runs in circles. */
#define SETUP_DATA_MAX	64

struct bootinfo;
struct ram;

int setup_data_keep(const struct ram *ram, const struct bootinfo *bi,
		    const struct range *image, struct memmap *map, u64 *fault);

#endif /* ELFBOOT_SETUP_DATA_H */
