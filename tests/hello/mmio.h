/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Registers in memory, and words that somebody else writes.
 */
#ifndef TESTS_MMIO_H
#define TESTS_MMIO_H

#include <linux/types.h>

static inline u32 read32(unsigned long at)
{
	u32 value;

	asm volatile("movl %1, %0" : "=r" (value) : "m" (*(const u32 *)at));
	return value;
}

static inline void write32(unsigned long at, u32 value)
{
	asm volatile("movl %1, %0" : "=m" (*(u32 *)at) : "r" (value));
}

#endif /* TESTS_MMIO_H */
