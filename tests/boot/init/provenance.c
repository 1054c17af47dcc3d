// SPDX-License-Identifier: GPL-2.0
/*
 * Who booted this kernel, as the kernel tells people: the files under
 * /sys/firmware/elfboot and its lines in the log.
 */
#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/stat.h>

#include "init.h"

#define DIRECTORY	"/sys/firmware/elfboot"
#define READ_ALL	3		/* SYSLOG_ACTION_READ_ALL */

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Names of those that not everybody can read are added to @secret. */
static bool report_file(const char *name, char *secret)
{
	char path[300], line[4096];
	struct stat st;

	snprintf(path, sizeof(path), DIRECTORY "/%s", name);
	if (read_line(path, line, sizeof(line)) || stat(path, &st))
		return false;
	fprintf(out, "sysfs-%s %s\n", name, line);
	if (!(st.st_mode & 0077))
		strcat(strcat(secret, secret[0] ? " " : ""), name);
	return true;
}

static void report_directory(void)
{
	char secret[64 * 256] = "";
	struct dirent **entries;
	unsigned int found = 0;
	int i, n;

	n = scandir(DIRECTORY, &entries, is_visible, alphasort);
	for (i = 0; i < n && i < 64; i++)
		found += report_file(entries[i]->d_name, secret);
	fprintf(out, "sysfs-files %u\n", found);
	fprintf(out, "root-files %s\n", secret);
}

/* The lines of the log that have such a text, from there on. */
static void report_lines(const char *key, const char *text)
{
	static char log[1 << 18];
	int size = klogctl(READ_ALL, log, sizeof(log) - 1);
	char *line, *found, *next;

	if (size < 0) {
		fprintf(out, "log none\n");
		return;
	}
	log[size] = '\0';
	for (line = strtok_r(log, "\n", &next); line;
	     line = strtok_r(NULL, "\n", &next)) {
		found = strstr(line, text);
		if (found)
			fprintf(out, "%s %s\n", key, found);
	}
}

/**
 * report_elfboot - tell what the kernel tells
 */
void report_elfboot(void)
{
	report_directory();
	report_lines("log-provenance", "elfboot: protocol ");
	report_lines("log-corrupt", "elfboot: corrupt ");
	report_lines("log-secure-boot", "Secure boot ");
	report_lines("log-lockdown", "Kernel is locked down ");
	report_lines("log-tsc", "tsc: Detected ");
}
