// SPDX-License-Identifier: GPL-2.0
/*
 * A caller who speaks Linux's own 32-bit boot protocol: ESI leads to a filled
 * boot_params (kexec-tools' --args-linux). Its setup_header is not this
 * kernel's and is read only for what it says of the loader's data.
 */
#include <linux/errno.h>
#include <asm/bootparam.h>

#include "info/setup-data.h"
#include "machine/machine.h"
#include "sources/sources.h"

#define HDR_MAGIC	0x53726448	/* "HdrS" */
#define HDR_VERSION_MIN	0x0202		/* cmd_line_ptr */
#define HDR_VERSION_NODES	0x0209		/* setup_data */

static u64 join(u32 low, u32 high)
{
	return (u64)high << 32 | low;
}

static int not_there(struct bootinfo *bi, u64 bp)
{
	return bootinfo_stop(bi, "boot_params at %#llx, %llu bytes: not in memory", bp,
			     sizeof(struct boot_params));
}

static int add_entries(const struct ram *ram, u64 pa, u32 nr,
		       struct bootinfo *bi)
{
	struct boot_e820_entry entry;

	if (nr > MEMMAP_ENTRIES_MAX)
		return bootinfo_stop(bi, "memory map of %llu ranges, more than %llu",
				     nr, MEMMAP_ENTRIES_MAX);
	for (; nr; nr--, pa += sizeof(entry)) {
		if (ram_read(ram, pa, &entry, sizeof(entry)))
			return bootinfo_stop(bi, "memory map up to %#llx, %llu ranges to go: not in memory",
					     pa, nr);
		memmap_add(&bi->offer, entry.addr, entry.size, entry.type);
	}
	return 0;
}

/* Of the nodes, only a longer memory map concerns us. */
static int add_extended(const struct ram *ram, u64 pa, struct bootinfo *bi)
{
	struct setup_data node;
	int ret = 0;
	u32 i;

	for (i = 0; pa && !ret; i++, pa = node.next) {
		if (i == SETUP_DATA_MAX)
			return bootinfo_stop(bi, "setup_data %#llx: after %llu nodes there are still more",
					     pa, i);
		if (ram_read(ram, pa, &node, sizeof(node)))
			return bootinfo_stop(bi, "setup_data %#llx, behind %llu other nodes: not in memory",
					     pa, i);
		if (node.type == SETUP_E820_EXT)
			ret = add_entries(ram, pa + sizeof(node), node.len /
					  sizeof(struct boot_e820_entry), bi);
	}
	return ret;
}

/* After kexec there is nobody else to ask: the map is part of the core. */
static int read_map(const struct ram *ram, u64 bp,
		    const struct setup_header *hdr, struct bootinfo *bi)
{
	int ret;
	u8 nr;

	memmap_init(&bi->offer);
	if (ram_read(ram, bp + offsetof(struct boot_params, e820_entries), &nr,
		     sizeof(nr)))
		return not_there(bi, bp);
	if (nr > E820_MAX_ENTRIES_ZEROPAGE)
		return bootinfo_stop(bi, "e820_entries: %llu ranges, more than %llu",
				     nr, E820_MAX_ENTRIES_ZEROPAGE);
	ret = add_entries(ram, bp + offsetof(struct boot_params, e820_table),
			  nr, bi);
	if (!ret && hdr->version >= HDR_VERSION_NODES)
		ret = add_extended(ram, hdr->setup_data, bi);
	return ret;
}

static int read_header(const struct ram *ram, u64 bp, struct setup_header *hdr)
{
	if (!bp || ram_read(ram, bp + offsetof(struct boot_params, hdr), hdr,
			    sizeof(*hdr)))
		return -ENOENT;
	return hdr->header == HDR_MAGIC ? 0 : -ENOENT;
}

/**
 * bootparams_probe - take what a loader of Linux kernels passes
 * @ram: physical memory
 * @handoff: ESI is the physical address of boot_params
 *	     (Documentation/x86/boot.rst, "32-bit Boot Protocol")
 * @bi: result
 *
 * boot_flag is not looked at: kexec-tools leave it 0.
 *
 * Return: 0, -ENOENT if ESI leads to no boot_params, -EBADMSG if they are
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
	u8 sentinel;
	int ret;

	bi->source = "linux";
	ret = read_header(ram, bp, &hdr);
	if (ret)
		return ret;
	if (hdr.version < HDR_VERSION_MIN)
		return bootinfo_stop(bi, "boot protocol %#llx, older than %#llx",
				     hdr.version, HDR_VERSION_MIN);
	if (ram_read(ram, bp + offsetof(struct boot_params, ext_ramdisk_image),
		     &ext, sizeof(ext)) ||
	    ram_read(ram, bp + offsetof(struct boot_params, acpi_rsdp_addr),
		     &rsdp, sizeof(rsdp)) ||
	    ram_read(ram, bp + offsetof(struct boot_params, sentinel),
		     &sentinel, sizeof(sentinel)))
		return not_there(bi, bp);
	/* Never cleared: bootparams_sanitize() has what mainline then believes. */
	if (sentinel) {
		memset(&ext, 0, sizeof(ext));
		rsdp = 0;
	}

	cmdline = join(hdr.cmd_line_ptr, ext.cmd_line_ptr);
	initrd = join(hdr.ramdisk_image, ext.ramdisk_image);
	size = join(hdr.ramdisk_size, ext.ramdisk_size);
	/* First, as it says where the console is. */
	if (cmdline)
		ret = bootinfo_read_cmdline(bi, ram, cmdline, "");
	if (!ret && initrd + size < initrd)
		ret = bootinfo_stop(bi, "ramdisk_image %#llx, ramdisk_size %#llx: beyond the end of memory",
				    initrd, size);
	if (!ret)
		ret = read_map(ram, bp, &hdr, bi);
	if (ret)
		return ret;

	bootinfo_set_loader(bi, "");
	if (hdr.type_of_loader)
		bi->loader_id = hdr.type_of_loader;
	/* As the kernel's reserve_initrd() has it. */
	if (initrd && size) {
		bi->module_offer[0] = (struct range){ initrd, size, MEM_RAM };
		bootinfo_set_modules(bi, 1);
	}
	bootinfo_set_loader_map(bi);
	bi->boot_params = bp;
	bi->rsdp = rsdp;
	bi->no_bios = true;
	return 0;
}
