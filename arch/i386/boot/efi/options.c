// SPDX-License-Identifier: GPL-2.0
/*
 * Load options (UEFI Specification 2.10, section 9.1): words between blanks,
 * in UTF-16. Boot managers of firmware leave bytes of their own there, which
 * are no text at all.
 *
 *	[elfbootx64.efi] [@PROFILE] [initrd=FILE]... [KERNEL] WORD...
 *
 * Blanks between double quotes are part of a word.
 */
#include "options.h"

#define UTF16_HIGH	0xd800
#define UTF16_LOW	0xdc00
#define UTF16_END	0xe000
#define REPLACEMENT	0xfffd

static bool is_blank(u16 c)
{
	return c == ' ' || c == '\t';
}

static u16 lower(u16 c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/**
 * options_check - are load options text?
 * @options: the bytes
 * @size: how many
 * @text: result: the text, without a NUL and what may follow it; empty if it is
 *	  none
 *
 * Return: NULL, or why they cannot be text.
 */
const char *options_check(const void *options, u32 size, struct word *text)
{
	const u16 *c = options;
	u32 i;

	*text = (struct word){ c, 0 };
	if (!c || !size)
		return NULL;
	if (size % sizeof(*c))
		return "an odd number of bytes";
	for (i = 0; i < size / sizeof(*c) && c[i]; i++)
		if ((c[i] < ' ' && c[i] != '\t') || c[i] == 0x7f)
			return "a control character is in them";
	text->len = i;
	return NULL;
}

/**
 * options_next - take the next word
 * @rest: the text; what is behind the word is left
 * @word: result
 *
 * Return: true, or false if there is none.
 */
bool options_next(struct word *rest, struct word *word)
{
	bool quoted = false;

	while (rest->len && is_blank(*rest->text)) {
		rest->text++;
		rest->len--;
	}
	*word = (struct word){ rest->text, 0 };
	while (rest->len && (quoted || !is_blank(*rest->text))) {
		if (*rest->text == '"')
			quoted = !quoted;
		rest->text++;
		rest->len--;
		word->len++;
	}
	return word->len;
}

/* A file's name may stand in quotes. */
static struct word unquoted(struct word word)
{
	if (word.len >= 2 && word.text[0] == '"' &&
	    word.text[word.len - 1] == '"') {
		word.text++;
		word.len -= 2;
	}
	return word;
}

/**
 * options_is_initrd - does a word name an initrd?
 * @word: the word
 * @file: result: name of the file
 *
 * Return: true if it does.
 */
bool options_is_initrd(const struct word *word, struct word *file)
{
	static const char key[] = "initrd=";
	const u32 len = sizeof(key) - 1;
	u32 i;

	if (word->len < len)
		return false;
	for (i = 0; i < len; i++)
		if (word->text[i] != (u8)key[i])
			return false;
	*file = unquoted((struct word){ word->text + len, word->len - len });
	return true;
}

/* More than this many profiles do not fit into a PE file. */
#define PROFILES_MAX	65535

/**
 * options_take_profile - take the number of a profile off
 * @rest: the options, without our own name; systemd-boot puts it in front of all else
 * @word: result: the word that it is, "@" and a number
 * @profile: result: the number, or more than there can be
 *
 * Return: true if there is one.
 */
bool options_take_profile(struct word *rest, struct word *word, u32 *profile)
{
	struct word left = *rest;
	u32 i;

	if (!options_next(&left, word) || word->len < 2 || word->text[0] != '@')
		return false;
	*profile = 0;
	for (i = 1; i < word->len; i++) {
		u16 c = word->text[i];

		if (c < '0' || c > '9')
			return false;
		if (*profile <= PROFILES_MAX)
			*profile = *profile * 10 + (c - '0');
	}
	*rest = left;
	return true;
}

/* Behind all directories and the volume. */
static struct word last_part(struct word path)
{
	u32 i;

	path = unquoted(path);
	for (i = path.len; i; i--) {
		u16 c = path.text[i - 1];

		if (c == '\\' || c == '/' || c == ':')
			break;
	}
	return (struct word){ path.text + i, path.len - i };
}

/* Is there ".efi" at the end? If so take it off. */
static bool strip_efi(struct word *name)
{
	static const char suffix[] = ".efi";
	const u32 len = sizeof(suffix) - 1;
	u32 i;

	if (name->len <= len)
		return false;
	for (i = 0; i < len; i++)
		if (lower(name->text[name->len - len + i]) != (u8)suffix[i])
			return false;
	name->len -= len;
	return true;
}

/* "root=/dev/vg/debian" is not debian.efi. */
static bool is_option(const struct word *word)
{
	u32 i;

	for (i = 0; i < word->len; i++)
		if (word->text[i] == '=')
			return true;
	return false;
}

static bool is_same(const struct word *a, const struct word *b)
{
	u32 i;

	for (i = 0; i < a->len && i < b->len; i++)
		if (lower(a->text[i]) != lower(b->text[i]))
			return false;
	return a->len == b->len;
}

/**
 * options_skip_name - take our own name off
 * @rest: the options; shells and iPXE put our name in front
 * @own: path of the file that we have been loaded from, or empty
 *
 * Nobody loads a kernel whose name ends with ".efi" by us.
 */
void options_skip_name(struct word *rest, const struct word *own)
{
	struct word left = *rest, name = last_part(*own), word;

	if (!options_next(&left, &word) || is_option(&word))
		return;
	word = last_part(word);
	strip_efi(&name);
	if (strip_efi(&word) || (word.len && is_same(&word, &name)))
		*rest = left;
}

/**
 * options_find_kernel - which file is to be loaded?
 * @rest: the options without our own name
 * @kernel: result: its name
 *
 * Return: true, or false if no word names one.
 */
bool options_find_kernel(struct word rest, struct word *kernel)
{
	struct word word, file;

	while (options_next(&rest, &word)) {
		if (options_is_initrd(&word, &file))
			continue;
		*kernel = unquoted(word);
		return true;
	}
	return false;
}

struct output {
	char *buffer;
	u32 room;
	u32 len;
};

static void put(struct output *out, u8 byte)
{
	if (out->len < out->room)
		out->buffer[out->len] = byte;
	out->len++;
}

/* UTF-8 of a code point. */
static void put_utf8(struct output *out, u32 c)
{
	if (c < 0x80) {
		put(out, c);
		return;
	}
	if (c < 0x800) {
		put(out, 0xc0 | c >> 6);
	} else if (c < 0x10000) {
		put(out, 0xe0 | c >> 12);
		put(out, 0x80 | (c >> 6 & 0x3f));
	} else {
		put(out, 0xf0 | c >> 18);
		put(out, 0x80 | (c >> 12 & 0x3f));
		put(out, 0x80 | (c >> 6 & 0x3f));
	}
	put(out, 0x80 | (c & 0x3f));
}

static bool is_between(u32 c, u32 start, u32 end)
{
	return c >= start && c < end;
}

/* Half of a pair is no character. */
static void put_text(struct output *out, const u16 *text, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++) {
		u32 c = text[i];

		if (is_between(c, UTF16_HIGH, UTF16_LOW) && i + 1 < len &&
		    is_between(text[i + 1], UTF16_LOW, UTF16_END)) {
			c = 0x10000 + ((c - UTF16_HIGH) << 10) +
			    (text[++i] - UTF16_LOW);
		} else if (is_between(c, UTF16_HIGH, UTF16_END)) {
			c = REPLACEMENT;
		}
		put_utf8(out, c);
	}
}

/**
 * options_cmdline - the kernel's command line
 * @words: what it is made of: all words but initrd= and, as the case may be,
 *	   the kernel's name, and the blanks in front of each
 * @buffer: result, in UTF-8, with a NUL
 * @room: bytes there, not 0
 *
 * Return: bytes with the NUL; if that is more than @room, the result is cut.
 */
u32 options_cmdline(const struct cmdline_words *words, char *buffer, u32 room)
{
	struct output out = { .buffer = buffer, .room = room };
	struct word rest = words->rest, word, file;
	const u16 *end = rest.text;
	bool skip = !words->with_kernel;

	for (; options_next(&rest, &word); end = word.text + word.len) {
		if (options_is_initrd(&word, &file))
			continue;
		if (skip) {
			skip = false;
			continue;
		}
		if (out.len)
			put_text(&out, end, word.text - end);
		put_text(&out, word.text, word.len);
	}
	put(&out, '\0');
	buffer[room - 1] = '\0';
	return out.len;
}
