/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A loader that does as it is told: boot sectors that fill memory with
 * noise, copy bytes about and enter an image with any registers. QEMU's
 * "loader" devices have put the image in place and, at TABLE, what to do
 * (handover.py writes it):
 *
 *	registers	EDI ESI EBP - EBX EDX ECX EAX, as popal takes them; in
 *			64-bit mode their upper halves are 0
 *	ESP, entry, flags
 *	steps		{ FILL or POINTERS, start, bytes, seed } or
 *			{ COPY, to, from, bytes }; all multiples of 4 but to,
 *			from and the last one
 *	0		the end of the steps
 *
 * and at STATE what the CPU is to be like, if FLAG_STATE says that it counts.
 */
#define TABLE		0x3000000
#define TABLE_ESP	(TABLE + 32)
#define TABLE_ENTRY	(TABLE + 36)
#define TABLE_FLAGS	(TABLE + 40)
#define TABLE_STEPS	(TABLE + 44)

#define FLAG_NO_BIOS	1	/* clear the interrupt vectors */
#define FLAG_NO_CMOS	2	/* and the memory sizes beside the clock */
#define FLAG_ODD_SS	4	/* SS is not flat: nobody promised it */
#define FLAG_LONG_MODE	8	/* enter in 64-bit mode, 4 GiB mapped one to one */

#define FLAG_NO_LME	16	/* long mode has never been enabled */
#define FLAG_STATE	32	/* the CPU as at STATE */
#define FLAG_NO_A20	64	/* address line 20 off */
#define FLAG_MASK	128	/* no interrupt may come */

#define STATE		(TABLE + 0xf00)
#define STATE_GDT	(STATE + 0)	/* limit, base */
#define STATE_CS	(STATE + 8)
#define STATE_DS	(STATE + 12)
#define STATE_ES	(STATE + 16)
#define STATE_SS	(STATE + 20)
#define STATE_FS	(STATE + 24)
#define STATE_GS	(STATE + 28)
#define STATE_TR	(STATE + 32)	/* 0: leave it */
#define STATE_CR0	(STATE + 36)
#define STATE_CR3	(STATE + 40)
#define STATE_CR4	(STATE + 44)
#define STATE_EFER	(STATE + 48)
#define STATE_EFLAGS	(STATE + 52)
#define STATE_IDT	(STATE + 56)	/* limit, base */

/* Page tables, where QEMU has put nothing: PML4, PDPT, four directories. */
#define TABLES		(TABLE + 0x10000)
#define PRESENT		0x3	/* and writable */
#define LARGE		0x83	/* 2 MiB */

#define FILL		1
#define POINTERS	3	/* noise that leads into the first 128 MiB */
#define POINTER_MASK	0x07fffffc

/* At the end of low memory, which leaves the rest of it to loaders' data. */
#define HERE		0x9e000
#define HERE_SEGMENT	0x9e00

#define SECTORS		3
#define STACK		0x9e800

#define SELECTOR_CS	0x28	/* these two as Etherboot has them */
#define SELECTOR_DS	0x30
#define SELECTOR_SS	0x38
#define SELECTOR_CS64	0x40

	.text
	.code16
	.globl	_start
_start:
	cli
	cld
	xorw	%ax, %ax
	movw	%ax, %ds
	movw	$0x7c00, %si
	movw	$HERE_SEGMENT, %ax
	movw	%ax, %es
	xorw	%di, %di
	movw	$256, %cx
	rep movsw
	movw	$(0x0200 + SECTORS - 1), %ax	/* read the others */
	movw	$0x0002, %cx
	movb	$0, %dh
	movw	$512, %bx
	int	$0x13
	cli
	ljmpw	$HERE_SEGMENT, $(1f - _start)
1:	movw	%cs, %ax
	movw	%ax, %ds
	lgdtl	gdt_pointer - _start
	movl	%cr0, %eax
	orl	$1, %eax
	movl	%eax, %cr0
	ljmpl	$SELECTOR_CS, $protected

	.org	510
	.word	0xaa55

	/* The other sectors. */
	.code32
protected:
	movl	$SELECTOR_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss

	/* As a loader that was in long mode and only cleared CR0.PG. */
	testb	$FLAG_NO_LME, TABLE_FLAGS
	jnz	1f
	movl	$0xc0000080, %ecx	/* EFER */
	rdmsr
	orl	$0x100, %eax		/* LME */
	wrmsr

1:	testb	$FLAG_NO_BIOS, TABLE_FLAGS
	jz	2f
	xorl	%eax, %eax
	xorl	%edi, %edi
	movl	$0x100, %ecx
	rep stosl
2:	testb	$FLAG_NO_CMOS, TABLE_FLAGS
	jz	4f
	movb	$0x15, %cl
3:	movb	%cl, %al
	outb	%al, $0x70
	xorl	%eax, %eax
	outb	%al, $0x71
	incb	%cl
	cmpb	$0x32, %cl
	jb	3b

