// SPDX-License-Identifier: GPL-2.0
/*
 * PVH: the start info that EBX points to, from Xen, QEMU, Firecracker, Cloud
 * Hypervisor. Its entry point is one of its own (stub.h) and puts the magic
 * number into EAX.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "machine/machine.h"
#include "sources/sources.h"
#include "sources/wire-pvh.h"

static int read_info(const struct ram *ram, u32 addr,
		     struct hvm_start_info *info, struct bootinfo *bi)
{
	u32 size = HVM_START_INFO_V0_SIZE;

	memset(info, 0, sizeof(*info));
	if (!ram_read(ram, addr, info, size)) {
		if (__le32_to_cpu(info->magic) != HVM_START_MAGIC)
			return bootinfo_stop(bi, "magic %#llx in the start info, not %#llx",
					     __le32_to_cpu(info->magic),
					     HVM_START_MAGIC);
		if (!info->version)
			return 0;
		size = sizeof(*info);
	}
	if (!ram_read(ram, addr, info, size))
		return 0;
	return bootinfo_stop(bi, "start info at %#llx, %llu bytes: not in memory",
			     addr, size);
}

/*
 * Only the kernel's own entry makes a kernel Xen's first domain (xen_pvh_init()), and
 * that one gets no map: the machine's is what QEMU would tell, not the domain's.
 */
static int check_domain(const struct hvm_start_info *info, struct bootinfo *bi)
{
	u32 flags = __le32_to_cpu(info->flags);

	if (!(flags & SIF_INITDOMAIN))
		return 0;
	return bootinfo_stop(bi, "flags %#llx: Xen's first domain; boot vmlinux",
			     flags, 0);
}

/*
 * Below a hypervisor there is nobody else to ask. What a PC has between RAM and the
 * first MiB is taken, as the kernel's own PVH entry has it (Linux,
 * arch/x86/platform/pvh/enlighten.c): Xen's map has RAM there, Firecracker's nothing.
 */
static int read_map(const struct ram *ram, const struct hvm_start_info *info,
		    struct bootinfo *bi)
{
	struct hvm_memmap_table_entry entry;
	u64 addr = __le64_to_cpu(info->memmap_paddr);
	u32 nr = __le32_to_cpu(info->memmap_entries);

	memmap_init(&bi->offer);
	if (nr > MEMMAP_ENTRIES_MAX)
		return bootinfo_stop(bi, "memmap_entries: %llu ranges, more than %llu",
				     nr, MEMMAP_ENTRIES_MAX);
	for (; nr; nr--, addr += sizeof(entry)) {
		if (ram_read(ram, addr, &entry, sizeof(entry)))
			return bootinfo_stop(bi, "memmap_paddr %#llx, %llu ranges: not in memory",
					     __le64_to_cpu(info->memmap_paddr),
					     __le32_to_cpu(info->memmap_entries));
		memmap_add(&bi->offer, __le64_to_cpu(entry.addr),
			   __le64_to_cpu(entry.size),
			   __le32_to_cpu(entry.type));
	}
	if (info->memmap_entries)
		memmap_add(&bi->offer, HOLE_START, HOLE_END - HOLE_START,
			   MEM_RESERVED);
	return 0;
}

static int read_modules(const struct ram *ram,
			const struct hvm_start_info *info,
			struct bootinfo *bi)
{
	struct hvm_modlist_entry module;
	u64 addr = __le64_to_cpu(info->modlist_paddr);
	u32 nr = __le32_to_cpu(info->nr_modules);
	u32 i;

	if (nr > MODULES_MAX)
		return bootinfo_stop(bi, "nr_modules: %llu modules, more than %llu",
				     nr, MODULES_MAX);
	for (i = 0; i < nr; i++, addr += sizeof(module)) {
		u64 start, size;

		if (ram_read(ram, addr, &module, sizeof(module)))
			return bootinfo_stop(bi, "modlist_paddr %#llx, %llu modules: not in memory",
					     __le64_to_cpu(info->modlist_paddr),
					     nr);
		start = __le64_to_cpu(module.paddr);
		size = __le64_to_cpu(module.size);
		if (start + size < start)
			return bootinfo_stop(bi, "module at %#llx, size %#llx: beyond the end of memory",
					     start, size);
		bi->module_offer[i] = (struct range){ start, size, MEM_RAM };
	}
	return 0;
}

/**
 * pvh_probe - take what a PVH loader passes
 * @ram: physical memory
 * @handoff: EAX is the magic number (set by our own entry), EBX the physical
 *	     address of the start info (Xen, docs/misc/pvh.pandoc)
 * @bi: result
 *
 * Return: 0, -ENOENT if another entry was used, -EBADMSG if there is no start
 * info, or if the command line, the modules or the map are corrupt.
 */
int pvh_probe(const struct ram *ram, const struct handoff *handoff,
	      struct bootinfo *bi)
{
	struct hvm_start_info info;
	u64 cmdline;
	int ret;

	bi->source = "pvh";
	if (handoff->eax != HVM_START_MAGIC)
		return -ENOENT;
	ret = read_info(ram, handoff->ebx, &info, bi);
	if (ret)
		return ret;
	/* First, as it says where the console is. */
	cmdline = __le64_to_cpu(info.cmdline_paddr);
	if (cmdline)
		ret = bootinfo_read_cmdline(bi, ram, cmdline, "");
	if (!ret)
		ret = check_domain(&info, bi);
	if (!ret)
		ret = read_modules(ram, &info, bi);
	if (!ret)
		ret = read_map(ram, &info, bi);
	if (ret)
		return ret;

	bootinfo_set_loader(bi, "");
	bootinfo_set_modules(bi, __le32_to_cpu(info.nr_modules));
	bootinfo_set_loader_map(bi);
	bi->no_bios = true;
	bi->no_coreboot = true;
	bi->rsdp = __le64_to_cpu(info.rsdp_paddr);
	return 0;
}
