// SPDX-License-Identifier: GPL-2.0
/*
 * The timer's interrupt by way of the 8259, as a PC boots: nothing is done to
 * the APICs to make it come through.
 */
#include "hello.h"
#include "io.h"
#include "mmio.h"

#define PIC1		0x20
#define PIC2		0xa0
#define PIC_DATA	1
#define ICW1_INIT_ICW4	0x11
#define ICW4_8086	0x01
#define CASCADE		2

#define PIT_COUNTER	0x40
#define PIT_COMMAND	0x43
#define PIT_RATE	0x34		/* counter 0, both bytes, mode 2 */
#define PIT_DIVISOR	11932		/* 100 Hz */

#define CMOS_INDEX	0x70
#define CMOS_DATA	0x71
#define PATIENCE	3		/* seconds */

#define FIRST_IRQ	32
#define LAST_IRQ	47
#define VECTORS		256
#define STUB_SIZE	8

#define GATE_INTERRUPT	0x8e00

struct gate {
	u16 offset_low;
	u16 segment;
	u16 type;
	u16 offset_high;
#ifdef __x86_64__
	u32 offset_top;
	u32 zero;
#endif
};

static struct gate idt[VECTORS] __attribute__((aligned(16)));

static void set_gate(u32 vector, const char *handler)
{
	unsigned long offset = (unsigned long)handler;
	struct gate *gate = &idt[vector];

	gate->offset_low = offset;
	gate->segment = CODE_SEGMENT;
	gate->type = GATE_INTERRUPT;
	gate->offset_high = offset >> 16;
#ifdef __x86_64__
	gate->offset_top = offset >> 32;
#endif
}

/* All but the timer masked. */
static void init_pic(void)
{
	outb(ICW1_INIT_ICW4, PIC1);
	outb(FIRST_IRQ, PIC1 + PIC_DATA);
	outb(1 << CASCADE, PIC1 + PIC_DATA);
	outb(ICW4_8086, PIC1 + PIC_DATA);
	outb(ICW1_INIT_ICW4, PIC2);
	outb(FIRST_IRQ + 8, PIC2 + PIC_DATA);
	outb(CASCADE, PIC2 + PIC_DATA);
	outb(ICW4_8086, PIC2 + PIC_DATA);
	outb(0xfe, PIC1 + PIC_DATA);
	outb(0xff, PIC2 + PIC_DATA);
}

/**
 * interrupts_init - the timer ticks 100 times a second
 */
void interrupts_init(void)
{
	struct {
		u16 limit;
		unsigned long base;
	} __attribute__((packed)) pointer = {
		sizeof(idt) - 1, (unsigned long)idt
	};
	u32 i;

	for (i = 0; i < FIRST_IRQ; i++)
		set_gate(i, exception_stubs + i * STUB_SIZE);
	for (; i <= LAST_IRQ; i++)
		set_gate(i, spurious_stub);
	/* What somebody has left pending in the local APIC. */
	for (; i < VECTORS; i++)
		set_gate(i, stray_stub);
	set_gate(FIRST_IRQ, tick_stub);
	asm volatile("lidt %0" : : "m" (pointer));
	init_pic();
	outb(PIT_RATE, PIT_COMMAND);
	outb(PIT_DIVISOR & 0xff, PIT_COUNTER);
	outb(PIT_DIVISOR >> 8, PIT_COUNTER);
}

static u8 seconds(void)
{
	outb(0, CMOS_INDEX);
	return inb(CMOS_DATA);
}

/**
 * ticks_count - let some time go by
 * @wanted: how many ticks
 *
 * Return: how many there were; some seconds by the clock are enough for all.
 */
u32 ticks_count(u32 wanted)
{
	u32 begin = ticks;
	u8 second = seconds();
	u32 changes = 0;

	asm volatile("sti");
	while (read32((unsigned long)&ticks) - begin < wanted &&
	       changes < PATIENCE) {
		u8 now = seconds();

		changes += now != second;
		second = now;
	}
	asm volatile("cli");
	return read32((unsigned long)&ticks) - begin;
}
