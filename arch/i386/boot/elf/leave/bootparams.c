// SPDX-License-Identifier: GPL-2.0
/*
 * struct bootinfo -> struct boot_params and its setup_data nodes
 * (Documentation/x86/boot.rst, zero-page.rst).
 */
#include <asm/byteorder.h>
#include <asm/bootparam.h>

#include "handoff.h"
#include "provenance.h"
#include "info/bootinfo.h"
#include "info/cmdline.h"
#include "info/efi.h"
#include "info/place.h"
#include "leave/bootparams.h"
#include "machine/machine.h"

#define HDR_MAGIC		0x53726448	/* "HdrS" */
#define HDR_BOOT_FLAG		0xaa55
#define HDR_VERSION		0x020f

/* Mounted read-only unless "rw" says otherwise, as a bzImage's header has it. */
#define ROOT_RDONLY		1

/* SETUP_RNG_SEED of 6.0 and later; older kernels pass it over. */
#define NODE_RNG_SEED		9

#define E820_MAX		E820_MAX_ENTRIES_ZEROPAGE

static u32 nr_extended(const struct memmap *map)
{
	return map->nr > E820_MAX ? map->nr - E820_MAX : 0;
}

/* Pieces of the arena are kept 16-aligned, as the RSDP must be. */
static u32 piece_size(u32 len)
{
	return (len + 15) & ~15;
}

static u32 node_size(u32 len)
{
	return piece_size(sizeof(struct setup_data) + len);
}

/**
 * bootparams_arena_size - what command line, setup_data nodes and tables will
 *			   take
 * @bi: with the tables that loaders pass as copies
 * @map: memory map, normalised, before the arena is carved out
 *
 * Return: bytes.
 */
u32 bootparams_arena_size(const struct bootinfo *bi, const struct memmap *map)
{
	/* Carving the arena out splits a range: two more at most. */
	u32 nr = map->nr + 2 > E820_MAX ? map->nr + 2 - E820_MAX : 0;

	return piece_size(sizeof(bi->cmdline)) + piece_size(bi->rsdp_size) +
	       piece_size(bi->efi.map.size) +
	       node_size(sizeof(struct elfboot_provenance)) +
	       node_size(bi->seed_size) +
	       node_size(nr * sizeof(struct boot_e820_entry));
}

static void fill_e820(struct boot_e820_entry *entry, const struct range *range,
		      u32 nr)
{
	for (; nr; nr--, range++, entry++) {
		entry->addr = range->start;
		entry->size = range->size;
		entry->type = range->type == MEM_KEPT ? MEM_RAM : range->type;
	}
}

static void fill_screen(struct screen_info *si, const struct screen *screen)
{
	si->orig_x = screen->x;
	si->orig_y = screen->y;
	si->orig_video_page = screen->page;
	si->orig_video_mode = screen->mode;
	si->orig_video_cols = screen->columns;
	si->orig_video_lines = screen->lines;
	si->orig_video_isVGA = screen->is_vga;
	si->orig_video_points = screen->points;
}

/*
 * VIDEO_TYPE_VLFB counts its size in 64 KiB, VIDEO_TYPE_EFI in bytes. The
 * kernel's simple framebuffer wants to be told of the bits that are no colour,
 * too.
 */
static void fill_framebuffer(struct screen_info *si,
			     const struct framebuffer *fb, bool is_efi)
{
	struct color reserved = fb->reserved;

	if (fb->depth == 32 && !reserved.size &&
	    fb->red.pos + fb->red.size <= 24 &&
	    fb->green.pos + fb->green.size <= 24 &&
	    fb->blue.pos + fb->blue.size <= 24)
		reserved = (struct color){ 24, 8 };
	memset(si, 0, sizeof(*si));
	si->orig_video_isVGA = VIDEO_TYPE_EFI;
	si->lfb_base = fb->base;
	si->ext_lfb_base = fb->base >> 32;
	if (si->ext_lfb_base)
		si->capabilities |= VIDEO_CAPABILITY_64BIT_BASE;
	si->lfb_size = fb->pitch * fb->height;
	if (!is_efi) {
		si->orig_video_isVGA = VIDEO_TYPE_VLFB;
		si->lfb_size = (si->lfb_size + 0xffff) >> 16;
	}
	si->lfb_width = fb->width;
	si->lfb_height = fb->height;
	si->lfb_linelength = fb->pitch;
	si->lfb_depth = fb->depth;
	si->red_pos = fb->red.pos;
	si->red_size = fb->red.size;
	si->green_pos = fb->green.pos;
	si->green_size = fb->green.size;
	si->blue_pos = fb->blue.pos;
	si->blue_size = fb->blue.size;
	si->rsvd_pos = reserved.pos;
	si->rsvd_size = reserved.size;
	si->pages = 1;
}

