// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: the plan for an ELF file, in the kernel that makes it.
 */
#include <kunit/test.h>

#include "kexec/elf-plan-cases.h"

static void expect_part(struct kunit *test, const struct elf_plan *plan, u32 i,
			const struct plan_case *c, const u8 *file)
{
	const struct elf_part *part = &plan->part[i], *want = &c->part[i];
	u8 *memory = kunit_kzalloc(test, part->filled + 1, GFP_KERNEL);
	u64 at = 0;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, memory);
	KUNIT_EXPECT_EQ_MSG(test, part->start, want->start, "%s", c->name);
	KUNIT_EXPECT_EQ_MSG(test, part->size, want->size, "%s", c->name);
	KUNIT_EXPECT_EQ_MSG(test, part->filled, want->filled, "%s", c->name);
	KUNIT_EXPECT_EQ_MSG(test, part->first, want->first, "%s", c->name);
	KUNIT_EXPECT_EQ_MSG(test, part->nr, want->nr, "%s", c->name);
	elf_plan_fill(plan, part, file, memory);
	while (at < part->filled &&
	       memory[at] == plan_case_byte(c, file, part->start + at))
		at++;
	KUNIT_EXPECT_EQ_MSG(test, at, part->filled, "%s: its bytes", c->name);
}

static void test_case(struct kunit *test, const struct plan_case *c, u8 *file,
		      struct elf_plan *plan)
{
	u32 size = plan_case_build(c, file), i;
	int ret = elf_plan_make(file, size, plan);

	KUNIT_EXPECT_EQ_MSG(test, ret, c->error ? -ENOEXEC : 0, "%s", c->name);
	if (c->error && plan->error)
		KUNIT_EXPECT_STREQ_MSG(test, plan->error, c->error, "%s",
				       c->name);
	if (ret)
		return;
	KUNIT_EXPECT_EQ_MSG(test, plan->entry, c->entry, "%s", c->name);
	KUNIT_EXPECT_EQ_MSG(test, plan->is_64, c->is_64, "%s", c->name);
	for (i = 0; i < 3 && c->part[i].size && i < plan->nr_parts; i++)
		expect_part(test, plan, i, c, file);
	KUNIT_EXPECT_EQ_MSG(test, plan->nr_parts, i, "%s", c->name);
}

static void test_cases(struct kunit *test)
{
	struct elf_plan *plan = kunit_kzalloc(test, sizeof(*plan), GFP_KERNEL);
	u8 *file = kunit_kzalloc(test, PLAN_CASE_FILE, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, plan);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	for (i = 0; plan_cases[i].name; i++)
		test_case(test, &plan_cases[i], file, plan);
}

static struct kunit_case elf_plan_cases[] = {
	KUNIT_CASE(test_cases),
	{}
};

static struct kunit_suite elf_plan_suite = {
	.name = "kexec-elf-plan",
	.test_cases = elf_plan_cases,
};

kunit_test_suite(elf_plan_suite);
