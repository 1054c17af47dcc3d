/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From 32-bit protected mode to a BIOS interrupt and back. The trampoline is
 * copied to BIOS_TRAMPOLINE and runs there only, so all its addresses are
 * constants; entry.S has 16-bit segments with base 0 for the way.
 */
#include <linux/linkage.h>
#include <asm/processor-flags.h>

#include "machine/bios.h"
#include "segments.h"

/* Where a label of the trampoline is when it runs. */
#define low(x)	((x) - bios_trampoline + BIOS_TRAMPOLINE)

	.text
	.code32

/*
 * void bios_enter(void)
 *
 * Calls the interrupt that bios_trampoline_vector in low memory names, with
 * the registers in bios_trampoline_regs.
 */
SYM_FUNC_START(bios_enter)
	pushl	%ebp
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	call	1f
1:	popl	%eax
	addl	$(.Lback - 1b), %eax
	movl	%eax, low(.Lreturn_eip)
	movl	%esp, low(.Lreturn_esp)
	sgdt	low(.Lreturn_gdt)
	sidt	low(.Lreturn_idt)
	ljmp	$BOOT_CS16, $low(.Lprotected_16)
.Lback:
	popl	%edi
	popl	%esi
	popl	%ebx
	popl	%ebp
	ret
SYM_FUNC_END(bios_enter)

	.balign	16
	.code16
SYM_CODE_START(bios_trampoline)
.Lprotected_16:
	movw	$BOOT_DS16, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %fs
	movw	%ax, %gs
	movw	%ax, %ss
	lidtl	low(.Lreal_idt)
	movl	%cr0, %eax
	andl	$~X86_CR0_PE, %eax
	movl	%eax, %cr0
	ljmpw	$0, $low(.Lreal)

.Lreal:
	xorl	%eax, %eax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %fs
	movw	%ax, %gs
	movw	%ax, %ss
	movl	$BIOS_TRAMPOLINE, %esp
	movl	(low(bios_trampoline_regs) + BIOS_EAX), %eax
	movl	(low(bios_trampoline_regs) + BIOS_EBX), %ebx
	movl	(low(bios_trampoline_regs) + BIOS_ECX), %ecx
	movl	(low(bios_trampoline_regs) + BIOS_EDX), %edx
	movl	(low(bios_trampoline_regs) + BIOS_ESI), %esi
	movl	(low(bios_trampoline_regs) + BIOS_EDI), %edi
	xorl	%ebp, %ebp
	.byte	0xcd			/* int */
SYM_INNER_LABEL(bios_trampoline_vector, SYM_L_GLOBAL)
	.byte	0

	/* A BIOS may return with any segment registers but CS and SS. */
	pushfl
	popl	%cs:(low(bios_trampoline_regs) + BIOS_EFLAGS)
	cli
	cld
	movl	%eax, %cs:(low(bios_trampoline_regs) + BIOS_EAX)
	movl	%ebx, %cs:(low(bios_trampoline_regs) + BIOS_EBX)
	movl	%ecx, %cs:(low(bios_trampoline_regs) + BIOS_ECX)
	movl	%edx, %cs:(low(bios_trampoline_regs) + BIOS_EDX)
	movl	%esi, %cs:(low(bios_trampoline_regs) + BIOS_ESI)
	movl	%edi, %cs:(low(bios_trampoline_regs) + BIOS_EDI)

	/* SeaBIOS, for one, leaves a GDT of its own behind. */
	lgdtl	%cs:low(.Lreturn_gdt)
	movl	%cr0, %eax
	orl	$X86_CR0_PE, %eax
	movl	%eax, %cr0
	ljmpl	$BOOT_CS, $low(.Lprotected_32)

	.code32
.Lprotected_32:
	movl	$BOOT_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss
	movl	low(.Lreturn_esp), %esp
	lidt	low(.Lreturn_idt)
	jmp	*low(.Lreturn_eip)

	.balign	4
.Lreturn_eip:
	.long	0
.Lreturn_esp:
	.long	0
SYM_INNER_LABEL(bios_trampoline_regs, SYM_L_GLOBAL)
	.skip	BIOS_REGS_SIZE
.Lreal_idt:
	.word	0x3ff
	.long	0
.Lreturn_gdt:
	.word	0
	.long	0
.Lreturn_idt:
	.word	0
	.long	0
SYM_INNER_LABEL(bios_trampoline_end, SYM_L_GLOBAL)
SYM_CODE_END(bios_trampoline)
