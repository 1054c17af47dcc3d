// SPDX-License-Identifier: GPL-2.0
/*
 * Reading a bzImage (tools/bzimage.c). Offsets, and what the fields mean, are
 * those of Documentation/x86/boot.rst, "The Real-Mode Kernel Header".
 */
#include "image.h"

/*
 * setup_headers, bytes 0x1f1 to 0x26b, of Linux 6.1.192 as tests/kconfig
 * configures it (gcc 12.2.0, gzip): setup_sects 31, protocol 2.15.
 */
static const u8 header_i386[] = {
	0x1f, 0x01, 0x00, 0x20, 0xfe, 0x01, 0x00, 0x00, 0x00, 0xff, 0xff, 0x00,
	0x00, 0x55, 0xaa, 0xeb, 0x6a, 0x48, 0x64, 0x72, 0x53, 0x0f, 0x02, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x10, 0x40, 0x38, 0x00, 0x01, 0x00, 0x80, 0x00,
	0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x40, 0x51, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff,
	0xff, 0xff, 0x7f, 0x00, 0x00, 0x20, 0x00, 0x01, 0x0d, 0x00, 0x00, 0xff,
	0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x94, 0x00, 0x00, 0x00, 0x4e, 0x76, 0x1f, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x90, 0x61, 0x00, 0x00, 0x00, 0x00, 0x00, 0xa4,
	0xd8, 0x1f, 0x00,
};

static const u8 header_x86_64[] = {
	0x1f, 0x01, 0x00, 0x40, 0x0f, 0x02, 0x00, 0x00, 0x00, 0xff, 0xff, 0x00,
	0x00, 0x55, 0xaa, 0xeb, 0x6a, 0x48, 0x64, 0x72, 0x53, 0x0f, 0x02, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x10, 0xc0, 0x38, 0x00, 0x01, 0x00, 0x80, 0x00,
	0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0xc0, 0x51, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff,
	0xff, 0xff, 0x7f, 0x00, 0x00, 0x20, 0x00, 0x01, 0x15, 0x33, 0x00, 0xff,
	0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0xc4, 0x02, 0x00, 0x00, 0x30, 0x72, 0x20, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x80, 0x07, 0x01, 0x00, 0x00, 0x00, 0x00, 0x02,
	0xe8, 0x20, 0x00,
};

/* A bzImage of 2 sectors of setup and 32 KiB of kernel. */
#define SETUP		0x600
#define CODE		0x8000
#define FILE_MAX	0x10000
#define RELEASE_AT	0x300

#define CHANGES_MAX	6

struct change {
	size_t at;
	int size;
	u64 value;
};

static void apply(u8 *p, const struct change *change)
{
	int byte;

	for (; change->size; change++)
		for (byte = 0; byte < change->size; byte++)
			p[change->at + byte] = change->value >> 8 * byte;
}

static const struct change small[] = {
	{ 0x1f1, 1, 2 }, { 0x1f4, 4, CODE / 16 }, { 0x20e, 2, 0x100 },
	{ 0x24c, 4, 0x7000 }, {}
};

/* What the kernel's own build says is kept, but for what the size is in. */
static u8 *bzimage_new(size_t size, const u8 *header)
{
	u8 *p = allocate(FILE_MAX);
	u8 *exact = allocate(size);

	memcpy(p + 0x1f1, header, sizeof(header_i386));
	memcpy(p + RELEASE_AT, "6.1.192 (elf@boot) #1", 22);
	apply(p, small);
	memcpy(exact, p, size < FILE_MAX ? size : FILE_MAX);
	free(p);
	return exact;
}

static const struct {
	const char *name;
	const u8 *header;
	u64 init_size;
	u32 flags;
} real[] = {
	{ "i386", header_i386, 0x619000, 0 },
	{ "x86_64", header_x86_64, 0x1078000, STUB_FLAG_KERNEL_64 },
};

