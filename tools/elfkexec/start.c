// SPDX-License-Identifier: GPL-2.0
/*
 * Into the kernel that is loaded: by systemd, if that runs; else by hand, as
 * sysvinit's scripts do it, with hooks of the administrator's before; or at once.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <linux/reboot.h>
#include <mntent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "elfkexec.h"

/* sd_booted(3) */
#define SYSTEMD		"/run/systemd/system"

#define HOOKS		"/etc/elfkexec/shutdown.d"
#define MOUNTS		"/proc/self/mounts"

#define TERM_SECONDS	10

static int jump(void)
{
	sync();
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		LINUX_REBOOT_CMD_KEXEC, NULL);
	return error("the kernel does not start it: %s", strerror(errno));
}

static void run(const char *path)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execl(path, path, "kexec", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		error_errno(path);
	else if (status)
		error("%s: failed, and is passed over", path);
}

/* As run-parts(8) takes them: no hidden ones, no backups. */
static int is_hook(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !strpbrk(entry->d_name, "~.#");
}

static void run_hooks(void)
{
	struct dirent **hooks;
	int n = scandir(HOOKS, &hooks, is_hook, alphasort), i;
	char path[512];

	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), HOOKS "/%s", hooks[i]->d_name);
		if (!access(path, X_OK))
			run(path);
		free(hooks[i]);
	}
	if (n >= 0)
		free(hooks);
}

/* A process whose program is known: no kernel thread, and nothing that is dead. */
static int is_other(const struct dirent *entry)
{
	pid_t pid = atoi(entry->d_name);
	char path[32], program[2];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return pid > 1 && pid != getpid() &&
	       readlink(path, program, sizeof(program)) > 0;
}

static bool others_run(void)
{
	struct dirent **others;
	int n = scandir("/proc", &others, is_other, NULL), i;

	for (i = 0; i < n; i++)
		free(others[i]);
	if (n >= 0)
		free(others);
	return n > 0;
}

/* The terminal and whoever reads what is printed end with all others. */
static const int ignored[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU,
};

static void end_others(void)
{
	unsigned int i;
	int tenths;

	for (i = 0; i < ARRAY_SIZE(ignored); i++)
		signal(ignored[i], SIG_IGN);
	kill(-1, SIGTERM);
	for (tenths = 0; others_run() && tenths < TERM_SECONDS * 10; tenths++)
		usleep(100000);
	kill(-1, SIGKILL);
}

struct mounted {
	struct mounted *before;
	char directory[];
};

/* Return: the last one that was mounted from something with a path. */
static struct mounted *read_mounts(void)
{
	FILE *mounts = setmntent(MOUNTS, "r");
	struct mounted *last = NULL, *next;
	struct mntent *entry;

	if (!mounts) {
		error_errno(MOUNTS);
		return NULL;
	}
	while ((entry = getmntent(mounts))) {
		if (entry->mnt_fsname[0] != '/')
			continue;
		next = malloc(sizeof(*next) + strlen(entry->mnt_dir) + 1);
		if (!next) {
			error_errno(entry->mnt_dir);
			continue;
		}
		strcpy(next->directory, entry->mnt_dir);
		next->before = last;
		last = next;
	}
	endmntent(mounts);
	return last;
}

/* From the last one to the first; nothing is freed, this is the end. */
static void protect_disks(void)
{
	struct mounted *mounted = read_mounts();

	sync();
	for (; mounted; mounted = mounted->before)
		if (mount(NULL, mounted->directory, NULL,
			  MS_REMOUNT | MS_RDONLY, NULL))
			error_errno(mounted->directory);
}

/**
 * start_loaded - start the kernel that is loaded
 * @force: at once; processes and file systems are what they are
 *
 * Return: -1 with a message printed, if at all; 0 if systemd will do it.
 */
int start_loaded(bool force)
{
	if (!state_is_loaded(false))
		return error("no kernel is loaded");
	if (force)
		return jump();
	if (!access(SYSTEMD, F_OK)) {
		execlp("systemctl", "systemctl", "kexec", (char *)NULL);
		return error_errno("systemctl");
	}
	if (geteuid())
		return error("only root may do that (CAP_SYS_BOOT)");
	run_hooks();
	end_others();
	protect_disks();
	return jump();
}
