/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What files that the kernel compiles, too, want of it: the host's own.
 */
#ifndef TESTS_LINUX_STRING_H
#define TESTS_LINUX_STRING_H

#include <string.h>

#endif /* TESTS_LINUX_STRING_H */