static void test_real(void)
{
	struct kernel kernel;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(real); i++) {
		u8 *p = bzimage_new(SETUP + CODE, real[i].header);
		struct bytes file = { p, SETUP + CODE };

		memset(&kernel, 0xa5, sizeof(kernel));
		last_error[0] = '\0';
		expect(bzimage_probe(&file));
		expect_eq(kernel_read(&file, &kernel), 0);
		expect_string(last_error, "");
		expect_eq(kernel.version.size, 7);
		expect_bytes(kernel.version.data, "6.1.192", 7);
		expect_eq(kernel.nr_chunks, 1);
		expect_eq(kernel.chunk[0].paddr, 0x1000000);
		expect(kernel.chunk[0].bytes.data == p + SETUP);
		expect_eq(kernel.chunk[0].bytes.size, CODE);
		expect_eq(kernel.start, 0x1000000);
		expect_eq(kernel.end, 0x1000000 + real[i].init_size);
		expect_eq(kernel.entry, 0x1000000);
		expect_eq(kernel.flags, real[i].flags);
		expect_eq(kernel.cmdline_max, 2047);
		expect_eq(kernel.initrd_max, 0x7fffffff);
		expect(!kernel.stub.data);
		expect(kernel.setup.data == p + 0x1f1);
		expect_eq(kernel.setup.size, 0x26c - 0x1f1);
		ktap_done("real: %s", real[i].name);
		free(p);
	}
}

