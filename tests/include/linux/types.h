/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host's uapi types, and what the kernel's own header adds to them: with
 * this directory first in the include path the stub's C files compile on the
 * host. All else (errno, byte order, boot_params) comes from the host's uapi.
 */
#ifndef TESTS_LINUX_TYPES_H
#define TESTS_LINUX_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#endif /* TESTS_LINUX_TYPES_H */
