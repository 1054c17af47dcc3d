// SPDX-License-Identifier: GPL-2.0
/*
 * What the running kernel says of itself (Documentation/ABI of the kernel:
 * sysfs-kernel-kexec, formerly in Documentation/ABI/testing).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elfkexec.h"

static const struct {
	const char *name;
	const char *path;
} states[] = {
	[false] = { "kernel", "/sys/kernel/kexec_loaded" },
	[true] = { "crash kernel", "/sys/kernel/kexec_crash_loaded" },
};

/**
 * state_read - read a small file
 * @path: its name
 * @text: result: what is in it, without a line's end
 * @size: bytes there
 *
 * Return: whether there is such a file.
 */
bool state_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return got >= 0;
}

/**
 * state_has_cpu_flag - does the running kernel use something that CPUs may have?
 * @flag: its name in /proc/cpuinfo
 *
 * What the kernel does not use it does not list.
 *
 * Return: whether it is among the first CPU's flags.
 */
bool state_has_cpu_flag(const char *flag)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	bool found = false;
	char line[8192] = "";
	char *word;

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file) && strncmp(line, "flags", 5))
		;
	for (word = strtok(line, " \t\n"); word && !found;
	     word = strtok(NULL, " \t\n"))
		found = !strcmp(word, flag);
	fclose(file);
	return found;
}

/**
 * state_is_loaded - is there a kernel that can be started?
 * @crash: by a panic, else by kexec
 *
 * Return: whether there is one.
 */
bool state_is_loaded(bool crash)
{
	char text[16];

	return state_read(states[crash].path, text, sizeof(text)) &&
	       !strcmp(text, "1");
}

/**
 * state_print - tell whether there is a kernel that can be started
 * @crash: which one decides
 *
 * Return: exit status.
 */
int state_print(bool crash)
{
	char size[32];
	int i;

	if (access(states[false].path, F_OK))
		return error("this kernel has no kexec (CONFIG_KEXEC_FILE)"),
		       EXIT_REFUSED;
	for (i = 0; i < 2; i++)
		printf("%-16s%s\n", states[i].name,
		       state_is_loaded(i) ? "loaded" : "none");
	if (state_read("/sys/kernel/kexec_crash_size", size, sizeof(size)))
		printf("%-16s%s bytes reserved by crashkernel=\n", "", size);
	return state_is_loaded(crash) ? 0 : EXIT_NOTHING;
}
