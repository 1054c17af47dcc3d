// SPDX-License-Identifier: GPL-2.0
/*
 * The story: who has called, what has it passed, and does it do what the
 * specification of that protocol says? In KTAP.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "conformance.h"
#include "console/console.h"
#include "info/cmdline.h"
#include "machine/machine.h"
#include "params.h"
#include "sources/sources.h"

/* QEMU's isa-debug-exit: its exit status is twice what is written, plus 1. */
#define DEBUG_EXIT	0xf4
#define EXIT_PASSED	0x10		/* 33 */
#define EXIT_FAILED	0x11		/* 35 */

#define KEYBOARD	0x64
#define KEYBOARD_RESET	0xfe

static int read_high(u64 pa, void *dst, u32 len)
{
	return high_read(ram_own(&ram, __le32_to_cpu(stub_params.scratch),
				 STUB_SCRATCH_SIZE), pa, dst, len);
}

static const struct ram_seg all_memory = { 0, RAM_4G, 0 };
const struct ram ram = { 1, &all_memory, read_high };

struct kit kit;

/* In the order of the stub's main.c; those for one mode have it as @kind. */
static const struct protocol callers[] = {
	{ "multiboot 2", KIND_ELF, multiboot2_probe, multiboot2_info_place,
	  &multiboot2_state, &multiboot2_rules },
	{ "multiboot 1", KIND_ELF, multiboot_probe, multiboot_info_place,
	  &multiboot_state, &multiboot_rules },
	{ "PVH", KIND_PVH, pvh_probe, pvh_info_place, &pvh_state, &pvh_rules },
	{ "ELF boot notes", KIND_ELF, notes_probe, notes_info_place,
	  &elf_boot_state, &notes_rules },
	{ "coreboot", KIND_ELF, coreboot_probe, coreboot_info_place,
	  &elf_boot_state, &coreboot_rules },
	{ "Linux, 32-bit", KIND_ELF, bootparams_probe, linux_info_place,
	  &linux_state_32, &linux_rules },
	{ "arguments", KIND_ELF, argv_probe, NULL, &elf_boot_state, NULL },
	{ "Linux, 64-bit", KIND_64, bootparams_probe, linux_info_place,
	  &linux_state_64, &linux_rules },
	{ "ELF boot notes, 64-bit", KIND_64, notes_probe, notes_info_place,
	  &elf_boot_state_64, &notes_rules },
};

/* Nothing is passed, by each entry. */
static const struct protocol nobody[] = {
	[KIND_ELF] = { .name = "none", .state = &elf_boot_state },
	[KIND_PVH] = { .name = "PVH", .place = pvh_info_place,
		       .state = &pvh_state, .rules = &pvh_rules },
	[KIND_64]  = { .name = "none, 64-bit", .state = &elf_boot_state_64 },
};

/* RSI is somebody's, and the kernel would take it for boot_params. */
static const struct protocol without_header = {
	.name = "Linux, 64-bit", .place = linux_info_place,
	.state = &linux_state_64, .rules = &linux_rules
};

static struct { u32 number, passed, failed, skipped; } totals;

/* As the stub has it, for its sources. */
static void set_handoff(const struct entry *entry, struct handoff *handoff)
{
	handoff->esi = entry->si;
	handoff->edi = entry->di;
	if (entry->kind == KIND_64)
		return;
	handoff->eax = entry->kind == KIND_PVH ? HVM_START_MAGIC : entry->ax;
	handoff->ebx = entry->bx;
	handoff->ecx = entry->cx;
	handoff->edx = entry->dx;
	handoff->esp = entry->sp;
}

static const struct protocol *find_nobody(void)
{
	if (kit.entry->kind == KIND_64 && kit.entry->si)
		return &without_header;
	return &nobody[kit.entry->kind];
}

/*
 * Of what is only found by a pointer, and is corrupt, another one may be the
 * truth; if there is none it is what the loader has meant.
 */
