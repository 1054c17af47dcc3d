/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From UEFI into the image. leave.c copies jump_code to memory below 4 GiB that
 * is not where the image goes, and fills in the words at its end. It runs
 * wherever it is, and writes nothing but its stack and what it copies.
 *
 * In:	the firmware's mode (UEFI Specification 2.10, sections 2.3.2 and 2.3.4),
 *	its boot services have gone; this memory is mapped one to one.
 * Out:	an ELF32 image: 32-bit mode as after a reset, flat segments, EAX and EBX
 *	as the ELF boot proposal has them, the notes at [ESP+4] as well and an
 *	address that halts at [ESP].
 *	An ELF64 image: 64-bit mode, 4 GiB mapped one to one, the notes in RDI
 *	and an address that halts at [RSP].
 *	All other registers are 0.
 */
#include <linux/linkage.h>
#include <asm/processor-flags.h>

#include "jump.h"

#define MAGIC		0x0e1fb007

/* As most loaders have them. */
#define CS_32		0x10
#define DS_32		0x18
#define CS_64		0x20

/* 5.10 has no name for it: control-flow enforcement. */
#define CR4_CET		(1 << 23)

/* asm/msr-index.h is not for programs. */
#define EFER		0xc0000080
#define EFER_LME	0x100

#define CPUID_EXTENDED	0x80000000
#define CPUID_FEATURES	0x80000001
#define FEATURE_LM	29		/* bit in EDX */

#define GDT_LIMIT	(.Lgdt_end - .Lgdt - 1)

/* What moves with the code, by the address that it has in EBP. */
#define own(x)		((x) - jump_code)(%ebp)

#ifdef __x86_64__

	/* Into 32-bit mode, with paging still on. */
	.macro	enter_32
	.code64
	leaq	jump_code(%rip), %rbp
	leaq	jump_code+JUMP_STACK(%rip), %rsp
	leaq	.Lgdt(%rip), %rax
	pushq	%rax
	pushw	$GDT_LIMIT
	lgdt	(%rsp)
	/* Neither may be on where what it belongs to goes off. */
	movq	%cr4, %rax
	andl	$~(CR4_CET | X86_CR4_PCIDE), %eax
	movq	%rax, %cr4
	leaq	.L32(%rip), %rax
	pushq	$CS_32
	pushq	%rax
	lretq
	.endm

	/* Long mode off; paging is off already. */
	.macro	leave_long_mode
	movl	$EFER, %ecx
	xorl	%eax, %eax
	xorl	%edx, %edx
	wrmsr
	.endm

#else

	.macro	enter_32
	.code32
	call	1f
1:	popl	%ebp
	subl	$(1b - jump_code), %ebp
	leal	JUMP_STACK(%ebp), %esp
	leal	own(.Lgdt), %eax
	pushl	%eax
	pushw	$GDT_LIMIT
	lgdt	(%esp)
	movl	%cr4, %eax
	andl	$~CR4_CET, %eax
	movl	%eax, %cr4
	leal	own(.L32), %eax
	pushl	$CS_32
	pushl	%eax
	lret
	.endm

	/* A CPU that has none knows nothing of EFER. */
	.macro	leave_long_mode
	.endm

#endif

	.section ".rodata", "a"
	.balign	16
SYM_DATA_START(jump_code)
	cli
	cld
	enter_32

	.code32
.L32:
	leal	JUMP_STACK(%ebp), %esp
	movl	$DS_32, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss

	/* From here on page tables may be overwritten. */
	movl	$(X86_CR0_PE | X86_CR0_ET), %eax
	movl	%eax, %cr0
	leave_long_mode
	xorl	%eax, %eax
	movl	%eax, %cr4
	movl	%eax, %cr3
	lldt	%ax
	lidt	own(.Lno_idt)

	leal	own(.Lwords + JUMP_MOVES), %ebx
.Lmove:
	movl	(%ebx), %edi		/* struct jump_move */
	movl	4(%ebx), %esi
	movl	8(%ebx), %edx
	movl	%edx, %ecx
	orl	12(%ebx), %ecx
	jz	.Lmoved
	movl	%edx, %ecx
	shrl	$2, %ecx
	rep movsl
	movl	%edx, %ecx
	andl	$3, %ecx
	rep movsb
	movl	12(%ebx), %edx
	xorl	%eax, %eax
	movl	%edx, %ecx
	shrl	$2, %ecx
	rep stosl
	movl	%edx, %ecx
	andl	$3, %ecx
	rep stosb
	addl	$16, %ebx
	jmp	.Lmove

.Lmoved:
	movl	own(.Lwords + JUMP_NOTES), %ebx
	movl	own(.Lwords + JUMP_TABLES), %eax
	testl	%eax, %eax
	jnz	.Lto_64

	leal	own(.Lhalt), %eax
	pushl	%ebx
	pushl	%eax
	pushl	own(.Lwords + JUMP_ENTRY)
	movl	$MAGIC, %eax
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%esi, %esi
	xorl	%edi, %edi
	xorl	%ebp, %ebp
	ret

.Lto_64:
	movl	%eax, %cr3
	movl	$X86_CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$EFER, %ecx
	movl	$EFER_LME, %eax
	xorl	%edx, %edx
	wrmsr
	movl	$(X86_CR0_PE | X86_CR0_ET | X86_CR0_PG), %eax
	movl	%eax, %cr0
	leal	own(.L64), %eax
	pushl	$CS_64
	pushl	%eax
	lret

	.code64
.L64:
	movl	%ebx, %edi
	leaq	.Lhalt(%rip), %rax
	pushq	%rax
	movl	.Lwords+JUMP_ENTRY(%rip), %eax
	pushq	%rax
	xorl	%eax, %eax
	xorl	%ebx, %ebx
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%esi, %esi
	xorl	%ebp, %ebp
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
	retq

	/* The same in both modes. */
.Lhalt:
	cli
	hlt
	jmp	.Lhalt

	.balign	4
.Lno_idt:
	.word	0
	.quad	0

	/* All are marked as accessed: no CPU writes to it. */
	.balign	16
.Lgdt:
	.skip	CS_32
	.quad	0x00cf9b000000ffff	/* CS_32 */
	.quad	0x00cf93000000ffff	/* DS_32 */
	.quad	0x00af9b000000ffff	/* CS_64 */
.Lgdt_end:

	.balign	16
SYM_INNER_LABEL(jump_code_words, SYM_L_GLOBAL)
.Lwords:
	.skip	JUMP_WORDS_SIZE
SYM_DATA_END_LABEL(jump_code, SYM_L_GLOBAL, jump_code_end)

	.text
#ifdef __x86_64__
	.code64
SYM_CODE_START(jump_enter)
	jmp	*%rdi
SYM_CODE_END(jump_enter)

SYM_CODE_START(jump_has_64)
	movl	$1, %eax
	ret
SYM_CODE_END(jump_has_64)
#else
	.code32
SYM_CODE_START(jump_enter)
	jmp	*%eax
SYM_CODE_END(jump_enter)

SYM_CODE_START(jump_has_64)
	pushl	%ebx
	movl	$CPUID_EXTENDED, %eax
	cpuid
	xorl	%edx, %edx
	cmpl	$CPUID_FEATURES, %eax
	jb	1f
	movl	$CPUID_FEATURES, %eax
	cpuid
1:	shrl	$FEATURE_LM, %edx
	andl	$1, %edx
	movl	%edx, %eax
	popl	%ebx
	ret
SYM_CODE_END(jump_has_64)
#endif

	.section .note.GNU-stack, "", @progbits
