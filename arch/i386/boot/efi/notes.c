// SPDX-License-Identifier: GPL-2.0
/*
 * ELF boot notes (Documentation/elf-boot.txt, section 4): what the firmware and
 * our caller know, for the image.
 */
#include <asm/byteorder.h>

#include "loader.h"
#include "notes.h"
#include "notes/boot-notes.h"
#include "screen.h"

static const struct efi_guid rng_guid = {
	0x3152bca5, 0xeade, 0x433d,
	{ 0x86, 0x2e, 0xc0, 0x1c, 0xdc, 0x29, 0x1f, 0x44 },
};

/* No seed is better than one that is not random. */
static u32 get_seed(const struct loader *loader, u8 *seed)
{
	struct efi_rng *rng;
	void *interface;

	if (loader->boot->locate_protocol(&rng_guid, NULL, &interface))
		return 0;
	rng = interface;
	return rng->get_rng(rng, NULL, SEED_SIZE, seed) ? 0 : SEED_SIZE;
}

/**
 * notes_ask - ask boot services for what they alone know
 * @loader: has them
 * @told: result
 */
void notes_ask(const struct loader *loader, struct notes_told *told)
{
	told->rsdp = tables_find_rsdp(loader);
	told->have_fb = screen_find(loader, &told->fb);
	told->seed_size = get_seed(loader, told->seed);
}

static void add_map(struct boot_notes *notes, const struct efi_map *map)
{
	struct ebn_range *range;

	range = boot_notes_reserve(notes, EBN_LINUX_NAME, EBN_LINUX_MEMORY_MAP,
				   map_fill_ranges(map, NULL) *
				   sizeof(*range));
	if (range)
		map_fill_ranges(map, range);
}

static void add_initrd(struct boot_notes *notes, const struct loader *loader)
{
	struct ebn_initrd initrd = {
		.addr = __cpu_to_le64(loader->initrd.start),
		.size = __cpu_to_le64(loader->initrd.size),
	};

	if (loader->initrd.size)
		boot_notes_add(notes, EBN_LINUX_NAME, EBN_LINUX_INITRD, &initrd,
			       sizeof(initrd));
}

static void add_rsdp(struct boot_notes *notes, u64 addr)
{
	struct ebn_rsdp rsdp = { .addr = __cpu_to_le64(addr) };

	if (addr)
		boot_notes_add(notes, EBN_LINUX_NAME, EBN_LINUX_RSDP, &rsdp,
			       sizeof(rsdp));
}

static void add_efi(struct boot_notes *notes, const struct loader *loader,
		    const struct efi_map *map)
{
	struct ebn_efi efi = {
		.bits = __cpu_to_le32(8 * sizeof(efi_uintn)),
		.desc_size = __cpu_to_le32(map->desc_size),
		.desc_version = __cpu_to_le32(map->desc_version),
		.secure_boot = __cpu_to_le32(loader->secure_boot),
		.systab = __cpu_to_le64(address_of(loader->system)),
		.map = __cpu_to_le64(address_of(map->data)),
		.map_size = __cpu_to_le64(map->size),
	};

	boot_notes_add(notes, EBN_LINUX_NAME, EBN_LINUX_EFI, &efi,
		       sizeof(efi));
}

/**
 * notes_make - make the block for the image
 * @loader: has command line and initrd
 * @told: from notes_ask()
 * @map: the memory map, where it stays
 * @block: result, NOTES_ROOM bytes
 *
 * Return: its size, 0 if there is not enough room.
 */
u32 notes_make(const struct loader *loader, const struct notes_told *told,
	       const struct efi_map *map, void *block)
{
	struct boot_notes notes;

	boot_notes_begin(&notes, block, NOTES_ROOM);
	boot_notes_add_string(&notes, EBN_FIRMWARE_TYPE, "UEFI");
	boot_notes_add_string(&notes, EBN_BOOTLOADER_NAME, LOADER_NAME);
	boot_notes_add_string(&notes, EBN_BOOTLOADER_VERSION, LOADER_VERSION);
	boot_notes_add_string(&notes, EBN_COMMAND_LINE, loader->cmdline);
	add_map(&notes, map);
	add_initrd(&notes, loader);
	add_rsdp(&notes, told->rsdp);
	if (told->have_fb)
		boot_notes_add(&notes, EBN_LINUX_NAME, EBN_LINUX_FRAMEBUFFER,
			       &told->fb, sizeof(told->fb));
	add_efi(&notes, loader, map);
	if (told->seed_size)
		boot_notes_add(&notes, EBN_LINUX_NAME, EBN_LINUX_RNG_SEED,
			       told->seed, told->seed_size);
	return boot_notes_end(&notes);
}
