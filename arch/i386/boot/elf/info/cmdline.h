/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's command line, as far as the stub looks at it (cmdline.c).
 */
#ifndef ELFBOOT_CMDLINE_H
#define ELFBOOT_CMDLINE_H

#include "base.h"

bool cmdline_option(const char *cmdline, const char *option);
const char *cmdline_next(const char *cmdline, const char *option, char *value,
			 size_t size);
const char *cmdline_skip_word(const char *cmdline);
u64 cmdline_number(const char **s, u32 base);
void string_copy(char *dst, const char *src, size_t size);

#endif /* ELFBOOT_CMDLINE_H */
