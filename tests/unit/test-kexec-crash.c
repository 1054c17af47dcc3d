// SPDX-License-Identifier: GPL-2.0
/*
 * Where a crash kernel goes (kexec-elf-move.c), and what it is told (kexec-elf-crash.c).
 * The kernel around it, and what is known of the file (elf-move.c), is here.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kexec.h>
#include <linux/screen_info.h>
#include <linux/slab.h>
#include <asm/bootparam.h>
#include <asm/crash.h>
#include <asm/setup.h>

#include "ktap.h"

#include "kexec/elf-plan.h"
#include "kexec/kexec-elf.h"

#define MIB		0x100000ULL
#define GIB		(1024 * MIB)
#define NO_LIMIT	(~0ULL)
#define CORE_HEADER	0x2b000000UL
#define NOT_MOVED	(~0ULL)

struct resource crashk_res;
struct boot_params boot_params;
struct screen_info screen_info;

/* What the kernel is like, and what has happened. */
static struct {
	bool five_levels;
	struct elf_move move;
	u64 taken_start;
	u64 taken_end;
	int segments;		/* what crash_load_segments() returns */
	int map;		/* and crash_setup_memmap_entries() */
	u32 ranges;
	bool no_memory;
	u64 distance;
	const char *printed;
	unsigned int allocated;
} now;

void test_printed(const char *format)
{
	now.printed = format;
}

bool pgtable_l5_enabled(void)
{
	return now.five_levels;
}

void elf_move_find(const void *file, const struct elf_plan *plan,
		   struct elf_move *move)
{
	*move = now.move;
}

void elf_move_apply(const struct elf_move *move, u64 distance, void *file,
		    struct elf_plan *plan)
{
	now.distance = distance;
}

bool kexec_elf_x86_overlaps(const struct kimage *image, u64 start, u64 end)
{
	return start < now.taken_end && now.taken_start < end;
}

bool kexec_elf_x86_area(const struct kimage *image, u32 i, struct resource *area)
{
	*area = crashk_res;
	return !i;
}

const char *kexec_elf_x86_area_name(const struct kimage *image)
{
	return "";
}

int kexec_elf_x86_add_below(struct kexec_buf *kbuf, u64 limit)
{
	kbuf->mem = 0x2c000000;
	return now.map;
}

u64 kexec_elf_x86_find_rsdp(void)
{
	return 0xf5ac0;
}

bool mem_encrypt_active(void)
{
	return false;
}

int crash_load_segments(struct kimage *image)
{
	image->arch.elf_load_addr = CORE_HEADER;
	return now.segments;
}

int crash_setup_memmap_entries(struct kimage *image, struct boot_params *params)
{
	params->e820_entries = now.ranges;
	return now.map;
}

void *kzalloc(size_t size, int flags)
{
	if (now.no_memory)
		return NULL;
	now.allocated++;
	return calloc(1, size);
}

void kfree(const void *memory)
{
	now.allocated--;
	free((void *)memory);
}

/**
 * struct place_case - a crash kernel and the memory for it
 * @name: of the subtest
 * @is_64: the file
 * @only_4_levels: what was built for them
 * @five_levels: what the kernel runs with
 * @align: by multiples of it, 0: not at all
 * @limit: where it must end
 * @linked: where it is linked to
 * @size: bytes of it
 * @start: where the memory for it begins
 * @end: and the byte behind its last
 * @taken_start: what is there already begins here
 * @taken_end: and ends here
 * @ret: what is returned
 * @distance: by how much it is moved, NOT_MOVED: nothing is done
 * @printed: words that are in the message
 */
struct place_case {
	const char *name;
	bool is_64;
	bool only_4_levels;
	bool five_levels;
	u64 align;
	u64 limit;
	u64 linked;
	u64 size;
	u64 start;
	u64 end;
	u64 taken_start;
	u64 taken_end;
	int ret;
	u64 distance;
	const char *printed;
};

static const struct place_case cases[] = {
	{ "4 levels of page tables, and there are 5", true, true, true,
		2 * MIB, NO_LIMIT, 16 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, -ENOEXEC, NOT_MOVED, "built for 4 levels" },
	{ "4 levels, and what cannot be moved", true, true, true,
		0, NO_LIMIT, 16 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, -ENOEXEC, NOT_MOVED, "built for 4 levels" },
	{ "4 levels, and there are 4", true, true, false,
		2 * MIB, NO_LIMIT, 16 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, 0, 672 * MIB, NULL },
	{ "5 levels, and there are 5", true, false, true,
		2 * MIB, NO_LIMIT, 16 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, 0, 672 * MIB, NULL },
	{ "4 levels in a file of 32 bits, whose stub sees to it", false, true, true,
		2 * MIB, 4 * GIB, 16 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, 0, 672 * MIB, NULL },
	{ "what cannot be moved", false, false, false,
		0, 4 * GIB, 16 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, 0, NOT_MOVED, NULL },
	{ "linked to where it has to be", false, false, false,
		2 * MIB, 4 * GIB, 700 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, 0, 0, NULL },
	{ "the next multiple of its alignment", false, false, false,
		2 * MIB, 4 * GIB, 17 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, 0, 672 * MIB, NULL },
	{ "above 4 GiB", true, false, false,
		2 * MIB, NO_LIMIT, 16 * MIB, 32 * MIB, 8 * GIB, 9 * GIB,
		0, 0, 0, 8 * GIB - 16 * MIB, NULL },
	{ "up to the last byte", false, false, false,
		2 * MIB, 4 * GIB, 16 * MIB, 256 * MIB, 688 * MIB, 944 * MIB,
		0, 0, 0, 672 * MIB, NULL },
	{ "a page more", false, false, false,
		2 * MIB, 4 * GIB, 16 * MIB, 256 * MIB + 4096, 688 * MIB, 944 * MIB,
		0, 0, -EADDRNOTAVAIL, NOT_MOVED, "no room" },
	{ "up to its limit", false, false, false,
		2 * MIB, 720 * MIB, 16 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, 0, 672 * MIB, NULL },
	{ "a byte beyond its limit", false, false, false,
		2 * MIB, 720 * MIB - 1, 16 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, -EADDRNOTAVAIL, NOT_MOVED, "no room" },
	{ "all of the memory beyond its limit", false, false, false,
		2 * MIB, 512 * MIB, 16 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, -EADDRNOTAVAIL, NOT_MOVED, "no room" },
	{ "linked behind the memory", false, false, false,
		2 * MIB, 4 * GIB, 944 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		0, 0, -EADDRNOTAVAIL, NOT_MOVED, "no room" },
	{ "behind what is there already", false, false, false,
		2 * MIB, 4 * GIB, 16 * MIB, 32 * MIB, 688 * MIB, 944 * MIB,
		719 * MIB, 719 * MIB + 4096, 0, 704 * MIB, NULL },
	{ "nothing left behind what is there already", false, false, false,
		2 * MIB, 4 * GIB, 16 * MIB, 128 * MIB, 688 * MIB, 944 * MIB,
		815 * MIB, 817 * MIB, -EADDRNOTAVAIL, NOT_MOVED, "no room" },
	{ }
};