/**
 * bootparams_sanitize - clear what a loader has left uncleared
 * @bp: a loader's; with the sentinel set it has copied a setup_header, or all of
 *	a file's first sectors, over noise
 *
 * The rule of mainline's sanitize_boot_params() (arch/x86/include/asm/
 * bootparam_utils.h of 6.1 to 7.2): what kexec-tools are known to fill in is
 * kept, the rest is 0. By offsets (zero-page.rst), as 5.10 lacks names.
 */
void bootparams_sanitize(struct boot_params *bp)
{
	static const struct {
		u16 start, end;
	} gaps[] = {
		{ 0x054, 0x058 },
		{ 0x070, 0x080 },	/* acpi_rsdp_addr */
		{ 0x0c0, 0x13c },	/* ext_ramdisk_*, ext_cmd_line_ptr */
		{ 0x140, 0x1c0 },	/* edid_info */
		{ 0x1eb, 0x1ec },	/* kbd_status */
		{ 0x1ed, 0x1f1 },	/* sentinel */
		{ offsetof(struct boot_params, hdr) +
		  sizeof(struct setup_header), 0x290 },
		{ 0xcd0, 0xd00 },
		{ 0xeec, 0x1000 },
	};
	void *bytes = bp;
	u32 i;

	if (!bp->sentinel)
		return;
	for (i = 0; i < ARRAY_SIZE(gaps); i++)
		memset(bytes + gaps[i].start, 0, gaps[i].end - gaps[i].start);
}

/**
 * bootparams_fill - fill the kernel's boot parameter block
 * @bp: result; what a loader's own block had in it stays where we know
 *	nothing better, else it is cleared first: the sentinel must be 0
 * @bi: what is known
 * @map: memory map, normalised, with the arena
 * @place: where the initrd is, and what is random
 * @setup: the header of a bzImage, whose decompressor reads it; NULL for a
 *	   vmlinux
 */
void bootparams_fill(struct boot_params *bp, const struct bootinfo *bi,
		     const struct memmap *map, const struct placement *place,
		     const struct setup_header *setup)
{
	struct setup_header *hdr = &bp->hdr;
	u64 initrd = place->initrd.size ? place->initrd.start : 0;
	u16 root_flags = bi->boot_params ? hdr->root_flags : ROOT_RDONLY;

	if (!bi->boot_params)
		memset(bp, 0, sizeof(*bp));
	memset(hdr, 0, sizeof(*hdr));
	hdr->version = HDR_VERSION;
	hdr->cmdline_size = CMDLINE_SIZE - 1;
	if (setup)
		memcpy(hdr, setup, sizeof(*hdr));
	bp->sentinel = 0;
	bp->ext_cmd_line_ptr = 0;
	hdr->root_flags = root_flags;
	hdr->boot_flag = HDR_BOOT_FLAG;
	hdr->header = HDR_MAGIC;
	hdr->type_of_loader = bi->loader_id;
	hdr->loadflags |= LOADED_HIGH;
	if (place->random)
		hdr->loadflags |= KASLR_FLAG;
	hdr->setup_data = bi->setup_data;
	hdr->ramdisk_image = initrd;
	hdr->ramdisk_size = place->initrd.size;
	bp->ext_ramdisk_image = initrd >> 32;
	bp->ext_ramdisk_size = place->initrd.size >> 32;
	bp->acpi_rsdp_addr = bi->rsdp;

	bp->e820_entries = map->nr - nr_extended(map);
	fill_e820(bp->e820_table, map->range, bp->e820_entries);
	if (bi->framebuffer.base)
		fill_framebuffer(&bp->screen_info, &bi->framebuffer,
				 bi->efi.bits);
	else if (bi->have_screen)
		fill_screen(&bp->screen_info, &bi->screen);
}

static void set_string(char *dst, const char *src, size_t size)
{
	string_copy(dst, src ? src : "", size);
}

static void fill_provenance(struct elfboot_provenance *p,
			    const struct bootinfo *bi,
			    const struct placement *place,
			    const struct handoff *handoff)
{
	u64 tsc = (u64)handoff->tsc_high << 32 | handoff->tsc_low;

	memset(p, 0, sizeof(*p));
	p->version = __cpu_to_le32(PROVENANCE_VERSION);
	p->corrupt = __cpu_to_le32(bi->corrupt);
	set_string(p->protocol, bi->protocol, sizeof(p->protocol));
	set_string(p->loader, bi->loader, sizeof(p->loader));
	set_string(p->loader_version, bi->loader_version,
		   sizeof(p->loader_version));
	set_string(p->firmware, bi->firmware, sizeof(p->firmware));
	set_string(p->map_source, bi->map_source, sizeof(p->map_source));
	set_string(p->cmdline_source, bi->cmdline_source,
		   sizeof(p->cmdline_source));
	set_string(p->initrd_source, bi->initrd_source,
		   sizeof(p->initrd_source));
	p->coreboot_table = __cpu_to_le64(bi->coreboot.start);
	string_copy(p->firmware_version, bi->firmware_version,
		    sizeof(p->firmware_version));
	p->random = __cpu_to_le32(place->random);
	p->entropy = __cpu_to_le32(place->entropy);
	set_string(p->why_fixed, place->why_fixed, sizeof(p->why_fixed));
	p->tsc_entry = __cpu_to_le64(tsc);
}

