/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random numbers (entropy.c).
 */
#ifndef ELFBOOT_ENTROPY_H
#define ELFBOOT_ENTROPY_H

#include "base.h"

/**
 * struct entropy - a source of random numbers
 * @state: what has been gathered
 * @sources: ENTROPY_*, whence
 */
struct entropy {
	u64 state;
	u32 sources;
};

void entropy_init(struct entropy *entropy, const u8 *seed, u32 size);
u32 entropy_draw(struct entropy *entropy);

#endif /* ELFBOOT_ENTROPY_H */
