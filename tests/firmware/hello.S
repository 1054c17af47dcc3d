/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A payload that tells on COM1 what it has been entered with: registers, the
 * word above the return address, selectors, control registers, and what lies
 * where that word, EBX and 0x500 point to. Then it halts.
 *
 * All registers are kept on a stack of its own, as the one it gets may be
 * anywhere; which is what it is to find out.
 */
#define COM1	0x3f8
#define LSR	(COM1 + 5)
#define THRE	0x20

#define BYTES	32

	.text
	.globl	_start
_start:
	movl	%esp, saved_esp
	movl	$stack_end, %esp
	pushfl
	pushal

	movl	saved_esp, %ebp
	movl	4(%ebp), %ebp		/* the argument */

	movl	$text_registers, %esi
	call	put_string
	movl	$8, %ecx
	leal	32(%esp), %edi		/* as pushal: EAX first */
1:	subl	$4, %edi
	movl	(%edi), %eax
	call	put_long
	loop	1b

	movl	$text_esp, %esi
	call	put_string
	movl	saved_esp, %eax
	call	put_long
	movl	saved_esp, %eax
	movl	(%eax), %eax
	call	put_long
	movl	%ebp, %eax
	call	put_long

	movl	$text_system, %esi
	call	put_string
	movl	32(%esp), %eax		/* EFLAGS */
	call	put_long
	movl	%cs, %eax
	call	put_long
	movl	%ds, %eax
	call	put_long
	movl	%cr0, %eax
	call	put_long
	movl	%cr4, %eax
	call	put_long
	sgdt	descriptor
	movl	descriptor + 2, %eax
	call	put_long
	movzwl	descriptor, %eax
	call	put_long

	movl	$text_argument, %esi
	call	put_string
	movl	%ebp, %esi
	call	put_bytes
	movl	$text_ebx, %esi
	call	put_string
	movl	16(%esp), %esi
	call	put_bytes
	movl	$text_500, %esi
	call	put_string
	movl	$0x500, %esi
	call	put_bytes
	movl	$text_end, %esi
	call	put_string
0:	cli
	hlt
	jmp	0b

/* AL; keeps all others. */
put_char:
	pushl	%edx
	pushl	%eax
	movl	$LSR, %edx
1:	inb	%dx, %al
	testb	$THRE, %al
	jz	1b
	movl	$COM1, %edx
	movb	(%esp), %al
	outb	%al, %dx
	popl	%eax
	popl	%edx
	ret

/* At ESI. */
put_string:
	lodsb
	testb	%al, %al
	jz	1f
	call	put_char
	jmp	put_string
1:	ret

/* EAX, after a blank; keeps ECX. */
put_long:
	pushl	%ecx
	pushl	%eax
	movb	$' ', %al
	call	put_char
	popl	%edx
	movl	$8, %ecx
1:	roll	$4, %edx
	call	put_digit
	loop	1b
	popl	%ecx
	ret

put_digit:
	movl	%edx, %eax
	andl	$15, %eax
	movb	digits(%eax), %al
	jmp	put_char

/* What is at ESI. */
put_bytes:
	movl	$BYTES, %ecx
1:	movb	$' ', %al
	call	put_char
	lodsb
	movl	%eax, %edx
	rolb	$4, %dl
	call	put_digit
	rolb	$4, %dl
	call	put_digit
	loop	1b
	ret

	.section .rodata
digits:
	.ascii	"0123456789abcdef"
text_registers:
	.asciz	"hello: eax ecx edx ebx - ebp esi edi"
text_esp:
	.asciz	"\r\nhello: esp return argument"
text_system:
	.asciz	"\r\nhello: eflags cs ds cr0 cr4 gdt limit"
text_argument:
	.asciz	"\r\nhello: argument:"
text_ebx:
	.asciz	"\r\nhello: ebx:"
text_500:
	.asciz	"\r\nhello: 500:"
text_end:
	.asciz	"\r\nhello: end\r\n"

	.bss
	.balign	16
	.space	512
stack_end:
saved_esp:
	.long	0
descriptor:
	.space	8

	.section .note.GNU-stack, "", @progbits
