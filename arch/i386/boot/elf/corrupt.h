/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What may be present but corrupt, and is then ignored: CORRUPT_ID, its bit in
 * the provenance node, its name. Texts list them in this order; a bit is never
 * reused. Whoever includes this defines CORRUPT() first.
 */
CORRUPT(MULTIBOOT2,	0x80,	"multiboot2")
CORRUPT(MULTIBOOT,	0x1,	"multiboot")
CORRUPT(PVH,		0x2,	"pvh")
CORRUPT(NOTES,		0x4,	"elf-notes")
CORRUPT(COREBOOT,	0x20,	"coreboot")
CORRUPT(BOOTPARAMS,	0x8,	"linux")
CORRUPT(CBFS,		0x40,	"cbfs")
CORRUPT(BIOS,		0x10,	"bios")
CORRUPT(FWCFG,		0x100,	"fw-cfg")
/* Parts of what a caller has passed. */
CORRUPT(MAP,		0x200,	"map")
CORRUPT(LOADER,		0x400,	"loader-name")
CORRUPT(FRAMEBUFFER,	0x800,	"framebuffer")
CORRUPT(RSDP,		0x1000,	"rsdp")
CORRUPT(EFI,		0x2000,	"efi")
CORRUPT(SEED,		0x4000,	"seed")
CORRUPT(CMDLINE,	0x8000,	"cmdline-cut")	/* it is too long */
CORRUPT(SERIAL,		0x10000, "serial")
CORRUPT(SETUP_DATA,	0x20000, "setup-data")
#undef CORRUPT
