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

#ifdef CONFIG_KEXEC_FILE
#include <linux/kernel.h>
#include <linux/kexec.h>

/* Where the core header of a crash kernel is. */
#ifdef HAVE_ELFBOOT_CORE_HEADER
static inline unsigned long kexec_elf_x86_core_header(const struct kimage *image)
{
	return image->elf_load_addr;
}
#else
static inline unsigned long kexec_elf_x86_core_header(const struct kimage *image)
{
	return image->arch.elf_load_addr;
}
#endif

/* Where KHO lets anything be: the areas by number, none if it is not in use. */
#ifdef CONFIG_KEXEC_HANDOVER
#include <linux/ioport.h>
#include <linux/kexec_handover.h>

/* kernel/liveupdate/kexec_handover_internal.h */
extern struct kho_scratch *kho_scratch;
extern unsigned int kho_scratch_cnt;

static inline bool kexec_elf_x86_scratch(const struct kimage *image, u32 i,
					 struct resource *area)
{
	if (image->type == KEXEC_TYPE_CRASH || !kho_is_enabled() ||
	    i >= kho_scratch_cnt)
		return false;
	area->flags = IORESOURCE_MEM;
	area->start = kho_scratch[i].addr;
	area->end = area->start + kho_scratch[i].size - 1;
	return true;
}
#else
static inline bool kexec_elf_x86_scratch(const struct kimage *image, u32 i,
					 struct resource *area)
{
	return false;
}
#endif

/* Keys of encrypted disks, for a crash kernel that writes its dump there. */
#ifdef HAVE_ELFBOOT_CRASH_KEYS
static inline int kexec_elf_x86_add_keys(struct kimage *image)
{
	return crash_load_dm_crypt_keys(image);
}

static inline size_t kexec_elf_x86_add_key_word(const struct kimage *image,
						char *text, size_t room)
{
	if (!image->dm_crypt_keys_addr)
		return 0;
	return scnprintf(text, room, "dmcryptkeys=0x%lx ",
			 image->dm_crypt_keys_addr);
}
#else
static inline int kexec_elf_x86_add_keys(struct kimage *image)
{
	return 0;
}

static inline size_t kexec_elf_x86_add_key_word(const struct kimage *image,
						char *text, size_t room)
{
	return 0;
}
#endif
#endif /* CONFIG_KEXEC_FILE */

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
