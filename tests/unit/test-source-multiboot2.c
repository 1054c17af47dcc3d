// SPDX-License-Identifier: GPL-2.0
/*
 * Multiboot 2 (source-multiboot2.c), made up. Section numbers are those of the
 * Multiboot2 Specification 2.0; the bytes are put together by them and not by
 * wire-multiboot2.h.
 */
#include "fixture.h"

#define MAGIC		0x36d76289
#define INFO		0x10000		/* where the information is */

/* Tags (section 3.6). */
#define END		0
#define CMDLINE		1
#define LOADER		2
#define MODULE		3
#define MEMORY		4
#define BOOTDEV		5
#define MAP		6
#define VBE		7
#define SCREEN		8
#define SECTIONS	9
#define APM		10
#define EFI32		11
#define EFI64		12
#define SMBIOS		13
#define OLD_RSDP	14
#define NEW_RSDP	15
#define NETWORK		16
#define EFI_MAP		17
#define EFI_RUNS	18
#define EFI32_HANDLE	19
#define EFI64_HANDLE	20
#define LOAD_BASE	21
#define TYPES		22

/* A framebuffer's type, behind its depth. */
#define INDEXED		0x000
#define RGB		0x100
#define TEXT		0x200

#define INFO_MAX	0x100000	/* bytes; source-multiboot2.c */

static const struct source source = {
	CORRUPT_MULTIBOOT2, multiboot2_probe
};

/*
 * A tag: words, then a string. @size is what it says of itself, if that is
 * not what it has.
 */
struct tag {
	u32 type;
	u32 nr;
	u32 word[60];
	const char *text;
	u32 size;
};

#define TAGS_MAX	10

/* Tags, the END behind them, and what is to come of it. */
struct example {
	const char *name;
	struct tag tag[TAGS_MAX];
	int want;
	u32 ignored;			/* CORRUPT_* */
	const char *says;		/* why, with either of them */
	const char *loader, *cmdline;
	u8 id;				/* 0: nobody has a number */
	enum map_rank rank;
	u32 nr_map;
	struct range map[10];
	u32 nr_modules;
	struct range module[3];
	struct framebuffer screen;
	u32 rsdp_size;
	struct efi efi;			/* without the map's address */
};

