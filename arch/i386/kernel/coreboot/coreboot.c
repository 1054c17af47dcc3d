// SPDX-License-Identifier: GPL-2.0
/*
 * Give coreboot's table to the kernel's own driver, which learns of it from
 * ACPI or from a device tree only: a board without ACPI has neither, nor has
 * one whose coreboot is older than BOOT0000.
 */
#define pr_fmt(fmt) "elfboot: " fmt

#include <linux/acpi.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "coreboot/coreboot-table.h"
#include "provenance/provenance-node.h"
#include "sources/wire-coreboot.h"

#define TABLE_MAX	0x10000		/* as the stub has it */

static size_t __init table_size(const struct lb_header *header)
{
	size_t head = le32_to_cpu(header->header_bytes);
	size_t body = le32_to_cpu(header->table_bytes);

	if (le32_to_cpu(header->signature) != LB_SIGNATURE ||
	    head < sizeof(*header) || head > TABLE_MAX || body > TABLE_MAX)
		return 0;
	return head + body;
}

/* The stub has verified it; that was before anybody else could write. */
static struct lb_header *__init copy_table(u64 pa, size_t *size)
{
	struct lb_header *header = memremap(pa, sizeof(*header), MEMREMAP_WB);
	void *table, *copy = NULL;

	if (!header)
		return NULL;
	*size = table_size(header);
	memunmap(header);
	if (!*size)
		return NULL;
	table = memremap(pa, *size, MEMREMAP_WB);
	if (table)
		copy = kmemdup(table, *size, GFP_KERNEL);
	if (table)
		memunmap(table);
	return copy;
}

static struct lb_record *__init find_record(struct lb_header *header,
					    size_t size, u32 tag)
{
	size_t at = le32_to_cpu(header->header_bytes);
	struct lb_record *record;
	size_t record_size;

	for (; at + sizeof(*record) <= size; at += record_size) {
		record = (void *)header + at;
		record_size = le32_to_cpu(record->size);
		if (record_size < sizeof(*record) || record_size > size - at)
			break;
		if (le32_to_cpu(record->tag) == tag)
			return record;
	}
	return NULL;
}

/**
 * elfboot_coreboot_has_record - whether coreboot's table has a record
 * @pa: the table's physical address, 0: there is none
 * @tag: LB_TAG_*
 *
 * Return: false, too, if the table cannot be read.
 */
bool __init elfboot_coreboot_has_record(u64 pa, u32 tag)
{
	struct lb_header *table;
	size_t size;
	bool found;

	table = pa ? copy_table(pa, &size) : NULL;
	if (!table)
		return false;
	found = find_record(table, size, tag);
	kfree(table);
	return found;
}

/*
 * The framebuffer is in screen_info already, and the framebuffer driver for
 * this table does not look there up to 6.12: it would make a second device.
 */
static void __init hide_framebuffer(struct lb_header *header, size_t size)
{
	struct lb_record *record;

	while ((record = find_record(header, size, LB_TAG_FRAMEBUFFER)))
		record->tag = cpu_to_le32(LB_TAG_UNUSED);
}

static int __init offer(struct lb_header *table, size_t size)
{
	struct resource res = DEFINE_RES_MEM_NAMED(virt_to_phys(table), size,
						   "coreboot table");
	struct platform_device *device;

	device = platform_device_register_simple("coreboot_table",
						 PLATFORM_DEVID_NONE, &res, 1);
	return PTR_ERR_OR_ZERO(device);
}

static int __init offer_coreboot_table(void)
{
	const struct elfboot_provenance *provenance = elfboot_provenance();
	struct lb_header *table;
	size_t size;
	int ret;
	u64 pa;

	if (!provenance)
		return 0;
	pa = le64_to_cpu(provenance->coreboot_table);
	if (!pa || elfboot_acpi_has_table())
		return 0;
	table = copy_table(pa, &size);
	if (!table) {
		pr_warn("coreboot's table at 0x%llx cannot be read\n", pa);
		return -ENODEV;
	}
	hide_framebuffer(table, size);
	ret = offer(table, size);
	if (!ret)
		return 0;
	kfree(table);
	pr_warn("coreboot's table cannot be offered: %d\n", ret);
	return ret;
}
late_initcall(offer_coreboot_table);
