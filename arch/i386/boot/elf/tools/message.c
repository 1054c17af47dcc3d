// SPDX-License-Identifier: GPL-2.0
/*
 * Messages about a file.
 */
#include <stdarg.h>
#include <stdio.h>

#include "elfimage.h"

/* The file that messages are about. */
static const char *subject;

/* Only what is wrong is said. */
static bool quiet;

static void print(const char *format, va_list args)
{
	progress_clear();
	fprintf(stderr, "mkelfImage: ");
	if (subject)
		fprintf(stderr, "%s: ", *subject ? subject : "\"\"");
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

/**
 * message_about - say which file messages are about from now on
 * @path: its name, which must stay
 */
void message_about(const char *path)
{
	subject = path;
}

/**
 * error - print a message about the current file
 * @format: as for printf()
 *
 * Return: -1, for the caller to pass on.
 */
int error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(format, args);
	va_end(args);
	return -1;
}

/**
 * remark - say something about the current file that is no error
 * @format: as for printf()
 */
void remark(const char *format, ...)
{
	va_list args;

	if (quiet)
		return;
	va_start(args, format);
	print(format, args);
	va_end(args);
}

/**
 * message_quiet - let there be no remarks and no progress
 */
void message_quiet(void)
{
	quiet = true;
}

/**
 * message_progress - say what takes long, from now on, if it does
 * @what: a word or two, which must stay
 */
void message_progress(const char *what)
{
	if (!quiet)
		progress_on(what);
}
