// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's standard VGA: a linear framebuffer, by the Bochs VBE interface, or
 * text.
 */
#include "firmware.h"
#include "io.h"

#define VGA_ID			0x11111234
#define VGA_FRAMEBUFFER		0xfd000000	/* as coreboot and SeaBIOS */

#define PCI_COMMAND		0x04
#define PCI_COMMAND_IO_MEMORY	0x0003
#define PCI_BAR0		0x10

#define VBE_INDEX		0x1ce
#define VBE_DATA		0x1cf
#define VBE_XRES		1
#define VBE_YRES		2
#define VBE_BPP			3
#define VBE_ENABLE		4
#define VBE_ENABLED_LFB		0x41

#define VGA_STATUS		0x3da
#define VGA_ATTRIBUTE		0x3c0
#define VGA_UNBLANK		0x20

#define VGA_SEQUENCER		0x3c4
#define VGA_MISC		0x3c2
#define VGA_GRAPHICS		0x3ce
#define VGA_CRTC		0x3d4
#define CRTC_PROTECT		0x11		/* bit 7: registers 0 to 7 */

#define WIDTH			800
#define HEIGHT			600

static void vbe_write(u16 index, u16 value)
{
	outw(index, VBE_INDEX);
	outw(value, VBE_DATA);
}

static bool enable_vga(void)
{
	u32 devfn;

	for (devfn = 0; pci_read32(devfn, 0) != VGA_ID; devfn += 8)
		if (devfn == 31 * 8)
			return false;
	pci_write32(devfn, PCI_BAR0, VGA_FRAMEBUFFER);
	pci_write16(devfn, PCI_COMMAND, PCI_COMMAND_IO_MEMORY);
	return true;
}

/* Registers from 0 on: index and value in one word. */
static void write_registers(u16 port, const u8 *value, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		outw(i | value[i] << 8, port);
}

/* As coreboot 26.06 does on i440fx, but for the font: only memory is looked at. */

/**
 * display_set_text - set 80x25 text, mode 3
 *
 * Return: whether there is a VGA that can.
 */
bool display_set_text(void)
{
	static const u8 sequencer[] = { 0x03, 0x00, 0x03, 0x00, 0x02 };
	static const u8 graphics[] = {
		0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0e, 0x0f, 0xff,
	};
	static const u8 crtc[] = {
		0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f,
		0x00, 0x4f, 0x0d, 0x0e, 0x00, 0x00, 0x01, 0x40,
		0x9c, 0x8e, 0x8f, 0x28, 0x1f, 0x96, 0xb9, 0xa3,
	};

	if (!enable_vga())
		return false;
	outb(0x67, VGA_MISC);
	write_registers(VGA_SEQUENCER, sequencer, sizeof(sequencer));
	outw(CRTC_PROTECT, VGA_CRTC);
	write_registers(VGA_CRTC, crtc, sizeof(crtc));
	write_registers(VGA_GRAPHICS, graphics, sizeof(graphics));
	inb(VGA_STATUS);
	outb(VGA_UNBLANK, VGA_ATTRIBUTE);
	return true;
}

/**
 * display_init - set 800x600, x8r8g8b8
 * @framebuffer: result: what to say about it
 *
 * Return: whether there is a VGA that can.
 */
bool display_init(struct table_framebuffer *framebuffer)
{
	if (!enable_vga())
		return false;
	vbe_write(VBE_ENABLE, 0);
	vbe_write(VBE_XRES, WIDTH);
	vbe_write(VBE_YRES, HEIGHT);
	vbe_write(VBE_BPP, 32);
	vbe_write(VBE_ENABLE, VBE_ENABLED_LFB);
	inb(VGA_STATUS);
	outb(VGA_UNBLANK, VGA_ATTRIBUTE);

	*framebuffer = (struct table_framebuffer) {
		.address = VGA_FRAMEBUFFER, .width = WIDTH, .height = HEIGHT,
		.pitch = WIDTH * 4, .bpp = 32,
		.red = { 16, 8 }, .green = { 8, 8 }, .blue = { 0, 8 },
		.reserved = { 24, 8 },
	};
	return true;
}
