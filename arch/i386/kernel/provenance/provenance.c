// SPDX-License-Identifier: GPL-2.0
/*
 * The setup_data node in which the stub says who booted this kernel.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <asm/bootparam.h>
#include <asm/setup.h>

#include "provenance/provenance-node.h"
#include "provenance/provenance-text.h"

/* What the first version had. */
#define SIZE_MIN	offsetof(struct elfboot_provenance, coreboot_table)

static int __init read_node(u64 pa, u32 len,
			    struct elfboot_provenance *provenance)
{
	size_t size = min_t(size_t, len, sizeof(*provenance));
	void *node;

	if (size < SIZE_MIN)
		return -EINVAL;
	node = memremap(pa, sizeof(struct setup_data) + size, MEMREMAP_WB);
	if (!node)
		return -ENOMEM;
	memcpy(provenance, node + sizeof(struct setup_data), size);
	memunmap(node);
	elfboot_clean_provenance(provenance);
	return provenance->version ? 0 : -EINVAL;
}

/**
 * elfboot_read_provenance - find the node and copy it
 * @provenance: result; what an older stub does not know is 0, what a newer one
 *		adds is left out, strings are fit to be printed
 *
 * Return: 0, -ENOENT if this kernel was not started by the stub, -EINVAL if
 * the node has no version or is shorter than the first one, -ENOMEM.
 */
int __init elfboot_read_provenance(struct elfboot_provenance *provenance)
{
	u64 pa = boot_params.hdr.setup_data;
	struct setup_data *mapped, node;

	memset(provenance, 0, sizeof(*provenance));
	for (; pa; pa = node.next) {
		mapped = memremap(pa, sizeof(*mapped), MEMREMAP_WB);
		if (!mapped)
			return -ENOMEM;
		node = *mapped;
		memunmap(mapped);
		if (node.type == SETUP_ELFBOOT)
			return read_node(pa, node.len, provenance);
	}
	return -ENOENT;
}
