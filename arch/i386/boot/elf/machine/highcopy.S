/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The moment in which memory above 4 GiB is seen (high.c).
 */
#include <linux/linkage.h>
#include <asm/processor-flags.h>

	.text
	.code32

/*
 * void high_copy(void *dst, u32 src, u32 len, u32 pdpt)
 *
 * memcpy() with paging on: PAE, by the page directory pointers at pdpt. They
 * map this code, the stack and dst one to one. With LME set it would be long
 * mode.
 */
SYM_FUNC_START(high_copy)
	pushl	%ebp
	pushl	%eax
	pushl	%edx
	pushl	%ecx
	call	cpu_clear_lme
	popl	%ecx
	movl	16(%esp), %eax
	movl	%eax, %cr3
	movl	$X86_CR4_PAE, %eax
	movl	%eax, %cr4
	movl	%cr0, %ebp
	movl	%ebp, %eax
	orl	$X86_CR0_PG, %eax
	movl	%eax, %cr0
	jmp	1f
1:	popl	%edx
	popl	%eax
	call	memcpy
	movl	%ebp, %cr0
	xorl	%eax, %eax
	movl	%eax, %cr4
	popl	%ebp
	ret
SYM_FUNC_END(high_copy)
