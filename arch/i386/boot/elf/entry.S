/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The 32-bit entry of the stub.
 *
 * On entry: protected mode, paging off, CS, DS and ES flat. Nothing else is
 * assumed: the selectors may name other descriptors of the loader's GDT (0x18
 * is a 64-bit segment in coreboot 26.06), ESP may be 0, the caches may be off
 * (coreboot before 2015), any register may hold the loader's information.
 *
 * The stub runs wherever it is loaded; whoever embeds it writes its physical
 * base into one word (stub.h), which the entry loads into EBP. Of two callers it
 * can find out by itself whether that is so.
 */
#include <linux/linkage.h>
#include <asm/processor-flags.h>

#include "handoff.h"
#include "segments.h"
#include "stub.h"

#define PATTERN		0x5aa5f00f
#define NR_VECTORS	32
#define NMI_VECTOR	2
#define VECTOR_SIZE	10
#define IDT_SIZE	(NR_VECTORS * 8)

/*
 * Address of a symbol relative to the stub's base. Both ends lie in one
 * section or the difference becomes PC-relative, so it needs no relocation.
 */
#define rva(x)	((x) - stub_start)

/* Memory of the stub while SS is still the loader's: EBP would go by SS. */
#define own(x)	%ds:(rva(x))(%ebp)

/* One instruction on every x86, "leal 0(%esi), %esi". */
	.macro	nop3
	.byte	0x8d, 0x76, 0x00
	.endm

	.section ".head.text", "ax"
	.code32

SYM_CODE_START(stub_start)
	/* A PVH loader promises nothing about EAX: let it name the caller. */
	movl	$HVM_START_MAGIC, %eax
	nop3
	.org	STUB_ENTRY

	nop3
	.byte	0xbd			/* movl $base, %ebp */
	.org	STUB_BASE, 0
	.long	0
	.org	STUB_MOVED_ENTRY
	jmp	entry

	.org	STUB_MAGIC_AT, 0
	.long	STUB_MAGIC
	.org	STUB_SIZE, 0
	.long	rva(_end)
	/* All of struct stub_params is filled in by somebody else. */
	.org	STUB_PARAMS, 0
SYM_INNER_LABEL(stub_params, SYM_L_GLOBAL)
	.org	STUB_HEADER_SIZE, 0

entry:
	cli
	/*
	 * Where are we? A multiboot 2 loader may have put the image elsewhere
	 * (its header's tag 10), and a PVH loader, too. There is no way to ask
	 * for EIP without a stack: the first word that EBX points to is one, as
	 * in the kernel's own PVH entry (arch/x86/platform/pvh/head.S), and
	 * neither caller says anything in ECX, EDX and ESI. If that is no memory
	 * what is popped leads nowhere, and the base is the one that was written.
	 */
	cmpl	$MULTIBOOT2_BOOTLOADER_MAGIC, %eax
	je	1f
	cmpl	$HVM_START_MAGIC, %eax
	jne	3f
1:	movl	(%ebx), %edx
	movl	%esp, %ecx
	leal	4(%ebx), %esp
	call	2f
2:	popl	%esi
	movl	%ecx, %esp
	movl	%edx, (%ebx)
	subl	$rva(2b), %esi
	cmpl	$STUB_MAGIC, STUB_MAGIC_AT(%esi)
	jne	3f
	movl	%esi, %ebp
3:
	movl	%eax, own(handoff + HANDOFF_EAX)
	movl	%edx, own(handoff + HANDOFF_EDX)
	rdtsc
	movl	%eax, own(handoff + HANDOFF_TSC)
	movl	%edx, own(handoff + HANDOFF_TSC + 4)
	cld
	movl	%ebx, own(handoff + HANDOFF_EBX)
	movl	%ecx, own(handoff + HANDOFF_ECX)
	movl	%esi, own(handoff + HANDOFF_ESI)
	movl	%edi, own(handoff + HANDOFF_EDI)
	movl	%esp, own(handoff + HANDOFF_ESP)

	/* All addresses become what they are here. */
	movl	%ebp, %eax
	subl	own(stub_start + STUB_BASE), %eax
	movl	%eax, own(handoff + HANDOFF_MOVED)
	leal	STUB_BASE(%ebp), %esi
	movl	$STUB_ADDRESSES, %edx
4:	shrl	$1, %edx
	jnc	5f
	cmpl	$0, (%esi)
	je	5f
	addl	%eax, (%esi)
5:	addl	$4, %esi
	testl	%edx, %edx
	jnz	4b

	/* Our own segments. The descriptor of the GDT is its null entry. */
	leal	rva(gdt)(%ebp), %eax
	movl	%eax, own(gdt + 2)
	lgdt	own(gdt)
	leal	rva(.Lreload)(%ebp), %eax
	movl	%eax, own(far_pointer)
	ljmp	*own(far_pointer)
