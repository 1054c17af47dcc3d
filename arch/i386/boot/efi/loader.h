/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of this loader share: the state of one boot, and who offers
 * what. There is no other memory that lasts: nothing here has a variable.
 */
#ifndef ELFBOOT_EFI_LOADER_H
#define ELFBOOT_EFI_LOADER_H

#include "base.h"
#include "kexec/elf-plan.h"
#include "map.h"
#include "options.h"
#include "sections.h"
#include "sources/wire-notes.h"
#include "version.h"
#include "wire-uefi.h"

#define GIB_4		0x100000000ULL

/**
 * struct pages - memory that we have from the firmware
 * @start: physical address, which is the pointer, too
 * @size: bytes, whole pages; 0: none
 */
struct pages {
	u64 start;
	u64 size;
};

/**
 * struct tpm - who measures
 * @protocol: its functions; NULL: nobody
 * @is_cc: EFI_CC_MEASUREMENT_PROTOCOL, as in a confidential virtual machine
 */
struct tpm {
	struct efi_measurement *protocol;
	bool is_cc;
};

/**
 * struct code_page - a page that can be executed (protect.c)
 * @memory: the firmware's protocol that protects it; NULL: nobody does
 * @start: its address
 * @before: EFI_MEMORY_* as they were
 * @is_read_only: it cannot be written to any more
 */
struct code_page {
	struct efi_memory_attribute *memory;
	u64 start;
	u64 before;
	bool is_read_only;
};

/**
 * struct loader - one boot
 * @handle: our image's
 * @system: the firmware
 * @boot: its boot services
 * @image: ourselves, as we have been loaded
 * @secure_boot: EBN_SECURE_BOOT_*
 * @tpm: who measures what comes from outside
 * @own: sections of our image
 * @words: the load options without our own name
 * @kernel: name of the kernel's file, or what stands for it in messages
 * @file: the kernel's bytes, below 4 GiB; where they are not our image's they
 *	  are in @file_pages
 * @file_size: how many
 * @plan: what is to be where
 * @initrd: address and size of the initrd; size 0: none
 * @file_pages: to be given back, as are all that follow
 * @initrd_pages: with the initrd
 * @log_pages: with the TPM's event log
 * @earlier_log: the table that somebody else had put there; NULL: nobody
 * @handover_pages: what the last steps need (struct handover)
 * @code_page: the first of them
 * @map_pages: the memory map that the image gets
 * @tried_to_leave: ExitBootServices has been called: what may be called after that is
 *		    services for memory, and no others
 * @map: the memory map as it was last read
 * @map_room: bytes of its buffer, which is pool memory; 0: none
 * @cmdline: the kernel's command line
 */
struct loader {
	efi_handle handle;
	struct efi_system_table *system;
	struct efi_boot_services *boot;
	struct efi_loaded_image *image;
	u32 secure_boot;
	struct tpm tpm;
	struct own_sections own;
	struct word words;
	struct word kernel;
	const u8 *file;
	u64 file_size;
	struct elf_plan plan;
	struct {
		u64 start;
		u64 size;
	} initrd;
	struct pages file_pages;
	struct pages initrd_pages;
	struct pages log_pages;
	void *earlier_log;
	struct pages handover_pages;
	struct code_page code_page;
	struct pages map_pages;
	bool tried_to_leave;
	struct efi_map map;
	efi_uintn map_room;
	char cmdline[CMDLINE_SIZE];
};

/**
 * struct progress - something that is read, and may take long
 * @timer: event of the firmware's, or NULL
 * @name: what is read
 * @shown: there is a dot already
 */
struct progress {
	void *timer;
	const struct word *name;
	bool shown;
};

/* A physical address is a pointer: UEFI maps all memory one to one. */
static inline void *at(u64 address)
{
	return (void *)(unsigned long)address;
}

static inline u64 address_of(const void *pointer)
{
	return (unsigned long)pointer;
}

/* Does the firmware start only what is signed, or does it not say? */
static inline bool is_secure_boot(const struct loader *loader)
{
	return loader->secure_boot != EBN_SECURE_BOOT_DISABLED;
}

/* console.c */
void say(const struct loader *loader, const char *format, ...);
void say_part(const struct loader *loader, const char *format, ...);
efi_status fail(const struct loader *loader, efi_status status,
		const char *format, ...);

/* memory.c */
efi_status memory_get_map(const struct loader *loader, struct efi_map *map,
			  efi_uintn *size);
efi_status memory_no_map(const struct loader *loader, const struct efi_map *map,
			 efi_status status);
efi_status memory_read_map(struct loader *loader);
efi_status memory_allocate(struct loader *loader, u32 type, u64 size,
			   u64 limit, struct pages *pages);
void memory_free(struct loader *loader, struct pages *pages);
void memory_free_all(struct loader *loader);

/* protect.c */
efi_status protect_code(struct loader *loader, u64 start);
bool protect_undo(struct loader *loader);

/* progress.c */
void progress_begin(const struct loader *loader, struct progress *progress,
		    const struct word *name);
void progress_show(const struct loader *loader, struct progress *progress);
void progress_end(const struct loader *loader, struct progress *progress);

/* files.c */
efi_status file_open(const struct loader *loader, const struct word *name,
		     struct efi_file **file, u64 *size);
efi_status file_read(const struct loader *loader, const struct word *name,
		     struct efi_file *file, void *buffer, u64 size);

/* kernel.c */
efi_status kernel_load(struct loader *loader);

/* initrd.c */
efi_status initrd_load(struct loader *loader);

/* tables.c */
bool guid_equal(const struct efi_guid *a, const struct efi_guid *b);
const void *tables_find(const struct loader *loader,
			const struct efi_guid *guid);
u64 tables_find_rsdp(const struct loader *loader);
u32 tables_ask_secure_boot(const struct loader *loader);

/* leave.c */
efi_status leave(struct loader *loader);

/* main.c */
efi_status EFIAPI efi_main(efi_handle handle, struct efi_system_table *system);

#endif /* ELFBOOT_EFI_LOADER_H */
