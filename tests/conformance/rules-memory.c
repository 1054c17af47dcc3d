// SPDX-License-Identifier: GPL-2.0
/*
 * What a loader passed, whatever its format, and where it has put it. Rules for
 * several protocols, and those for all.
 */
#include <linux/errno.h>

#include "conformance.h"
#include "console/console.h"
#include "sources/sources.h"

#define PAGE_SIZE	0x1000

static enum verdict skip(const char *reason)
{
	kit.reason = reason;
	return SKIPPED;
}

/**
 * check_passed - does all that is passed make sense, as the stub sees it?
 * @rule: the rule
 *
 * Return: the verdict.
 */
enum verdict check_passed(const struct rule *rule)
{
	u32 i;

	if (kit.probed == -EINVAL)
		print("# %s%s: a sum, a size or the number of records is wrong",
		      kit.prefix, rule->name);
	if (kit.probed == -EBADMSG)
		print("# %s%s: %p", kit.prefix, rule->name, &kit.bi.fault);
	for (i = 0; i < kit.bi.nr_ignored; i++)
		print("# %s%s: %p", kit.prefix, rule->name, &kit.bi.ignored[i]);
	return kit.probed || kit.bi.nr_ignored ? BROKEN : HOLDS;
}

/**
 * check_page_aligned - do all modules begin at pages?
 * @rule: the rule
 *
 * Return: the verdict.
 */
enum verdict check_page_aligned(const struct rule *rule)
{
	u32 i;

	if (!kit.bi.nr_modules)
		return skip("there are no modules");
	for (i = 0; i < kit.bi.nr_modules; i++) {
		if (!(kit.bi.module[i].start & (PAGE_SIZE - 1)))
			continue;
		print("# %s%s: module %u is at %#llx", kit.prefix, rule->name, i,
		      kit.bi.module[i].start);
		return BROKEN;
	}
	return HOLDS;
}

static bool overlaps(const struct range *a, const struct range *b)
{
	return a->size && b->size && range_overlaps(a, b);
}

static struct range image(void)
{
	const u32 end = (ram_address(image_end) + 4 * SEGMENT_WORDS +
			 PAGE_SIZE - 1) & -PAGE_SIZE;

	return (struct range){ IMAGE_START, end - IMAGE_START, MEM_RAM };
}

static bool is_apart(const struct rule *rule, const char *what,
		     const struct range *a, const char *other,
		     const struct range *b)
{
	if (!overlaps(a, b))
		return true;
	print("# %s%s: %s %#llx to %#llx, %s %#llx to %#llx", kit.prefix, rule->name, what,
	      a->start, a->start + a->size, other, b->start,
	      b->start + b->size);
	return false;
}

static enum verdict check_modules(const struct rule *rule)
{
	const struct range own = image();
	bool apart = true;
	u32 i;

	if (!kit.bi.nr_modules)
		return skip("there are no modules");
	for (i = 0; i < kit.bi.nr_modules; i++)
		apart &= is_apart(rule, "module", &kit.bi.module[i], "image",
				  &own);
	return apart ? HOLDS : BROKEN;
}

static enum verdict check_modules_apart(const struct rule *rule)
{
	bool apart = true;
	u32 i, j;

	if (!kit.bi.nr_modules)
		return skip("there are no modules");
	for (i = 0; i < kit.bi.nr_modules; i++) {
		apart &= is_apart(rule, "module", &kit.bi.module[i],
				  "information", &kit.info);
		for (j = 0; j < i; j++)
			apart &= is_apart(rule, "module", &kit.bi.module[i],
					  "module", &kit.bi.module[j]);
	}
	return apart ? HOLDS : BROKEN;
}

static enum verdict check_information(const struct rule *rule)
{
	const struct range own = image();

	if (!kit.info.size)
		return skip("there is no information");
	return is_apart(rule, "information", &kit.info, "image", &own) ?
	       HOLDS : BROKEN;
}

static enum verdict check_in_ram(const struct rule *rule, const char *what,
				 u64 start, u64 size)
{
	if (memmap_is(&kit.map, MEM_RAM, start, size))
		return HOLDS;
	print("# %s%s: %s %#llx to %#llx", kit.prefix, rule->name, what, start, start + size);
	return BROKEN;
}

static enum verdict check_image_in_ram(const struct rule *rule)
{
	const struct range own = image();

	if (!kit.map.nr)
		return skip("there is no memory map");
	return check_in_ram(rule, "image", own.start, own.size);
}

static enum verdict check_modules_in_ram(const struct rule *rule)
{
	enum verdict verdict = HOLDS;
	u32 i;

	if (!kit.map.nr)
		return skip("there is no memory map");
	if (!kit.bi.nr_modules)
		return skip("there are no modules");
	for (i = 0; i < kit.bi.nr_modules; i++) {
		const struct range *module = &kit.bi.module[i];

		if (check_in_ram(rule, "module", module->start, module->size))
			verdict = BROKEN;
	}
	return verdict;
}

/* Of two types for the same memory one is wrong. */
static enum verdict check_ranges(const struct rule *rule)
{
	const struct memmap *map = &kit.bi.map;
	bool apart = true;
	u32 i, j;

	if (!map->nr)
		return skip("there is no memory map");
	for (i = 0; i < map->nr; i++)
		for (j = 0; j < i; j++)
			if (map->range[i].type != map->range[j].type)
				apart &= is_apart(rule, "range",
						  &map->range[i], "range",
						  &map->range[j]);
	return apart ? HOLDS : BROKEN;
}

static enum verdict check_rsdp(const struct rule *rule)
{
	if (!kit.bi.rsdp && !kit.bi.rsdp_size)
		return skip("there is none");
	/* The stub's source has looked at a copy. */
	if (kit.bi.rsdp_size || rsdp_is_valid(&ram, kit.bi.rsdp))
		return HOLDS;
	print("# %s%s: at %#llx there is none, or its sum is wrong", kit.prefix, rule->name,
	      kit.bi.rsdp);
	return BROKEN;
}

static const struct rule rules[] = {
	{ "elf-boot-3.2.modules", "no module is in the image's memory",
	  check_modules },
	{ "sense.modules-apart", "modules do not overlap",
	  check_modules_apart },
	{ "elf-boot-3.2.information", "the information is not in the image's memory",
	  check_information },
	{ "sense.ranges", "the map has one type for each range",
	  check_ranges },
	{ "sense.image-in-ram", "the image is in RAM, as the map has it",
	  check_image_in_ram },
	{ "sense.modules-in-ram", "so are all modules", check_modules_in_ram },
	{ "acpi-5.2.5.rsdp", "the root pointer is one", check_rsdp },
};

const struct group memory_rules = { "", rules, ARRAY_SIZE(rules) };
