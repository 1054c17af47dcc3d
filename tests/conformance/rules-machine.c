// SPDX-License-Identifier: GPL-2.0
/*
 * The state of the CPU that each protocol demands. What is the hidden part of a
 * segment register can be found out by using it only; the entry has done that.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>
#include <asm/processor-flags.h>

#include "conformance.h"
#include "console/console.h"
#include "params.h"
#include "segments.h"

#define EFLAGS_IF	X86_EFLAGS_IF
#define EFLAGS_TF	X86_EFLAGS_TF
#define EFLAGS_VM	X86_EFLAGS_VM

#define CR0_MODE	(X86_CR0_PG | X86_CR0_PE)
/* All that can be written; ET cannot. */
#define CR0_WRITABLE	(X86_CR0_PG | X86_CR0_CD | X86_CR0_NW | X86_CR0_AM | \
			 X86_CR0_WP | X86_CR0_NE | X86_CR0_TS | X86_CR0_EM | \
			 X86_CR0_MP | X86_CR0_PE)

#define PTE_PRESENT	0x001
#define PTE_LARGE	0x080
#define PTE_ADDRESS	0x000ffffffffff000ULL
#define LEVEL_BITS	9

static u64 field(const struct rule *rule)
{
	return *(const u64 *)((const u8 *)kit.entry + rule->at);
}

/**
 * check_bits - is what the CPU had as it should be?
 * @rule: @at is an offset in struct entry, @mask the bits that count, of its
 *	  lower half, @value what they should be
 *
 * Return: the verdict.
 */
enum verdict check_bits(const struct rule *rule)
{
	u32 have = field(rule);

	if ((have & rule->mask) == rule->value)
		return HOLDS;
	print("# %s%s: it is %#x; of that %#x is to be %#x", kit.prefix, rule->name, have,
	      rule->mask, rule->value);
	return BROKEN;
}

static u32 selector_of(u32 segment)
{
	static const u16 at[FLAT_NR] = {
		[FLAT_DS] = ENTRY_DS, [FLAT_ES] = ENTRY_ES,
		[FLAT_SS] = ENTRY_SS, [FLAT_FS] = ENTRY_FS,
		[FLAT_GS] = ENTRY_GS, [FLAT_CS] = ENTRY_CS,
	};

	return *(const u64 *)((const u8 *)kit.entry + at[segment]);
}

/**
 * check_flat - is a segment based at 0, with a limit of 4 GiB?
 * @rule: @at is its FLAT_*
 *
 * By a null selector there is no memory to be reached. QEMU's TCG knows neither
 * that nor limits.
 *
 * Return: the verdict.
 */
enum verdict check_flat(const struct rule *rule)
{
	if (!(selector_of(rule->at) & ~3U)) {
		print("# %s%s: the selector is null", kit.prefix, rule->name);
		return BROKEN;
	}
	if (flat[rule->at] == FLAT)
		return HOLDS;
	print("# %s%s: not all of memory, from 0 to 0xffffffff, can be %s by it",
	      kit.prefix, rule->name, rule->at == FLAT_CS ? "read" : "read and written");
	return BROKEN;
}

static bool has_descriptor(const struct rule *rule, u32 selector, u64 want)
{
	/* Neither "accessed" nor what software may use, nor how D and L are. */
	const u64 mask = 0xff9ffaff00ffffffULL | 0x000f0000ffffULL;
	__le64 descriptor = 0;

	if (selector + sizeof(descriptor) - 1 > kit.entry->gdt_limit ||
	    ram_read(&ram, kit.entry->gdt + selector, &descriptor,
		     sizeof(descriptor))) {
		print("# %s%s: GDT at %#llx, limit %#llx: there is no %#x",
		      kit.prefix, rule->name, kit.entry->gdt, kit.entry->gdt_limit, selector);
		return false;
	}
	if (!((__le64_to_cpu(descriptor) ^ want) & mask))
		return true;
	print("# %s%s: descriptor %#x is %#llx, not as %#llx", kit.prefix, rule->name,
	      selector, __le64_to_cpu(descriptor), want);
	return false;
}

