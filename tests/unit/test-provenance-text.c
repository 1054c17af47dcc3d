// SPDX-License-Identifier: GPL-2.0
/*
 * The provenance node as text (arch/i386/kernel/provenance-text.c): whatever is
 * in it, what comes out is one line.
 */
#include <stdlib.h>

#include <asm/byteorder.h>
#include <linux/kernel.h>

#include "../../arch/i386/kernel/provenance/provenance-text.h"
#include "ktap.h"

#define SENTINEL	0x5a

static struct elfboot_provenance grub = {
	.protocol = "multiboot2",
	.loader = "GRUB 2.06",
	.firmware = "coreboot",
	.firmware_version = "26.06",
	.map_source = "multiboot2",
	.cmdline_source = "cbfs",
	.why_fixed = "no \"room\"",
};

static struct elfboot_provenance fresh(u32 version, u32 corrupt)
{
	struct elfboot_provenance p = grub;

	p.version = __cpu_to_le32(version);
	p.corrupt = __cpu_to_le32(corrupt);
	p.tsc_entry = __cpu_to_le64(12345678901ULL);
	p.tsc_kernel = __cpu_to_le64(~0ULL);
	p.coreboot_table = __cpu_to_le64(0x7ff5f000);
	p.random = __cpu_to_le32(RANDOM_MEMORY | RANDOM_VIRTUAL);
	p.entropy = __cpu_to_le32(ENTROPY_RDRAND | ENTROPY_TSC);
	return p;
}

static void expect_field(const struct elfboot_provenance *p,
			 enum elfboot_field field, const char *want)
{
	char text[ELFBOOT_FIELD_SIZE + 1];

	memset(text, SENTINEL, sizeof(text));
	expect_eq(elfboot_field_text(p, field, text, ELFBOOT_FIELD_SIZE),
		  strlen(want));
	expect_string(text, want);
	expect_eq(text[ELFBOOT_FIELD_SIZE], SENTINEL);
}

static void test_fields(void)
{
	struct elfboot_provenance p = fresh(2, 0);

	elfboot_clean_provenance(&p);
	expect_field(&p, ELFBOOT_VERSION, "2");
	expect_field(&p, ELFBOOT_CORRUPT, "");
	expect_field(&p, ELFBOOT_PROTOCOL, "multiboot2");
	expect_field(&p, ELFBOOT_LOADER, "GRUB 2.06");
	expect_field(&p, ELFBOOT_LOADER_VERSION, "");
	expect_field(&p, ELFBOOT_FIRMWARE, "coreboot");
	expect_field(&p, ELFBOOT_FIRMWARE_VERSION, "26.06");
	expect_field(&p, ELFBOOT_MAP_SOURCE, "multiboot2");
	expect_field(&p, ELFBOOT_CMDLINE_SOURCE, "cbfs");
	expect_field(&p, ELFBOOT_INITRD_SOURCE, "");
	expect_field(&p, ELFBOOT_TSC_ENTRY, "12345678901");
	expect_field(&p, ELFBOOT_TSC_KERNEL, "18446744073709551615");
	expect_field(&p, ELFBOOT_COREBOOT_TABLE, "0x7ff5f000");
	expect_field(&p, ELFBOOT_RANDOM, "memory virtual");
	expect_field(&p, ELFBOOT_ENTROPY, "rdrand tsc");
	expect_field(&p, ELFBOOT_WHY_FIXED, "no ?room?");
	p.random = ~0;
	p.entropy = ~0;
	expect_field(&p, ELFBOOT_RANDOM, "memory virtual physical 0xfffffff8");
	expect_field(&p, ELFBOOT_ENTROPY, "rdrand tsc seed i8254 0xfffffff0");
	p.random = 0;
	p.entropy = 0;
	expect_field(&p, ELFBOOT_RANDOM, "");
	expect_field(&p, ELFBOOT_ENTROPY, "");
	ktap_done("every field");
}

static void test_corrupt(void)
{
	static const struct {
		u32 bits;
		const char *want;
	} rows[] = {
		{ CORRUPT_MULTIBOOT, "multiboot" },
		{ CORRUPT_PVH, "pvh" },
		{ CORRUPT_NOTES, "elf-notes" },
		{ CORRUPT_BOOTPARAMS, "linux" },
		{ CORRUPT_BIOS, "bios" },
		{ CORRUPT_COREBOOT, "coreboot" },
		{ CORRUPT_CBFS, "cbfs" },
		{ CORRUPT_MULTIBOOT2, "multiboot2" },
		{ CORRUPT_FWCFG, "fw-cfg" },
		{ CORRUPT_MAP, "map" },
		{ CORRUPT_LOADER, "loader-name" },
		{ CORRUPT_FRAMEBUFFER, "framebuffer" },
		{ CORRUPT_RSDP, "rsdp" },
		{ CORRUPT_EFI, "efi" },
		{ CORRUPT_SEED, "seed" },
		{ CORRUPT_CMDLINE, "cmdline-cut" },
		{ CORRUPT_SERIAL, "serial" },
		{ CORRUPT_SETUP_DATA, "setup-data" },
		{ CORRUPT_COREBOOT | CORRUPT_CBFS, "coreboot cbfs" },
		{ CORRUPT_PVH | 0x40000000, "pvh 0x40000000" },
		{ 0x80000000, "0x80000000" },
		{ ~0U,
		  "multiboot2 multiboot pvh elf-notes coreboot linux cbfs bios fw-cfg map loader-name framebuffer rsdp efi seed cmdline-cut serial setup-data 0xfffc0000"
		},
	};
	struct elfboot_provenance p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		p = fresh(2, rows[i].bits);
		expect_field(&p, ELFBOOT_CORRUPT, rows[i].want);
	}
	ktap_done("names of corrupt sources");
}

