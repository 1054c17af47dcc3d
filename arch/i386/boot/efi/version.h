/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What this program calls itself, to the image and to whoever revokes it.
 */
#ifndef ELFBOOT_EFI_VERSION_H
#define ELFBOOT_EFI_VERSION_H

#define LOADER_NAME	"elfboot.efi"
#define LOADER_VERSION	"3.4"

/*
 * Documentation/elf-boot.txt, section 12.2, has when this is raised: with the fix
 * of a hole in Secure Boot, by one, and never for anything else.
 */
#define SBAT_GENERATION	"1"

#endif /* ELFBOOT_EFI_VERSION_H */
