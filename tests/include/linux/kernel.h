/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's own header has and the host's does not.
 */
#ifndef TESTS_LINUX_KERNEL_H
#define TESTS_LINUX_KERNEL_H

#include <stdarg.h>
#include <stdio.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define ALIGN(value, to)	({ __typeof__(value) _to = (to); \
				   ((value) + _to - 1) & ~(_to - 1); })
#define min_t(type, a, b)	({ type _a = (a); type _b = (b); _a < _b ? _a : _b; })
#define min(a, b)		min_t(__typeof__(a), a, b)

/* Who links what prints has them: the words are looked at, not the numbers. */
void test_printed(const char *format);

#define pr_err(format, ...)	test_printed(format)
#define pr_debug(format, ...)	((void)0)

/* As the kernel's: what has been written, not what would have been. */
__printf(3, 4)
static inline int scnprintf(char *text, size_t size, const char *format, ...)
{
	va_list args;
	int len;

	if (!size)
		return 0;
	va_start(args, format);
	len = vsnprintf(text, size, format, args);
	va_end(args);
	return (size_t)len < size ? len : (int)size - 1;
}

#endif /* TESTS_LINUX_KERNEL_H */