static void find_caller(void)
{
	const struct protocol *corrupt = NULL;
	u32 i;
	int ret;

	bootinfo_init(&kit.bi);
	for (i = 0; i < ARRAY_SIZE(callers); i++) {
		if (callers[i].kind != kit.entry->kind)
			continue;
		kit.bi.nr_ignored = 0;
		ret = callers[i].probe(&ram, &kit.handoff, &kit.bi);
		if (!ret || ret == -EBADMSG) {
			kit.protocol = &callers[i];
			kit.probed = ret;
			return;
		}
		if (ret == -EINVAL && !corrupt)
			corrupt = &callers[i];
	}
	kit.protocol = corrupt ? corrupt : find_nobody();
	kit.probed = corrupt ? -EINVAL : 0;
}

/* The last range below a PVH loader is what the stub adds for its kernel. */
static void drop_hole(struct memmap *map)
{
	const struct range *last = &map->range[map->nr - 1];

	if (map->nr && last->start == HOLE_START &&
	    last->size == HOLE_END - HOLE_START)
		map->nr--;
}

static void find_information(void)
{
	if (kit.protocol->place)
		kit.protocol->place(&kit.info);
	if (kit.protocol->probe == pvh_probe)
		drop_hole(&kit.bi.map);
	if (kit.bi.map.nr)
		memmap_normalise(&kit.map, &kit.bi.map);
}

static const struct group *groups_of(const struct protocol *protocol, u32 i)
{
	const struct group *groups[GROUPS] = {
		&load_rules, protocol->state, protocol->rules, &memory_rules,
	};

	return groups[i];
}

static void run(const struct rule *rule)
{
	const u32 number = ++totals.number;

	switch (rule->check(rule)) {
	case HOLDS:
		totals.passed++;
		print("ok %u - %s%s: %s", number, kit.prefix, rule->name,
		      rule->text);
		break;
	case BROKEN:
		totals.failed++;
		print("not ok %u - %s%s: %s", number, kit.prefix, rule->name,
		      rule->text);
		break;
	case SKIPPED:
		totals.skipped++;
		print("ok %u - %s%s: %s # SKIP %s", number, kit.prefix,
		      rule->name, rule->text, kit.reason);
		break;
	}
}

static void run_all(void)
{
	const struct group *group;
	u32 i, j, nr = 0;

	for (i = 0; i < GROUPS; i++) {
		group = groups_of(kit.protocol, i);
		nr += group ? group->nr : 0;
	}
	print("1..%u", nr);
	for (i = 0; i < GROUPS; i++) {
		group = groups_of(kit.protocol, i);
		kit.prefix = group ? group->prefix : "";
		for (j = 0; group && j < group->nr; j++)
			run(&group->rules[j]);
	}
}

static void __noreturn leave(bool passed)
{
	print("# conformance: %s", passed ? "passed" : "FAILED");
	port_write(passed ? EXIT_PASSED : EXIT_FAILED, DEBUG_EXIT);
	if (cmdline_option(kit.bi.cmdline, "conformance.reset"))
		port_write(KEYBOARD_RESET, KEYBOARD);
	cpu_halt();
}

/**
 * conformance_exception - say that the program itself has come to grief
 * @stack: vector, error code, EIP, CS, EFLAGS
 */
void conformance_exception(const u32 *stack)
{
	print("Bail out! exception %u at %#x, error code %#x", stack[0],
	      stack[2], stack[1]);
	leave(false);
}

/**
 * conformance_main - tell all there is
 * @entry: what the CPU looked like
 */
void conformance_main(struct entry *entry)
{
	kit.entry = entry;
	serial_init();
	facts_entry();
	set_handoff(entry, &kit.handoff);
	find_caller();
	find_information();
	facts_passed();
	run_all();
	print("# Totals: pass:%u fail:%u skip:%u", totals.passed,
	      totals.failed, totals.skipped);
	leave(!totals.failed);
}
