// SPDX-License-Identifier: GPL-2.0
/*
 * Messages about a file.
 */
#include <stdarg.h>
#include <stdio.h>

#include "elfimage.h"

/* The file that messages are about. */
static const char *subject;

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

	fprintf(stderr, "mkelfImage: ");
	if (subject)
		fprintf(stderr, "%s: ", subject);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return -1;
}
