/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_LINUX_ERR_H
#define TESTS_LINUX_ERR_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/errno.h>

#define ERR_PTR(error)	((void *)(intptr_t)(error))
#define PTR_ERR(pointer)	((int)(intptr_t)(pointer))

static inline bool IS_ERR(const void *pointer)
{
	return (uintptr_t)pointer >= (uintptr_t)-4095;
}

#endif /* TESTS_LINUX_ERR_H */
