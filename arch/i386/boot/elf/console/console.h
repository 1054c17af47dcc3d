/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the stub says, and where it goes, by file.
 */
#ifndef ELFBOOT_CONSOLE_H
#define ELFBOOT_CONSOLE_H

#include "base.h"

struct serial;

/* console.c */
#define CONSOLE_WAITING	1536
void console_init(char *waiting);
void console_open(const char *cmdline, const struct serial *serial);
void console_write(const char *s, size_t len);

/* print.c */
__printf(1, 2) void print(const char *format, ...);
__printf(1, 2) void __noreturn fatal(const char *format, ...);

#endif /* ELFBOOT_CONSOLE_H */
