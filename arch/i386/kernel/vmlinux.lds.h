/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included by arch/x86/kernel/vmlinux.lds.S: the ELF header's entry point is
 * elfboot_entry (arch/x86/kernel/elf/head.S), which passes a caller who has
 * boot_params on to the kernel's own.
 */
#ifdef CONFIG_ELF_BOOT
/* ENTRY() takes a symbol and no expression: this is the one. */
phys_elfboot_entry = ABSOLUTE(elfboot_entry - LOAD_OFFSET);

#define ELF_BOOT_ENTRY(kernel_entry)	phys_elfboot_entry
#else
#define ELF_BOOT_ENTRY(kernel_entry)	kernel_entry
#endif
