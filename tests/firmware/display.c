// SPDX-License-Identifier: GPL-2.0
/*
 * A linear framebuffer on QEMU's standard VGA, by the Bochs VBE interface.
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

#define WIDTH			800
#define HEIGHT			600

static void vbe_write(u16 index, u16 value)
{
	outw(index, VBE_INDEX);
	outw(value, VBE_DATA);
}

/**
 * display_init - set 800x600, x8r8g8b8
 * @framebuffer: result: what to say about it
 *
 * Return: whether there is a VGA that can.
 */
bool display_init(struct table_framebuffer *framebuffer)
{
	u32 devfn;

	for (devfn = 0; pci_read32(devfn, 0) != VGA_ID; devfn += 8)
		if (devfn == 31 * 8)
			return false;
	pci_write32(devfn, PCI_BAR0, VGA_FRAMEBUFFER);
	pci_write16(devfn, PCI_COMMAND, PCI_COMMAND_IO_MEMORY);

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
