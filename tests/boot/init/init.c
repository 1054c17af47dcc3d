// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's pid 1: report on the second serial port (and, netbooted, to the
 * boot server) what the kernel was told, then power off. One "key value" line
 * each; judge.py compares them with what the loader was given.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

#include "init.h"
#include "tools/sha256.h"
#include "provenance.h"

#define BOOT_PARAMS	"/sys/kernel/boot_params/data"
#define SETUP_DATA	"/sys/kernel/boot_params/setup_data"
#define MEMMAP		"/sys/firmware/memmap"

/* Offsets in boot_params (Documentation/x86/zero-page.rst). */
#define BP_EXT_RAMDISK_IMAGE	0x0c0
#define BP_EXT_RAMDISK_SIZE	0x0c4
#define BP_TYPE_OF_LOADER	0x210
#define BP_LOADFLAGS		0x211
#define BP_RAMDISK_IMAGE	0x218
#define BP_RAMDISK_SIZE		0x21c
#define BP_SETUP_DATA		0x250
#define BP_SIZE			0x1000

FILE *out;

static uint64_t tsc(void)
{
	uint32_t low, high;

	asm volatile("rdtsc" : "=a" (low), "=d" (high));
	return (uint64_t)high << 32 | low;
}

/**
 * read_file - read a file
 * @path: its name
 * @buffer: result
 * @size: bytes at @buffer
 *
 * Return: bytes read, or -1 if it cannot be opened.
 */
ssize_t read_file(const char *path, void *buffer, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t n, total = 0;

	if (fd < 0)
		return -1;
	while ((size_t)total < size) {
		n = read(fd, (char *)buffer + total, size - total);
		if (n <= 0)
			break;
		total += n;
	}
	close(fd);
	return total;
}

/**
 * read_line - read the first line of a file
 * @path: its name
 * @buffer: result, without the end of the line
 * @size: bytes at @buffer
 *
 * Return: 0, or -1 if it cannot be opened.
 */
int read_line(const char *path, char *buffer, size_t size)
{
	ssize_t n = read_file(path, buffer, size - 1);

	if (n < 0)
		return -1;
	buffer[n] = '\0';
	buffer[strcspn(buffer, "\n")] = '\0';
	return 0;
}

static void mount_all(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
}

static int write_all(int fd, const char *text, size_t size)
{
	struct termios tio;
	ssize_t n;

	if (!tcgetattr(fd, &tio)) {
		cfmakeraw(&tio);
		cfsetspeed(&tio, B115200);
		tcsetattr(fd, TCSANOW, &tio);
	}
	for (; size; text += n, size -= n) {
		n = write(fd, text, size);
		if (n <= 0)
			return -1;
	}
	tcdrain(fd);
	return 0;
}

/* A machine without serial ports has the console; the device may be there. */
static void write_report(const char *text, size_t size)
{
	int fd = open("/dev/ttyS1", O_RDWR | O_NOCTTY);

	if (fd < 0 || write_all(fd, text, size))
		write_all(STDOUT_FILENO, text, size);
}

/* The type of the file system that is mounted last on "/". */
static void report_root(void)
{
	FILE *mounts = fopen("/proc/mounts", "r");
	char line[512], at[256], type[64], root[64] = "none";

	while (mounts && fgets(line, sizeof(line), mounts))
		if (sscanf(line, "%*s %255s %63s", at, type) == 2 &&
		    !strcmp(at, "/"))
			strcpy(root, type);
	if (mounts)
		fclose(mounts);
	fprintf(out, "root %s\n", root);
}

/*
 * Levels of page tables: with 5, memory above 47 bits can be had by whoever
 * asks for an address there (Documentation/x86/x86_64/5level-paging.rst).
 */
static int page_table_levels(void)
{
	const uint64_t wanted = 1ULL << 52;
	void *got = mmap((void *)(uintptr_t)wanted, 1, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return got != MAP_FAILED && (uintptr_t)got >> 47 >> 1 ? 5 : 4;
}

static void report_system(void)
{
	struct utsname uts;
	char line[4096];

	uname(&uts);
	fprintf(out, "kernel %s\n", uts.release);
	fprintf(out, "machine %s\n", uts.machine);
	fprintf(out, "node %s\n", uts.nodename);
	fprintf(out, "cpus %ld\n", sysconf(_SC_NPROCESSORS_ONLN));
	if (sizeof(void *) == 8)
		fprintf(out, "page-table-levels %d\n", page_table_levels());
	if (!read_line("/proc/cmdline", line, sizeof(line)))
		fprintf(out, "cmdline %s\n", line);
	if (!read_line("/proc/sys/kernel/bootloader_type", line, sizeof(line)))
		fprintf(out, "bootloader-type %s\n", line);
}

static void report_memmap(void)
{
	char path[300], start[32], end[32], type[64];
	struct dirent *entry;
	DIR *dir = opendir(MEMMAP);

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), MEMMAP "/%s/start", entry->d_name);
		if (read_line(path, start, sizeof(start)))
			continue;
		snprintf(path, sizeof(path), MEMMAP "/%s/end", entry->d_name);
		read_line(path, end, sizeof(end));
		snprintf(path, sizeof(path), MEMMAP "/%s/type", entry->d_name);
		read_line(path, type, sizeof(type));
		fprintf(out, "map %s %s %s\n", start, end, type);
	}
	closedir(dir);
}

/**
 * get32 - 32 bits, little-endian
 * @p: where they are
 *
 * Return: the value.
 */