.Lreload:
	movl	$BOOT_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss

	/*
	 * The stack is at the end of the scratch memory. If there is no RAM,
	 * a small one serves until main() has said so.
	 */
	movl	own(stub_params + STUB_SCRATCH - STUB_PARAMS), %ebx
	leal	STUB_SCRATCH_SIZE(%ebx), %esp
	movl	$PATTERN, -4(%esp)
	movl	$~PATTERN, own(far_pointer)	/* else the bus may remember */
	cmpl	$PATTERN, -4(%esp)
	je	1f
	leal	rva(emergency_stack_end)(%ebp), %esp
	xorl	%ebx, %ebx
	/* The IDT is above the stack. */
1:	subl	$IDT_SIZE, %esp
	pushl	$0
	popfl

	/* Caches on; no write protection, paging or emulation; CET first. */
	xorl	%eax, %eax
	movl	%eax, %cr4
	movl	%cr0, %eax
	testl	$(X86_CR0_CD | X86_CR0_NW), %eax
	jz	1f
	wbinvd
1:	movl	$(X86_CR0_PE | X86_CR0_ET), %eax
	movl	%eax, %cr0

	/* ld leaves R_386_RELATIVE entries only (elfboot.lds). */
	leal	rva(__rel_start)(%ebp), %esi
	leal	rva(__rel_end)(%ebp), %edi
2:	cmpl	%edi, %esi
	jae	3f
	movl	(%esi), %eax
	addl	%ebp, (%ebp, %eax)
	addl	$8, %esi
	jmp	2b
3:
	/* One gate for each exception, %ecx counts, %eax is its handler. */
	leal	rva(vectors)(%ebp), %eax
	movl	%esp, %edi
	xorl	%ecx, %ecx
4:	movl	%eax, %edx
	andl	$0xffff, %edx
	orl	$(BOOT_CS << 16), %edx
	movl	%edx, (%edi, %ecx, 8)
	movl	%eax, %edx
	movw	$0x8e00, %dx		/* present, 32-bit interrupt gate */
	movl	%edx, 4(%edi, %ecx, 8)
	addl	$VECTOR_SIZE, %eax
	incl	%ecx
	cmpl	$NR_VECTORS, %ecx
	jb	4b
	movl	%edi, (rva(idt_pointer) + 2)(%ebp)
	lidt	rva(idt_pointer)(%ebp)

	leal	rva(handoff)(%ebp), %eax
	movl	%ebx, %edx		/* scratch memory, 0: there is none */
	xorl	%ebp, %ebp
	call	main
5:	hlt
	jmp	5b
SYM_CODE_END(stub_start)

/*
 * Exceptions. Each vector pushes what the CPU did not, so that
 * exception() finds {vector, error code, EIP, CS, EFLAGS} on the stack.
 * A non-maskable interrupt is none: a watchdog or a button, and the kernel's
 * to handle if it comes again.
 */
	.balign	16, 0x90
SYM_CODE_START_LOCAL(vectors)
	.set	nr, 0
	.rept	NR_VECTORS
	.if	nr == NMI_VECTOR
	iret
	.else
	.if	(nr != 8) && (nr < 10 || nr > 14) && (nr != 17)
	pushl	$0
	.endif
	pushl	$nr
	jmp	.Lexception
	.endif
	.org	vectors + (nr + 1) * VECTOR_SIZE, 0x90
	.set	nr, nr + 1
	.endr
SYM_INNER_LABEL(vectors_end, SYM_L_LOCAL)
.Lexception:
	movl	%esp, %eax
	movl	%cr2, %edx
	call	exception
SYM_CODE_END(vectors)

	.data
	.balign	8
SYM_DATA_START(gdt)
	.word	gdt_end - gdt - 1	/* entry 0 is its own pointer */
	.long	0
	.word	0
	.quad	0x00af9a000000ffff	/* BOOT_CS64 */
	.quad	0x00cf9a000000ffff	/* BOOT_CS */
	.quad	0x00cf92000000ffff	/* BOOT_DS */
	.quad	0x00009a000000ffff	/* BOOT_CS16 */
	.quad	0x000092000000ffff	/* BOOT_DS16 */
SYM_DATA_END_LABEL(gdt, SYM_L_LOCAL, gdt_end)

	.balign	4
SYM_DATA_START_LOCAL(far_pointer)
	.long	0
	.word	BOOT_CS
SYM_DATA_END(far_pointer)

	.balign	4
	.word	0			/* aligns the base */
SYM_DATA_START_LOCAL(idt_pointer)
	.word	IDT_SIZE - 1
	.long	0
SYM_DATA_END(idt_pointer)

	.bss
	.balign	8
SYM_DATA_LOCAL(handoff, .skip HANDOFF_SIZE)
