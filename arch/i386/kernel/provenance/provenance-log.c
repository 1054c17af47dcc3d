// SPDX-License-Identifier: GPL-2.0
/*
 * Tell in the log who booted this kernel.
 */
#define pr_fmt(fmt) "elfboot: " fmt

#include <linux/init.h>
#include <linux/printk.h>

#include "provenance/provenance-node.h"
#include "provenance/provenance-text.h"

/* As early as the node can be read: what comes later may hang. */
static int __init log_provenance(void)
{
	const struct elfboot_provenance *provenance = elfboot_provenance();
	char text[ELFBOOT_SUMMARY_SIZE];

	if (!provenance)
		return 0;
	elfboot_summary(provenance, text, sizeof(text));
	pr_info("%s\n", text);
	if (elfboot_field_text(provenance, ELFBOOT_CORRUPT, text, sizeof(text)))
		pr_warn("corrupt and therefore ignored: %s\n", text);
	return 0;
}
core_initcall(log_provenance);
