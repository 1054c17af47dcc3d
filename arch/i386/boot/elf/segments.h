/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Selectors in the stub's own GDT (entry.S). 0x10 and 0x18 are what the
 * 32-bit boot protocol asks for (Documentation/x86/boot.rst).
 */
#ifndef ELFBOOT_SEGMENTS_H
#define ELFBOOT_SEGMENTS_H

#define BOOT_CS64	0x08
#define BOOT_CS		0x10
#define BOOT_DS		0x18
#define BOOT_CS16	0x20
#define BOOT_DS16	0x28

#endif /* ELFBOOT_SEGMENTS_H */
