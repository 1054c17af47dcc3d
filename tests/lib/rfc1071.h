/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Internet checksum as simply as it can be said, to compare with.
 */
#ifndef TESTS_RFC1071_H
#define TESTS_RFC1071_H

#include <linux/types.h>

/* RFC 1071, section 1, with the first byte as the low one. */
static inline u16 internet_checksum(const u8 *p, size_t size)
{
	u32 sum = 0;
	size_t i;

	for (i = 0; i < size; i++) {
		sum += i & 1 ? p[i] << 8 : p[i];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return ~sum;
}

#endif /* TESTS_RFC1071_H */
