// SPDX-License-Identifier: GPL-2.0
/*
 * Where the stub has put this kernel, for root alone: two more files of
 * /sys/firmware/elfboot. They are not in the provenance node, which everybody
 * can read; the kernel itself knows where it is.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kconfig.h>
#include <linux/kobject.h>
#include <linux/sysfs.h>
#include <asm/page.h>
#include <asm/sections.h>
#include <asm/setup.h>

#include "provenance/provenance-node.h"

/*
 * As /proc/iomem, and as secret: root in a container does not see it. On i386
 * the virtual address is as far from it as always.
 */
static ssize_t physical_address_show(struct kobject *dir,
				     struct kobj_attribute *attr, char *buf)
{
	bool told = capable(CAP_SYS_ADMIN);

	if (IS_ENABLED(CONFIG_X86_32))
		told &= kallsyms_show_value(current_cred());
	return sysfs_emit(buf, "0x%llx\n",
			  told ? (unsigned long long)__pa_symbol(_text) : 0);
}

/* As /proc/kallsyms, and as secret. */
static ssize_t virtual_offset_show(struct kobject *dir,
				   struct kobj_attribute *attr, char *buf)
{
	bool told = kallsyms_show_value(current_cred());

	return sysfs_emit(buf, "0x%lx\n", told ? kaslr_offset() : 0);
}

static struct kobj_attribute physical_address = __ATTR_RO_MODE(physical_address,
							       0400);
static struct kobj_attribute virtual_offset = __ATTR_RO_MODE(virtual_offset,
							     0400);

static const struct attribute * const files[] __initconst = {
	&physical_address.attr,
	&virtual_offset.attr,
	NULL
};

/**
 * elfboot_add_addresses - add the files that say where the kernel is
 * @dir: /sys/firmware/elfboot
 *
 * Return: 0 or an errno.
 */
int __init elfboot_add_addresses(struct kobject *dir)
{
	return sysfs_create_files(dir, files);
}