static const struct example examples[] = {
	{
		/* section 3.6.1: nothing else is compulsory */
		.name = "minimal",
	}, {
		/* 3.6.3, 3.6.4; loaders.md, section 7: no file name */
		.name = "GRUB's command line",
		.tag = {
			{ CMDLINE, .text = "a=1 b" },
			{ LOADER, .text = "GRUB 2.06" },
		},
		.loader = "GRUB 2.06", .id = 0x70, .cmdline = "a=1 b",
	}, {
		/* the loader's name decides, wherever it is */
		.name = "kexec's command line",
		.tag = {
			{ CMDLINE, .text = "/boot/elfImage a=1 b" },
			{ LOADER, .text = "kexec 2.0.25" },
		},
		.loader = "kexec 2.0.25", .id = 0xd0, .cmdline = "a=1 b",
	}, {
		.name = "kexec's command line, its name first",
		.tag = {
			{ LOADER, .text = "kexec 2.0.25" },
			{ CMDLINE, .text = "/boot/elfImage a=1 b" },
		},
		.loader = "kexec 2.0.25", .id = 0xd0, .cmdline = "a=1 b",
	}, {
		.name = "command line of a loader without a name",
		.tag = { { CMDLINE, .text = "a=1 b" } },
		.cmdline = "a=1 b",
	}, {
		/* bootinfo_read_cmdline(): an empty one is none */
		.name = "empty strings",
		.tag = { { CMDLINE, .text = "" }, { LOADER, .text = "" } },
	}, {
		/* what is behind the first NUL belongs to nobody */
		.name = "strings that end early",
		.tag = {
			{ CMDLINE, .nr = 1, .word = { 0x0a620061 },
			  .text = "x" },
			{ LOADER, .nr = 1, .word = { 0x0a006261 },
			  .text = "x" },
		},
		.cmdline = "a", .loader = "ab",
	}, {
		/* the NUL behind it is padding's */
		.name = "command line without a NUL",
		.tag = { { CMDLINE, .text = "abc", .size = 8 + 3 } },
		.want = -EBADMSG,
		.says = "multiboot2: command line at 0x10010: no NUL at the end of its 3 bytes",
	}, {
		.name = "loader's name without a NUL",
		.tag = { { LOADER, .nr = 2, .word = { 0x64636261, ~0U } } },
		.ignored = CORRUPT_LOADER,
	}, {
		.name = "command line of no bytes",
		.tag = { { CMDLINE } },
		.want = -EBADMSG,
	}, {
		.name = "loader's name of no bytes",
		.tag = { { LOADER } },
		.ignored = CORRUPT_LOADER,
	}, {
		/* 3.6.6: the end is exclusive; a size of 0 is allowed */
		.name = "modules, in their order",
		.tag = {
			{ MODULE, .nr = 2, .word = { 0x200000, 0x200001 },
			  .text = "one two" },
			{ MODULE, .nr = 2, .word = { 0xfffff000, 0xffffffff },
			  .text = "" },
			{ MODULE, .nr = 2, .word = { 0x1003, 0x1003 } },
		},
		.nr_modules = 3,
		.module = {
			{ 0x200000, 1, MEM_RAM }, { 0xfffff000, 0xfff, MEM_RAM },
			{ 0x1003, 0, MEM_RAM },
		},
	}, {
		.name = "module: ends before it starts",
		.tag = {
			{ MODULE, .nr = 2, .word = { 0x2000, 0x3000 } },
			{ MODULE, .nr = 2, .word = { 0x2000, 0x1fff } },
		},
		.want = -EBADMSG,
		.says = "multiboot2: mod_start 0x2000, mod_end 0x1fff: the module ends before it starts",
	}, {
		.name = "module: half an address",
		.tag = {
			{ MODULE, .nr = 2, .word = { 0x2000, 0x3000 },
			  .size = 8 + 7 },
		},
		.want = -EBADMSG,
	}, {
		/* 3.6.8; other numbers are coreboot's, or nobody's */
		.name = "map: types",
		.tag = {
			{ MAP, .nr = 56, .word = {
				24, 0,
				0x000000, 0, 0x1000, 0, 1, 0,
				0x100000, 0, 0x1000, 0, 2, 0,
				0x200000, 0, 0x1000, 0, 3, 0,
				0x300000, 0, 0x1000, 0, 4, 0,
				0x400000, 0, 0x1000, 0, 5, 0,
				0x500000, 0, 0x1000, 0, 0, 0,
				0x600000, 0, 0x1000, 0, 7, 0,
				0x700000, 0, 0x1000, 0, 16, 0,
				0x800000, 0, 0x1000, 0, 0xefffffff, 0,
			} },
		},
		.nr_map = 9,
		.map = {
			{ 0x000000, 0x1000, MEM_RAM },
			{ 0x100000, 0x1000, MEM_RESERVED },
			{ 0x200000, 0x1000, MEM_ACPI },
			{ 0x300000, 0x1000, MEM_NVS },
			{ 0x400000, 0x1000, MEM_UNUSABLE },
			{ 0x500000, 0x1000, MEM_RESERVED },
			{ 0x600000, 0x1000, MEM_PERSISTENT },
			{ 0x700000, 0x1000, MEM_RESERVED },
			{ 0x800000, 0x1000, MEM_SOFT_RESERVED },
		},
	}, {
		/* bootinfo_set_loader_map(): worth less than a BIOS's */
		.name = "map: RAM only, 64 bits",
		.tag = {
			{ MAP, .nr = 14, .word = {
				24, 0,
				0x100000, 0, 0x80000000, 2, 1, 0,
				0x89abc000, 0xfedcb, 0x1000, 0, 1, 0,
			} },
		},
		.rank = MAP_LOADER_RAM, .nr_map = 2,
		.map = {
			{ 1 * MIB, 0x280000000, MEM_RAM },
			{ 0xfedcb89abc000, 0x1000, MEM_RAM },
		},
	}, {
		/* 3.6.8: entry_size is there to be honoured */
		.name = "map: entries of 32 bytes, of another version",
		.tag = {
			{ MAP, .nr = 18, .word = {
				32, 1,
				0x100000, 0, 0x1000, 0, 1, 0, ~0U, ~0U,
				0x200000, 0, 0x1000, 0, 2, 0, ~0U, ~0U,
			} },
		},
		.nr_map = 2,
		.map = {
			{ 0x100000, 0x1000, MEM_RAM },
			{ 0x200000, 0x1000, MEM_RESERVED },
		},
	}, {
		.name = "map: empty",
		.tag = { { MAP, .nr = 2, .word = { 24, 0 } } },
	}, {
		.name = "map: len 0, len ~0",
		.tag = {
			{ MAP, .nr = 14, .word = {
				24, 0,
				0x100000, 0, 0, 0, 1, 0,
				0, 1, ~0U, ~0U, 2, 0,
			} },
		},
		.nr_map = 1,
		.map = { { 4 * GIB, -(4 * GIB), MEM_RESERVED } },
	}, {
		/* a step of 0 would be an endless loop */
		.name = "map: entry_size 0",
		.tag = {
			{ MAP, .nr = 8, .word = {
				0, 0, 0x100000, 0, 0x1000, 0, 1, 0,
			} },
		},
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map: entry_size 0, no entry",
		.tag = { { MAP, .nr = 2, .word = { 0, 0 } } },
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map: entry_size 16",
		.tag = {
			{ MAP, .nr = 10, .word = {
				16, 0, 0x100000, 0, 0x1000, 0, 1, 0,
			} },
		},
		.ignored = CORRUPT_MAP,
	}, {
		/* 3.6.8: a multiple of 8 */
		.name = "map: entry_size 20",
		.tag = {
			{ MAP, .nr = 7, .word = {
				20, 0, 0x100000, 0, 0x1000, 0, 1,
			} },
		},
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map: entry_size 25",
		.tag = {
			{ MAP, .nr = 27, .word = {
				25, 0, 0x100000, 0, 0x1000, 0, 1, 0,
			} },
		},
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map: entry_size ~0",
		.tag = {
			{ MAP, .nr = 8, .word = {
				~0U, 0, 0x100000, 0, 0x1000, 0, 1, 0,
			} },
		},
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map: entry_size -8",
		.tag = {
			{ MAP, .nr = 8, .word = {
				-8U, 0, 0x100000, 0, 0x1000, 0, 1, 0,
			} },
		},
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map: entry_size more than there is",
		.tag = {
			{ MAP, .nr = 8, .word = {
				32, 0, 0x100000, 0, 0x1000, 0, 1, 0,
			} },
		},
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map: an entry and 4 bytes",
		.tag = {
			{ MAP, .nr = 9, .word = {
				24, 0, 0x100000, 0, 0x1000, 0, 1, 0, 0,
			} },
		},
		.ignored = CORRUPT_MAP,
	}, {
		.name = "map: half a header",
		.tag = { { MAP, .nr = 1, .word = { 24 } } },
		.ignored = CORRUPT_MAP,
	}, {
		/* what an earlier tag has left behind is none */
		.name = "map: no header",
		.tag = {
			{ MODULE, .nr = 2, .word = { -8U, ~0U } },
			{ MAP },
			{ CMDLINE, .text = "as long as an entry would be" },
		},
		.cmdline = "as long as an entry would be",
		.nr_modules = 1, .module = { { 0xfffffff8, 7, MEM_RAM } },
		.ignored = CORRUPT_MAP,
	}, {
		/* 3.6.12: fields of a byte or two behind the colours' types */
		.name = "framebuffer: RGB",
		.tag = {
			{ SCREEN, .nr = 8, .word = {
				0xfd000000, 0, 3200, 800, 600, 32 | RGB,
				0x08080810, 0x0800,
			}, .size = 38 },
		},
		.screen = { 0xfd000000, 800, 600, 3200, 32,
			{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 0, 0 } },
	}, {
		.name = "framebuffer: RGB above 4 GiB, 16 bits",
		.tag = {
			{ SCREEN, .nr = 8, .word = {
				0x80000000, 0x7f, 1280, 640, 480, 16 | RGB,
				0x0605050b, 0x0500,
			}, .size = 38 },
		},
		.screen = { 0x7f80000000, 640, 480, 1280, 16,
			{ 11, 5 }, { 5, 6 }, { 0, 5 }, { 0, 0 } },
	}, {
		.name = "framebuffer: text",
		.tag = {
			{ SCREEN, .nr = 6, .word = {
				0xb8000, 0, 160, 80, 25, 16 | TEXT,
			} },
		},
	}, {
		.name = "framebuffer: indexed",
		.tag = {
			{ SCREEN, .nr = 8, .word = {
				0xa0000, 0, 320, 320, 200, 8 | INDEXED, 2,
				0xffffff,
			} },
		},
	}, {
		.name = "framebuffer: of a type unheard of",
		.tag = {
			{ SCREEN, .nr = 6, .word = {
				0xa0000, 0, ~0U, ~0U, ~0U, 255 | 0x300,
			} },
		},
	}, {
		.name = "framebuffer: address 0",
		.tag = {
			{ SCREEN, .nr = 8, .word = {
				0, 0, 3200, 800, 600, 32 | RGB, 0x08080810,
				0x0800,
			}, .size = 38 },
		},
	}, {
		/* framebuffer_check() has tests of its own */
		.name = "framebuffer: absurd",
		.tag = {
			{ SCREEN, .nr = 8, .word = {
				0xfd000000, 0, 3199, 800, 600, 32 | RGB,
				0x08080810, 0x0800,
			}, .size = 38 },
		},
		.ignored = CORRUPT_FRAMEBUFFER,
		.says = "multiboot2: framebuffer ignored: width 800, pitch 3199: odd geometry or colors",
	}, {
		.name = "framebuffer: RGB, blue ends with the tag",
		.tag = {
			{ SCREEN, .nr = 8, .word = {
				0xfd000000, 0, 3200, 800, 600, 32 | RGB,
				0x08080810, 0x0800,
			}, .size = 37 },
		},
		.ignored = CORRUPT_FRAMEBUFFER,
	}, {
		.name = "framebuffer: no type",
		.tag = {
			{ SCREEN, .nr = 6, .word = {
				0xb8000, 0, 160, 80, 25, 16 | TEXT,
			}, .size = 8 + 21 },
		},
		.ignored = CORRUPT_FRAMEBUFFER,
	}, {
		/* 3.6.15 */
		.name = "RSDP: the old one",
		.tag = {
			{ OLD_RSDP, .nr = 5, .word = {
				0x20445352, 0x20525450, 0xcc, 0, 0x7fe1000,
			} },
		},
		.rsdp_size = 20,
	}, {
		/* 3.6.16 */
		.name = "RSDP: the new one",
		.tag = {
			{ NEW_RSDP, .nr = 9, .word = {
				0x20445352, 0x20525450, 0xca, 2 << 24,
				0x7fe1000, 36, 0x7fe2000, 0, 0x5a,
			} },
		},
		.rsdp_size = 36,
	}, {
		.name = "RSDP: both",
		.tag = {
			{ OLD_RSDP, .nr = 5, .word = {
				0x20445352, 0x20525450, 0xcc, 0, 0x7fe1000,
			} },
			{ NEW_RSDP, .nr = 9, .word = {
				0x20445352, 0x20525450, 0xca, 2 << 24,
				0x7fe1000, 36, 0x7fe2000, 0, 0x5a,
			} },
		},
		.rsdp_size = 36,
	}, {
		.name = "RSDP: both, the new one first",
		.tag = {
			{ NEW_RSDP, .nr = 9, .word = {
				0x20445352, 0x20525450, 0xca, 2 << 24,
				0x7fe1000, 36, 0x7fe2000, 0, 0x5a,
			} },
			{ OLD_RSDP, .nr = 5, .word = {
				0x20445352, 0x20525450, 0xcc, 0, 0x7fe1000,
			} },
		},
		.rsdp_size = 36,
	}, {
		/* its length field may say more than anybody knows of */
		.name = "RSDP: longer than we know",
		.tag = {
			{ NEW_RSDP, .nr = 12, .word = {
				0x20445352, 0x20525450, 0xc9, 3 << 24,
				0x7fe1000, 48, 0x7fe2000, 0, 0x5a, 1, 2, 3,
			} },
		},
		.rsdp_size = 36,
	}, {
		.name = "RSDP: a bad sum",
		.tag = {
			{ OLD_RSDP, .nr = 5, .word = {
				0x20445352, 0x20525450, 0xcb, 0, 0x7fe1000,
			} },
		},
		.ignored = CORRUPT_RSDP,
	}, {
		.name = "RSDP: a bad sum in one of two",
		.tag = {
			{ OLD_RSDP, .nr = 5, .word = {
				0x20445352, 0x20525450, 0xcc, 0, 0x7fe1000,
			} },
			{ NEW_RSDP, .nr = 9, .word = {
				0x20445352, 0x20525450, 0xcb, 2 << 24,
				0x7fe1000, 36, 0x7fe2000, 0, 0x5a,
			} },
		},
		.ignored = CORRUPT_RSDP, .rsdp_size = 20,
	}, {
		.name = "RSDP: another signature, a good sum",
		.tag = {
			{ OLD_RSDP, .nr = 5, .word = {
				0x20445352, 0x21525450, 0xcb, 0, 0x7fe1000,
			} },
		},
		.ignored = CORRUPT_RSDP,
	}, {
		.name = "RSDP: old, 19 bytes",
		.tag = {
			{ OLD_RSDP, .nr = 5, .word = {
				0x20445352, 0x20525450, 0xcc, 0, 0x7fe1000,
			}, .size = 8 + 19 },
		},
		.ignored = CORRUPT_RSDP,
	}, {
		.name = "RSDP: new, 35 bytes",
		.tag = {
			{ NEW_RSDP, .nr = 9, .word = {
				0x20445352, 0x20525450, 0xca, 2 << 24,
				0x7fe1000, 36, 0x7fe2000, 0, 0x5a,
			}, .size = 8 + 35 },
		},
		.ignored = CORRUPT_RSDP,
	}, {
		/* 3.6.13, 3.6.14 */
		.name = "EFI: 32 bits",
		.tag = { { EFI32, .nr = 1, .word = { 0x7f9e018 } } },
		.efi = { .bits = 32, .systab = 0x7f9e018 },
	}, {
		.name = "EFI: 64 bits",
		.tag = { { EFI64, .nr = 2, .word = { 0x7f9e018, 0x12 } } },
		.efi = { .bits = 64, .systab = 0x1207f9e018 },
	}, {
		.name = "EFI: 32 bits, 3 bytes",
		.tag = { { EFI32, .nr = 1, .word = { 0x7f9e018 },
			   .size = 8 + 3 } },
		.ignored = CORRUPT_EFI,
	}, {
		.name = "EFI: 64 bits, 4 bytes",
		.tag = { { EFI64, .nr = 1, .word = { 0x7f9e018 } } },
		.ignored = CORRUPT_EFI,
	}, {
		/* 3.6.18; UEFI 2.10, section 7.2.3 */
		.name = "EFI: map, 64 bits",
		.tag = {
			{ EFI_MAP, .nr = 22, .word = {
				40, 1,
				7, 0, 0x100000, 0, 0, 0, 0x700, 0, 0xf, 0,
				4, 0, 0x800000, 0, 0, 0, 8, 0, 0xf, 0,
			} },
			{ EFI64, .nr = 2, .word = { 0x7f9e018 } },
		},
		.efi = { 64, 0x7f9e018, { 0, 80, 0 }, 40, 1 },
	}, {
		.name = "EFI: map, descriptors of 48 bytes, 32 bits",
		.tag = {
			{ EFI32, .nr = 1, .word = { 0x7f9e018 } },
			{ EFI_MAP, .nr = 14, .word = {
				48, 1,
				7, 0, 0x100000, 0, 0, 0, 0x700, 0, 0xf, 0, 0, 0,
			} },
		},
		.efi = { 32, 0x7f9e018, { 0, 48, 0 }, 48, 1 },
	}, {
		/* as good as none: main.c looks at the table's address */
		.name = "EFI: map alone",
		.tag = {
			{ EFI_MAP, .nr = 12, .word = {
				40, 2,
				7, 0, 0x100000, 0, 0, 0, 0x700, 0, 0xf, 0,
			} },
		},
		.efi = { 0, 0, { 0, 40, 0 }, 40, 2 },
	}, {
		.name = "EFI: map, empty",
		.tag = {
			{ EFI64, .nr = 2, .word = { 0x7f9e018 } },
			{ EFI_MAP, .nr = 2, .word = { 48, 1 } },
		},
		.efi = { 64, 0x7f9e018, { 0, 0, 0 }, 48, 1 },
	}, {
		/* a step of 0 would be an endless loop */
		.name = "EFI: map, descriptors of 0 bytes",
		.tag = {
			{ EFI_MAP, .nr = 12, .word = { 0, 1, 7 } },
		},
		.ignored = CORRUPT_EFI,
	}, {
		.name = "EFI: map, descriptors of 39 bytes",
		.tag = {
			{ EFI_MAP, .nr = 12, .word = { 39, 1, 7 } },
		},
		.ignored = CORRUPT_EFI,
	}, {
		.name = "EFI: map, descriptors of 4097 bytes",
		.tag = {
			{ EFI_MAP, .nr = 12, .word = { 4097, 1, 7 } },
		},
		.ignored = CORRUPT_EFI,
	}, {
		.name = "EFI: map, half a header",
		.tag = { { EFI_MAP, .nr = 1, .word = { 40 } } },
		.ignored = CORRUPT_EFI,
	}, {
		/* what is optional costs itself, and nothing of the core */
		.name = "all that is optional is bad",
		.tag = {
			{ SCREEN, .nr = 8, .word = {
				0xfd000000, 0, 3199, 800, 600, 32 | RGB,
				0x08080810, 0x0800,
			}, .size = 38 },
			{ OLD_RSDP, .nr = 5, .word = {
				0x20445352, 0x20525450, 0xcb, 0, 0x7fe1000,
			} },
			{ EFI_MAP, .nr = 12, .word = { 39, 1, 7 } },
			{ MAP, .nr = 8, .word = {
				20, 0, 0x100000, 0, 0x1000, 0, 2, 0,
			} },
			{ CMDLINE, .text = "lockdown=integrity" },
			{ MODULE, .nr = 2, .word = { 0x200000, 0x200001 } },
		},
		.ignored = CORRUPT_FRAMEBUFFER | CORRUPT_RSDP | CORRUPT_EFI |
			   CORRUPT_MAP,
		.cmdline = "lockdown=integrity",
		.nr_modules = 1, .module = { { 0x200000, 1, MEM_RAM } },
	}, {
		/* half a map is none */
		.name = "map: the second tag is bad",
		.tag = {
			{ MAP, .nr = 8, .word = {
				24, 0, 0x100000, 0, 0x1000, 0, 2, 0,
			} },
			{ MAP, .nr = 2, .word = { 20, 0 } },
			{ MAP, .nr = 8, .word = {
				24, 0, 0x200000, 0, 0x1000, 0, 2, 0,
			} },
		},
		.ignored = CORRUPT_MAP,
		.says = "multiboot2: memory map ignored: entry_size 0x14 in a tag of 0x8 bytes",
	}, {
		/* 3.6: whoever does not know a tag goes on to the next */
		.name = "tags unknown",
		.tag = {
			{ 22, .nr = 3, .word = { ~0U, ~0U, ~0U } },
			{ ~0U },
			{ 0x10001, .nr = 1, .word = { 1 }, .size = 9 },
			{ CMDLINE, .text = "a" },
			{ 1 << 31, .text = "behind" },
		},
		.cmdline = "a",
	},
};

