// SPDX-License-Identifier: GPL-2.0
/*
 * The other CPUs as a freshly booted image finds them: waiting for SIPI.
 */
#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/moduleparam.h>
#include <linux/smp.h>
#include <linux/tboot.h>
#include <asm/apic.h>
#include <asm/msr.h>

#include "reset/kexec-shutdown.h"

#define XAPIC_BROADCAST		0xff

static bool is_bootstrap_cpu(void)
{
	u32 low, high;

	/* A Pentium has no such register. */
	if (rdmsr_safe(MSR_IA32_APICBASE, &low, &high))
		return false;
	return low & MSR_IA32_APICBASE_BSP;
}

static void send_init(u32 target)
{
	apic_icr_write(APIC_INT_LEVELTRIG | APIC_INT_ASSERT | APIC_DM_INIT,
		       target);
	safe_apic_wait_icr_idle();
	apic_icr_write(APIC_INT_LEVELTRIG | APIC_DM_INIT, target);
	safe_apic_wait_icr_idle();
}

/*
 * xAPIC mode has 8 bits for the target and takes 255 for all, itself included:
 * CPUs beyond cannot have been started.
 */
static bool can_be_addressed(u32 id)
{
	return x2apic_enabled() || id < XAPIC_BROADCAST;
}

static bool park __ro_after_init = true;

/* There are machines whose SMI handlers wait for every CPU. */
core_param(kexec_park, park, bool, 0);

/**
 * kexec_park_other_cpus - let all other CPUs wait for SIPI
 *
 * INIT sends the bootstrap CPU to the firmware: it must be the one that sends.
 * In a measured environment INIT would reset the machine. CPUs that have never
 * been online in this kernel are in it as well: an earlier one may have left
 * them in a loop.
 */
void kexec_park_other_cpus(void)
{
	unsigned int cpu;

	if (!park || !is_bootstrap_cpu() || tboot_enabled())
		return;
	for_each_present_cpu(cpu) {
		u32 id = cpu_physical_id(cpu);

		if (cpu != smp_processor_id() && can_be_addressed(id))
			send_init(id);
	}
}
