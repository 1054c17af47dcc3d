// SPDX-License-Identifier: GPL-2.0
/*
 * usage: replay DRIVER FILE...
 *
 * Give a driver the contents of files; without libFuzzer, and at any width.
 */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "ktap.h"

#define INPUT_MAX	0x100000

/* For whoever looks at a crash: which one it was. */
static void replay(const struct driver *driver, const char *path)
{
	static uint8_t buffer[INPUT_MAX];
	uint8_t *data;
	size_t size;
	FILE *file = fopen(path, "rb");

	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	size = fread(buffer, 1, sizeof(buffer), file);
	fclose(file);
	/* Exactly so many bytes: the sanitizer sees the next. */
	data = malloc(size ? size : 1);
	must(data);
	memcpy(data, buffer, size);
	fprintf(stderr, "%s\n", path);
	driver->run(data, size);
	free(data);
}

int main(int argc, char **argv)
{
	const struct driver *driver = argc > 2 ? driver_find(argv[1]) : NULL;
	int i;

	if (!driver) {
		fprintf(stderr, "usage: %s DRIVER FILE...\n", argv[0]);
		return 2;
	}
	for (i = 2; i < argc; i++)
		replay(driver, argv[i]);
	ktap_done("%s: %d inputs", driver->name, argc - 2);
	return ktap_status();
}