/* Bytes as they are in memory, from INFO on. */
struct image {
	u32 len;
	u32 at[TYPES];			/* contents of the last of that type */
	u8 data[INFO_MAX + 8];
};

/* The two words of a tag; what is behind its contents is not 0. */
static u8 *image_reserve(struct image *image, u32 type, u32 len)
{
	u32 step = (8 + len + 7) & ~7;
	u8 *p = &image->data[image->len];

	if (image->len + step > sizeof(image->data))
		abort();
	memset(p, 0xee, step);
	put_le32(p, type);
	put_le32(p + 4, 8 + len);
	if (type < TYPES)
		image->at[type] = image->len + 8;
	image->len += step;
	return p + 8;
}

static void image_add(struct image *image, const struct tag *tag)
{
	u32 len = 4 * tag->nr;
	u32 i;
	u8 *p;

	if (tag->text)
		len += strlen(tag->text) + 1;
	p = image_reserve(image, tag->type, len);
	for (i = 0; i < tag->nr; i++)
		put_le32(p + 4 * i, tag->word[i]);
	if (tag->text)
		strcpy((char *)p + 4 * i, tag->text);
	if (tag->size)
		put_le32(p - 4, tag->size);
}

static void image_begin(struct image *image)
{
	memset(image->at, 0, sizeof(image->at));
	put_le32(image->data + 4, 0);		/* reserved */
	image->len = 8;
}