/* Changes of the header of x86_64, what is then read, or the complaint. */
static const struct {
	const char *name;
	struct change change[CHANGES_MAX];
	const char *want;		/* how the message begins */
	u32 start;
	u64 end;
	size_t code;			/* bytes of it */
	u32 cmdline_max;
	size_t size;			/* of the file, if not SETUP + CODE */
} changes[] = {
	{ "code32_start is of no interest", { { 0x214, 4, 0 } },
	  .start = 0x1000000 },
	{ "a signature behind the code", {}, .code = CODE,
	  .size = SETUP + CODE + 999 },
	{ "15 bytes short of syssize", {}, .code = CODE - 15,
	  .size = SETUP + CODE - 15 },
	{ "16 bytes short of syssize", {},
	  .want = "syssize 0x800: it would have 32768 bytes, the file has 32752",
	  .size = SETUP + CODE - 16 },
	{ "setup_sects 0 means 4", { { 0x1f1, 1, 0 }, { 0x1f4, 4, 0x740 } },
	  .code = 0x7400 },
	{ "setup_sects 0, syssize as if 2", { { 0x1f1, 1, 0 } },
	  .want = "syssize 0x800: it would have 32768 bytes, the file has 31744" },
	{ "setup_sects 1", { { 0x1f1, 1, 1 }, { 0x1f4, 4, 0x820 } },
	  .code = 0x8200 },
	{ "setup_sects up to the end of the file",
	  { { 0x1f1, 1, 66 } },
	  .want = "setup_sects 66: the kernel would begin at 0x8600," },
	{ "setup_sects beyond it", { { 0x1f1, 1, 255 } },
	  .want = "setup_sects 255: the kernel would begin at 0x20000," },
	{ "syssize 0", { { 0x1f4, 4, 0 } }, .want = "syssize 0x0:" },
	{ "syssize and 1", { { 0x1f4, 4, CODE / 16 + 1 } },
	  .want = "syssize 0x801: it would have 32784 bytes, the file has 32768" },
	{ "syssize of 32 bits", { { 0x1f4, 4, ~0U } },
	  .want = "syssize 0xffffffff: it would have 68719476720 bytes" },
	{ "syssize that would wrap", { { 0x1f4, 4, 0x10000001 } },
	  .want = "syssize 0x10000001:" },

	{ "protocol 2.04", { { 0x206, 2, 0x204 } },
	  .want = "version 0x204 of the boot protocol is older than 0x205" },
	{ "protocol 0", { { 0x206, 2, 0 } }, .want = "version 0x0 " },
	{ "protocol of the future", { { 0x206, 2, 0x3ff } },
	  .start = 0x1000000 },
	{ "jump of 3 bytes", { { 0x200, 1, 0xe9 } }, .want = "jump 0x6ae9:" },
	{ "header ends in init_size", { { 0x201, 1, 0x61 } },
	  .want = "jump 0x61eb: the setup_header would end at 0x263, not from 0x264 to 0x290" },
	{ "header ends behind init_size", { { 0x201, 1, 0x62 } },
	  .start = 0x1000000 },
	{ "header as long as there is room", { { 0x201, 1, 0x8e } },
	  .start = 0x1000000 },
	{ "header longer than that", { { 0x201, 1, 0x8f } },
	  .want = "jump 0x8feb: the setup_header would end at 0x291," },
	{ "zImage", { { 0x211, 1, 0xfe } },
	  .want = "loadflags 0xfe: LOADED_HIGH, 0x1, is not set" },

	{ "payload up to the end", { { 0x248, 4, 0x1000 } }, .code = CODE },
	{ "payload beyond it", { { 0x248, 4, 0x1001 } },
	  .want = "payload_offset 0x1001, payload_length 0x7000: the kernel has only 0x8000" },
	{ "payload_offset ~0", { { 0x248, 4, ~0U } },
	  .want = "payload_offset 0xffffffff," },
	{ "payload_length ~0", { { 0x24c, 4, ~0U } }, .want = "payload_offset 0x2c4," },

	{ "alignment 0", { { 0x230, 4, 0 } }, .want = "kernel_alignment 0x0 is" },
	{ "alignment 2 KiB", { { 0x230, 4, 0x800 } },
	  .want = "kernel_alignment 0x800 is" },
	{ "alignment 4 KiB", { { 0x230, 4, 0x1000 } }, .start = 0x1000000 },
	{ "alignment 3 MiB", { { 0x230, 4, 0x300000 } },
	  .want = "kernel_alignment 0x300000 is not a power of two" },
	{ "alignment 16 MiB", { { 0x230, 4, 0x1000000 } },
	  .start = 0x1000000 },
	{ "alignment 32 MiB", { { 0x230, 4, 0x2000000 } },
	  .want = "pref_address 0x1000000 is not a multiple of kernel_alignment, 0x2000000" },

	{ "pref_address 0", { { 0x258, 8, 0 } }, .want = "pref_address 0x0 is not" },
	{ "pref_address a page below 1 MiB",
	  { { 0x230, 4, 0x1000 }, { 0x258, 8, 0xff000 } },
	  .want = "pref_address 0xff000 is not from 0x100000 to 0xc0000000" },
	{ "pref_address 1 MiB",
	  { { 0x230, 4, 0x1000 }, { 0x258, 8, 0x100000 } },
	  .start = 0x100000, .end = 0x100000 + 0x1078000 },
	{ "pref_address 3 GiB", { { 0x258, 8, 0xc0000000 } },
	  .start = 0xc0000000, .end = 0xc0000000 + 0x1078000ULL },
	{ "pref_address behind 3 GiB", { { 0x258, 8, 0xc0200000 } },
	  .want = "pref_address 0xc0200000 is not from" },
	{ "pref_address behind 4 GiB", { { 0x258, 8, 0x101000000 } },
	  .want = "pref_address 0x101000000 is not from" },
	{ "init_size 0", { { 0x260, 4, 0 } },
	  .want = "init_size 0x0 is not from the kernel's own size, 0x8000, to 0x40000000" },
	{ "init_size the code's", { { 0x260, 4, CODE } }, .end = 0x1008000 },
	{ "init_size a byte less", { { 0x260, 4, CODE - 1 } },
	  .want = "init_size 0x7fff is not" },
	{ "init_size 1 GiB", { { 0x260, 4, 0x40000000 } },
	  .end = 0x41000000 },
	{ "init_size a byte more", { { 0x260, 4, 0x40000001 } },
	  .want = "init_size 0x40000001 is not" },
	{ "both at their largest",
	  { { 0x258, 8, 0xc0000000 }, { 0x260, 4, 0x40000000 } },
	  .start = 0xc0000000, .end = 0x100000000 },

	{ "version in the last bytes of the setup",
	  { { 0x20e, 2, 0x3fc }, { 0x5fc, 4, 0x00302e35 } }, .code = CODE },
	{ "version without an end", { { 0x20e, 2, 0x3fc },
				      { 0x5fc, 4, 0x31302e35 } },
	  .want = "kernel_version 0x3fc: the text would not end below 0x600" },
	{ "version behind the setup", { { 0x20e, 2, 0x400 } },
	  .want = "kernel_version 0x400:" },
	{ "version at the end of 64 KiB", { { 0x20e, 2, 0xffff } },
	  .want = "kernel_version 0xffff:" },
	{ "no version", { { 0x20e, 2, 0 } }, .code = CODE },

	/* before 2.10: no pref_address, no init_size (here: bad ones) */
	{ "protocol 2.09",
	  { { 0x206, 2, 0x209 }, { 0x258, 8, 0 }, { 0x260, 4, 0 } },
	  .start = 0x200000, .end = 0x200000 + 12 * CODE },
	{ "protocol 2.09, not relocatable",
	  { { 0x206, 2, 0x209 }, { 0x234, 1, 0 } },
	  .start = 0x100000, .end = 0x1000000 + 12 * CODE },
	{ "protocol 2.09, 1 MiB fits",
	  { { 0x206, 2, 0x209 }, { 0x230, 4, 0x100000 } },
	  .start = 0x100000, .end = 0x100000 + 12 * CODE },
	{ "protocol 2.09, code32_start 0",
	  { { 0x206, 2, 0x209 }, { 0x214, 4, 0 } },
	  .want = "code32_start 0x0 is not a page from 0x100000 to 0xc0000000" },
	{ "protocol 2.09, code32_start below 1 MiB",
	  { { 0x206, 2, 0x209 }, { 0x214, 4, 0x10000 } },
	  .want = "code32_start 0x10000 is not" },
	{ "protocol 2.09, code32_start within a page",
	  { { 0x206, 2, 0x209 }, { 0x214, 4, 0x100001 } },
	  .want = "code32_start 0x100001 is not" },
	{ "protocol 2.09, alignment 2 GiB",
	  { { 0x206, 2, 0x209 }, { 0x230, 4, 0x80000000 } },
	  .start = 0x80000000 },
	{ "protocol 2.09, so aligned that it is behind 3 GiB",
	  { { 0x206, 2, 0x209 }, { 0x230, 4, 0x80000000 },
	    { 0x214, 4, 0xa0000000 } }, .want = "kernel_alignment 0x80000000," },
	{ "it looks like ELF, too", { { 0, 4, 0x464c457f } },
	  .start = 0x1000000 },
	{ "protocol 2.08 has a payload",
	  { { 0x206, 2, 0x208 }, { 0x24c, 4, ~0U } },
	  .want = "payload_offset 0x2c4," },
	{ "protocol 2.07 has no payload",
	  { { 0x206, 2, 0x207 }, { 0x24c, 4, ~0U } }, .start = 0x200000 },
	{ "protocol 2.05 has no cmdline_size",
	  { { 0x206, 2, 0x205 }, { 0x238, 4, 0 }, { 0x201, 1, 0x33 } },
	  .start = 0x200000, .cmdline_max = 255 },
	{ "protocol 2.06 has", { { 0x206, 2, 0x206 }, { 0x238, 4, 0x1000 },
				 { 0x201, 1, 0x3a } },
	  .start = 0x200000, .cmdline_max = 0x1000 },
	{ "protocol 2.06, header ends in it",
	  { { 0x206, 2, 0x206 }, { 0x201, 1, 0x39 } },
	  .want = "jump 0x39eb: the setup_header would end at 0x23b, not from 0x23c" },
	{ "protocol 2.05, header ends before relocatable_kernel",
	  { { 0x206, 2, 0x205 }, { 0x201, 1, 0x32 } },
	  .want = "jump 0x32eb: the setup_header would end at 0x234, not from 0x235" },
};

