// SPDX-License-Identifier: GPL-2.0
/*
 * What shim looks at before it starts a program, and refuses one that has none
 * (shim's SBAT.md): a line for each component, with the number that its maker
 * raises when all earlier ones have to be revoked. Whoever composes adds lines of
 * his own; mkelfImage knows by ours which program it has.
 */
#include "loader.h"

static const char sbat[] __attribute__((used, section(".sbat"))) =
	"sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md\n"
	"elfboot,1,ELF boot," LOADER_NAME "," LOADER_VERSION ",file:///usr/share/doc/mkelfimage/elf-boot.txt\n";
