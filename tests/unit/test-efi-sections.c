// SPDX-License-Identifier: GPL-2.0
/*
 * Sections of a PE image (sections.c): found, and never outside of the image,
 * whatever its headers say.
 */
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "poison.h"
#include "sections.h"
#include "wire-pe.h"

#define IMAGE_SIZE	0x400
#define PE_AT		0x40
#define OPTIONAL	0x20

#define NR_NAMES	5

static const char names[NR_NAMES][9] = {
	".text", ".linux", ".cmdline", ".initrd", ".ucode"
};

/* Several of one name, and profiles; "found" has the number of the one that counts. */
static const struct {
	const char *name;
	char names[8][9];
	u8 found;		/* of .cmdline, 0xff: none */
	u8 profile;		/* that is chosen */
	u8 nr_profiles;
} orders[] = {
	{ "the first of two", { ".linux", ".cmdline", ".cmdline" }, 1, 0, 0 },
	{ "the profile's", { ".linux", ".cmdline", ".profile", ".cmdline" }, 3, 0, 1 },
	{ "the first of two in a profile",
	  { ".linux", ".profile", ".cmdline", ".cmdline" }, 2, 0, 1 },
	{ "the common one", { ".linux", ".cmdline", ".profile", ".initrd" }, 1, 0, 1 },
	{ "the first profile's",
	  { ".linux", ".profile", ".cmdline", ".profile", ".cmdline" }, 2, 0, 2 },
	{ "the second profile's",
	  { ".linux", ".profile", ".cmdline", ".profile", ".cmdline" }, 4, 1, 2 },
	{ "the second of three profiles, and the common one",
	  { ".cmdline", ".profile", ".cmdline", ".profile", ".initrd", ".profile",
	    ".cmdline" }, 0, 1, 3 },
	{ "the last of three profiles",
	  { ".cmdline", ".profile", ".cmdline", ".profile", ".initrd", ".profile",
	    ".cmdline" }, 6, 2, 3 },
	{ "no such profile",
	  { ".linux", ".profile", ".cmdline", ".profile", ".cmdline" }, 0xff, 2, 2 },
	{ "not a second profile's",
	  { ".linux", ".profile", ".initrd", ".profile", ".cmdline" }, 0xff, 0, 2 },
	{ "not a second profile's, but the common one",
	  { ".cmdline", ".profile", ".initrd", ".profile", ".cmdline" }, 0, 0, 2 },
	{ "a profile is the last", { ".linux", ".cmdline", ".profile" }, 1, 0, 1 },
};

static u8 *make_image(void)
{
	u8 *image = allocate(IMAGE_SIZE);
	struct pe_header *pe = (struct pe_header *)(image + PE_AT);
	struct pe_section *section = (void *)(pe + 1) + OPTIONAL;
	u32 at = PE_AT, i;

	memset(image, 0, IMAGE_SIZE);
	memcpy(image + PE_POINTER, &at, sizeof(at));
	memcpy(pe->magic, "PE\0\0", 4);
	pe->nr_sections = NR_NAMES;
	pe->optional_size = OPTIONAL;
	for (i = 0; i < NR_NAMES; i++) {
		memcpy(section[i].name, names[i], 8);
		section[i].virtual_address = 0x200 + 0x40 * i;
		section[i].virtual_size = 0x40 - i;
		section[i].raw_size = 0x40;
	}
	return image;
}

static struct pe_section *section_of(u8 *image, u32 nr)
{
	return (struct pe_section *)(image + PE_AT +
				     sizeof(struct pe_header) + OPTIONAL) + nr;
}

static void test_found(void)
{
	u8 *image = make_image();
	struct own_sections own;

	sections_find(image, IMAGE_SIZE, 0, &own);
	expect(own.linux_elf.data == image + 0x240);
	expect_eq(own.linux_elf.size, 0x3f);
	expect(own.cmdline.data == image + 0x280);
	expect_eq(own.cmdline.size, 0x3e);
	expect(own.initrd.data == image + 0x2c0);
	expect_eq(own.initrd.size, 0x3d);
	expect(own.ucode.data == image + 0x300);
	expect_eq(own.ucode.size, 0x3c);
	memcpy(section_of(image, 1)->name, ".linux\0X", 8);
	sections_find(image, IMAGE_SIZE, 0, &own);
	expect_eq(own.linux_elf.size, 0x3f);
	section_of(image, 1)->virtual_size = 0;
	section_of(image, 2)->virtual_address = IMAGE_SIZE - 0x3e;
	section_of(image, 3)->virtual_address = IMAGE_SIZE - 0x3c;
	sections_find(image, IMAGE_SIZE, 0, &own);
	expect_eq(own.linux_elf.size, 0x40);
	expect_eq(own.cmdline.size, 0x3e);
	expect_eq(own.initrd.size, 0);
	memcpy(section_of(image, 1)->name, ".linuxes", 8);
	sections_find(image, IMAGE_SIZE, 0, &own);
	expect_eq(own.linux_elf.size, 0);
	ktap_done("found, to the last byte");
	free(image);
}

static void test_several(void)
{
	u32 i, nr;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		u8 *image = make_image();
		struct pe_header *pe = (void *)(image + PE_AT);
		struct own_sections own;

		for (nr = 0; nr < 8 && orders[i].names[nr][0]; nr++) {
			struct pe_section *section = section_of(image, nr);

			memcpy(section->name, orders[i].names[nr], 8);
			section->virtual_address = 0x200 + 0x20 * nr;
			section->virtual_size = 1 + nr;
		}
		pe->nr_sections = nr;
		sections_find(image, IMAGE_SIZE, orders[i].profile, &own);
		expect_eq(own.nr_profiles, orders[i].nr_profiles);
		if (orders[i].found == 0xff)
			expect_eq(own.cmdline.size, 0);
		else
			expect_eq(own.cmdline.size, 1 + orders[i].found);
		ktap_done(orders[i].name);
		free(image);
	}
}

static bool inside(const struct section *section, const u8 *image, u32 size)
{
	return !section->size || (section->data >= image &&
				  section->data + section->size <= image + size);
}

static void look(const u8 *image, u32 size)
{
	struct own_sections own;

	sections_find(image, size, size % 3, &own);
	expect(inside(&own.linux_elf, image, size));
	expect(inside(&own.cmdline, image, size));
	expect(inside(&own.ucode, image, size));
	expect(inside(&own.initrd, image, size));
}

/* The sanitizer sees what is read behind a short one. */
static void test_short(void)
{
	u8 *image = make_image();
	u32 size;

	for (size = 0; size < IMAGE_SIZE; size++) {
		u8 *part = allocate(size);

		memcpy(part, image, size);
		look(part, size);
		free(part);
	}
	ktap_done("an image that ends anywhere");
	free(image);
}

static void test_damaged(void)
{
	static const u8 values[] = { 0, 1, 0x7f, 0x80, 0xff };
	u8 *image = make_image();
	u32 at, i;

	for (at = 0; at < 0x178; at++) {
		u8 was = image[at];

		for (i = 0; i < sizeof(values); i++) {
			image[at] = values[i];
			look(image, IMAGE_SIZE);
		}
		image[at] = was;
	}
	ktap_done("any byte of the headers damaged");
	free(image);
}

int main(void)
{
	test_found();
	test_several();
	test_short();
	test_damaged();
	return ktap.status;
}
