// SPDX-License-Identifier: GPL-2.0
/*
 * Writes the coreboot table: a machine's description into a buffer. Records
 * and their order are those of coreboot 26.06 on QEMU's i440fx, without the
 * few that nobody reads. No hardware here: unit tests feed parsers with it.
 */
#include <asm/byteorder.h>
#include <string.h>

#include "rfc1071.h"
#include "table.h"

#define COM1		0x3f8
#define BAUD		115200
#define UART_CLOCK	1843200

/* The serial record of 26.06, whole. */
struct serial_28 {
	struct lb_serial serial;
	__le32 input_hertz;
} __attribute__((packed));

/* The framebuffer record of 26.06, whole. */
struct framebuffer_40 {
	struct lb_framebuffer framebuffer;
	__u8 orientation;
	__u8 flags;
	__u8 pad;
} __attribute__((packed));

struct mainboard {
	__u8 vendor_idx;
	__u8 part_number_idx;
	char strings[];
};

_Static_assert(sizeof(struct lb_record) + sizeof(struct serial_28) == 28,
	       "coreboot serial");
_Static_assert(sizeof(struct lb_record) + sizeof(struct framebuffer_40) == 40,
	       "coreboot framebuffer");

struct writer {
	u8 *buffer;
	size_t size;
	size_t used;
	u32 entries;
	bool full;		/* something did not fit */
};

static void start(struct writer *writer, void *buffer, size_t size)
{
	writer->buffer = buffer;
	writer->size = size;
	writer->used = sizeof(struct lb_header);
	writer->entries = 0;
	writer->full = size < writer->used;
	if (writer->full)
		writer->size = writer->used;
}

/* Space for a record's contents, zeroed; NULL: there is none left. */
static void *add_record(struct writer *writer, u32 tag, size_t len)
{
	struct lb_record *record;
	size_t size = sizeof(*record) + ((len + 3) & ~3UL);

	if (size > writer->size - writer->used) {
		writer->full = true;
		return NULL;
	}
	record = (struct lb_record *)(writer->buffer + writer->used);
	memset(record, 0, size);
	record->tag = __cpu_to_le32(tag);
	record->size = __cpu_to_le32(size);
	writer->used += size;
	writer->entries++;
	return record + 1;
}

static void add_bytes(struct writer *writer, u32 tag, const void *bytes,
		      size_t len)
{
	void *contents = add_record(writer, tag, len);

	if (contents)
		memcpy(contents, bytes, len);
}

static void add_string(struct writer *writer, u32 tag, const char *s)
{
	add_bytes(writer, tag, s, strlen(s) + 1);
}

static void add_address(struct writer *writer, u32 tag, u64 address)
{
	struct lb_address wire = { __cpu_to_le64(address) };

	add_bytes(writer, tag, &wire, sizeof(wire));
}

static void add_memory(struct writer *writer, const struct table_range *ranges,
		       u32 nr)
{
	struct lb_memory_range *wire;

	wire = add_record(writer, LB_TAG_MEMORY, nr * sizeof(*wire));
	if (!wire)
		return;
	for (; nr; nr--, ranges++, wire++) {
		wire->start = __cpu_to_le64(ranges->start);
		wire->size = __cpu_to_le64(ranges->size);
		wire->type = __cpu_to_le32(ranges->type);
	}
}

static void add_mainboard(struct writer *writer, const char *vendor,
			  const char *part)
{
	size_t vendor_len = strlen(vendor) + 1;
	size_t part_len = strlen(part) + 1;
	struct mainboard *wire;

	wire = add_record(writer, LB_TAG_MAINBOARD,
			  sizeof(*wire) + vendor_len + part_len);
	if (!wire)
		return;
	wire->part_number_idx = vendor_len;
	memcpy(wire->strings, vendor, vendor_len);
	memcpy(wire->strings + vendor_len, part, part_len);
}

static void add_serial(struct writer *writer, enum table_serial layout,
		       u16 port)
{
	const struct lb_serial_old old = {
		.ioport = __cpu_to_le16(port),
		.baud = __cpu_to_le32(BAUD),
	};
	const struct serial_28 wire = {
		.serial.type = __cpu_to_le32(LB_SERIAL_IO),
		.serial.baseaddr = __cpu_to_le32(port),
		.serial.baud = __cpu_to_le32(BAUD),
		.serial.regwidth = __cpu_to_le32(1),
		.input_hertz = __cpu_to_le32(UART_CLOCK),
	};

	switch (layout) {
	case TABLE_SERIAL_NONE:
		return;
	case TABLE_SERIAL_16:
		add_bytes(writer, LB_TAG_SERIAL, &old, sizeof(old));
		break;
	case TABLE_SERIAL_20:
		add_bytes(writer, LB_TAG_SERIAL, &wire.serial,
			  LB_SERIAL_SIZE);
		break;
	case TABLE_SERIAL_28:
		add_bytes(writer, LB_TAG_SERIAL, &wire, sizeof(wire));
		break;
	}
	/* Type 0: a 16550 behind ports. */
	add_record(writer, LB_TAG_CONSOLE, sizeof(__le16));
}

