/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of kexec as kexec-elf-crash.c and kexec-elf-move.c use, of a kernel that has
 * all of it.
 */
#ifndef TESTS_LINUX_KEXEC_H
#define TESTS_LINUX_KEXEC_H

#include <linux/ioport.h>
#include <linux/types.h>

#define CONFIG_KEXEC_FILE
#define CONFIG_CRASH_DUMP

/* As they are in a kernel of 64 bits. */
#define ULONG_MAX	(~0UL)

extern struct resource crashk_res;

enum { KEXEC_TYPE_DEFAULT, KEXEC_TYPE_CRASH };

struct kimage {
	int type;
	struct {
		unsigned long elf_load_addr;
	} arch;
};

struct kexec_buf {
	struct kimage *image;
	void *buffer;
	unsigned long bufsz;
	unsigned long mem;
	unsigned long memsz;
};

#endif /* TESTS_LINUX_KEXEC_H */
