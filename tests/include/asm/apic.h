/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of the kernel's APIC, IDT, MSRs and page tables as kexec-apic.c uses.
 * unit/test-kexec-apic.c is the machine.
 */
#ifndef TESTS_ASM_APIC_H
#define TESTS_ASM_APIC_H

#include <linux/types.h>

#define BUILD_BUG_ON(condition)	_Static_assert(!(condition), #condition)
#define PAGE_SIZE		4096UL

/* Registers, as Intel's manual has them. */
#define APIC_TASKPRI		0x80
#define APIC_EOI		0xb0
#define APIC_LDR		0xd0
#define APIC_DFR		0xe0
#define APIC_ISR		0x100
#define APIC_IRR		0x200
#define APIC_LVT1		0x360
#define APIC_TMICT		0x380
#define APIC_TDCR		0x3e0
#define APIC_LVT_MASKED		0x10000U
#define APIC_DFR_FLAT		0xffffffffU
#define APIC_BASE		0xfee00000UL

u32 apic_read(u32 reg);
void apic_write(u32 reg, u32 value);
int x2apic_enabled(void);

#define X86_FEATURE_APIC	9

bool boot_cpu_has(unsigned int feature);

#define MSR_IA32_APICBASE		0x1b
#define MSR_IA32_APICBASE_ENABLE	0x800U

int rdmsr_safe(u32 msr, u32 *low, u32 *high);

struct pte {
	unsigned long pte;
};

#define pte_t			struct pte

pte_t *lookup_address(unsigned long address, unsigned int *level);

static inline int pte_present(pte_t pte)
{
	return pte.pte & 1;
}

struct gate {
	unsigned long handler;
	unsigned long unused;
};

#define gate_desc		struct gate

struct desc_ptr {
	unsigned short size;
	unsigned long address;
} __attribute__((packed));

#define GATE_INTERRUPT		0xe
#define __KERNEL_CS		0x10

void pack_gate(gate_desc *gate, unsigned int type, unsigned long handler,
	       unsigned int dpl, unsigned int ist, unsigned int segment);
void store_idt(struct desc_ptr *pointer);
void native_load_idt(const struct desc_ptr *pointer);

void native_irq_enable(void);
void native_irq_disable(void);

#define GFP_KERNEL		0

unsigned long __get_free_page(unsigned int flags);

#endif /* TESTS_ASM_APIC_H */
