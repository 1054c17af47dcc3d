/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Questions to the CPU.
 */
#include <linux/linkage.h>
#include <asm/msr-index.h>

	.text
	.code32

/*
 * bool cpu_has_long_mode(void)
 */
SYM_FUNC_START(cpu_has_long_mode)
	pushl	%ebx
	movl	$0x80000000, %eax
	cpuid
	cmpl	$0x80000001, %eax
	movl	$0, %eax
	jb	1f
	movl	$0x80000001, %eax
	cpuid
	movl	%edx, %eax
	shrl	$29, %eax
	andl	$1, %eax
1:	popl	%ebx
	ret
SYM_FUNC_END(cpu_has_long_mode)

/*
 * void cpu_clear_lme(void)
 *
 * A loader that ran in long mode may have left it enabled.
 */
SYM_FUNC_START(cpu_clear_lme)
	call	cpu_has_long_mode
	testl	%eax, %eax
	jz	1f
	movl	$MSR_EFER, %ecx
	rdmsr
	andl	$~EFER_LME, %eax
	wrmsr
1:	ret
SYM_FUNC_END(cpu_clear_lme)

/*
 * u32 cpu_features(void)
 *
 * EDX of CPUID 1.
 */
SYM_FUNC_START(cpu_features)
	pushl	%ebx
	movl	$1, %eax
	cpuid
	movl	%edx, %eax
	popl	%ebx
	ret
SYM_FUNC_END(cpu_features)

/*
 * bool cpu_has_la57(void)
 *
 * 5 levels of page tables: bit 16 of ECX of CPUID 7.
 */
SYM_FUNC_START(cpu_has_la57)
	pushl	%ebx
	xorl	%eax, %eax
	cpuid
	cmpl	$7, %eax
	movl	$0, %eax
	jb	1f
	movl	$7, %eax
	xorl	%ecx, %ecx
	cpuid
	movl	%ecx, %eax
	shrl	$16, %eax
	andl	$1, %eax
1:	popl	%ebx
	ret
SYM_FUNC_END(cpu_has_la57)

/*
 * u32 cpu_physical_bits(void)
 *
 * Of a physical address, with PAE; 32 if the CPU has none.
 */
SYM_FUNC_START(cpu_physical_bits)
	pushl	%ebx
	call	cpu_features
	testb	$0x40, %al		/* PAE */
	movl	$32, %eax
	jz	1f
	movl	$0x80000000, %eax
	cpuid
	cmpl	$0x80000008, %eax
	movl	$36, %eax
	jb	1f
	movl	$0x80000008, %eax
	cpuid
	movzbl	%al, %eax
1:	popl	%ebx
	ret
SYM_FUNC_END(cpu_physical_bits)

/*
 * bool cpu_is_virtual(void)
 *
 * A hypervisor or an emulator says so.
 */
SYM_FUNC_START(cpu_is_virtual)
	pushl	%ebx
	movl	$1, %eax
	cpuid
	movl	%ecx, %eax
	shrl	$31, %eax
	popl	%ebx
	ret
SYM_FUNC_END(cpu_is_virtual)

/*
 * bool cpu_random(u32 *value)
 *
 * RDRAND, if there is one and it works: it may have nothing for a moment
 * (Intel SDM, volume 1, section 7.3.17.1).
 */
SYM_FUNC_START(cpu_random)
	pushl	%ebx
	pushl	%eax
	movl	$1, %eax
	cpuid
	popl	%ebx
	xorl	%eax, %eax
	btl	$30, %ecx		/* RDRAND */
	jnc	3f
	movl	$10, %ecx
1:	rdrand	%edx
	jc	2f
	decl	%ecx
	jnz	1b
	jmp	3f
2:	movl	%edx, (%ebx)
	incl	%eax
3:	popl	%ebx
	ret
SYM_FUNC_END(cpu_random)

/*
 * u64 cpu_tsc(void)
 */
SYM_FUNC_START(cpu_tsc)
	rdtsc
	ret
SYM_FUNC_END(cpu_tsc)

/*
 * void __noreturn cpu_halt(void)
 */
SYM_FUNC_START(cpu_halt)
	cli
	hlt
	jmp	cpu_halt
SYM_FUNC_END(cpu_halt)
