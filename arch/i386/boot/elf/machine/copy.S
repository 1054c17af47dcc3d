/* SPDX-License-Identifier: GPL-2.0 */
/*
 * memcpy, memmove and memset with the calling convention of -mregparm=3:
 * EAX, EDX and ECX are the arguments. The compiler may call them, and
 * modules of a hundred megabytes go through them.
 */
#include <linux/linkage.h>

	.text
	.code32

SYM_FUNC_START(memmove)
	pushl	%esi
	pushl	%edi
	movl	%eax, %edi
	movl	%edx, %esi
	movl	%edi, %edx
	subl	%esi, %edx
	cmpl	%ecx, %edx
	jb	1f			/* src < dst < src + len */

	movl	%ecx, %edx
	shrl	$2, %ecx
	rep movsl
	movl	%edx, %ecx
	andl	$3, %ecx
	rep movsb
	jmp	2f

1:	std
	leal	-1(%esi, %ecx), %esi
	leal	-1(%edi, %ecx), %edi
	movl	%ecx, %edx
	andl	$3, %ecx
	rep movsb
	subl	$3, %esi
	subl	$3, %edi
	movl	%edx, %ecx
	shrl	$2, %ecx
	rep movsl
	cld
2:	popl	%edi
	popl	%esi
	ret
SYM_FUNC_END(memmove)

SYM_FUNC_START(memcpy)
	jmp	memmove
SYM_FUNC_END(memcpy)

SYM_FUNC_START(memset)
	pushl	%edi
	pushl	%eax
	movl	%eax, %edi
	movzbl	%dl, %eax
	imull	$0x01010101, %eax, %eax
	movl	%ecx, %edx
	shrl	$2, %ecx
	rep stosl
	movl	%edx, %ecx
	andl	$3, %ecx
	rep stosb
	popl	%eax
	popl	%edi
	ret
SYM_FUNC_END(memset)
