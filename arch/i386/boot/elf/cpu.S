/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Questions to the CPU.
 */
#include <linux/linkage.h>

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