static void test_cases(void)
{
	struct kernel kernel;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		size_t size = changes[i].size ? changes[i].size : SETUP + CODE;
		u8 *p = bzimage_new(size, header_x86_64);
		struct bytes file = { p, size };

		apply(p, changes[i].change);
		last_error[0] = '\0';
		expect_eq(kernel_read(&file, &kernel), changes[i].want ? -1 : 0);
		if (changes[i].want)
			last_error[strlen(changes[i].want)] = '\0';
		expect_string(last_error, changes[i].want ? changes[i].want : "");
		if (!changes[i].want) {
			expect_eq(kernel.entry, kernel.start);
			expect_eq(kernel.chunk[0].paddr, kernel.start);
		}
		if (changes[i].start)
			expect_eq(kernel.start, changes[i].start);
		if (changes[i].end)
			expect_eq(kernel.end, changes[i].end);
		if (changes[i].code)
			expect_eq(kernel.chunk[0].bytes.size, changes[i].code);
		if (changes[i].cmdline_max)
			expect_eq(kernel.cmdline_max, changes[i].cmdline_max);
		ktap_done("change: %s", changes[i].name);
		free(p);
	}
}

/* xloadflags are there from 2.12 on. */
static void test_flags(void)
{
	u8 *p = bzimage_new(SETUP + CODE, header_x86_64);
	struct bytes file = { p, SETUP + CODE };
	struct kernel kernel;
	u16 version, flags;

	for (version = 0x20a; version < 0x210; version++) {
		for (flags = 0; flags < 4; flags++) {
			put_le16(p + 0x206, version);
			put_le16(p + 0x236, flags);
			expect_eq(kernel_read(&file, &kernel), 0);
			expect_eq(kernel.flags, version >= 0x20c && flags & 1 ?
				  STUB_FLAG_KERNEL_64 : 0);
		}
	}
	ktap_done("xloadflags");
	free(p);
}

