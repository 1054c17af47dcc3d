/* SPDX-License-Identifier: GPL-2.0 */
/*
 * UEFI, as far as the kernel has to be told of it (efi.c).
 */
#ifndef ELFBOOT_EFI_H
#define ELFBOOT_EFI_H

#include "base.h"
#include "info/memmap.h"

struct ram;

/* The arena holds it, and is 64 KiB at most. */
#define EFI_MAP_MAX	0xc000

/**
 * struct efi - UEFI, as far as the kernel has to be told of it
 * @bits: of the firmware, 32 or 64; 0: there is none
 * @systab: physical address of the system table
 * @map: where the loader has put UEFI's memory map
 * @desc_size: bytes of a descriptor in it
 * @desc_version: and its version
 * @secure_boot: boot_params.secure_boot
 */
struct efi {
	u32 bits;
	u64 systab;
	struct range map;
	u32 desc_size;
	u32 desc_version;
	u8 secure_boot;
};

int efi_map_check(struct efi *efi);
bool efi_find_used(const struct ram *ram, const struct efi *efi, u64 start,
		   u64 size, struct range *used);

#endif /* ELFBOOT_EFI_H */
