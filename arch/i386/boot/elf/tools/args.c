// SPDX-License-Identifier: GPL-2.0
/*
 * The command line. The names of the first mkelfImage's options are taken as
 * well.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"

static const char usage[] =
"usage: mkelfImage [options] KERNEL OUTPUT\n"
"       mkelfImage [options] --dump [--json] KERNEL\n"
"       mkelfImage --verify IMAGE\n"
"       mkelfImage --extract={kernel|initrd|cmdline} IMAGE OUTPUT\n";

static const char help[] =
"\n"
"Makes a bootable ELF file of a kernel: of a vmlinux built with\n"
"CONFIG_ELF_BOOT=y, or of any bzImage (boot protocol 2.05, that is 2.6.20, or\n"
"later). KERNEL may also be a file that mkelfImage has made: a command line or\n"
"an initrd then replaces the one in it; if none is given, that one stays.\n"
"\"-\" is the standard input or the standard output.\n"
"\n"
"  -o, --output=OUTPUT   where to write to\n"
"  --append=TEXT, --command-line=TEXT\n"
"                        command line to put into the image; if empty, none\n"
"  --initrd=FILE, --ramdisk=FILE\n"
"                        initrd to put into the image; if there are several,\n"
"                        one behind the other; if the name is empty, none\n"
"  --ramdisk-base=ADDRESS\n"
"                        where the initrd is to be in memory\n"
"  --relocs=FILE         relocations to put into the image of a vmlinux: the\n"
"                        vmlinux.relocs of the tree that it was built in. With\n"
"                        them the kernel has KASLR\n"
"  --no-relocs           leave out those that an image has\n"
"  --load-address=ADDRESS\n"
"                        where a relocatable bzImage is to be in memory\n"
"  -t, --type=TYPE       what KERNEL has to be: bzImage, vmlinux, elfImage (as\n"
"                        mkelfImage makes them) or, like without this, any\n"
"  --kernel=KERNEL       the kernel, as an option\n"
"  --without-multiboot   no multiboot headers: a loader that knows both then\n"
"                        loads the file as ELF (iPXE) or by PVH (QEMU)\n"
"  --without-elf64       an ELF32 header only; without this option loaders that\n"
"                        read every file as ELF64 (Firecracker) can load it, too\n"
"  --no-checksum         no checksum note\n"
"  --sha256              a note with the file's SHA-256; with --verify: there\n"
"                        has to be one\n"
"  --dump                print what would be written, and write nothing\n"
"  --json                print that for programs to read\n"
"  --verify              check a file against the layout rules and say which\n"
"                        one it breaks\n"
"  --extract=PART        write what an image has in it: the kernel (an image\n"
"                        without command line and initrd), the initrd or the\n"
"                        command line\n"
"  -V, --version         the version of this program\n"
"  -h, --help            this text\n"
"\n"
"An ADDRESS is hexadecimal with 0x in front of it, else decimal.\n"
"\n"
"Exit status: 0 success, 1 bad input or no output, 2 wrong usage.\n";

struct word {
	const char *name;
	int value;
};

/* The last three are the first mkelfImage's. */
static const struct word types[] = {
	{ "any", KERNEL_ANY },
	{ "bzImage", KERNEL_BZIMAGE },
	{ "vmlinux", KERNEL_VMLINUX },
	{ "elfImage", KERNEL_IMAGE },
	{ "linux-i386", KERNEL_ANY },
	{ "bzImage-i386", KERNEL_BZIMAGE },
	{ "vmlinux-i386", KERNEL_VMLINUX },
	{ NULL, 0 }
};

static const struct word parts[] = {
	{ "kernel", PART_KERNEL },
	{ "initrd", PART_INITRD },
	{ "cmdline", PART_CMDLINE },
	{ NULL, 0 }
};

static int wrong_word(const char *option, const char *word,
		      const struct word *words)
{
	fprintf(stderr, "mkelfImage: --%s=%s: it is one of", option, word);
	for (; words->name; words++)
		fprintf(stderr, " %s", words->name);
	fputc('\n', stderr);
	return -1;
}

