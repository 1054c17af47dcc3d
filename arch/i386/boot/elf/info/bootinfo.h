/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What loader and firmware told us, whoever they were: the one shape that
 * sources fill and bootparams.c reads.
 */
#ifndef ELFBOOT_BOOTINFO_H
#define ELFBOOT_BOOTINFO_H

#include "base.h"
#include "provenance.h"
#include "info/efi.h"
#include "info/memmap.h"
#include "machine/bios.h"
#include "machine/ram.h"

/* The kernel reads this many bytes, whatever the string's length. */
#define CMDLINE_SIZE	2048

/* Of a longer one nobody counts what is behind this. */
#define CMDLINE_COUNT	0x10000

/* QEMU takes any number. Beyond this the boot stops, nothing is dropped. */
#define MODULES_MAX	256
#define LOADER_SIZE	64

/**
 * enum map_rank - who wins when several know the memory map, best first
 * @MAP_LOADER: a loader's map that tells more than where RAM is
 * @MAP_COREBOOT: coreboot's table, passed by coreboot
 * @MAP_BIOS_E820: INT 15h, EAX=E820h
 * @MAP_COREBOOT_SCAN: coreboot's table, found: it could be an older one
 * @MAP_LOADER_RAM: a loader's list of RAM
 * @MAP_BIOS_E801: INT 15h, AX=E801h
 * @MAP_BIOS_88: INT 15h, AH=88h
 * @MAP_FWCFG: QEMU's word, which does not know where the firmware's tables are
 * @MAP_CMOS: the memory sizes beside the clock
 * @MAP_NONE: nobody knows
 */
enum map_rank {
	MAP_LOADER,
	MAP_COREBOOT,
	MAP_BIOS_E820,
	MAP_COREBOOT_SCAN,
	MAP_LOADER_RAM,
	MAP_BIOS_E801,
	MAP_BIOS_88,
	MAP_FWCFG,
	MAP_CMOS,
	MAP_NONE,
};

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
 * struct color - a component of a pixel
 * @pos: its lowest bit
 * @size: bits
 */
struct color {
	u8 pos;
	u8 size;
};

/**
 * struct framebuffer - a linear framebuffer
 * @base: physical address, 0: there is none
 * @width: pixels in a line
 * @height: lines
 * @pitch: bytes from line to line
 * @depth: bits of a pixel
 * @red: where the colours are in a pixel
 * @green: likewise
 * @blue: likewise
 * @reserved: and what is no colour
 */
struct framebuffer {
	u64 base;
	u32 width;
	u32 height;
	u32 pitch;
	u32 depth;
	struct color red;
	struct color green;
	struct color blue;
	struct color reserved;
};

/* What a root pointer's first checksum covers, and all of it. */
#define RSDP_V1_SIZE	20
#define RSDP_V2_SIZE	36

/* Bytes from a loader for the kernel's random numbers. */
#define SEED_MIN	32
#define SEED_MAX	64

/**
 * struct serial - a serial port that the firmware has set up
 * @base: I/O port or physical address, 0: there is none
 * @step: from one register to the next
 * @mmio: it is a physical address
 */
struct serial {
	u32 base;
	u32 step;
	bool mmio;
};

/* More than a source has optional fields. */
#define IGNORED_MAX	12

/**
 * struct fault - something that makes no sense
 * @source: who says so
 * @text: the field and what is wrong with it, as print() takes it, with two
 *	  values of 64 bits
 * @value: the values
 */
struct fault {
	const char *source;
	const char *text;
	u64 value[2];
};