static void test_versions(void)
{
	struct elfboot_provenance p = fresh(1, 0);

	expect(elfboot_has_field(&p, ELFBOOT_VERSION));
	expect(elfboot_has_field(&p, ELFBOOT_TSC_KERNEL));
	expect(!elfboot_has_field(&p, ELFBOOT_FIRMWARE_VERSION));
	expect(!elfboot_has_field(&p, ELFBOOT_COREBOOT_TABLE));
	p = fresh(2, 0);
	expect(elfboot_has_field(&p, ELFBOOT_COREBOOT_TABLE));
	expect(!elfboot_has_field(&p, ELFBOOT_RANDOM));
	expect(!elfboot_has_field(&p, ELFBOOT_ENTROPY));
	expect(!elfboot_has_field(&p, ELFBOOT_WHY_FIXED));
	ktap_done("an older node");
	p = fresh(~0U, 0);
	expect(elfboot_has_field(&p, ELFBOOT_VERSION));
	expect(elfboot_has_field(&p, ELFBOOT_FIRMWARE_VERSION));
	expect_field(&p, ELFBOOT_VERSION, "4294967295");
	ktap_done("a newer node");
}

static void expect_summary(const struct elfboot_provenance *p,
			   const char *want)
{
	char text[ELFBOOT_SUMMARY_SIZE];

	expect_eq(elfboot_summary(p, text, sizeof(text)), strlen(want));
	expect_string(text, want);
}

static void test_summary(void)
{
	struct elfboot_provenance p = fresh(2, 0);

	expect_summary(&p, "protocol multiboot2, loader \"GRUB 2.06\", firmware \"coreboot 26.06\", map multiboot2, command line cbfs, initrd none");
	strcpy(p.loader, "kexec");
	strcpy(p.loader_version, "2.0.25");
	p.firmware_version[0] = '\0';
	expect_summary(&p, "protocol multiboot2, loader \"kexec 2.0.25\", firmware \"coreboot\", map multiboot2, command line cbfs, initrd none");
	memset(&p, 0, sizeof(p));
	strcpy(p.protocol, "none");
	strcpy(p.map_source, "bios-e820");
	expect_summary(&p, "protocol none, loader unknown, firmware unknown, map bios-e820, command line none, initrd none");
	ktap_done("one line for the log");
}

/* What a loader could say to be taken for somebody else. */
static void test_forgery(void)
{
	struct elfboot_provenance p = fresh(2, 0);

	strcpy(p.loader, "a\nb\rc\td\x1b[2Je\x7f\x80\xff\"f");
	elfboot_clean_provenance(&p);
	expect_field(&p, ELFBOOT_LOADER, "a?b?c?d?[2Je????f");
	ktap_done("control characters, quotation marks, no ASCII");
}

static void expect_one_line(const char *text, size_t size)
{
	size_t len = strnlen(text, size), i;

	expect(len < size);
	for (i = 0; i < len; i++)
		if (!expect(text[i] >= ' ' && text[i] <= '~'))
			break;
}

/* Any bytes at all: the same in all places, and noise. */
static void test_garbage(void)
{
	char text[ELFBOOT_SUMMARY_SIZE];
	struct elfboot_provenance p;
	unsigned int round, field;
	size_t i;

	srand(1);
	for (round = 0; round < 1024; round++) {
		for (i = 0; i < sizeof(p); i++)
			((u8 *)&p)[i] = round < 256 ? round : (u8)rand();
		elfboot_clean_provenance(&p);
		for (field = 0; field < ELFBOOT_FIELDS; field++) {
			elfboot_field_text(&p, field, text,
					   ELFBOOT_FIELD_SIZE);
			expect_one_line(text, ELFBOOT_FIELD_SIZE);
		}
		i = elfboot_summary(&p, text, sizeof(text));
		expect_eq(strlen(text), i);
		/* Nothing was cut. */
		expect(strstr(text, ", initrd "));
		expect_one_line(text, sizeof(text) - 16);
	}
	ktap_done("any bytes, without an end");
}

/* A buffer that is too small is cut, not left. */
static void test_sizes(void)
{
	struct elfboot_provenance p = fresh(2, ~0U);
	enum elfboot_field field;
	char *text;
	size_t size;

	for (size = 1; size <= ELFBOOT_SUMMARY_SIZE; size++) {
		text = malloc(size);
		expect(elfboot_summary(&p, text, size) < (int)size);
		for (field = 0; field < ELFBOOT_FIELDS; field++)
			expect(elfboot_field_text(&p, field, text, size) <
			       (int)size);
		free(text);
	}
	ktap_done("buffers of every size");
}

int main(void)
{
	test_fields();
	test_corrupt();
	test_versions();
	test_summary();
	test_forgery();
	test_garbage();
	test_sizes();
	return ktap_status();
}
