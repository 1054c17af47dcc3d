// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's i440fx and PIIX4: as much as a kernel without a BIOS needs. What is
 * not here (BARs, MTRRs, the other processors) is as after reset.
 */
#include "firmware.h"
#include "io.h"

#define HOST_BRIDGE	0x00
#define PAM0		0x59		/* f0000-fffff in the upper half */
#define PAM1		0x5a		/* c0000-effff in PAM1 to PAM6 */
#define PAM_COUNT	6
#define PAM_RAM		0x33

#define ISA_BRIDGE	0x08
#define PIRQ_ROUTE	0x60
#define ELCR		0x4d0		/* of IRQ 8 to 15 in the next one */

#define POWER		0x0b
#define PMBA		0x40
#define PMREGMISC	0x80
#define PM_PORT		0x600		/* as SeaBIOS has it */

#define PCI_INTERRUPT_LINE	0x3c
#define PCI_INTERRUPT_PIN	0x3d

#define PORT_92		0x92
#define CMOS_INDEX	0x70
#define CMOS_DATA	0x71
#define CMOS_NO_NMI	0x80
#define CMOS_ABOVE_16M	0x34		/* 2 bytes, in 64 KiB */
#define CMOS_ABOVE_4G	0x5b		/* 3 bytes, in 64 KiB */

#define LAPIC		0xfee00000
#define LAPIC_SPIV	0x0f0
#define LAPIC_LINT0	0x350
#define LAPIC_LINT1	0x360
#define LAPIC_ENABLED	0x1ff
#define LAPIC_EXTINT	0x700
#define LAPIC_NMI	0x400

static u32 cmos_read(u8 index, u32 len)
{
	u32 value = 0;
	u32 i;

	for (i = 0; i < len; i++) {
		outb(CMOS_NO_NMI | (index + i), CMOS_INDEX);
		value |= inb(CMOS_DATA) << (8 * i);
	}
	return value;
}

/**
 * chipset_low_ram - how much RAM there is below 4 GiB
 *
 * Return: its end. Called by entry.S before there is anything.
 */
u32 chipset_low_ram(void)
{
	return 16 * MIB + (cmos_read(CMOS_ABOVE_16M, 2) << 16);
}

/**
 * chipset_high_ram - how much RAM there is above 4 GiB
 *
 * Return: bytes.
 */
u64 chipset_high_ram(void)
{
	return (u64)cmos_read(CMOS_ABOVE_4G, 3) << 16;
}

/* c0000-fffff: RAM, and nothing in it that looks like a BIOS. */
static void shadow_init(void)
{
	u32 i;

	pci_write8(HOST_BRIDGE, PAM0, PAM_RAM & 0xf0);
	for (i = 0; i < PAM_COUNT; i++)
		pci_write8(HOST_BRIDGE, PAM1 + i, PAM_RAM);
	memset((void *)0xc0000, 0, 0x40000);
}

/* The ports that QEMU's FADT and DSDT will tell of. */
static void power_init(void)
{
	pci_write32(POWER, PMBA, PM_PORT | 1);
	pci_write8(POWER, PMREGMISC, 1);
}

/* Without ACPI the kernel believes the interrupt lines. */
static void interrupts_init(void)
{
	static const u8 irqs[] = { 10, 10, 11, 11 };
	u32 devfn, i;
	u8 pin;

	for (i = 0; i < ARRAY_SIZE(irqs); i++)
		pci_write8(ISA_BRIDGE, PIRQ_ROUTE + i, irqs[i]);
	outb(0, ELCR);
	outb(1 << (10 - 8) | 1 << (11 - 8), ELCR + 1);

	for (devfn = 0; devfn < 256; devfn++) {
		if ((u16)pci_read32(devfn, 0) == 0xffff)
			continue;
		pin = pci_read8(devfn, PCI_INTERRUPT_PIN);
		if (pin)
			pci_write8(devfn, PCI_INTERRUPT_LINE,
				   irqs[(pin - 1 + (devfn >> 3) - 1) & 3]);
	}
}

static void lapic_write(u32 reg, u32 value)
{
	u32 *at = (u32 *)(LAPIC + reg);

	asm volatile("movl %1, %0" : "=m" (*at) : "r" (value));
}

/* Virtual wire: the 8259's interrupts come through LINT0. */
static void lapic_init(void)
{
	lapic_write(LAPIC_SPIV, LAPIC_ENABLED);
	lapic_write(LAPIC_LINT0, LAPIC_EXTINT);
	lapic_write(LAPIC_LINT1, LAPIC_NMI);
}

/**
 * chipset_init - make it fit for a payload
 */
void chipset_init(void)
{
	outb(inb(PORT_92) | 2, PORT_92);	/* A20 */
	shadow_init();
	power_init();
	interrupts_init();
	lapic_init();
}
