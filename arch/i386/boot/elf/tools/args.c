// SPDX-License-Identifier: GPL-2.0
/*
 * The command line. The names of the first mkelfImage's options are taken as
 * well.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "pe.h"

static const char usage[] =
"usage: mkelfImage [options] KERNEL OUTPUT\n"
"       mkelfImage --efi[=x64|ia32] [options] KERNEL OUTPUT\n"
"       mkelfImage [options] --dump [--json] KERNEL\n"
"       mkelfImage --measure [options] PROGRAM [KERNEL]\n"
"       mkelfImage --sign=KEY,CERTIFICATE FILE\n"
"       mkelfImage --verify IMAGE\n"
"       mkelfImage --extract={kernel|initrd|cmdline} IMAGE OUTPUT\n";

static const char help[] =
"\n"
"Makes a bootable ELF file of a kernel: of a vmlinux, best one built with\n"
"CONFIG_ELF_BOOT=y, or of any bzImage (boot protocol 2.05, that is 2.6.20, or\n"
"later). KERNEL may also be a file that mkelfImage has made: a command line or\n"
"an initrd then replaces the one in it; if none is given, that one stays. Each may\n"
"be compressed (--version says by what), or be inside a unified kernel image.\n"
"With --efi the output is such an image, which UEFI firmware starts.\n"
"\"-\" is the standard input or the standard output.\n"
"\n";

static const char help_end[] =
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

static const struct word machines[] = {
	{ "x64", PE_MACHINE_X86_64 },
	{ "ia32", PE_MACHINE_I386 },
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

/* Kinds of options, and which of them a verb takes. */
#define FOR_IMAGE	0x1
#define FOR_SHA256	0x2
#define FOR_TYPE	0x4
#define FOR_JSON	0x8
#define FOR_SIGN	0x10
#define FOR_CHECK	0x20
#define FOR_EFI		0x40
#define FOR_BOOT	0x80

#define FOR_MAKE	(FOR_IMAGE | FOR_BOOT | FOR_SHA256 | FOR_TYPE | FOR_SIGN | FOR_EFI)

static const unsigned int takes[] = {
	[VERB_MAKE] = FOR_MAKE,
	[VERB_DUMP] = FOR_MAKE | FOR_JSON,
	[VERB_MEASURE] = FOR_BOOT | FOR_JSON,
	[VERB_VERIFY] = FOR_SHA256 | FOR_CHECK,
	[VERB_EXTRACT] = 0,
	[VERB_SIGN] = FOR_SIGN,
};

/**
 * struct known - an option
 * @name: behind "--"
 * @letter: behind "-", 0: it has none
 * @argument: required_argument, optional_argument or no_argument
 * @kind: FOR_*, 0: for every verb
 * @set: takes it; returns 0, or -1 if it makes no sense
 * @field: offset in struct job of what is set
 * @value: what a flag or the verb becomes
 * @help: about it and the names behind it, NULL where the row above has that
 */
struct known {
	const char *name;
	char letter;
	int argument;
	unsigned int kind;
	int (*set)(struct job *job, const struct known *option,
		   const char *argument);
	size_t field;
	int value;
	const char *help;
};

static void *field_of(struct job *job, const struct known *option)
{
	return (char *)job + option->field;
}

static int set_flag(struct job *job, const struct known *option,
		    const char *argument)
{
	bool *flag = field_of(job, option);

	(void)argument;
	*flag = option->value;
	return 0;
}

static int set_text(struct job *job, const struct known *option,
		    const char *argument)
{
	const char **text = field_of(job, option);

	*text = argument;
	return 0;
}

/* Where an empty one does not stand for none. */
static int set_name(struct job *job, const struct known *option,
		    const char *argument)
{
	if (!*argument)
		return error("--%s=: the name of a file is missing", option->name);
	return set_text(job, option, argument);
}

/* 0 stands for none: no page of an image may be there anyway (rule 4). */
static int set_address(struct job *job, const struct known *option,
		       const char *argument)
{
	bool is_hex = !strncmp(argument, "0x", 2);
	uint32_t *address = field_of(job, option);
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(argument, &end, is_hex ? 16 : 10);
	if (errno || !isdigit((unsigned char)*argument) || *end || !value ||
	    value > UINT32_MAX || value % PAGE_BYTES)
		return error("--%s=%s: not the address of a page below 4 GiB",
			     option->name, argument);
	*address = value;
	return 0;
}

static int add_initrd(struct job *job, const struct known *option,
		      const char *argument)
{
	(void)option;
	if (!*argument) {
		job->options.no_initrd = true;
		job->options.nr_initrds = 0;
		return 0;
	}
	if (job->options.nr_initrds == INITRDS_MAX)
		return error("more than %u initrds", INITRDS_MAX);
	job->initrd[job->options.nr_initrds++] = argument;
	return 0;
}

