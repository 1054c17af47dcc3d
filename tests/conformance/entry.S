/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where loaders enter the conformance image, in 32-bit or in 64-bit mode.
 *
 * It is to say what is wrong with what a loader did, and so it relies on little
 * of that: there need be no stack, and segments need not be flat. What has to be
 * kept while no memory can be trusted is in CR2 and in the debug registers, about
 * which no protocol says anything; memory is read by CS until DS is our own. No
 * flag that a protocol speaks of is changed before all of them have been saved.
 */
#include <linux/linkage.h>
#include <asm/msr-index.h>
#include <asm/processor-flags.h>

#include "conformance.h"
#include "segments.h"
#include "stub.h"

#define COM1		0x3f8
#define COM2		0x2f8
#define LSR		5
#define LSR_THRE	0x20
#define LSR_POLLS	0x10000		/* a port that is none may never be ready */

#define NR_VECTORS	32
#define VECTOR_SIZE	10
#define EARLY_STACK	64
#define A20		0x100000	/* of an address */

/* No addresses above 4 GiB exist in it: an entry of it is a word here. */
#define saved(register)	entry + ENTRY_##register

	.section ".head.text", "ax"
	.code32

SYM_CODE_START(stub_start)
	jmp	pvh_entry
	.org	STUB_ENTRY, 0x90
	jmp	elf_entry
	.org	STUB_BASE, 0
	.long	IMAGE_BASE
	.org	STUB_MAGIC_AT, 0
	.long	STUB_MAGIC
	.long	image_file_size
	/* All of struct stub_params: mkelfImage, or vmlinux.S. */
	.org	STUB_PARAMS, 0
SYM_INNER_LABEL(stub_params, SYM_L_GLOBAL)
	.org	STUB_SCRATCH, 0
	.long	scratch
	.org	STUB_HEADER_SIZE, 0

	.org	IMAGE_ENTRY_64, 0x90
	jmp	entry_64

pvh_entry:
	movl	%eax, %cr2
	movl	$KIND_PVH, %eax
	jmp	entry_32
elf_entry:
	movl	%eax, %cr2
	movl	$KIND_ELF, %eax
entry_32:
	movl	%eax, %dr0

	/* A sign of life, by ports alone: what follows may be the end of it. */
	movl	%edx, %dr1
	movl	%esi, %dr2
	movl	%ecx, %dr3
	movl	$uarts, %esi
1:	movzwl	%cs:(%esi), %edx
	testl	%edx, %edx
	jz	2f
	movb	%cs:2(%esi), %al
	outb	%al, %dx
	addl	$4, %esi
	jmp	1b
2:	movl	$banner, %esi
3:	cmpb	$0, %cs:(%esi)
	je	7f
	movl	$COM1, %edx
4:	addl	$LSR, %edx
	movl	$LSR_POLLS, %ecx
5:	inb	%dx, %al
	testb	$LSR_THRE, %al
	jnz	6f
	decl	%ecx
	jnz	5b
6:	subl	$LSR, %edx
	movb	%cs:(%esi), %al
	outb	%al, %dx
	incl	%esi
	cmpl	$COM2, %edx
	je	3b
	decl	%esi
	movl	$COM2, %edx
	jmp	4b
7:	movl	%dr1, %edx
	movl	%dr2, %esi
	movl	%dr3, %ecx

	/* From here on an exception goes to where DR3 says. */
	movl	%esp, %dr1
	movl	$early_stack_end, %esp
	cmpl	$FLAT, flat_word
	jne	1f			/* not with a DS that leads elsewhere */
	sgdtl	table
1:	lgdt	%cs:gdt
	lidt	%cs:early_idt_pointer

	/* Is it based at 0, does it reach up to 4 GiB, can it be written to? */
	.macro	try	segment, index
	movl	$.Ltried\@, %eax
	movl	%eax, %dr3
	cmpl	$FLAT, %\segment:flat_word
	jne	.Ltried\@
	movl	%\segment:0xfffffffc, %eax
	movl	$FLAT, %\segment:(flat + 4 * \index)
.Ltried\@:
	.endm

	try	ds, FLAT_DS
	try	es, FLAT_ES
	try	ss, FLAT_SS
	try	fs, FLAT_FS
	try	gs, FLAT_GS
	movl	$8f, %eax
	movl	%eax, %dr3
	cmpl	$FLAT, %cs:flat_word
	jne	8f
	movl	%cs:0xfffffffc, %eax
	movl	%dr0, %eax
	btsl	$31, %eax
	movl	%eax, %dr0
