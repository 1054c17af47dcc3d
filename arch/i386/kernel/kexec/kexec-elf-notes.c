// SPDX-License-Identifier: GPL-2.0
/*
 * What this kernel knows of the machine, as ELF boot notes for the next one.
 */
#include <linux/efi.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/string.h>
#include <generated/utsrelease.h>
#include <asm/e820/api.h>
#include <asm/setup.h>

#include "info/wire-setup-data.h"
#include "kexec-compat.h"
#include "kexec/kexec-elf.h"
#include "notes/boot-notes.h"
#include "provenance/provenance-node.h"

/* The least that an image takes for a seed. */
#define SEED_SIZE	32

/* As the stub has been told or has found out. */
static char firmware[sizeof_field(struct elfboot_provenance, firmware)];

static int __init note_firmware(void)
{
	const struct elfboot_provenance *provenance = elfboot_provenance();

	if (provenance)
		strscpy(firmware, provenance->firmware, sizeof(firmware));
	return 0;
}
late_initcall(note_firmware);

/* A PC BIOS the image finds out about without being told. */
static void add_firmware(struct boot_notes *notes)
{
	const char *type = efi_enabled(EFI_BOOT) ? "UEFI" : firmware;

	if (*type)
		boot_notes_add_string(notes, EBN_FIRMWARE_TYPE, type);
}

/* E820_TYPE_RESERVED_KERN, before it was renamed. */
#define TYPE_SETUP_DATA	128

/**
 * kexec_elf_x86_type - what a range of memory is to the next kernel
 * @entry: of the memory map for kexec
 *
 * This boot's setup_data is not handed on as it is: it is RAM again.
 *
 * Return: a type as in E820.
 */
u32 kexec_elf_x86_type(const struct e820_entry *entry)
{
	return entry->type == TYPE_SETUP_DATA ? E820_TYPE_RAM : entry->type;
}

static void set_range(struct ebn_range *range, u64 addr, u64 size, u32 type)
{
	range->addr = cpu_to_le64(addr);
	range->size = cpu_to_le64(size);
	range->type = cpu_to_le32(type);
}

static struct ebn_range *add_ranges(struct boot_notes *notes, u32 nr)
{
	return boot_notes_reserve(notes, EBN_LINUX_NAME, EBN_LINUX_MEMORY_MAP,
				  nr * sizeof(struct ebn_range));
}

static void add_map(struct boot_notes *notes)
{
	u32 nr = e820_table_kexec->nr_entries, i;
	struct ebn_range *range = add_ranges(notes, nr);

	for (i = 0; range && i < nr; i++) {
		const struct e820_entry *entry = &e820_table_kexec->entries[i];

		set_range(&range[i], entry->addr, entry->size,
			  kexec_elf_x86_type(entry));
	}
}

static void add_crash_map(struct boot_notes *notes,
			  const struct boot_params *params)
{
	u32 nr = params->e820_entries, i;
	struct ebn_range *range = add_ranges(notes, nr);

	for (i = 0; range && i < nr; i++) {
		const struct boot_e820_entry *entry = &params->e820_table[i];

		set_range(&range[i], entry->addr, entry->size, entry->type);
	}
}

static void add_initrd(struct boot_notes *notes,
		       const struct kexec_elf_told *told)
{
	struct ebn_initrd initrd = {
		.addr = cpu_to_le64(told->initrd),
		.size = cpu_to_le64(told->initrd_size),
	};

	if (told->initrd_size)
		boot_notes_add(notes, EBN_LINUX_NAME, EBN_LINUX_INITRD, &initrd,
			       sizeof(initrd));
}

/*
 * For the next kernel the services are where they are for this one. The note is none
 * that a stub knows which knows no setup_data: its kernel would move them once more.
 */
static void add_efi(struct boot_notes *notes,
		    const struct kexec_elf_handover *handover)
{
	const struct efi_info *info = &boot_params.efi_info;
	u64 systab = (u64)info->efi_systab_hi << 32 | info->efi_systab;
	struct ebn_efi efi = {
		.bits = cpu_to_le32(64),
		.desc_size = cpu_to_le32(handover->efi_desc_size),
		.desc_version = cpu_to_le32(info->efi_memdesc_version),
		.secure_boot = cpu_to_le32(boot_params.secure_boot),
		.systab = cpu_to_le64(systab),
		.map = cpu_to_le64(handover->efi_map),
		.map_size = cpu_to_le64(handover->efi_map_size),
	};

	if (handover->efi_map_size)
		boot_notes_add(notes, EBN_LINUX_NAME, EBN_LINUX_EFI_CALLED,
			       &efi, sizeof(efi));
}

