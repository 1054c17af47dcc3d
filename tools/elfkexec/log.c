// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel's log says of a file that it refuses (its Documentation/ABI/
 * testing/dev-kmsg).
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "elfkexec.h"

#define RECORD_MAX	8192

/* Who has something to say about it; a bzImage's loader knows no ELF file. */
static const struct {
	const char *begin;
	bool elf;
} speakers[] = {
	{ "kexec-bzImage64: ", false },
	{ "kexec", true },
	{ "Lockdown: ", true },
	{ "PEFILE: ", true },
	{ "PKCS7: ", true },
};

static bool is_about_it(const char *text, bool is_elf)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(speakers); i++)
		if (!strncmp(text, speakers[i].begin,
			     strlen(speakers[i].begin)))
			return speakers[i].elf || !is_elf;
	return false;
}

/**
 * log_open - begin to listen
 *
 * Return: a file descriptor at the log's end, or -1 if it cannot be read.
 */
int log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/**
 * log_print - print what has been said since
 * @log: of log_open(); it is closed
 * @is_elf: it was about an ELF file
 */
void log_print(int log, bool is_elf)
{
	char record[RECORD_MAX], *text;
	ssize_t got;

	if (log < 0)
		return;
	while ((got = read(log, record, sizeof(record) - 1)) > 0) {
		record[got] = '\0';
		text = strchr(record, ';');
		if (!text)
			continue;
		text++;
		text[strcspn(text, "\n")] = '\0';
		if (is_about_it(text, is_elf))
			error("the kernel says: %s", text);
	}
	close(log);
}
