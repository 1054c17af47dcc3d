// SPDX-License-Identifier: GPL-2.0
/*
 * The stub, elfboot.bin, inside this program. STUB_BIN is its name, from the
 * Makefile. In assembler, but in a C file: Kbuild has no rules for host
 * programs in assembler.
 */
#include "elfimage.h"

extern const uint8_t stub_bin[], stub_bin_end[];

#define STUB_SECTION(name)				\
	".pushsection .rodata, \"a\"\n"			\
	".balign 4\n"					\
	".globl stub_bin, stub_bin_end\n"		\
	".hidden stub_bin, stub_bin_end\n"		\
	"stub_bin: .incbin \"" name "\"\n"		\
	"stub_bin_end:\n"				\
	".popsection"

asm(STUB_SECTION(STUB_BIN));

/**
 * stub_bin_get - the stub, to be put in front of kernels that have none
 *
 * Return: elfboot.bin, position-independent, its words not filled in.
 */
struct bytes stub_bin_get(void)
{
	return (struct bytes){ stub_bin, stub_bin_end - stub_bin };
}
