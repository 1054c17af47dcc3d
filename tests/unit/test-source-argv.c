// SPDX-License-Identifier: GPL-2.0
/*
 * Arguments in the manner of main() (source-argv.c), as syslinux and U-Boot
 * pass them: loaders.md, sections 4.5 and 4.7.
 */
#include "fixture.h"

#define BASE		0x12340		/* where ESP or EDX leads to */
#define ARGS_MAX	6
#define ARGC_MAX	256

static const struct source source = { 0, argv_probe };

enum form {
	SYSLINUX,			/* on the stack */
	U_BOOT,				/* EAX, EDX */
	NR_FORMS,
};

static const struct {
	const char *name, *loader;
	u8 id;
} forms[] = {
	{ "syslinux", "SYSLINUX", 0x30 }, { "U-Boot", "U-Boot", 0x80 },
};

/*
 * argc, unless U-Boot has it, and argv; then the ends of envp and auxv if
 * syslinux has them; then the strings.
 */
struct image {
	u32 base, len;
	u32 argv;			/* offsets */
	u32 first;			/* of the first string */
	u32 argc;			/* for EAX */
	u8 data[128 * KIB];
};

static void image_new(struct image *image, enum form form, u32 base, u32 argc)
{
	memset(image, 0, sizeof(*image));
	image->base = base;
	image->argc = argc;
	image->argv = form == SYSLINUX ? 4 : 0;
	image->first = form == SYSLINUX ? 4 * (argc + 5) : 4 * (argc + 1);
	image->len = image->first;
	if (form == SYSLINUX)
		put_le32(image->data, argc);
}

/* Argument @i is the next string. */
static void image_add(struct image *image, u32 i, const char *arg)
{
	u32 size = strlen(arg) + 1;

	if (image->len + size > sizeof(image->data))
		abort();
	put_le32(image->data + image->argv + 4 * i, image->base + image->len);
	memcpy(image->data + image->len, arg, size);
	image->len += size;
}

/* What is not meant to lead anywhere is junk. */
static struct handoff enter(const struct image *image, enum form form)
{
	struct handoff handoff = {
		.eax = 0x12345678, .edx = 0xfffffff0, .esp = 0xfffffff0,
	};

	if (form == SYSLINUX) {
		handoff.esp = image->base;
	} else {
		handoff.eax = image->argc;
		handoff.edx = image->base;
	}
	return handoff;
}

/* One word that is not as it should be. */
enum wrong {
	NOTHING,
	ARGC,				/* is @value */
	POINTER_0,			/* likewise; the first argument's */
	POINTER_1,			/* and the second's */
	LAST,				/* argv[argc] */
	ADDRESS,			/* all of it is at @value */
};