static void expect_version(u8 *p, const char *text, const char *want)
{
	struct bytes file = { p, SETUP + CODE };
	struct kernel kernel;

	memcpy(p + RELEASE_AT, text, strlen(text) + 1);
	expect_eq(kernel_read(&file, &kernel), 0);
	if (expect_eq(kernel.version.size, strlen(want)))
		expect_bytes(kernel.version.data, want, strlen(want));
}

static void test_version(void)
{
	u8 *p = bzimage_new(SETUP + CODE, header_x86_64);

	expect_version(p, "2.6.20-1-686 (x@y)", "2.6.20-1-686");
	expect_version(p, "6.1", "6.1");
	expect_version(p, "6.1\n#1", "6.1");
	expect_version(p, "", "");
	put_le16(p + 0x20e, 0);
	expect_version(p, "6.1", "unknown");
	ktap_done("version");
	free(p);
}

/* No other file is one, and no beginning of one. */
static void test_probe(void)
{
	static const struct change other[][2] = {
		{ { 0x1fe, 1, 0 }, {} }, { { 0x1ff, 1, 0 }, {} },
		{ { 0x202, 1, 'h' }, {} }, { { 0x205, 1, 0 }, {} },
	};
	struct kernel kernel;
	struct bytes file;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(other); i++) {
		u8 *p = bzimage_new(SETUP + CODE, header_x86_64);

		file = (struct bytes){ p, SETUP + CODE };
		apply(p, other[i]);
		expect(!bzimage_probe(&file));
		expect_eq(kernel_read(&file, &kernel), -1);
		expect(strstr(last_error, "neither"));
		free(p);
	}
	ktap_done("probe");
	for (i = 0; i < SETUP + CODE - 15; i += i < SETUP + 16 ? 1 : 509) {
		u8 *p = bzimage_new(i, header_x86_64);

		file = (struct bytes){ p, i };
		expect_eq(kernel_read(&file, &kernel), -1);
		free(p);
	}
	ktap_done("truncated");
}

/* Each byte of the header with every value: read or refused. */
static void test_damaged(void)
{
	u8 *p = bzimage_new(SETUP + CODE, header_x86_64);
	struct bytes file = { p, SETUP + CODE };
	struct kernel kernel;
	unsigned int value;
	size_t at;

	for (at = 0x1f0; at < 0x270; at++) {
		u8 good = p[at];

		for (value = 0; value < 256; value++) {
			p[at] = value;
			if (kernel_read(&file, &kernel))
				continue;
			expect(kernel.start >= 0x100000);
			expect(kernel.end <= 0x100000000);
			expect(kernel.end - kernel.start >=
			       kernel.chunk[0].bytes.size);
		}
		p[at] = good;
	}
	ktap_done("damaged");
	free(p);
}

int main(void)
{
	test_real();
	test_cases();
	test_flags();
	test_version();
	test_probe();
	test_damaged();
	return ktap_status();
}
