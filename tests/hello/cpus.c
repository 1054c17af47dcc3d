// SPDX-License-Identifier: GPL-2.0
/*
 * The other CPUs. One that waits for its start-up IPI, as after INIT, obeys
 * it; one that runs or halts somewhere ignores it. So the first one, without
 * an INIT before it, tells how many were parked as they should be.
 */
#include "hello.h"
#include "mmio.h"

#define MSR_APIC_BASE	0x1b
#define APIC_BSP	0x100
#define APIC_X2		0x400
#define APIC_ENABLED	0x800

#define APIC_ID		0x20
#define APIC_SPURIOUS	0xf0
#define APIC_ICR	0x300
#define APIC_TIMER	0x320
#define APIC_LINT0	0x350
#define APIC_LINT1	0x360

#define SPURIOUS_ENABLE	0x100
#define ICR_BUSY	0x1000
#define ICR_INIT	0xc4500		/* to all but this one */
#define ICR_STARTUP	0xc4600

#define IOAPIC		0xfec00000UL
#define IOAPIC_WINDOW	0x10
#define IOAPIC_VERSION	1
#define IOAPIC_ENTRY	0x10
#define ENTRY_MASKED	0x10000
#define ENTRY_MODE	0x700
#define ENTRY_EXTINT	0x700

static unsigned long apic;

static u32 apic_read(u32 reg)
{
	return read32(apic + reg);
}

static void apic_write(u32 reg, u32 value)
{
	write32(apic + reg, value);
}

static u32 ioapic_read(u32 reg)
{
	write32(IOAPIC, reg);
	return read32(IOAPIC + IOAPIC_WINDOW);
}

/* Interrupts that could still come, other than those of the 8259. */
static void report_ioapic(void)
{
	u32 entries = (ioapic_read(IOAPIC_VERSION) >> 16 & 0xff) + 1;
	u32 unmasked = 0;
	u32 i;

	for (i = 0; i < entries; i++) {
		u32 entry = ioapic_read(IOAPIC_ENTRY + 2 * i);

		unmasked += !(entry & ENTRY_MASKED) &&
			    (entry & ENTRY_MODE) != ENTRY_EXTINT;
	}
	report("ioapic-unmasked %u", unmasked);
}

static void report_apic(u32 base)
{
	report("apic-mode %s", !(base & APIC_ENABLED) ? "off" :
	       base & APIC_X2 ? "x2apic" : "xapic");
	report("apic-bsp %s", base & APIC_BSP ? "yes" : "no");
	if ((base & (APIC_ENABLED | APIC_X2)) != APIC_ENABLED)
		return;
	report("apic-id %u", apic_read(APIC_ID) >> 24);
	report("apic-spurious 0x%x", apic_read(APIC_SPURIOUS));
	report("apic-timer 0x%x", apic_read(APIC_TIMER));
	report("apic-lint0 0x%x", apic_read(APIC_LINT0));
	report("apic-lint1 0x%x", apic_read(APIC_LINT1));
}

/* Ask all others, and count how many have answered a little later. */
static u32 send(u32 command, unsigned long answers, u32 wait)
{
	u32 before = read32(answers);

	apic_write(APIC_ICR, command);
	while (apic_read(APIC_ICR) & ICR_BUSY)
		;
	ticks_count(wait);
	return read32(answers) - before;
}

/**
 * cpus_report - start all other CPUs
 * @page: where they can, below 1 MiB
 */
void cpus_report(u32 page)
{
	unsigned long answers = page + (trampoline_count - trampoline);
	u32 startup = ICR_STARTUP | page >> 12;
	u32 low, high, parked, started;

	asm volatile("rdmsr" : "=a" (low), "=d" (high) : "c" (MSR_APIC_BASE));
	apic = low & ~0xfffU;
	report_apic(low);
	report_ioapic();
	if ((low & (APIC_ENABLED | APIC_X2)) != APIC_ENABLED)
		return;
	memcpy((void *)(unsigned long)page, trampoline,
	       trampoline_end - trampoline);
	apic_write(APIC_SPURIOUS, apic_read(APIC_SPURIOUS) | SPURIOUS_ENABLE);
	ticks_count(20);
	report("cpus-early %u", read32(answers));
	parked = send(startup, answers, 20);
	report("cpus-parked %u", parked);
	send(ICR_INIT, answers, 2);
	started = send(startup, answers, 1);
	started += send(startup, answers, 20);
	report("cpus-mask 0x%x", read32(answers + 4));
	report("cpus %u", started + 1);
	send(ICR_INIT, answers, 2);
}
