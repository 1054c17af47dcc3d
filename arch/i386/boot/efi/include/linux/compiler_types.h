/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is in front of every C file. A kernel tree's uapi headers include it, too.
 */
#ifndef ELFBOOT_EFI_LINUX_COMPILER_TYPES_H
#define ELFBOOT_EFI_LINUX_COMPILER_TYPES_H

#define __noreturn	__attribute__((noreturn))

/* Installing headers takes these out. */
#define __attribute_const__	__attribute__((const))
#ifdef __CHECKER__
#define __force		__attribute__((force))
#else
#define __force
#endif

#endif /* ELFBOOT_EFI_LINUX_COMPILER_TYPES_H */
