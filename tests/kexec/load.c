// SPDX-License-Identifier: GPL-2.0
/*
 * kexec_file_load() as it is, without kexec-tools: what systemd does.
 *
 * load [-p] IMAGE INITRD CMDLINE	("-": none; -p: for when this kernel panics)
 * load -e			start what is loaded; the time stamp counter is left
 *				at 0x600, where no kernel has anything
 * load				as pid 1: tell how much has been counted since
 * load -n TIMES IMAGE		load and unload it so often; reports MemFree
 * load -r DIRECTORY		load all files there; reports what the kernel says
 * load -k KEYRING FILE		add a certificate (DER) to a keyring of the kernel's
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/keyctl.h>
#include <linux/reboot.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#define LEFT_AT		0x600

/* Returns 0 or an errno. */
static int load(const char *image, const char *initrd, const char *cmdline,
		unsigned long flags)
{
	int without = !strcmp(initrd, "-");
	int initrd_fd = without ? -1 : open(initrd, O_RDONLY);
	int image_fd = open(image, O_RDONLY);
	int ret = 0;

	if (without)
		flags |= KEXEC_FILE_NO_INITRAMFS;
	if (image_fd < 0 || (!without && initrd_fd < 0))
		return errno;
	if (syscall(SYS_kexec_file_load, image_fd, initrd_fd,
		    strlen(cmdline) + 1, cmdline, flags))
		ret = errno;
	close(image_fd);
	if (initrd_fd >= 0)
		close(initrd_fd);
	return ret;
}

static int unload(void)
{
	return syscall(SYS_kexec_file_load, -1, -1, 0L, "",
		       (unsigned long)KEXEC_FILE_UNLOAD) ? errno : 0;
}

static int is_loaded(void)
{
	FILE *file = fopen("/sys/kernel/kexec_loaded", "r");
	int c = file ? getc(file) : EOF;

	if (file)
		fclose(file);
	return c == '1';
}

static long free_kib(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[128];
	long kib = -1;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemFree: %ld", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib;
}

static int load_often(long times, const char *image)
{
	long before = 0, i;
	int ret;

	for (i = -10; i < times; i++) {
		/* The first ones fill caches. */
		if (!i)
			before = free_kib();
		ret = load(image, "-", "", 0);
		if (!ret)
			ret = unload();
		if (ret)
			break;
	}
	printf("loads %ld\n", i);
	printf("lost-kib %ld\n", before - free_kib());
	return ret;
}

/* Results by name, as the files are what the names say. */
static int load_all(const char *directory)
{
	struct dirent **files;
	int i, n = scandir(directory, &files, NULL, alphasort);
	char path[512];

	for (i = 0; i < n; i++) {
		int ret;

		if (files[i]->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory,
			 files[i]->d_name);
		ret = load(path, "-", "a", 0);
		printf("load-%s %s%s\n", files[i]->d_name,
		       ret ? strerrorname_np(ret) : "ok",
		       (ret == 0) == is_loaded() ? "" : " but kexec_loaded differs");
		unload();
	}
	return n < 0;
}

static uint64_t tsc(void)
{
	uint32_t low, high;

	asm volatile("rdtsc" : "=a" (low), "=d" (high));
	return (uint64_t)high << 32 | low;
}

static int start(void)
{
	int mem = open("/dev/mem", O_RDWR);
	uint64_t now = tsc();

	if (mem >= 0)
		pwrite(mem, &now, sizeof(now), LEFT_AT);
	return syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		       LINUX_REBOOT_CMD_KEXEC, NULL) ? errno : 0;
}

/* Returns never, as pid 1 must not. */
static void tell(void)
{
	uint64_t now = tsc();
	uint64_t then;
	int mem;
	FILE *out;

	mkdir("/dev", 0755);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mem = open("/dev/mem", O_RDONLY);
	out = fopen("/dev/ttyS1", "w");
	if (out && pread(mem, &then, sizeof(then), LEFT_AT) == sizeof(then))
		fprintf(out, "counted %llu\n",
			(unsigned long long)(now - then));
	if (out) {
		fflush(out);
		tcdrain(fileno(out));
	}
	reboot(RB_POWER_OFF);
}

/* As the kernel lists it: its number, hexadecimal, comes first. */
static long find_keyring(const char *name)
{
	FILE *file = fopen("/proc/keys", "r");
	char line[256], kind[16], found[64];
	unsigned int number;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%x %*s %*s %*s %*s %*s %*s %15s %63[^:]",
			   &number, kind, found) == 3 &&
		    !strcmp(kind, "keyring") && !strcmp(found, name)) {
			fclose(file);
			return number;
		}
	if (file)
		fclose(file);
	return 0;
}

static int add_key(const char *keyring, const char *path)
{
	static char data[8192];
	FILE *file = fopen(path, "r");
	size_t size = file ? fread(data, 1, sizeof(data), file) : 0;

	if (file)
		fclose(file);
	return syscall(SYS_add_key, "asymmetric", "", data, size,
		       find_keyring(keyring)) < 0 ? errno : 0;
}

int main(int argc, char **argv)
{
	int ret = EINVAL;

	if (getpid() == 1)
		tell();
	if (argc == 2 && !strcmp(argv[1], "-e"))
		ret = start();
	else if (argc == 4 && !strcmp(argv[1], "-n"))
		ret = load_often(atol(argv[2]), argv[3]);
	else if (argc == 3 && !strcmp(argv[1], "-r"))
		ret = load_all(argv[2]);
	else if (argc == 4 && !strcmp(argv[1], "-k"))
		ret = add_key(argv[2], argv[3]);
	else if (argc == 5 && !strcmp(argv[1], "-p"))
		ret = load(argv[2], argv[3], argv[4], KEXEC_FILE_ON_CRASH);
	else if (argc == 4)
		ret = load(argv[1], argv[2], argv[3], 0);
	if (ret)
		fprintf(stderr, "load: %s\n", strerror(ret));
	return !!ret;
}
