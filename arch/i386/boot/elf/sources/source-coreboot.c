// SPDX-License-Identifier: GPL-2.0
/*
 * The table of coreboot, which was LinuxBIOS until 2008. Since 4.11 (2019) a
 * payload gets its address at [ESP+4]; before, it has to be searched for.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "info/cmdline.h"
#include "machine/machine.h"
#include "sources/checksum.h"
#include "sources/sources.h"
#include "sources/wire-coreboot.h"

/* The largest one seen is 844 bytes; 300 memory ranges take 6000. */
#define TABLE_MAX	0x10000

/* ACPI's tables, the RSDP among them, are smaller. */
#define ACPI_MAX	0x100000

/* An I/O port with a UART's registers behind it. */
#define PORT_MAX	0xffe0

/* Where a table without an owner may begin. */
#define SCAN_STEP	16

static const struct range scan_areas[] = {
	{ 0x00000, 0x01000, 0 },	/* a FORWARD record at 0x500 */
	{ 0xf0000, 0x10000, 0 },	/* tables of before 2009 */
};

/*
 * struct table - what a table says, kept until all of it has been read
 */
struct table {
	struct range self;		/* header and records */
	u32 records;			/* their size in bytes */
	u32 entries;			/* and number */
	u64 forward;
	u64 version;			/* physical address of the string */
	u64 rsdp;
	struct range acpi;
	struct range cbfs;
	struct serial serial;
	struct framebuffer framebuffer;
};

/*
 * struct record - one of a table
 * @wire: its fixed part, copied out
 * @bi: gets the map, and what is ignored
 */
struct record {
	const struct ram *ram;
	u64 pa;				/* of its contents */
	u32 size;
	struct table *table;
	struct bootinfo *bi;
	union {
		struct lb_serial_old serial_old;
		struct lb_serial serial;
		struct lb_address address;
		struct lb_framebuffer framebuffer;
		struct lb_boot_media_params media;
		struct lb_cbmem_entry cbmem;
	} wire;
};

static int parse_memory(const struct record *record)
{
	struct lb_memory_range range;
	u32 left = record->size;
	u64 pa = record->pa;

	for (; left >= sizeof(range); left -= sizeof(range)) {
		if (ram_read(record->ram, pa, &range, sizeof(range)))
			return -EINVAL;
		memmap_add(&record->bi->offer, __le64_to_cpu(range.start),
			   __le64_to_cpu(range.size),
			   memmap_type(__le32_to_cpu(range.type)));
		pa += sizeof(range);
	}
	return left ? -EINVAL : 0;
}

static int parse_version(const struct record *record)
{
	u32 i;
	char c;

	for (i = 0; i < record->size; i++) {
		if (ram_read(record->ram, record->pa + i, &c, 1))
			return -EINVAL;
		if (!c) {
			record->table->version = record->pa;
			return 0;
		}
	}
	return -EINVAL;
}

/* Three layouts, known by their size; this is the one of 4.0. */
static void parse_serial_old(const struct record *record)
{
	struct serial *serial = &record->table->serial;

	serial->base = __le16_to_cpu(record->wire.serial_old.ioport);
	serial->step = 1;
}

static int parse_serial(const struct record *record)
{
	struct serial *serial = &record->table->serial;
	const struct lb_serial *lb = &record->wire.serial;
	u32 type = __le32_to_cpu(lb->type);

	if (record->size < LB_SERIAL_SIZE) {
		parse_serial_old(record);
		return 0;
	}
	if (type != LB_SERIAL_IO && type != LB_SERIAL_MMIO)
		return 0;
	serial->base = __le32_to_cpu(lb->baseaddr);
	serial->mmio = type == LB_SERIAL_MMIO;
	serial->step = 1;
	if (record->size >= sizeof(*lb))
		serial->step = __le32_to_cpu(lb->regwidth);
	if (serial->step != 2 && serial->step != 4)
		serial->step = 1;
	if (!serial->mmio && serial->base > PORT_MAX)
		serial->base = 0;
	return 0;
}

static int parse_forward(const struct record *record)
{
	u64 address = __le64_to_cpu(record->wire.address.address);

	record->table->forward = address;
	return address ? 0 : -EINVAL;
}

static int parse_framebuffer(const struct record *record)
{
	const struct lb_framebuffer *lb = &record->wire.framebuffer;
	struct framebuffer *fb = &record->table->framebuffer;

	fb->base = __le64_to_cpu(lb->physical_address);
	fb->width = __le32_to_cpu(lb->x_resolution);
	fb->height = __le32_to_cpu(lb->y_resolution);
	fb->pitch = __le32_to_cpu(lb->bytes_per_line);
	fb->depth = lb->bits_per_pixel;
	fb->red = (struct color){ lb->red_mask_pos, lb->red_mask_size };
	fb->green = (struct color){ lb->green_mask_pos, lb->green_mask_size };
	fb->blue = (struct color){ lb->blue_mask_pos, lb->blue_mask_size };
	fb->reserved = (struct color){ lb->reserved_mask_pos,
				       lb->reserved_mask_size };
	if (!framebuffer_check(fb))
		return 0;
	memset(fb, 0, sizeof(*fb));
	return -EINVAL;
}