static const struct example {
	const char *name;
	u32 argc;
	const char *arg[ARGS_MAX];
	enum wrong wrong;
	u32 value;
	int want;
	const char *cmdline;		/* without arg[0]; NULL: none */
} examples[] = {
	{ "minimal", 1, { "vmlinux" }, .cmdline = NULL },
	/* argv[0] is the file's name */
	{ "as syslinux has it", 4,
	  { "elfImage", "console=ttyS0", "root=/dev/sda1", "ro" },
	  .cmdline = "console=ttyS0 root=/dev/sda1 ro" },
	/* argv[0] is what follows the address that bootelf was given */
	{ "as U-Boot has it", 3, { "console=ttyS0,115200", "quiet", "a" },
	  .cmdline = "quiet a" },
	{ "one argument", 2, { "x", "y" }, .cmdline = "y" },
	{ "blanks in it: U-Boot's shell has quotes", 3,
	  { "x", "a  b", " c" }, .cmdline = "a  b  c" },
	{ "a blank alone", 2, { "x", " " }, .cmdline = " " },
	{ "UTF-8", 2, { "x", "a=\xc3\xa4\xff" }, .cmdline = "a=\xc3\xa4\xff" },

	{ "an empty argument", 3, { "x", "", "a" }, .cmdline = " a" },
	{ "an empty name", 2, { "", "a" }, .cmdline = "a" },
	{ "nothing but empty ones", 2, { "", "" }, .want = -ENOENT },
	{ "a newline in it", 2, { "x", "a\nb" }, .cmdline = "a\nb" },
	{ "a tab in it", 2, { "x", "a\tb" }, .cmdline = "a\tb" },
	{ "a control character first", 2, { "x", "\037a" },
	  .want = -ENOENT },
	{ "a control character last", 2, { "x", "a\x01" }, .want = -ENOENT },
	{ "a control character in the name", 1, { "x\x7" }, .want = -ENOENT },

	{ "argc 0", 2, { "x", "a" }, ARGC, 0, -ENOENT, NULL },
	{ "argc one less", 2, { "x", "a" }, ARGC, 1, -ENOENT, NULL },
	{ "argc one more", 2, { "x", "a" }, ARGC, 3, -ENOENT, NULL },
	{ "argc -1", 2, { "x", "a" }, ARGC, ~0U, -ENOENT, NULL },
	/* times 4, as 32 bits, is right */
	{ "argc 0x40000002", 2, { "x", "a" }, ARGC, 0x40000002, -ENOENT, NULL },
	{ "argc 0x80000001", 1, { "x" }, ARGC, 0x80000001, -ENOENT, NULL },

	{ "name at 0", 2, { "x", "a" }, POINTER_0, 0, -ENOENT, NULL },
	{ "name at ~0", 2, { "x", "a" }, POINTER_0, ~0U, -ENOENT, NULL },
	{ "argument at 0", 2, { "x", "a" }, POINTER_1, 0, -ENOENT, NULL },
	{ "argument at 1", 2, { "x", "a" }, POINTER_1, 1, -ENOENT, NULL },
	{ "argument at ~0", 2, { "x", "a" }, POINTER_1, ~0U, -ENOENT, NULL },
	{ "argument at 3 GiB", 2, { "x", "a" }, POINTER_1, 0xc0000000,
	  -ENOENT, NULL },
	{ "argv[argc] is 1", 2, { "x", "a" }, LAST, 1, -ENOENT, NULL },
	{ "argv[argc] is 0x1000000", 2, { "x", "a" }, LAST, 0x1000000,
	  -ENOENT, NULL },

	{ "unaligned by 1", 2, { "x", "a" }, ADDRESS, BASE + 1, -ENOENT, NULL },
	{ "unaligned by 2", 2, { "x", "a" }, ADDRESS, BASE + 2, -ENOENT, NULL },
	{ "unaligned by 3", 2, { "x", "a" }, ADDRESS, BASE + 3, -ENOENT, NULL },
	/* the vectors are there */
	{ "at 0", 2, { "x", "a" }, ADDRESS, 0, -ENOENT, NULL },
	{ "at 0x504", 2, { "x", "a" }, ADDRESS, 0x504, .cmdline = "a" },
	{ "above 2 GiB", 2, { "x", "a" }, ADDRESS, 0xbffe0000,
	  .cmdline = "a" },
};

static void image_build(struct image *image, const struct example *e,
			enum form form)
{
	u8 *argv;
	u32 i;

	image_new(image, form, e->wrong == ADDRESS ? e->value : BASE, e->argc);
	for (i = 0; i < e->argc; i++)
		image_add(image, i, e->arg[i]);
	argv = image->data + image->argv;
	if (e->wrong == ARGC && form == SYSLINUX)
		put_le32(image->data, e->value);
	if (e->wrong == ARGC)
		image->argc = e->value;
	if (e->wrong == POINTER_0)
		put_le32(argv, e->value);
	if (e->wrong == POINTER_1)
		put_le32(argv + 4, e->value);
	if (e->wrong == LAST)
		put_le32(argv + 4 * e->argc, e->value);
}

