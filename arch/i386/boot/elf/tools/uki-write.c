// SPDX-License-Identifier: GPL-2.0
/*
 * Writing a unified kernel image: the bytes of a plan, the checksum, and a check of
 * the whole.
 */
#include <sys/mman.h>

#include "uki.h"

/* The sum of what is there, which has none yet. */
static int put_checksum(int fd, const struct bytes *file)
{
	uint8_t sum[4];
	struct pe pe;
	size_t at;

	if (pe_read(file, &pe))
		return -1;
	at = pe.optional + PE_CHECKSUM;
	put_le32(sum, checksum_pe(file, at));
	return write_at(fd, at, sum, sizeof(sum));
}

/**
 * fill_program - write a planned UEFI program, and look whether it is right
 * @fd: the file, empty
 * @layout: the plan, from uki_plan()
 *
 * Return: 0, or -1 with a message printed.
 */
int fill_program(int fd, const struct layout *layout)
{
	struct bytes file;
	int ret;

	if (write_pieces(fd, layout) || map_file(fd, layout->size, MAP_SHARED, &file))
		return -1;
	ret = put_checksum(fd, &file);
	if (!ret)
		ret = uki_verify(&file);
	unmap_file(&file);
	return ret;
}

/**
 * write_program - write a planned UEFI program
 * @path: as for write_image()
 * @layout: the plan
 *
 * Return: 0, or -1 with a message printed and @path as it was.
 */
int write_program(const char *path, const struct layout *layout)
{
	return output_write(path, layout, fill_program);
}
