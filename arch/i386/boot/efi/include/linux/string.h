/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What compilers take for granted, and a little more (string.c).
 */
#ifndef ELFBOOT_EFI_LINUX_STRING_H
#define ELFBOOT_EFI_LINUX_STRING_H

#include <linux/types.h>

void *memcpy(void *dst, const void *src, size_t len);
void *memset(void *dst, int c, size_t len);
int memcmp(const void *a, const void *b, size_t len);
size_t strlen(const char *s);

#endif /* ELFBOOT_EFI_LINUX_STRING_H */
