/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the reset vector to C, and from C to the payload.
 *
 * At reset: real mode, CS base 0xffff0000, IP 0xfff0, caches off. The code
 * stays in the ROM where it is; there is nothing in it that is written to.
 */
#include "handoff.h"

#define CR0_PE		0x00000001
#define CR0_CD_NW	0x60000000

#define EARLY_STACK	0x8000

	.section .reset, "ax"
	.code16
	.globl	reset
reset:
	jmp	start16

	.text
start16:
	cli
	cld
	lgdtl	%cs:gdt_pointer_16	/* from firmware.lds */
	movl	%cr0, %eax
	andl	$~CR0_CD_NW, %eax
	orl	$CR0_PE, %eax
	movl	%eax, %cr0
	ljmpl	$GDT_CODE, $start32

	.code32
start32:
	movl	$GDT_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss

	/* Low memory is the payload's: the stack goes where the tables are. */
	movl	$EARLY_STACK, %esp
	call	chipset_low_ram
	movl	%eax, %esp
	pushl	%eax
	call	firmware_main
0:	hlt
	jmp	0b

/*
 * void payload_enter(const struct handoff *handoff)
 *
 * A C call, as far as the payload can see: the return address, then the
 * argument. What is not said in the handoff is junk.
 */
	.globl	payload_enter
payload_enter:
	movl	4(%esp), %esi
	lgdt	HANDOFF_GDT(%esi)
	lidt	HANDOFF_IDT(%esi)
	pushl	HANDOFF_CS(%esi)
	pushl	$1f
	lret
1:	movl	HANDOFF_DS(%esi), %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss
	movl	HANDOFF_CR0(%esi), %eax
	movl	%eax, %cr0
	wbinvd

	pushl	HANDOFF_ARGUMENT(%esi)
	pushl	$payload_returned
	pushl	HANDOFF_ENTRY(%esi)
	movl	HANDOFF_EAX(%esi), %eax
	movl	HANDOFF_EBX(%esi), %ebx
	movl	$0x6a756e01, %ecx
	movl	$0x6a756e02, %edx
	movl	$0x6a756e03, %esi
	movl	$0x6a756e04, %edi
	movl	$0x6a756e05, %ebp
	ret

	.section .rodata
	.balign	8
/* With the accessed bits set: in a ROM they stay as they are. */
gdt:
	.quad	0
	.quad	0x00cf9b000000ffff
	.quad	0x00cf93000000ffff
	.globl	gdt_pointer
gdt_pointer:
	.word	. - gdt - 1
	.long	gdt

	.section .note.GNU-stack, "", @progbits