/* Return: the word's value, or -1 with a message printed. */
static int find_word(const char *option, const char *word,
		     const struct word *words)
{
	unsigned int i;

	for (i = 0; words[i].name; i++)
		if (!strcmp(words[i].name, word))
			return words[i].value;
	return wrong_word(option, word, words);
}

/* 0 stands for none: no page of an image may be there anyway (rule 4). */
static int read_address(const char *option, const char *text,
			uint32_t *address)
{
	bool is_hex = !strncmp(text, "0x", 2);
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, is_hex ? 16 : 10);
	if (errno || !isdigit((unsigned char)*text) || *end || !value ||
	    value > UINT32_MAX || value % PAGE_BYTES)
		return error("--%s=%s: not the address of a page below 4 GiB",
			     option, text);
	*address = value;
	return 0;
}

static int add_initrd(struct job *job, const char *path)
{
	if (!*path) {
		job->options.no_initrd = true;
		job->options.nr_initrds = 0;
		return 0;
	}
	if (job->options.nr_initrds == INITRDS_MAX)
		return error("more than %u initrds", INITRDS_MAX);
	job->initrd[job->options.nr_initrds++] = path;
	return 0;
}

static int set_verb(struct job *job, enum verb verb)
{
	if (job->verb != VERB_MAKE && job->verb != verb)
		return error("one of --dump, --verify and --extract at a time");
	job->verb = verb;
	return 0;
}

static int set_part(struct job *job, const char *word)
{
	int part = find_word("extract", word, parts);

	if (part < 0)
		return -1;
	job->part = part;
	return set_verb(job, VERB_EXTRACT);
}

static int set_type(struct job *job, const char *word)
{
	int type = find_word("type", word, types);

	if (type < 0)
		return -1;
	job->type = type;
	return 0;
}

/* Kinds of options, and which of them a verb takes. */
#define FOR_IMAGE	0x1
#define FOR_SHA256	0x2
#define FOR_TYPE	0x4
#define FOR_JSON	0x8

static const unsigned int takes[] = {
	[VERB_MAKE] = FOR_IMAGE | FOR_SHA256 | FOR_TYPE,
	[VERB_DUMP] = FOR_IMAGE | FOR_SHA256 | FOR_TYPE | FOR_JSON,
	[VERB_VERIFY] = FOR_SHA256,
	[VERB_EXTRACT] = 0,
};

enum {
	APPEND = 256, INITRD, RAMDISK_BASE, LOAD_ADDRESS, RELOCS, NO_RELOCS, KERNEL,
	WITHOUT_MULTIBOOT, WITHOUT_ELF64, NO_CHECKSUM, SHA256, DUMP, JSON,
	VERIFY, EXTRACT,
};

static unsigned int kind_of(int option)
{
	switch (option) {
	case APPEND:
	case INITRD:
	case RAMDISK_BASE:
	case LOAD_ADDRESS:
	case RELOCS:
	case NO_RELOCS:
	case WITHOUT_MULTIBOOT:
	case WITHOUT_ELF64:
	case NO_CHECKSUM:
		return FOR_IMAGE;
	case SHA256:
		return FOR_SHA256;
	case 't':
		return FOR_TYPE;
	case JSON:
		return FOR_JSON;
	}
	return 0;
}