static void set_up(const struct place_case *c, struct elf_plan *plan)
{
	memset(&now, 0, sizeof(now));
	now.five_levels = c->five_levels;
	now.move.align = c->align;
	now.move.limit = c->limit;
	now.move.only_4_levels = c->only_4_levels;
	now.taken_start = c->taken_start;
	now.taken_end = c->taken_end;
	now.distance = NOT_MOVED;
	crashk_res.start = c->start;
	crashk_res.end = c->end - 1;
	memset(plan, 0, sizeof(*plan));
	plan->is_64 = c->is_64;
	plan->nr_parts = 2;
	plan->part[0].start = c->linked;
	plan->part[0].size = 4096;
	plan->part[1].start = c->linked + c->size - 4096;
	plan->part[1].size = 4096;
}

static void test_place(const struct place_case *c)
{
	const struct kimage image = { .type = KEXEC_TYPE_CRASH };
	struct elf_plan plan;
	char file[1];

	set_up(c, &plan);
	expect_eq(kexec_elf_x86_move(&image, file, &plan), c->ret);
	expect_eq(now.distance, c->distance);
	expect_eq(!now.printed, !c->printed);
	if (now.printed && c->printed)
		expect(strstr(now.printed, c->printed));
	ktap_done("%s", c->name);
}

static int begin(const char *cmdline, struct kexec_elf_crash **crash)
{
	struct kimage image = { .type = KEXEC_TYPE_CRASH };

	*crash = kexec_elf_x86_begin_crash(&image, cmdline);
	return IS_ERR(*crash) ? PTR_ERR(*crash) : 0;
}

/* elfcorehdr=0x2b000000 and a blank come in front of it, a NUL behind it. */
static void test_cmdline(void)
{
	static const char word[] = "elfcorehdr=0x2b000000 ";
	const size_t room = COMMAND_LINE_SIZE - sizeof(word);
	static char cmdline[COMMAND_LINE_SIZE];
	struct kexec_elf_crash *crash;

	memset(&now, 0, sizeof(now));
	memset(cmdline, 'x', room);
	expect_eq(begin(cmdline, &crash), 0);
	expect(!memcmp(crash->cmdline, word, strlen(word)));
	expect_eq(strlen(crash->cmdline), COMMAND_LINE_SIZE - 1);
	expect_eq(crash->params.acpi_rsdp_addr, 0xf5ac0);
	kfree(crash);
	ktap_done("the longest command line");
	cmdline[room] = 'x';
	expect_eq(begin(cmdline, &crash), -EINVAL);
	expect(now.printed && strstr(now.printed, "is the limit of a crash kernel"));
	expect_eq(now.allocated, 0);
	ktap_done("a command line of one more byte");
}

static void test_map(void)
{
	struct kexec_elf_crash *crash;

	memset(&now, 0, sizeof(now));
	now.ranges = E820_MAX_ENTRIES_ZEROPAGE - 1;
	expect_eq(begin("", &crash), 0);
	kfree(crash);
	ktap_done("a memory map that is nearly full");
	now.ranges = E820_MAX_ENTRIES_ZEROPAGE;
	expect_eq(begin("", &crash), -E2BIG);
	expect(now.printed && strstr(now.printed, "has more than"));
	expect_eq(now.allocated, 0);
	ktap_done("a full one, of which some may be missing");
}

static void test_errors(void)
{
	struct kexec_elf_crash *crash;

	memset(&now, 0, sizeof(now));
	now.segments = -EADDRNOTAVAIL;
	expect_eq(begin("", &crash), -EADDRNOTAVAIL);
	now.segments = 0;
	now.map = -ENOMEM;
	expect_eq(begin("", &crash), -ENOMEM);
	now.map = 0;
	now.no_memory = true;
	expect_eq(begin("", &crash), -ENOMEM);
	expect_eq(now.allocated, 0);
	ktap_done("errors are passed on, and nothing is lost");
}

int main(void)
{
	unsigned int i;

	for (i = 0; cases[i].name; i++)
		test_place(&cases[i]);
	test_cmdline();
	test_map();
	test_errors();
	return ktap_status();
}
