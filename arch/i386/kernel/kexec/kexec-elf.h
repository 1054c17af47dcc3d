/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The loader of ELF files for kexec_file_load(), by file.
 */
#ifndef ELFBOOT_KEXEC_ELF_H
#define ELFBOOT_KEXEC_ELF_H

/* What kexec-elf-jump.S wants to know: offsets in struct kexec_elf_words. */
#define KEXEC_ELF_ENTRY		0
#define KEXEC_ELF_NOTES		4
#define KEXEC_ELF_EBP		8
#define KEXEC_ELF_WORDS_SIZE	12

#ifndef __ASSEMBLY__

#include <linux/err.h>
#include <linux/kexec.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <asm/bootparam.h>
#include <asm/setup.h>

struct boot_notes;
struct e820_entry;
struct elf_plan;
struct kept_memory;

/**
 * struct kexec_elf_crash - what a crash kernel is told
 * @params: memory map, screen, RSDP; all of it for one that is entered in 64-bit
 *	    mode
 * @cmdline: its command line
 */
struct kexec_elf_crash {
	struct boot_params params;
	char cmdline[COMMAND_LINE_SIZE];
};

/**
 * struct kexec_elf_handover - what is handed on to the image
 * @nr_others: segments that the core has added, and which the nodes lead to
 * @buffer: the nodes, and UEFI's memory map; NULL: there is nothing to hand on
 * @used: bytes of it so far
 * @start: where it goes, physical
 * @size: bytes there
 * @first: physical address of the first node
 * @efi_map: physical address of UEFI's memory map
 * @efi_map_size: bytes of it, 0: there is none
 * @efi_desc_size: bytes of a descriptor in it
 */
struct kexec_elf_handover {
	u32 nr_others;
	void *buffer;
	u32 used;
	u64 start;
	u64 size;
	u64 first;
	u64 efi_map;
	u32 efi_map_size;
	u32 efi_desc_size;
};

/**
 * struct kexec_elf_told - what the image is told besides what all images are
 * @cmdline: the command line, NULL if there is none
 * @crash: the same for a crash kernel, and its memory map; else NULL
 * @image: where it is being loaded
 * @handover: what is handed on
 * @initrd: physical address of the initrd
 * @initrd_size: bytes of it, 0 if there is none
 */
struct kexec_elf_told {
	const char *cmdline;
	const struct kexec_elf_crash *crash;
	const struct kimage *image;
	const struct kexec_elf_handover *handover;
	u64 initrd;
	u64 initrd_size;
};

/**
 * struct kexec_elf_words - what the jump to 32-bit mode wants to know
 * @entry: physical address
 * @notes: and that of the notes
 * @ebp: what EBP is to be
 */
struct kexec_elf_words {
	u32 entry;
	u32 notes;
	u32 ebp;
};

_Static_assert(offsetof(struct kexec_elf_words, entry) == KEXEC_ELF_ENTRY,
	       "KEXEC_ELF_ENTRY");
_Static_assert(offsetof(struct kexec_elf_words, notes) == KEXEC_ELF_NOTES,
	       "KEXEC_ELF_NOTES");
_Static_assert(offsetof(struct kexec_elf_words, ebp) == KEXEC_ELF_EBP,
	       "KEXEC_ELF_EBP");
_Static_assert(sizeof(struct kexec_elf_words) == KEXEC_ELF_WORDS_SIZE,
	       "KEXEC_ELF_WORDS_SIZE");

/* kexec-elf-jump.S: a piece of code, struct kexec_elf_words, all of it */
extern const u8 kexec_elf_jump[];
extern const u8 kexec_elf_jump_words[];
extern const u8 kexec_elf_jump_end[];

/* kexec-elf-notes.c */
u32 kexec_elf_x86_make_notes(const struct kexec_elf_told *told, void *block,
			     u32 room);

u64 kexec_elf_x86_find_rsdp(void);
u32 kexec_elf_x86_type(const struct e820_entry *entry);

/* kexec-elf-handover.c */
int kexec_elf_x86_add_handover(struct kimage *image,
			       struct kexec_elf_handover *handover);
u32 kexec_elf_x86_keep(const struct kimage *image,
		       const struct kexec_elf_handover *handover,
		       struct kept_memory *kept);

/* kexec-elf-place.c */
bool kexec_elf_x86_overlaps(const struct kimage *image, u64 start, u64 end);
int kexec_elf_x86_add_fixed(struct kexec_buf *kbuf, u64 start);
int kexec_elf_x86_add_below(struct kexec_buf *kbuf, u64 limit);
bool kexec_elf_x86_area(const struct kimage *image, u32 i,
			struct resource *area);
const char *kexec_elf_x86_area_name(const struct kimage *image);

/* kexec-elf-move.c */
int kexec_elf_x86_move(const struct kimage *image, void *file,
		       struct elf_plan *plan);

#define KEXEC_ELF_NOWHERE	(~0ULL)

/* kexec-elf-signature.c: IMA may have verified it where we do not */
#ifdef CONFIG_MODULE_SIG_FORMAT
int kexec_elf_x86_verify_sig(const char *kernel, unsigned long kernel_len);
unsigned long kexec_elf_x86_signed_size(const char *kernel,
					unsigned long kernel_len);
#else
static inline unsigned long kexec_elf_x86_signed_size(const char *kernel,
						      unsigned long kernel_len)
{
	return kernel_len;
}
#endif

/* kexec-elf-crash.c */
#ifdef CONFIG_CRASH_DUMP
struct kexec_elf_crash *kexec_elf_x86_begin_crash(struct kimage *image,
						  const char *cmdline);
int kexec_elf_x86_add_params(struct kimage *image,
			     struct kexec_elf_crash *crash,
			     const struct kexec_elf_told *told, u64 *start);

/* Where all of it has to be, NULL: in any RAM. */
static inline struct resource *kexec_elf_x86_region(const struct kimage *image)
{
	return image->type == KEXEC_TYPE_CRASH ? &crashk_res : NULL;
}
#else
static inline struct kexec_elf_crash *
kexec_elf_x86_begin_crash(struct kimage *image, const char *cmdline)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static inline int kexec_elf_x86_add_params(struct kimage *image,
					   struct kexec_elf_crash *crash,
					   const struct kexec_elf_told *told,
					   u64 *start)
{
	return -EOPNOTSUPP;
}

static inline struct resource *kexec_elf_x86_region(const struct kimage *image)
{
	return NULL;
}
#endif

#endif /* __ASSEMBLY__ */
#endif /* ELFBOOT_KEXEC_ELF_H */
