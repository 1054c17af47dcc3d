// SPDX-License-Identifier: GPL-2.0
/*
 * Are segments where p_paddr says, with the right bytes, and is cleared what is
 * not in the file? (System V ABI, chapter 5, "Program Header")
 */
#include <asm/byteorder.h>

#include "conformance.h"
#include "console/console.h"
#include "params.h"

#define PAGE_SIZE	0x1000

static u32 last_start(void)
{
	return __le32_to_cpu(stub_params.initrd);
}

/* The first word that is not the pattern's, or their number. */
static u32 pattern_breaks(const u32 *words, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (words[i] != (i + 1) * PATTERN)
			break;
	return i;
}

static enum verdict check_pattern(const struct rule *rule, const u32 *words,
				  u32 nr)
{
	u32 i = pattern_breaks(words, nr);

	if (i == nr)
		return HOLDS;
	print("# %s%s: at %#x, %u bytes in front of the end of p_filesz: %#x, not %#x",
	      kit.prefix, rule->name, ram_address(&words[i]), (nr - i) * 4, words[i],
	      (i + 1) * PATTERN);
	return BROKEN;
}

static enum verdict check_tail(const struct rule *rule)
{
	return check_pattern(rule, tail_pattern, TAIL_WORDS);
}

static enum verdict check_last(const struct rule *rule)
{
	return check_pattern(rule, ram_own(&ram, last_start(), SEGMENT_WORDS * 4),
			     SEGMENT_WORDS);
}

static enum verdict check_cleared(const struct rule *rule)
{
	u32 at = kit.entry->dirty;

	if (!at)
		return HOLDS;
	print("# %s%s: %#x to %#x: not 0 at %#x", kit.prefix, rule->name,
	      ram_address(bss_start), ram_address(bss_end), at);
	return BROKEN;
}

static enum verdict check_last_cleared(const struct rule *rule)
{
	u32 at = last_start() + SEGMENT_WORDS * 4;
	u32 end = (at + PAGE_SIZE - 1) & -PAGE_SIZE;
	const u32 *words = ram_own(&ram, at, end - at);
	u32 i;

	for (i = 0; i < (end - at) / 4; i++) {
		if (!words[i])
			continue;
		print("# %s%s: %#x to %#x: not 0 at %#x", kit.prefix, rule->name, at, end,
		      at + i * 4);
		return BROKEN;
	}
	return HOLDS;
}

static const struct rule rules[] = {
	{ "gabi-5.p_filesz", "all bytes of the first segment are there",
	  check_tail },
	{ "gabi-5.p_paddr", "the last segment is at its p_paddr, all of it",
	  check_last },
	{ "gabi-5.p_memsz", "the first segment's memory behind p_filesz is 0",
	  check_cleared },
	{ "gabi-5.p_memsz-last", "and the last segment's",
	  check_last_cleared },
};

const struct group load_rules = { "", rules, ARRAY_SIZE(rules) };
