// SPDX-License-Identifier: GPL-2.0
/*
 * The local APIC as a freshly booted image finds it: in virtual wire mode, with
 * nothing pending. (To disable and enable it would be simpler, but there are
 * emulators that allow only one of these.)
 *
 * Mainline's own way to get rid of what is pending is of no use here: it runs
 * with interrupts off, so that it can only acknowledge what a CPU has taken.
 */
#include <linux/cpufeature.h>
#include <linux/gfp.h>
#include <linux/pgtable.h>
#include <asm/apic.h>
#include <asm/desc.h>
#include <asm/irqflags.h>
#include <asm/msr.h>

#include "kexec-compat.h"
#include "reset/kexec-shutdown.h"

#define VECTORS			256
#define BITS_OF_REGISTER	32
#define REGISTER_STEP		0x10

/* A page that is there from the moment on that somebody calls kexec. */
static gate_desc *idle_idt;

static bool is_mapped(void)
{
	unsigned int level;
	pte_t *pte = lookup_address(APIC_BASE, &level);

	return pte && pte_present(*pte);
}

/**
 * kexec_apic_is_on - whether this CPU's local APIC can be accessed
 *
 * Return: false, too, if an i386 kernel does not know it, or has switched it off
 * as the BIOS had.
 */
bool kexec_apic_is_on(void)
{
	u32 low, high;

	if (!boot_cpu_has(X86_FEATURE_APIC))
		return false;
	/* A Pentium has no such register: its APIC is always on. */
	if (!rdmsr_safe(MSR_IA32_APICBASE, &low, &high) &&
	    !(low & MSR_IA32_APICBASE_ENABLE))
		return false;
	return x2apic_enabled() || is_mapped();
}

/**
 * kexec_apic_prepare - get the memory for kexec_apic_reset()
 *
 * To be called while there still is an allocator. Without the memory, what is
 * pending is left to the image, as mainline does.
 */
void kexec_apic_prepare(void)
{
	u32 i;

	BUILD_BUG_ON(VECTORS * sizeof(*idle_idt) > PAGE_SIZE);
	if (kexec_elf_x86_without_idt())
		return;
	idle_idt = (gate_desc *)__get_free_page(GFP_KERNEL);
	for (i = 0; idle_idt && i < VECTORS; i++)
		pack_gate(&idle_idt[i], GATE_INTERRUPT,
			  (unsigned long)kexec_interrupt, 0, 0, __KERNEL_CS);
}

/* The registers that mainline leaves as they were. */
static void reset_registers(void)
{
	apic_write(APIC_LVT1, APIC_LVT_MASKED);
	apic_write(APIC_TASKPRI, 0);
	apic_write(APIC_TMICT, 0);
	apic_write(APIC_TDCR, 0);
	if (x2apic_enabled())
		return;
	apic_write(APIC_DFR, APIC_DFR_FLAT);
	apic_write(APIC_LDR, 0);
}

static bool any_bit(u32 reg)
{
	u32 i;

	for (i = 0; i < VECTORS / BITS_OF_REGISTER; i++)
		if (apic_read(reg + i * REGISTER_STEP))
			return true;
	return false;
}

/*
 * The timer may have fired after interrupts were switched off. All sources are
 * masked now: take what is left, with a handler that does nothing, since this
 * kernel's own ones would wait for CPUs that do not run any more. Its IDT comes
 * back afterwards: there are still dumpers of the log to run.
 */
static void take_pending(void)
{
	const struct desc_ptr idle = {
		.size = VECTORS * sizeof(*idle_idt) - 1,
		.address = (unsigned long)idle_idt,
	};
	struct desc_ptr own;
	u32 i;

	for (i = 0; i < VECTORS && any_bit(APIC_ISR); i++)
		apic_write(APIC_EOI, 0);
	if (!idle_idt)
		return;
	store_idt(&own);
	native_load_idt(&idle);
	for (i = 0; i < VECTORS && any_bit(APIC_IRR); i++) {
		native_irq_enable();
		/*
		 * An interrupt is taken one instruction after STI, and QEMU's
		 * TCG takes none after PAUSE.
		 */
		asm volatile("nop; nop");
		native_irq_disable();
		apic_write(APIC_EOI, 0);
	}
	native_load_idt(&own);
}

/**
 * kexec_apic_reset - bring this CPU's local APIC to where a BIOS would leave it
 *
 * To be called with interrupts off, if kexec_apic_is_on().
 */
void kexec_apic_reset(void)
{
	reset_registers();
	take_pending();
}