static void image_end(struct image *image)
{
	image_reserve(image, END, 0);
	put_le32(image->data, image->len);	/* total_size */
}

static void image_build(struct image *image, const struct tag *tag)
{
	u32 i;

	image_begin(image);
	for (i = 0; i < TAGS_MAX && tag[i].type; i++)
		image_add(image, &tag[i]);
	image_end(image);
}

static void expect_screen(const struct framebuffer *got,
			  const struct framebuffer *want)
{
	expect_eq(got->base, want->base);
	expect_eq(got->width, want->width);
	expect_eq(got->height, want->height);
	expect_eq(got->pitch, want->pitch);
	expect_eq(got->depth, want->depth);
	expect_bytes(&got->red, &want->red, sizeof(want->red));
	expect_bytes(&got->green, &want->green, sizeof(want->green));
	expect_bytes(&got->blue, &want->blue, sizeof(want->blue));
	expect_eq(got->reserved.size, 0);
}

static void expect_efi(const struct bootinfo *bi, const struct efi *want,
		       const struct image *image)
{
	expect_eq(bi->efi.bits, want->bits);
	expect_eq(bi->efi.systab, want->systab);
	expect_eq(bi->efi.map.size, want->map.size);
	expect_eq(bi->efi.desc_size, want->desc_size);
	expect_eq(bi->efi.desc_version, want->desc_version);
	if (want->map.size)
		expect_eq(bi->efi.map.start, INFO + image->at[EFI_MAP] + 8);
	/* UEFI has no BIOS below, but its map alone is no UEFI. */
	expect_eq(bi->no_bios, !!want->bits);
	expect_string(bi->firmware, want->bits ? "UEFI" : NULL);
}

