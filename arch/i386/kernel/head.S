/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vmlinux as a bootable ELF: its entry point, and the stub (boot/elf) behind
 * it. All of it is init memory.
 *
 * The ELF header's entry may be reached in 32-bit mode, from any loader of
 * ELF files, or in 64-bit mode with RSI = boot_params, from the decompressor
 * of 6.1 and later and from kexec.
 */
#include <linux/elfnote.h>
#include <linux/init.h>
#include <linux/linkage.h>
#include <generated/utsrelease.h>
#include <asm/nospec-branch.h>
#include <asm/page_types.h>
#include <asm/unwind_hints.h>
#include <xen/interface/elfnote.h>

#include "stub.h"

#define pa(x)	((x) - __START_KERNEL_map)

	__INIT
	.code32

/*
 * 0x45 is a prefix in 64-bit mode and "inc %ebp" in 32-bit mode. Only EBP and
 * the flags are used up: every other register may carry the loader's word,
 * and there need be no stack.
 */
SYM_CODE_START_NOALIGN(elfboot_entry)
	UNWIND_HINT_EMPTY
	xorl	%ebp, %ebp
	.byte	0x45
	clc
	jz	.Lmode_64
	movl	$pa(elfboot_stub + STUB_ENTRY), %ebp
	ANNOTATE_RETPOLINE_SAFE
	jmp	*%ebp
	int3

	.code64
.Lmode_64:
	jmp	startup_64
SYM_CODE_END(elfboot_entry)

	.section ".init.data", "aw"
	.balign	PAGE_SIZE
SYM_DATA_START_LOCAL(elfboot_stub)
	.incbin	"arch/x86/boot/elf/elfboot.bin", 0, STUB_BASE
	.long	pa(elfboot_stub)
	.incbin	"arch/x86/boot/elf/elfboot.bin", STUB_BASE + 4, STUB_PARAMS - STUB_BASE - 4
	.long	pa(startup_64)			/* STUB_KERNEL_ENTRY */
	.long	pa(_text)			/* STUB_KERNEL_START */
	.long	pa(_end)			/* STUB_KERNEL_END */
	.long	pa(__brk_base)			/* STUB_SCRATCH */
	.long	STUB_FLAG_LONG_MODE		/* STUB_FLAGS */
	.incbin	"arch/x86/boot/elf/elfboot.bin", STUB_HEADER_SIZE
SYM_DATA_END(elfboot_stub)

	/* For the ASSERT in vmlinux.lds.h. */
	.globl	elfboot_scratch_size
	.set	elfboot_scratch_size, STUB_SCRATCH_SIZE

	/* What mkelfImage wants to know of this kernel. */
	ELFNOTE(ELFBoot, 1, .asciz "Linux")
	ELFNOTE(ELFBoot, 2, .asciz UTS_RELEASE)
	ELFNOTE(Linux, STUB_NOTE_TYPE, .long pa(elfboot_stub))
#ifndef CONFIG_PVH
	ELFNOTE(Xen, XEN_ELFNOTE_PHYS32_ENTRY, .quad pa(elfboot_stub + STUB_PVH_ENTRY))
#endif
