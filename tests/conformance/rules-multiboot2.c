// SPDX-License-Identifier: GPL-2.0
/*
 * Multiboot2 Specification version 2.0.
 */
#include <asm/byteorder.h>

#include "conformance.h"
#include "console/console.h"
#include "machine/machine.h"
#include "sources/wire-multiboot2.h"

#define ALIGN_8		7

static struct multiboot2_info info;

/**
 * multiboot2_info_place - say where the information is
 * @place: result
 */
void multiboot2_info_place(struct range *place)
{
	u64 at = kit.entry->bx;

	if (ram_read(&ram, at, &info, sizeof(info)))
		memset(&info, 0, sizeof(info));
	*place = (struct range){ at, __le32_to_cpu(info.total_size), MEM_RAM };
}

static enum verdict check_place(const struct rule *rule)
{
	if (!(kit.info.start & ALIGN_8))
		return HOLDS;
	print("# %s%s: it is at %#llx", kit.prefix, rule->name, kit.info.start);
	return BROKEN;
}

static enum verdict check_reserved(const struct rule *rule)
{
	if (!info.reserved)
		return HOLDS;
	print("# %s%s: it is %#x", kit.prefix, rule->name, __le32_to_cpu(info.reserved));
	return BROKEN;
}

/* The last tag has type 0 and size 8, and total_size ends with it. */
static enum verdict check_end(const struct rule *rule)
{
	const u64 end = kit.info.start + kit.info.size;
	u64 at = kit.info.start + sizeof(info);
	struct multiboot2_tag tag;
	u32 size;

	while (!ram_read(&ram, at, &tag, sizeof(tag)) &&
	       at + sizeof(tag) <= end) {
		size = __le32_to_cpu(tag.size);
		if (!tag.type && size == sizeof(tag) && at + size == end)
			return HOLDS;
		if (!tag.type || size < sizeof(tag))
			break;
		at += (size + ALIGN_8) & ~ALIGN_8;
	}
	print("# %s%s: total_size ends at %#llx, tags end at %#llx", kit.prefix, rule->name,
	      end, at);
	return BROKEN;
}

static const struct rule rules[] = {
	{ "multiboot2-3.6.1.information", "all that is passed makes sense",
	  check_passed },
	{ "multiboot2-3.6.1.aligned", "it begins at a multiple of 8",
	  check_place },
	{ "multiboot2-3.6.1.reserved", "the reserved word is 0",
	  check_reserved },
	{ "multiboot2-3.6.2.end", "an end tag is the end of total_size",
	  check_end },
	{ "multiboot2-3.1.9.aligned", "modules begin at pages",
	  check_page_aligned },
};

const struct group multiboot2_rules = { "", rules, ARRAY_SIZE(rules) };
