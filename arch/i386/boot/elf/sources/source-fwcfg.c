// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's configuration device (docs/specs/fw_cfg of QEMU), asked when nobody
 * else knows the memory: its file "etc/e820" says what the machine has, but
 * not where the firmware keeps its tables.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "machine/machine.h"
#include "sources/sources.h"
#include "sources/wire-fwcfg.h"

static void read_bytes(void *dst, u32 len)
{
	u8 *p = dst;

	while (len--)
		*p++ = port_read(FW_CFG_PORT_DATA);
}

static bool is_present(void)
{
	char signature[4];

	/* On real machines something else may be at these ports. */
	if (!cpu_is_virtual())
		return false;
	port_write16(FW_CFG_SIGNATURE, FW_CFG_PORT_SELECT);
	read_bytes(signature, sizeof(signature));
	return !memcmp(signature, "QEMU", sizeof(signature));
}

/* Return its size in bytes, selected; 0: there is none. */
static u32 open_map(void)
{
	struct fw_cfg_file file;
	__be32 nr;
	u32 left;

	port_write16(FW_CFG_FILE_DIR, FW_CFG_PORT_SELECT);
	read_bytes(&nr, sizeof(nr));
	left = __be32_to_cpu(nr);
	if (left > FW_CFG_FILES_MAX)
		return 0;
	for (; left; left--) {
		read_bytes(&file, sizeof(file));
		if (strncmp(file.name, "etc/e820", sizeof(file.name)))
			continue;
		port_write16(__be16_to_cpu(file.select), FW_CFG_PORT_SELECT);
		return __be32_to_cpu(file.size);
	}
	return 0;
}

/**
 * fwcfg_probe - ask QEMU for the memory map, if there is none
 * @ram: not used
 * @handoff: not used
 * @bi: result, as it was on error
 *
 * Return: 0, -ENOENT if there is one or no QEMU, -EINVAL if it is corrupt.
 */
int fwcfg_probe(const struct ram *ram, const struct handoff *handoff,
		struct bootinfo *bi)
{
	struct fw_cfg_e820 entry;
	u32 size;

	bi->source = "fw-cfg";
	if (bi->map_rank <= MAP_FWCFG || !is_present())
		return -ENOENT;
	size = open_map();
	if (!size)
		return -ENOENT;
	if (size % sizeof(entry) || size > MEMMAP_ENTRIES_MAX * sizeof(entry))
		return -EINVAL;
	memmap_init(&bi->offer);
	for (; size; size -= sizeof(entry)) {
		read_bytes(&entry, sizeof(entry));
		memmap_add(&bi->offer, __le64_to_cpu(entry.addr),
			   __le64_to_cpu(entry.size),
			   memmap_type(__le32_to_cpu(entry.type)));
	}
	bootinfo_set_map(bi, MAP_FWCFG);
	return 0;
}
