// SPDX-License-Identifier: GPL-2.0
/*
 * What is in an image, apart.
 */
#include <stdlib.h>
#include <string.h>

#include "uki.h"
#include "unwrap.h"

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

static int plan_cmdline(const struct unified *unified, struct layout *layout)
{
	char *text = malloc(unified->cmdline.size + 1);

	if (!text)
		return error("not enough memory");
	if (unified_cmdline(unified, text)) {
		free(text);
		return -1;
	}
	return plan_part(&(struct bytes){ (const uint8_t *)text, strlen(text) },
			 "command line", layout);
}

/*
 * Parts of a unified kernel image. 1: what it does not have itself the image in it
 * may have.
 */
static int plan_unified(const struct unified *unified, const struct bytes *kernel,
			enum part part, struct layout *layout)
{
	if (part == PART_KERNEL)
		return plan_part(kernel, "kernel", layout);
	if (part == PART_CMDLINE && unified->cmdline.size)
		return plan_cmdline(unified, layout);
	if (part == PART_CMDLINE || !unified->nr_initrds)
		return 1;
	layout->size = uki_put_initrds(layout, 0, unified->initrd,
				       unified->nr_initrds);
	return 0;
}

/**
 * extract_plan - plan a file with a part of an image
 * @file: the image, or a unified kernel image
 * @part: which part
 * @layout: result; only the pieces and the size of PART_INITRD, of PART_CMDLINE,
 *	    which is without its NUL, and of a kernel that is taken out as it is
 *
 * Return: 0, or -1 with a message printed.
 */
int extract_plan(const struct bytes *file, enum part part,
		 struct layout *layout)
{
	struct bytes inner = *file;
	struct unified unified;
	struct kernel kernel;
	int ret;

	if (unified_open(&inner, &unified))
		return -1;
	if (unified.is_one) {
		ret = plan_unified(&unified, &inner, part, layout);
		if (ret <= 0)
			return ret;
	}
	if (kernel_read(&inner, &kernel))
		return -1;
	if (!unified.is_one && kernel_check(&kernel, KERNEL_IMAGE))
		return -1;
	if (part == PART_KERNEL)
		return plan_kernel(&kernel, layout);
	if (part == PART_INITRD)
		return plan_part(&kernel.initrd, "initrd", layout);
	if (kernel.cmdline.data)
		kernel.cmdline.size--;
	return plan_part(&kernel.cmdline, "command line", layout);
}
