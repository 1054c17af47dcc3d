// SPDX-License-Identifier: GPL-2.0
/*
 * A caller who speaks Linux's own 32-bit boot protocol: ESI leads to a filled
 * boot_params (kexec-tools' --args-linux). Its setup_header is not this
 * kernel's and is read only for what it says of the loader's data.
 */
#include <linux/errno.h>
#include <asm/bootparam.h>

#include "elfboot.h"

static const char * const name = "linux";

#define HDR_MAGIC	0x53726448	/* "HdrS" */
#define HDR_VERSION_MIN	0x0202		/* cmd_line_ptr */

/* A chain is longer than this only if it runs in circles. */
#define SETUP_DATA_MAX	64

static u64 join(u32 low, u32 high)
{
	return (u64)high << 32 | low;
}

static int add_entries(const struct ram *ram, u64 pa, u32 nr,
		       struct memmap *map)
{
	struct boot_e820_entry entry;

	if (nr > MEMMAP_ENTRIES_MAX)
		return -EINVAL;
	for (; nr; nr--, pa += sizeof(entry)) {
		if (ram_read(ram, pa, &entry, sizeof(entry)))
			return -EINVAL;
		memmap_add(map, entry.addr, entry.size, entry.type);
	}
	return 0;
}

/* Of the nodes, only a longer memory map concerns us. */
static int add_extended(const struct ram *ram, u64 pa, struct memmap *map)
{
	struct setup_data node;
	u32 i;

	for (i = 0; pa; i++, pa = node.next) {
		if (i == SETUP_DATA_MAX ||
		    ram_read(ram, pa, &node, sizeof(node)))
			return -EINVAL;
		if (node.type == SETUP_E820_EXT &&
		    add_entries(ram, pa + sizeof(node),
				node.len / sizeof(struct boot_e820_entry), map))
			return -EINVAL;
	}
	return 0;
}

static int read_map(const struct ram *ram, u64 bp,
		    const struct setup_header *hdr, struct memmap *map)
{
	u8 nr;

	memmap_init(map);
	if (ram_read(ram, bp + offsetof(struct boot_params, e820_entries), &nr,
		     sizeof(nr)))
		return -EINVAL;
	if (nr > E820_MAX_ENTRIES_ZEROPAGE)
		return -EINVAL;
	if (add_entries(ram, bp + offsetof(struct boot_params, e820_table), nr,
			map))
		return -EINVAL;
	return hdr->version >= 0x0209 ?
	       add_extended(ram, hdr->setup_data, map) : 0;
}

static int read_header(const struct ram *ram, u64 bp, struct setup_header *hdr)
{
	if (!bp || ram_read(ram, bp + offsetof(struct boot_params, hdr), hdr,
			    sizeof(*hdr)))
		return -ENOENT;
	if (hdr->header != HDR_MAGIC)
		return -ENOENT;
	return hdr->version >= HDR_VERSION_MIN ? 0 : -EINVAL;
}

/**
 * bootparams_probe - take what a loader of Linux kernels passes
 * @ram: physical memory
 * @handoff: ESI is the physical address of boot_params
 *	     (Documentation/x86/boot.rst, "32-bit Boot Protocol")
 * @bi: result, as it was on error
 *
 * boot_flag is not looked at: kexec-tools leave it 0.
 *
 * Return: 0, -ENOENT if ESI leads to no boot_params, -EINVAL if they are
 * corrupt.
 */
int bootparams_probe(const struct ram *ram, const struct handoff *handoff,
		     struct bootinfo *bi)
{
	const u64 bp = handoff->esi;
	struct setup_header hdr;
	struct {
		u32 ramdisk_image;
		u32 ramdisk_size;
		u32 cmd_line_ptr;
	} ext;
	u64 rsdp, cmdline, initrd, size;
	int ret = read_header(ram, bp, &hdr);

	if (ret)
		return ret;
	if (ram_read(ram, bp + offsetof(struct boot_params, ext_ramdisk_image),
		     &ext, sizeof(ext)) ||
	    ram_read(ram, bp + offsetof(struct boot_params, acpi_rsdp_addr),
		     &rsdp, sizeof(rsdp)) ||
	    read_map(ram, bp, &hdr, &bi->offer))
		return -EINVAL;

	cmdline = join(hdr.cmd_line_ptr, ext.cmd_line_ptr);
	initrd = join(hdr.ramdisk_image, ext.ramdisk_image);
	size = join(hdr.ramdisk_size, ext.ramdisk_size);
	if (initrd + size < initrd)
		return -EINVAL;
	if (cmdline && bootinfo_read_cmdline(bi, name, ram, cmdline, ""))
		return -EINVAL;

	bootinfo_set_loader(bi, name, "");
	if (hdr.type_of_loader)
		bi->loader_id = hdr.type_of_loader;
	if (size) {
		bi->module_offer[0] = (struct range){ initrd, size, MEM_RAM };
		bootinfo_set_modules(bi, name, 1);
	}
	bootinfo_set_loader_map(bi, name);
	bi->boot_params = bp;
	bi->rsdp = rsdp;
	bi->no_bios = true;
	return 0;
}
