// SPDX-License-Identifier: GPL-2.0
/*
 * What kexec does to the local APIC (kexec-apic.c), on one that is made of a
 * few variables: nothing where there are no registers, and where there are some
 * nothing stays pending.
 */
#include <stdlib.h>
#include <string.h>

#include <asm/apic.h>
#include <linux/kernel.h>

#include "../../arch/i386/kernel/reset/kexec-shutdown.h"
#include "ktap.h"

#define VECTORS		256
#define BITS		32
#define STEP		0x10
#define TIMER		0xec

const char kexec_interrupt[1];

static struct {
	bool has_feature;
	bool has_msr;
	bool is_enabled;
	bool is_x2apic;
	bool is_mapped;
	bool has_memory;
	pte_t pte;
} machine;

static struct {
	u32 reg[0x400 / STEP];
	u32 touched;		/* reads and writes */
	u32 taken;		/* interrupts that a handler has seen */
	bool irqs_on;
	const gate_desc *idt;
} cpu;

static gate_desc own_idt[VECTORS];
static gate_desc *page;

bool boot_cpu_has(unsigned int feature)
{
	return feature == X86_FEATURE_APIC && machine.has_feature;
}

int rdmsr_safe(u32 msr, u32 *low, u32 *high)
{
	expect_eq(msr, MSR_IA32_APICBASE);
	if (!machine.has_msr)
		return -5;
	*low = machine.is_enabled ? MSR_IA32_APICBASE_ENABLE : 0;
	*high = 0;
	return 0;
}

int x2apic_enabled(void)
{
	return machine.is_x2apic;
}

pte_t *lookup_address(unsigned long address, unsigned int *level)
{
	expect_eq(address, APIC_BASE);
	*level = 1;
	machine.pte.pte = machine.is_mapped;
	return &machine.pte;
}

unsigned long __get_free_page(unsigned int flags)
{
	return machine.has_memory ? (unsigned long)page : 0;
}

void pack_gate(gate_desc *gate, unsigned int type, unsigned long handler,
	       unsigned int dpl, unsigned int ist, unsigned int segment)
{
	gate->handler = handler;
}

/* The highest vector of ISR or IRR, or -1. */
static int highest(u32 reg)
{
	int vector;

	for (vector = VECTORS - 1; vector >= 0; vector--)
		if (cpu.reg[reg / STEP + vector / BITS] & 1U << vector % BITS)
			return vector;
	return -1;
}

static void flip(u32 reg, int vector)
{
	cpu.reg[reg / STEP + vector / BITS] ^= 1U << vector % BITS;
}

u32 apic_read(u32 reg)
{
	cpu.touched++;
	return cpu.reg[reg / STEP];
}

void apic_write(u32 reg, u32 value)
{
	cpu.touched++;
	if (reg != APIC_EOI)
		cpu.reg[reg / STEP] = value;
	else if (highest(APIC_ISR) >= 0)
		flip(APIC_ISR, highest(APIC_ISR));
}

void store_idt(struct desc_ptr *pointer)
{
	pointer->size = sizeof(own_idt) - 1;
	pointer->address = (unsigned long)cpu.idt;
}

void native_load_idt(const struct desc_ptr *pointer)
{
	expect_eq(pointer->size, sizeof(own_idt) - 1);
	cpu.idt = (const gate_desc *)pointer->address;
}

void native_irq_enable(void)
{
	cpu.irqs_on = true;
}

/* Before that, one has been taken. */
void native_irq_disable(void)
{
	int vector = highest(APIC_IRR);

	if (cpu.irqs_on && vector > highest(APIC_ISR)) {
		expect_eq(cpu.idt[vector].handler,
			  (unsigned long)kexec_interrupt);
		flip(APIC_IRR, vector);
		flip(APIC_ISR, vector);
		cpu.taken++;
	}
	cpu.irqs_on = false;
}

static void reset_machine(void)
{
	memset(&machine, 0, sizeof(machine));
	machine.has_feature = true;
	machine.has_msr = true;
	machine.is_enabled = true;
	machine.is_mapped = true;
	machine.has_memory = true;
	memset(&cpu, 0, sizeof(cpu));
	cpu.idt = own_idt;
}

static void expect_off(const char *name)
{
	expect(!kexec_apic_is_on());
	expect_eq(cpu.touched, 0);
	ktap_done(name);
	reset_machine();
}

static void test_is_on(void)
{
	expect(kexec_apic_is_on());
	machine.has_msr = false;
	expect(kexec_apic_is_on());
	ktap_done("on; a Pentium's, too");
	reset_machine();

	machine.is_mapped = false;
	machine.is_x2apic = true;
	expect(kexec_apic_is_on());
	ktap_done("x2APIC, which is not mapped");
	reset_machine();

	machine.has_feature = false;
	expect_off("a CPU without one");
	machine.is_enabled = false;
	expect_off("switched off again by i386");
	machine.is_enabled = false;
	machine.is_x2apic = true;
	expect_off("switched off in x2APIC mode");
	machine.is_mapped = false;
	expect_off("unknown to the kernel, never mapped");
}

/* Nothing in service, and nothing pending below it. */
static void test_pending(void)
{
	reset_machine();
	flip(APIC_ISR, TIMER);
	flip(APIC_IRR, TIMER);
	flip(APIC_IRR, 0x31);
	kexec_apic_prepare();
	kexec_apic_reset();
	expect_eq(highest(APIC_ISR), -1);
	expect_eq(highest(APIC_IRR), -1);
	expect_eq(cpu.taken, 2);
	expect(!cpu.irqs_on);
	expect(cpu.idt == own_idt);
	expect_eq(cpu.reg[APIC_LVT1 / STEP], APIC_LVT_MASKED);
	expect_eq(cpu.reg[APIC_DFR / STEP], APIC_DFR_FLAT);
	ktap_done("in service and pending: none is left");
}

/* There is no page: better pending than a handler of this kernel. */
static void test_without_memory(void)
{
	reset_machine();
	machine.has_memory = false;
	flip(APIC_ISR, TIMER);
	flip(APIC_IRR, 0x31);
	kexec_apic_prepare();
	kexec_apic_reset();
	expect_eq(highest(APIC_ISR), -1);
	expect_eq(highest(APIC_IRR), 0x31);
	expect_eq(cpu.taken, 0);
	expect(cpu.idt == own_idt);
	ktap_done("without memory: in service no more");
}

int main(void)
{
	page = malloc(VECTORS * sizeof(*page));
	reset_machine();
	test_is_on();
	test_pending();
	test_without_memory();
	free(page);
	return ktap_status();
}
