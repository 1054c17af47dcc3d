// SPDX-License-Identifier: GPL-2.0
/*
 * kexec_file_load() of any static ELF file: its segments go exactly where they
 * are linked to, those of a crash kernel to its own memory, and it is told by ELF
 * boot notes what there is to know (Documentation/elf-boot.txt).
 */
#define pr_fmt(fmt)	"kexec-elf: " fmt

#include <linux/elf.h>
#include <linux/err.h>
#include <linux/ima.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/kexec.h>
#include <linux/mm.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/setup.h>

#include "kexec/elf-plan.h"
#include "kexec-compat.h"
#include "kexec/kexec-elf.h"
#include "kexec-loaders.h"

#define MIB_1		0x100000
#define GIB_4		0x100000000ULL

/*
 * An i386 kernel wants its initrd below this, x86_64 ones below 2 GiB: with
 * luck nobody has to move it.
 */
#define INITRD_NEAR	0x37fff000

#define NOTES_ROOM	0x10000		/* no image reads more */

/*
 * Initrd, what is handed on, jump with notes, purgatory; a crash kernel's core
 * header, keys, params.
 */
#define OTHER_SEGMENTS	4
#define CRASH_SEGMENTS	3
#define OTHER_PAGES	64		/* without the initrd's */

#define JUMP_SIZE	ALIGN(kexec_elf_jump_end - kexec_elf_jump, 16)

/**
 * struct kexec_elf - memory that is needed until all segments are copied
 * @plan: the file
 * @own: the jump to 32-bit mode, and the notes behind it
 * @own_size: bytes of it
 * @crash: what a crash kernel is told, else NULL
 * @handover: what is handed on to it
 * @filled: parts of the file that had to be put together, or NULL
 */
struct kexec_elf {
	struct elf_plan plan;
	u8 *own;
	u32 own_size;
	struct kexec_elf_crash *crash;
	struct kexec_elf_handover handover;
	void *filled[ELF_PLAN_MAX];
};

static int kexec_elf_x86_cleanup(void *loader_data)
{
	struct kexec_elf *elf = loader_data;
	u32 i;

	if (!elf)
		return 0;
	for (i = 0; i < ELF_PLAN_MAX; i++) {
		vfree(elf->filled[i]);
		elf->filled[i] = NULL;
	}
	/* There is a seed in it. */
	kvfree_sensitive(elf->own, JUMP_SIZE + NOTES_ROOM);
	elf->own = NULL;
	kvfree(elf->handover.buffer);
	elf->handover.buffer = NULL;
	kfree(elf->crash);
	elf->crash = NULL;
	return 0;
}

/*
 * Is it for us? What it is worth is looked at later, as a whole. If it is not,
 * the loader in front of this one has said so already: it has been asked first.
 */
static int kexec_elf_x86_probe(const char *buf, unsigned long len)
{
	if (len < EI_NIDENT || memcmp(buf, ELFMAG, SELFMAG)) {
		pr_debug("not an ELF file\n");
		return -ENOEXEC;
	}
	return 0;
}

/* Where signatures are not looked at the core does not ask for any. */
static bool is_locked_down(void)
{
	return !IS_ENABLED(CONFIG_KEXEC_SIG) &&
	       !ima_appraise_signature(READING_KEXEC_IMAGE) &&
	       security_locked_down(LOCKDOWN_KEXEC);
}

static bool is_crash(const struct kimage *image)
{
	return image->type == KEXEC_TYPE_CRASH;
}

static int check_system(const struct kimage *image)
{
	if (is_crash(image) && !IS_ENABLED(CONFIG_CRASH_DUMP)) {
		pr_err("an ELF file cannot be a crash kernel without CONFIG_CRASH_DUMP\n");
		return -EOPNOTSUPP;
	}
	if (kexec_elf_x86_encrypted()) {
		pr_err("memory is encrypted: there is no way out\n");
		return -EOPNOTSUPP;
	}
	if (is_locked_down()) {
		pr_err("locked down, and this kernel looks at no signatures\n");
		return -EPERM;
	}
	return 0;
}

/*
 * The stub cuts a command line where the kernel would: nobody boots with less
 * than he was told. The size counts the NUL.
 */
static int check_cmdline(unsigned long size)
{
	if (size <= COMMAND_LINE_SIZE)
		return 0;
	pr_err("the command line has %lu bytes, %d is the limit\n", size - 1,
	       COMMAND_LINE_SIZE - 1);
	return -EINVAL;
}

static int check_pages(const struct kimage *image, u64 pages)
{
	const struct resource *region = kexec_elf_x86_region(image);
	u64 limit = totalram_pages() / 2;

	if (region)
		limit = resource_size(region) >> PAGE_SHIFT;
	if (pages <= limit)
		return 0;
	pr_err("it needs %llu pages, and has %llu, %s\n", pages, limit,
	       region ? "all of the crash kernel's memory" : "half of memory");
	return region ? -EADDRNOTAVAIL : -ENOMEM;
}

/*
 * The core has the same limits: half of memory, or a crash kernel's own, and so
 * many segments. It would tell when all is done, and not what is wrong. What is
 * put together first is in memory twice, but not in a crash kernel's own.
 */
