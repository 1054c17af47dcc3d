// SPDX-License-Identifier: GPL-2.0
/*
 * Writing: beside the output first, then checked, then renamed, so that the
 * output is either the old file or the whole new one. The standard output gets
 * the file when it is whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elfimage.h"

static int write_all(int fd, const uint8_t *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error("%s", strerror(errno));
		data += n;
		size -= n;
	}
	return 0;
}

/**
 * write_at - write to a place in a file
 * @fd: the file
 * @offset: where to
 * @data: what
 * @size: bytes
 *
 * Return: 0, or -1 with a message printed.
 */
int write_at(int fd, size_t offset, const uint8_t *data, size_t size)
{
	if (lseek(fd, offset, SEEK_SET) < 0)
		return error("%s", strerror(errno));
	return write_all(fd, data, size);
}

/*
 * Room for all of it comes first: a hole that the file system cannot fill
 * would be found out by the mapping in finish(), with a SIGBUS.
 */
static int write_pieces(int fd, const struct layout *layout)
{
	unsigned int i;

	errno = layout->size ? posix_fallocate(fd, 0, layout->size) : 0;
	if (errno)
		return error("%s", strerror(errno));
	for (i = 0; i < layout->nr_pieces; i++) {
		const struct piece *piece = &layout->piece[i];

		if (write_at(fd, piece->offset, piece->bytes.data,
			     piece->bytes.size))
			return -1;
	}
	return ftruncate(fd, layout->size) ? error("%s", strerror(errno)) : 0;
}

static int fill_image(int fd, const struct layout *layout)
{
	struct bytes file;
	int ret;

	if (write_pieces(fd, layout) || map_file(fd, layout->size, MAP_SHARED, &file))
		return -1;
	ret = seal_image(&file, fd);
	if (!ret)
		ret = verify_image(&file);
	unmap_file(&file);
	return ret;
}

typedef int (*fill_t)(int fd, const struct layout *layout);

/* Who replaces a file does not open it to others. */
static int set_mode(int fd, const struct stat *old)
{
	mode_t mode = 0644, mask = umask(0);

	umask(mask);
	mode &= ~mask;
	if (old) {
		mode = old->st_mode & 07777;
		/* Another owner than root's own can be set by root alone. */
		if (fchown(fd, old->st_uid, old->st_gid))
			mode &= 0777;
	}
	return fchmod(fd, mode) ? error("%s", strerror(errno)) : 0;
}

/* On the disk before it has its name: a crash must not leave half of it. */
static int close_synced(int fd, int ret)
{
	if (!ret && fsync(fd) && errno != EINVAL && errno != EROFS)
		ret = error("%s", strerror(errno));
	if (close(fd) && !ret)
		ret = error("%s", strerror(errno));
	return ret;
}

/* The file that is being written, for who interrupts that. */
static char temporary[PATH_MAX];

static void remove_temporary(int number)
{
	if (*temporary)
		unlink(temporary);
	signal(number, SIG_DFL);
	raise(number);
}

/**
 * write_catch_signals - let nothing half written stay behind
 *
 * A pipe that is closed and a limit that is reached are errors to be told, not
 * something to die of.
 */
void write_catch_signals(void)
{
	static const int deadly[] = { SIGHUP, SIGINT, SIGTERM };
	unsigned int i;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	for (i = 0; i < ARRAY_SIZE(deadly); i++)
		if (signal(deadly[i], remove_temporary) == SIG_IGN)
			signal(deadly[i], SIG_IGN);
}

/* Beside the output, with a name that fits where the output's does. */
static int open_temporary(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy) ||
	    snprintf(temporary, sizeof(temporary), "%s/.mkelfImage.XXXXXX",
		     dirname(copy)) >= (int)sizeof(temporary))
		return error("%s", strerror(ENAMETOOLONG));
	fd = mkstemp(temporary);
	if (fd < 0) {
		*temporary = '\0';
		return error("%s", strerror(errno));
	}
	return fd;
}

static int replace(const char *path, const struct stat *old,
		   const struct layout *layout, fill_t fill)
{
	int fd = open_temporary(path);
	int ret;

	if (fd < 0)
		return -1;
	ret = set_mode(fd, old);
	if (!ret)
		ret = fill(fd, layout);
	ret = close_synced(fd, ret);
	if (!ret && rename(temporary, path))
		ret = error("%s", strerror(errno));
	if (ret)
		unlink(temporary);
	*temporary = '\0';
	return ret;
}

/* Where a link leads to is replaced, not the link. */
static int write_file(const char *path, const struct layout *layout,
		      fill_t fill)
{
	char real[PATH_MAX];
	struct stat st;

	if (lstat(path, &st))
		return replace(path, NULL, layout, fill);
	if (!realpath(path, real) || stat(real, &st))
		return error("%s", strerror(errno));
	/* Renaming over a device would replace it. */
	if (!S_ISREG(st.st_mode))
		return error("not a regular file");
	return replace(real, &st, layout, fill);
}

static int copy_to_standard(int fd, const struct layout *layout)
{
	struct bytes file = {};
	int ret;

	if (map_file(fd, layout->size, MAP_SHARED, &file))
		return -1;
	ret = write_all(STDOUT_FILENO, file.data, file.size);
	unmap_file(&file);
	return ret;
}

static int write_standard(const struct layout *layout, fill_t fill)
{
	FILE *file;
	int ret;

	if (isatty(STDOUT_FILENO))
		return error("the standard output is a terminal");
	if (!layout->size)
		return 0;
	file = tmpfile();
	if (!file)
		return error("%s", strerror(errno));
	ret = fill(fileno(file), layout);
	if (!ret)
		ret = copy_to_standard(fileno(file), layout);
	fclose(file);
	return ret;
}

static int write_output(const char *path, const struct layout *layout,
			fill_t fill)
{
	return strcmp(path, STANDARD) ? write_file(path, layout, fill) :
					write_standard(layout, fill);
}

/**
 * write_image - write a planned image
 * @path: name of the output; replaced when everything is in order; or STANDARD
 * @layout: the plan
 *
 * Return: 0, or -1 with a message printed and @path as it was.
 */
int write_image(const char *path, const struct layout *layout)
{
	return write_output(path, layout, fill_image);
}

/**
 * write_bytes - write the contents of a plan that are not an image
 * @path: as for write_image()
 * @layout: pieces and size count
 *
 * Return: 0, or -1 with a message printed and @path as it was.
 */
int write_bytes(const char *path, const struct layout *layout)
{
	return write_output(path, layout, write_pieces);
}
