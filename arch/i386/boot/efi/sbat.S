/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What shim compares with the list of what has been revoked (shim's SBAT.md): lines
 * of component, generation, vendor, its package, its version, where to ask. The first
 * line is the format's own.
 */
#include "version.h"

	.section ".sbat", "a"
	.ascii	"sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md\n"
	.ascii	"elfboot," SBAT_GENERATION ",Linux ELF boot," LOADER_NAME ","
	.ascii	LOADER_VERSION ",Documentation/elf-boot.txt\n"

	.section .note.GNU-stack, "", @progbits