static int check_size(const struct kimage *image, const struct elf_plan *plan,
		      unsigned long initrd_len)
{
	u64 pages = OTHER_PAGES + (PAGE_ALIGN(initrd_len) >> PAGE_SHIFT);
	u32 i;

	if (image->nr_segments + plan->nr_parts + OTHER_SEGMENTS +
	    is_crash(image) * CRASH_SEGMENTS > KEXEC_SEGMENT_MAX) {
		pr_err("too many segments for kexec\n");
		return -ENOEXEC;
	}
	for (i = 0; i < image->nr_segments; i++)
		pages += image->segment[i].memsz >> PAGE_SHIFT;
	for (i = 0; i < plan->nr_parts; i++) {
		const struct elf_part *part = &plan->part[i];

		pages += part->size >> PAGE_SHIFT;
		if (!is_crash(image) && !elf_plan_in_place(plan, part))
			pages += PAGE_ALIGN(part->filled) >> PAGE_SHIFT;
	}
	return check_pages(image, pages);
}

static void *fill(const struct elf_plan *plan, const struct elf_part *part,
		  const char *kernel)
{
	void *buffer = __vmalloc(part->filled, GFP_KERNEL | __GFP_NOWARN);

	if (buffer)
		elf_plan_fill(plan, part, kernel, buffer);
	return buffer;
}

static int add_part(struct kimage *image, struct kexec_elf *elf, u32 i,
		    char *kernel)
{
	const struct elf_part *part = &elf->plan.part[i];
	struct kexec_buf kbuf = {
		.image = image,
		.buffer = kernel + elf->plan.segment[part->first].offset,
		.bufsz = part->filled,
		.memsz = part->size,
	};
	int ret;

	if (part->filled && !elf_plan_in_place(&elf->plan, part)) {
		elf->filled[i] = fill(&elf->plan, part, kernel);
		if (!elf->filled[i])
			return -ENOMEM;
		kbuf.buffer = elf->filled[i];
	}
	ret = kexec_elf_x86_add_fixed(&kbuf, part->start);
	if (ret)
		pr_err("no place at 0x%llx, size 0x%llx%s: %d\n", part->start,
		       part->size, kexec_elf_x86_area_name(image), ret);
	return ret;
}

static int add_parts(struct kimage *image, struct kexec_elf *elf, char *kernel)
{
	u32 i;
	int ret;

	for (i = 0; i < elf->plan.nr_parts; i++) {
		ret = add_part(image, elf, i, kernel);
		if (ret)
			return ret;
	}
	return 0;
}

/* What is 32-bit reaches no more. */
static int add_initrd(struct kimage *image, const struct elf_plan *plan,
		      char *initrd, unsigned long size,
		      struct kexec_elf_told *told)
{
	const u64 limits[] = { INITRD_NEAR, GIB_4, plan->is_64 ? ULONG_MAX : 0 };
	struct kexec_buf kbuf = {
		.image = image, .buffer = initrd, .bufsz = size, .memsz = size,
	};
	int ret = -EADDRNOTAVAIL;
	u32 i;

	if (!size)
		return 0;
	for (i = 0; i < ARRAY_SIZE(limits) && limits[i]; i++) {
		ret = kexec_elf_x86_add_below(&kbuf, limits[i]);
		if (ret != -EADDRNOTAVAIL)
			break;
	}
	if (ret)
		pr_err("no room for the initrd, size 0x%lx: %d\n", size, ret);
	told->initrd = kbuf.mem;
	told->initrd_size = size;
	return ret;
}

/* The jump, and the notes behind it. */
static int make_own(struct kexec_elf *elf, const struct kexec_elf_told *told)
{
	u32 notes;

	elf->own = kvzalloc(JUMP_SIZE + NOTES_ROOM, GFP_KERNEL);
	if (!elf->own)
		return -ENOMEM;
	memcpy(elf->own, kexec_elf_jump, kexec_elf_jump_end - kexec_elf_jump);
	notes = kexec_elf_x86_make_notes(told, elf->own + JUMP_SIZE, NOTES_ROOM);
	if (!notes) {
		pr_err("command line and memory map are too long\n");
		return -E2BIG;
	}
	elf->own_size = JUMP_SIZE + notes;
	return 0;
}

/* Now that there is an address for it. */
static void finish_own(struct kexec_elf *elf, u64 start)
{
	struct kexec_elf_words words = {
		.entry = elf->plan.entry,
		.notes = start + JUMP_SIZE,
		.ebp = elf->plan.ebp,
	};

	memcpy(elf->own + (kexec_elf_jump_words - kexec_elf_jump), &words,
	       sizeof(words));
}

static int add_own(struct kimage *image, struct kexec_elf *elf, u64 *start)
{
	struct kexec_buf kbuf = {
		.image = image, .buffer = elf->own, .bufsz = elf->own_size,
		.memsz = elf->own_size,
	};
	/* Who has boot_params can do without. */
	bool anywhere = elf->crash && elf->plan.is_64;
	int ret = kexec_elf_x86_add_below(&kbuf, anywhere ? ULONG_MAX : GIB_4);

	if (ret) {
		pr_err("no room for the boot notes: %d\n", ret);
		return ret;
	}
	*start = kbuf.mem;
	finish_own(elf, kbuf.mem);
	return 0;
}