/* The flash is mapped so that it ends at 4 GiB; cbfs_probe() checks it all. */
static int parse_boot_media(const struct record *record)
{
	const struct lb_boot_media_params *lb = &record->wire.media;
	struct range *cbfs = &record->table->cbfs;

	cbfs->start = LB_BOOT_MEDIA_END - __le64_to_cpu(lb->boot_media_size) +
		      __le64_to_cpu(lb->cbfs_offset);
	cbfs->size = __le64_to_cpu(lb->cbfs_size);
	return 0;
}

static int parse_cbmem(const struct record *record)
{
	const struct lb_cbmem_entry *lb = &record->wire.cbmem;

	if (__le32_to_cpu(lb->id) != CBMEM_ID_ACPI)
		return 0;
	record->table->acpi.start = __le64_to_cpu(lb->address);
	record->table->acpi.size = __le32_to_cpu(lb->entry_size);
	return 0;
}

static int parse_rsdp(const struct record *record)
{
	record->table->rsdp = __le64_to_cpu(record->wire.address.address);
	return 0;
}

/* What has a bit of its own costs itself; the rest is the core. */
static const struct {
	u8 tag;
	u8 min_size;
	u32 bit;
	int (*parse)(const struct record *record);
} records[] = {
	{ LB_TAG_MEMORY, 0, 0, parse_memory },
	{ LB_TAG_VERSION, 1, CORRUPT_LOADER, parse_version },
	{ LB_TAG_SERIAL, sizeof(struct lb_serial_old), CORRUPT_SERIAL,
		parse_serial },
	{ LB_TAG_FORWARD, sizeof(struct lb_address), 0, parse_forward },
	{ LB_TAG_FRAMEBUFFER, sizeof(struct lb_framebuffer),
		CORRUPT_FRAMEBUFFER, parse_framebuffer },
	{ LB_TAG_BOOT_MEDIA_PARAMS, sizeof(struct lb_boot_media_params),
		CORRUPT_CBFS, parse_boot_media },
	{ LB_TAG_CBMEM_ENTRY, sizeof(struct lb_cbmem_entry), CORRUPT_RSDP,
		parse_cbmem },
	{ LB_TAG_ACPI_RSDP, sizeof(struct lb_address), CORRUPT_RSDP,
		parse_rsdp },
};

static int parse_contents(struct record *record, u32 i)
{
	u32 size = record->size;

	if (size > sizeof(record->wire))
		size = sizeof(record->wire);
	if (size < records[i].min_size ||
	    ram_read(record->ram, record->pa, &record->wire, size))
		return -EINVAL;
	return records[i].parse(record);
}

/* Others are no business of ours. */
static int parse_record(struct record *record, u32 tag)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(records); i++) {
		if (records[i].tag != tag)
			continue;
		if (!parse_contents(record, i))
			return 0;
		if (!records[i].bit)
			return -EINVAL;
		return bootinfo_ignore(record->bi, records[i].bit, "coreboot's record %#llx ignored: its %llu bytes make no sense",
				       tag, record->size);
	}
	return 0;
}

static int parse_records(const struct ram *ram, struct table *table,
			 struct bootinfo *bi)
{
	u64 pa = table->self.start + table->self.size - table->records;
	u32 entries = table->entries;
	u32 left = table->records;
	struct record record = { .ram = ram, .table = table, .bi = bi };
	struct lb_record head;
	u32 size;

	for (; left >= sizeof(head); entries--) {
		if (!entries || ram_read(ram, pa, &head, sizeof(head)))
			return -EINVAL;
		size = __le32_to_cpu(head.size);
		if (size < sizeof(head) || size > left || size & 3)
			return -EINVAL;
		record.pa = pa + sizeof(head);
		record.size = size - sizeof(head);
		if (parse_record(&record, __le32_to_cpu(head.tag)))
			return -EINVAL;
		pa += size;
		left -= size;
	}
	return left || entries ? -EINVAL : 0;
}

static int read_header(const struct ram *ram, u64 pa, struct table *table)
{
	struct lb_header header;
	u32 header_size;
	u16 sum;

	if (pa & 3 || ram_read(ram, pa, &header, sizeof(header)) ||
	    __le32_to_cpu(header.signature) != LB_SIGNATURE)
		return -ENOENT;
	header_size = __le32_to_cpu(header.header_bytes);
	table->records = __le32_to_cpu(header.table_bytes);
	table->entries = __le32_to_cpu(header.table_entries);
	if (header_size < sizeof(header) || header_size > TABLE_MAX ||
	    table->records > TABLE_MAX)
		return -EINVAL;
	if (checksum_ram(ram, pa, header_size, &sum) || sum)
		return -EINVAL;
	table->self.start = pa;
	table->self.size = header_size + table->records;
	if (checksum_ram(ram, pa + header_size, table->records, &sum) ||
	    sum != (u16)__le32_to_cpu(header.table_checksum))
		return -EINVAL;
	return 0;
}

