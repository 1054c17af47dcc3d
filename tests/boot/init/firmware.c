// SPDX-License-Identifier: GPL-2.0
/*
 * What the firmware has left behind for the kernel: coreboot's table and log,
 * ACPI, UEFI's variables, the memory that is in use.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <unistd.h>

#include "init.h"

#define VTCONSOLE	"/sys/class/vtconsole"

#define PAGE		4096
#define TABLE_MAX	0x10000
#define FORWARD_AT	0x500
#define FORWARD_TAG	0x11
#define HEADER_SIZE	24

/**
 * print_hex - report bytes
 * @key: what they are
 * @bytes: first of them
 * @size: how many
 */
void print_hex(const char *key, const uint8_t *bytes, size_t size)
{
	size_t i;

	fprintf(out, "%s ", key);
	for (i = 0; i < size; i++)
		fprintf(out, "%02x", bytes[i]);
	fprintf(out, "\n");
}

/**
 * read_memory - copy out of physical memory
 * @mem: /dev/mem
 * @at: physical address
 * @buffer: result
 * @size: bytes
 *
 * By mapping it: reading /dev/mem ends where RAM does, and tables lie behind.
 *
 * Return: 0, or -1 if it cannot be mapped.
 */
int read_memory(int mem, uint64_t at, void *buffer, size_t size)
{
	size_t offset = at % PAGE;
	uint8_t *mapped = mmap(NULL, offset + size, PROT_READ, MAP_SHARED, mem,
			       at - offset);

	if (mapped == MAP_FAILED)
		return -1;
	memcpy(buffer, mapped + offset, size);
	munmap(mapped, offset + size);
	return 0;
}

static int read_table(int mem, uint64_t at, uint8_t *table, size_t *size)
{
	uint64_t total;

	if (read_memory(mem, at, table, HEADER_SIZE) ||
	    memcmp(table, "LBIO", 4))
		return -1;
	total = (uint64_t)get32(table + 4) + get32(table + 12);
	if (total > TABLE_MAX || read_memory(mem, at, table, total))
		return -1;
	*size = total;
	return 0;
}

/* As it lies in memory now: the host applies the rules to it. */
static void report_coreboot_table(void)
{
	static uint8_t table[TABLE_MAX];
	int mem = open("/dev/mem", O_RDONLY);
	uint64_t at = FORWARD_AT;
	size_t size;

	if (mem < 0)
		return;
	if (!read_table(mem, at, table, &size)) {
		uint8_t *record = table + get32(table + 4);

		if (get32(record) == FORWARD_TAG)
			at = get32(record + 8);
		if (!read_table(mem, at, table, &size)) {
			fprintf(out, "coreboot-table-at 0x%llx\n",
				(unsigned long long)at);
			print_hex("coreboot-table", table, size);
		}
	}
	close(mem);
}

static void report_file_hex(const char *key, const char *path)
{
	static uint8_t buffer[TABLE_MAX];
	ssize_t size = read_file(path, buffer, sizeof(buffer));

	if (size >= 0)
		print_hex(key, buffer, size);
}

/* Lines without indentation are whole ranges. */
static void report_iomem(void)
{
	FILE *iomem = fopen("/proc/iomem", "r");
	unsigned long long start, end;
	char line[256];

	while (iomem && fgets(line, sizeof(line), iomem)) {
		char *name = strstr(line, " : ");

		if (!name || sscanf(line, "%llx-%llx", &start, &end) != 2)
			continue;
		if (!strcmp(name, " : Kernel code\n"))
			fprintf(out, "kernel-at 0x%llx\n", start);
		if (line[0] == ' ')
			continue;
		fprintf(out, "iomem 0x%llx 0x%llx %s", start, end, name + 3);
	}
	if (iomem)
		fclose(iomem);
}

static unsigned int count_entries(const char *path, const char *prefix)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	unsigned int n = 0;

	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, prefix, strlen(prefix)))
			n++;
	if (dir)
		closedir(dir);
	return n;
}

/* What a driver says when another has its memory already. */
static void report_log(void)
{
	static const char * const complaints[] = {
		"EBUSY", "error -16", ": -16", "error -17",
		"cannot create duplicate", "failed to claim resource",
		"could not register",
	};
	static char log[1 << 18];
	int size = klogctl(3, log, sizeof(log) - 1);	/* SYSLOG_ACTION_READ_ALL */
	unsigned int i, busy = 0;
	char *line, *next;

	log[size < 0 ? 0 : size] = '\0';
	for (line = strtok_r(log, "\n", &next); line;
	     line = strtok_r(NULL, "\n", &next))
		for (i = 0; i < sizeof(complaints) / sizeof(*complaints); i++)
			busy += !!strstr(line, complaints[i]);
	fprintf(out, "busy-lines %u\n", busy);
}

/* Who has the virtual terminals: "VGA+", "dummy device". */
static void report_console(void)
{
	char path[64], line[64];
	unsigned int i;

	for (i = 0; ; i++) {
		snprintf(path, sizeof(path), VTCONSOLE "/vtcon%u/bind", i);
		if (read_line(path, line, sizeof(line)))
			return;
		snprintf(path, sizeof(path), VTCONSOLE "/vtcon%u/name", i);
		if (line[0] == '1' && !read_line(path, line, sizeof(line)))
			fprintf(out, "console-driver %s\n", line);
	}
}

/**
 * report_firmware - tell what the kernel has found of the firmware's
 */
void report_firmware(void)
{
	report_coreboot_table();
	report_iomem();
	report_file_hex("firmware-log", "/sys/firmware/log");
	fprintf(out, "framebuffers %u\n",
		count_entries("/sys/class/graphics", "fb"));
	fprintf(out, "acpi-tables %s\n",
		count_entries("/sys/firmware/acpi/tables", "DSDT") ?
		"yes" : "no");
	report_console();
	report_log();
}
