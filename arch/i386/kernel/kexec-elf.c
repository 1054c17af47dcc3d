// SPDX-License-Identifier: GPL-2.0
/*
 * kexec_file_load() of static ELF files.
 */
#include <linux/errno.h>
#include <linux/kexec.h>

#include "kexec-loaders.h"

static int kexec_elf_x86_probe(const char *buf, unsigned long len)
{
	return -ENOEXEC;
}

const struct kexec_file_ops kexec_elf_x86_ops = {
	.probe = kexec_elf_x86_probe,
};
