// SPDX-License-Identifier: GPL-2.0
/*
 * The table of coreboot, which was LinuxBIOS until 2008. Since 4.11 (2019) a
 * payload gets its address at [ESP+4]; before, it has to be searched for.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "elfboot.h"
#include "checksum.h"
#include "wire-coreboot.h"

static const char name[] = "coreboot";

/* The largest one seen is 844 bytes; 300 memory ranges take 6000. */
#define TABLE_MAX	0x10000

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

/* coreboot's own types are reserved memory to the kernel. */
static u32 memory_type(u32 type)
{
	switch (type) {
	case LB_MEM_RAM:
	case LB_MEM_RESERVED:
	case LB_MEM_ACPI:
	case LB_MEM_NVS:
	case LB_MEM_UNUSABLE:
	case LB_MEM_SOFT_RESERVED:
		return type;		/* the same numbers as E820 has */
	}
	return MEM_RESERVED;
}

static int parse_memory(const struct ram *ram, u64 pa, u32 size,
			struct table *table, struct memmap *map)
{
	struct lb_memory_range range;

	for (; size >= sizeof(range); size -= sizeof(range)) {
		if (ram_read(ram, pa, &range, sizeof(range)))
			return -EINVAL;
		memmap_add(map, __le64_to_cpu(range.start),
			   __le64_to_cpu(range.size),
			   memory_type(__le32_to_cpu(range.type)));
		pa += sizeof(range);
	}
	return size ? -EINVAL : 0;
}

static int parse_version(const struct ram *ram, u64 pa, u32 size,
			 struct table *table, struct memmap *map)
{
	table->version = pa;
	return 0;
}

/* Three layouts, known by their size. */
static int parse_serial(const struct ram *ram, u64 pa, u32 size,
			struct table *table, struct memmap *map)
{
	struct serial *serial = &table->serial;
	struct lb_serial_width width = { __cpu_to_le32(1) };
	struct lb_serial_old old;
	struct lb_serial lb;
	u32 type;

	if (size < sizeof(lb)) {
		if (ram_read(ram, pa, &old, sizeof(old)))
			return -EINVAL;
		serial->base = __le16_to_cpu(old.ioport);
		serial->step = 1;
		return 0;
	}
	if (ram_read(ram, pa, &lb, sizeof(lb)))
		return -EINVAL;
	if (size >= sizeof(lb) + sizeof(width) &&
	    ram_read(ram, pa + sizeof(lb), &width, sizeof(width)))
		return -EINVAL;
	type = __le32_to_cpu(lb.type);
	if (type != LB_SERIAL_IO && type != LB_SERIAL_MMIO)
		return 0;
	serial->base = __le32_to_cpu(lb.baseaddr);
	serial->step = __le32_to_cpu(width.regwidth);
	serial->mmio = type == LB_SERIAL_MMIO;
	return 0;
}

static int parse_forward(const struct ram *ram, u64 pa, u32 size,
			 struct table *table, struct memmap *map)
{
	struct lb_address lb;

	if (ram_read(ram, pa, &lb, sizeof(lb)))
		return -EINVAL;
	table->forward = __le64_to_cpu(lb.address);
	return table->forward ? 0 : -EINVAL;
}

static int parse_framebuffer(const struct ram *ram, u64 pa, u32 size,
			     struct table *table, struct memmap *map)
{
	struct framebuffer *fb = &table->framebuffer;
	struct lb_framebuffer lb;

	if (ram_read(ram, pa, &lb, sizeof(lb)))
		return -EINVAL;
	fb->base = __le64_to_cpu(lb.physical_address);
	fb->width = __le32_to_cpu(lb.x_resolution);
	fb->height = __le32_to_cpu(lb.y_resolution);
	fb->pitch = __le32_to_cpu(lb.bytes_per_line);
	fb->depth = lb.bits_per_pixel;
	fb->red = (struct color){ lb.red_mask_pos, lb.red_mask_size };
	fb->green = (struct color){ lb.green_mask_pos, lb.green_mask_size };
	fb->blue = (struct color){ lb.blue_mask_pos, lb.blue_mask_size };
	fb->reserved = (struct color){ lb.reserved_mask_pos,
				       lb.reserved_mask_size };
	return framebuffer_check(fb);
}

/* The flash is mapped so that it ends at 4 GiB; cbfs_probe() checks it all. */
static int parse_boot_media(const struct ram *ram, u64 pa, u32 size,
			    struct table *table, struct memmap *map)
{
	struct lb_boot_media_params lb;

	if (ram_read(ram, pa, &lb, sizeof(lb)))
		return -EINVAL;
	table->cbfs.start = CBFS_END - __le64_to_cpu(lb.boot_media_size) +
			    __le64_to_cpu(lb.cbfs_offset);
	table->cbfs.size = __le64_to_cpu(lb.cbfs_size);
	return 0;
}

static int parse_cbmem(const struct ram *ram, u64 pa, u32 size,
		       struct table *table, struct memmap *map)
{
	struct lb_cbmem_entry lb;

	if (ram_read(ram, pa, &lb, sizeof(lb)))
		return -EINVAL;
	if (__le32_to_cpu(lb.id) != CBMEM_ID_ACPI)
		return 0;
	table->acpi.start = __le64_to_cpu(lb.address);
	table->acpi.size = __le32_to_cpu(lb.entry_size);
	return 0;
}

static int parse_rsdp(const struct ram *ram, u64 pa, u32 size,
		      struct table *table, struct memmap *map)
{
	struct lb_address lb;

