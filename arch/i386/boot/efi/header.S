/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The headers of a PE file (Microsoft's "PE Format"). efi.lds has the numbers:
 * the file is linked at 0, and no address of it is in any instruction, so that
 * there are no relocations.
 */
#define PE32		0x10b
#define PE32_PLUS	0x20b

#define I386		0x14c
#define AMD64		0x8664

#define EXECUTABLE	0x0002
#define LARGE_ADDRESSES	0x0020
#define NO_DEBUG	0x0200

#define EFI_APPLICATION	10
#define NX_COMPAT	0x0100

#define TEXT_FLAGS	0x60000020	/* code, to be executed and read */
#define RODATA_FLAGS	0x40000040	/* data, to be read */

/* Whoever composes adds sections: there is room for a dozen more headers. */
#define NR_DIRECTORIES	16

#ifdef __x86_64__
#define MACHINE		AMD64
#define MAGIC		PE32_PLUS
#define address		.quad
#else
#define MACHINE		I386
#define MAGIC		PE32
#define address		.long
#endif

	.section ".header", "a"
	.ascii	"MZ"
	.org	0x3c
	.long	.Lpe

	.balign	8
.Lpe:
	.ascii	"PE\0\0"
	.word	MACHINE
	.word	(.Lsections_end - .Lsections) / 40
	.long	0			/* no time: the same bytes every day */
	.long	0
	.long	0
	.word	.Lsections - .Loptional
	.word	EXECUTABLE | LARGE_ADDRESSES | NO_DEBUG

.Loptional:
	.word	MAGIC
	.byte	0			/* linker */
	.byte	0
	.long	pe_text_size
	.long	pe_data_size
	.long	0
	.long	efi_main
	.long	pe_text
#ifndef __x86_64__
	.long	pe_rodata
#endif
	address	0			/* wherever the firmware likes */
	.long	pe_section_align
	.long	pe_file_align
	.word	0			/* operating system */
	.word	0
	/*
	 * GRUB 2.12 and systemd-stub offer an initrd by LoadFile2 to whoever
	 * has 1 here, as Linux has.
	 */
	.word	1
	.word	0
	.word	0			/* subsystem */
	.word	0
	.long	0
	.long	pe_image_size
	.long	pe_headers_size
	.long	0			/* no sum: only drivers have one */
	.word	EFI_APPLICATION
	.word	NX_COMPAT
	address	0			/* stack and heap are the firmware's */
	address	0
	address	0
	address	0
	.long	0
	.long	NR_DIRECTORIES
	.skip	8 * NR_DIRECTORIES

.Lsections:
	.ascii	".text\0\0\0"
	.long	pe_text_size
	.long	pe_text
	.long	pe_text_size
	.long	pe_text_offset
	.skip	12
	.long	TEXT_FLAGS

	.ascii	".rodata\0"
	.long	pe_rodata_size
	.long	pe_rodata
	.long	pe_rodata_size
	.long	pe_rodata_offset
	.skip	12
	.long	RODATA_FLAGS

	.ascii	".sbat\0\0\0"
	.long	pe_sbat_used
	.long	pe_sbat
	.long	pe_sbat_size
	.long	pe_sbat_offset
	.skip	12
	.long	RODATA_FLAGS
.Lsections_end:

	.section .note.GNU-stack, "", @progbits
