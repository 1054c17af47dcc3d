/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Internet checksum, of physical memory (checksum.c).
 */
#ifndef ELFBOOT_CHECKSUM_H
#define ELFBOOT_CHECKSUM_H

#include "base.h"

struct ram;

int checksum_ram(const struct ram *ram, u64 pa, u32 len, u16 *sum);

#endif /* ELFBOOT_CHECKSUM_H */
