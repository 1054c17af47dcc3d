// SPDX-License-Identifier: GPL-2.0
/*
 * mkelfImage: make a bootable ELF file of a kernel.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "elfimage.h"

#define EXIT_OK		0
#define EXIT_INPUT	1
#define EXIT_USAGE	2

static const char *subject;		/* the file that messages are about */

static const char usage[] =
"usage: mkelfImage [options] KERNEL OUTPUT\n"
"       mkelfImage [options] KERNEL --output=OUTPUT\n"
"       mkelfImage [options] --dump KERNEL\n"
"       mkelfImage --verify IMAGE\n"
"\n"
"Makes a bootable ELF file of a kernel: of a vmlinux built with\n"
"CONFIG_ELF_BOOT=y, or of any bzImage (boot protocol 2.05, that is 2.6.20, or\n"
"later). KERNEL may also be a file that mkelfImage has made: a command line or\n"
"an initrd then replaces the one in it; if none is given, that one stays.\n"
"\n"
"  --append=TEXT, --command-line=TEXT\n"
"                       command line to put into the image; if empty, none\n"
"  --initrd=FILE, --ramdisk=FILE\n"
"                       initrd to put into the image; if there are several,\n"
"                       one behind the other; if the name is empty, none\n"
"  -o, --output=OUTPUT  where to write to\n"
"  --without-multiboot  no multiboot headers: a loader that knows both then\n"
"                       loads the file as ELF (iPXE) or by PVH (QEMU)\n"
"  --no-checksum        no checksum note\n"
"  --dump               print what would be written, and write nothing\n"
"  --verify             check a file against the layout rules and say which\n"
"                       one it breaks\n"
"  --version            the version of this program\n"
"  --help               this text\n"
"\n"
"Exit status: 0 success, 1 bad input or no output, 2 wrong usage.\n";

/* The first mkelfImage, part of coreboot until 2014, ended with 2.7. */
static const char version[] = "mkelfImage 3.0\n";

/**
 * struct job - what the command line says
 * @options: how to make an image
 * @initrd: names of the initrds
 * @input: name of the kernel, or of the image to verify
 * @output: name of the image to write, if any
 * @dump: print the plan instead
 * @verify: verify an image instead
 */
struct job {
	struct options options;
	const char *initrd[INITRDS_MAX];
	const char *input;
	const char *output;
	bool dump;
	bool verify;
};

/**
 * error - print a message about the current file
 * @format: as for printf()
 *
 * Return: -1, for the caller to pass on.
 */
int error(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "mkelfImage: ");
	if (subject)
		fprintf(stderr, "%s: ", subject);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return -1;
}

static int map_subject(const char *path, struct bytes *file)
{
	subject = NULL;
	if (input_map(path, file))
		return -1;
	subject = path;
	return 0;
}

static int verify(const char *path)
{
	struct bytes file;
	int ret;

	if (map_subject(path, &file))
		return -1;
	ret = verify_image(&file);
	input_unmap(&file);
	return ret;
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat st_a, st_b;

	return !stat(a, &st_a) && !stat(b, &st_b) &&
	       st_a.st_dev == st_b.st_dev && st_a.st_ino == st_b.st_ino;
}

static int map_initrds(struct job *job)
{
	struct options *options = &job->options;
	unsigned int i;

	for (i = 0; i < options->nr_initrds; i++)
		if (map_subject(job->initrd[i], &options->initrd[i]))
			return -1;
	return 0;
}

static int check_output(const struct job *job)
{
	unsigned int i;

	for (i = 0; job->output && i < job->options.nr_initrds; i++) {
		subject = job->initrd[i];
		if (is_same_file(subject, job->output))
			return error("is the output as well");
	}
	subject = job->input;
	if (job->output && is_same_file(subject, job->output))
		return error("is the output as well");
	return 0;
}

/* All inputs stay mapped until the end: the plan refers to them. */
static int make(struct job *job)
{
	static struct layout layout;
	struct bytes stub = stub_bin_get();
	struct kernel kernel;
	struct bytes file;

	if (map_initrds(job) || map_subject(job->input, &file) ||
	    check_output(job) || kernel_read(&file, &kernel) ||
	    layout_plan(&kernel, &stub, &job->options, &layout))
		return -1;
	if (job->dump) {
		dump_layout(&layout);
		if (fflush(stdout) || ferror(stdout))
			return error("%s", strerror(errno));
		return 0;
	}
	subject = job->output;
	return write_image(job->output, &layout);
}

static bool add_initrd(struct job *job, const char *path)
{
	if (!*path) {
		job->options.no_initrd = true;
		job->options.nr_initrds = 0;
		return true;
	}
	if (job->options.nr_initrds == INITRDS_MAX) {
		error("more than %u initrds", INITRDS_MAX);
		return false;
	}
	job->initrd[job->options.nr_initrds++] = path;
	return true;
}

/* What is not an option: the kernel, and the output if it was not one. */
static bool set_files(struct job *job, int nr, char **files)
{
	if (nr == 2 && !job->output)
		job->output = files[1];
	else if (nr != 1)
		return false;
	job->input = files[0];
	return !job->output == (job->dump || job->verify);
}

enum {
	APPEND = 256, INITRD, WITHOUT_MULTIBOOT, NO_CHECKSUM, DUMP, VERIFY,
	VERSION, HELP
};

static bool set_option(struct job *job, int option, const char *argument)
{
	switch (option) {
	case APPEND:
		job->options.cmdline = argument;
		return true;
	case INITRD:
		return add_initrd(job, argument);
	case 'o':
		job->output = argument;
		return true;
	case WITHOUT_MULTIBOOT:
		job->options.multiboot = false;
		return true;
	case NO_CHECKSUM:
		job->options.checksum = false;
		return true;
	case DUMP:
		job->dump = true;
		return true;
	case VERIFY:
		job->verify = true;
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "append", required_argument, NULL, APPEND },
		{ "command-line", required_argument, NULL, APPEND },
		{ "initrd", required_argument, NULL, INITRD },
		{ "ramdisk", required_argument, NULL, INITRD },
		{ "output", required_argument, NULL, 'o' },
		{ "without-multiboot", no_argument, NULL, WITHOUT_MULTIBOOT },
		{ "no-checksum", no_argument, NULL, NO_CHECKSUM },
		{ "dump", no_argument, NULL, DUMP },
		{ "verify", no_argument, NULL, VERIFY },
		{ "version", no_argument, NULL, VERSION },
		{ "help", no_argument, NULL, HELP },
		{ NULL, 0, NULL, 0 }
	};
	static struct job job = {
		.options = { .multiboot = true, .checksum = true }
	};
	int option, ret;

	while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) !=
	       -1) {
		if (option == HELP || option == VERSION) {
			fputs(option == HELP ? usage : version, stdout);
			return EXIT_OK;
		}
		if (!set_option(&job, option, optarg)) {
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (!set_files(&job, argc - optind, argv + optind)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	ret = job.verify ? verify(job.input) : make(&job);
	return ret ? EXIT_INPUT : EXIT_OK;
}
