// SPDX-License-Identifier: GPL-2.0
/*
 * Writing: beside the output first, then checked, then renamed, so that the
 * output is either the old file or the whole new one. The standard output gets
 * the file when it is whole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
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

static int map_file(int fd, const struct layout *layout, struct bytes *file)
{
	void *data = mmap(NULL, layout->size, PROT_READ, MAP_SHARED, fd, 0);

	if (data == MAP_FAILED)
		return error("%s", strerror(errno));
	*file = (struct bytes){ data, layout->size };
	return 0;
}

static void unmap_file(const struct bytes *file)
{
	munmap((void *)file->data, file->size);
}

static int fill_image(int fd, const struct layout *layout)
{
	struct bytes file;
	int ret;

	if (write_pieces(fd, layout) || map_file(fd, layout, &file))
		return -1;
	ret = seal_image(&file, fd);
	if (!ret)
		ret = verify_image(&file);
	unmap_file(&file);
	return ret;
}

typedef int (*fill_t)(int fd, const struct layout *layout);

static int set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(fd, 0644 & ~mask) ? error("%s", strerror(errno)) : 0;
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

static int write_file(const char *path, const struct layout *layout,
		      fill_t fill)
{
	struct stat st;
	char *temporary;
	int ret, fd;

	/* Renaming over a device would replace it. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return error("not a regular file");
	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return error("%s", strerror(errno));
	fd = mkstemp(temporary);
	if (fd < 0) {
		error("%s", strerror(errno));
		free(temporary);
		return -1;
	}
	ret = set_mode(fd);
	if (!ret)
		ret = fill(fd, layout);
	ret = close_synced(fd, ret);
	if (!ret && rename(temporary, path))
		ret = error("%s", strerror(errno));
	if (ret)
		unlink(temporary);
	free(temporary);
	return ret;
}

static int copy_to_standard(int fd, const struct layout *layout)
{
	struct bytes file = {};
	int ret;

	if (map_file(fd, layout, &file))
		return -1;
	ret = write_all(STDOUT_FILENO, file.data, file.size);
	unmap_file(&file);
	return ret;
}

static int write_standard(const struct layout *layout, fill_t fill)
{
	FILE *temporary;
	int ret;

	if (isatty(STDOUT_FILENO))
		return error("the standard output is a terminal");
	if (!layout->size)
		return 0;
	temporary = tmpfile();
	if (!temporary)
		return error("%s", strerror(errno));
	ret = fill(fileno(temporary), layout);
	if (!ret)
		ret = copy_to_standard(fileno(temporary), layout);
	fclose(temporary);
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