/* U-Boot passes no name: all words are the command line, cut to its size. */
static const char *wanted_cmdline(enum form form, const char *word,
				  const char *rest)
{
	static char text[256 * KIB];

	if (form == SYSLINUX && !rest)
		return NULL;
	snprintf(text, sizeof(text), "%s%s%s",
		 form == U_BOOT ? word : "",
		 form == U_BOOT && rest ? " " : "", rest ? rest : "");
	text[CMDLINE_SIZE - 1] = '\0';
	return text;
}

static void expect_taken(const struct bootinfo *bi, const char *cmdline,
			 enum form form)
{
	expect_string(bi->protocol, "argv");
	expect_string(bi->loader, forms[form].loader);
	expect_eq(bi->loader_id, forms[form].id);
	/* loaders.md, section 4.7: U-Boot has no BIOS */
	expect_eq(bi->no_bios, form == U_BOOT);
	expect_string(bi->cmdline, cmdline ? cmdline : "");
	expect_string(bi->cmdline_source, cmdline ? "argv" : NULL);
	expect(!bi->map_source && !bi->initrd_source && !bi->firmware);
}

/* All is needed, to the last NUL: without it nobody has passed anything. */
static void expect_all_needed(const struct machine *m,
			      const struct handoff *handoff)
{
	struct bootinfo *bi = bootinfo_new();
	struct machine less;
	size_t len;

	for (len = 0; len < m->seg[0].len; len++) {
		machine_copy(&less, m, 0, len);
		expect_eq(probe(&source, &less, handoff, bi), -ENOENT);
		machine_free(&less);
	}
	free(bi);
}

static void test_example(const struct example *e, enum form form)
{
	struct bootinfo *bi = bootinfo_new();
	struct bootinfo *full = bootinfo_new_full();
	static struct image image;
	struct handoff handoff;
	struct machine m = {};
	const char *want;

	image_build(&image, e, form);
	handoff = enter(&image, form);
	machine_add(&m, image.base, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), e->want);
	want = wanted_cmdline(form, e->arg[0], e->cmdline);
	if (!e->want)
		expect_taken(bi, want, form);
	ktap_done("%s: %s", forms[form].name, e->name);

	/* Who came first keeps its command line. */
	expect_eq(probe(&source, &m, &handoff, full), e->want);
	expect_full(full);
	expect_string(full->loader, e->want ? "" : forms[form].loader);
	ktap_done("%s: %s, not the first", forms[form].name, e->name);

	if (!e->want) {
		expect_all_needed(&m, &handoff);
		ktap_done("%s: %s, truncated", forms[form].name, e->name);
		expect_survival(&source, &m, &handoff);
		ktap_done("%s: %s, damaged", forms[form].name, e->name);
	}
	machine_free(&m);
	free(full);
	free(bi);
}

/* syslinux: the first string is where it must be, or that is no argc. */
static void test_distance(void)
{
	static const int off[] = { -16, -4, -1, 1, 4, 16 };
	static struct image image;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(off); i++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		struct handoff handoff;

		image_new(&image, SYSLINUX, BASE, 1);
		image.len += 16;
		image_add(&image, 0, "elfImage");
		memset(image.data + image.first + off[i], 'x', 16);
		put_le32(image.data + 4, BASE + image.first + off[i]);
		/* what it has overwritten */
		put_le32(image.data + 8, 0);
		handoff = enter(&image, SYSLINUX);
		machine_add(&m, BASE, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
		ktap_done("syslinux: the first string is off by %d", off[i]);
		machine_free(&m);
		free(bi);
	}
}

