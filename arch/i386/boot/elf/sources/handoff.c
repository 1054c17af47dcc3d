// SPDX-License-Identifier: GPL-2.0
/*
 * What a caller may have left on the stack, if there is one.
 */
#include <asm/byteorder.h>

#include "sources/sources.h"

/* Below are interrupt vectors and the BIOS data area. */
#define ARGUMENT_MIN	0x500

/**
 * handoff_argument - the first argument of a C call: what [ESP+4] points to
 * @ram: physical memory
 * @handoff: ESP may be 0 or garbage
 *
 * Return: physical address, or 0 if it can be none.
 */
u32 handoff_argument(const struct ram *ram, const struct handoff *handoff)
{
	__le32 word;
	u32 argument;

	if (!handoff->esp || handoff->esp & 3 ||
	    ram_read(ram, (u64)handoff->esp + 4, &word, sizeof(word)))
		return 0;
	argument = __le32_to_cpu(word);
	return argument < ARGUMENT_MIN ? 0 : argument;
}
