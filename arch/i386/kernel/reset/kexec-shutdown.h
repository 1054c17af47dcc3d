/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine as a freshly booted image finds it, by file.
 */
#ifndef ELFBOOT_KEXEC_SHUTDOWN_H
#define ELFBOOT_KEXEC_SHUTDOWN_H

#include <linux/types.h>

/* kexec-apic.c */
bool kexec_apic_is_on(void);
void kexec_apic_prepare(void);
void kexec_apic_reset(void);

/* kexec-park.c; without SMP the other CPUs have never been started */
#ifdef CONFIG_SMP
void kexec_park_other_cpus(void);
#else
static inline void kexec_park_other_cpus(void)
{
}
#endif

/* kexec-interrupt.S: an interrupt handler that does nothing */
extern const char kexec_interrupt[];

#endif /* ELFBOOT_KEXEC_SHUTDOWN_H */
