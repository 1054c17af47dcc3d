/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The conformance image, by file: an ELF file without a kernel that tells what
 * a loader did, rule by rule (Documentation/conformance.txt). Where the stub
 * reads a format its source is compiled into this program, too.
 *
 * It has the stub's header (stub.h), so that mkelfImage takes it for a vmlinux
 * and gives it all that an elfImage has.
 */
#ifndef TESTS_CONFORMANCE_H
#define TESTS_CONFORMANCE_H

/* Where it is made for, as most kernels are: notes, then the program. */
#define IMAGE_START		0x1000000
#define IMAGE_BASE		0x1000100
#define IMAGE_END		0x1160000

/* The entry of a caller in 64-bit mode, as an offset. */
#define IMAGE_ENTRY_64		0x68

/* The pattern: word i is (i + 1) * PATTERN. */
#define PATTERN			0x9e3779b1
#define TAIL_WORDS		256	/* at the end of the first segment's file bytes */
#define SEGMENT_WORDS		1250	/* of the last segment; the rest of it is 0 */

/* Says "all of it worked" of a segment register. */
#define FLAT			0x464c4154

/* struct entry: numbers for assembler. */
#define ENTRY_AX		0x00
#define ENTRY_BX		0x08
#define ENTRY_CX		0x10
#define ENTRY_DX		0x18
#define ENTRY_SI		0x20
#define ENTRY_DI		0x28
#define ENTRY_BP		0x30
#define ENTRY_SP		0x38
#define ENTRY_FLAGS		0x40
#define ENTRY_CS		0x48
#define ENTRY_DS		0x50
#define ENTRY_ES		0x58
#define ENTRY_SS		0x60
#define ENTRY_FS		0x68
#define ENTRY_GS		0x70
#define ENTRY_CR0		0x78
#define ENTRY_CR3		0x80
#define ENTRY_CR4		0x88
#define ENTRY_EFER		0x90
#define ENTRY_GDT		0x98
#define ENTRY_GDT_LIMIT		0xa0
#define ENTRY_KIND		0xa8
#define ENTRY_DIRTY		0xb0
#define ENTRY_A20		0xb8
#define ENTRY_SIZE		0xc0

/* ENTRY_KIND */
#define KIND_ELF		0	/* e_entry, in 32-bit mode */
#define KIND_PVH		1	/* the address in Xen's note */
#define KIND_64			2	/* e_entry, in 64-bit mode */

/* Segment registers, in the order of flat[]. */
#define FLAT_DS			0
#define FLAT_ES			1
#define FLAT_SS			2
#define FLAT_FS			3
#define FLAT_GS			4
#define FLAT_CS			5
#define FLAT_NR			6

#ifndef __ASSEMBLY__

#include "base.h"
#include "handoff.h"
#include "info/bootinfo.h"
#include "machine/ram.h"

/**
 * struct entry - what the CPU looked like
 * @ax: registers, whose upper half is 0 where there is none
 * @bx: likewise
 * @cx: likewise
 * @dx: likewise
 * @si: likewise
 * @di: likewise
 * @bp: likewise
 * @sp: likewise
 * @flags: likewise
 * @cs: selectors
 * @ds: likewise
 * @es: likewise
 * @ss: likewise
 * @fs: likewise
 * @gs: likewise
 * @cr0: control registers
 * @cr3: likewise
 * @cr4: likewise
 * @efer: model-specific register
 * @gdt: base
 * @gdt_limit: and limit of GDTR
 * @kind: by which entry, KIND_*
 * @dirty: address of the first word of .bss that was not 0, or 0
 * @a20: address line 20 was on
 */
struct entry {
	u64 ax, bx, cx, dx, si, di, bp, sp, flags;
	u64 cs, ds, es, ss, fs, gs;
	u64 cr0, cr3, cr4, efer;
	u64 gdt, gdt_limit;
	u64 kind;
	u64 dirty;
	u64 a20;
};

ASM_OFFSET(struct entry, ax, ENTRY_AX);
ASM_OFFSET(struct entry, sp, ENTRY_SP);
ASM_OFFSET(struct entry, gs, ENTRY_GS);
ASM_OFFSET(struct entry, efer, ENTRY_EFER);
ASM_OFFSET(struct entry, dirty, ENTRY_DIRTY);
_Static_assert(sizeof(struct entry) == ENTRY_SIZE, "ENTRY_SIZE");