/* A table, or the one that it forwards to; that one must not forward again. */
static int read_table(const struct ram *ram, u64 pa, struct table *table,
		      struct bootinfo *bi)
{
	bool forwarded = false;
	int ret;

	for (;;) {
		memset(table, 0, sizeof(*table));
		memmap_init(&bi->offer);
		bi->nr_ignored = 0;
		bi->ignored_bits = 0;
		ret = read_header(ram, pa, table);
		if (ret == -ENOENT && forwarded)
			return -EINVAL;
		if (!ret)
			ret = parse_records(ram, table, bi);
		if (ret || !table->forward)
			return ret;
		if (forwarded || table->forward >> 32)
			return -EINVAL;
		forwarded = true;
		pa = table->forward;
	}
}

static int scan_area(const struct ram *ram, const struct range *area,
		     struct table *table, struct bootinfo *bi)
{
	u64 pa = area->start;
	u64 end = area->start + area->size;
	int ret = -ENOENT;

	while (ret && !ram_scan(ram, &pa, end - pa, SCAN_STEP, LB_SIGNATURE)) {
		int found = read_table(ram, pa, table, bi);

		if (found != -ENOENT)
			ret = found;
		pa += SCAN_STEP;
	}
	return ret;
}

static u64 find_rsdp(const struct ram *ram, const struct table *table)
{
	u64 pa = (table->acpi.start + 15) & ~15ULL;
	u64 end = table->acpi.start + table->acpi.size;

	/* The kernel believes it without looking. */
	if (table->rsdp >> 32 || rsdp_is_valid(ram, table->rsdp))
		return table->rsdp;
	if (end > pa + ACPI_MAX)
		end = pa + ACPI_MAX;
	if (pa >= end || rsdp_find(ram, &pa, end - pa))
		return 0;
	return pa;
}

/* Nothing can go wrong any more. */
static void take(const struct ram *ram, const struct table *table,
		 enum map_rank rank, struct bootinfo *bi)
{
	bi->coreboot = table->self;
	bi->firmware = bi->source;
	if (table->version)
		ram_string(ram, table->version, bi->firmware_version,
			   sizeof(bi->firmware_version));
	bootinfo_set_map(bi, rank);
	if (!bi->rsdp)
		bi->rsdp = find_rsdp(ram, table);
	bi->cbfs = table->cbfs;
	if (!bootinfo_is_first_kernel(bi))
		return;
	if (!bi->framebuffer.base)
		bi->framebuffer = table->framebuffer;
	bi->serial = table->serial;
}

/**
 * coreboot_probe - coreboot has called, and left its table at [ESP+4]
 * @ram: physical memory
 * @handoff: ESP leads to the table
 * @bi: result, as it was on error
 *
 * A table is taken if its signature, both its checksums, the number and the
 * sizes of its records are right, and its memory map and FORWARD record. Any
 * other record that makes no sense is ignored alone.
 *
 * Return: 0, -ENOENT if there is no table, -EINVAL if it is corrupt.
 */
int coreboot_probe(const struct ram *ram, const struct handoff *handoff,
		   struct bootinfo *bi)
{
	struct table table;
	u32 pa = handoff_argument(ram, handoff);
	int ret;

	bi->source = "coreboot";
	if (!pa)
		return -ENOENT;
	ret = read_table(ram, pa, &table, bi);
	if (ret)
		return ret;
	take(ram, &table, MAP_COREBOOT, bi);
	bootinfo_set_loader(bi, bi->source);
	string_copy(bi->loader_version, bi->firmware_version,
		    sizeof(bi->loader_version));
	/* Its vectors are what was in RAM. */
	bi->no_bios = true;
	return 0;
}

/**
 * coreboot_scan - search for a table, whoever called
 * @ram: physical memory
 * @handoff: not used
 * @bi: result, as it was on error
 *
 * One that is found could be stale; a BIOS that is alive knows better.
 *
 * Return: 0, -ENOENT if there is no table, -EINVAL if it is corrupt.
 */
int coreboot_scan(const struct ram *ram, const struct handoff *handoff,
		  struct bootinfo *bi)
{
	struct table table;
	int ret = -ENOENT;
	u32 i;

	bi->source = "coreboot";
	if (bi->coreboot.size || bi->no_coreboot)
		return -ENOENT;
	for (i = 0; ret && i < ARRAY_SIZE(scan_areas); i++) {
		int found = scan_area(ram, &scan_areas[i], &table, bi);

		if (found != -ENOENT)
			ret = found;
	}
	if (!ret)
		take(ram, &table, MAP_COREBOOT_SCAN, bi);
	return ret;
}
