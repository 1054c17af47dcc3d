// SPDX-License-Identifier: GPL-2.0
/*
 * struct bootinfo (bootinfo.c): who wins, and which loader is which.
 */
#include "fixture.h"

/* Names: loaders.md, section 4. Numbers: boot.rst, type_of_loader. */
static const struct {
	const char *loader;
	u8 id;
	bool passes_name;
} loaders[] = {
	{ "GRUB 2.06-13+deb12u1",		0x70, false },
	{ "GNU GRUB 0.97",			0x70, true },
	{ "iPXE 1.0.0+git-20190125.36a4c85",	0x40, true },
	{ "gPXE 1.0.1",				0x40, true },
	{ "Etherboot 5.4.4",			0x40, true },
	{ "SYSLINUX 6.04",			0x30, true },
	{ "ISOLINUX 6.04",			0x30, true },
	{ "PXELINUX 6.04",			0x30, true },
	{ "EXTLINUX 6.04",			0x30, true },
	{ "U-Boot 2023.01",			0x80, false },
	{ "qemu",				0xb0, true },
	{ "kexec 2.0.25",			0xd0, true },
	{ "",					0xff, false },
	{ "coreboot",				0xff, false },
	{ "GR",					0xff, false },
	{ "an iPXE",				0xff, false },
};

static void test_loaders(void)
{
	static const char line[] = "image.elf a=1 b";
	u32 i;

	for (i = 0; i < ARRAY_SIZE(loaders); i++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		machine_add(&m, 0x500, line, sizeof(line));
		expect_eq(bootinfo_read_cmdline(from(bi, "test"), &m.ram, 0x500,
						loaders[i].loader), 0);
		expect_string(bi->cmdline,
			      loaders[i].passes_name ? "a=1 b" : line);
		expect_string(bi->cmdline_source, "test");
		bootinfo_set_loader(from(bi, "proto"), loaders[i].loader);
		expect_string(bi->protocol, "proto");
		expect_string(bi->loader, loaders[i].loader);
		expect_eq(bi->loader_id, loaders[i].id);
		ktap_done("loader: \"%s\"", loaders[i].loader);
		machine_free(&m);
		free(bi);
	}
}

/* QEMU and kexec put the path in front as the host has it. */
static const struct {
	const char *loader, *line, *name, *want;
} paths[] = {
	{ "qemu", "elfImage a=1 b", "elfImage ", "a=1 b" },
	{ "qemu", "/my kernels/elfImage a=1 b", "/my kernels/elfImage ",
	  "a=1 b" },
	{ "kexec 2.0.25", "my  kernels/6.1 x/elfImage quiet",
	  "my  kernels/6.1 x/elfImage ", "quiet" },
	{ "qemu", "my kernels/elfImage", "my kernels/elfImage", "" },
	/* the file's own name: nobody can tell, and nothing is eaten */
	{ "qemu", "my kernels/elf image a=1", "my kernels/elf ", "image a=1" },
	{ "qemu", "my old kernels/elfImage a=1", "my ",
	  "old kernels/elfImage a=1" },
	/* no option is taken for a part of the path */
	{ "qemu", "elfImage ro single /sbin/init", "elfImage ",
	  "ro single /sbin/init" },
	{ "qemu", "elfImage nosmp /dev/sda1", "elfImage ", "nosmp /dev/sda1" },
	{ "qemu", "elfImage quiet etc/x a=1", "elfImage ", "quiet etc/x a=1" },
	{ "kexec 2.0.25", "/boot/elfImage nosmp nomodeset 9p/root rw quiet",
	  "/boot/elfImage ", "nosmp nomodeset 9p/root rw quiet" },
	{ "qemu", "elfImage lockdown single etc/rc console=ttyS0", "elfImage ",
	  "lockdown single etc/rc console=ttyS0" },
	{ "qemu", "elfImage root=/dev/sda1 x", "elfImage ",
	  "root=/dev/sda1 x" },
	{ "qemu", "elfImage quiet root=a/b", "elfImage ", "quiet root=a/b" },
	{ "qemu", "elfImage quiet /sbin", "elfImage ", "quiet /sbin" },
	{ "qemu", "elfImage -- a/b", "elfImage ", "-- a/b" },
	{ "qemu", "elfImage note=\"x a/b\"", "elfImage ", "note=\"x a/b\"" },
	/* URIs and names of others are one word */
	{ "iPXE 1.21.1", "tftp://x/elfImage a/b", "tftp://x/elfImage ",
	  "a/b" },
	{ "GRUB 2.06", "a/b c", "", "a/b c" },
};

