// SPDX-License-Identifier: GPL-2.0
/*
 * The files that the command line names.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"

static int stat_file(const char *path, int standard, struct stat *st)
{
	return strcmp(path, STANDARD) ? stat(path, st) : fstat(standard, st);
}

/**
 * map_subject - map an input; messages are about it from now on
 * @path: its name, or STANDARD
 * @file: result
 *
 * Return: 0, or -1 with a message printed.
 */
int map_subject(const char *path, struct bytes *file)
{
	message_about(path);
	return input_map(path, file);
}

/**
 * check_output - is an input the output as well?
 * @input: name of the one, messages are about it from now on
 * @output: of the other; NULL: none
 *
 * Return: 0 if it is not, or -1 with a message printed.
 */
int check_output(const char *input, const char *output)
{
	struct stat in, out;

	message_about(input);
	if (!output || stat_file(input, STDIN_FILENO, &in) ||
	    stat_file(output, STDOUT_FILENO, &out) || !S_ISREG(out.st_mode) ||
	    in.st_dev != out.st_dev || in.st_ino != out.st_ino)
		return 0;
	return error("is the output as well");
}
