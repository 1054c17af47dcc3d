// SPDX-License-Identifier: GPL-2.0
/*
 * Reading: a file, and the kernel in it.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elfimage.h"

/**
 * input_map - map a file for reading
 * @path: its name
 * @file: result
 *
 * Return: 0, or -1 with a message printed.
 */
int input_map(const char *path, struct bytes *file)
{
	struct stat st;
	void *data;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error("%s: %s", path, strerror(errno));
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size) {
		close(fd);
		return error("%s: empty or not a regular file", path);
	}
	data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (data == MAP_FAILED)
		return error("%s: %s", path, strerror(errno));
	*file = (struct bytes){ data, st.st_size };
	return 0;
}

/**
 * input_unmap - done with a file
 * @file: from input_map()
 */
void input_unmap(const struct bytes *file)
{
	munmap((void *)file->data, file->size);
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
	struct elf elf;

	if (bzimage_probe(file))
		return bzimage_read(file, kernel);
	if (file->size < SELFMAG || memcmp(file->data, ELFMAG, SELFMAG))
		return error("not a kernel: neither an ELF file nor a bzImage");
	if (elf_read(file, &elf))
		return -1;
	if (image_probe(&elf))
		return image_read(&elf, kernel);
	return vmlinux_read(&elf, kernel);
}
