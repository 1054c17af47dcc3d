// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/firmware/elfboot: who booted this kernel, a file for each field of the
 * provenance node (Documentation/ABI/testing/sysfs-firmware-elfboot). The texts
 * are made once, by code that is gone after boot.
 */
#define pr_fmt(fmt) "elfboot: " fmt

#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "provenance/provenance-node.h"
#include "provenance/provenance-text.h"

/**
 * struct elfboot_file - one of them
 * @attr: its name, and how it is read
 * @text: what it says
 */
struct elfboot_file {
	struct kobj_attribute attr;
	const char *text;
};

static ssize_t show(struct kobject *dir, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  container_of(attr, struct elfboot_file, attr)->text);
}

#define ELFBOOT_MODE(name, mode) { .attr = __ATTR(name, mode, show, NULL) }
#define ELFBOOT_FILE(name) ELFBOOT_MODE(name, 0444)
#define ELFBOOT_ROOT(name) ELFBOOT_MODE(name, 0400)

static struct elfboot_file files[] __ro_after_init = {
	[ELFBOOT_VERSION]	   = ELFBOOT_FILE(version),
	[ELFBOOT_CORRUPT]	   = ELFBOOT_FILE(corrupt),
	[ELFBOOT_PROTOCOL]	   = ELFBOOT_FILE(protocol),
	[ELFBOOT_LOADER]	   = ELFBOOT_FILE(loader),
	[ELFBOOT_LOADER_VERSION]   = ELFBOOT_FILE(loader_version),
	[ELFBOOT_FIRMWARE]	   = ELFBOOT_FILE(firmware),
	[ELFBOOT_FIRMWARE_VERSION] = ELFBOOT_FILE(firmware_version),
	[ELFBOOT_MAP_SOURCE]	   = ELFBOOT_FILE(map_source),
	[ELFBOOT_CMDLINE_SOURCE]   = ELFBOOT_FILE(cmdline_source),
	[ELFBOOT_INITRD_SOURCE]	   = ELFBOOT_FILE(initrd_source),
	[ELFBOOT_TSC_ENTRY]	   = ELFBOOT_ROOT(tsc_entry),
	[ELFBOOT_TSC_KERNEL]	   = ELFBOOT_ROOT(tsc_kernel),
	[ELFBOOT_COREBOOT_TABLE]   = ELFBOOT_ROOT(coreboot_table),
	[ELFBOOT_RANDOM]	   = ELFBOOT_FILE(random),
	[ELFBOOT_ENTROPY]	   = ELFBOOT_FILE(entropy),
	[ELFBOOT_WHY_FIXED]	   = ELFBOOT_FILE(why_fixed),
};

static int __init add_file(struct kobject *dir,
			   const struct elfboot_provenance *provenance,
			   unsigned int i)
{
	char text[ELFBOOT_FIELD_SIZE];

	elfboot_field_text(provenance, i, text, sizeof(text));
	files[i].text = kstrdup(text, GFP_KERNEL);
	if (!files[i].text)
		return -ENOMEM;
	return sysfs_create_file(dir, &files[i].attr.attr);
}

static void __init remove_files(struct kobject *dir)
{
	unsigned int i;

	kobject_put(dir);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		kfree(files[i].text);
}

static int __init add_files(void)
{
	const struct elfboot_provenance *provenance = elfboot_provenance();
	struct kobject *dir;
	unsigned int i;
	int ret = 0;

	if (!provenance)
		return 0;
	dir = kobject_create_and_add("elfboot", firmware_kobj);
	if (!dir)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(files) && !ret; i++)
		if (elfboot_has_field(provenance, i))
			ret = add_file(dir, provenance, i);
	if (!ret)
		ret = elfboot_add_addresses(dir);
	if (!ret)
		return 0;
	remove_files(dir);
	pr_warn("no /sys/firmware/elfboot: %d\n", ret);
	return ret;
}
device_initcall(add_files);
