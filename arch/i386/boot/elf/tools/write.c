// SPDX-License-Identifier: GPL-2.0
/*
 * Writing: the bytes of a plan into a file, the sums, and a check of the whole
 * before anybody sees it (output.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pkcs7.h"

/**
 * write_pieces - write the contents of a plan into a file
 * @fd: the file, empty
 * @layout: the plan; pieces and size count
 *
 * Room for all of it comes first: a hole that the file system cannot fill would be
 * found out by a mapping, with a SIGBUS.
 *
 * Return: 0, or -1 with a message printed.
 */
int write_pieces(int fd, const struct layout *layout)
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

static int append_signature(int fd, const struct bytes *file,
			    const struct signer *signer)
{
	struct bytes appended;
	int ret;

	if (signature_make(signer, file, &appended))
		return -1;
	ret = write_at(fd, file->size, appended.data, appended.size);
	free((void *)appended.data);
	return ret;
}

/**
 * fill_image - write a planned image into a file, and look whether it is right
 * @fd: the file, empty
 * @layout: the plan
 *
 * Return: 0, or -1 with a message printed.
 */
int fill_image(int fd, const struct layout *layout)
{
	struct bytes file;
	int ret;

	if (write_pieces(fd, layout) || map_file(fd, layout->size, MAP_SHARED, &file))
		return -1;
	ret = seal_image(&file, fd);
	if (!ret)
		ret = verify_image(&file);
	if (!ret && layout->signer)
		ret = append_signature(fd, &file, layout->signer);
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
 * write_mapped - write what is planned, for nobody else
 * @layout: the plan
 * @fill: what writes it
 * @file: result, until unmap_file()
 *
 * Return: 0, or -1 with a message printed.
 */
int write_mapped(const struct layout *layout, output_fill_t fill,
		 struct bytes *file)
{
	FILE *temporary = tmpfile();
	int ret;

	if (!temporary)
		return error("%s", strerror(errno));
	ret = fill(fileno(temporary), layout);
	if (!ret)
		ret = map_file(fileno(temporary), layout->size, MAP_PRIVATE,
			       file);
	fclose(temporary);
	return ret;
}

/**
 * write_signed - sign a file as it is
 * @path: its name, as for write_image()
 * @file: all of it, without a signature
 * @signer: by whom
 *
 * Return: 0, or -1 with a message printed and @path as it was.
 */
int write_signed(const char *path, const struct bytes *file,
		 const struct signer *signer)
{
	static struct layout layout = { .nr_pieces = 2 };
	struct bytes appended;
	int ret;

	if (signature_make(signer, file, &appended))
		return -1;
	layout.piece[0].bytes = *file;
	layout.piece[1] = (struct piece){ file->size, appended };
	layout.size = file->size + appended.size;
	ret = write_bytes(path, &layout);
	free((void *)appended.data);
	return ret;
}

/**
 * write_sums - fill in the sums of a plan, as they will be in the file
 * @layout: the plan; its page of headers gets them
 *
 * Return: 0, or -1 with a message printed.
 */
int write_sums(struct layout *layout)
{
	struct bytes file;

	if (write_mapped(layout, fill_image, &file))
		return -1;
	memcpy(layout->head, file.data, PAGE_BYTES);
	unmap_file(&file);
	return 0;
}
