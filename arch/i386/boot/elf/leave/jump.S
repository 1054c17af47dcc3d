/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Into the kernel. Neither function returns.
 */
#include <linux/linkage.h>
#include <asm/msr-index.h>
#include <asm/processor-flags.h>

#include "segments.h"

	.text
	.code32

/*
 * void jump_32(u32 entry, u32 boot_params)
 *
 * The 32-bit boot protocol: ESI is boot_params, EBP, EDI and EBX are 0, the
 * segments are BOOT_CS and BOOT_DS since entry.S.
 */
SYM_FUNC_START(jump_32)
	pushl	%eax
	pushl	%edx
	call	cpu_clear_lme
	popl	%esi
	popl	%eax
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
	xorl	%edi, %edi
	jmp	*%eax
SYM_FUNC_END(jump_32)

/*
 * void jump_64(u32 entry, u32 boot_params, u32 cr3, u32 cr4)
 *
 * The 64-bit boot protocol: long mode on the page tables at cr3, RSI is
 * boot_params.
 */
SYM_FUNC_START(jump_64)
	movl	%eax, %edi
	movl	%edx, %esi
	movl	%ecx, %cr3
	movl	4(%esp), %eax
	movl	%eax, %cr4
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	$(X86_CR0_PG | X86_CR0_PE | X86_CR0_ET), %eax
	movl	%eax, %cr0

	/* A far return: the offset is not known when this is linked. */
	call	1f
1:	popl	%eax
	addl	$(.Llong_mode - 1b), %eax
	pushl	$BOOT_CS64
	pushl	%eax
	lret

	.code64
.Llong_mode:
	xorl	%eax, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	%eax, %fs
	movl	%eax, %gs
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
	movl	%edi, %eax
	xorl	%edi, %edi
	jmp	*%rax
	.code32
SYM_FUNC_END(jump_64)
