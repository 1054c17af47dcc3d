/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the drivers share. A program has several of them, so that the check
 * tier has to build each program once only; its own name or its first argument
 * says which is meant.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/**
 * struct driver - one thing that is fuzzed
 * @name: of the driver
 * @run: give it an input; what must not be ends the program
 */
struct driver {
	const char *name;
	void (*run)(const uint8_t *data, size_t size);
};

/* Of this program; the last has no name. */
extern const struct driver drivers[];

const struct driver *driver_find(const char *name);

/* Of efi's, in a file of its own: event-log.c. */
void event_log_run(const uint8_t *data, size_t size);

/* What libFuzzer calls. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Like assert(), but never compiled away. */
#define must(condition) \
	do { \
		if (!(condition)) \
			must_fail(#condition, __FILE__, __LINE__); \
	} while (0)

static inline void must_fail(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: must be: %s\n", file, line, what);
	abort();
}

#endif /* TESTS_FUZZ_H */
