/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last steps, which are taken when nobody's memory but ours is left
 * (jump.S).
 */
#ifndef ELFBOOT_EFI_JUMP_H
#define ELFBOOT_EFI_JUMP_H

/* Offsets in struct jump_words. */
#define JUMP_ENTRY		0
#define JUMP_NOTES		4
#define JUMP_TABLES		8
#define JUMP_MOVES		12

/* Where the stack ends, from the code's beginning: the code itself is read-only. */
#define JUMP_STACK		(2 * 4096)

#define JUMP_MOVES_MAX		16
#define JUMP_WORDS_SIZE		(JUMP_MOVES + 16 * (JUMP_MOVES_MAX + 1))

#ifndef __ASSEMBLY__

#include "base.h"

/**
 * struct jump_move - what comes to its place
 * @to: physical address
 * @from: where it is; the two do not overlap
 * @size: bytes of it
 * @zero: bytes behind it that become 0
 */
struct jump_move {
	u32 to;
	u32 from;
	u32 size;
	u32 zero;
};

/**
 * struct jump_words - what the last steps are
 * @entry: physical address
 * @notes: and that of the notes
 * @tables: page tables that map all of it one to one: the image is entered in
 *	    64-bit mode; or 0
 * @move: an entry with neither @size nor @zero is behind the last
 */
struct jump_words {
	u32 entry;
	u32 notes;
	u32 tables;
	struct jump_move move[JUMP_MOVES_MAX + 1];
};

ASM_OFFSET(struct jump_words, entry, JUMP_ENTRY);
ASM_OFFSET(struct jump_words, notes, JUMP_NOTES);
ASM_OFFSET(struct jump_words, tables, JUMP_TABLES);
ASM_OFFSET(struct jump_words, move, JUMP_MOVES);
_Static_assert(sizeof(struct jump_words) == JUMP_WORDS_SIZE, "JUMP_WORDS_SIZE");

/* A piece of code, struct jump_words, all of it. */
extern const u8 jump_code[];
extern const u8 jump_code_words[];
extern const u8 jump_code_end[];

/* Go there: a copy of jump_code below 4 GiB, words filled in. */
void __noreturn jump_enter(void *code);

/* Can this CPU run 64-bit code? */
bool jump_has_64(void);

#endif /* __ASSEMBLY__ */
#endif /* ELFBOOT_EFI_JUMP_H */
