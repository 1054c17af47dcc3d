/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The loader of ELF files for kexec_file_load(), by file.
 */
#ifndef ELFBOOT_KEXEC_ELF_H
#define ELFBOOT_KEXEC_ELF_H

/* What kexec-elf-jump.S wants to know: offsets in struct kexec_elf_words. */
#define KEXEC_ELF_ENTRY		0
#define KEXEC_ELF_NOTES		4
#define KEXEC_ELF_WORDS_SIZE	8

#ifndef __ASSEMBLY__

#include <linux/kexec.h>
#include <linux/stddef.h>
#include <linux/types.h>

struct boot_notes;

/**
 * struct kexec_elf_told - what the image is told besides what all images are
 * @cmdline: the command line, NULL if there is none
 * @initrd: physical address of the initrd
 * @initrd_size: bytes of it, 0 if there is none
 */
struct kexec_elf_told {
	const char *cmdline;
	u64 initrd;
	u64 initrd_size;
};

/**
 * struct kexec_elf_words - what the jump to 32-bit mode wants to know
 * @entry: physical address
 * @notes: and that of the notes
 */
struct kexec_elf_words {
	u32 entry;
	u32 notes;
};

_Static_assert(offsetof(struct kexec_elf_words, entry) == KEXEC_ELF_ENTRY,
	       "KEXEC_ELF_ENTRY");
_Static_assert(offsetof(struct kexec_elf_words, notes) == KEXEC_ELF_NOTES,
	       "KEXEC_ELF_NOTES");
_Static_assert(sizeof(struct kexec_elf_words) == KEXEC_ELF_WORDS_SIZE,
	       "KEXEC_ELF_WORDS_SIZE");

/* kexec-elf-jump.S: a piece of code, struct kexec_elf_words, all of it */
extern const u8 kexec_elf_jump[];
extern const u8 kexec_elf_jump_words[];
extern const u8 kexec_elf_jump_end[];

/* kexec-elf-notes.c */
u32 kexec_elf_x86_make_notes(const struct kexec_elf_told *told, void *block,
			     u32 room);

/* kexec-elf-place.c */
int kexec_elf_x86_add_fixed(struct kexec_buf *kbuf, u64 start);
int kexec_elf_x86_add_below(struct kexec_buf *kbuf, u64 limit);

#endif /* __ASSEMBLY__ */
#endif /* ELFBOOT_KEXEC_ELF_H */