static void test_paths(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		bool more;

		machine_add(&m, 0x500, paths[i].line,
			    strlen(paths[i].line) + 1);
		expect_eq(bootinfo_read_cmdline(from(bi, "test"), &m.ram, 0x500,
						paths[i].loader), 0);
		expect_string(bi->cmdline, paths[i].want);
		expect_string(bi->image_name, paths[i].name);
		/* More than a word is not cut in silence. */
		more = paths[i].name[strcspn(paths[i].name, " ")] &&
		       strchr(paths[i].name, ' ')[1];
		expect_eq(bi->nr_ignored, more);
		expect_eq(bi->ignored_bits, 0);
		ktap_done("path: \"%s\"", paths[i].line);
		machine_free(&m);
		free(bi);
	}
}

static void test_long_name(void)
{
	struct bootinfo *bi = bootinfo_new();
	char name[200];

	memset(name, 'x', sizeof(name));
	memcpy(name, "iPXE", 4);
	name[199] = '\0';
	bootinfo_set_loader(from(bi, "proto"), name);
	expect_eq(strlen(bi->loader), LOADER_SIZE - 1);
	expect_eq(bi->loader_version[0], 0);
	expect_eq(bi->loader_id, 0x40);
	ktap_done("loader: a name that is too long");
	free(bi);
}

static void test_init(void)
{
	struct bootinfo *bi = bootinfo_new();

	expect(!bi->protocol && !bi->firmware && !bi->no_bios);
	expect(!bi->map_source && !bi->cmdline_source && !bi->initrd_source);
	expect_eq(bi->map_rank, MAP_NONE);
	expect_eq(bi->loader_id, 0xff);
	expect_eq(bi->map.nr, 0);
	expect_eq(bi->nr_modules, 0);
	expect_eq(bi->rsdp, 0);
	expect_string(bi->cmdline, "");
	expect(!bi->have_screen && !bi->corrupt);
	expect_string(bi->firmware_version, "");
	expect(!bi->no_coreboot && !bi->framebuffer.base && !bi->serial.base);
	expect(!bi->coreboot.size && !bi->cbfs.size);
	ktap_done("init");
	free(bi);
}

/*
 * Best first: a device that knows nothing of the firmware's tables, and sizes
 * alone, come after all that a loader or the firmware says.
 */
static void test_order(void)
{
	static const enum map_rank order[] = {
		MAP_LOADER, MAP_COREBOOT, MAP_BIOS_E820, MAP_COREBOOT_SCAN,
		MAP_LOADER_RAM, MAP_BIOS_E801, MAP_BIOS_88, MAP_FWCFG,
		MAP_CMOS, MAP_NONE,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(order); i++)
		expect_eq(order[i], i);
	ktap_done("map: ranks in order");
}

/* Every pair of ranks; the ranges tell whose map it is. */
static void test_ranks(void)
{
	u32 first, second;

	for (first = 0; first < MAP_NONE; first++)
		for (second = 0; second < MAP_NONE; second++) {
			struct bootinfo *bi = bootinfo_new();
			u32 want = second < first ? second : first;

			memmap_add(&bi->offer, 1, 1, first);
			memmap_add(&bi->offer, 2, 1, first);
			bootinfo_set_map(from(bi, "first"), first);
			memmap_init(&bi->offer);
			memmap_add(&bi->offer, 3, 1, second);
			bootinfo_set_map(from(bi, "second"), second);
			expect_eq(bi->map_rank, want);
			expect_eq(bi->map.nr, second < first ? 1 : 2);
			expect_eq(bi->map.range[0].start,
				  second < first ? 3 : 1);
			expect_string(bi->map_source, second < first ?
				      "second" : "first");
			free(bi);
		}
	ktap_done("map: the better rank, the first of equals");
}

static void test_maps(void)
{
	static const u32 counts[] = { 128, 129, 512, 513 };
	struct bootinfo *bi = bootinfo_new();
	u32 i, k;

	bootinfo_set_map(from(bi, "empty"), MAP_LOADER);
	expect_eq(bi->map_rank, MAP_NONE);
	expect(!bi->map_source);
	ktap_done("map: an empty one is none");

	memmap_add(&bi->offer, 1 * MIB, 1 * MIB, MEM_RAM);
	bootinfo_set_loader_map(from(bi, "loader"));
	expect_eq(bi->map_rank, MAP_LOADER_RAM);
	ktap_done("map: a loader's, RAM only");

	memmap_add(&bi->offer, 2 * MIB, 1 * MIB, MEM_RESERVED);
	bootinfo_set_loader_map(from(bi, "loader"));
	expect_eq(bi->map_rank, MAP_LOADER);
	expect_eq(bi->map.nr, 2);
	ktap_done("map: a loader's, complete");
	free(bi);

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		bi = bootinfo_new();
		for (k = 0; k < counts[i]; k++)
			memmap_add(&bi->offer, k * MIB, 0x1000, MEM_RAM);
		bootinfo_set_map(from(bi, "many"), MAP_LOADER);
		expect_eq(bi->map.nr, counts[i] > MEMMAP_MAX ?
			  MEMMAP_MAX : counts[i]);
		expect_eq(bi->map.truncated, counts[i] > MEMMAP_MAX);
		for (k = 0; k < bi->map.nr; k++)
			expect_eq(bi->map.range[k].start, k * MIB);
		ktap_done("map: %u ranges", counts[i]);
		free(bi);
	}
}

