/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every C file of the stub begins with. It comes before all declarations:
 * everything is in one image, and nothing goes through the GOT.
 */
#ifndef ELFBOOT_BASE_H
#define ELFBOOT_BASE_H

#include <linux/stddef.h>
#include <linux/types.h>

#pragma GCC visibility push(hidden)

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(x)	(sizeof(x) / sizeof((x)[0]))
#endif

#endif /* ELFBOOT_BASE_H */