/* What the table says has come of the image. */
static void expect_info(const struct bootinfo *bi, const struct example *e,
			const struct image *image)
{
	u32 rsdp = image->at[e->rsdp_size > 20 ? NEW_RSDP : OLD_RSDP];
	u32 i;

	expect_string(bi->protocol, "multiboot2");
	expect_string(bi->loader, e->loader ? e->loader : "");
	expect_eq(bi->loader_id, e->id ? e->id : 0xff);
	expect_string(bi->cmdline_source, e->cmdline ? "multiboot2" : NULL);
	if (e->cmdline)
		expect_string(bi->cmdline, e->cmdline);
	expect_eq(bi->map_rank, e->nr_map ? e->rank : MAP_NONE);
	expect_string(bi->map_source, e->nr_map ? "multiboot2" : NULL);
	expect_map(&bi->map, e->map, e->nr_map);
	expect_string(bi->initrd_source, e->nr_modules ? "multiboot2" : NULL);
	expect_eq(bi->nr_modules, e->nr_modules);
	for (i = 0; i < bi->nr_modules; i++) {
		expect_eq(bi->module[i].start, e->module[i].start);
		expect_eq(bi->module[i].size, e->module[i].size);
	}
	expect_screen(&bi->framebuffer, &e->screen);
	/* Always room for the newer one: what did not come is 0. */
	expect_eq(bi->rsdp_size, e->rsdp_size ? sizeof(bi->rsdp_table) : 0);
	expect_bytes(bi->rsdp_table, image->data + rsdp, e->rsdp_size);
	for (i = e->rsdp_size; i < bi->rsdp_size; i++)
		expect_eq(bi->rsdp_table[i], 0);
	expect_eq(bi->rsdp, 0);
	expect_efi(bi, &e->efi, image);
}

static void test_example(const struct example *e)
{
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	struct bootinfo *bi = bootinfo_new();
	struct bootinfo *full = bootinfo_new_full();
	static struct image image;
	struct machine m = {};

	image_build(&image, e->tag);
	machine_add(&m, INFO, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), e->want);
	if (!e->want)
		expect_eq(bi->ignored_bits, e->ignored);
	if (e->says)
		expect_string(fault_text(e->want ? &bi->fault :
					 &bi->ignored[0]), e->says);
	if (!e->want) {
		expect_info(bi, e, &image);
		expect_truncation(&source, &m, &handoff, 0);
	}
	ktap_done("%s", e->name);

	/* Who came first keeps what it said. */
	expect_eq(probe(&source, &m, &handoff, full), e->want);
	expect_full(full);
	ktap_done("%s, not the first", e->name);
	machine_free(&m);
	free(full);
	free(bi);
}

/* Section 3.3: EAX is the only way to tell. */
static void test_absent(void)
{
	static const u32 others[] = { 0, 0x2badb002, MAGIC - 1, MAGIC + 1 };
	static struct image image;
	struct machine m = {};
	u32 i;

	image_build(&image, examples[0].tag);
	machine_add(&m, INFO, image.data, image.len);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		struct handoff handoff = { .eax = others[i], .ebx = INFO };
		struct bootinfo *bi = bootinfo_new();

		expect_eq(probe(&source, &m, &handoff, bi), -ENOENT);
		free(bi);
	}
	ktap_done("absent");
	machine_free(&m);
}

/* What a corrupt one has left in the workspaces is no harm. */
static void test_again(void)
{
	static const struct example good = {
		.tag = {
			{ MODULE, .nr = 2, .word = { 0x2000, 0x3000 } },
			{ MAP, .nr = 8, .word = {
				24, 0, 0x100000, 0, 0x1000, 0, 2, 0,
			} },
		},
		.nr_modules = 1, .module = { { 0x2000, 0x1000, MEM_RAM } },
		.nr_map = 1, .map = { { 0x100000, 0x1000, MEM_RESERVED } },
	};
	static const struct tag bad[TAGS_MAX] = {
		{ MODULE, .nr = 2, .word = { 0x4000, 0x5000 } },
		{ MODULE, .nr = 2, .word = { 0x6000, 0x7000 } },
		{ MAP, .nr = 8, .word = {
			24, 0, 0x200000, 0, 0x1000, 0, 1, 0,
		} },
		{ CMDLINE, .nr = 0 },
	};
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	struct bootinfo *bi = bootinfo_new();
	static struct image image;
	struct machine m = {};

	image_build(&image, bad);
	machine_add(&m, INFO, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), -EBADMSG);
	machine_free(&m);
	image_build(&image, good.tag);
	machine_add(&m, INFO, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_info(bi, &good, &image);
	ktap_done("after one that is corrupt");
	machine_free(&m);
	free(bi);
}

/* A tag of each type, two modules: as GRUB 2.06 makes them. */
static const struct tag known[] = {
	{ LOAD_BASE, .nr = 1, .word = { 0x1000000 } },
	{ CMDLINE, .text = "root=/dev/ram0 console=ttyS0,115200" },
	{ LOADER, .text = "GRUB 2.06-13+deb12u1" },
	{ APM, .nr = 5, .word = { 0xf0000102, 0xc8d0, 0xf000f000, 3, 0 } },
	{ MODULE, .nr = 2, .word = { 0x2000, 0x2345 }, .text = "one" },
	{ MODULE, .nr = 2, .word = { 0x200000, 0x300000 }, .text = "" },
	{ MAP, .nr = 32, .word = {
		24, 0,
		0x0, 0, 0x9fc00, 0, 1, 0,
		0x9fc00, 0, 0x400, 0, 2, 0,
		0x100000, 0, 0x7ee0000, 0, 1, 0,
		0x7fe0000, 0, 0x20000, 0, 3, 0,
		0, 1, 0x80000000, 0, 1, 0,
	} },
	/* nothing follows the section headers of 40 bytes but padding */
	{ SECTIONS, .nr = 13, .word = { 1, 40, 0 } },
	{ MEMORY, .nr = 2, .word = { 639, 0x1fb80 } },
	{ BOOTDEV, .nr = 3, .word = { 0xe0, ~0U, ~0U } },
	{ SCREEN, .nr = 8, .word = {
		0xfd000000, 0, 3200, 800, 600, 32 | RGB, 0x08080810, 0x0800,
	}, .size = 38 },
	{ EFI64, .nr = 2, .word = { 0x7f9e018, 0 } },
	{ OLD_RSDP, .nr = 5, .word = {
		0x20445352, 0x20525450, 0xcc, 0, 0x7fe1000,
	} },
	{ NEW_RSDP, .nr = 9, .word = {
		0x20445352, 0x20525450, 0xca, 2 << 24, 0x7fe1000, 36,
		0x7fe2000, 0, 0x5a,
	} },
	{ EFI_MAP, .nr = 26, .word = {
		48, 1,
		7, 0, 0x100000, 0, 0, 0, 0x700, 0, 0xf, 0, 0, 0,
		4, 0, 0x800000, 0, 0, 0, 8, 0, 0xf, 0, 0, 0,
	} },
};

#define ORDER_MAX	16

static const struct order {
	const char *name;
	u32 type[ORDER_MAX];
} orders[] = {
	/* VBE is 776 bytes, and 0xee: image_order() */
	{ "GRUB on a BIOS", { LOAD_BASE, CMDLINE, LOADER, APM, MODULE, MAP,
		SECTIONS, MEMORY, BOOTDEV, VBE, SCREEN, OLD_RSDP } },
	{ "GRUB on UEFI", { LOAD_BASE, CMDLINE, LOADER, MODULE, MAP, SECTIONS,
		MEMORY, EFI64, OLD_RSDP, NEW_RSDP, EFI_MAP } },
	{ "GRUB on UEFI, with a screen", { LOAD_BASE, CMDLINE, LOADER, MODULE,
		MAP, SECTIONS, MEMORY, SCREEN, EFI64, OLD_RSDP, NEW_RSDP,
		EFI_MAP } },
};

