// SPDX-License-Identifier: GPL-2.0
/*
 * What is in an image, apart.
 */
#include "elfimage.h"

/* As mkelfImage would have written it with nothing composed into it. */
static int plan_kernel(const struct kernel *kernel, struct layout *layout)
{
	static const struct options options = {
		.multiboot = true,
		.elf64 = true,
		.checksum = true,
		.cmdline = "",
		.no_initrd = true,
	};
	struct bytes stub = stub_bin_get();

	return layout_plan(kernel, &stub, &options, layout);
}

static int plan_part(const struct bytes *part, const char *name,
		     struct layout *layout)
{
	if (!part->data)
		return error("there is no %s in it", name);
	layout->nr_pieces = 1;
	layout->piece[0].bytes = *part;
	layout->size = part->size;
	return 0;
}

/**
 * extract_plan - plan a file with a part of an image
 * @file: the image
 * @part: which part
 * @layout: result; of PART_INITRD and PART_CMDLINE only the pieces and the
 *	    size; the command line is without its NUL
 *
 * Return: 0, or -1 with a message printed.
 */
int extract_plan(const struct bytes *file, enum part part,
		 struct layout *layout)
{
	struct kernel kernel;

	if (kernel_read(file, &kernel) || kernel_check(&kernel, KERNEL_IMAGE))
		return -1;
	if (part == PART_KERNEL)
		return plan_kernel(&kernel, layout);
	if (part == PART_INITRD)
		return plan_part(&kernel.initrd, "initrd", layout);
	if (kernel.cmdline.data)
		kernel.cmdline.size--;
	return plan_part(&kernel.cmdline, "command line", layout);
}
