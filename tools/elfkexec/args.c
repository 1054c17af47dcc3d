// SPDX-License-Identifier: GPL-2.0
/*
 * The options.
 */
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "elfkexec.h"

#define VERSION	"3.4"

static const char usage[] =
"usage: elfkexec [--crash] [--dry-run] [options] KERNEL\n"
"       elfkexec --exec [--force] [[options] KERNEL]\n"
"       elfkexec --unload | --status [--crash]\n";

static const char help[] =
"\n"
"Loads a kernel, or another static ELF file, by the system call\n"
"kexec_file_load, and starts it without a reset.\n"
"\n"
"  -i, --initrd=FILE    its initrd; several become one, in this order\n"
"  -a, --append=TEXT    its command line\n"
"  -r, --reuse-cmdline  the command line of the running kernel, and TEXT behind\n"
"  -p, --crash          it is for when the running kernel panics\n"
"  -n, --dry-run        only tell what would be loaded where\n"
"  -e, --exec           start what is loaded, after an orderly shutdown\n"
"  -f, --force          without one: at once\n"
"  -u, --unload         unload it\n"
"  -s, --status         tell whether one is loaded\n"
"  -h, --help           print this\n"
"  -V, --version        print the version\n"
"\n"
"Exit status: 0 success, 1 refused or failed, 2 wrong usage; of --status, 3 if\n"
"none is loaded.\n";

static const struct option options[] = {
	{ "initrd", required_argument, NULL, 'i' },
	{ "append", required_argument, NULL, 'a' },
	{ "reuse-cmdline", no_argument, NULL, 'r' },
	{ "crash", no_argument, NULL, 'p' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "exec", no_argument, NULL, 'e' },
	{ "force", no_argument, NULL, 'f' },
	{ "unload", no_argument, NULL, 'u' },
	{ "status", no_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ }
};

/* Options that only switch something on. */
static const struct {
	char letter;
	size_t field;
} flags[] = {
	{ 'r', offsetof(struct job, reuse) },
	{ 'p', offsetof(struct job, crash) },
	{ 'n', offsetof(struct job, dry_run) },
	{ 'e', offsetof(struct job, exec) },
	{ 'f', offsetof(struct job, force) },
	{ 'u', offsetof(struct job, unload) },
	{ 's', offsetof(struct job, status) },
};

static int wrong(const char *text)
{
	error("%s", text);
	fputs(usage, stderr);
	return EXIT_USAGE;
}

static void set_flag(struct job *job, int letter)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (flags[i].letter == letter)
			*(bool *)((char *)job + flags[i].field) = true;
}

static bool has_load_options(const struct job *job)
{
	return job->nr_initrds || job->append || job->reuse || job->dry_run;
}

/* What makes no sense together. */
static const char *find_conflict(const struct job *job)
{
	if (job->exec + job->unload + job->status > 1)
		return "one of --exec, --unload, --status";
	if ((job->unload || job->status) && (job->kernel || has_load_options(job)))
		return "--unload and --status take no kernel";
	if (job->force && !job->exec)
		return "--force is for --exec";
	if (job->exec && job->crash)
		return "a panic starts the kernel of --crash, not --exec";
	if (!job->kernel && has_load_options(job))
		return "which kernel?";
	if (!job->kernel && !job->exec && !job->unload && !job->status)
		return "which kernel?";
	return NULL;
}

/* Return: -1 to go on, else the exit status. */
static int take(struct job *job, int letter)
{
	switch (letter) {
	case 'i':
		if (job->nr_initrds == INITRDS_MAX)
			return wrong("more than 64 --initrd");
		job->initrd[job->nr_initrds++] = optarg;
		return -1;
	case 'a':
		if (job->append)
			return wrong("--append is given twice");
		job->append = optarg;
		return -1;
	case 'h':
		printf("%s%s", usage, help);
		return 0;
	case 'V':
		puts("elfkexec " VERSION);
		return 0;
	case '?':
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	set_flag(job, letter);
	return -1;
}

/**
 * args_read - read the command line
 * @argc: as for main()
 * @argv: likewise
 * @job: result
 *
 * Return: -1 if there is something to do, else the exit status, with a message
 * printed if it is not 0.
 */
int args_read(int argc, char **argv, struct job *job)
{
	const char *conflict;
	int letter, status;

	*job = (struct job){ };
	while ((letter = getopt_long(argc, argv, "i:a:rpnefushV", options,
				     NULL)) != -1) {
		status = take(job, letter);
		if (status >= 0)
			return status;
	}
	if (argc - optind > 1)
		return wrong("one kernel only");
	job->kernel = argv[optind];
	conflict = find_conflict(job);
	return conflict ? wrong(conflict) : -1;
}
