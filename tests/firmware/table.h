/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The coreboot table of a machine, for the firmware and for unit tests
 * (table.c).
 */
#ifndef FIRMWARE_TABLE_H
#define FIRMWARE_TABLE_H

#include <linux/types.h>

#include "sources/wire-coreboot.h"

/* Records and CBMEM areas that nobody but the firmware knows. */
#define CBMEM_ID_TABLE		0x43425442
#define CBMEM_ID_CONSOLE	0x434f4e53

/* What to do wrong. */
#define TABLE_BAD_HEADERSUM	0x01
#define TABLE_BAD_TABLESUM	0x02
#define TABLE_SIZE0		0x04	/* a record of size 0 */
#define TABLE_SIZEMAX		0x08	/* a record of size 0xffffffff */
#define TABLE_TRUNCATED		0x10	/* the last record is cut */

struct table_range {
	u64 start;
	u64 size;
	u32 type;		/* LB_MEM_* */
};

struct table_channel {
	u8 pos;
	u8 size;
};

struct table_framebuffer {
	u64 address;
	u32 width;
	u32 height;
	u32 pitch;
	u8 bpp;
	struct table_channel red, green, blue, reserved;
};

/* Layouts of the serial port's record. */
enum table_serial {
	TABLE_SERIAL_NONE,
	TABLE_SERIAL_16,	/* coreboot 4.0 */
	TABLE_SERIAL_20,	/* 2013, 2014 */
	TABLE_SERIAL_28,	/* 4.22, 26.06 */
};

/* Piece of CBMEM. */
struct table_area {
	u64 address;
	u32 size;
	u32 id;			/* CBMEM_ID_* */
};

/* Flash: offsets from its start, lengths; fmap_offset ~0: none. */
struct table_medium {
	u64 fmap_offset;
	u64 cbfs_offset;
	u64 cbfs_size;
	u64 size;
};

/**
 * struct table_machine - what the table says
 * @ranges: memory
 * @nr_ranges: how many
 * @vendor: who made the mainboard
 * @part: its name
 * @version: the firmware's
 * @serial: layout of the record; the rest of it is 115200
 * @serial_port: its I/O port, 0 for COM1
 * @console: address of the firmware's log; 0: no record
 * @medium: flash, or NULL
 * @framebuffer: the display, or NULL
 * @areas: CBMEM
 * @nr_areas: how many
 * @rsdp: address of the ACPI RSDP; 0: no record
 * @faults: TABLE_*
 */
struct table_machine {
	const struct table_range *ranges;
	u32 nr_ranges;
	const char *vendor;
	const char *part;
	const char *version;
	enum table_serial serial;
	u16 serial_port;
	u64 console;
	const struct table_medium *medium;
	const struct table_framebuffer *framebuffer;
	const struct table_area *areas;
	u32 nr_areas;
	u64 rsdp;
	u32 faults;
};

size_t table_write(void *buffer, size_t size,
		   const struct table_machine *machine);
size_t table_write_forward(void *buffer, size_t size, u64 address);

#endif /* FIRMWARE_TABLE_H */