static void add_handover(struct boot_notes *notes,
			 const struct kexec_elf_told *told)
{
	const struct kexec_elf_handover *handover = told->handover;
	struct ebn_setup_data *data;
	u32 nr;

	if (!handover->first)
		return;
	add_efi(notes, handover);
	nr = kexec_elf_x86_keep(told->image, handover, NULL);
	data = boot_notes_reserve(notes, EBN_LINUX_NAME, EBN_LINUX_SETUP_DATA,
				  sizeof(*data) +
				  nr * sizeof(struct kept_memory));
	if (!data)
		return;
	data->addr = cpu_to_le64(handover->first);
	kexec_elf_x86_keep(told->image, handover, (void *)(data + 1));
}

/**
 * kexec_elf_x86_find_rsdp - where ACPI's root pointer is
 *
 * Return: physical address, 0 if it is where everybody looks.
 */
u64 kexec_elf_x86_find_rsdp(void)
{
	if (boot_params.acpi_rsdp_addr)
		return boot_params.acpi_rsdp_addr;
	if (!efi_enabled(EFI_BOOT))
		return 0;
	if (efi.acpi20 != EFI_INVALID_TABLE_ADDR)
		return efi.acpi20;
	if (efi.acpi != EFI_INVALID_TABLE_ADDR)
		return efi.acpi;
	return 0;
}

/* Without one a PC BIOS has it where everybody looks. */
static void add_rsdp(struct boot_notes *notes)
{
	u64 addr = kexec_elf_x86_find_rsdp();
	struct ebn_rsdp rsdp = { .addr = cpu_to_le64(addr) };

	if (addr)
		boot_notes_add(notes, EBN_LINUX_NAME, EBN_LINUX_RSDP, &rsdp,
			       sizeof(rsdp));
}

static u64 framebuffer_base(const struct screen_info *screen)
{
	u64 base = screen->lfb_base;

	if (screen->capabilities & VIDEO_CAPABILITY_64BIT_BASE)
		base |= (u64)screen->ext_lfb_base << 32;
	return base;
}

/* Linear ones with colours; text modes are no framebuffer. */
static void add_framebuffer(struct boot_notes *notes)
{
	const struct screen_info *screen = kexec_elf_x86_screen();
	struct ebn_framebuffer fb = {
		.addr = cpu_to_le64(framebuffer_base(screen)),
		.pitch = cpu_to_le32(screen->lfb_linelength),
		.width = cpu_to_le32(screen->lfb_width),
		.height = cpu_to_le32(screen->lfb_height),
		.depth = screen->lfb_depth,
		.red = { screen->red_pos, screen->red_size },
		.green = { screen->green_pos, screen->green_size },
		.blue = { screen->blue_pos, screen->blue_size },
		.reserved = { screen->rsvd_pos, screen->rsvd_size },
	};

	if (screen->orig_video_isVGA != VIDEO_TYPE_VLFB &&
	    screen->orig_video_isVGA != VIDEO_TYPE_EFI)
		return;
	if (fb.addr && fb.depth > 8)
		boot_notes_add(notes, EBN_LINUX_NAME, EBN_LINUX_FRAMEBUFFER,
			       &fb, sizeof(fb));
}

/* No seed is better than one that is not random. */
static void add_seed(struct boot_notes *notes)
{
	void *seed;

	if (!rng_is_initialized())
		return;
	seed = boot_notes_reserve(notes, EBN_LINUX_NAME, EBN_LINUX_RNG_SEED,
				  SEED_SIZE);
	if (seed)
		get_random_bytes(seed, SEED_SIZE);
}

/**
 * kexec_elf_x86_make_notes - make the block of ELF boot notes for an image
 * @told: what is for this image only
 * @block: where
 * @room: bytes there
 *
 * Return: its size, 0 if there is not enough room.
 */
u32 kexec_elf_x86_make_notes(const struct kexec_elf_told *told, void *block,
			     u32 room)
{
	struct boot_notes notes;

	boot_notes_begin(&notes, block, room);
	add_firmware(&notes);
	boot_notes_add_string(&notes, EBN_BOOTLOADER_NAME, "kexec_file_load");
	boot_notes_add_string(&notes, EBN_BOOTLOADER_VERSION, UTS_RELEASE);
	if (told->cmdline)
		boot_notes_add_string(&notes, EBN_COMMAND_LINE, told->cmdline);
	if (told->crash)
		add_crash_map(&notes, &told->crash->params);
	else
		add_map(&notes);
	add_initrd(&notes, told);
	add_rsdp(&notes);
	add_framebuffer(&notes);
	add_handover(&notes, told);
	add_seed(&notes);
	return boot_notes_end(&notes);
}
