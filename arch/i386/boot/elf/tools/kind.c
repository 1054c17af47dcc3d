// SPDX-License-Identifier: GPL-2.0
/*
 * Files that people have beside their kernels: what they are, and what to do.
 */
#include <string.h>

#include "elfimage.h"

/* By their magic numbers; the longer one comes first. Where Images have theirs:
 * Documentation/arch/{arm64,riscv,loongarch} of the kernel, "booting" and
 * "boot-image-header"; EFI zboot's: drivers/firmware/efi/libstub/zboot-header.S.
 */
static const struct {
	size_t at;
	const char *magic;
	size_t size;
	const char *what;
} kinds[] = {
	{ 0, "\x27\x05\x19\x56", 4,
	  "a uImage; take the kernel out by \"dumpimage\"" },
	{ 0, "\xd0\x0d\xfe\xed", 4,
	  "a FIT image or a device tree; take the kernel out by \"dumpimage\"" },
	{ 0, "070701", 6, "an initrd, not a kernel" },
	{ 0, "070702", 6, "an initrd, not a kernel" },
	{ 4, "zimg", 4,
	  "an EFI zboot image: a kernel for another architecture, not for x86" },
	{ 0x38, "ARM\x64", 4, "an arm64 Image: a kernel for arm64, not for x86" },
	{ 0x38, "RSC\x05", 4, "a RISC-V Image: a kernel for RISC-V, not for x86" },
	{ 0x38, "\xcd\x23\x82\x81", 4,
	  "a LoongArch Image: a kernel for LoongArch, not for x86" },
	{ 0x24, "\x18\x28\x6f\x01", 4,
	  "an ARM zImage: a kernel for ARM, not for x86" },
	{ 0, "MZ", 2,
	  "an EFI program, and no unified kernel image: it has no section .linux" },
	{ 0, "ANDROID!", 8,
	  "an Android boot image; take the kernel out by \"unpack_bootimg\"" },
	{ 0x8001, "CD001", 5, "an ISO 9660 image; take the kernel out of it" },
	{ 0, "hsqs", 4, "a squashfs; take the kernel out by \"unsquashfs\"" },
	{ 0, "QFI\xfb", 4, "a disk image (qcow2); take the kernel out of it" },
	{ 257, "ustar", 5, "a tar archive; take the kernel out by \"tar -x\"" },
	{ 0, "PK\x03\x04", 4, "a zip archive; take the kernel out by \"unzip\"" },
	{ 0, "7z\xbc\xaf\x27\x1c", 6, "a 7z archive; take the kernel out of it" },
	{ 0, "LZIP", 4, "compressed by lzip; unpack it first" },
	{ 0, "\x1f\x9d", 2, "compressed by compress(1); unpack it first" },
};

/**
 * kind_of_file - say what a file is that is no kernel
 * @file: all of it
 *
 * Return: what it is and what to do with it, or NULL.
 */
const char *kind_of_file(const struct bytes *file)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (file->size >= kinds[i].at + kinds[i].size &&
		    !memcmp(file->data + kinds[i].at, kinds[i].magic,
			    kinds[i].size))
			return kinds[i].what;
	return NULL;
}
