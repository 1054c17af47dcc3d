// SPDX-License-Identifier: GPL-2.0
/*
 * The system call, and what its answers mean (kexec_file_load(2)).
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "elfkexec.h"

/* i386 has no such system call: what no kernel has is answered with ENOSYS. */
#ifndef SYS_kexec_file_load
#define SYS_kexec_file_load	(-1)
#endif

static const struct {
	int number;
	const char *text;
} meanings[] = {
	{ ENOSYS, "this kernel has no kexec_file_load (CONFIG_KEXEC_FILE)" },
	{ ENOEXEC, "this kernel cannot start it" },
	{ EINVAL, "this kernel does not take it like that" },
	{ EADDRNOTAVAIL, "there is no room for it where it has to be" },
	{ ENOMEM, "not enough memory" },
	{ EBUSY, "somebody else is loading a kernel; try again" },
	{ ETXTBSY, "somebody is writing to it, or to the initrd" },
	{ EFBIG, "it, or the initrd, is too large" },
	{ E2BIG, "there is too much to tell the next kernel" },
	{ EOPNOTSUPP, "this kernel cannot do that" },
	{ EACCES, "IMA's policy does not let it in" },
	{ ENODATA, "it has no signature, and this kernel demands one" },
	{ EBADMSG, "its signature is damaged" },
	{ ENOKEY, "it is signed by a key that this kernel does not know" },
	{ EKEYREJECTED, "its signature is wrong, or this kernel verifies no ELF file's" },
	{ ENOPKG, "it is signed in a way that this kernel does not know" },
};

static const char switched_off[] =
	"kexec is switched off until the next boot (sysctl kernel.kexec_load_disabled)";

static bool is_locked_down(void)
{
	char text[128];

	return state_read("/sys/kernel/security/lockdown", text,
			  sizeof(text)) && !strstr(text, "[none]");
}

/* Four things look the same. */
static const char *why_not_permitted(void)
{
	char text[16];

	if (state_read("/proc/sys/kernel/kexec_load_disabled", text,
		       sizeof(text)) && !strcmp(text, "1"))
		return switched_off;
	if (geteuid())
		return "only root may do that (CAP_SYS_BOOT)";
	if (is_locked_down())
		return "this kernel is locked down, and trusts no signature of it";
	return "it may not be done here (CAP_SYS_BOOT, or a limit on kexec)";
}

static bool has_crash_memory(void)
{
	char text[32];

	return !state_read("/sys/kernel/kexec_crash_size", text,
			   sizeof(text)) || strcmp(text, "0");
}

/* An ELF file's own mistakes have better names than the errno. */
static const char *why(const struct job *job, int number)
{
	const char *text = NULL;
	unsigned int i;

	if (number == EPERM)
		return why_not_permitted();
	if (job->crash && number != ENOSYS && !has_crash_memory())
		return "there is no memory for a crash kernel (crashkernel=)";
	if (number == ENOEXEC)
		text = plan_error(job->kernel);
	for (i = 0; !text && i < ARRAY_SIZE(meanings); i++)
		if (meanings[i].number == number)
			text = meanings[i].text;
	return text ?: strerror(number);
}

static long call(int kernel, int initrd, const char *cmdline,
		 unsigned long flags)
{
	return syscall(SYS_kexec_file_load, kernel, initrd,
		       (unsigned long)strlen(cmdline) + 1, cmdline, flags);
}

/**
 * load_is_possible - has this kernel the system call?
 *
 * Return: whether it has, and not whether one may use it.
 */
bool load_is_possible(void)
{
	return !call(-1, -1, "", 0) || errno != ENOSYS;
}

static bool is_elf(int fd)
{
	char magic[SELFMAG];

	return pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	       !memcmp(magic, ELFMAG, SELFMAG);
}

/**
 * load_kernel - load a kernel
 * @job: what has been asked for
 * @initrd: file descriptor, -1: none
 * @cmdline: command line
 *
 * Return: 0, or -1 with a message printed, and what the kernel has to say.
 */
int load_kernel(const struct job *job, int initrd, const char *cmdline)
{
	unsigned long flags = (initrd < 0 ? KEXEC_FILE_NO_INITRAMFS : 0) |
			      (job->crash ? KEXEC_FILE_ON_CRASH : 0);
	int fd = open(job->kernel, O_RDONLY | O_CLOEXEC);
	int number, log;

	if (fd < 0)
		return error_errno(job->kernel);
	log = log_open();
	if (!call(fd, initrd, cmdline, flags)) {
		close(log);
		close(fd);
		return 0;
	}
	number = errno;
	error("%s: %s (%s)", job->kernel, why(job, number),
	      strerrorname_np(number) ?: "unknown errno");
	log_print(log, is_elf(fd));
	close(fd);
	return -1;
}

/**
 * load_nothing - unload what is loaded
 * @crash: for a panic, else for kexec
 *
 * Return: 0, or -1 with a message printed.
 */
int load_nothing(bool crash)
{
	const struct job job = { .crash = crash };
	int number;

	if (!call(-1, -1, "", KEXEC_FILE_UNLOAD |
		  (crash ? KEXEC_FILE_ON_CRASH : 0)))
		return 0;
	number = errno;
	return error("cannot unload: %s (%s)", why(&job, number),
		     strerrorname_np(number) ?: "unknown errno");
}