	if (ram_read(ram, pa, &lb, sizeof(lb)))
		return -EINVAL;
	table->rsdp = __le64_to_cpu(lb.address);
	return 0;
}

static const struct {
	u32 tag;
	u32 min_size;
	int (*parse)(const struct ram *ram, u64 pa, u32 size,
		     struct table *table, struct memmap *map);
} records[] = {
	{ LB_TAG_MEMORY, 0, parse_memory },
	{ LB_TAG_VERSION, 1, parse_version },
	{ LB_TAG_SERIAL, sizeof(struct lb_serial_old), parse_serial },
	{ LB_TAG_FORWARD, sizeof(struct lb_address), parse_forward },
	{ LB_TAG_FRAMEBUFFER, sizeof(struct lb_framebuffer),
		parse_framebuffer },
	{ LB_TAG_BOOT_MEDIA_PARAMS, sizeof(struct lb_boot_media_params),
		parse_boot_media },
	{ LB_TAG_CBMEM_ENTRY, sizeof(struct lb_cbmem_entry), parse_cbmem },
	{ LB_TAG_ACPI_RSDP, sizeof(struct lb_address), parse_rsdp },
};

/* Others are no business of ours. */
static int parse_record(const struct ram *ram, u32 tag, u64 pa, u32 size,
			struct table *table, struct memmap *map)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(records); i++) {
		if (records[i].tag != tag)
			continue;
		if (size < records[i].min_size)
			return -EINVAL;
		return records[i].parse(ram, pa, size, table, map);
	}
	return 0;
}

static int parse_records(const struct ram *ram, struct table *table,
			 struct memmap *map)
{
	u64 pa = table->self.start + table->self.size - table->records;
	u32 entries = table->entries;
	u32 left = table->records;
	struct lb_record record;
	u32 size;

	for (; left >= sizeof(record); entries--) {
		if (!entries || ram_read(ram, pa, &record, sizeof(record)))
			return -EINVAL;
		size = __le32_to_cpu(record.size);
		if (size < sizeof(record) || size > left || size & 3)
			return -EINVAL;
		if (parse_record(ram, __le32_to_cpu(record.tag),
				 pa + sizeof(record), size - sizeof(record),
				 table, map))
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
		      struct memmap *map)
{
	bool forwarded = false;
	int ret;

	for (;;) {
		memset(table, 0, sizeof(*table));
		memmap_init(map);
		ret = read_header(ram, pa, table);
		if (ret == -ENOENT && forwarded)
			return -EINVAL;
		if (!ret)
			ret = parse_records(ram, table, map);
		if (ret || !table->forward)
			return ret;
		if (forwarded || table->forward >> 32)
			return -EINVAL;
		forwarded = true;
		pa = table->forward;
	}
}

static int scan_area(const struct ram *ram, const struct range *area,
		     struct table *table, struct memmap *map)
{
	u64 pa = area->start;
	u64 end = area->start + area->size;
	int ret = -ENOENT;

	while (ret && !ram_scan(ram, &pa, end - pa, SCAN_STEP, LB_SIGNATURE)) {
		int found = read_table(ram, pa, table, map);

		if (found != -ENOENT)
			ret = found;
		pa += SCAN_STEP;
	}
	return ret;
}

static u64 find_rsdp(const struct ram *ram, const struct table *table)
{
	u64 pa = table->acpi.start;

	if (table->rsdp)
		return table->rsdp;
	if (!table->acpi.size || rsdp_find(ram, &pa, table->acpi.size))
		return 0;
	return pa;
}

/* Nothing can go wrong any more. */
static void take(const struct ram *ram, const struct table *table,
		 enum map_rank rank, struct bootinfo *bi)
{
	bi->coreboot = table->self;
	bi->firmware = name;
	if (table->version)
		ram_string(ram, table->version, bi->firmware_version,
			   sizeof(bi->firmware_version));
	bootinfo_set_map(bi, rank, name);
	if (!bi->rsdp)
		bi->rsdp = find_rsdp(ram, table);
	if (!bi->framebuffer.base)
		bi->framebuffer = table->framebuffer;
	bi->serial = table->serial;
	bi->cbfs = table->cbfs;
}

/**
 * coreboot_probe - coreboot has called, and left its table at [ESP+4]
 * @ram: physical memory
 * @handoff: ESP leads to the table
 * @bi: result, as it was on error
 *
 * A table is taken if its signature, both its checksums, the number and the
 * sizes of its records are right, and all of the records that are used.
 *
 * Return: 0, -ENOENT if there is no table, -EINVAL if it is corrupt.
 */
int coreboot_probe(const struct ram *ram, const struct handoff *handoff,
		   struct bootinfo *bi)
{
	struct table table;
	u32 pa = handoff_argument(ram, handoff);
	int ret;

	if (!pa)
		return -ENOENT;
	ret = read_table(ram, pa, &table, &bi->offer);
	if (ret)
		return ret;
	take(ram, &table, MAP_COREBOOT, bi);
	bootinfo_set_loader(bi, name, name);
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

	if (bi->coreboot.size || bi->no_coreboot)
		return -ENOENT;
	for (i = 0; ret && i < ARRAY_SIZE(scan_areas); i++) {
		int found = scan_area(ram, &scan_areas[i], &table, &bi->offer);

		if (found != -ENOENT)
			ret = found;
	}
	if (!ret)
		take(ram, &table, MAP_COREBOOT_SCAN, bi);
	return ret;
}
