// SPDX-License-Identifier: GPL-2.0
/*
 * Who booted this kernel, as the kernel tells people: the files under
 * /sys/firmware/elfboot and its lines in the log.
 */
#include <dirent.h>
#include <string.h>
#include <sys/klog.h>

#include "init.h"

#define DIRECTORY	"/sys/firmware/elfboot"
#define READ_ALL	3		/* SYSLOG_ACTION_READ_ALL */

static unsigned int report_files(DIR *dir)
{
	char path[300], line[4096];
	struct dirent *entry;
	unsigned int n = 0;

	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), DIRECTORY "/%s", entry->d_name);
		if (read_line(path, line, sizeof(line)))
			continue;
		fprintf(out, "sysfs-%s %s\n", entry->d_name, line);
		n++;
	}
	return n;
}

static void report_directory(void)
{
	DIR *dir = opendir(DIRECTORY);
	unsigned int n = 0;

	if (dir) {
		n = report_files(dir);
		closedir(dir);
	}
	fprintf(out, "sysfs-files %u\n", n);
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
	report_lines("log-tsc", "tsc: Detected ");
}