/* Memory that ends at 4 GiB does not go on at 0. */
static void test_wrap(enum form form)
{
	static struct image image;
	u32 split;

	for (split = 4; split <= 8; split += 4) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		struct handoff handoff;

		image_new(&image, form, -split, 1);
		image_add(&image, 0, "elfImage");
		handoff = enter(&image, form);
		machine_add(&m, -split, image.data, split);
		machine_add(&m, 0, image.data + split, image.len - split);
		expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
		ktap_done("%s: %u bytes below 4 GiB", forms[form].name, split);
		machine_free(&m);
		free(bi);
	}
}

/* Longer than the kernel takes: cut, with both numbers. Too long to be one. */
static void test_endless(enum form form)
{
	static const u32 lengths[] = {
		CMDLINE_SIZE - 2, CMDLINE_SIZE - 1, CMDLINE_SIZE, 5000, 65535,
		65536,
	};
	static char word[65537];
	static struct image image;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		bool is_word = lengths[i] < 65536;
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		struct handoff handoff;

		memset(word, 'w', sizeof(word));
		word[lengths[i]] = '\0';
		image_new(&image, form, BASE, 2);
		image_add(&image, 0, "x");
		image_add(&image, 1, word);
		handoff = enter(&image, form);
		machine_add(&m, BASE, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi),
			  is_word ? 0 : -ENOENT);
		if (is_word)
			expect_taken(bi, wanted_cmdline(form, "x", word),
				     form);
		expect_eq(bi->ignored_bits, is_word && lengths[i] +
			  (form == U_BOOT ? 2 : 0) > 2047 ?
			  CORRUPT_CMDLINE : 0);
		ktap_done("%s: a word of %u characters", forms[form].name,
			  lengths[i]);
		machine_free(&m);
		free(bi);
	}
}

/* Words of random lengths; the first one is "x". Return the rest. */
static const char *add_words(struct image *image, u32 argc, u32 longest)
{
	static char all[300 * 400];
	char word[400];
	u32 i, k, len;

	all[0] = '\0';
	image_add(image, 0, "x");
	for (i = 1; i < argc; i++) {
		len = 1 + random_below(longest);
		for (k = 0; k < len; k++)
			word[k] = 'a' + random_below(26);
		word[len] = '\0';
		image_add(image, i, word);
		if (i > 1)
			strcat(all, " ");
		strcat(all, word);
	}
	return all;
}

static void test_words(enum form form, u32 argc, u32 longest)
{
	struct bootinfo *bi = bootinfo_new();
	bool fit = argc <= ARGC_MAX;
	static struct image image;
	struct machine m = {};
	struct handoff handoff;
	const char *rest;

	image_new(&image, form, BASE, argc);
	rest = add_words(&image, argc, longest);
	handoff = enter(&image, form);
	machine_add(&m, BASE, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), fit ? 0 : -ENOENT);
	if (fit)
		expect_taken(bi, wanted_cmdline(form, "x", rest), form);
	ktap_done("%s: %u words of up to %u characters", forms[form].name,
		  argc, longest);
	machine_free(&m);
	free(bi);
}

