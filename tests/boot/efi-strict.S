/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A UEFI program that makes a firmware as strict as it could be: from now on nothing
 * can be executed that is allocated for a loader, neither as data nor as code, until
 * somebody asks for it by the firmware's memory attribute protocol. It stays as a page
 * of its own, and returns as if there were nothing to boot.
 */
#include "efi-calls.inc"

	.text
	.globl	efi_main
efi_main:
	pushq	%rbx
	pushq	%rsi
	subq	$FRAME, %rsp
	movq	%rdx, %rsi
	leaq	memory_attribute(%rip), %rcx
	xorl	%edx, %edx
	leaq	RESULT(%rsp), %r8
	movq	BOOT_SERVICES(%rsi), %rax
	call	*LOCATE_PROTOCOL(%rax)
	testq	%rax, %rax
	jnz	1f
	movq	RESULT(%rsp), %rbx
	allocate LOADER_CODE
	testq	%rax, %rax
	jnz	1f

	movq	RESULT(%rsp), %rdx
	xorl	%ecx, %ecx
2:	leaq	hook(%rip), %rax
	movb	(%rax,%rcx), %al
	movb	%al, (%rdx,%rcx)
	incl	%ecx
	cmpl	$(hook_end - hook), %ecx
	jb	2b
	movq	%rbx, hook_protocol - hook(%rdx)
	movq	BOOT_SERVICES(%rsi), %rcx
	movq	ALLOCATE_PAGES(%rcx), %rax
	movq	%rax, hook_original - hook(%rdx)
	movq	%rdx, ALLOCATE_PAGES(%rcx)
	say	on
1:	movq	$NOT_FOUND, %rax
	addq	$FRAME, %rsp
	popq	%rsi
	popq	%rbx
	ret

	.section .rodata, "a"
on:
	.string16 "strict: on\r\n"
	.balign	8
	/* UEFI Specification 2.10, section 37.7.1 */
memory_attribute:
	.long	0xf4560cf6
	.word	0x40ec, 0x4b4a
	.byte	0xa1, 0x92, 0xbf, 0x1d, 0x57, 0xd0, 0xb1, 0x89

	/* In AllocatePages()' place. */
	.balign	8
hook:
	pushq	%rbx
	pushq	%rsi
	pushq	%rdi
	subq	$0x30, %rsp
	movq	%rdx, %rbx
	movq	%r8, %rsi
	movq	%r9, %rdi
	call	*hook_original(%rip)
	testq	%rax, %rax
	jnz	1f
	cmpl	$LOADER_DATA, %ebx
	ja	1f
	movq	hook_protocol(%rip), %rcx
	movq	(%rdi), %rdx
	movq	%rsi, %r8
	shlq	$12, %r8
	movl	$MEMORY_XP, %r9d
	call	*SET_ATTRIBUTES(%rcx)
	xorl	%eax, %eax
1:	addq	$0x30, %rsp
	popq	%rdi
	popq	%rsi
	popq	%rbx
	ret
	.balign	8
hook_original:
	.quad	0
hook_protocol:
	.quad	0
hook_end:
	.section .note.GNU-stack, "", @progbits
