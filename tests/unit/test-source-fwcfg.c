// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's configuration device (source-fwcfg.c), emulated as docs/specs/fw_cfg
 * of QEMU has it: a 16-bit port selects an item, an 8-bit one reads it byte by
 * byte, and zeroes behind its end.
 */
#include "fixture.h"

#define SELECT		0x510
#define DATA		0x511

#define SIGNATURE	0x0000
#define DIRECTORY	0x0019
#define MAP_KEY		0x0025		/* as QEMU 7.2 has it */

#define FILE_SIZE	64
#define NAME_SIZE	56
#define ENTRY_SIZE	20

static const struct source source = {
	CORRUPT_FWCFG, fwcfg_probe
};

struct item {
	u32 key, len;
	u8 *data;
};

/* The device, and what has happened to it. */
static struct {
	bool is_virtual;
	struct item item[3];
	const struct item *selected;
	u32 at;
	u32 limit;			/* so many bytes; then the bus floats */
	u32 reads, selects;
} now;

bool cpu_is_virtual(void)
{
	return now.is_virtual;
}

void port_write16(u16 value, u16 port)
{
	u32 i;

	expect_eq(port, SELECT);
	now.selects++;
	now.selected = NULL;
	now.at = 0;
	for (i = 0; i < ARRAY_SIZE(now.item); i++)
		if (now.item[i].key == value)
			now.selected = &now.item[i];
}

u8 port_read(u16 port)
{
	u32 at = now.at++;

	expect_eq(port, DATA);
	if (now.reads++ >= now.limit)
		return 0xff;
	return now.selected && at < now.selected->len ?
		now.selected->data[at] : 0;
}