static bool order_has(const struct order *order, u32 type)
{
	u32 i;

	for (i = 0; i < ORDER_MAX; i++)
		if (order->type[i] == type)
			return true;
	return false;
}

/* All tags of a type, the last of them first if all is to be reversed. */
static void image_add_type(struct image *image, u32 type, bool reverse)
{
	u32 i;

	if (type == VBE)
		image_reserve(image, type, 776);
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		u32 k = reverse ? ARRAY_SIZE(known) - 1 - i : i;

		if (known[k].type == type)
			image_add(image, &known[k]);
	}
}

static void image_order(struct image *image, const struct order *order,
			bool reverse)
{
	u32 i;

	image_begin(image);
	for (i = 0; i < ORDER_MAX; i++) {
		u32 type = order->type[reverse ? ORDER_MAX - 1 - i : i];

		if (type)
			image_add_type(image, type, reverse);
	}
	image_end(image);
}

/* What the tags in "known" are about. */
static const struct example all = {
	.loader = "GRUB 2.06-13+deb12u1", .id = 0x70,
	.cmdline = "root=/dev/ram0 console=ttyS0,115200",
	.nr_map = 5,
	.map = {
		{ 0, 0x9fc00, MEM_RAM },
		{ 0x9fc00, 0x400, MEM_RESERVED },
		{ 0x100000, 0x7ee0000, MEM_RAM },
		{ 0x7fe0000, 0x20000, MEM_ACPI },
		{ 4 * GIB, 2 * GIB, MEM_RAM },
	},
	.nr_modules = 2,
	.module = { { 0x2000, 0x345, 0 }, { 0x200000, 0x100000, 0 } },
	.screen = { 0xfd000000, 800, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 0, 0 } },
	.rsdp_size = 36,
	.efi = { 64, 0x7f9e018, { 0, 96, 0 }, 48, 1 },
};

static void test_order(const struct order *order, bool reverse)
{
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	const char *suffix = reverse ? ", in reverse" : "";
	struct bootinfo *bi = bootinfo_new();
	static struct image image;
	static struct example want;
	struct machine m = {};

	want = all;
	if (reverse) {
		want.module[0] = all.module[1];
		want.module[1] = all.module[0];
	}
	if (!order_has(order, SCREEN))
		want.screen = (struct framebuffer){ .base = 0 };
	if (!order_has(order, NEW_RSDP))
		want.rsdp_size = 20;
	if (!order_has(order, EFI64))
		want.efi = (struct efi){ .bits = 0 };
	image_order(&image, order, reverse);
	machine_add(&m, INFO, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_info(bi, &want, &image);
	ktap_done("%s%s", order->name, suffix);

	expect_truncation(&source, &m, &handoff, 0);
	ktap_done("truncated: %s%s", order->name, suffix);
	expect_survival(&source, &m, &handoff);
	ktap_done("damaged: %s%s", order->name, suffix);
	machine_free(&m);
	free(bi);
}

/* Each tag in turn says a size that cannot be: the END tag, too. */
static void test_sizes(const struct order *order)
{
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	static struct image image;
	u32 at, k;

	image_order(&image, order, false);
	for (at = 8; at < image.len;) {
		u32 left = image.len - at;
		u32 size = get_le32(&image.data[at + 4]);
		const u32 bad[] = {
			0, 1, 7, left + 1, left + 8, 0x7fffffff, 0x80000000,
			0x80000008, 0xfffffff8, 0xfffffff9, 0xffffffff,
		};

		for (k = 0; k < ARRAY_SIZE(bad); k++) {
			struct bootinfo *bi = bootinfo_new();
			struct machine m = {};

			put_le32(&image.data[at + 4], bad[k]);
			machine_add(&m, INFO, image.data, image.len);
			expect_eq(probe(&source, &m, &handoff, bi), -EBADMSG);
			machine_free(&m);
			free(bi);
		}
		put_le32(&image.data[at + 4], size);
		at += (size + 7) & ~7;
	}
	ktap_done("sizes of tags: %s", order->name);
}

/*
 * No tag is cut: what is left behind the last whole one is less than a head, and
 * not that of the core. Of modules, their paddings may be missing at the end.
 */
static bool is_whole(const struct image *image, u32 total)
{
	u32 at = 8;
	u32 lacking = 0;

	while (at + 8 <= total) {
		u32 size = get_le32(&image->data[at + 4]);
		u32 next = at + ((size + 7) & ~7);

		if (get_le32(&image->data[at]) == MODULE) {
			lacking += next - at - size;
			if (at + size > total && at + 16 <= total)
				return next + 8 - lacking == total;
		}
		if (at + size > total)
			return false;
		if (!get_le32(&image->data[at]))
			return true;
		at = next;
	}
	if (at + 4 <= total && (get_le32(&image->data[at]) == MODULE ||
				get_le32(&image->data[at]) == CMDLINE))
		return false;
	return total >= 8;
}

/* It may say more than the tags are; of less, whole tags count. */
static void test_total_size(const struct order *order)
{
	static const u32 more[] = {
		INFO_MAX - 1, INFO_MAX, INFO_MAX + 1, 0x80000000, ~0U
	};
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	struct bootinfo *all = bootinfo_new();
	static struct image image;
	struct machine m = {};
	u32 i, size;

	image_order(&image, order, false);
	machine_add(&m, INFO, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, all), 0);
	for (i = 0; i < image.len + 16 + ARRAY_SIZE(more); i++) {
		struct bootinfo *bi = bootinfo_new();
		int want;

		size = i < image.len + 16 ? i : more[i - image.len - 16];
		want = size > INFO_MAX || !is_whole(&image, size) ?
		       -EBADMSG : 0;
		put_le32(machine_piece(&m, 0), size);
		expect_eq(probe(&source, &m, &handoff, bi), want);
		/* The END tag is the only one that may not be missed. */
		if (!want && size >= image.len - 8)
			expect(bootinfo_same(bi, all));
		free(bi);
	}
	ktap_done("total_size: %s", order->name);
	machine_free(&m);
	free(all);
}

/*
 * kexec-tools 2.0.25 count without padding: with --console-vga and a module's
 * name of 15 bytes, total_size has no room for the END tag behind them. Nor has
 * it for the last tag's own padding.
 */
