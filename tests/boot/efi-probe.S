/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A UEFI program that finds out whether what has been allocated as data can be
 * executed. If it cannot the firmware says so, and stops. For 64-bit firmware; with
 * elfboot.efi's headers.
 */
#include "efi-calls.inc"

	.text
	.globl	efi_main
efi_main:
	pushq	%rbx
	pushq	%rsi
	subq	$FRAME, %rsp
	movq	%rdx, %rsi
	say	begins
	allocate LOADER_DATA
	testq	%rax, %rax
	jnz	1f
	movq	RESULT(%rsp), %rbx
	movb	$0xc3, (%rbx)		/* ret */
	call	*%rbx
	say	executes
	movq	$NOT_FOUND, %rax
1:	addq	$FRAME, %rsp
	popq	%rsi
	popq	%rbx
	ret

	.section .rodata, "a"
begins:
	.string16 "probe: begins\r\n"
executes:
	.string16 "probe: data can be executed\r\n"
	.section .note.GNU-stack, "", @progbits
