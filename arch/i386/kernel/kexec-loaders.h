/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included by arch/x86/kernel/machine_kexec_64.c in place of
 * asm/kexec-bzimage64.h: the loader of ELF files joins the table there. Lines
 * of that file are changed and none is added, so that its warnings have the
 * same __LINE__, and without the option it compiles to the same bytes.
 */
#ifndef ELFBOOT_KEXEC_LOADERS_H
#define ELFBOOT_KEXEC_LOADERS_H

#include <asm/kexec-bzimage64.h>

#ifdef CONFIG_KEXEC_ELF_X86
extern const struct kexec_file_ops kexec_elf_x86_ops;
#define KEXEC_ELF_X86_OPS	(&kexec_elf_x86_ops)
/* With its comma: where the option is off, the table has no element of ours. */
#define KEXEC_ELF_X86_LOADER	KEXEC_ELF_X86_OPS,
#else
#define KEXEC_ELF_X86_LOADER
#endif

#endif /* ELFBOOT_KEXEC_LOADERS_H */
