/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From 64-bit mode into a 32-bit program. kexec-elf.c copies this into a
 * segment of its own, below 4 GiB, and fills in the words at its end. It runs
 * wherever it is.
 *
 * In:	64-bit mode, this memory mapped one to one, any registers and stack.
 *	Interrupts are off; the purgatory has come here.
 * Out:	32-bit mode as after a reset: paging, PAE, long mode and 5-level
 *	paging off, CR0 and CR4 clean, flat segments. EAX and EBX as the ELF
 *	boot proposal has them, the notes at [ESP+4] as Etherboot has them,
 *	and an address that halts at [ESP]; EBP as it was asked for; all
 *	other registers 0.
 *
 * It is data to the kernel: no instruction of it is run there.
 */
#include <linux/linkage.h>
#include <asm/msr-index.h>
#include <asm/processor-flags.h>

#include "kexec/kexec-elf.h"

#define MAGIC		0x0e1fb007

/* As most loaders have them. */
#define CS_32		0x10
#define DS_32		0x18

#define STACK_SIZE	1024

	.section ".rodata", "a"
	.balign	16
	.code64
SYM_DATA_START(kexec_elf_jump)
	pushq	$0			/* the purgatory has a stack */
	popfq
	leaq	kexec_elf_jump(%rip), %rbp
	leaq	.Lgdt(%rip), %rax
	movq	%rax, .Lgdt+2(%rip)
	lgdt	.Lgdt(%rip)
	leaq	.Lcompatible(%rip), %rax
	movl	%eax, .Lfar_pointer(%rip)
	ljmpl	*.Lfar_pointer(%rip)

	.code32
.Lcompatible:
	movl	$DS_32, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss

	/* Paging goes first: the other three can only go without it. */
	movl	$(X86_CR0_PE | X86_CR0_ET), %eax
	movl	%eax, %cr0
	movl	$MSR_EFER, %ecx
	xorl	%eax, %eax
	xorl	%edx, %edx
	wrmsr
	movl	%eax, %cr4
	movl	%eax, %cr3
	lldt	%ax
	lidt	.Lno_idt-kexec_elf_jump(%ebp)

	leal	.Lstack_end-kexec_elf_jump(%ebp), %esp
	movl	.Lwords+KEXEC_ELF_NOTES-kexec_elf_jump(%ebp), %ebx
	leal	.Lhalt-kexec_elf_jump(%ebp), %eax
	pushl	%ebx
	pushl	%eax
	pushl	.Lwords+KEXEC_ELF_ENTRY-kexec_elf_jump(%ebp)
	movl	$MAGIC, %eax
	xorl	%ecx, %ecx
	xorl	%esi, %esi
	xorl	%edi, %edi
	movl	.Lwords+KEXEC_ELF_EBP-kexec_elf_jump(%ebp), %ebp
	ret

.Lhalt:
	cli
	hlt
	jmp	.Lhalt

	.balign	8
.Lfar_pointer:
	.long	0
	.word	CS_32

	.balign	4
.Lno_idt:
	.word	0
	.long	0

	/* Entry 0 is the GDT's own pointer. */
	.balign	16
.Lgdt:
	.word	.Lgdt_end - .Lgdt - 1
	.quad	0
	.balign	CS_32
	.quad	0x00cf9b000000ffff	/* CS_32 */
	.quad	0x00cf93000000ffff	/* DS_32 */
.Lgdt_end:

	.skip	STACK_SIZE
	.balign	16
.Lstack_end:

SYM_INNER_LABEL(kexec_elf_jump_words, SYM_L_GLOBAL)
.Lwords:
	.skip	KEXEC_ELF_WORDS_SIZE
SYM_DATA_END_LABEL(kexec_elf_jump, SYM_L_GLOBAL, kexec_elf_jump_end)