static void put_be16(u8 *at, u16 value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static void put_be32(u8 *at, u32 value)
{
	put_be16(at, value >> 16);
	put_be16(at + 2, value);
}

struct file {
	u32 size;
	u16 key;
	const char *name;		/* may fill its field to the end */
};

/* QEMU 7.2, pc, -m 128, read by inb: the whole directory. */
static const struct file qemu_files[] = {
	{ 0, 0x20, "bios-geometry" },
	{ 0, 0x21, "bootorder" },
	{ 20, 0x22, "etc/acpi/rsdp" },
	{ 131072, 0x23, "etc/acpi/tables" },
	{ 4, 0x24, "etc/boot-fail-wait" },
	{ 40, MAP_KEY, "etc/e820" },
	{ 31, 0x26, "etc/smbios/smbios-anchor" },
	{ 321, 0x27, "etc/smbios/smbios-tables" },
	{ 6, 0x28, "etc/system-states" },
	{ 4096, 0x29, "etc/table-loader" },
	{ 0, 0x2a, "etc/tpm/log" },
	{ 9216, 0x2b, "genroms/kvmvapic.bin" },
};

/* And its map; the reserved range is HyperTransport's. */
static const struct range qemu_map[] = {
	{ 0xfd00000000, 0x300000000, MEM_RESERVED },
	{ 0, 128 * MIB, MEM_RAM },
};

static const struct range one_range[] = { { 0, MIB, MEM_RAM } };

/* The name is all there is of it in a field of 56 bytes, without a NUL. */
#define LONG_NAME \
	"etc/e820/234567890/234567890/234567890/234567890/2345678"

static const struct example {
	const char *name;
	bool is_real;			/* no hypervisor says that it is one */
	const char *signature;		/* NULL: QEMU's */
	u32 nr;
	const struct file *file;
	bool nr_overridden;
	u32 nr_is;
	u32 nr_map;
	const struct range *map;
	int want;
	u32 want_map;			/* of the map's ranges */
} examples[] = {
	{
		.name = "QEMU 7.2, 128 MiB",
		.nr = 12, .file = qemu_files,
		.nr_map = 2, .map = qemu_map, .want_map = 2,
	}, {
		.name = "absent: a real machine",
		.is_real = true,
		.nr = 12, .file = qemu_files,
		.nr_map = 2, .map = qemu_map, .want = -ENOENT,
	}, {
		/* VirtualBox, VMware: nothing at these ports */
		.name = "absent: another hypervisor",
		.signature = "\xff\xff\xff\xff", .want = -ENOENT,
	}, {
		.name = "absent: zeroes",
		.signature = "\0\0\0\0", .want = -ENOENT,
	}, {
		.name = "absent: a signature that is nearly right",
		.signature = "QEMV",
		.nr = 12, .file = qemu_files,
		.nr_map = 2, .map = qemu_map, .want = -ENOENT,
	}, {
		/* QEMU before 2.4 had no files */
		.name = "no files", .want = -ENOENT,
	}, {
		.name = "no such file",
		.nr = 2, .file = (const struct file[]){
			{ 20, MAP_KEY, "etc/e82" },
			{ 20, MAP_KEY, "etc/e8200" },
		},
		.nr_map = 1, .map = one_range, .want = -ENOENT,
	}, {
		.name = "no such file: other case, a path",
		.nr = 2, .file = (const struct file[]){
			{ 20, MAP_KEY, "etc/E820" },
			{ 20, MAP_KEY, "/etc/e820" },
		},
		.nr_map = 1, .map = one_range, .want = -ENOENT,
	}, {
		.name = "no such file: a name without an end",
		.nr = 2, .file = (const struct file[]){
			{ 20, MAP_KEY, LONG_NAME },
			{ 20, MAP_KEY, LONG_NAME },
		},
		.nr_map = 1, .map = one_range, .want = -ENOENT,
	}, {
		.name = "minimal",
		.nr = 1,
		.file = &(const struct file){ 20, MAP_KEY, "etc/e820" },
		.nr_map = 1, .map = one_range, .want_map = 1,
	}, {
		.name = "behind a name without an end",
		.nr = 2, .file = (const struct file[]){
			{ 4, 0x20, LONG_NAME }, { 20, MAP_KEY, "etc/e820" },
		},
		.nr_map = 1, .map = one_range, .want_map = 1,
	}, {
		/* the key is 16 bits, and big-endian */
		.name = "a key of 16 bits",
		.nr = 1,
		.file = &(const struct file){ 20, 0x4125, "etc/e820" },
		.nr_map = 1, .map = one_range, .want_map = 1,
	}, {
		.name = "all types",
		.nr = 1,
		.file = &(const struct file){ 80, MAP_KEY, "etc/e820" },
		.nr_map = 4, .map = (const struct range[]){
			{ 0, MIB, MEM_NVS }, { 5 * GIB, MIB, MEM_ACPI },
			{ 6 * GIB, -(6 * GIB), MEM_UNUSABLE },
			{ 3 * MIB, 1, MEM_RESERVED },
		},
		.want_map = 4,
	}, {
		.name = "count 0",
		.nr = 12, .file = qemu_files, .nr_overridden = true,
		.nr_map = 2, .map = qemu_map, .want = -ENOENT,
	}, {
		/* the file is the sixth of them */
		.name = "count 5",
		.nr = 12, .file = qemu_files,
		.nr_overridden = true, .nr_is = 5,
		.nr_map = 2, .map = qemu_map, .want = -ENOENT,
	}, {
		.name = "count 1024",
		.nr = 12, .file = qemu_files,
		.nr_overridden = true, .nr_is = 1024,
		.nr_map = 2, .map = qemu_map, .want_map = 2,
	}, {
		.name = "count 1024, no such file",
		.nr = 1,
		.file = &(const struct file){ 20, MAP_KEY, "etc/e821" },
		.nr_overridden = true, .nr_is = 1024, .want = -ENOENT,
	}, {
		.name = "count 1025",
		.nr = 12, .file = qemu_files,
		.nr_overridden = true, .nr_is = 1025,
		.nr_map = 2, .map = qemu_map, .want = -ENOENT,
	}, {
		.name = "count ~0",
		.nr = 12, .file = qemu_files,
		.nr_overridden = true, .nr_is = ~0U,
		.nr_map = 2, .map = qemu_map, .want = -ENOENT,
	}, {
		.name = "size 0",
		.nr = 1,
		.file = &(const struct file){ 0, MAP_KEY, "etc/e820" },
		.want = -ENOENT,
	}, {
		.name = "size 19",
		.nr = 1,
		.file = &(const struct file){ 19, MAP_KEY, "etc/e820" },
		.nr_map = 1, .map = one_range, .want = -EINVAL,
	}, {
		.name = "size 39",
		.nr = 1,
		.file = &(const struct file){ 39, MAP_KEY, "etc/e820" },
		.nr_map = 2, .map = qemu_map, .want = -EINVAL,
	}, {
		.name = "size of 2048 entries, one is there",
		.nr = 1,
		.file = &(const struct file){ 40960, MAP_KEY, "etc/e820" },
		.nr_map = 1, .map = one_range, .want_map = 1,
	}, {
		.name = "size of 2049 entries",
		.nr = 1,
		.file = &(const struct file){ 40980, MAP_KEY, "etc/e820" },
		.nr_map = 1, .map = one_range, .want = -EINVAL,
	}, {
		.name = "size ~0",
		.nr = 1,
		.file = &(const struct file){ ~0U, MAP_KEY, "etc/e820" },
		.nr_map = 1, .map = one_range, .want = -EINVAL,
	}, {
		/* a multiple of 20 */
		.name = "size -16",
		.nr = 1,
		.file = &(const struct file){ -16U, MAP_KEY, "etc/e820" },
		.nr_map = 1, .map = one_range, .want = -EINVAL,
	}, {
		.name = "one of two is empty",
		.nr = 1,
		.file = &(const struct file){ 40, MAP_KEY, "etc/e820" },
		.nr_map = 2, .map = (const struct range[]){
			{ 0, MIB, MEM_RAM }, { MIB, 0, MEM_RAM },
		},
		.want_map = 1,
	},
};

static u8 *item_new(struct item *item, u32 key, u32 len)
{
	*item = (struct item){ key, len, allocate(len) };
	memset(item->data, 0, len);
	return item->data;
}

static void put_file(u8 *p, const struct file *file)
{
	put_be32(p, file->size);
	put_be16(p + 4, file->key);
	put_be16(p + 6, 0xffff);
	memcpy(p + 8, file->name, strnlen(file->name, NAME_SIZE));
}

static void device_new(const struct example *e)
{
	u32 key = MAP_KEY, i;
	u8 *p;

	memset(&now, 0, sizeof(now));
	now.is_virtual = !e->is_real;
	now.limit = ~0U;
	memcpy(item_new(&now.item[0], SIGNATURE, 4),
	       e->signature ? e->signature : "QEMU", 4);
	p = item_new(&now.item[1], DIRECTORY, 4 + e->nr * FILE_SIZE);
	put_be32(p, e->nr_overridden ? e->nr_is : e->nr);
	for (i = 0; i < e->nr; i++)
		put_file(p + 4 + i * FILE_SIZE, &e->file[i]);
	if (e->nr == 1)
		key = e->file[0].key;
	p = item_new(&now.item[2], key, e->nr_map * ENTRY_SIZE);
	for (i = 0; i < e->nr_map; i++, p += ENTRY_SIZE) {
		put_le64(p, e->map[i].start);
		put_le64(p + 8, e->map[i].size);
		put_le32(p + 16, e->map[i].type);
	}
}

static void device_free(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(now.item); i++)
		free(now.item[i].data);
}

