/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two checksums of coreboot's table.
 */
#ifndef TESTS_COREBOOT_SUMS_H
#define TESTS_COREBOOT_SUMS_H

#include "fixture.h"
#include "rfc1071.h"

#define HEADER		24

/* Right sums, as far as there is anything to sum up. */
static inline void fix_sums(u8 *table, u32 len)
{
	u32 header = get_le32(table + 4);
	u32 records = get_le32(table + 12);

	if (header < HEADER || header > len)
		header = HEADER;
	if (records > len - header)
		records = len - header;
	put_le32(table + 16, internet_checksum(table + header, records));
	put_le32(table + 8, 0);
	put_le32(table + 8, internet_checksum(table, header));
}

#endif /* TESTS_COREBOOT_SUMS_H */
