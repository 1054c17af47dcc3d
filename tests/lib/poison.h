/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory for tests that have no machine (unit/fixture.h) to put it into.
 */
#ifndef TESTS_POISON_H
#define TESTS_POISON_H

#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

/* Exactly so large that the sanitizer sees the byte behind it; never zero. */
static inline u8 *allocate(size_t size)
{
	u8 *memory = malloc(size ? size : 1);

	if (!memory)
		abort();
	memset(memory, 0xa5, size ? size : 1);
	return memory;
}

#endif /* TESTS_POISON_H */
