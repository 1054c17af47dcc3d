// SPDX-License-Identifier: GPL-2.0
/*
 * Files: as memory, and bytes into them.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "elfimage.h"

/**
 * map_file - map a file for reading
 * @fd: the file
 * @size: its size in bytes, not 0
 * @flags: MAP_PRIVATE, or MAP_SHARED to see what is written to it
 * @file: result
 *
 * Return: 0, or -1 with a message printed.
 */
int map_file(int fd, size_t size, int flags, struct bytes *file)
{
	void *data = mmap(NULL, size, PROT_READ, flags, fd, 0);

	if (data == MAP_FAILED)
		return error("%s", strerror(errno));
	*file = (struct bytes){ data, size };
	return 0;
}

/**
 * unmap_file - done with a file
 * @file: from map_file() or input_map()
 */
void unmap_file(const struct bytes *file)
{
	munmap((void *)file->data, file->size);
}

/**
 * write_all - write to a file, whatever it takes
 * @fd: the file
 * @data: what
 * @size: bytes
 *
 * Return: 0, or -1 with a message printed.
 */
int write_all(int fd, const uint8_t *data, size_t size)
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