/**
 * struct bootinfo - everything the kernel is going to be told
 * @source: who is asked now, set by each probe: who supplies what is taken, and
 *	    who says what is wrong
 * @protocol: how we were called
 * @loader: the loader's name, as it gave it
 * @loader_version: its version, where that is a string of its own
 * @loader_id: boot_params' type_of_loader
 * @firmware: what runs below the loader, NULL if unknown
 * @firmware_version: its version, "" if unknown
 * @no_bios: whatever the interrupt vectors say, no BIOS is to be called
 * @no_coreboot: a hypervisor has called: its table need not be searched for
 * @map_source: who supplied @map, NULL if nobody
 * @map_rank: its rank
 * @cmdline_source: who supplied @cmdline, NULL if nobody
 * @cmdline: command line, without a file name
 * @image_name: the file name that was cut off, or its beginning
 * @initrd_source: who supplied @module, NULL if nobody
 * @nr_modules: number of @module
 * @rsdp: physical address of the ACPI root pointer, 0 if unknown
 * @rsdp_table: a loader's copy of it, which wants to be kept
 * @rsdp_size: bytes of @rsdp_table, 0: there is none
 * @efi: UEFI
 * @have_screen: @screen is valid
 * @screen: text mode
 * @framebuffer: the screen as a linear framebuffer; @screen counts for nothing
 * @serial: the firmware's console
 * @coreboot: coreboot's table, size 0: there is none
 * @cbfs: files in coreboot's flash, size 0: there are none
 * @seed: a loader's random bytes
 * @seed_size: how many, 0: there are none
 * @efi_called: another kernel has called UEFI's services, and has moved them
 * @setup_data: physical address of a loader's first setup_data node, 0: it has none
 * @kept: where its list is of memory to be kept for them (wire-setup-data.h)
 * @boot_params: physical address of a loader's boot_params, 0 if it has none
 * @corrupt: CORRUPT_* of what was ignored
 * @fault: what is wrong with the core of what a caller passes (-EBADMSG); text
 *	   NULL: nothing
 * @nr_ignored: number of @ignored
 * @ignored: what a source does without, for one line each
 * @ignored_bits: CORRUPT_* of these
 * @low_memory: what was where the BIOS is called (bios.c); later boot_params
 * @module: pieces of the initrd, in order, where the loader put them
 * @map: the memory map, raw
 * @offer: a source's workspace: the map that it parses, too large for a stack;
 *	   later the map as the kernel gets it
 * @module_offer: the same for modules; later what place.c has to go around:
 *		  modules, the kernel, UEFI's map
 */
struct bootinfo {
	const char *source;
	const char *protocol;
	char loader[LOADER_SIZE];
	char loader_version[32];
	u8 loader_id;
	const char *firmware;
	char firmware_version[32];
	bool no_bios;
	bool no_coreboot;
	const char *map_source;
	enum map_rank map_rank;
	const char *cmdline_source;
	char cmdline[CMDLINE_SIZE];
	char image_name[128];
	const char *initrd_source;
	u32 nr_modules;
	u64 rsdp;
	u8 rsdp_table[RSDP_V2_SIZE];
	u32 rsdp_size;
	struct efi efi;
	bool have_screen;
	struct screen screen;
	struct framebuffer framebuffer;
	struct serial serial;
	struct range coreboot;
	struct range cbfs;
	u8 seed[SEED_MAX];
	u32 seed_size;
	bool efi_called;
	u64 setup_data;
	struct range kept;
	u32 boot_params;
	u32 corrupt;
	struct fault fault;
	u32 nr_ignored;
	struct fault ignored[IGNORED_MAX];
	u32 ignored_bits;
	u8 low_memory[BIOS_LOW_SIZE] __attribute__((aligned(8)));
	struct range module[MODULES_MAX];
	struct memmap map;
	struct memmap offer;
	struct range module_offer[MODULES_MAX + 2];
};

void bootinfo_init(struct bootinfo *bi);
void bootinfo_set_loader(struct bootinfo *bi, const char *loader);
void bootinfo_set_map(struct bootinfo *bi, enum map_rank rank);
void bootinfo_set_loader_map(struct bootinfo *bi);
int bootinfo_read_cmdline(struct bootinfo *bi, const struct ram *ram, u64 pa,
			  const char *loader);
void bootinfo_check_cmdline(struct bootinfo *bi, u32 len);
int bootinfo_read_cmdline_file(struct bootinfo *bi, const struct ram *ram,
			       const struct range *file);
bool bootinfo_is_first_kernel(const struct bootinfo *bi);
void bootinfo_set_modules(struct bootinfo *bi, u32 nr);
int bootinfo_stop(struct bootinfo *bi, const char *text, u64 value, u64 other);
int bootinfo_ignore(struct bootinfo *bi, u32 bit, const char *text, u64 value,
		    u64 other);

#endif /* ELFBOOT_BOOTINFO_H */