static int set_option(struct job *job, int option, const char *argument)
{
	struct options *options = &job->options;

	job->seen |= kind_of(option);
	switch (option) {
	case APPEND:
		options->cmdline = argument;
		return 0;
	case INITRD:
		return add_initrd(job, argument);
	case RAMDISK_BASE:
		return read_address("ramdisk-base", argument,
				    &options->ramdisk_base);
	case LOAD_ADDRESS:
		return read_address("load-address", argument,
				    &options->load_address);
	case RELOCS:
		job->relocs = argument;
		return 0;
	case NO_RELOCS:
		options->no_relocs = true;
		return 0;
	case KERNEL:
		job->input = argument;
		return 0;
	case 'o':
		job->output = argument;
		return 0;
	case 't':
		return set_type(job, argument);
	case WITHOUT_MULTIBOOT:
		options->multiboot = false;
		return 0;
	case WITHOUT_ELF64:
		options->elf64 = false;
		return 0;
	case NO_CHECKSUM:
		options->checksum = false;
		return 0;
	case SHA256:
		options->sha256 = true;
		return 0;
	case DUMP:
		return set_verb(job, VERB_DUMP);
	case JSON:
		job->json = true;
		return 0;
	case VERIFY:
		return set_verb(job, VERB_VERIFY);
	case EXTRACT:
		return set_part(job, argument);
	}
	return -1;
}

/* What is not an option: the kernel, and the output, if they were not ones. */
static bool set_files(struct job *job, int nr, char **files)
{
	bool writes = job->verb == VERB_MAKE || job->verb == VERB_EXTRACT;

	if (nr && !job->input) {
		job->input = *files++;
		nr--;
	}
	if (nr && !job->output) {
		job->output = *files++;
		nr--;
	}
	return !nr && job->input && writes == !!job->output;
}

/* The standard input can be read only once; no option does nothing. */
static bool is_possible(const struct job *job)
{
	unsigned int standard = !strcmp(job->input, STANDARD);
	unsigned int i;

	if (job->relocs)
		standard += !strcmp(job->relocs, STANDARD);
	if (job->relocs && job->options.no_relocs)
		return false;
	for (i = 0; i < job->options.nr_initrds; i++)
		standard += !strcmp(job->initrd[i], STANDARD);
	return standard <= 1 && !(job->seen & ~takes[job->verb]);
}

static int wrong_usage(void)
{
	fputs(usage, stderr);
	fputs("\"mkelfImage --help\" tells more.\n", stderr);
	return -1;
}

/**
 * args_parse - read the command line
 * @argc: as for main()
 * @argv: likewise
 * @job: result
 *
 * Return: 0, or -1 with a message printed.
 */
int args_parse(int argc, char **argv, struct job *job)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "append", required_argument, NULL, APPEND },
		{ "command-line", required_argument, NULL, APPEND },
		{ "initrd", required_argument, NULL, INITRD },
		{ "ramdisk", required_argument, NULL, INITRD },
		{ "ramdisk-base", required_argument, NULL, RAMDISK_BASE },
		{ "load-address", required_argument, NULL, LOAD_ADDRESS },
		{ "relocs", required_argument, NULL, RELOCS },
		{ "no-relocs", no_argument, NULL, NO_RELOCS },
		{ "type", required_argument, NULL, 't' },
		{ "kernel", required_argument, NULL, KERNEL },
		{ "without-multiboot", no_argument, NULL, WITHOUT_MULTIBOOT },
		{ "without-elf64", no_argument, NULL, WITHOUT_ELF64 },
		{ "no-checksum", no_argument, NULL, NO_CHECKSUM },
		{ "sha256", no_argument, NULL, SHA256 },
		{ "dump", no_argument, NULL, DUMP },
		{ "json", no_argument, NULL, JSON },
		{ "verify", no_argument, NULL, VERIFY },
		{ "extract", required_argument, NULL, EXTRACT },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	int option;

	*job = (struct job){
		.options = {
			.multiboot = true, .elf64 = true, .checksum = true
		}
	};
	while ((option = getopt_long(argc, argv, "o:t:Vh", options, NULL)) !=
	       -1) {
		if (option == 'h' || option == 'V') {
			job->verb = option == 'h' ? VERB_HELP : VERB_VERSION;
			return 0;
		}
		if (set_option(job, option, optarg))
			return wrong_usage();
	}
	if (!set_files(job, argc - optind, argv + optind) || !is_possible(job))
		return wrong_usage();
	return 0;
}

/**
 * args_help - print how to use this program
 */
void args_help(void)
{
	fputs(usage, stdout);
	fputs(help, stdout);
}