/**
 * check_descriptors - has the GDT flat segments where Linux wants them?
 * @rule: the rule
 *
 * Return: the verdict.
 */
enum verdict check_descriptors(const struct rule *rule)
{
	bool code, data;

	if (kit.entry->kind != KIND_64 && flat[FLAT_DS] != FLAT) {
		kit.reason = "without DS there is no asking where the GDT is";
		return SKIPPED;
	}
	code = has_descriptor(rule, BOOT_CS, 0x00cf9a000000ffffULL);
	data = has_descriptor(rule, BOOT_DS, 0x00cf92000000ffffULL);
	return code && data ? HOLDS : BROKEN;
}

/*
 * Page tables, of four or five levels: is it one to one at this address, which is
 * below 4 GiB?
 */
static bool is_mapped(u32 va)
{
	u32 level = kit.entry->cr4 & X86_CR4_LA57 ? 5 : 4;
	u64 table = kit.entry->cr3 & PTE_ADDRESS;
	u32 shift, index, inside;
	__le64 word;

	for (;; level--) {
		shift = 3 + LEVEL_BITS * level;
		index = shift < 32 ? va >> shift & 511 : 0;
		if (ram_read(&ram, table + 8 * index, &word, sizeof(word)))
			return false;
		if (!(__le64_to_cpu(word) & PTE_PRESENT))
			return false;
		table = __le64_to_cpu(word) & PTE_ADDRESS;
		if (level == 1 || (level < 4 && __le64_to_cpu(word) & PTE_LARGE))
			break;
	}
	inside = (1U << shift) - 1;
	return !(table >> 32) && ((u32)table & ~inside) == (va & ~inside);
}

static bool is_range_mapped(const struct rule *rule, const char *what,
			    u64 start, u64 end)
{
	for (start &= ~0xfffULL; start < end; start += 0x1000) {
		if (is_mapped(start))
			continue;
		print("# %s%s: %s: %#llx is not mapped one to one", kit.prefix, rule->name,
		      what, start);
		return false;
	}
	return true;
}

/**
 * check_mapped - do the page tables map what they have to, one to one?
 * @rule: the rule
 *
 * Return: the verdict.
 */
enum verdict check_mapped(const struct rule *rule)
{
	bool image = is_range_mapped(rule, "the image", IMAGE_START, IMAGE_END);
	bool info = is_range_mapped(rule, "boot_params", kit.info.start,
				    kit.info.start + kit.info.size);

	return image && info ? HOLDS : BROKEN;
}

#define FIELD(member)	offsetof(struct entry, member)

/* Multiboot 1 and 2 say the same. */
static const struct rule multiboot[] = {
	{ ".cs", "CS is flat", check_flat, FLAT_CS },
	{ ".ds", "DS is flat", check_flat, FLAT_DS },
	{ ".es", "ES is flat", check_flat, FLAT_ES },
	{ ".fs", "FS is flat", check_flat, FLAT_FS },
	{ ".gs", "GS is flat", check_flat, FLAT_GS },
	{ ".ss", "SS is flat", check_flat, FLAT_SS },
	{ ".a20", "address line 20 is on", check_bits,
	  FIELD(a20), 1, 1 },
	{ ".cr0", "protection is on, paging is off", check_bits, FIELD(cr0),
	  CR0_MODE, X86_CR0_PE },
	{ ".eflags", "no virtual 8086 mode, interrupts are off", check_bits,
	  FIELD(flags), EFLAGS_VM | EFLAGS_IF, 0 },
};

static const struct rule pvh[] = {
	{ "pvh.cr0", "protection is on, all else that can be written is off",
	  check_bits, FIELD(cr0), CR0_WRITABLE, X86_CR0_PE },
	{ "pvh.cr4", "all of CR4 is 0", check_bits, FIELD(cr4), ~0U, 0 },
	{ "pvh.cs", "CS is flat", check_flat, FLAT_CS },
	{ "pvh.ds", "DS is flat", check_flat, FLAT_DS },
	{ "pvh.es", "ES is flat", check_flat, FLAT_ES },
	{ "pvh.ss", "SS is flat", check_flat, FLAT_SS },
	{ "pvh.eflags", "no virtual 8086 mode, no interrupts, no traps",
	  check_bits, FIELD(flags), EFLAGS_VM | EFLAGS_IF | EFLAGS_TF, 0 },
	{ "pvh.a20", "address line 20 is on", check_bits,
	  FIELD(a20), 1, 1 },
};