4:	movl	$TABLE_STEPS, %ebx
next:	movl	(%ebx), %eax
	movl	4(%ebx), %edi
	movl	8(%ebx), %esi
	movl	12(%ebx), %ecx
	addl	$16, %ebx
	testl	%eax, %eax
	jz	enter
	movl	$-1, %ebp
	cmpl	$FILL, %eax
	je	fill
	movl	$POINTER_MASK, %ebp
	cmpl	$POINTERS, %eax
	je	fill
	rep movsb
	jmp	next

	/* Marsaglia's xorshift of 32 bits, %ecx is the seed. */
fill:	movl	%ecx, %eax
	shrl	$2, %esi
5:	movl	%eax, %edx
	shll	$13, %edx
	xorl	%edx, %eax
	movl	%eax, %edx
	shrl	$17, %edx
	xorl	%edx, %eax
	movl	%eax, %edx
	shll	$5, %edx
	xorl	%edx, %eax
	movl	%eax, %edx
	andl	%ebp, %edx
	movl	%edx, (%edi)
	addl	$4, %edi
	decl	%esi
	jnz	5b
	jmp	next

enter:	movl	TABLE_ENTRY, %eax
	movl	%eax, entry
	testb	$FLAG_MASK, TABLE_FLAGS
	jz	1f
	movb	$0xff, %al
	outb	%al, $0x21
	outb	%al, $0xa1
1:	testb	$FLAG_NO_A20, TABLE_FLAGS
	jz	1f
	inb	$0x92, %al
	andb	$0xfc, %al
	outb	%al, $0x92
1:	testb	$FLAG_STATE, TABLE_FLAGS
	jnz	enter_state
	movl	$SELECTOR_DS, %edx
	testb	$FLAG_ODD_SS, TABLE_FLAGS
	jz	6f
	movl	$SELECTOR_SS, %edx
6:	movl	%edx, ss
	testb	$FLAG_LONG_MODE, TABLE_FLAGS
	jnz	enter_64
	movl	$TABLE, %esp
	popal
	movl	TABLE_ESP, %esp
	movw	ss, %ss
	jmp	*entry

enter_64:
	movl	$TABLES, %edi
	movl	%edi, %cr3
	xorl	%eax, %eax
	movl	$(6 * 1024), %ecx
	rep stosl
	movl	$(TABLES + 0x1000 + PRESENT), TABLES
	movl	$(TABLES + 0x2000 + PRESENT), %eax
	movl	$(TABLES + 0x1000), %edi
7:	movl	%eax, (%edi)
	addl	$8, %edi
	addl	$0x1000, %eax
	cmpl	$(TABLES + 0x6000 + PRESENT), %eax
	jb	7b
	movl	$LARGE, %eax
	movl	$(TABLES + 0x2000), %edi
8:	movl	%eax, (%edi)
	addl	$8, %edi
	addl	$0x200000, %eax
	jnc	8b
	movl	%cr4, %eax
	orb	$0x20, %al		/* PAE */
	movl	%eax, %cr4
	movl	%cr0, %eax
	orl	$0x80000000, %eax	/* PG */
	movl	%eax, %cr0
	movl	$TABLE, %esp
	popal
	movl	TABLE_ESP, %esp
	ljmpl	$SELECTOR_CS64, $9f
	.code64
9:	jmpq	*entry(%rip)
	.code32

	.balign	8
entry:	.quad	0
ss:	.long	0

	.balign	8
gdt:
	.quad	0, 0, 0, 0, 0
	.quad	0x00cf9e000000ffff	/* SELECTOR_CS, conforming */
	.quad	0x00cf92000000ffff	/* SELECTOR_DS */
	.quad	0x00cf92010000ffff	/* SELECTOR_SS */
	.quad	0x00af9a000000ffff	/* SELECTOR_CS64 */
gdt_pointer:
	.word	. - gdt - 1
	.long	gdt

	/* As told: the descriptors are in memory, and so are the page tables. */
enter_state:
	movl	$STACK, %esp
	lgdt	STATE_GDT
	lidt	STATE_IDT
	movl	STATE_TR, %eax
	testl	%eax, %eax
	jz	1f
	ltr	%ax
1:	movl	STATE_CS, %eax
	movl	%eax, entry + 4
	movl	$0xc0000080, %ecx	/* EFER */
	xorl	%edx, %edx
	movl	STATE_EFER, %eax
	wrmsr
	movl	STATE_CR3, %eax
	movl	%eax, %cr3
	movl	STATE_CR4, %eax
	movl	%eax, %cr4
	movl	STATE_CR0, %eax
	movl	%eax, %cr0
	pushl	STATE_EFLAGS
	popfl
	movl	$TABLE, %esp
	popal
	movl	TABLE_ESP, %esp
	movw	STATE_ES, %es
	movw	STATE_SS, %ss
	movw	STATE_FS, %fs
	movw	STATE_GS, %gs
	movw	STATE_DS, %ds
	ljmpl	*%cs:entry

	.org	1474560
