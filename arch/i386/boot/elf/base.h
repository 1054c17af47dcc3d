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

/*
 * Assembler knows a member by a number, which is therefore written twice: a
 * generated header, as the kernel's asm-offsets.h, would have to be made by
 * Kbuild, by scripts/Makefile.standalone and by the tests. If the two differ
 * nothing is compiled.
 */
#define ASM_OFFSET(type, member, offset) \
	_Static_assert(offsetof(type, member) == (offset), \
		       #member " is not at " #offset)

#endif /* ELFBOOT_BASE_H */