static const struct rule linux_32[] = {
	{ "x86-boot-32.cr0", "protection is on, paging is off", check_bits,
	  FIELD(cr0), CR0_MODE, X86_CR0_PE },
	{ "x86-boot-32.gdt", "0x10 is flat code, 0x18 is flat data",
	  check_descriptors },
	{ "x86-boot-32.cs", "CS is 0x10", check_bits, FIELD(cs), ~0U, BOOT_CS },
	{ "x86-boot-32.ds", "DS is 0x18", check_bits, FIELD(ds), ~0U, BOOT_DS },
	{ "x86-boot-32.es", "ES is 0x18", check_bits, FIELD(es), ~0U, BOOT_DS },
	{ "x86-boot-32.ss", "SS is 0x18", check_bits, FIELD(ss), ~0U, BOOT_DS },
	{ "x86-boot-32.flat", "DS is flat", check_flat, FLAT_DS },
	{ "x86-boot-32.eflags", "interrupts are off", check_bits, FIELD(flags),
	  EFLAGS_IF, 0 },
	{ "x86-boot-32.ebp", "EBP is 0", check_bits, FIELD(bp), ~0U, 0 },
	{ "x86-boot-32.edi", "EDI is 0", check_bits, FIELD(di), ~0U, 0 },
	{ "x86-boot-32.ebx", "EBX is 0", check_bits, FIELD(bx), ~0U, 0 },
};

static const struct rule linux_64[] = {
	{ "x86-boot-64.map", "image and boot_params are mapped one to one",
	  check_mapped },
	{ "x86-boot-64.gdt", "0x10 is flat code, 0x18 is flat data",
	  check_descriptors },
	{ "x86-boot-64.cs", "CS is 0x10", check_bits, FIELD(cs), ~0U, BOOT_CS },
	{ "x86-boot-64.ds", "DS is 0x18", check_bits, FIELD(ds), ~0U, BOOT_DS },
	{ "x86-boot-64.es", "ES is 0x18", check_bits, FIELD(es), ~0U, BOOT_DS },
	{ "x86-boot-64.ss", "SS is 0x18", check_bits, FIELD(ss), ~0U, BOOT_DS },
	{ "x86-boot-64.eflags", "interrupts are off", check_bits, FIELD(flags),
	  EFLAGS_IF, 0 },
};

static const struct rule elf_boot[] = {
	{ "elf-boot-3.2.cr0", "protection is on, paging is off", check_bits,
	  FIELD(cr0), CR0_MODE, X86_CR0_PE },
	{ "elf-boot-3.2.cs", "CS is flat", check_flat, FLAT_CS },
	{ "elf-boot-3.2.ds", "DS is flat", check_flat, FLAT_DS },
	{ "elf-boot-3.2.es", "ES is flat", check_flat, FLAT_ES },
	{ "elf-boot-3.4.a20", "address line 20 is on", check_bits,
	  FIELD(a20), 1, 1 },
};

static const struct rule elf_boot_64[] = {
	{ "elf-boot-3.1.map", "the image is mapped one to one", check_mapped },
};

const struct group multiboot_state = {
	"multiboot-3.2", multiboot, ARRAY_SIZE(multiboot)
};

const struct group multiboot2_state = {
	"multiboot2-3.3", multiboot, ARRAY_SIZE(multiboot)
};

const struct group pvh_state = { "", pvh, ARRAY_SIZE(pvh) };
const struct group linux_state_32 = { "", linux_32, ARRAY_SIZE(linux_32) };
const struct group linux_state_64 = { "", linux_64, ARRAY_SIZE(linux_64) };
const struct group elf_boot_state = { "", elf_boot, ARRAY_SIZE(elf_boot) };
const struct group elf_boot_state_64 = {
	"", elf_boot_64, ARRAY_SIZE(elf_boot_64)
};
