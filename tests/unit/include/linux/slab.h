/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unit/test-kexec-crash.c is the kernel.
 */
#include <linux/types.h>

#define GFP_KERNEL	0

void *kzalloc(size_t size, int flags);
void kfree(const void *memory);
