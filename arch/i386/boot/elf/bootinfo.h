/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What loader and firmware told us, whoever they were: the one shape that
 * sources fill and bootparams.c reads.
 */
#ifndef ELFBOOT_BOOTINFO_H
#define ELFBOOT_BOOTINFO_H

#include <linux/types.h>

#include "ram.h"
#include "bios.h"
#include "memmap.h"

/* The kernel reads this many bytes, whatever the string's length. */
#define CMDLINE_SIZE	2048

#define MODULES_MAX	32
#define LOADER_SIZE	64

/**
 * enum map_rank - who wins when several know the memory map, best first
 * @MAP_LOADER: a loader's map that tells more than where RAM is
 * @MAP_BIOS_E820: INT 15h, EAX=E820h
 * @MAP_LOADER_RAM: a loader's list of RAM
 * @MAP_BIOS_E801: INT 15h, AX=E801h
 * @MAP_BIOS_88: INT 15h, AH=88h
 * @MAP_NONE: nobody knows
 */
enum map_rank {
	MAP_LOADER,
	MAP_BIOS_E820,
	MAP_LOADER_RAM,
	MAP_BIOS_E801,
	MAP_BIOS_88,
	MAP_NONE,
};

/* Sources that can be present but corrupt: bits of bootinfo.corrupt. */
#define CORRUPT_MULTIBOOT	0x1
#define CORRUPT_PVH		0x2
#define CORRUPT_NOTES		0x4
#define CORRUPT_BOOTPARAMS	0x8
#define CORRUPT_BIOS		0x10

/**
 * struct screen - a text mode that the firmware has set
 * @mode: BIOS video mode
 * @page: active page
 * @columns: characters in a row
 * @lines: rows
 * @x: cursor column
 * @y: cursor row
 * @points: scan lines of a character
 * @is_vga: a VGA, not an older adapter
 */
struct screen {
	u8 mode;
	u16 page;
	u8 columns;
	u8 lines;
	u8 x;
	u8 y;
	u16 points;
	bool is_vga;
};

/**
 * struct bootinfo - everything the kernel is going to be told
 * @protocol: how we were called
 * @loader: the loader's name, as it gave it
 * @loader_version: its version, where that is a string of its own
 * @loader_id: boot_params' type_of_loader
 * @firmware: what runs below the loader, NULL if unknown
 * @no_bios: whatever the interrupt vectors say, no BIOS is to be called
 * @map_source: who supplied @map, NULL if nobody
 * @map_rank: its rank
 * @cmdline_source: who supplied @cmdline, NULL if nobody
 * @cmdline: command line, without a file name
 * @initrd_source: who supplied @module, NULL if nobody
 * @nr_modules: number of @module
 * @module: pieces of the initrd, in order, where the loader put them
 * @rsdp: physical address of the ACPI root pointer, 0 if unknown
 * @have_screen: @screen is valid
 * @screen: text mode
 * @boot_params: physical address of a loader's boot_params, 0 if it has none
 * @corrupt: CORRUPT_* of the sources that were ignored
 * @low_memory: what was where the BIOS is called (bios.c)
 * @map: the memory map, raw
 * @offer: a source's workspace: the map that it parses, too large for a stack
 * @module_offer: the same for modules
 */
struct bootinfo {
	const char *protocol;
	char loader[LOADER_SIZE];
	char loader_version[32];
	u8 loader_id;
	const char *firmware;
	bool no_bios;
	const char *map_source;
	enum map_rank map_rank;
	const char *cmdline_source;
	char cmdline[CMDLINE_SIZE];
	const char *initrd_source;
	u32 nr_modules;
	struct range module[MODULES_MAX];
	u64 rsdp;
	bool have_screen;
	struct screen screen;
	u32 boot_params;
	u32 corrupt;
	u8 low_memory[BIOS_LOW_SIZE];
	struct memmap map;
	struct memmap offer;
	struct range module_offer[MODULES_MAX];
};

void bootinfo_init(struct bootinfo *bi);
void bootinfo_set_loader(struct bootinfo *bi, const char *protocol,
			 const char *loader);
void bootinfo_set_map(struct bootinfo *bi, enum map_rank rank,
		      const char *source);
void bootinfo_set_loader_map(struct bootinfo *bi, const char *source);
int bootinfo_read_cmdline(struct bootinfo *bi, const char *source,
			  const struct ram *ram, u64 pa, const char *loader);
void bootinfo_set_modules(struct bootinfo *bi, const char *source, u32 nr);

#endif /* ELFBOOT_BOOTINFO_H */
