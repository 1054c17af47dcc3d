/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the loader jumps to, in flat 32-bit mode or in long mode with memory
 * mapped one to one. No register but the stack pointer is used before it has
 * been stored, and that only for the argument above the return address; then
 * there are a stack, descriptors and a C program of our own.
 */
#ifdef __x86_64__

#define WORD(name)	name(%rip)
#define AX		%rax
#define SP		%rsp
#define BP		%rbp
#define iret_		iretq

#else

#define WORD(name)	name
#define AX		%eax
#define SP		%esp
#define BP		%ebp
#define iret_		iretl

#endif

	.text
	.globl	_start
_start:
#ifdef __x86_64__
	movq	%rax, entry + 0(%rip)
	movq	%rbx, entry + 8(%rip)
	movq	%rcx, entry + 16(%rip)
	movq	%rdx, entry + 24(%rip)
	movq	%rsi, entry + 32(%rip)
	movq	%rdi, entry + 40(%rip)
	movq	%rbp, entry + 48(%rip)
	movq	%rsp, entry + 56(%rip)
	leaq	stack_end(%rip), %rsp
	pushfq
	popq	entry + 64(%rip)
#else
	movl	%eax, entry + 0
	movl	%ebx, entry + 8
	movl	%ecx, entry + 16
	movl	%edx, entry + 24
	movl	%esi, entry + 32
	movl	%edi, entry + 40
	movl	%ebp, entry + 48
	movl	%esp, entry + 56
	movl	$stack_end, %esp
	pushfl
	popl	entry + 64
#endif
	cli
	cld
	movw	%cs, WORD(entry + 72)
	movw	%ds, WORD(entry + 80)
	movw	%es, WORD(entry + 88)
	movw	%ss, WORD(entry + 96)
	movw	%fs, WORD(entry + 104)
	movw	%gs, WORD(entry + 112)
	mov	%cr0, AX
	mov	AX, WORD(entry + 120)
	mov	%cr3, AX
	mov	AX, WORD(entry + 128)
	mov	%cr4, AX
	mov	AX, WORD(entry + 136)

#ifdef __x86_64__
	leaq	gdt(%rip), %rax
	movq	%rax, gdt_pointer + 2(%rip)
	lgdt	gdt_pointer(%rip)
	leaq	1f(%rip), %rax
	pushq	$0x10
	pushq	%rax
	lretq
#else
	movl	$gdt, gdt_pointer + 2
	lgdt	gdt_pointer
	ljmpl	$0x10, $1f
#endif
1:	movl	$0x18, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	%eax, %fs
	movl	%eax, %gs

#ifdef __x86_64__
	leaq	entry(%rip), %rdi
	movq	entry + 40(%rip), %rsi
	call	hello_main
#else
	/* Notes by EBX, if EAX says so; else by the argument. */
	movl	entry + 56, %ecx
	testl	%ecx, %ecx
	jz	2f
	movl	4(%ecx), %eax
	movl	%eax, entry + 144
2:	movl	entry + 8, %eax
	cmpl	$0x0e1fb007, entry
	je	3f
	movl	entry + 144, %eax
3:	pushl	$0
	pushl	%eax
	pushl	$entry
	call	hello_main
#endif
0:	cli
	hlt
	jmp	0b

	/* Eight bytes each. */
	.balign	8
	.globl	exception_stubs
exception_stubs:
	.set	vector, 0
	.rept	32
	.balign	8
	push	$vector
	jmp	exception
	.set	vector, vector + 1
	.endr

exception:
#ifdef __x86_64__
	popq	%rdi
	movq	%rsp, %rsi
	andq	$~15, %rsp
#else
	popl	%eax
	movl	%esp, %ecx
	pushl	%ecx
	pushl	%eax
#endif
	call	hello_exception
0:	cli
	hlt
	jmp	0b

	.globl	tick_stub
tick_stub:
	push	AX
	incl	WORD(ticks)
	movb	$0x20, %al		/* end of interrupt */
	outb	%al, $0x20
	pop	AX
	.globl	spurious_stub
spurious_stub:
	iret_

	.globl	stray_stub
stray_stub:
	incl	WORD(strays)
	iret_

/*
 * What another CPU does when it is started: count, tell its number, halt. In
 * real mode, at the beginning of a page.
 */
	.code16
	.balign	16
	.globl	trampoline
trampoline:
	cli
	movw	%cs, %ax
	movw	%ax, %ds
	movl	$1, %eax
	cpuid
	shrl	$24, %ebx		/* number of the local APIC */
	lock btsl %ebx, trampoline_mask - trampoline
	lock incl trampoline_count - trampoline
0:	hlt
	jmp	0b
	.balign	4
	.globl	trampoline_count
trampoline_count:
	.long	0
trampoline_mask:
	.fill	8, 4, 0
	.globl	trampoline_end
trampoline_end:

	.data
	.balign	8
entry:
	.fill	19, 8, 0
gdt:
	.quad	0
	.quad	0
#ifdef __x86_64__
	.quad	0x00af9b000000ffff
#else
	.quad	0x00cf9b000000ffff
#endif
	.quad	0x00cf93000000ffff
gdt_pointer:
	.word	. - gdt - 1
	.quad	0

	.bss
	.balign	16
	.fill	0x4000, 1, 0
stack_end:
	.globl	ticks
ticks:
	.long	0
	.globl	strays
strays:
	.long	0

	.section .note.GNU-stack, "", @progbits