uint32_t get32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put_hex(struct sha256 *sha, char *hex)
{
	uint8_t bytes[SHA256_SIZE];
	int i;

	sha256_final(sha, bytes);
	for (i = 0; i < SHA256_SIZE; i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
}

/* The SHA-256 of a part of a file, or "unreadable". */
static void digest(const char *path, uint64_t at, uint64_t size, char *hex)
{
	static uint8_t buffer[65536];
	int fd = open(path, O_RDONLY);
	struct sha256 sha;

	strcpy(hex, "unreadable");
	sha256_init(&sha);
	while (fd >= 0 && size) {
		size_t want = size < sizeof(buffer) ? size : sizeof(buffer);
		ssize_t n = pread(fd, buffer, want, at);

		if (n <= 0)
			break;
		sha256_update(&sha, buffer, n);
		at += n;
		size -= n;
	}
	if (!size)
		put_hex(&sha, hex);
	if (fd >= 0)
		close(fd);
}

/*
 * The bytes as they lie in memory; "retain_initrd" keeps them there. Debian's
 * kernels do not let them be read: then the largest file of it must do.
 */
static void report_initrd(const uint8_t *bp)
{
	uint64_t at = get32(bp + BP_RAMDISK_IMAGE) |
		      (uint64_t)get32(bp + BP_EXT_RAMDISK_IMAGE) << 32;
	uint64_t size = get32(bp + BP_RAMDISK_SIZE) |
			(uint64_t)get32(bp + BP_EXT_RAMDISK_SIZE) << 32;
	char hex[65] = "none";
	struct stat st;

	fprintf(out, "initrd-size %llu\n", (unsigned long long)size);
	fprintf(out, "initrd-unpacked %s\n",
		access("/initrd-marker", F_OK) ? "no" : "yes");
	if (size) {
		fprintf(out, "initrd-at 0x%llx\n", (unsigned long long)at);
		digest("/dev/mem", at, size, hex);
	}
	fprintf(out, "initrd-sha256 %s\n", hex);
	if (!strcmp(hex, "unreadable") && !stat("/filling", &st)) {
		digest("/filling", 0, st.st_size, hex);
		fprintf(out, "filling-sha256 %s\n", hex);
	}
}

static void report_provenance(const struct elfboot_provenance *p)
{
	fprintf(out, "protocol %s\n", p->protocol);
	fprintf(out, "loader %s\n", p->loader);
	fprintf(out, "loader-version %s\n", p->loader_version);
	fprintf(out, "firmware %s\n", p->firmware);
	fprintf(out, "firmware-version %s\n", p->firmware_version);
	fprintf(out, "coreboot-table-told 0x%llx\n",
		(unsigned long long)p->coreboot_table);
	fprintf(out, "map-source %s\n", p->map_source);
	fprintf(out, "cmdline-source %s\n", p->cmdline_source);
	fprintf(out, "initrd-source %s\n", p->initrd_source);
	fprintf(out, "corrupt %u\n", p->corrupt);
	fprintf(out, "random %u\n", p->random);
	fprintf(out, "entropy %u\n", p->entropy);
	fprintf(out, "why-fixed %s\n", p->why_fixed);
	fprintf(out, "tsc-entry %llu\n", (unsigned long long)p->tsc_entry);
	fprintf(out, "tsc-kernel %llu\n", (unsigned long long)p->tsc_kernel);
}

static void report_setup_data(void)
{
	struct elfboot_provenance p;
	char path[300], type[32], types[16 * 33];
	unsigned int i, found = 0, length = 0;

	for (i = 0; i < 16; i++) {
		snprintf(path, sizeof(path), SETUP_DATA "/%u/type", i);
		if (read_line(path, type, sizeof(type)))
			break;
		length += snprintf(types + length, sizeof(types) - length,
				   " %s", type);
		if (strtoul(type, NULL, 0) != SETUP_ELFBOOT)
			continue;
		snprintf(path, sizeof(path), SETUP_DATA "/%u/data", i);
		if (read_file(path, &p, sizeof(p)) != sizeof(p))
			continue;
		report_provenance(&p);
		found++;
	}
	if (length)
		fprintf(out, "setup-data-types%s\n", types);
	fprintf(out, "provenance-nodes %u\n", found);
}

static void report_boot_params(void)
{
	static uint8_t bp[BP_SIZE];

	if (read_file(BOOT_PARAMS, bp, sizeof(bp)) != sizeof(bp))
		return;
	fprintf(out, "type-of-loader 0x%x\n", bp[BP_TYPE_OF_LOADER]);
	fprintf(out, "loadflags 0x%x\n", bp[BP_LOADFLAGS]);
	fprintf(out, "setup-data 0x%x\n", get32(bp + BP_SETUP_DATA));
	report_initrd(bp);
	report_efi(bp);
}

/* The report's reader ends the emulator when it has seen the screen. */
static void __attribute__((noreturn)) power_off(int drawn)
{
	if (!drawn)
		reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

/**
 * has_word - is there such a word on the command line?
 * @word: the word
 *
 * Return: whether it is.
 */
int has_word(const char *word)
{
	char line[4096];

	return !read_line("/proc/cmdline", line, sizeof(line)) &&
	       strstr(line, word);
}

int main(void)
{
	uint64_t at_init = tsc();
	char *report;
	size_t size;
	int drawn;

	mount_all();
	out = open_memstream(&report, &size);
	fprintf(out, "elfboot-report 1\n");
	report_system();
	report_root();
	report_memmap();
	report_boot_params();
	report_setup_data();
	report_elfboot();
	report_addresses();
	report_firmware();
	fprintf(out, "tsc-init %llu\n", (unsigned long long)at_init);
	drawn = has_word("elfboot-draw");
	if (drawn)
		draw();
	fprintf(out, "end\n");
	fclose(out);
	send_report(report, size);
	write_report(report, size);
	/* tests/kexec goes on from here; without pid 1 the kernel panics. */
	if (getpid() != 1 || has_word("elfboot-panic"))
		return 0;
	power_off(drawn);
}
