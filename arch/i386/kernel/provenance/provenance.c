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

/*
 * Everybody can read the node, and between these two the stub has read the time
 * stamp counter for the kernel's place: root has them in sysfs.
 */
static void __init wipe_times(struct elfboot_provenance *node)
{
	node->tsc_entry = 0;
	node->tsc_kernel = 0;
}

static int __init read_node(u64 pa, u32 len,
			    struct elfboot_provenance *provenance)
{
	size_t size = min_t(size_t, len, sizeof(*provenance));
	struct setup_data *node;

	if (size < SIZE_MIN)
		return -EINVAL;
	node = memremap(pa, sizeof(struct setup_data) + size, MEMREMAP_WB);
	if (!node)
		return -ENOMEM;
	memcpy(provenance, node->data, size);
	wipe_times((struct elfboot_provenance *)node->data);
	memunmap(node);
	elfboot_clean_provenance(provenance);
	return provenance->version ? 0 : -EINVAL;
}

static int __init find_node(struct elfboot_provenance *provenance)
{
	u64 pa = boot_params.hdr.setup_data;
	struct setup_data *mapped, node;

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

/* Read by the first of the initcalls, which run one after the other. */
static struct elfboot_provenance copy __initdata;
static int status __initdata = -EAGAIN;

/**
 * elfboot_provenance - the node, for initcalls
 *
 * Return: a copy that is gone after init; what an older stub does not know is 0
 * in it, what a newer one adds is left out, strings are fit to be printed. NULL
 * if this kernel was not started by the stub, or if the node cannot be read: it
 * has no version, or is shorter than the first one.
 */
const struct elfboot_provenance * __init elfboot_provenance(void)
{
	if (status == -EAGAIN)
		status = find_node(&copy);
	return status ? NULL : &copy;
}
