/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ports.
 */
#ifndef FIRMWARE_IO_H
#define FIRMWARE_IO_H

#include <linux/types.h>

static inline u8 inb(u16 port)
{
	u8 value;

	asm volatile("inb %1, %0" : "=a" (value) : "Nd" (port));
	return value;
}

static inline u32 inl(u16 port)
{
	u32 value;

	asm volatile("inl %1, %0" : "=a" (value) : "Nd" (port));
	return value;
}

static inline void outb(u8 value, u16 port)
{
	asm volatile("outb %0, %1" : : "a" (value), "Nd" (port));
}

static inline void outw(u16 value, u16 port)
{
	asm volatile("outw %0, %1" : : "a" (value), "Nd" (port));
}

static inline void outl(u32 value, u16 port)
{
	asm volatile("outl %0, %1" : : "a" (value), "Nd" (port));
}

/* PCI configuration space of bus 0. */
#define PCI_ADDRESS	0xcf8
#define PCI_DATA	0xcfc

static inline void pci_select(u8 devfn, u8 reg)
{
	outl(0x80000000 | devfn << 8 | (reg & 0xfc), PCI_ADDRESS);
}

static inline u32 pci_read32(u8 devfn, u8 reg)
{
	pci_select(devfn, reg);
	return inl(PCI_DATA);
}

static inline u8 pci_read8(u8 devfn, u8 reg)
{
	pci_select(devfn, reg);
	return inb(PCI_DATA + (reg & 3));
}

static inline void pci_write32(u8 devfn, u8 reg, u32 value)
{
	pci_select(devfn, reg);
	outl(value, PCI_DATA);
}

static inline void pci_write16(u8 devfn, u8 reg, u16 value)
{
	pci_select(devfn, reg);
	outw(value, PCI_DATA + (reg & 2));
}

static inline void pci_write8(u8 devfn, u8 reg, u8 value)
{
	pci_select(devfn, reg);
	outb(value, PCI_DATA + (reg & 3));
}

#endif /* FIRMWARE_IO_H */
