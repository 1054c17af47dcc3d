// SPDX-License-Identifier: GPL-2.0
/*
 * A TPM: the event log as the kernel has it, and what is in the registers.
 */
#include <dirent.h>
#include <string.h>

#include "init.h"

#define LOG	"/sys/kernel/security/tpm0/binary_bios_measurements"
#define TPM	"/sys/class/tpm/tpm0"
#define PREFIX	"pcr-"
#define NR_PCRS	24

static void report_bank(const char *bank)
{
	char path[300], line[256];
	unsigned int i;

	for (i = 0; i < NR_PCRS; i++) {
		snprintf(path, sizeof(path), TPM "/%s/%u", bank, i);
		if (!read_line(path, line, sizeof(line)))
			fprintf(out, "tpm-%s-%u %s\n", bank, i, line);
	}
}

/**
 * report_tpm - tell what has been measured, if there is a TPM
 */
void report_tpm(void)
{
	static uint8_t log[1 << 18];
	ssize_t size = read_file(LOG, log, sizeof(log));
	DIR *dir = opendir(TPM);
	struct dirent *entry;

	fprintf(out, "tpm %s\n", dir ? "yes" : "no");
	if (size > 0)
		print_hex("tpm-log", log, size);
	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, PREFIX, strlen(PREFIX)))
			report_bank(entry->d_name);
	if (dir)
		closedir(dir);
}
