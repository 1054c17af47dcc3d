// SPDX-License-Identifier: GPL-2.0
/*
 * The VGA's text mode (source-vga.c), from an emulated VGA. The registers are
 * those of QEMU 7.2's standard VGA after SeaBIOS has set mode 3.
 */
#include "fixture.h"

#define MISC		0x3cc
#define GRAPHICS	0x3ce
#define CRTC		0x3d4

static const struct source source = { 0, vga_probe };

/* The VGA, and what became of its index ports. */
static struct {
	bool is_there;
	u8 misc;
	u8 graphics[16];
	u8 crtc[32];
	u8 graphics_index;
	u8 crtc_index;
} now;

void port_write(u8 value, u16 port)
{
	if (port == GRAPHICS && expect(value < sizeof(now.graphics)))
		now.graphics_index = value;
	else if (port == CRTC && expect(value < sizeof(now.crtc)))
		now.crtc_index = value;
	else
		expect(false);
}

u8 port_read(u16 port)
{
	if (!now.is_there)
		return 0xff;
	switch (port) {
	case MISC:		return now.misc;
	case GRAPHICS:		return now.graphics_index;
	case GRAPHICS + 1:	return now.graphics[now.graphics_index];
	case CRTC:		return now.crtc_index;
	case CRTC + 1:		return now.crtc[now.crtc_index];
	default:
		expect(false);
		return 0xff;
	}
}

static void vga_new(void)
{
	static const u8 crtc[] = {
		0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f,
		0x00, 0x4f, 0x0d, 0x0e, 0x00, 0x00, 0x01, 0x43,
		0x9c, 0x8e, 0x8f, 0x28, 0x1f, 0x96, 0xb9, 0xa3,
	};

	memset(&now, 0, sizeof(now));
	now.is_there = true;
	now.misc = 0x67;
	now.graphics[6] = 0x0e;
	memcpy(now.crtc, crtc, sizeof(crtc));
	now.graphics_index = 5;
	now.crtc_index = 0x11;
}

static struct bootinfo *coreboot_bootinfo(void)
{
	struct bootinfo *bi = bootinfo_new();

	bi->coreboot = (struct range){ 0x7fe0000, 0x400, MEM_RESERVED };
	return bi;
}

static void expect_none(struct bootinfo *bi, const char *name)
{
	static const struct handoff handoff;
	static const struct machine none;

	expect_eq(probe(&source, &none, &handoff, bi), -ENOENT);
	expect(!bi->have_screen);
	ktap_done("%s", name);
	free(bi);
}

static void expect_cursor(u8 x, u8 y, const char *name)
{
	static const struct handoff handoff;
	static const struct machine none;
	struct bootinfo *bi = coreboot_bootinfo();

	expect_eq(probe(&source, &none, &handoff, bi), 0);
	expect(bi->have_screen && bi->screen.is_vga);
	expect_eq(bi->screen.mode, 3);
	expect_eq(bi->screen.page, 0);
	expect_eq(bi->screen.columns, 80);
	expect_eq(bi->screen.lines, 25);
	expect_eq(bi->screen.points, 16);
	expect_eq(bi->screen.x, x);
	expect_eq(bi->screen.y, y);
	expect_eq(now.graphics_index, 5);
	expect_eq(now.crtc_index, 0x11);
	ktap_done("%s", name);
	free(bi);
}

static void test_text(void)
{
	vga_new();
	expect_cursor(3, 4, "80x25, the cursor at 143");
	vga_new();
	now.crtc[0x0e] = 0x07;
	now.crtc[0x0f] = 0xcf;
	expect_cursor(79, 24, "the cursor at the end");
	vga_new();
	now.crtc[0x0e] = 0x07;
	now.crtc[0x0f] = 0xd0;
	expect_cursor(0, 0, "the cursor beyond the end");
}

static const struct {
	const char *name;
	u8 *at;
	u8 value;
} others[] = {
	{ "monochrome", &now.misc, 0x66 },
	{ "memory off", &now.misc, 0x65 },
	{ "nobody answers for it", &now.misc, 0xff },
	{ "a graphics mode", &now.graphics[6], 0x0f },
	{ "text at b0000", &now.graphics[6], 0x0a },
	{ "graphics at a0000", &now.graphics[6], 0x05 },
	{ "40 columns", &now.crtc[1], 0x27 },
	{ "132 columns", &now.crtc[1], 0x83 },
	{ "50 rows of 8 lines", &now.crtc[9], 0x47 },
	{ "1 row of 32 lines and a half", &now.crtc[0x12], 0x1f },
	{ "480 lines, 30 rows", &now.crtc[0x12], 0xdf },
	{ "256 lines less", &now.crtc[7], 0x1d },
	{ "512 lines more", &now.crtc[7], 0x5f },
};

static void test_others(void)
{
	struct bootinfo *bi;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		vga_new();
		*others[i].at = others[i].value;
		expect_none(coreboot_bootinfo(), others[i].name);
	}
	vga_new();
	now.is_there = false;
	expect_none(coreboot_bootinfo(), "no VGA");

	vga_new();
	expect_none(bootinfo_new(), "no coreboot");
	vga_new();
	bi = coreboot_bootinfo();
	bi->framebuffer.base = 0xfd000000;
	expect_none(bi, "a framebuffer");

	vga_new();
	bi = coreboot_bootinfo();
	bi->boot_params = 0x90000;
	expect_none(bi, "a caller's own boot_params");
	vga_new();
	bi = coreboot_bootinfo();
	string_copy(bi->loader, "kexec 2.0.25", sizeof(bi->loader));
	expect_none(bi, "kexec");
}

int main(void)
{
	test_text();
	test_others();
	return ktap_status();
}
