// SPDX-License-Identifier: GPL-2.0
/*
 * Linux's boot protocol: Documentation/arch/x86/boot.rst and zero-page.rst of a
 * kernel.
 */
#include <asm/bootparam.h>

#include "conformance.h"
#include "console/console.h"
#include "machine/machine.h"

#define HDR_MAGIC	0x53726448	/* "HdrS" */
#define HDR_BOOT_FLAG	0xaa55

static struct boot_params params;

/**
 * linux_info_place - say where boot_params are
 * @place: result
 */
void linux_info_place(struct range *place)
{
	*place = (struct range){ kit.entry->si, sizeof(params), MEM_RAM };
	if (ram_read(&ram, place->start, &params, sizeof(params)))
		memset(&params, 0, sizeof(params));
}

static enum verdict check_header(const struct rule *rule)
{
	if (params.hdr.header == HDR_MAGIC)
		return HOLDS;
	print("# %s%s: it is %#x", kit.prefix, rule->name, params.hdr.header);
	return BROKEN;
}

static enum verdict check_sentinel(const struct rule *rule)
{
	if (!params.sentinel)
		return HOLDS;
	print("# %s%s: the sentinel at 0x1ef is %#x", kit.prefix, rule->name,
	      params.sentinel);
	return BROKEN;
}

static enum verdict check_boot_flag(const struct rule *rule)
{
	if (params.hdr.boot_flag == HDR_BOOT_FLAG)
		return HOLDS;
	print("# %s%s: it is %#x", kit.prefix, rule->name, params.hdr.boot_flag);
	return BROKEN;
}

/* Without it the kernel does not look at an initrd. */
static enum verdict check_loader(const struct rule *rule)
{
	if (params.hdr.type_of_loader)
		return HOLDS;
	print("# %s%s: it is 0", kit.prefix, rule->name);
	return BROKEN;
}

static const struct rule rules[] = {
	{ "x86-boot.information", "all that is passed makes sense",
	  check_passed },
	{ "x86-boot.header", "\"HdrS\" is at 0x202", check_header },
	{ "x86-zero-page.cleared", "it was cleared before it was filled in",
	  check_sentinel },
	{ "x86-boot.boot_flag", "it is 0xaa55", check_boot_flag },
	{ "x86-boot.type_of_loader", "it is not 0", check_loader },
};

const struct group linux_rules = { "", rules, ARRAY_SIZE(rules) };