/* An empty name, as for an initrd. */
static int set_relocs(struct job *job, const struct known *option,
		      const char *argument)
{
	(void)option;
	job->relocs = *argument ? argument : NULL;
	if (!*argument)
		job->options.no_relocs = true;
	return 0;
}

/* One file may have both. The last comma counts: a name may have others. */
static int set_signer(struct job *job, const struct known *option,
		      const char *argument)
{
	char *key = strdup(argument);
	char *comma = key ? strrchr(key, ',') : NULL;

	if (!key)
		return error("not enough memory");
	if (comma)
		*comma = '\0';
	job->key = key;
	job->certificate = comma ? comma + 1 : key;
	if (*job->key && *job->certificate)
		return 0;
	return error("--%s=%s: not the names of a key and a certificate",
		     option->name, argument);
}

static int set_verb(struct job *job, const struct known *option,
		    const char *argument)
{
	(void)argument;
	if (job->verb != VERB_MAKE && job->verb != (enum verb)option->value)
		return error("one of --dump, --measure, --verify and --extract at a time");
	job->verb = option->value;
	return 0;
}

/* Whatever else is there. */
static int set_last_verb(struct job *job, const struct known *option,
			 const char *argument)
{
	(void)argument;
	job->verb = option->value;
	return 0;
}

static int set_part(struct job *job, const struct known *option,
		    const char *argument)
{
	int part = find_word(option->name, argument, parts);

	if (part < 0)
		return -1;
	job->part = part;
	return set_verb(job, option, argument);
}

static int set_type(struct job *job, const struct known *option,
		    const char *argument)
{
	int type = find_word(option->name, argument, types);

	if (type < 0)
		return -1;
	job->type = type;
	return 0;
}

static int set_efi(struct job *job, const struct known *option,
		   const char *argument)
{
	int machine = argument ? find_word(option->name, argument, machines) : 0;

	if (machine < 0)
		return -1;
	job->efi = true;
	job->efi_machine = machine;
	return 0;
}

