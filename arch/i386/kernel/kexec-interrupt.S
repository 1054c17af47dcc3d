/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The handler of all interrupts when nobody is there any more to handle them.
 */
#include <linux/linkage.h>

	.text
SYM_CODE_START(kexec_interrupt)
#ifdef CONFIG_X86_64
	.byte	0xf3, 0x0f, 0x1e, 0xfa	/* endbr64, for any assembler */
	iretq
#else
	iretl
#endif
SYM_CODE_END(kexec_interrupt)
