// SPDX-License-Identifier: GPL-2.0
/*
 * What mkelfImage has composed into the image: command line and initrd, for
 * loaders that have none.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "params.h"
#include "sources/sources.h"

static struct range composed(__le32 start, __le32 size)
{
	return (struct range){ __le32_to_cpu(start), __le32_to_cpu(size),
			       MEM_RAM };
}

/**
 * composed_probe - take what is in the image, where nobody knows better
 * @ram: physical memory
 * @handoff: not used
 * @bi: result
 *
 * Return: 0, or -ENOENT if there is nothing.
 */
int composed_probe(const struct ram *ram, const struct handoff *handoff,
		   struct bootinfo *bi)
{
	const struct stub_params *params = &stub_params;
	struct range cmdline = composed(params->cmdline, params->cmdline_size);

	bi->source = "composed";
	if (!params->cmdline && !params->initrd)
		return -ENOENT;
	if (params->cmdline)
		bootinfo_read_cmdline_file(bi, ram, &cmdline);
	bi->module_offer[0] = composed(params->initrd, params->initrd_size);
	if (params->initrd)
		bootinfo_set_modules(bi, 1);
	return 0;
}
