/* SPDX-License-Identifier: GPL-2.0 */
/*
 * QEMU's configuration device: docs/specs/fw_cfg.rst of QEMU, and
 * hw/i386/e820_memory_layout.h for the one file that we read.
 */
#ifndef ELFBOOT_WIRE_FWCFG_H
#define ELFBOOT_WIRE_FWCFG_H

#include <linux/types.h>

#define FW_CFG_PORT_SELECT	0x510		/* 16 bits wide */
#define FW_CFG_PORT_DATA	0x511

#define FW_CFG_SIGNATURE	0x0000
#define FW_CFG_FILE_DIR		0x0019		/* a count, and the files */

#define FW_CFG_FILES_MAX	1024

struct fw_cfg_file {
	__be32 size;
	__be16 select;
	__be16 reserved;
	char name[56];
} __attribute__((packed));

struct fw_cfg_e820 {
	__le64 addr;
	__le64 size;
	__le32 type;
} __attribute__((packed));

_Static_assert(sizeof(struct fw_cfg_file) == 64, "fw_cfg file");
_Static_assert(sizeof(struct fw_cfg_e820) == 20, "fw_cfg e820");

#endif /* ELFBOOT_WIRE_FWCFG_H */