#define TEXT	required_argument
#define MAYBE	optional_argument
#define NONE	no_argument
#define AT(member)	offsetof(struct job, member)
static const struct known known[] = {
	{ "output", 'o', TEXT, 0, set_name, .field = AT(output),
	  .help =
	  "  -o, --output=OUTPUT   where to write to\n" },
	{ "append", 0, TEXT, FOR_BOOT, set_text, .field = AT(options.cmdline),
	  .help =
	  "  --append=TEXT, --command-line=TEXT\n"
	  "                        command line to put into the image; if empty, none\n" },
	{ "command-line", 0, TEXT, FOR_BOOT, set_text, .field = AT(options.cmdline) },
	{ "initrd", 0, TEXT, FOR_BOOT, add_initrd,
	  .help =
	  "  --initrd=FILE, --ramdisk=FILE\n"
	  "                        initrd to put into the image; if there are several,\n"
	  "                        one behind the other; if the name is empty, none\n" },
	{ "ramdisk", 0, TEXT, FOR_BOOT, add_initrd, .help = NULL },
	{ "ramdisk-base", 0, TEXT, FOR_IMAGE, set_address,
	  .field = AT(options.ramdisk_base),
	  .help =
	  "  --ramdisk-base=ADDRESS\n"
	  "                        where the initrd is to be in memory\n" },
	{ "unpack", 0, NONE, FOR_IMAGE, set_flag, .field = AT(unpack), .value = true,
	  .help =
	  "  --unpack              make an image of the kernel that a bzImage unpacks:\n"
	  "                        larger, but it starts much faster\n" },
	{ "from-uki", 0, NONE, FOR_IMAGE, set_flag, .field = AT(from_uki), .value = true,
	  .help =
	  "  --from-uki            take the command line and the initrd of a unified kernel\n"
	  "                        image, too, where none is given\n" },
	{ "relocs", 0, TEXT, FOR_IMAGE, set_relocs,
	  .help =
	  "  --relocs=FILE         relocations to put into the image of a vmlinux: the\n"
	  "                        vmlinux.relocs of the tree that it was built in. With\n"
	  "                        them the kernel has KASLR; if the name is empty, none\n" },
	{ "no-relocs", 0, NONE, FOR_IMAGE, set_flag,
	  .field = AT(options.no_relocs), .value = true,
	  .help =
	  "  --no-relocs           leave out those that an image has\n" },
	{ "load-address", 0, TEXT, FOR_IMAGE, set_address,
	  .field = AT(options.load_address),
	  .help =
	  "  --load-address=ADDRESS\n"
	  "                        where a relocatable bzImage is to be in memory\n" },
	{ "type", 't', TEXT, FOR_TYPE, set_type,
	  .help =
	  "  -t, --type=TYPE       what KERNEL has to be: bzImage, vmlinux, elfImage (as\n"
	  "                        mkelfImage makes them) or, like without this, any\n" },
	{ "kernel", 0, TEXT, 0, set_name, .field = AT(input),
	  .help =
	  "  --kernel=KERNEL       the kernel, as an option\n" },
	{ "without-multiboot", 0, NONE, FOR_IMAGE, set_flag,
	  .field = AT(options.multiboot), .value = false,
	  .help =
	  "  --without-multiboot   no multiboot headers: a loader that knows both then\n"
	  "                        loads the file as ELF (iPXE) or by PVH (QEMU)\n" },
	{ "without-elf64", 0, NONE, FOR_IMAGE, set_flag,
	  .field = AT(options.elf64), .value = false,
	  .help =
	  "  --without-elf64       an ELF32 header only; without this option loaders that\n"
	  "                        read every file as ELF64 (Firecracker) can load it, too\n" },
	{ "no-checksum", 0, NONE, FOR_IMAGE, set_flag,
	  .field = AT(options.checksum), .value = false,
	  .help =
	  "  --no-checksum         no checksum note\n" },
	{ "sha256", 0, NONE, FOR_SHA256, set_flag, .field = AT(options.sha256), .value = true,
	  .help =
	  "  --sha256              a note with the file's SHA-256; with --verify: there\n"
	  "                        has to be one\n" },
	{ "efi", 0, MAYBE, FOR_EFI, set_efi,
	  .help =
	  "  --efi[=x64|ia32]      make a UEFI program of the image, for 64-bit firmware (or\n"
	  "                        that of a KERNEL that is one) or for 32-bit firmware,\n"
	  "                        with the command line and the initrd beside it\n" },
	{ "efi-stub", 0, TEXT, FOR_EFI, set_name, .field = AT(efi_stub),
	  .help =
	  "  --efi-stub=FILE       the elfbootx64.efi or elfbootia32.efi to make it of\n" },
	{ "os-release", 0, TEXT, FOR_EFI, set_text, .field = AT(os_release),
	  .help =
	  "  --os-release=FILE     what system it is, for boot menus, instead of\n"
	  "                        /etc/os-release; if the name is empty, none\n" },
	{ "sbat", 0, TEXT, FOR_EFI, set_text, .field = AT(sbat),
	  .help =
	  "  --sbat=FILE           SBAT lines to add to the loader's own, for shim; if the\n"
	  "                        name is empty, none\n" },
	{ "sign", 0, TEXT, FOR_SIGN, set_signer,
	  .help =
	  "  --sign=KEY,CERTIFICATE\n"
	  "                        sign what is written, as a kernel module is signed;\n"
	  "                        without OUTPUT: sign FILE, any ELF file, as it is\n" },
	{ "certificate", 0, TEXT, FOR_CHECK, set_name, .field = AT(certificate),
	  .help =
	  "  --certificate=CERTIFICATE\n"
	  "                        with --verify: it has to be signed by this one's key\n" },
	{ "dump", 0, NONE, 0, set_verb, .value = VERB_DUMP,
	  .help =
	  "  --dump                print what would be written, and write nothing\n" },
	{ "measure", 0, NONE, 0, set_verb, .value = VERB_MEASURE,
	  .help =
	  "  --measure             print what a TPM's registers are extended with when a\n"
	  "                        UEFI program boots that --efi has made. --append is what\n"
	  "                        its load options will be, --initrd an initrd that it\n"
	  "                        gets from outside, KERNEL what it is told to start if\n"
	  "                        there is no kernel in it\n" },
	{ "json", 0, NONE, FOR_JSON, set_flag, .field = AT(json), .value = true,
	  .help =
	  "  --json                print that for programs to read: what has been measured\n"
	  "                        for systemd-pcrlock\n" },
	{ "verify", 0, NONE, 0, set_verb, .value = VERB_VERIFY,
	  .help =
	  "  --verify              check a file against the layout rules and say which\n"
	  "                        one it breaks\n" },
	{ "extract", 0, TEXT, 0, set_part, .value = VERB_EXTRACT,
	  .help =
	  "  --extract=PART        write what an image has in it: the kernel (an image\n"
	  "                        without command line and initrd), the initrd or the\n"
	  "                        command line\n" },
	{ "quiet", 'q', NONE, 0, set_flag, .field = AT(quiet), .value = true,
	  .help =
	  "  -q, --quiet           print nothing but errors and what was asked for\n" },
	{ "version", 'V', NONE, 0, set_last_verb, .value = VERB_VERSION,
	  .help =
	  "  -V, --version         the version of this program\n" },
	{ "help", 'h', NONE, 0, set_last_verb, .value = VERB_HELP,
	  .help =
	  "  -h, --help            this text\n" },
};