/* What is left of the arena: where it begins. */
struct arena {
	u8 *at;
	u64 pa;
};

static void *add_piece(struct arena *arena, u32 len)
{
	void *piece = arena->at;

	arena->at += piece_size(len);
	arena->pa += piece_size(len);
	return piece;
}

/* Put a node before the others; return its data. */
static void *add_node(struct arena *arena, struct boot_params *bp, u32 type,
		      u32 len)
{
	u64 pa = arena->pa;
	struct setup_data *node = add_piece(arena, sizeof(*node) + len);

	node->next = bp->hdr.setup_data;
	node->type = type;
	node->len = len;
	bp->hdr.setup_data = pa;
	return node->data;
}

/* The kernel copies all of it, whatever the string's length. */
static void add_cmdline(struct arena *arena, struct boot_params *bp,
			const struct bootinfo *bi)
{
	bp->hdr.cmd_line_ptr = arena->pa;
	memcpy(add_piece(arena, sizeof(bi->cmdline)), bi->cmdline,
	       sizeof(bi->cmdline));
}

static void add_rsdp(struct arena *arena, struct boot_params *bp,
		     const struct bootinfo *bi)
{
	if (!bi->rsdp_size)
		return;
	bp->acpi_rsdp_addr = arena->pa;
	memcpy(add_piece(arena, bi->rsdp_size), bi->rsdp_table, bi->rsdp_size);
}

/* The kernel keeps the map: its runtime services are called by it. */
static void add_efi(struct arena *arena, struct boot_params *bp,
		    const struct ram *ram, const struct efi *efi)
{
	struct efi_info *info = &bp->efi_info;
	u32 size = efi->map.size;

	if (efi->secure_boot)
		bp->secure_boot = efi->secure_boot;
	if (!size)
		return;
	memcpy(&info->efi_loader_signature, efi->bits == 64 ? "EL64" : "EL32",
	       sizeof(info->efi_loader_signature));
	info->efi_systab = efi->systab;
	info->efi_systab_hi = efi->systab >> 32;
	info->efi_memdesc_size = efi->desc_size;
	info->efi_memdesc_version = efi->desc_version;
	info->efi_memmap = arena->pa;
	info->efi_memmap_hi = arena->pa >> 32;
	info->efi_memmap_size = size;
	ram_read(ram, efi->map.start, add_piece(arena, size), size);
}

/**
 * bootparams_fill_arena - write the command line, setup_data nodes, and tables
 *			   that must stay
 * @ram: physical memory, with the arena: bootparams_arena_size() bytes or more
 * @bp: filled; what leads to the arena is set, setup_data to the provenance
 *	node
 * @bi: what is known
 * @map: memory map, normalised, with the arena
 * @place: where the arena is, and what is random
 * @handoff: has the time stamp counter at the entry
 */
void bootparams_fill_arena(const struct ram *ram, struct boot_params *bp,
			   const struct bootinfo *bi,
			   const struct memmap *map,
			   const struct placement *place,
			   const struct handoff *handoff)
{
	struct arena arena = {
		ram_own(ram, place->arena.start, place->arena.size),
		place->arena.start,
	};
	u32 nr = nr_extended(map);
	void *data;

	/*
	 * KASLR in a bzImage's decompressor avoids the first and the last of
	 * them, and so, as no kernel fits there, what is in between.
	 */
	add_cmdline(&arena, bp, bi);
	add_rsdp(&arena, bp, bi);
	add_efi(&arena, bp, ram, &bi->efi);
	if (nr) {
		data = add_node(&arena, bp, SETUP_E820_EXT,
				nr * sizeof(struct boot_e820_entry));
		fill_e820(data, &map->range[E820_MAX], nr);
	}
	if (bi->seed_size) {
		data = add_node(&arena, bp, NODE_RNG_SEED, bi->seed_size);
		memcpy(data, bi->seed, bi->seed_size);
	}
	data = add_node(&arena, bp, SETUP_ELFBOOT,
			sizeof(struct elfboot_provenance));
	fill_provenance(data, bi, place, handoff);
}

/**
 * bootparams_set_tsc_kernel - say when the kernel was entered
 * @ram: physical memory, with the arena
 * @setup_data: as bootparams_fill_arena() has left it in boot_params: physical
 *		address of the provenance node
 * @tsc: time stamp counter
 */
void bootparams_set_tsc_kernel(const struct ram *ram, u32 setup_data, u64 tsc)
{
	__le64 value = __cpu_to_le64(tsc);

	ram_write(ram, setup_data + offsetof(struct setup_data, data) +
		  offsetof(struct elfboot_provenance, tsc_kernel),
		  &value, sizeof(value));
}
