// SPDX-License-Identifier: GPL-2.0
/*
 * The other CPUs as a freshly booted image finds them: waiting for SIPI.
 */
#include <linux/cpumask.h>
#include <linux/smp.h>
#include <linux/tboot.h>
#include <asm/apic.h>
#include <asm/msr.h>
#include <asm/smp.h>

#include "kexec-shutdown.h"

static bool is_bootstrap_cpu(void)
{
	u32 low, high;

	rdmsr(MSR_IA32_APICBASE, low, high);
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

/**
 * kexec_park_other_cpus - let all other CPUs wait for SIPI
 *
 * INIT sends the bootstrap CPU to the firmware: it must be the one that sends.
 * In a measured environment INIT would reset the machine.
 */
void kexec_park_other_cpus(void)
{
	unsigned int cpu;

	if (!is_bootstrap_cpu() || tboot_enabled())
		return;
	for_each_present_cpu(cpu)
		if (cpu != smp_processor_id())
			send_init(cpu_physical_id(cpu));
}
