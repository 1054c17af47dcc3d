// SPDX-License-Identifier: GPL-2.0
/*
 * Writing: beside the output first, then checked, then renamed, so that the
 * output is either the old file or the whole new one.
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

static int write_all(int fd, const uint8_t *data, size_t size, size_t offset)
{
	while (size) {
		ssize_t n = pwrite(fd, data, size, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		data += n;
		offset += n;
		size -= n;
	}
	return 0;
}

/*
 * Room for all of it comes first: a hole that the file system cannot fill
 * would be found out by the mapping in finish(), with a SIGBUS.
 */
static int write_pieces(int fd, const struct layout *layout)
{
	unsigned int i;

	errno = posix_fallocate(fd, 0, layout->size);
	if (errno)
		return -1;
	for (i = 0; i < layout->nr_pieces; i++) {
		const struct piece *piece = &layout->piece[i];

		if (write_all(fd, piece->bytes.data, piece->bytes.size,
			      piece->offset))
			return -1;
	}
	return ftruncate(fd, layout->size);
}

/* The sum covers the whole file, so it is the last thing to be written. */
static int write_checksum(int fd, const struct bytes *file)
{
	struct bytes notes;
	struct note note;
	struct elf elf;
	uint8_t sum[2];

	if (elf_read(file, &elf))
		return -1;
	notes.data = file->data + elf.phdr[0].offset;
	notes.size = elf.phdr[0].filesz;
	while (note_next(&notes, &note)) {
		if (!note_is(&note, "ELFBoot", EIN_PROGRAM_CHECKSUM))
			continue;
		put_le16(sum, checksum_elf(&elf));
		if (write_all(fd, sum, sizeof(sum),
			      note.desc.data - file->data))
			return error("%s", strerror(errno));
	}
	return 0;
}

static int finish(int fd, const struct layout *layout)
{
	struct bytes file = { NULL, layout->size };
	void *data = mmap(NULL, file.size, PROT_READ, MAP_SHARED, fd, 0);
	int ret;

	if (data == MAP_FAILED)
		return error("%s", strerror(errno));
	file.data = data;
	ret = write_checksum(fd, &file);
	if (!ret)
		ret = verify_image(&file);
	munmap(data, file.size);
	return ret;
}

static int fill(int fd, const struct layout *layout)
{
	mode_t mask = umask(0);

	umask(mask);
	if (fchmod(fd, 0644 & ~mask) || write_pieces(fd, layout))
		return error("%s", strerror(errno));
	return finish(fd, layout);
}

/**
 * write_image - write a planned image
 * @path: name of the output; replaced when everything is in order
 * @layout: the plan
 *
 * Return: 0, or -1 with a message printed and @path as it was.
 */
int write_image(const char *path, const struct layout *layout)
{
	struct stat st;
	char *temporary;
	int ret = -1;
	int fd;

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
	ret = fill(fd, layout);
	if (close(fd) && !ret)
		ret = error("%s", strerror(errno));
	if (!ret && rename(temporary, path))
		ret = error("%s", strerror(errno));
	if (ret)
		unlink(temporary);
	free(temporary);
	return ret;
}
