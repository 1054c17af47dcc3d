/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Load options: what we are told, in UTF-16 (options.c). Pure.
 */
#ifndef ELFBOOT_EFI_OPTIONS_H
#define ELFBOOT_EFI_OPTIONS_H

#include "base.h"

/* No kernel sees more; the NUL counts (COMMAND_LINE_SIZE). */
#define CMDLINE_SIZE	2048

/**
 * struct word - a piece of UTF-16 text
 * @text: where it is
 * @len: characters
 */
struct word {
	const u16 *text;
	u32 len;
};

/**
 * struct cmdline_words - what of the options is the command line
 * @rest: the options, without our own name
 * @with_kernel: the first word that is no initrd= is part of it, and not the
 *		 name of a file
 */
struct cmdline_words {
	struct word rest;
	bool with_kernel;
};

const char *options_check(const void *options, u32 size, struct word *text);
bool options_next(struct word *rest, struct word *word);
bool options_is_initrd(const struct word *word, struct word *file);
bool options_take_profile(struct word *rest, struct word *word, u32 *profile);
void options_skip_name(struct word *rest, const struct word *own);
bool options_find_kernel(struct word rest, struct word *kernel);
u32 options_cmdline(const struct cmdline_words *words, char *buffer, u32 room);

#endif /* ELFBOOT_EFI_OPTIONS_H */