static int probe_device(struct bootinfo *bi)
{
	static const struct handoff handoff;
	static const struct machine none;

	return probe(&source, &none, &handoff, bi);
}

static void test_example(const struct example *e)
{
	struct bootinfo *bi = bootinfo_new();

	device_new(e);
	expect_eq(probe_device(bi), e->want);
	expect_map(&bi->map, e->map, e->want_map);
	expect(!bi->map.truncated);
	expect_eq(bi->map_rank, e->want ? MAP_NONE : MAP_FWCFG);
	expect_string(bi->map_source, e->want ? NULL : "fw-cfg");
	expect(!bi->protocol && !bi->firmware);
	/* Where it is not, nobody is bothered more than is needed. */
	if (e->is_real)
		expect_eq(now.reads + now.selects, 0);
	else if (e->signature)
		expect(now.reads == 4 && now.selects == 1);
	expect(now.reads <= 4 + 4 + 1024 * FILE_SIZE + 512 * ENTRY_SIZE);
	ktap_done("%s", e->name);
	device_free();
	free(bi);
}

/* It goes away at every byte: what is read then is 0xff. */
static void test_truncated(void)
{
	const struct example *e = &examples[0];
	const u32 all = 4 + 4 + 6 * FILE_SIZE + 2 * ENTRY_SIZE;
	u32 limit;

	for (limit = 0; limit <= all; limit++) {
		struct bootinfo *bi = bootinfo_new();
		int ret;

		device_new(e);
		now.limit = limit;
		ret = probe_device(bi);
		if (limit < all - 2 * ENTRY_SIZE - NAME_SIZE)
			expect(ret);
		if (limit == all)
			expect_map(&bi->map, e->map, e->want_map);
		expect(now.reads <= 4 + 4 + 1024 * FILE_SIZE +
		       512 * ENTRY_SIZE);
		device_free();
		free(bi);
	}
	ktap_done("truncated");
}

/* Any byte of the directory and the map is what is likely to hurt. */
static void test_damaged(void)
{
	static const u8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	struct bootinfo *bi = bootinfo_new();
	u32 i, at, k;

	device_new(&examples[0]);
	for (i = 0; i < ARRAY_SIZE(now.item); i++)
		for (at = 0; at < now.item[i].len; at++) {
			u8 *byte = now.item[i].data + at;
			u8 saved = *byte;

			for (k = 0; k < sizeof(values); k++) {
				*byte = values[k];
				bootinfo_init(bi);
				probe_device(bi);
			}
			*byte = saved;
		}
	ktap_done("damaged");
	device_free();
	free(bi);
}

/* With a better map, or as good a one, not one port is touched. */
static void test_ranks(void)
{
	u32 rank;

	for (rank = MAP_LOADER; rank <= MAP_CMOS; rank++) {
		struct bootinfo *bi = bootinfo_new();
		bool is_worse = rank > MAP_FWCFG;

		memmap_add(&bi->offer, 0, 640 * KIB, MEM_RAM);
		bootinfo_set_map(from(bi, "earlier"), rank);
		device_new(&examples[0]);
		expect_eq(probe_device(bi), is_worse ? 0 : -ENOENT);
		expect_eq(!(now.reads + now.selects), !is_worse);
		expect_string(bi->map_source, is_worse ? "fw-cfg" : "earlier");
		ktap_done("a map of rank %u", rank);
		device_free();
		free(bi);
	}
}

int main(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(examples); i++)
		test_example(&examples[i]);
	test_truncated();
	test_damaged();
	test_ranks();
	return ktap_status();
}
