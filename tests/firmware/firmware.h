/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The test firmware, by file. It runs out of the ROM and has no variables;
 * what must be kept is passed along, or lies in CBMEM: the memory between the
 * top of RAM below 4 GiB and what the payload may use.
 */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <linux/types.h>

#include "table.h"

#define __noreturn	__attribute__((noreturn))
#define __printf(a, b)	__attribute__((format(printf, a, b)))

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define MIB		0x100000

#define VERSION		"elfboot-test-1"

/* CBMEM: offsets from where it begins. The stack is its end. */
#define CBMEM_SIZE		0x100000
#define CBMEM_TABLE		0x00000
#define CBMEM_TABLE_SIZE	0x8000
#define CBMEM_HANDOFF		0x08000
#define CBMEM_HANDOFF_SIZE	0x1000
#define CBMEM_CONSOLE		0x10000
#define CBMEM_CONSOLE_SIZE	0x20000
#define CBMEM_ACPI		0x40000
#define CBMEM_ACPI_SIZE		0x80000

/* Low memory, where coreboot has these on the same machine. */
#define LOW_FORWARD	0x500
#define LOW_RSDP	0xf0400
#define LOW_MULTIBOOT	0xf044f
#define LOW_MULTIBOOT_MAP	0xf04a7

/* console.c */
struct log {
	u32 size;
	u32 cursor;
	u8 body[];
};

void console_init(struct log *log, u32 size);
__printf(2, 3) void say(struct log *log, const char *format, ...);
__printf(2, 3) void __noreturn die(struct log *log, const char *format, ...);

/* chipset.c */
u32 chipset_low_ram(void);
u64 chipset_high_ram(void);
void chipset_init(void);

/* display.c */
bool display_set_text(void);
bool display_init(struct table_framebuffer *framebuffer);

/* fwcfg.c */
u32 fwcfg_find(const char *name, u16 *select);
void fwcfg_read(u16 select, u32 skip, void *to, u32 len);

/* switches.c */
enum {
	SWITCH_NOARG		= 1 << 0,
	SWITCH_NOTES		= 1 << 1,
	SWITCH_MB2013		= 1 << 2,
	SWITCH_NOCACHE		= 1 << 3,
	SWITCH_OLDMAP		= 1 << 4,
	SWITCH_OLDSERIAL	= 1 << 5,
	SWITCH_FB		= 1 << 6,
	SWITCH_NOACPI		= 1 << 7,
	SWITCH_NOFSEG		= 1 << 8,
	SWITCH_BADHEADERSUM	= 1 << 9,
	SWITCH_BADTABLESUM	= 1 << 10,
	SWITCH_SIZE0		= 1 << 11,
	SWITCH_SIZEMAX		= 1 << 12,
	SWITCH_TRUNCATED	= 1 << 13,
	SWITCH_FORWARDSELF	= 1 << 14,
	SWITCH_FORWARDHIGH	= 1 << 15,
	SWITCH_FORWARDGARBAGE	= 1 << 16,
	SWITCH_RANGES300	= 1 << 17,
	SWITCH_OVERLAP		= 1 << 18,
	SWITCH_ABSURDFB		= 1 << 19,
	SWITCH_CBFSOVERRUN	= 1 << 20,
	SWITCH_COM2		= 1 << 21,
	SWITCH_TEXT		= 1 << 22,
};

u32 switches_read(struct log *log);

/* map.c */
#define MAP_MAX		320

struct map {
	u32 nr;
	struct table_range range[MAP_MAX];
};

void map_build(struct map *map, u32 low_ram, u64 high_ram, u32 rom_size,
	       u32 switches);
bool map_is_ram(const struct map *map, u64 start, u64 size);

/* cbfs.c */
struct cbfs {
	u32 size;		/* of the whole medium, which ends at 4 GiB */
	u32 offset;		/* of the first file */
};

struct cbfs_contents {
	const u8 *data;
	u32 size;
	u32 type;
};

bool cbfs_open(struct cbfs *cbfs);
bool cbfs_find(const struct cbfs *cbfs, const char *name,
	       struct cbfs_contents *contents);

/* payload.c */
u32 payload_load(struct log *log, const struct map *map,
		 const struct cbfs_contents *payload);

/* unlz4.c */
bool unlz4_to(u32 to, u32 room, const u8 *from, u32 len);

/* unlzma.c */
bool unlzma_to(u32 to, u32 room, const u8 *from, u32 len);

/* acpi.c */
u32 acpi_install(struct log *log, u32 high, u32 high_size, u32 low);

/* handoff.c */
struct handoff;

void __noreturn handoff_enter(struct log *log, u32 entry, u32 table, u32 area,
			      const struct map *map, u32 switches);
void __noreturn payload_returned(void);

/* entry.S */
void payload_enter(const struct handoff *handoff);

/* string.c */
void *memcpy(void *to, const void *from, size_t len);
void *memset(void *to, int c, size_t len);
int memcmp(const void *a, const void *b, size_t len);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);

/* main.c */
void __noreturn firmware_main(u32 low_ram);

#endif /* FIRMWARE_H */