/* Where the command line is full: in a word, behind it, behind the blank. */
static void test_cut(enum form form)
{
	static char word[CMDLINE_SIZE + 8], rest[CMDLINE_SIZE + 16];
	static struct image image;
	u32 len;

	for (len = CMDLINE_SIZE - 8; len < CMDLINE_SIZE; len++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		struct handoff handoff;

		memset(word, 'w', sizeof(word));
		word[len] = '\0';
		image_new(&image, form, BASE, 4);
		image_add(&image, 0, "x");
		image_add(&image, 1, word);
		image_add(&image, 2, "ab");
		image_add(&image, 3, "c");
		sprintf(rest, "%s ab c", word);
		handoff = enter(&image, form);
		machine_add(&m, BASE, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_taken(bi, wanted_cmdline(form, "x", rest), form);
		expect_eq(bi->nr_modules, 0);
		ktap_done("%s: %u characters, and two words",
			  forms[form].name, len);
		machine_free(&m);
		free(bi);
	}
}

/* Registers that lead nowhere, or into memory that says nothing. */
static void test_absent(void)
{
	static const u32 values[] = {
		0, 1, 2, 4, 0x100, 0xfff0, 0x10000, 0x7fffffff, 0x80000000,
		0xfffffffc, 0xffffffff,
	};
	static const u8 fills[] = { 0x00, 0x01, 0x20, 0x41, 0xff };
	struct bootinfo *bi = bootinfo_new();
	u32 fill, a, d;

	for (fill = 0; fill < ARRAY_SIZE(fills); fill++) {
		struct machine m = {};

		memset(machine_add(&m, 0, NULL, 64 * KIB), fills[fill],
		       64 * KIB);
		for (a = 0; a < ARRAY_SIZE(values); a++)
			for (d = 0; d < ARRAY_SIZE(values); d++) {
				struct handoff handoff = {
					.eax = values[a], .edx = values[d],
					.esp = values[d],
				};

				expect_eq(probe(&source, &m, &handoff, bi),
					  -ENOENT);
			}
		ktap_done("absent: memory is all %#x", fills[fill]);
		machine_free(&m);
	}
	free(bi);
}

/*
 * A PC BIOS's first vector is F000:FF53, bytes that look like a short string,
 * and a pointer to it is 0: memory that is all zeroes, or not there, is no
 * argv, whatever EAX is.
 */
static void test_zeroes(void)
{
	static const u8 vectors[] = { 0x53, 0xff, 0x00, 0xf0 };
	static const u32 places[] = { BASE, BASE + 0x400, 0xc0000000 };
	static const u32 counts[] = { 1, 2, 16, ARGC_MAX };
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};
	u32 i, k;

	memcpy(machine_add(&m, 0, NULL, 0x500), vectors, sizeof(vectors));
	machine_add(&m, BASE, NULL, 0x1000);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		for (k = 0; k < ARRAY_SIZE(counts); k++) {
			struct handoff handoff = {
				.eax = counts[k], .edx = places[i],
				.esp = BASE,
			};

			expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
		}
		ktap_done("a BIOS's vectors, zeroes at %#x", places[i]);
	}
	machine_free(&m);
	free(bi);
}

/* Other loaders' registers: half of all words lead into memory. */
#define RANDOM_SIZE	(64 * KIB)
#define ROUNDS		200
#define PER_ROUND	200

static u32 random_word(void)
{
	u32 word = random_below(0x10000) << 16 | random_below(0x10000);

	if (random_below(2))
		word &= RANDOM_SIZE - 1;
	return random_below(2) ? word & ~3U : word;
}

static void test_random(void)
{
	struct bootinfo *bi = bootinfo_new();
	u32 round, i;

	for (round = 0; round < ROUNDS && !ktap.broken; round++) {
		struct machine m = {};
		u8 *memory = machine_add(&m, 0, NULL, RANDOM_SIZE);

		for (i = 0; i < RANDOM_SIZE; i += 4)
			put_le32(memory + i, random_word());
		for (i = 0; i < PER_ROUND; i++) {
			struct handoff handoff = {
				.eax = random_below(2) ? random_word() :
							 random_below(300),
				.edx = random_word(), .esp = random_word(),
			};

			expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
		}
		machine_free(&m);
	}
	ktap_done("random registers, random memory");
	free(bi);
}

static void test_form(enum form form)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(examples); i++)
		test_example(&examples[i], form);
	test_wrap(form);
	test_endless(form);
	test_words(form, 100, 10);
	test_words(form, 10, 399);
	test_words(form, 30, 399);
	test_words(form, ARGC_MAX, 8);
	test_words(form, ARGC_MAX, 40);
	test_words(form, ARGC_MAX + 1, 8);
	test_cut(form);
}

int main(void)
{
	test_form(SYSLINUX);
	test_form(U_BOOT);
	test_distance();
	test_absent();
	test_zeroes();
	test_random();
	return ktap_status();
}
