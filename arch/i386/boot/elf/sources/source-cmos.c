// SPDX-License-Identifier: GPL-2.0
/*
 * The memory sizes that an AT's BIOS keeps beside the clock: the last resort,
 * 64 MiB at most (Ralf Brown's interrupt list, CMOS.LST, 15h-18h and 30h-31h).
 */
#include <linux/errno.h>

#include "machine/machine.h"
#include "sources/sources.h"

#define CMOS_PORT_INDEX	0x70		/* bit 7 shuts out NMIs */
#define CMOS_PORT_DATA	0x71

/* Low bytes, of KiB; the high one comes next. */
#define CMOS_BASE	0x15
#define CMOS_EXTENDED	0x17		/* as set up */
#define CMOS_FOUND	0x30		/* as found by the BIOS */

#define BASE_MAX	640

/*
 * The index port cannot be read, so the NMI gate in it cannot be put back: it
 * is left open, as every access of the kernel's leaves it.
 */
static u32 read_word(u8 index)
{
	u32 word;

	port_write(index, CMOS_PORT_INDEX);
	word = port_read(CMOS_PORT_DATA);
	port_write(index + 1, CMOS_PORT_INDEX);
	return word | (u32)port_read(CMOS_PORT_DATA) << 8;
}

/**
 * cmos_probe - take the memory sizes beside the clock, if there is no map
 * @ram: not used
 * @handoff: not used
 * @bi: result, as it was on error
 *
 * Return: 0, or -ENOENT if there is a map or the sizes make no sense.
 */
int cmos_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi)
{
	u32 base, extended, found;

	if (bi->map_rank <= MAP_CMOS)
		return -ENOENT;
	base = read_word(CMOS_BASE);
	extended = read_word(CMOS_EXTENDED);
	found = read_word(CMOS_FOUND);
	if (found && found < extended)
		extended = found;
	/* Without a clock, all of them are ffff. */
	if (!base || base > BASE_MAX || !extended)
		return -ENOENT;
	memmap_init(&bi->offer);
	memmap_add_sizes(&bi->offer, base, extended);
	bi->source = "cmos";
	bootinfo_set_map(bi, MAP_CMOS);
	return 0;
}
