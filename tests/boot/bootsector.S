/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A boot sector that is a bad loader: it enters an image, which QEMU has put
 * in place, at ENTRY with the given EAX and EBX and nothing in the other
 * registers. With WIPE it clears the interrupt vectors first, so that no BIOS
 * is alive.
 */
	.text
	.code16
	.globl	_start
_start:
	cli
	cld
	xorw	%ax, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %di
#ifdef WIPE
	movw	$0x200, %cx
	rep stosw
#endif
	lgdt	gdt_pointer
	movl	%cr0, %eax
	orl	$1, %eax
	movl	%eax, %cr0
	ljmpl	$0x08, $protected

	.code32
protected:
	movl	$0x10, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	$0x18, %eax		/* not flat: nobody promised it */
	movl	%eax, %ss

	/* As a loader that was in long mode and only cleared CR0.PG. */
	movl	$0xc0000080, %ecx	/* EFER */
	rdmsr
	orl	$0x100, %eax		/* LME */
	wrmsr

	movl	$EAX, %eax
	movl	$EBX, %ebx
	xorl	%edx, %edx
	xorl	%esi, %esi
	xorl	%edi, %edi
	xorl	%esp, %esp
	movl	$ENTRY, %ebp
	jmp	*%ebp

	.balign	8
gdt:
	.quad	0
	.quad	0x00cf9a000000ffff
	.quad	0x00cf92000000ffff
	.quad	0x00cf92010000ffff
gdt_pointer:
	.word	. - gdt - 1
	.long	gdt

	.org	510
	.word	0xaa55
	.org	1474560
