// SPDX-License-Identifier: GPL-2.0
/*
 * Options on the command line (cmdline.c), as Documentation/admin-guide/
 * kernel-parameters.rst describes them: words, name=value.
 */
#include "fixture.h"

static const struct {
	const char *name;
	const char *cmdline, *option;
	u32 size;
	const char *value;		/* NULL: not there */
	const char *rest;
} nexts[] = {
	{ "absent",		"", "console", 8, NULL, NULL },
	{ "blanks only",	" \t\n ", "console", 8, NULL, NULL },
	{ "minimal",		"quiet", "quiet", 8, "", "" },
	{ "value",		"console=ttyS0", "console", 8, "ttyS0", "" },
	{ "empty value",	"console= x", "console", 8, "", "x" },
	{ "in the middle",	"a console=tty0 b", "console", 8, "tty0", "b" },
	{ "the first of two",	"a=1 a=2", "a", 8, "1", "a=2" },
	{ "blanks all over",	"  x\t\n a=1 \t b", "a", 8, "1", "b" },
	{ "a longer name",	"consoles=1 b", "console", 8, NULL, NULL },
	{ "a shorter name",	"con=1", "console", 8, NULL, NULL },
	{ "inside a word",	"xa=1 y=a=2", "a", 8, NULL, NULL },
	{ "a longer name first", "ab=1 a=2", "a", 8, "2", "" },
	{ "a value with =",	"root=UUID=1-2", "root", 16, "UUID=1-2", "" },
	{ "value cut",		"console=ttyS0,115200 b", "console", 6,
				"ttyS0", "b" },
	{ "value fits",		"console=ttyS0", "console", 6, "ttyS0", "" },
	{ "no room for a value", "console=ttyS0 b", "console", 1, "", "b" },
	{ "the name cut short",	"consol", "console", 8, NULL, NULL },
	{ "quoted text",	"note=\"see console=ttyS1\" b", "console", 8,
				NULL, NULL },
	{ "behind quoted text",	"note=\"a console=1 \" console=2 b", "console", 8,
				"2", "b" },
	{ "a quoted value",	"console=\"tty S1\" b", "console", 8, "tty S1",
				"b" },
	{ "all of it quoted",	"\"console=ttyS1\" b", "console", 8, "ttyS1",
				"b" },
	{ "a quoted option",	"a \"quiet\" b", "quiet", 8, "", "b" },
	{ "a quotation mark alone", "a=\"x console=1", "console", 8, NULL, NULL },
	{ "characters above 127", "\xe9=\xff \xe9\xe9", "\xe9", 8, "\xff",
				"\xe9\xe9" },
};

/* Against a byte that the sanitizer guards. */
static char *copy(const char *s)
{
	return strcpy(allocate(strlen(s) + 1), s);
}

static void test_next(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(nexts); i++) {
		char *cmdline = copy(nexts[i].cmdline);
		char *value = allocate(nexts[i].size);
		const char *rest;

		memset(value, 'x', nexts[i].size);
		rest = cmdline_next(cmdline, nexts[i].option, value,
				    nexts[i].size);
		expect_string(rest, nexts[i].rest);
		if (nexts[i].value)
			expect_string(value, nexts[i].value);
		expect_eq(cmdline_option(cmdline, nexts[i].option),
			  !!nexts[i].value);
		ktap_done("next: %s", nexts[i].name);
		free(value);
		free(cmdline);
	}
}

static void test_every_one(void)
{
	const char *s = "a=1 b a=2 c=a a";
	char value[4];

	s = cmdline_next(s, "a", value, sizeof(value));
	expect_string(value, "1");
	s = cmdline_next(s, "a", value, sizeof(value));
	expect_string(value, "2");
	s = cmdline_next(s, "a", value, sizeof(value));
	expect_string(value, "");
	expect(!cmdline_next(s, "a", value, sizeof(value)));
	ktap_done("next: every one in turn");
}

static const struct {
	const char *name, *cmdline, *want;
} skips[] = {
	{ "empty",		"", "" },
	{ "one word",		"vmlinux", "" },
	{ "one word, blanks",	" vmlinux \t", "" },
	/* data/ipxe-multiboot */
	{ "iPXE's URI", "tftp://10.0.2.2/mb.elf console=ttyS0 a b",
	  "console=ttyS0 a b" },
	{ "many blanks",	"\t x  y  z", "y  z" },
};

static void test_skip(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(skips); i++) {
		char *cmdline = copy(skips[i].cmdline);

		expect_string(cmdline_skip_word(cmdline), skips[i].want);
		ktap_done("skip_word: %s", skips[i].name);
		free(cmdline);
	}
}

static const struct {
	const char *text;
	u32 base;
	u64 value;
	const char *rest;
} numbers[] = {
	{ "", 10, 0, "" },
	{ "x", 10, 0, "x" },
	{ "9600", 10, 9600, "" },
	{ "115200n8", 10, 115200, "n8" },
	{ "0778", 8, 077, "8" },
	{ "3F8,", 16, 0x3f8, "," },
	{ "cafeBABEg", 16, 0xcafebabe, "g" },
	{ "FG", 16, 15, "G" },
	/* What is beside digits and letters. */
	{ "1/", 10, 1, "/" },
	{ "1:", 16, 1, ":" },
	{ "1@2", 10, 1, "@2" },
	{ "1`", 16, 1, "`" },
	{ "1\xb0", 16, 1, "\xb0" },
	{ "18446744073709551615", 10, ~0ULL, "" },
	{ "18446744073709551617", 10, 1, "" },
};

static void test_number(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		char *text = copy(numbers[i].text);
		const char *s = text;

		expect_eq(cmdline_number(&s, numbers[i].base),
			  numbers[i].value);
		expect_string(s, numbers[i].rest);
		ktap_done("number %u", i);
		free(text);
	}
}

static void test_copy(void)
{
	static const char * const want[] = { "", "", "a", "ab", "abc", "abc" };
	u32 size;

	for (size = 1; size < ARRAY_SIZE(want); size++) {
		char *dst = allocate(size);

		string_copy(dst, "abc", size);
		expect_string(dst, want[size]);
		free(dst);
	}
	ktap_done("string_copy");
}

int main(void)
{
	test_next();
	test_every_one();
	test_skip();
	test_number();
	test_copy();
	return ktap_status();
}
