// SPDX-License-Identifier: GPL-2.0
/*
 * The 8259 interrupt controllers. Nobody has set them up below a PVH loader: a
 * tick of the PIT would arrive as vector 0, a divide error, as soon as the
 * kernel lets interrupts in (seen with QEMU 10 and 11, microvm). The kernel's
 * own setup code masks them as well (arch/x86/boot/pm.c).
 */
#include "machine/machine.h"

#define PIC_MASTER_MASK		0x21
#define PIC_SLAVE_MASK		0xa1
#define IO_DELAY_PORT		0x80

#define ALL			0xff
#define ALL_BUT_CASCADE		0xfb

/* Old controllers need a microsecond between two accesses. */
static void write_slowly(u8 value, u16 port)
{
	port_write(value, port);
	port_write(0, IO_DELAY_PORT);
}

/**
 * pic_mask - mask all interrupts of the 8259s, if there are any
 *
 * A machine without them does not give back what was written to the mask
 * (probe_8259A() in arch/x86/kernel/i8259.c finds out in the same way).
 */
void pic_mask(void)
{
	write_slowly(ALL_BUT_CASCADE, PIC_MASTER_MASK);
	if (port_read(PIC_MASTER_MASK) != ALL_BUT_CASCADE)
		return;
	write_slowly(ALL, PIC_SLAVE_MASK);
}
