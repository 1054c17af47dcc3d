/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vmlinux as a bootable ELF: its entry point, and the stub (boot/elf) behind
 * it. All of it is init memory.
 *
 * The ELF header's entry is an ABI. In 64-bit mode RSI leads to boot_params,
 * whatever is in them: the decompressor of 6.1 and later, cbfstool's
 * trampoline, kexec and gem5 get to startup_64 with all their registers. RSI is
 * 0 if there are ELF boot notes in RDI (kexec): the stub reads those.
 *
 * In 32-bit mode it is reached by loaders of ELF files, which may leave
 * anything in any register. On x86_64 all of them get to the stub. On i386 who
 * has boot_params in ESI gets to startup_32; ESI must lead to what looks like
 * boot_params.
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
#define KERNEL_FLAGS	(STUB_FLAG_LONG_MODE | STUB_FLAG_KERNEL_64 | \
			 FIVE_LEVELS | KASLR)

/* 6.17 has them without asking. */
#if CONFIG_PGTABLE_LEVELS > 4
#define FIVE_LEVELS	STUB_FLAG_5_LEVELS
#else
#define FIVE_LEVELS	0
#endif
#else
#define pa(x)		((x) - __PAGE_OFFSET)
#define kernel_entry	startup_32
#define KERNEL_FLAGS	(NEEDS_CX8 | NEEDS_PAE | NEEDS_CMOV | KASLR)

/* As asm/required-features.h has them, which 6.15 removed. */
#if defined(CONFIG_X86_CMPXCHG64) || defined(CONFIG_X86_CX8)
#define NEEDS_CX8	STUB_FLAG_NEEDS_CX8
#else
#define NEEDS_CX8	0
#endif
#ifdef CONFIG_X86_PAE
#define NEEDS_PAE	STUB_FLAG_NEEDS_PAE
#else
#define NEEDS_PAE	0
#endif
#ifdef CONFIG_X86_CMOV
#define NEEDS_CMOV	STUB_FLAG_NEEDS_CMOV
#else
#define NEEDS_CMOV	0
#endif
#endif

#ifdef CONFIG_RANDOMIZE_BASE
#define KASLR		(STUB_FLAG_KASLR | STUB_FLAG_MOVABLE)
#else
#define KASLR		0
#endif

/* Behind _end a kernel that encrypts itself has room for that (vmlinux.lds.S). */
#ifdef CONFIG_AMD_MEM_ENCRYPT
#define kernel_end	__init_scratch_end
#else
#define kernel_end	_end
#endif

#ifdef CONFIG_X86_32
/* boot_params.hdr.header; boot_flag is 0 with kexec-tools' --args-linux. */
#define HDR_AT		0x202
#define HDR_MAGIC	0x53726448

/*
 * cbfstool's trampoline leaves boot_params without a header: a memory map is
 * there, whose first range is not empty and not beyond PAE, of a type that
 * firmware knows.
 */
#define E820_ENTRIES_AT	0x1e8
#define E820_ENTRIES_MAX 128
#define E820_SIZE_AT	(0x2d0 + 8)
#define E820_SIZE_HIGH_MAX 0xf
#define E820_TYPE_AT	(0x2d0 + 16)
#define E820_TYPE_MAX	5		/* unusable */
#endif

	__INIT
	.code32

SYM_CODE_START_NOALIGN(elfboot_entry)
	UNWIND_HINT_END_OF_STACK
	ANNOTATE_NOENDBR
#ifdef CONFIG_X86_64
	/* A prefix without effect in 64-bit mode, "inc %ebp" in 32-bit mode. */
	xorl	%ebp, %ebp
	.byte	0x45
	jz	.Lmode_64
#else
	cmpl	$HDR_MAGIC, HDR_AT(%esi)
	je	startup_32
	cmpb	$0, E820_ENTRIES_AT(%esi)
	je	.Lstub
	cmpb	$E820_ENTRIES_MAX, E820_ENTRIES_AT(%esi)
	ja	.Lstub
	cmpl	$0, E820_SIZE_AT(%esi)
	je	.Lstub
	cmpl	$E820_SIZE_HIGH_MAX, (E820_SIZE_AT + 4)(%esi)
	ja	.Lstub
	cmpl	$0, E820_TYPE_AT(%esi)
	je	.Lstub
	cmpl	$E820_TYPE_MAX, E820_TYPE_AT(%esi)
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
	jnz	startup_64

	cli
	lgdt	elfboot_gdt(%rip)
	ljmpl	*.Lfar_pointer(%rip)

	.code32
.Lcompatible:
	/* objtool does not follow a far jump. */
	UNWIND_HINT_END_OF_STACK
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
	.org	elfboot_stub + STUB_KERNEL_ENTRY
	.long	pa(kernel_entry)
	.org	elfboot_stub + STUB_KERNEL_START
	.long	pa(_text)
	.org	elfboot_stub + STUB_KERNEL_END
	.long	pa(kernel_end)
	.org	elfboot_stub + STUB_SCRATCH
	.long	pa(__brk_base)
	.org	elfboot_stub + STUB_FLAGS
	.long	KERNEL_FLAGS
	.org	elfboot_stub + STUB_SETUP
	.incbin	"arch/x86/boot/elf/elfboot.bin", STUB_SETUP, STUB_BSS - STUB_SETUP
	.long	pa(__bss_start)
	.org	elfboot_stub + STUB_ALIGN
	.long	CONFIG_PHYSICAL_ALIGN
	.org	elfboot_stub + STUB_IMAGE_MAX
	.long	KERNEL_IMAGE_SIZE
	.org	elfboot_stub + STUB_RELOCS
	.incbin	"arch/x86/boot/elf/elfboot.bin", STUB_RELOCS
SYM_DATA_END(elfboot_stub)

	/* What mkelfImage wants to know of this kernel. */
	ELFNOTE(ELFBoot, 1, .asciz "Linux")
	ELFNOTE(ELFBoot, 2, .asciz UTS_RELEASE)
	ELFNOTE(Linux, STUB_NOTE_TYPE, .long pa(elfboot_stub))
#ifndef CONFIG_PVH
	ELFNOTE(Xen, XEN_ELFNOTE_PHYS32_ENTRY,
		_ASM_PTR pa(elfboot_stub + STUB_PVH_ENTRY))
#endif