static void test_no_end(void)
{
	static const struct tag tags[TAGS_MAX] = {
		{ CMDLINE, .text = "/elfImage lockdown=integrity" },
		{ LOADER, .text = "kexec 2.0.25" },
		{ MODULE, .nr = 2, .word = { 0x200000, 0x200001 },
		  .text = "/img/initrd.gz" },
	};
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	static struct image image;
	u32 total;

	image_build(&image, tags);
	/* The module's tag has one byte of padding; END is 8. */
	for (total = image.len - 9; total < image.len; total++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		put_le32(image.data, total);
		machine_add(&m, INFO, image.data, total);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_string(bi->cmdline, "lockdown=integrity");
		expect_eq(bi->nr_modules, 1);
		machine_free(&m);
		free(bi);
	}
	ktap_done("no room for the END tag");
}

/*
 * As kexec-tools have them with --console-vga: each tag of a module makes
 * total_size too small by its padding. Either all modules are taken, or nothing
 * is.
 */
static void test_many_without_end(u32 nr, u32 name_len)
{
	struct tag tags[TAGS_MAX] = {
		{ CMDLINE, .text = "/elfImage lockdown=integrity" },
		{ LOADER, .text = "kexec 2.0.25" },
	};
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	u32 padding = (8 - (16 + name_len + 1) % 8) % 8;
	struct bootinfo *bi = bootinfo_new();
	static struct image image;
	struct machine m = {};
	char name[32] = "";
	u32 i, total;
	int ret;

	memset(name, 'x', name_len);
	for (i = 0; i < nr; i++)
		tags[2 + i] = (struct tag){
			MODULE, .nr = 2, .word = { 0x200000 + i * 16,
						   0x200001 + i * 16 },
			.text = name,
		};
	image_build(&image, tags);
	total = image.len - nr * padding;
	put_le32(image.data, total);
	machine_add(&m, INFO, image.data, total);
	ret = probe(&source, &m, &handoff, bi);
	/* Is the end of the last module, where its string begins, there? */
	if (nr * padding > 8 + name_len + 1 + padding)
		expect_eq(ret, -EBADMSG);
	else if (expect_eq(ret, 0))
		expect_eq(bi->nr_modules, nr);
	machine_free(&m);
	free(bi);
}

static void test_modules_without_end(void)
{
	u32 nr, name_len;

	for (name_len = 1; name_len < 24; name_len++) {
		for (nr = 1; nr <= TAGS_MAX - 3; nr++)
			test_many_without_end(nr, name_len);
		ktap_done("modules without END, names of %u bytes", name_len);
	}
}

/* As much as there can be, the last module in its last bytes. */
static void test_largest(void)
{
	static const u32 sizes[] = { INFO_MAX, INFO_MAX + 8 };
	static const struct tag module = {
		MODULE, .nr = 2, .word = { 0x2000, 0x3000 },
	};
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	static struct image image;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		bool fits = sizes[i] <= INFO_MAX;
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		image_begin(&image);
		image_reserve(&image, SECTIONS, sizes[i] - 8 - 8 - 16 - 8);
		image_add(&image, &module);
		image_end(&image);
		expect_eq(image.len, sizes[i]);
		machine_add(&m, INFO, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi),
			  fits ? 0 : -EBADMSG);
		expect_eq(bi->nr_modules, fits);
		ktap_done("%#x bytes", sizes[i]);
		machine_free(&m);
		free(bi);
	}
}

static void test_many_modules(void)
{
	static const u32 counts[] = { 33, 256, 257, 1000 };
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	static struct image image;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		bool fit = counts[i] <= 256;
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		image_begin(&image);
		for (k = 0; k < counts[i]; k++)
			image_add(&image, &(struct tag){
				MODULE, 2, { k << 20, (k << 20) + 1 }, "m", 0
			});
		image_end(&image);
		machine_add(&m, INFO, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi), fit ? 0 : -EBADMSG);
		expect_eq(bi->nr_modules, fit ? counts[i] : 0);
		for (k = 0; k < bi->nr_modules; k++)
			expect_eq(bi->module[k].start, (u64)k << 20);
		ktap_done("%u modules", counts[i]);
		machine_free(&m);
		free(bi);
	}
}

/* In one tag, and in as many as there are ranges. */
static void test_many_ranges(bool one_tag)
{
	static const u32 counts[] = { 128, MEMMAP_MAX, MEMMAP_MAX + 1, 3000 };
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	static struct image image;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		struct bootinfo *bi = bootinfo_new();
		u32 len = one_tag ? counts[i] * 24 : 24;
		struct machine m = {};
		u8 *p = NULL;

		image_begin(&image);
		for (k = 0; k < counts[i]; k++) {
			if (!k || !one_tag) {
				p = image_reserve(&image, MAP, 8 + len);
				put_le32(p, 24);
				p += 8;
			}
			put_le64(p, (u64)k << 20);
			put_le64(p + 8, 0x1000);
			put_le32(p + 16, 2);
			p += 24;
		}
		image_end(&image);
		machine_add(&m, INFO, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_eq(bi->map.nr, counts[i] > MEMMAP_MAX ?
			  MEMMAP_MAX : counts[i]);
		expect_eq(bi->map.truncated, counts[i] > MEMMAP_MAX);
		for (k = 0; k < bi->map.nr; k++)
			expect_eq(bi->map.range[k].start, (u64)k << 20);
		ktap_done("%u ranges in %s", counts[i],
			  one_tag ? "one tag" : "as many tags");
		machine_free(&m);
		free(bi);
	}
}

static void test_long_strings(void)
{
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	struct bootinfo *bi = bootinfo_new();
	static struct image image;
	static char text[5000];
	struct machine m = {};

	memset(text, 'x', sizeof(text) - 1);
	image_begin(&image);
	image_add(&image, &(struct tag){ LOADER, .text = text });
	image_add(&image, &(struct tag){ CMDLINE, .text = text });
	image_end(&image);
	machine_add(&m, INFO, image.data, image.len);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(strlen(bi->loader), LOADER_SIZE - 1);
	expect_eq(strlen(bi->cmdline), CMDLINE_SIZE - 1);
	ktap_done("strings that are too long");
	machine_free(&m);
	free(bi);
}

/* UEFI's map goes into the arena, or does not. */
static void test_efi_map(void)
{
	static const u32 counts[] = { 1, 1023, 1024, 1025, 1200 };
	static const struct tag efi = {
		EFI64, .nr = 2, .word = { 0x7f9e018 },
	};
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	static struct image image;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		u32 size = counts[i] * 48;
		struct bootinfo *bi = bootinfo_new();
		struct efi want = {
			64, 0x7f9e018, { 0, size, 0 }, 48, 1, 0
		};
		struct machine m = {};
		u8 *p;

		if (size > EFI_MAP_MAX)
			want.map.size = 0;
		image_begin(&image);
		image_add(&image, &efi);
		p = image_reserve(&image, EFI_MAP, 8 + size);
		put_le32(p, 48);
		put_le32(p + 4, 1);
		image_end(&image);
		machine_add(&m, INFO, image.data, image.len);
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_efi(bi, &want, &image);
		ktap_done("EFI: map of %u descriptors", counts[i]);
		machine_free(&m);
		free(bi);
	}
}

/*
 * EBX may point anywhere. @len: as much of the information is there; 0: all of
 * it. @at_0: what follows is there, but from address 0 on.
 */