/*
 * The purgatory's way out: a 64-bit program finds its notes in RDI, a crash
 * kernel boot_params in RSI, as a stub has no business above 4 GiB; a 32-bit one
 * is entered by our jump.
 */
static int set_exit(struct kimage *image, const struct elf_plan *plan,
		    u64 own, u64 params)
{
	void *stack = kexec_purgatory_get_symbol_addr(image, "stack_end");
	struct kexec_entry64_regs regs = {};

	if (IS_ERR(stack))
		return PTR_ERR(stack);
	regs.rsp = (unsigned long)stack;
	regs.rip = own;
	if (plan->is_64) {
		regs.rip = plan->entry;
		regs.rdi = own + JUMP_SIZE;
		regs.rsi = params;
	}
	return kexec_purgatory_get_set_symbol(image, "entry64_regs", &regs,
					      sizeof(regs), false);
}

/* Last: it goes where nothing else is, and leaves low memory to the BIOS. */
static int add_purgatory(struct kimage *image, const struct elf_plan *plan,
			 u64 own, u64 params)
{
	struct kexec_buf kbuf = {
		.image = image, .buf_min = MIB_1, .buf_max = ULONG_MAX,
		.top_down = true,
	};
	int ret = kexec_load_purgatory(image, &kbuf);

	if (!ret)
		ret = set_exit(image, plan, own, params);
	if (ret)
		pr_err("the purgatory cannot be loaded: %d\n", ret);
	return ret;
}

/* Before there is anything else: all goes around what is added here. */
static int begin_crash(struct kimage *image, struct kexec_elf *elf,
		       struct kexec_elf_told *told)
{
	struct kexec_elf_crash *crash;

	if (!is_crash(image))
		return 0;
	crash = kexec_elf_x86_begin_crash(image, told->cmdline ?: "");
	if (IS_ERR(crash))
		return PTR_ERR(crash);
	elf->crash = crash;
	told->crash = crash;
	told->cmdline = crash->cmdline;
	return 0;
}

static int add_told(struct kimage *image, struct kexec_elf *elf,
		    const struct kexec_elf_told *told)
{
	u64 own, params = 0;
	int ret = kexec_elf_x86_add_handover(image, &elf->handover);

	if (!ret)
		ret = make_own(elf, told);
	if (!ret)
		ret = add_own(image, elf, &own);
	if (!ret && elf->crash && elf->plan.is_64)
		ret = kexec_elf_x86_add_params(image, elf->crash, told,
					       &params);
	if (!ret)
		ret = add_purgatory(image, &elf->plan, own, params);
	return ret;
}

static int load(struct kimage *image, struct kexec_elf *elf, char *kernel,
		unsigned long kernel_len, char *initrd,
		unsigned long initrd_len, const char *cmdline)
{
	struct kexec_elf_told told = {
		.cmdline = cmdline, .image = image, .handover = &elf->handover,
	};
	int ret;

	elf->handover.nr_others = image->nr_segments;

	kernel_len = kexec_elf_x86_signed_size(kernel, kernel_len);
	if (elf_plan_make(kernel, kernel_len, &elf->plan)) {
		pr_err("%s\n", elf->plan.error);
		return -ENOEXEC;
	}
	ret = check_size(image, &elf->plan, initrd_len);
	if (!ret)
		ret = begin_crash(image, elf, &told);
	if (!ret)
		ret = kexec_elf_x86_move(image, kernel, &elf->plan);
	if (!ret)
		ret = add_parts(image, elf, kernel);
	if (!ret)
		ret = add_initrd(image, &elf->plan, initrd, initrd_len, &told);
	if (!ret)
		ret = add_told(image, elf, &told);
	return ret;
}

static void *kexec_elf_x86_load(struct kimage *image, char *kernel,
				unsigned long kernel_len, char *initrd,
				unsigned long initrd_len, char *cmdline,
				unsigned long cmdline_len)
{
	struct kexec_elf *elf;
	int ret = check_system(image);

	if (!ret)
		ret = check_cmdline(cmdline_len);
	if (ret)
		return ERR_PTR(ret);
	elf = kzalloc(sizeof(*elf), GFP_KERNEL);
	if (!elf)
		return ERR_PTR(-ENOMEM);
	ret = load(image, elf, kernel, kernel_len, initrd, initrd_len,
		   cmdline_len ? cmdline : NULL);
	if (!ret)
		return elf;
	kexec_elf_x86_cleanup(elf);
	kfree(elf);
	return ERR_PTR(ret);
}

const struct kexec_file_ops kexec_elf_x86_ops = {
	.probe = kexec_elf_x86_probe,
	.load = kexec_elf_x86_load,
	.cleanup = kexec_elf_x86_cleanup,
#ifdef CONFIG_KEXEC_ELF_X86_VERIFY_SIG
	.verify_sig = kexec_elf_x86_verify_sig,
#endif
};
