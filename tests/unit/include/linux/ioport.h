/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where some memory is, as the kernel says it.
 */
#ifndef TESTS_LINUX_IOPORT_H
#define TESTS_LINUX_IOPORT_H

#include <linux/types.h>

struct resource {
	u64 start;
	u64 end;
};

#endif /* TESTS_LINUX_IOPORT_H */
