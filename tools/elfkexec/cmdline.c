// SPDX-License-Identifier: GPL-2.0
/*
 * The next kernel's command line.
 */
#define _GNU_SOURCE		/* asprintf() */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elfkexec.h"

#define CMDLINE_MAX	0x10000

/*
 * What a boot loader or a kexec has added for this kernel alone; and what a crash
 * kernel has no memory for.
 */
static const struct {
	const char *word;
	bool crash;			/* only of a crash kernel's */
} own[] = {
	{ "BOOT_IMAGE=", false },
	{ "initrd=", false },
	{ "elfcorehdr=", false },
	{ "crashkernel=", true },
};

static bool is_own(const char *word, bool crash)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(own); i++)
		if (!strncmp(word, own[i].word, strlen(own[i].word)))
			return crash || !own[i].crash;
	return false;
}

/* Blanks between quotation marks end no word, as in the kernel. */
static const char *word_end(const char *s)
{
	bool quoted = false;

	for (; *s && (quoted || *s != ' '); s++)
		if (*s == '"')
			quoted = !quoted;
	return s;
}

/* The words that stay, with one blank behind each. */
static void keep_words(const char *from, bool crash, char *to)
{
	const char *end;

	for (; *from; from = end + (*end == ' ')) {
		end = word_end(from);
		if (end == from || is_own(from, crash))
			continue;
		memcpy(to, from, end - from);
		to += end - from;
		*to++ = ' ';
	}
	*to = '\0';
}

static int read_own(bool crash, char *words)
{
	char text[CMDLINE_MAX];

	if (!state_read("/proc/cmdline", text, sizeof(text)))
		return error_errno("/proc/cmdline");
	keep_words(text, crash, words);
	return 0;
}

/**
 * cmdline_make - make the command line
 * @job: what has been asked for
 *
 * Return: the command line, for free(); NULL with a message printed.
 */
char *cmdline_make(const struct job *job)
{
	char words[CMDLINE_MAX + 1] = "";
	char *cmdline;
	size_t size;

	if (job->reuse && read_own(job->crash, words))
		return NULL;
	if (asprintf(&cmdline, "%s%s", words, job->append ?: "") < 0) {
		error("no memory");
		return NULL;
	}
	size = strlen(cmdline);
	while (size && cmdline[size - 1] == ' ')
		cmdline[--size] = '\0';
	return cmdline;
}
