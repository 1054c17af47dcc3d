// SPDX-License-Identifier: GPL-2.0
/*
 * Multiboot Specification version 0.6.96.
 */
#include <asm/byteorder.h>

#include "conformance.h"
#include "console/console.h"
#include "machine/machine.h"
#include "sources/wire-multiboot.h"

#define FLAGS_KNOWN	0x1fff		/* 12: framebuffer */
#define FLAGS_SYMBOLS	0x0030		/* a.out's, ELF's */
#define LOWER_MAX	640		/* KiB */

static struct multiboot_info info;

/**
 * multiboot_info_place - say where the information is
 * @place: result
 */
void multiboot_info_place(struct range *place)
{
	*place = (struct range){ kit.entry->bx, sizeof(info), MEM_RAM };
	if (ram_read(&ram, place->start, &info, sizeof(info)))
		memset(&info, 0, sizeof(info));
}

static enum verdict check_flags(const struct rule *rule)
{
	u32 flags = __le32_to_cpu(info.flags);

	if (!(flags & ~FLAGS_KNOWN) && (flags & FLAGS_SYMBOLS) != FLAGS_SYMBOLS)
		return HOLDS;
	print("# %s%s: flags are %#x", kit.prefix, rule->name, flags);
	return BROKEN;
}

/* Our header's bit 1 asks for them. */
static enum verdict check_memory(const struct rule *rule)
{
	u32 flags = __le32_to_cpu(info.flags);

	if (flags & MULTIBOOT_INFO_MEMORY)
		return HOLDS;
	print("# %s%s: flags are %#x", kit.prefix, rule->name, flags);
	return BROKEN;
}

static enum verdict check_lower(const struct rule *rule)
{
	u32 lower = __le32_to_cpu(info.mem_lower);

	if (!(__le32_to_cpu(info.flags) & MULTIBOOT_INFO_MEMORY)) {
		kit.reason = "there is none";
		return SKIPPED;
	}
	if (lower <= LOWER_MAX)
		return HOLDS;
	print("# %s%s: mem_lower is %u KiB", kit.prefix, rule->name, lower);
	return BROKEN;
}

static const struct rule rules[] = {
	{ "multiboot-3.3.information", "all that is passed makes sense",
	  check_passed },
	{ "multiboot-3.3.flags", "no other bits, one kind of symbols at most",
	  check_flags },
	{ "multiboot-3.1.2.memory", "mem_lower and mem_upper are passed",
	  check_memory },
	{ "multiboot-3.3.mem_lower", "it is 640 KiB at most", check_lower },
	{ "multiboot-3.1.2.aligned", "modules begin at pages",
	  check_page_aligned },
};

const struct group multiboot_rules = { "", rules, ARRAY_SIZE(rules) };