static void add_framebuffer(struct writer *writer,
			    const struct table_framebuffer *framebuffer)
{
	const struct framebuffer_40 wire = {
		.framebuffer = {
			__cpu_to_le64(framebuffer->address),
			__cpu_to_le32(framebuffer->width),
			__cpu_to_le32(framebuffer->height),
			__cpu_to_le32(framebuffer->pitch),
			framebuffer->bpp,
			framebuffer->red.pos, framebuffer->red.size,
			framebuffer->green.pos, framebuffer->green.size,
			framebuffer->blue.pos, framebuffer->blue.size,
			framebuffer->reserved.pos, framebuffer->reserved.size,
		},
	};

	add_bytes(writer, LB_TAG_FRAMEBUFFER, &wire, sizeof(wire));
}

static void add_medium(struct writer *writer,
		       const struct table_medium *medium)
{
	const struct lb_boot_media_params wire = {
		.fmap_offset = __cpu_to_le64(medium->fmap_offset),
		.cbfs_offset = __cpu_to_le64(medium->cbfs_offset),
		.cbfs_size = __cpu_to_le64(medium->cbfs_size),
		.boot_media_size = __cpu_to_le64(medium->size),
	};

	add_bytes(writer, LB_TAG_BOOT_MEDIA_PARAMS, &wire, sizeof(wire));
}

static void add_areas(struct writer *writer, const struct table_area *areas,
		      u32 nr)
{
	for (; nr; nr--, areas++) {
		const struct lb_cbmem_entry wire = {
			.address = __cpu_to_le64(areas->address),
			.entry_size = __cpu_to_le32(areas->size),
			.id = __cpu_to_le32(areas->id),
		};

		add_bytes(writer, LB_TAG_CBMEM_ENTRY, &wire, sizeof(wire));
	}
}

/* A record that does not say how long it is, among good ones. */
static void add_fault(struct writer *writer, u32 size)
{
	struct lb_record *record = add_record(writer, LB_TAG_EXTRA_VERSION, 4);

	if (record)
		record[-1].size = __cpu_to_le32(size);
}

static void add_records(struct writer *writer,
			const struct table_machine *machine)
{
	add_memory(writer, machine->ranges, machine->nr_ranges);
	add_mainboard(writer, machine->vendor, machine->part);
	add_serial(writer, machine->serial,
		   machine->serial_port ? machine->serial_port : COM1);
	add_string(writer, LB_TAG_VERSION, machine->version);
	add_string(writer, LB_TAG_EXTRA_VERSION, "");
	add_string(writer, LB_TAG_BUILD, "Tue Jan 01 00:00:00 UTC 2002");
	add_string(writer, LB_TAG_COMPILE_TIME, "00:00:00");
	if (machine->faults & TABLE_SIZE0)
		add_fault(writer, 0);
	if (machine->faults & TABLE_SIZEMAX)
		add_fault(writer, 0xffffffff);
	if (machine->framebuffer)
		add_framebuffer(writer, machine->framebuffer);
	if (machine->console)
		add_address(writer, LB_TAG_CBMEM_CONSOLE, machine->console);
	if (machine->medium)
		add_medium(writer, machine->medium);
	add_areas(writer, machine->areas, machine->nr_areas);
	if (machine->rsdp)
		add_address(writer, LB_TAG_ACPI_RSDP, machine->rsdp);
}

/* Returns the length of all, or 0 if it did not fit. */
static size_t finish(const struct writer *writer, u32 faults)
{
	struct lb_header *header = (struct lb_header *)writer->buffer;
	size_t len = writer->used;

	if (writer->full)
		return 0;
	len -= sizeof(*header);
	if (faults & TABLE_TRUNCATED)
		len -= 4;
	memset(header, 0, sizeof(*header));
	header->signature = __cpu_to_le32(LB_SIGNATURE);
	header->header_bytes = __cpu_to_le32(sizeof(*header));
	header->table_bytes = __cpu_to_le32(len);
	header->table_checksum =
		__cpu_to_le32(internet_checksum((u8 *)(header + 1), len));
	header->table_entries = __cpu_to_le32(writer->entries);
	if (faults & TABLE_BAD_TABLESUM)
		header->table_checksum ^= __cpu_to_le32(1);
	header->header_checksum =
		__cpu_to_le32(internet_checksum((u8 *)header,
						sizeof(*header)));
	if (faults & TABLE_BAD_HEADERSUM)
		header->header_checksum ^= __cpu_to_le32(1);
	return sizeof(*header) + len;
}

/**
 * table_write - write the table
 * @buffer: where to
 * @size: bytes there
 * @machine: what it says
 *
 * Return: its length, or 0 if it does not fit.
 */
size_t table_write(void *buffer, size_t size,
		   const struct table_machine *machine)
{
	struct writer writer;

	start(&writer, buffer, size);
	add_records(&writer, machine);
	return finish(&writer, machine->faults);
}

/**
 * table_write_forward - write a table that only says where the real one is
 * @buffer: where to
 * @size: bytes there
 * @address: of the real one
 *
 * Return: its length, or 0 if it does not fit.
 */
size_t table_write_forward(void *buffer, size_t size, u64 address)
{
	struct writer writer;

	start(&writer, buffer, size);
	add_address(&writer, LB_TAG_FORWARD, address);
	return finish(&writer, 0);
}
