// SPDX-License-Identifier: GPL-2.0
/*
 * What a freshly booted image finds and mainline's shutdown does not leave,
 * whoever has loaded the image that kexec is about to start
 * (CONFIG_KEXEC_X86_RESET).
 *
 * native_machine_shutdown() masks the IO-APICs, halts the other CPUs, masks
 * the local APIC's sources, goes back to virtual wire mode and switches the
 * HPET off. It leaves
 *
 * - the other CPUs in a halt loop in this kernel's text, which the image may
 *   overwrite: an NMI or SMI, and they run what is there then. After INIT they
 *   wait for SIPI, in no memory at all;
 * - LINT1 delivering NMIs to a CPU that has no IDT until the image has made
 *   one: masked, as after a reset;
 * - the local APIC's logical destination, task priority and timer: as after a
 *   reset. x2APIC mode stays: all CPUs are in it, and firmware may have
 *   switched it on, too;
 * - interrupts that were on their way: taken, and forgotten;
 * - the 8259s at this kernel's vectors: at the BIOS's, and masked but for the
 *   cascade;
 * - the PIT stopped, if another timer was used: running, as the BIOS has it.
 */
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kexec.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <asm/i8259.h>
#include <asm/reboot.h>

#include "kexec-compat.h"
#include "reset/kexec-shutdown.h"

#define BIOS_VECTOR_MASTER	0x08
#define BIOS_VECTOR_SLAVE	0x70
#define ICW1_CASCADE_ICW4	0x11
#define ICW4_8086		0x01
#define CASCADE_IRQ		2

#define PIT_COMMAND_PORT	0x43
#define PIT_COUNTER_0_PORT	0x40
#define PIT_SQUARE_WAVE		0x36	/* counter 0, both bytes, mode 3 */

static void (*mainline_shutdown)(void) __ro_after_init;

/* ICW2 to ICW4 must follow ICW1. */
static void reset_pic(unsigned int command, unsigned int data, u8 vector,
		      u8 cascade, u8 mask)
{
	outb_p(ICW1_CASCADE_ICW4, command);
	outb_p(vector, data);
	outb_p(cascade, data);
	outb_p(ICW4_8086, data);
	outb_p(mask, data);
}

static void reset_legacy(void)
{
	reset_pic(PIC_MASTER_CMD, PIC_MASTER_IMR, BIOS_VECTOR_MASTER,
		  1 << CASCADE_IRQ, 0xff & ~(1 << CASCADE_IRQ));
	reset_pic(PIC_SLAVE_CMD, PIC_SLAVE_IMR, BIOS_VECTOR_SLAVE,
		  CASCADE_IRQ, 0xff);
	/* A count of 0 is 65536, 18.2 times a second. */
	outb_p(PIT_SQUARE_WAVE, PIT_COMMAND_PORT);
	outb_p(0, PIT_COUNTER_0_PORT);
	outb_p(0, PIT_COUNTER_0_PORT);
}

/* Encrypted guests' CPUs and interrupts are the hypervisor's. */
static void shutdown_for_kexec(void)
{
	bool has_apic;

	mainline_shutdown();
	if (!kexec_in_progress || kexec_elf_x86_encrypted())
		return;
	/* Without SMP they are still on. */
	local_irq_disable();
	has_apic = kexec_apic_is_on();
	if (has_apic)
		kexec_apic_reset();
	if (has_legacy_pic())
		reset_legacy();
	/* Last: an SMI may wait for all CPUs to answer it. */
	if (has_apic)
		kexec_park_other_cpus();
}

/*
 * The last time that memory can be had. The jump is made by the bootstrap CPU,
 * whatever "reboot=s" says.
 */
static int prepare_for_kexec(struct notifier_block *block,
			     unsigned long action, void *data)
{
	if (!kexec_in_progress)
		return NOTIFY_DONE;
	reboot_cpu = 0;
	kexec_apic_prepare();
	return NOTIFY_DONE;
}

static struct notifier_block reboot_block = {
	.notifier_call = prepare_for_kexec,
};

/* Hypervisors have put theirs there by now, and it calls mainline's. */
static int __init wrap_shutdown(void)
{
	mainline_shutdown = machine_ops.shutdown;
	machine_ops.shutdown = shutdown_for_kexec;
	return register_reboot_notifier(&reboot_block);
}
late_initcall(wrap_shutdown);
