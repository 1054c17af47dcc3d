// SPDX-License-Identifier: GPL-2.0
/*
 * One initrd of several files, as mkelfImage and the stub join them.
 */
#define _GNU_SOURCE		/* memfd_create() */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "initrd.h"
#include "elfkexec.h"

#define CHUNK	(16 << 20)

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;

	if (fd < 0 || fstat(fd, &stat))
		return error_errno(path);
	if (!S_ISREG(stat.st_mode))
		return error("%s: not a file", path);
	return fd;
}

/* What is between two of them is a hole, that is zeros. */
static int append(int to, const char *path, off_t *size)
{
	off_t at = *size ? (off_t)INITRD_NEXT(*size) : 0;
	int from = open_file(path);
	ssize_t got;

	if (from < 0)
		return -1;
	if (lseek(to, at, SEEK_SET) < 0)
		return error_errno(path);
	while ((got = sendfile(to, from, NULL, CHUNK)) > 0)
		at += got;
	close(from);
	if (got < 0)
		return error_errno(path);
	/* An empty one is none. */
	if (at > (off_t)INITRD_NEXT(*size) || (!*size && at))
		*size = at;
	return 0;
}

/* The kernel takes no file that somebody may still write to. */
static int reopen(int fd)
{
	char path[32];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY | O_CLOEXEC);
	if (again < 0)
		error_errno(path);
	close(fd);
	return again;
}

static int join(const struct job *job)
{
	int fd = memfd_create("initrd", MFD_CLOEXEC);
	off_t size = 0;
	unsigned int i;

	if (fd < 0)
		return error_errno("memory for the initrd");
	for (i = 0; i < job->nr_initrds; i++)
		if (append(fd, job->initrd[i], &size))
			return -1;
	return reopen(fd);
}

/**
 * initrd_open - open the initrd
 * @job: what has been asked for, with one file at least
 *
 * Return: a file descriptor to read from, or -1 with a message printed.
 */
int initrd_open(const struct job *job)
{
	return job->nr_initrds == 1 ? open_file(job->initrd[0]) : join(job);
}
