/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This program has the headers that the kernel has for programs (uapi), and
 * no others: it is no part of the kernel. What the kernel's own header adds to
 * this one is here.
 */
#ifndef ELFBOOT_EFI_LINUX_TYPES_H
#define ELFBOOT_EFI_LINUX_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#endif /* ELFBOOT_EFI_LINUX_TYPES_H */