8:
	/* Our own. */
	movl	%cs, %eax
	movl	%eax, %dr3
	ljmpl	$BOOT_CS, $9f
9:	movl	%ds, %eax
	movl	%eax, %dr2
	movl	$BOOT_DS, %eax
	movl	%eax, %ds
	movl	%cr2, %eax
	movl	%eax, saved(AX)
	movl	%ebx, saved(BX)
	movl	%ecx, saved(CX)
	movl	%edx, saved(DX)
	movl	%esi, saved(SI)
	movl	%edi, saved(DI)
	movl	%ebp, saved(BP)
	movl	%dr1, %eax
	movl	%eax, saved(SP)
	movl	%dr2, %eax
	movw	%ax, saved(DS)
	movl	%dr3, %eax
	movw	%ax, saved(CS)
	movw	%es, saved(ES)
	movw	%ss, saved(SS)
	movw	%fs, saved(FS)
	movw	%gs, saved(GS)
	movl	$BOOT_DS, %eax
	movl	%eax, %ss
	movl	$early_stack_end, %esp
	pushfl
	popl	saved(FLAGS)
	cli
	cld
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%dr0, %eax
	btrl	$31, %eax
	jnc	1f
	movl	$FLAT, flat + 4 * FLAT_CS
1:	movl	%eax, saved(KIND)
	movzwl	table, %eax
	movl	%eax, saved(GDT_LIMIT)
	movl	table + 2, %eax
	movl	%eax, saved(GDT)
	movl	%cr0, %eax
	movl	%eax, saved(CR0)
	movl	%cr3, %eax
	movl	%eax, saved(CR3)
	movl	%cr4, %eax
	movl	%eax, saved(CR4)

	/* As the stub does: caches on, no paging; that first, whatever CR4 says. */
	movl	%cr0, %eax
	andl	$~X86_CR0_PG, %eax
	movl	%eax, %cr0
	xorl	%eax, %eax
	movl	%eax, %cr4
	movl	%cr0, %eax
	testl	$(X86_CR0_CD | X86_CR0_NW), %eax
	jz	1f
	wbinvd
1:	movl	$(X86_CR0_PE | X86_CR0_ET), %eax
	movl	%eax, %cr0
	call	cpu_has_long_mode
	testl	%eax, %eax
	jz	common
	movl	$MSR_EFER, %ecx
	rdmsr
	movl	%eax, saved(EFER)
	movl	%edx, saved(EFER) + 4

	/* Flat, protected, no paging, a small stack. Is all of the image there? */
common:
	lidt	idt_pointer
	movl	flat_word + A20, %eax
	movl	$~FLAT, flat_word + A20
	cmpl	$FLAT, flat_word
	sete	saved(A20)
	movl	%eax, flat_word + A20
	je	1f
	inb	$0x92, %al
	orb	$2, %al			/* else .bss would be all over it */
	outb	%al, $0x92

	/* Was .bss cleared? */
1:	movl	$bss_start, %edi
	movl	$bss_words, %ecx
	xorl	%eax, %eax
	repe scasl
	je	1f
	subl	$4, %edi
	movl	%edi, saved(DIRTY)
1:	movl	$bss_start, %edi
	movl	$bss_words, %ecx
	rep stosl

	movl	$stack_end, %esp
	call	cpu_clear_lme
	movl	$entry, %eax
	call	conformance_main
0:	cli
	hlt
	jmp	0b
SYM_CODE_END(stub_start)

early_fault:
	movl	%dr3, %eax
	jmp	*%eax

	.code64
entry_64:
	movq	%rax, saved(AX)(%rip)
	movq	%rbx, saved(BX)(%rip)
	movq	%rcx, saved(CX)(%rip)
	movq	%rdx, saved(DX)(%rip)
	movq	%rsi, saved(SI)(%rip)
	movq	%rdi, saved(DI)(%rip)
	movq	%rbp, saved(BP)(%rip)
	movq	%rsp, saved(SP)(%rip)
	leaq	early_stack_end(%rip), %rsp
	pushfq
	popq	saved(FLAGS)(%rip)
	cli
	cld
	movw	%cs, saved(CS)(%rip)
	movw	%ds, saved(DS)(%rip)
	movw	%es, saved(ES)(%rip)
	movw	%ss, saved(SS)(%rip)
	movw	%fs, saved(FS)(%rip)
	movw	%gs, saved(GS)(%rip)
	movl	$KIND_64, saved(KIND)(%rip)
	sgdt	table(%rip)
	movzwl	table(%rip), %eax
	movl	%eax, saved(GDT_LIMIT)(%rip)
	movq	table + 2(%rip), %rax
	movq	%rax, saved(GDT)(%rip)
	movq	%cr0, %rax
	movq	%rax, saved(CR0)(%rip)
	movq	%cr3, %rax
	movq	%rax, saved(CR3)(%rip)
	movq	%cr4, %rax
	movq	%rax, saved(CR4)(%rip)
	movl	$MSR_EFER, %ecx
	rdmsr
	movl	%eax, saved(EFER)(%rip)
	movl	%edx, saved(EFER) + 4(%rip)

	lgdt	gdt_64(%rip)
	ljmpl	*far_pointer(%rip)

	.code32
