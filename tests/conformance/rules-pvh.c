// SPDX-License-Identifier: GPL-2.0
/*
 * PVH: Xen's docs/misc/pvh.pandoc and start_info.h.
 */
#include <asm/byteorder.h>

#include "conformance.h"
#include "console/console.h"
#include "machine/machine.h"
#include "sources/wire-pvh.h"

static struct hvm_start_info info;

/**
 * pvh_info_place - say where the start info is
 * @place: result
 */
void pvh_info_place(struct range *place)
{
	*place = (struct range){ kit.entry->bx, sizeof(info), MEM_RAM };
	if (ram_read(&ram, place->start, &info, sizeof(info)))
		memset(&info, 0, sizeof(info));
	if (!info.version)
		place->size = HVM_START_INFO_V0_SIZE;
}

static enum verdict check_version(const struct rule *rule)
{
	u32 version = __le32_to_cpu(info.version);

	if (version <= 1)
		return HOLDS;
	print("# %s%s: it is %u", kit.prefix, rule->name, version);
	return BROKEN;
}

static enum verdict check_reserved(const struct rule *rule)
{
	u32 i, nr = __le32_to_cpu(info.memmap_entries);
	u64 at = __le64_to_cpu(info.memmap_paddr);
	struct hvm_memmap_table_entry entry;

	if (!info.version) {
		kit.reason = "version 0 has no map";
		return SKIPPED;
	}
	for (i = 0; i < nr; i++, at += sizeof(entry)) {
		if (ram_read(&ram, at, &entry, sizeof(entry)))
			break;
		if (!entry.reserved)
			continue;
		print("# %s%s: it is %#x in entry %u of the map", kit.prefix, rule->name,
		      __le32_to_cpu(entry.reserved), i);
		return BROKEN;
	}
	if (!info.reserved)
		return HOLDS;
	print("# %s%s: it is %#x in the start info", kit.prefix, rule->name,
	      __le32_to_cpu(info.reserved));
	return BROKEN;
}

static const struct rule rules[] = {
	{ "pvh-start-info.information", "all that is passed makes sense",
	  check_passed },
	{ "pvh-start-info.version", "the version is 0 or 1", check_version },
	{ "pvh-start-info.reserved", "reserved words are 0", check_reserved },
};

const struct group pvh_rules = { "", rules, ARRAY_SIZE(rules) };
