// SPDX-License-Identifier: GPL-2.0
/*
 * mkelfImage: make a bootable ELF file of a kernel.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "elfimage.h"

#define EXIT_OK		0
#define EXIT_INPUT	1
#define EXIT_USAGE	2

static const char *subject;		/* the file that messages are about */

static const char usage[] =
"usage: mkelfImage [options] VMLINUX OUTPUT\n"
"       mkelfImage --verify IMAGE\n"
"\n"
"Makes a bootable ELF file of a kernel built with CONFIG_ELF_BOOT=y.\n"
"\n"
"  --without-multiboot  no multiboot headers: a loader that knows both then\n"
"                       loads the file as ELF (iPXE) or by PVH (QEMU)\n"
"  --no-checksum        no checksum note\n"
"  --verify             check a file against the layout rules and say which\n"
"                       one it breaks\n"
"  --help               this text\n"
"\n"
"Exit status: 0 success, 1 bad input or no output, 2 wrong usage.\n";

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

static int make(const char *input, const char *output,
		const struct options *options)
{
	static struct layout layout;
	struct kernel kernel;
	struct bytes file;
	int ret;

	if (map_subject(input, &file))
		return -1;
	if (is_same_file(input, output))
		return error("is the output as well");
	ret = kernel_read(&file, &kernel);
	if (!ret)
		ret = layout_plan(&kernel, options, &layout);
	if (!ret) {
		subject = output;
		ret = write_image(output, &layout);
	}
	input_unmap(&file);
	return ret;
}

int main(int argc, char **argv)
{
	enum { VERIFY = 256, WITHOUT_MULTIBOOT, NO_CHECKSUM, HELP };
	static const struct option long_options[] = {
		{ "verify", no_argument, NULL, VERIFY },
		{ "without-multiboot", no_argument, NULL, WITHOUT_MULTIBOOT },
		{ "no-checksum", no_argument, NULL, NO_CHECKSUM },
		{ "help", no_argument, NULL, HELP },
		{ NULL, 0, NULL, 0 }
	};
	struct options options = { .multiboot = true, .checksum = true };
	bool verify_only = false;
	int c, ret;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (c) {
		case VERIFY:
			verify_only = true;
			break;
		case WITHOUT_MULTIBOOT:
			options.multiboot = false;
			break;
		case NO_CHECKSUM:
			options.checksum = false;
			break;
		case HELP:
			fputs(usage, stdout);
			return EXIT_OK;
		default:
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (argc - optind != (verify_only ? 1 : 2)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (verify_only)
		ret = verify(argv[optind]);
	else
		ret = make(argv[optind], argv[optind + 1], &options);
	return ret ? EXIT_INPUT : EXIT_OK;
}
