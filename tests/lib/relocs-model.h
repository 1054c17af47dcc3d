/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Relocations as simply as they can be said, to compare with.
 */
#ifndef TESTS_RELOCS_MODEL_H
#define TESTS_RELOCS_MODEL_H

#include <linux/types.h>

#include "relocs.h"

/* A list, RELOCS_*: places in the kernel, and what is added byte by byte. */
static inline void model_relocate(u8 *kernel, u32 list, const u32 *places,
				  u32 nr, u64 offset)
{
	u32 width = list == RELOCS_64 ? 8 : 4;
	u32 i, k;

	if (list == RELOCS_INVERSE_32)
		offset = -offset;
	for (i = 0; i < nr; i++) {
		u8 *p = kernel + places[i];
		u32 sum = 0;

		for (k = 0; k < width; k++, sum >>= 8) {
			sum += p[k] + (offset >> 8 * k & 0xff);
			p[k] = sum;
		}
	}
}

#endif /* TESTS_RELOCS_MODEL_H */