/* One line with both numbers, and a bit, if it is too long. */
static void expect_cut(const struct bootinfo *bi, const char *source, u32 len)
{
	char line[100];

	expect_eq(bi->nr_ignored, len > 2047);
	expect_eq(bi->ignored_bits, len > 2047 ? CORRUPT_CMDLINE : 0);
	if (!bi->nr_ignored)
		return;
	if (len > 65536)
		len = 65536;
	snprintf(line, sizeof(line),
		 "%s: command line cut: %u characters, the kernel takes 2047",
		 source, len);
	expect_string(fault_text(&bi->ignored[0]), line);
}

/* A command line of @len characters, each different from its neighbour. */
static void test_cmdline_length(u32 len)
{
	struct bootinfo *bi = bootinfo_new();
	u32 want = len < CMDLINE_SIZE ? len : CMDLINE_SIZE - 1;
	struct machine m = {};
	u8 *text = machine_add(&m, 0x10000, NULL, len + 1);
	u32 i;

	for (i = 0; i < len; i++)
		text[i] = 'a' + i % 23;
	expect_eq(bootinfo_read_cmdline(from(bi, "test"), &m.ram, 0x10000, ""), 0);
	expect_eq(strlen(bi->cmdline), want);
	expect_bytes(bi->cmdline, text, want);
	expect_cut(bi, "test", len);
	ktap_done("cmdline: %u characters", len);
	machine_free(&m);
	free(bi);
}

static void test_cmdline(void)
{
	static const char line[] = "qemu.elf a b";
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};
	size_t len;

	machine_add(&m, 0x500, line, sizeof(line));
	for (len = 0; len < sizeof(line); len++) {
		struct machine less;

		machine_copy(&less, &m, 0, len);
		expect_eq(bootinfo_read_cmdline(from(bi, "test"), &less.ram, 0x500,
						"qemu"), -EBADMSG);
		expect(!bi->cmdline_source);
		expect_string(bi->cmdline, "");
		machine_free(&less);
	}
	ktap_done("cmdline: memory ends in it");

	expect_eq(bootinfo_read_cmdline(from(bi, "empty"), &m.ram, 0x50c, ""), 0);
	expect(!bi->cmdline_source);
	ktap_done("cmdline: an empty one is none");

	expect_eq(bootinfo_read_cmdline(from(bi, "first"), &m.ram, 0x500, ""), 0);
	expect_eq(bootinfo_read_cmdline(from(bi, "second"), &m.ram, 0x505, ""), 0);
	expect_eq(bootinfo_read_cmdline(from(bi, "third"), &m.ram, 0x9999, ""), 0);
	expect_string(bi->cmdline, line);
	expect_string(bi->cmdline_source, "first");
	ktap_done("cmdline: the first stays");
	machine_free(&m);
	free(bi);
}

/* A file of @len bytes, 0: all of the text. */
static const struct {
	const char *name;
	const char *text;
	u32 len;
	const char *want;		/* NULL: none */
} files[] = {
	{ "one line", "a=1 b", 0, "a=1 b" },
	{ "one line with its end", "a=1 b\n", 0, "a=1 b" },
	{ "two lines", "a=1\nb\n", 0, "a=1 b" },
	{ "CRLF", "a=1\r\nb\r\n", 0, "a=1  b" },
	{ "blanks at the end", "a=1 b\x20\x20\n\x20\n", 0, "a=1 b" },
	{ "blanks at the start", "\n a=1", 0, "  a=1" },
	{ "up to a NUL", "a=1 \0b", 6, "a=1" },
	{ "less than the text", "a=1 b", 3, "a=1" },
	{ "a NUL first", "\0a=1", 5, NULL },
	{ "ends of lines only", "\r\n\n\x20\n", 0, NULL },
	{ "one blank", " ", 0, NULL },
	{ "nothing", "", 0, NULL },
};

static void test_file(u32 i)
{
	u32 len = files[i].len ? files[i].len : strlen(files[i].text);
	const struct range file = { 0x1000, len, 0 };
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};

	machine_add(&m, 0x1000, files[i].text, len);
	expect_eq(bootinfo_read_cmdline_file(from(bi, "file"), &m.ram, &file), 0);
	expect_string(bi->cmdline, files[i].want ? files[i].want : "");
	expect_string(bi->cmdline_source, files[i].want ? "file" : NULL);
	ktap_done("file: %s", files[i].name);
	machine_free(&m);
	free(bi);
}

