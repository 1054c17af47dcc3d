/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Into the kernel. Neither function returns.
 */
#include <linux/linkage.h>
#include <asm/msr-index.h>
#include <asm/processor-flags.h>

#include "segments.h"
#include "leave/jump.h"

	.text
	.code32

/*
 * void jump_32(u32 entry, u32 boot_params, const struct jump *jump)
 *
 * The 32-bit boot protocol: ESI is boot_params, EBP, EDI and EBX are 0, the
 * segments are BOOT_CS and BOOT_DS since entry.S. What is copied may be the
 * kernel: neither this code nor the stack is where it goes.
 */
SYM_FUNC_START(jump_32)
	movl	JUMP_COPY_FROM(%ecx), %esi
	movl	JUMP_COPY_TO(%ecx), %edi
	movl	JUMP_COPY_SIZE(%ecx), %ecx
	shrl	$2, %ecx
	rep movsl
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
 * void jump_64(u32 entry, u32 boot_params, const struct jump *jump)
 *
 * The 64-bit boot protocol: long mode on the page tables at jump->cr3, RSI is
 * boot_params. The copy is made there, with 64 bits at a time.
 */
SYM_FUNC_START(jump_64)
	movl	%eax, %ebx
	movl	%edx, %ebp
	movl	%ecx, %edi
	movl	JUMP_CR3(%edi), %eax
	movl	%eax, %cr3
	movl	JUMP_CR4(%edi), %eax
	movl	%eax, %cr4
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	$(X86_CR0_PG | X86_CR0_PE | X86_CR0_ET), %eax
	movl	%eax, %cr0
	movl	JUMP_COPY_SIZE(%edi), %ecx
	movl	JUMP_COPY_FROM(%edi), %esi
	movl	JUMP_COPY_TO(%edi), %edi

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
	/* The upper halves of registers are not defined after the change. */
	movl	%esi, %esi
	movl	%edi, %edi
	shrl	$3, %ecx
	rep movsq
	movl	%ebx, %eax
	movl	%ebp, %esi
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
	xorl	%edi, %edi
	jmp	*%rax
	.code32
SYM_FUNC_END(jump_64)