compatible:
	movl	$BOOT_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	%eax, %fs
	movl	%eax, %gs
	movl	$(X86_CR0_PE | X86_CR0_ET), %eax
	movl	%eax, %cr0
	xorl	%eax, %eax
	movl	%eax, %cr4
	movl	$early_stack_end, %esp
	movl	$uarts, %esi
	call	serial_init
	movl	$banner, %eax
	movl	$(banner_end - banner), %edx
	call	serial_write
	jmp	common

/* Each pushes what the CPU did not; {vector, error code, EIP, CS, EFLAGS}. */
	.balign	16, 0x90
vectors:
	.set	nr, 0
	.rept	NR_VECTORS
	.if	(nr != 8) && (nr < 10 || nr > 14) && (nr != 17)
	pushl	$0
	.endif
	pushl	$nr
	jmp	exception
	.org	vectors + (nr + 1) * VECTOR_SIZE, 0x90
	.set	nr, nr + 1
	.endr
exception:
	movl	%esp, %eax
	call	conformance_exception
0:	hlt
	jmp	0b

/* The image is where it was made for, or nothing of this works. */
	.macro	gate	handler
	.word	(\handler - stub_start) + (IMAGE_BASE & 0xffff)
	.word	BOOT_CS
	.word	0x8e00			/* present, 32-bit interrupt gate */
	.word	IMAGE_BASE >> 16
	.endm

	.balign	8, 0
early_idt:
	.rept	NR_VECTORS
	gate	early_fault
	.endr
idt:
	.set	nr, 0
	.rept	NR_VECTORS
	gate	(vectors + nr * VECTOR_SIZE)
	.set	nr, nr + 1
	.endr

	.word	0
early_idt_pointer:
	.word	NR_VECTORS * 8 - 1
	.long	early_idt
	.word	0
idt_pointer:
	.word	NR_VECTORS * 8 - 1
	.long	idt
gdt_64:
	.word	gdt_end - gdt - 1
	.long	gdt, 0

	/* Entry 0 is its own pointer; the others are those of the stub. */
	.balign	8, 0
gdt:
	.word	gdt_end - gdt - 1
	.long	gdt
	.word	0
	.quad	0x00af9a000000ffff	/* BOOT_CS64 */
	.quad	0x00cf9a000000ffff	/* BOOT_CS */
	.quad	0x00cf92000000ffff	/* BOOT_DS */
gdt_end:

far_pointer:
	.long	compatible
	.word	BOOT_CS

flat_word:
	.long	FLAT

/* 115200 8n1: DLAB, divisor 1, 8n1, FIFOs, DTR and RTS. */
	.macro	uart	port
	.word	\port + 1, 0x00, \port + 3, 0x80, \port, 0x01
	.word	\port + 1, 0x00, \port + 3, 0x03, \port + 2, 0x07
	.word	\port + 4, 0x03
	.endm

	.balign	4, 0
uarts:
	uart	COM1
	uart	COM2
	.word	0

banner:
	.ascii	"KTAP version 1\r\n# conformance: entered\r\n"
banner_end:
	.byte	0

	.data
	.balign	8
SYM_DATA_LOCAL(entry, .fill ENTRY_SIZE, 1, 0)
	.globl	flat
flat:
	.fill	FLAT_NR, 4, 0
table:
	.word	0
	.quad	0
	.balign	8
	.fill	EARLY_STACK, 1, 0
early_stack_end:

	.section ".tail", "a"
	.globl	tail_pattern
tail_pattern:
	.set	nr, 1
	.rept	TAIL_WORDS
	.long	(nr * PATTERN) & 0xffffffff
	.set	nr, nr + 1
	.endr

	.bss
	.balign	16
	.fill	0x2000, 1, 0
stack_end:

	.section .note.GNU-stack, "", @progbits