static const struct {
	const char *name;
	u32 ebx;
	u64 pa;
	u32 len;
	bool at_0;
	int want;
} addresses[] = {
	{ "0", 0, 0, 0, false, 0 },
	{ "1", 1, 1, 0, false, 0 },
	{ "unaligned", 0x12344, 0x12344, 0, false, 0 },
	{ "odd", 0x12347, 0x12347, 0, false, 0 },
	{ "nowhere", 0x12340, 0x23450, 0, false, -EBADMSG },
	{ "a byte before memory", 0x1233f, 0x12340, 0, false, -EBADMSG },
	{ "the last byte of memory", 0x12340, 0x12340, 1, false, -EBADMSG },
	{ "half its first words", 0x12340, 0x12340, 7, false, -EBADMSG },
	{ "its first words only", 0x12340, 0x12340, 8, false, -EBADMSG },
	{ "~0", ~0U, 0, 0, false, -EBADMSG },
	/* all of the information is 40 bytes */
	{ "up to 4 GiB", -40U, 4 * GIB - 40, 0, false, 0 },
	{ "a byte beyond 4 GiB", -39U, 4 * GIB - 39, 39, false, -EBADMSG },
	{ "8 bytes beyond 4 GiB", -32U, 4 * GIB - 32, 32, false, -EBADMSG },
	/* there is memory, but EBX leads to none of it */
	{ "8 bytes beyond, and memory goes on", -32U, 4 * GIB - 32, 0, false,
		-EBADMSG },
	/* nothing of it goes on at 0 */
	{ "8 bytes before 4 GiB", -8U, 4 * GIB - 8, 8, true, -EBADMSG },
	{ "32 bytes before 4 GiB", -32U, 4 * GIB - 32, 32, true, -EBADMSG },
};

static void test_addresses(void)
{
	static const struct tag module = {
		MODULE, .nr = 2, .word = { 0x2000, 0x3000 }, .text = "m",
	};
	static struct image image;
	u32 i;

	image_begin(&image);
	image_add(&image, &module);
	image_end(&image);
	expect_eq(image.len, 40);
	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		struct handoff handoff = {
			.eax = MAGIC, .ebx = addresses[i].ebx
		};
		u32 len = addresses[i].len ? addresses[i].len : image.len;
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};

		machine_add(&m, addresses[i].pa, image.data, len);
		if (addresses[i].at_0)
			machine_add(&m, 0, image.data + len, image.len - len);
		expect_eq(probe(&source, &m, &handoff, bi), addresses[i].want);
		expect_eq(bi->nr_modules, !addresses[i].want);
		ktap_done("information at %s", addresses[i].name);
		machine_free(&m);
		free(bi);
	}
}

/* Types that we take nothing from, and what would hurt if we did. */
static void test_unknown(void)
{
	static const u32 types[] = {
		MEMORY, BOOTDEV, VBE, SECTIONS, APM, SMBIOS, NETWORK,
		EFI_RUNS, EFI32_HANDLE, EFI64_HANDLE, LOAD_BASE, TYPES,
		0x100, 0x10000, 0x1000001, ~0U,
	};
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	static struct image image;
	u32 i, len;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		for (len = 0; len < 64; len++) {
			struct bootinfo *bi = bootinfo_new();
			struct machine m = {};

			image_begin(&image);
			image_reserve(&image, types[i], len);
			image_end(&image);
			machine_add(&m, INFO, image.data, image.len);
			expect_eq(probe(&source, &m, &handoff, bi), 0);
			expect_info(bi, &examples[0], &image);
			machine_free(&m);
			free(bi);
		}
		ktap_done("tag of type %#x", types[i]);
	}
}

#define ROUNDS		8000

/* Some bytes, words or tags' sizes become others. */
static void mutate(u8 *data, u32 len)
{
	static const u32 words[] = {
		0, 1, 7, 8, 9, 16, 17, 20, 24, 39, 40, 41, 0x100, 0x1000,
		0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffff8, ~0U,
	};
	u32 i;

	for (i = 1 + random_below(5); i; i--) {
		u32 at = 8 + 4 * random_below((len - 8) / 4);

		switch (random_below(4)) {
		case 0:
			data[at + random_below(4)] = random_below(256);
			break;
		case 1:
			put_le32(data + at,
				 words[random_below(ARRAY_SIZE(words))]);
			break;
		case 2:
			put_le32(data + at, random_below(TYPES));
			break;
		default:
			put_le32(data + at, get_le32(data + at) +
				 random_below(33) - 16);
		}
	}
}

/* Whatever it was made of: what others rely on. */
static void expect_sane(const struct bootinfo *bi)
{
	const struct efi *efi = &bi->efi;

	expect(bi->nr_modules <= MODULES_MAX);
	expect(bi->map.nr <= MEMMAP_MAX);
	expect(bi->rsdp_size == 0 ||
	       (bi->rsdp_size >= 20 && bi->rsdp_size <= 36));
	expect(efi->map.size <= EFI_MAP_MAX);
	expect(!efi->map.size || (efi->desc_size >= 40 &&
				  efi->desc_size <= 4096));
	expect(efi->bits == 0 || efi->bits == 32 || efi->bits == 64);
	expect(strlen(bi->loader) < LOADER_SIZE);
	expect(strlen(bi->cmdline) < CMDLINE_SIZE);
	expect(bi->framebuffer.width <= 16384);
	expect(bi->framebuffer.height <= 16384);
}

static void test_random(const struct order *order)
{
	struct handoff handoff = { .eax = MAGIC, .ebx = INFO };
	struct bootinfo *bi = bootinfo_new();
	static struct image image;
	struct machine m = {};
	u32 taken = 0;
	u32 round;
	u8 *data;

	image_order(&image, order, false);
	data = machine_add(&m, INFO, image.data, image.len);
	for (round = 0; round < ROUNDS && !ktap.broken; round++) {
		memcpy(data, image.data, image.len);
		mutate(data, image.len);
		bootinfo_init(bi);
		if (probe(&source, &m, &handoff, bi))
			continue;
		expect_sane(bi);
		taken++;
	}
	/* Neither of them is rare, or it would not tell much. */
	expect(taken > ROUNDS / 20 && taken < ROUNDS - ROUNDS / 20);
	ktap_done("random: %s", order->name);
	machine_free(&m);
	free(bi);
}

int main(void)
{
	u32 i;

	test_absent();
	test_again();
	for (i = 0; i < ARRAY_SIZE(examples); i++)
		test_example(&examples[i]);
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		test_order(&orders[i], false);
		test_order(&orders[i], true);
		test_sizes(&orders[i]);
		test_total_size(&orders[i]);
		test_random(&orders[i]);
	}
	test_largest();
	test_no_end();
	test_modules_without_end();
	test_many_modules();
	test_many_ranges(true);
	test_many_ranges(false);
	test_long_strings();
	test_efi_map();
	test_addresses();
	test_unknown();
	return ktap_status();
}
