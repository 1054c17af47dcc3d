// SPDX-License-Identifier: GPL-2.0
/*
 * Reading: a file, and the kernel in it.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elfimage.h"

/* No image can hold more: it lies below 4 GiB. */
#define PIPE_MAX	UINT32_MAX

static int copy(int from, bool is_file, FILE *to)
{
	static char buffer[65536];
	uint64_t total = 0;
	ssize_t n;

	while ((n = is_file ? pread(from, buffer, sizeof(buffer), total) :
			      read(from, buffer, sizeof(buffer)))) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || fwrite(buffer, n, 1, to) != 1)
			return error("%s", strerror(errno));
		total += n;
		if (total > PIPE_MAX)
			return error("more than 4 GiB");
	}
	return fflush(to) ? error("%s", strerror(errno)) : 0;
}

/* What cannot be mapped, or should not be, goes into a file first. */
static int map_copy(int fd, bool is_file, struct bytes *file)
{
	FILE *temporary = tmpfile();
	struct stat st;
	int ret;

	if (!temporary)
		return error("%s", strerror(errno));
	ret = copy(fd, is_file, temporary);
	if (!ret && fstat(fileno(temporary), &st))
		ret = error("%s", strerror(errno));
	if (!ret && !st.st_size)
		ret = error("empty");
	if (!ret)
		ret = map_file(fileno(temporary), st.st_size, MAP_PRIVATE, file);
	fclose(temporary);
	return ret;
}

/* Then it may become another one between a check and what relies on that. */
static bool others_write(const struct stat *st)
{
	return (st->st_uid && st->st_uid != geteuid()) || st->st_mode & 0022;
}

static int map_fd(int fd, struct bytes *file)
{
	struct stat st;

	if (fstat(fd, &st))
		return error("%s", strerror(errno));
	if (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode))
		return map_copy(fd, false, file);
	if (!S_ISREG(st.st_mode) || !st.st_size)
		return error("empty or not a regular file");
	access_add_input(fd, &st);
	if (others_write(&st))
		return map_copy(fd, true, file);
	return map_file(fd, st.st_size, MAP_PRIVATE, file);
}

/**
 * input_map - map a file for reading
 * @path: its name; a pipe will do; or STANDARD
 * @file: result
 *
 * What others may write to is copied first.
 *
 * What others may not read, they may not read in the output. That is asked of the
 * file that is open: the name may have become another one's.
 *
 * Return: 0, or -1 with a message printed.
 */
int input_map(const char *path, struct bytes *file)
{
	int fd, ret;

	if (!strcmp(path, STANDARD))
		return map_fd(STDIN_FILENO, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error("%s", strerror(errno));
	ret = map_fd(fd, file);
	close(fd);
	return ret;
}

/**
 * kernel_read - read a kernel, whatever kind of file it is
 * @file: all of it
 * @kernel: result; refers to the file
 *
 * A bzImage comes first: it may have been made to look like ELF, too.
 *
 * Return: 0, or -1 with a message printed.
 */
int kernel_read(const struct bytes *file, struct kernel *kernel)
{
	const char *kind = kind_of_file(file);
	struct elf elf;

	if (bzimage_probe(file))
		return bzimage_read(file, kernel);
	if (kind)
		return error("%s", kind);
	if (file->size < SELFMAG || memcmp(file->data, ELFMAG, SELFMAG))
		return error("not a kernel: neither an ELF file nor a bzImage");
	if (elf_read(file, &elf))
		return -1;
	if (image_probe(&elf))
		return image_read(&elf, kernel);
	return vmlinux_read(&elf, kernel);
}

/**
 * kernel_check - is a kernel of the kind that is wanted?
 * @kernel: the kernel
 * @type: what it has to be
 *
 * Return: 0, or -1 with a message printed.
 */
int kernel_check(const struct kernel *kernel, enum kernel_type type)
{
	static const char * const names[] = {
		[KERNEL_BZIMAGE] = "a bzImage",
		[KERNEL_VMLINUX] = "a vmlinux",
		[KERNEL_IMAGE] = "an image that mkelfImage has made",
	};

	if (type == KERNEL_ANY || type == kernel->type)
		return 0;
	return error("%s, not %s", names[kernel->type], names[type]);
}

/**
 * kernel_move - choose where a kernel is loaded
 * @kernel: the kernel
 * @address: where to; 0: where it wants
 *
 * Return: 0, or -1 with a message printed.
 */
int kernel_move(struct kernel *kernel, uint32_t address)
{
	if (!address || address == kernel->start)
		return 0;
	if (!kernel->setup.data)
		return error("load address 0x%x: a vmlinux runs where it is linked, at 0x%x",
			     address, kernel->start);
	return bzimage_move(kernel, address);
}
