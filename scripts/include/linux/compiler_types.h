/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's Makefile includes in front of every C file, as far as the
 * stub uses it.
 */
#ifndef SCRIPTS_LINUX_COMPILER_TYPES_H
#define SCRIPTS_LINUX_COMPILER_TYPES_H

#define __noreturn	__attribute__((noreturn))
#define noinline	__attribute__((noinline))
#define __printf(a, b)	__attribute__((format(printf, a, b)))

#endif /* SCRIPTS_LINUX_COMPILER_TYPES_H */
