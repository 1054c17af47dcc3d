// SPDX-License-Identifier: GPL-2.0
/*
 * The local APIC as a freshly booted image finds it: in virtual wire mode, with
 * nothing pending. (To disable and enable it would be simpler, but there are
 * emulators that allow only one of these.)
 */
#include <asm/apic.h>
#include <asm/desc.h>

#include "kexec-compat.h"
#include "kexec-shutdown.h"

#define VECTORS			256
#define BITS_OF_REGISTER	32
#define REGISTER_STEP		0x10

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

static void load_idle_idt(void)
{
	static gate_desc idt[VECTORS];
	const struct desc_ptr pointer = {
		.size = sizeof(idt) - 1,
		.address = (unsigned long)idt,
	};
	u32 i;

	for (i = 0; i < VECTORS; i++)
		pack_gate(&idt[i], GATE_INTERRUPT,
			  (unsigned long)kexec_interrupt, 0, 0, __KERNEL_CS);
	native_load_idt(&pointer);
}

/*
 * The timer may have fired after interrupts were switched off. All sources are
 * masked now: take what is left, with a handler that does nothing, since this
 * kernel's own ones would wait for CPUs that do not run any more. Its IDT comes
 * back afterwards: there are still dumpers of the log to run.
 */
static void take_pending(void)
{
	struct desc_ptr own;
	u32 i;

	for (i = 0; i < VECTORS && any_bit(APIC_ISR); i++)
		apic_write(APIC_EOI, 0);
	if (kexec_elf_x86_without_idt())
		return;
	store_idt(&own);
	load_idle_idt();
	for (i = 0; i < VECTORS && any_bit(APIC_IRR); i++) {
		asm volatile("sti; nop; nop; cli" : : : "memory");
		apic_write(APIC_EOI, 0);
	}
	native_load_idt(&own);
}

/**
 * kexec_apic_reset - bring this CPU's to where a BIOS would leave it
 */
void kexec_apic_reset(void)
{
	reset_registers();
	take_pending();
}
