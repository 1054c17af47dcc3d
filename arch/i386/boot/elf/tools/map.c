// SPDX-License-Identifier: GPL-2.0
/*
 * Files as memory.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

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
