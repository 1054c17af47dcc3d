/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vmlinux as a bootable ELF: its entry point, and the stub (boot/elf) behind
 * it. All of it is init memory.
 *
 * The ELF header's entry is reached in 32-bit mode by loaders of ELF files;
 * in either mode, with boot_params in ESI or RSI, by the decompressor of 6.1
 * and later and by kexec; and in 64-bit mode with ELF boot notes in RDI by
 * kexec. Who has boot_params gets to the kernel's own entry with all his
 * registers; everybody else gets to the stub, in 32-bit mode.
 *
 * Only EBP and the flags are used up: every other register may carry the
 * caller's word, and there need be no stack.
 */
#include <linux/elfnote.h>
#include <linux/init.h>
#include <linux/linkage.h>
#include <generated/utsrelease.h>
#include <asm/asm.h>
#include <asm/nospec-branch.h>
#include <asm/page_types.h>
#include <asm/processor-flags.h>
#include <asm/unwind_hints.h>
#include <xen/interface/elfnote.h>

#include "segments.h"
#include "stub.h"

#ifdef CONFIG_X86_64
#define pa(x)		((x) - __START_KERNEL_map)
#define kernel_entry	startup_64
#define KERNEL_FLAGS	(STUB_FLAG_LONG_MODE | STUB_FLAG_KERNEL_64)
#else
#define pa(x)		((x) - __PAGE_OFFSET)
#define kernel_entry	startup_32
#define KERNEL_FLAGS	0
#endif

/* boot_params.hdr.header; boot_flag is 0 with kexec-tools' --args-linux. */
#define HDR_AT		0x202
#define HDR_MAGIC	0x53726448

/*
 * cbfstool's trampoline for bzImage leaves boot_params without a header. Then
 * it must be the decompressor: it jumps by EAX, and ESI leads to a memory map.
 */
#define E820_ENTRIES_AT	0x1e8
#define E820_ENTRIES_MAX 128

	__INIT
	.code32

SYM_CODE_START_NOALIGN(elfboot_entry)
	ELFBOOT_UNWIND_HINT
	ELFBOOT_NOENDBR
#ifdef CONFIG_X86_64
	/* A prefix without effect in 64-bit mode, "inc %ebp" in 32-bit mode. */
	xorl	%ebp, %ebp
	.byte	0x45
	jz	.Lmode_64
#else
	cmpl	$HDR_MAGIC, HDR_AT(%esi)
	je	startup_32
	cmpl	$pa(elfboot_entry), %eax
	jne	.Lstub
	cmpb	$0, E820_ENTRIES_AT(%esi)
	je	.Lstub
	cmpb	$E820_ENTRIES_MAX, E820_ENTRIES_AT(%esi)
	jbe	startup_32
#endif
.Lstub:
	movl	$pa(elfboot_stub + STUB_ENTRY), %ebp
	ANNOTATE_RETPOLINE_SAFE
	jmp	*%ebp
	int3

#ifdef CONFIG_X86_64
	.code64
.Lmode_64:
	testq	%rsi, %rsi
	jz	.Lleave_long_mode
	cmpl	$HDR_MAGIC, HDR_AT(%rsi)
	je	startup_64
	leaq	elfboot_entry(%rip), %rbp
	cmpq	%rbp, %rax
	jne	.Lleave_long_mode
	cmpb	$0, E820_ENTRIES_AT(%rsi)
	je	.Lleave_long_mode
	cmpb	$E820_ENTRIES_MAX, E820_ENTRIES_AT(%rsi)
	jbe	startup_64

.Lleave_long_mode:
	cli
	lgdt	elfboot_gdt(%rip)
	ljmpl	*.Lfar_pointer(%rip)

	.code32
.Lcompatible:
	movl	$BOOT_DS, %ebp
	movl	%ebp, %ds
	movl	%ebp, %es
	movl	%ebp, %ss
	/* PCIDE must go before PG. */
	movl	%cr4, %ebp
	andl	$~X86_CR4_PCIDE, %ebp
	movl	%ebp, %cr4
	movl	%cr0, %ebp
	andl	$~X86_CR0_PG, %ebp
	movl	%ebp, %cr0
	jmp	.Lstub
#endif
SYM_CODE_END(elfboot_entry)

	.section ".init.data", "aw"
#ifdef CONFIG_X86_64
	/* Entry 0 is the GDT's own pointer. */
	.balign	8
SYM_DATA_START_LOCAL(elfboot_gdt)
	.word	.Lgdt_end - elfboot_gdt - 1
	.quad	pa(elfboot_gdt)
	.balign	BOOT_CS
	.quad	0x00cf9a000000ffff		/* BOOT_CS */
	.quad	0x00cf92000000ffff		/* BOOT_DS */
.Lgdt_end:
SYM_DATA_END(elfboot_gdt)

.Lfar_pointer:
	.long	pa(.Lcompatible)
	.word	BOOT_CS
#endif

	.balign	PAGE_SIZE
SYM_DATA_START_LOCAL(elfboot_stub)
	.incbin	"arch/x86/boot/elf/elfboot.bin", 0, STUB_BASE
	.long	pa(elfboot_stub)
	.incbin	"arch/x86/boot/elf/elfboot.bin", STUB_BASE + 4, STUB_PARAMS - STUB_BASE - 4
	.long	pa(kernel_entry)		/* STUB_KERNEL_ENTRY */
	.long	pa(_text)			/* STUB_KERNEL_START */
	.long	pa(_end)			/* STUB_KERNEL_END */
	.long	pa(__brk_base)			/* STUB_SCRATCH */
	.long	KERNEL_FLAGS			/* STUB_FLAGS */
	.incbin	"arch/x86/boot/elf/elfboot.bin", STUB_SETUP
SYM_DATA_END(elfboot_stub)

	/* What mkelfImage wants to know of this kernel. */
	ELFNOTE(ELFBoot, 1, .asciz "Linux")
	ELFNOTE(ELFBoot, 2, .asciz UTS_RELEASE)
	ELFNOTE(Linux, STUB_NOTE_TYPE, .long pa(elfboot_stub))
#ifndef CONFIG_PVH
	ELFNOTE(Xen, XEN_ELFNOTE_PHYS32_ENTRY,
		_ASM_PTR pa(elfboot_stub + STUB_PVH_ENTRY))
#endif
