// SPDX-License-Identifier: GPL-2.0
/*
 * PVH: the start info that EBX points to, from Xen, QEMU, Firecracker, Cloud
 * Hypervisor. Its entry point is one of its own (stub.h) and puts the magic
 * number into EAX.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "elfboot.h"
#include "wire-pvh.h"

static const char * const name = "pvh";

static int read_info(const struct ram *ram, u32 addr,
		     struct hvm_start_info *info)
{
	memset(info, 0, sizeof(*info));
	if (ram_read(ram, addr, info, HVM_START_INFO_V0_SIZE))
		return -EINVAL;
	if (__le32_to_cpu(info->magic) != HVM_START_MAGIC)
		return -EINVAL;
	if (!info->version)
		return 0;
	return ram_read(ram, addr, info, sizeof(*info)) ? -EINVAL : 0;
}

static int read_map(const struct ram *ram, const struct hvm_start_info *info,
		    struct memmap *map)
{
	struct hvm_memmap_table_entry entry;
	u64 addr = __le64_to_cpu(info->memmap_paddr);
	u32 nr = __le32_to_cpu(info->memmap_entries);

	if (nr > MEMMAP_ENTRIES_MAX)
		return -EINVAL;
	for (; nr; nr--, addr += sizeof(entry)) {
		if (ram_read(ram, addr, &entry, sizeof(entry)))
			return -EINVAL;
		memmap_add(map, __le64_to_cpu(entry.addr),
			   __le64_to_cpu(entry.size),
			   __le32_to_cpu(entry.type));
	}
	return 0;
}

static int read_modules(const struct ram *ram,
			const struct hvm_start_info *info,
			struct range *range)
{
	struct hvm_modlist_entry module;
	u64 addr = __le64_to_cpu(info->modlist_paddr);
	u32 nr = __le32_to_cpu(info->nr_modules);
	u32 i;

	if (nr > MODULES_MAX)
		return -EINVAL;
	for (i = 0; i < nr; i++, addr += sizeof(module)) {
		u64 start, size;

		if (ram_read(ram, addr, &module, sizeof(module)))
			return -EINVAL;
		start = __le64_to_cpu(module.paddr);
		size = __le64_to_cpu(module.size);
		if (start + size < start)
			return -EINVAL;
		range[i] = (struct range){ start, size, MEM_RAM };
	}
	return 0;
}

/**
 * pvh_probe - take what a PVH loader passes
 * @ram: physical memory
 * @handoff: EAX is the magic number (set by our own entry), EBX the physical
 *	     address of the start info (Xen, docs/misc/pvh.pandoc)
 * @bi: result, as it was on error
 *
 * Return: 0, -ENOENT if another entry was used, -EINVAL if the start info is
 * corrupt.
 */
int pvh_probe(const struct ram *ram, const struct handoff *handoff,
	      struct bootinfo *bi)
{
	struct hvm_start_info info;
	u64 cmdline;

	if (handoff->eax != HVM_START_MAGIC)
		return -ENOENT;
	if (read_info(ram, handoff->ebx, &info))
		return -EINVAL;

	memmap_init(&bi->offer);
	if (read_map(ram, &info, &bi->offer) ||
	    read_modules(ram, &info, bi->module_offer))
		return -EINVAL;
	cmdline = __le64_to_cpu(info.cmdline_paddr);
	if (cmdline && bootinfo_read_cmdline(bi, name, ram, cmdline, ""))
		return -EINVAL;

	bootinfo_set_loader(bi, name, "");
	bootinfo_set_modules(bi, name, __le32_to_cpu(info.nr_modules));
	bootinfo_set_loader_map(bi, name);
	bi->no_bios = true;
	bi->no_coreboot = true;
	bi->rsdp = __le64_to_cpu(info.rsdp_paddr);
	return 0;
}
