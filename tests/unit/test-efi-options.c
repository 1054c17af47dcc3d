// SPDX-License-Identifier: GPL-2.0
/*
 * Load options (options.c): text or not, our own name, the kernel's, initrds,
 * and the command line that is left.
 */
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "options.h"
#include "poison.h"

static struct word word_of(const u16 *text)
{
	struct word word = { text, 0 };

	while (text[word.len])
		word.len++;
	return word;
}

/* A copy that ends where the sanitizer sees it. */
static struct word exact(const u16 *text)
{
	struct word word = word_of(text);
	u8 *copy = allocate(2 * word.len);

	memcpy(copy, text, 2 * word.len);
	word.text = (const u16 *)copy;
	return word;
}

static const struct {
	const char *name;
	const u16 *options;
	const u16 *own;
	const u16 *kernel;
	const char *cmdline;		/* without the kernel's name */
	const char *composed;		/* with it */
} cases[] = {
	{ "a shell's", u"elfbootx64.efi vm console=ttyS0  quiet", u"\\elfbootx64.efi",
	  u"vm", "console=ttyS0  quiet", "vm console=ttyS0  quiet" },
	{ "our name without its end", u"ELFBOOTX64 vm a", u"\\EFI\\elfbootx64.efi",
	  u"vm", "a", "vm a" },
	{ "our name with volume and path", u"fs0:\\EFI\\x.EFI vm", u"", u"vm", "", "vm" },
	{ "no name of ours", u"vm a b", u"\\elfbootx64.efi", u"vm", "a b", "vm a b" },
	{ "an option whose value is our name", u"root=/dev/vg/debian vm a",
	  u"\\EFI\\Linux\\debian.efi", u"root=/dev/vg/debian", "vm a",
	  "root=/dev/vg/debian vm a" },
	{ "an option whose value ends like our name", u"initrd=\\i.efi vm",
	  u"\\elfbootx64.efi", u"vm", "", "vm" },
	{ "initrd first, systemd-boot's way", u"initrd=\\i initrd=/j vm a",
	  u"\\elfbootx64.efi", u"vm", "a", "vm a" },
	{ "initrd in between", u"vm a  initrd=i b", u"x", u"vm", "a b", "vm a b" },
	{ "quotes", u"\"my vm\" a=\"b initrd=c\" initrd=\"d e\"", u"x", u"my vm",
	  "a=\"b initrd=c\"", "\"my vm\" a=\"b initrd=c\"" },
	{ "an open quote", u"vm a=\"b c", u"x", u"vm", "a=\"b c", "vm a=\"b c" },
	{ "blanks only", u" \t ", u"x", NULL, "", "" },
	{ "nothing", u"", u"x", NULL, "", "" },
	{ "our name only", u"x.efi", u"x.efi", NULL, "", "" },
	{ "two, three, four bytes of UTF-8", u"vm \u00e4\u20ac\U0001f427", u"x",
	  u"vm", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7",
	  "vm \xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7" },
};

static bool same_text(struct word a, const u16 *b)
{
	struct word other = word_of(b);

	return a.len == other.len && !memcmp(a.text, b, 2 * a.len);
}

static void test_cases(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct word text = exact(cases[i].options), rest = text;
		struct word own = exact(cases[i].own), kernel;
		struct cmdline_words words;
		char *buffer = (char *)allocate(CMDLINE_SIZE);
		bool found;

		options_skip_name(&rest, &own);
		found = options_find_kernel(rest, &kernel);
		if (expect_eq(found, !!cases[i].kernel) && found)
			expect(same_text(kernel, cases[i].kernel));
		words = (struct cmdline_words){ rest, false };
		expect_eq(options_cmdline(&words, buffer, CMDLINE_SIZE),
			  strlen(cases[i].cmdline) + 1);
		expect_string(buffer, cases[i].cmdline);
		words.with_kernel = true;
		options_cmdline(&words, buffer, CMDLINE_SIZE);
		expect_string(buffer, cases[i].composed);
		ktap_done("%s", cases[i].name);
		free(buffer);
		free((void *)text.text);
		free((void *)own.text);
	}
}

static void test_initrds(void)
{
	struct word rest = exact(u"initrd= initrd=a initr= \"initrd=b\" initrd=c");
	struct word all = rest, word, file;
	u32 found = 0;

	while (options_next(&rest, &word))
		if (options_is_initrd(&word, &file))
			found = found * 10 + file.len + 1;
	expect_eq(found, 122);
	ktap_done("initrds");
	free((void *)all.text);
}

static void test_check(void)
{
	static const u32 sizes[] = { 0, 1, 2, 7, 65534, 65535 };
	struct word text;
	u32 i;

	expect_string(options_check(NULL, 8, &text), NULL);
	expect_eq(text.len, 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u8 *bytes = allocate(sizes[i]);
		bool odd = sizes[i] % 2;

		memset(bytes, 'a', sizes[i]);
		expect_string(options_check(bytes, sizes[i], &text),
			      odd ? "an odd number of bytes" : NULL);
		expect_eq(text.len, odd ? 0 : sizes[i] / 2);
		if (sizes[i] >= 2 && !odd) {
			((u16 *)bytes)[sizes[i] / 2 - 1] = '\n';
			expect_string(options_check(bytes, sizes[i], &text),
				      "a control character is in them");
			((u16 *)bytes)[0] = 0;
			expect_string(options_check(bytes, sizes[i], &text),
				      NULL);
		}
		expect(!odd || !text.len);
		free(bytes);
	}
	ktap_done("text or not");
}

/* Every room, so that a cut is never behind the buffer. */
static void test_cut(void)
{
	struct word text = exact(u"vm ab\u20ac\xd800 cd\xdc00");
	struct cmdline_words words = { text, false };
	u32 room;

	for (room = 1; room < 20; room++) {
		char *buffer = (char *)allocate(room);

		expect_eq(options_cmdline(&words, buffer, room), 15);
		expect(memchr(buffer, 0, room));
		if (room == 19)
			expect_string(buffer,
				      "ab\xe2\x82\xac\xef\xbf\xbd cd\xef\xbf\xbd");
		free(buffer);
	}
	ktap_done("a command line that is cut");
	free((void *)text.text);
}

static const struct {
	const u16 *options;
	u32 profile;		/* 0xff: none */
	u32 left;		/* characters */
} profiles[] = {
	{ u"@0", 0, 0 }, { u" @1 a", 1, 2 }, { u"@12  a b", 12, 5 },
	{ u"@65536 a", 65536, 2 }, { u"@99999999999 a", 65536, 2 },
	{ u"@", 0xff, 1 }, { u"@a", 0xff, 2 }, { u"@1a b", 0xff, 5 },
	{ u"1 b", 0xff, 3 }, { u"a @1", 0xff, 4 }, { u"", 0xff, 0 },
};

static void test_profiles(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(profiles); i++) {
		struct word rest = exact(profiles[i].options), word;
		const u16 *text = rest.text;
		u32 profile = 0xff;

		expect_eq(options_take_profile(&rest, &word, &profile),
			  profiles[i].profile != 0xff);
		if (profiles[i].profile < 65536 && profiles[i].profile != 0xff)
			expect_eq(profile, profiles[i].profile);
		else if (profiles[i].profile != 0xff)
			expect(profile >= 65536);
		expect_eq(rest.len, profiles[i].left);
		free((void *)text);
	}
	ktap_done("profiles");
}

int main(void)
{
	test_cases();
	test_initrds();
	test_check();
	test_cut();
	test_profiles();
	return ktap.status;
}
