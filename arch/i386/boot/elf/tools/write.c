// SPDX-License-Identifier: GPL-2.0
/*
 * Writing: the bytes of a plan into a file, the sums, and a check of the whole
 * before anybody sees it (output.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "elfimage.h"

/*
 * Room for all of it comes first: a hole that the file system cannot fill
 * would be found out by the mapping in finish(), with a SIGBUS.
 */
static int write_pieces(int fd, const struct layout *layout)
{
	unsigned int i;

	errno = layout->size ? posix_fallocate(fd, 0, layout->size) : 0;
	/* musl leaves it at that where a file system does not know how. */
	if (errno && errno != EOPNOTSUPP)
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

/**
 * write_image - write a planned image
 * @path: name of the output; replaced when everything is in order; or STANDARD
 * @layout: the plan
 *
 * Return: 0, or -1 with a message printed and @path as it was.
 */
int write_image(const char *path, const struct layout *layout)
{
	return output_write(path, layout, fill_image);
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
	return output_write(path, layout, write_pieces);
}

/**
 * write_sums - fill in the sums of a plan, as they will be in the file
 * @layout: the plan; its page of headers gets them
 *
 * Return: 0, or -1 with a message printed.
 */
int write_sums(struct layout *layout)
{
	FILE *file = tmpfile();
	int ret;

	if (!file)
		return error("%s", strerror(errno));
	ret = fill_image(fileno(file), layout);
	if (!ret && pread(fileno(file), layout->head, PAGE_BYTES, 0) !=
		    PAGE_BYTES)
		ret = error("%s", strerror(errno));
	fclose(file);
	return ret;
}