/**
 * enum verdict - of a rule
 * @HOLDS: the loader does as it says
 * @BROKEN: it does not; why has been said
 * @SKIPPED: there is nothing to look at, and kit.reason says why
 */
enum verdict { HOLDS, BROKEN, SKIPPED };

/**
 * struct rule - something that a specification demands
 * @name: the specification, its section, what of it
 * @text: the same for people
 * @check: looks whether it is so
 * @at: for @check: an offset in struct entry, FLAT_*
 * @mask: for @check: the bits that count
 * @value: for @check: what they have to be
 */
struct rule {
	const char *name;
	const char *text;
	enum verdict (*check)(const struct rule *rule);
	u32 at;
	u32 mask;
	u32 value;
};

/**
 * struct group - rules that stand together
 * @prefix: the beginning of their names
 * @rules: the rules
 * @nr: their number
 */
struct group {
	const char *prefix;
	const struct rule *rules;
	u32 nr;
};

#define GROUPS		4

/**
 * struct protocol - a way to call an image
 * @name: for people
 * @kind: by this entry, KIND_*
 * @probe: the stub's own source for it, which says whether it is this one
 * @place: says where the loader's information is, in memory
 * @state: what it demands of the CPU
 * @rules: and of the information; NULL: nothing
 */
struct protocol {
	const char *name;
	u32 kind;
	int (*probe)(const struct ram *ram, const struct handoff *handoff,
		     struct bootinfo *bi);
	void (*place)(struct range *info);
	const struct group *state;
	const struct group *rules;
};

/**
 * struct kit - all that is known
 * @entry: the CPU
 * @handoff: the same as the stub has it
 * @protocol: by which the loader has called
 * @probed: what the probe has returned
 * @info: the memory of the loader's information, without modules; size 0: none
 * @map: the memory map, without overlaps
 * @prefix: of the group that is looked at
 * @reason: why a rule is skipped
 * @bi: what the loader has passed, by the stub's own sources
 */
struct kit {
	struct entry *entry;
	struct handoff handoff;
	const struct protocol *protocol;
	int probed;
	struct range info;
	struct memmap map;
	const char *prefix;
	const char *reason;
	struct bootinfo bi;
};

extern struct kit kit;
extern const struct ram ram;

/* entry.S, conformance.lds */
extern const u32 flat[FLAT_NR];
extern const u32 tail_pattern[TAIL_WORDS];
extern char bss_start[], bss_end[];
extern char image_end[];
void conformance_main(struct entry *entry);
void conformance_exception(const u32 *stack);

/* serial.c */
void serial_init(void);
void serial_write(const char *s, size_t len);
void serial_text(const char *title, const char *text);

/* cksum.c */
int cksum(const struct ram *ram, u64 pa, u64 size, u32 *sum);

/* facts.c */
void facts_entry(void);
void facts_passed(void);

/* rules-machine.c */
enum verdict check_bits(const struct rule *rule);
enum verdict check_flat(const struct rule *rule);
enum verdict check_descriptors(const struct rule *rule);
enum verdict check_mapped(const struct rule *rule);
extern const struct group elf_boot_state, elf_boot_state_64, multiboot_state,
			  multiboot2_state, pvh_state, linux_state_32,
			  linux_state_64;

/* rules-load.c */
extern const struct group load_rules;

/* rules-memory.c */
enum verdict check_passed(const struct rule *rule);
enum verdict check_page_aligned(const struct rule *rule);
extern const struct group memory_rules;

/* rules-multiboot.c and so on */
extern const struct group multiboot_rules, multiboot2_rules, pvh_rules,
			  linux_rules, notes_rules, coreboot_rules;
void multiboot_info_place(struct range *info);
void multiboot2_info_place(struct range *info);
void pvh_info_place(struct range *info);
void linux_info_place(struct range *info);
void notes_info_place(struct range *info);
void coreboot_info_place(struct range *info);

#endif /* __ASSEMBLY__ */
#endif /* TESTS_CONFORMANCE_H */
