// SPDX-License-Identifier: GPL-2.0
/*
 * What elfboot.efi reads: the headers of a PE image (sections.c), and load
 * options, which a firmware's boot manager may have filled with anything
 * (options.c); and a TPM's log (tests/fuzz/event-log.c).
 */
#include <string.h>

#include "fuzz.h"
#include "options.h"
#include "poison.h"
#include "sections.h"

static bool is_inside(const struct section *section, const u8 *image,
		      size_t size)
{
	return !section->size ||
	       (section->data >= image && section->data <= image + size &&
		section->size <= (size_t)(image + size - section->data));
}

static void run_sections(const uint8_t *data, size_t size)
{
	u8 *image = allocate(size);
	struct own_sections own;

	memcpy(image, data, size);
	sections_find(image, size, size % 3, &own);
	must(is_inside(&own.linux_elf, image, size));
	must(is_inside(&own.cmdline, image, size));
	must(is_inside(&own.ucode, image, size));
	must(is_inside(&own.initrd, image, size));
	free(image);
}

/* A byte that begins no character, or does not go on with one, is an error. */
static bool is_utf8(const char *text)
{
	const u8 *c = (const u8 *)text;
	u32 more;

	for (; *c; c++) {
		if (*c < ' ' && *c != '\t')
			return false;
		if (*c < 0x80)
			continue;
		if (*c < 0xc2 || *c > 0xf4)
			return false;
		more = *c < 0xe0 ? 1 : *c < 0xf0 ? 2 : 3;
		for (; more; more--)
			if ((*++c & 0xc0) != 0x80)
				return false;
	}
	return true;
}

static void check_cmdline(const struct word *rest, bool with_kernel)
{
	struct cmdline_words words = { *rest, with_kernel };
	char one[1];
	u32 size = options_cmdline(&words, one, sizeof(one));
	char *buffer = (char *)allocate(size);

	must(!*one);
	must(options_cmdline(&words, buffer, size) == size);
	must(strlen(buffer) == size - 1);
	must(is_utf8(buffer));
	free(buffer);
}

/* Every character is in one word, or a blank between them. */
static void check_words(struct word rest)
{
	const u16 *at = rest.text, *end = rest.text + rest.len;
	struct word word, file;

	while (options_next(&rest, &word)) {
		must(word.text >= at && word.len);
		at = word.text + word.len;
		must(at <= end && rest.text == at);
		if (options_is_initrd(&word, &file))
			must(file.text + file.len <= at && file.len <= word.len);
	}
	must(!rest.len);
}

/* The first byte: how many characters of the rest are our own name. */
static void run_options(const uint8_t *data, size_t size)
{
	u32 own_size = size ? *data * 2 : 0, profile;
	struct word rest, kernel, own;
	u8 *name, *options;
	bool found;

	if (!size-- || own_size > size)
		return;
	data++;
	name = allocate(own_size);
	memcpy(name, data, own_size);
	own = (struct word){ (const u16 *)name, own_size / 2 };
	size -= own_size;
	options = allocate(size);
	memcpy(options, data + own_size, size);
	if (options_check(options, size, &rest)) {
		must(!rest.len);
	} else {
		must(rest.len <= size / 2);
		options_skip_name(&rest, &own);
		if (options_take_profile(&rest, &kernel, &profile))
			must(kernel.len >= 2);
		found = options_find_kernel(rest, &kernel);
		must(!found || kernel.text >= rest.text);
		check_words(rest);
		check_cmdline(&rest, true);
		check_cmdline(&rest, false);
	}
	free(options);
	free(name);
}

const struct driver drivers[] = {
	{ "efi-sections",	run_sections },
	{ "efi-options",	run_options },
	{ "efi-event-log",	event_log_run },
	{ NULL, NULL }
};
