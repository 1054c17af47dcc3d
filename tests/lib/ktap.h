/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a C test says: the plain lines that tests/lib/ktap.sh turns into KTAP.
 * No other C file prints any. A subtest is what was expected since the one
 * before it was done.
 */
#ifndef TESTS_KTAP_H
#define TESTS_KTAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <linux/types.h>

/* One broken loop must not bury the rest. */
#define KTAP_LINES_MAX	8

static struct {
	unsigned int broken;		/* expectations, in this subtest */
	int status;			/* of the program */
} ktap;

/* Whether to tell about a broken expectation. Flushed: a crash may follow. */
static inline bool ktap_broken(const char *file, int line)
{
	ktap.status = 1;
	if (++ktap.broken > KTAP_LINES_MAX)
		return false;
	printf("%s:%d: ", file, line);
	fflush(stdout);
	return true;
}

static inline bool ktap_expect(bool good, const char *what, const char *file,
			       int line)
{
	if (!good && ktap_broken(file, line))
		printf("expected: %s\n", what);
	return good;
}

static inline bool ktap_expect_eq(long long got, long long want,
				  const char *what, const char *file, int line)
{
	if (got != want && ktap_broken(file, line))
		printf("%s: got %lld (%#llx), want %lld (%#llx)\n", what, got,
		       got, want, want);
	return got == want;
}

static inline bool ktap_expect_string(const char *got, const char *want,
				      const char *what, const char *file,
				      int line)
{
	bool good = got && want ? !strcmp(got, want) : got == want;

	if (!good && ktap_broken(file, line))
		printf("%s: got \"%s\", want \"%s\"\n", what,
		       got ? got : "(null)", want ? want : "(null)");
	return good;
}

static inline bool ktap_expect_bytes(const void *got, const void *want,
				     size_t len, const char *what,
				     const char *file, int line)
{
	const unsigned char *a = got, *b = want;
	size_t i = 0;

	while (i < len && a[i] == b[i])
		i++;
	if (i < len && ktap_broken(file, line))
		printf("%s: byte %#zx: got %#x, want %#x\n", what, i, a[i],
		       b[i]);
	return i == len;
}

/* All are true if the expectation was met. */
#define expect(condition) \
	ktap_expect(condition, #condition, __FILE__, __LINE__)
#define expect_eq(got, want) \
	ktap_expect_eq(got, want, #got, __FILE__, __LINE__)
#define expect_string(got, want) \
	ktap_expect_string(got, want, #got, __FILE__, __LINE__)
#define expect_bytes(got, want, len) \
	ktap_expect_bytes(got, want, len, #got, __FILE__, __LINE__)

/* The subtest's name is made by @format; 32-bit and 64-bit runs differ. */
__printf(1, 2)
static inline void ktap_done(const char *format, ...)
{
	va_list args;

	printf("%sok %zu ", ktap.broken ? "not " : "", 8 * sizeof(void *));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	ktap.broken = 0;
}

/* The exit status of the program. */
static inline int ktap_status(void)
{
	return ktap.status;
}

#endif /* TESTS_KTAP_H */