/* What is beyond 2047 characters need not even be there. */
static void test_file_length(u64 len, u32 blanks)
{
	const struct range file = { 0x1000, len, 0 };
	u32 there = len < CMDLINE_SIZE ? len : CMDLINE_SIZE - 1;
	u32 want = there - blanks;
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};
	u8 *text = machine_add(&m, 0x1000, NULL, there);
	u32 i;

	for (i = 0; i < there; i++)
		text[i] = i < want ? 'a' + i % 23 : '\n';
	expect_eq(bootinfo_read_cmdline_file(from(bi, "file"), &m.ram, &file), 0);
	expect_eq(strlen(bi->cmdline), want);
	expect_bytes(bi->cmdline, text, want);
	expect_string(bi->cmdline_source, "file");
	ktap_done("file: %llu bytes, the last %u of them blank",
		  (unsigned long long)len, blanks);
	machine_free(&m);
	free(bi);
}

/* A file of @len bytes, the last of them blank: only what is not counts. */
static void test_file_cut(u32 len, u32 blanks)
{
	const struct range file = { 0x1000, len, 0 };
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};
	u8 *text = machine_add(&m, 0x1000, NULL, len);

	memset(text, 'a', len - blanks);
	memset(text + len - blanks, '\n', blanks);
	expect_eq(bootinfo_read_cmdline_file(from(bi, "file"), &m.ram, &file), 0);
	expect_cut(bi, "file", len - blanks);
	ktap_done("file: cut, %u bytes, %u blank", len, blanks);
	machine_free(&m);
	free(bi);
}

static void test_file_absent(void)
{
	static const struct range past = { 0x1000, 6, 0 };
	static const struct range away = { 0x2000, 1, 0 };
	static const struct range all = { 0x1000, 5, 0 };
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};

	machine_add(&m, 0x1000, "a=1 b", 5);
	expect_eq(bootinfo_read_cmdline_file(from(bi, "past"), &m.ram, &past),
		  -EFAULT);
	expect_eq(bootinfo_read_cmdline_file(from(bi, "away"), &m.ram, &away),
		  -EFAULT);
	expect(!bi->cmdline_source);
	expect_string(bi->cmdline, "");
	ktap_done("file: memory ends in it");

	expect_eq(bootinfo_read_cmdline_file(from(bi, "first"), &m.ram, &all), 0);
	machine_piece(&m, 0)[0] = 'x';
	expect_eq(bootinfo_read_cmdline_file(from(bi, "second"), &m.ram, &all), 0);
	expect_eq(bootinfo_read_cmdline_file(from(bi, "third"), &m.ram, &away), 0);
	expect_string(bi->cmdline, "a=1 b");
	expect_string(bi->cmdline_source, "first");
	ktap_done("file: the first stays");
	machine_free(&m);
	free(bi);
}

static void test_files(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		test_file(i);
	test_file_length(CMDLINE_SIZE - 2, 0);
	test_file_length(CMDLINE_SIZE - 1, 0);
	test_file_length(CMDLINE_SIZE - 1, 2);
	test_file_length(CMDLINE_SIZE, 0);
	test_file_length(CMDLINE_SIZE, 1);
	test_file_length(1ULL << 32, 0);
	test_file_cut(2048, 1);
	test_file_cut(2047, 0);
	test_file_cut(2048, 0);
	test_file_cut(3000, 2);
	test_file_cut(70000, 0);
	test_file_absent();
}

static void test_modules(void)
{
	struct bootinfo *bi = bootinfo_new();

	bootinfo_set_modules(from(bi, "none"), 0);
	expect(!bi->initrd_source);
	bi->module_offer[0] = (struct range){ 0x1000, 0x2000, MEM_RAM };
	bootinfo_set_modules(from(bi, "first"), 1);
	bootinfo_set_modules(from(bi, "second"), 2);
	bootinfo_set_modules(from(bi, "third"), 0);
	expect_eq(bi->nr_modules, 1);
	expect_string(bi->initrd_source, "first");
	expect_eq(bi->module[0].start, 0x1000);
	ktap_done("modules: the first stays");
	free(bi);
}

int main(void)
{
	test_init();
	test_loaders();
	test_paths();
	test_long_name();
	test_order();
	test_ranks();
	test_maps();
	test_cmdline_length(0);
	test_cmdline_length(CMDLINE_SIZE - 2);
	test_cmdline_length(CMDLINE_SIZE - 1);
	test_cmdline_length(CMDLINE_SIZE);
	test_cmdline_length(CMDLINE_SIZE + 1);
	test_cmdline_length(70000);
	test_cmdline();
	test_files();
	test_modules();
	return ktap_status();
}
