// SPDX-License-Identifier: GPL-2.0
/*
 * ELF boot notes, Documentation/elf-boot.txt, section 4; and coreboot's table.
 */
#include <asm/byteorder.h>

#include "conformance.h"
#include "console/console.h"
#include "sources/sources.h"
#include "sources/wire-notes.h"

static struct Elf_Bhdr header;

static bool is_block(u64 at)
{
	return at && !ram_read(&ram, at, &header, sizeof(header)) &&
	       __le32_to_cpu(header.b_signature) == ELF_BHDR_MAGIC;
}

/**
 * notes_info_place - say where the block of notes is
 * @place: result
 */
void notes_info_place(struct range *place)
{
	const u32 places[] = {
		kit.handoff.eax == ELF_BHDR_MAGIC ? kit.handoff.ebx : 0,
		handoff_argument(&ram, &kit.handoff),
		kit.handoff.edi,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		if (!is_block(places[i]))
			continue;
		*place = (struct range){ places[i], __le32_to_cpu(header.b_size),
					 MEM_RAM };
		return;
	}
}

static enum verdict check_place(const struct rule *rule)
{
	if (!(kit.info.start & 3))
		return HOLDS;
	print("# %s%s: it is at %#llx", kit.prefix, rule->name, kit.info.start);
	return BROKEN;
}

static const struct rule notes[] = {
	{ "elf-boot-4.1.block", "all that is passed makes sense",
	  check_passed },
	{ "elf-boot-4.1.aligned", "the block is at a multiple of 4",
	  check_place },
};

/**
 * coreboot_info_place - say where coreboot's table is
 * @place: result
 */
void coreboot_info_place(struct range *place)
{
	*place = kit.bi.coreboot;
}

static const struct rule coreboot[] = {
	{ "coreboot-tables.table", "its sums, sizes and records make sense",
	  check_passed },
};

const struct group notes_rules = { "", notes, ARRAY_SIZE(notes) };
const struct group coreboot_rules = { "", coreboot, ARRAY_SIZE(coreboot) };
