// SPDX-License-Identifier: GPL-2.0
/*
 * Messages.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "elfkexec.h"

/**
 * error - print a message
 * @format: as for printf()
 *
 * Return: -1, for the caller to pass on.
 */
int error(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("elfkexec: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return -1;
}

/**
 * error_errno - print what has gone wrong with a file
 * @what: its name
 *
 * Return: -1, for the caller to pass on.
 */
int error_errno(const char *what)
{
	return error("%s: %s", what, strerror(errno));
}
