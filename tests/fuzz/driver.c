// SPDX-License-Identifier: GPL-2.0
/*
 * What libFuzzer calls, or replay.c where there is no libFuzzer.
 */
#include <string.h>

#include "fuzz.h"

static const struct driver *driver;

/**
 * driver_find - find a driver of this program
 * @name: its name
 *
 * Return: the driver, or NULL.
 */
const struct driver *driver_find(const char *name)
{
	const struct driver *found;

	for (found = drivers; found->name; found++)
		if (!strcmp(found->name, name))
			return found;
	return NULL;
}

/**
 * LLVMFuzzerInitialize - libFuzzer begins
 * @argc: not used
 * @argv: the program is called fuzz-DRIVER
 *
 * Return: 0.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = strstr((*argv)[0], "fuzz-");

	while (name && strstr(name + 1, "fuzz-"))
		name = strstr(name + 1, "fuzz-");
	driver = name ? driver_find(name + strlen("fuzz-")) : NULL;
	if (!driver) {
		fprintf(stderr, "%s: not the name of a driver\n", (*argv)[0]);
		exit(2);
	}
	return 0;
}

/**
 * LLVMFuzzerTestOneInput - libFuzzer has an input
 * @data: it
 * @size: bytes
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	driver->run(data, size);
	return 0;
}