_Static_assert(ARRAY_SIZE(known) <= 64, "more options than bits in struct job's seen");

/* What getopt_long() returns: a letter, or this and the place in the table. */
#define LONG	256

static const struct known *find_known(int option)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (option == LONG + (int)i || option == known[i].letter)
			return &known[i];
	return NULL;
}

/* The same table as getopt_long() wants it. */
static int next_option(int argc, char **argv)
{
	struct option options[ARRAY_SIZE(known) + 1] = {};
	char letters[2 * ARRAY_SIZE(known) + 1];
	char *letter = letters;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		options[i] = (struct option){
			known[i].name, known[i].argument, NULL, LONG + i
		};
		if (!known[i].letter)
			continue;
		*letter++ = known[i].letter;
		if (known[i].argument == TEXT)
			*letter++ = ':';
	}
	*letter = '\0';
	return getopt_long(argc, argv, letters, options, NULL);
}

static int check_names(const struct job *job, bool writes)
{
	if (!job->input)
		return error("no file to read is named");
	if (writes && !job->output)
		return error("no file to write is named");
	if (!writes && job->output)
		return error("nothing is written here, and \"%s\" is one name too many",
			     job->output);
	return 0;
}

/* What is not an option: the kernel, and the output, if they were not ones. */
static int set_files(struct job *job, int nr, char **files)
{
	bool writes = job->verb == VERB_MAKE || job->verb == VERB_EXTRACT;

	if (nr && !job->input) {
		job->input = *files++;
		nr--;
	}
	if (nr && !job->output) {
		*(job->verb == VERB_MEASURE ? &job->kernel : &job->output) = *files++;
		nr--;
	}
	if (job->verb == VERB_MAKE && job->key && !job->output) {
		job->verb = VERB_SIGN;
		writes = false;
	}
	if (nr)
		return error("\"%s\" is one name too many", *files);
	return check_names(job, writes);
}

static unsigned int count_standard(const struct job *job)
{
	unsigned int nr = !strcmp(job->input, STANDARD);
	unsigned int i;

	if (job->relocs)
		nr += !strcmp(job->relocs, STANDARD);
	if (job->efi_stub)
		nr += !strcmp(job->efi_stub, STANDARD);
	if (job->os_release)
		nr += !strcmp(job->os_release, STANDARD);
	if (job->sbat)
		nr += !strcmp(job->sbat, STANDARD);
	if (job->kernel)
		nr += !strcmp(job->kernel, STANDARD);
	for (i = 0; i < job->options.nr_initrds; i++)
		nr += !strcmp(job->initrd[i], STANDARD);
	return nr;
}

/* The first of the table that was there and is of one of these kinds; NULL: none. */
static const struct known *find_seen(const struct job *job, unsigned int kinds)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (job->seen >> i & 1 && known[i].kind & kinds)
			return &known[i];
	return NULL;
}

/* No option does nothing. */
static int check_combination(const struct job *job)
{
	const struct known *useless = find_seen(job, ~takes[job->verb]);

	if (useless)
		return error("--%s does nothing here", useless->name);
	if (!job->efi && find_seen(job, FOR_EFI))
		return error("--efi-stub, --os-release and --sbat are for --efi");
	if (job->efi && job->options.ramdisk_base)
		return error("--ramdisk-base does nothing with --efi: the firmware says where the initrd is");
	if (job->efi && job->key)
		return error("--sign signs an ELF file; \"sbsign\" signs a UEFI program");
	if (job->relocs && job->options.no_relocs)
		return error("--relocs or --no-relocs, not both");
	if (count_standard(job) > 1)
		return error("the standard input can be read only once");
	return 0;
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
	const struct known *found;
	int option;

	*job = (struct job){
		.options = {
			.multiboot = true, .elf64 = true, .checksum = true
		}
	};
	if (argc < 2)
		return wrong_usage();
	while ((option = next_option(argc, argv)) != -1) {
		found = find_known(option);
		if (!found)
			return wrong_usage();
		job->seen |= 1ULL << (found - known);
		if (found->set(job, found, optarg))
			return wrong_usage();
		if (found->set == set_last_verb)
			return 0;
	}
	if (set_files(job, argc - optind, argv + optind) || check_combination(job))
		return wrong_usage();
	return 0;
}

/**
 * args_help - print how to use this program
 */
void args_help(void)
{
	unsigned int i;

	fputs(usage, stdout);
	fputs(help, stdout);
	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].help)
			fputs(known[i].help, stdout);
	fputs(help_end, stdout);
}
