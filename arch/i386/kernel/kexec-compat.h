/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What kexec asks of the kernel: each kernel has one way to tell it.
 */
#ifndef ELFBOOT_KEXEC_COMPAT_H
#define ELFBOOT_KEXEC_COMPAT_H

#include <linux/cpufeature.h>
#include <linux/types.h>

#ifdef HAVE_ELFBOOT_CC_PLATFORM
#include <linux/cc_platform.h>

static inline bool kexec_elf_x86_encrypted(void)
{
	return cc_platform_has(CC_ATTR_MEM_ENCRYPT);
}
#else
#include <linux/mem_encrypt.h>

static inline bool kexec_elf_x86_encrypted(void)
{
	return mem_encrypt_active();
}
#endif

#ifdef HAVE_ELFBOOT_SYSFB_DISPLAY
#include <linux/sysfb.h>

static inline const struct screen_info *kexec_elf_x86_screen(void)
{
	return &sysfb_primary_display.screen;
}
#else
#include <linux/screen_info.h>

static inline const struct screen_info *kexec_elf_x86_screen(void)
{
	return &screen_info;
}
#endif

/* FRED delivers interrupts without an IDT. */
#ifdef HAVE_ELFBOOT_FRED
static inline bool kexec_elf_x86_without_idt(void)
{
	return boot_cpu_has(X86_FEATURE_FRED);
}
#else
static inline bool kexec_elf_x86_without_idt(void)
{
	return false;
}
#endif

#endif /* ELFBOOT_KEXEC_COMPAT_H */
