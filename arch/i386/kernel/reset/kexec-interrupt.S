/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The handler of all interrupts when nobody is there any more to handle them.
 * It is reached by an IDT of its own alone (kexec-apic.c): to objtool it is an
 * entry, with the CPU's frame on the stack.
 */
#include <linux/linkage.h>
#include <asm/unwind_hints.h>

	.text
SYM_CODE_START(kexec_interrupt)
#ifdef CONFIG_X86_64
	UNWIND_HINT_IRET_REGS
	.byte	0xf3, 0x0f, 0x1e, 0xfa	/* endbr64, for any assembler */
	iretq
#else
	iretl
#endif
SYM_CODE_END(kexec_interrupt)
