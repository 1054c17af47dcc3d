// SPDX-License-Identifier: GPL-2.0
/*
 * Multiboot 1: the information structure that EBX points to.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "info/cmdline.h"
#include "machine/machine.h"
#include "sources/sources.h"
#include "sources/wire-multiboot.h"

/* More than any loader has; iPXE stops at 8, GRUB at what memory holds. */
#define MMAP_BYTES_MAX	(MEMMAP_ENTRIES_MAX * 24)

/* What the information structure says, as far as its flags vouch for it. */
struct multiboot {
	u32 cmdline, loader;			/* 0: none */
	u32 nr_modules, modules;
	u32 mmap_length, mmap;
	u32 mem_lower, mem_upper;		/* KiB */
};

/* Addresses are of 32 bits: what goes on above 4 GiB is nobody's. */
static int read_low(const struct ram *ram, u64 addr, void *dst, u32 len)
{
	return addr + len > RAM_4G ? -EFAULT : ram_read(ram, addr, dst, len);
}

static int read_info(const struct ram *ram, u32 addr, struct multiboot *mb,
		     struct bootinfo *bi)
{
	struct multiboot_info info;
	u32 flags;

	if (read_low(ram, addr, &info, sizeof(info)))
		return bootinfo_stop(bi, "information at %#llx, %llu bytes: not in memory",
				     addr, sizeof(info));
	flags = __le32_to_cpu(info.flags);
	memset(mb, 0, sizeof(*mb));
	if (flags & MULTIBOOT_INFO_MEMORY) {
		mb->mem_lower = __le32_to_cpu(info.mem_lower);
		mb->mem_upper = __le32_to_cpu(info.mem_upper);
	}
	if (flags & MULTIBOOT_INFO_CMDLINE)
		mb->cmdline = __le32_to_cpu(info.cmdline);
	if (flags & MULTIBOOT_INFO_MODS) {
		mb->nr_modules = __le32_to_cpu(info.mods_count);
		mb->modules = __le32_to_cpu(info.mods_addr);
	}
	if (flags & MULTIBOOT_INFO_MEM_MAP) {
		mb->mmap_length = __le32_to_cpu(info.mmap_length);
		mb->mmap = __le32_to_cpu(info.mmap_addr);
	}
	if (flags & MULTIBOOT_INFO_BOOT_LOADER_NAME)
		mb->loader = __le32_to_cpu(info.boot_loader_name);
	return 0;
}

/* The name only tells who it was, and what to cut off the command line. */
static void read_loader(const struct ram *ram, u32 addr, char *loader,
			struct bootinfo *bi)
{
	if (addr && ram_string(ram, addr, loader, LOADER_SIZE))
		bootinfo_ignore(bi, CORRUPT_LOADER, "boot_loader_name ignored: at %#llx, memory ends within %llu bytes",
				addr, LOADER_SIZE);
}

static int parse_mmap(const struct ram *ram, const struct multiboot *mb,
		      struct memmap *map)
{
	const u32 fixed = sizeof(struct multiboot_mmap_entry);
	struct multiboot_mmap_entry entry;
	u32 left = mb->mmap_length;
	u64 addr = mb->mmap;
	u32 step;

	if (left > MMAP_BYTES_MAX)
		return -EINVAL;
	while (left >= fixed) {
		if (read_low(ram, addr, &entry, fixed))
			return -EINVAL;
		step = __le32_to_cpu(entry.size);
		if (step < fixed - 4 || step > left - 4)
			return -EINVAL;
		step += 4;
		memmap_add(map, __le64_to_cpu(entry.addr),
			   __le64_to_cpu(entry.len),
			   memmap_type(__le32_to_cpu(entry.type)));
		addr += step;
		left -= step;
	}
	return left ? -EINVAL : 0;
}

/* All of it or nothing: what is missing might be reserved. */
static void read_mmap(const struct ram *ram, const struct multiboot *mb,
		      struct bootinfo *bi)
{
	memmap_init(&bi->offer);
	if (!parse_mmap(ram, mb, &bi->offer))
		return;
	memmap_init(&bi->offer);
	bootinfo_ignore(bi, CORRUPT_MAP, "mmap ignored: mmap_addr %#llx, mmap_length %#llx: no list of ranges",
			mb->mmap, mb->mmap_length);
}

static int read_modules(const struct ram *ram, const struct multiboot *mb,
			struct bootinfo *bi)
{
	struct multiboot_module module;
	u32 i;

	if (mb->nr_modules > MODULES_MAX)
		return bootinfo_stop(bi, "mods_count: %llu modules, more than %llu",
				     mb->nr_modules, MODULES_MAX);
	for (i = 0; i < mb->nr_modules; i++) {
		u64 at = (u64)mb->modules + i * sizeof(module);
		u32 start, end;

		if (read_low(ram, at, &module, sizeof(module)))
			return bootinfo_stop(bi, "mods_addr %#llx, %llu modules: not in memory",
					     mb->modules, mb->nr_modules);
		start = __le32_to_cpu(module.mod_start);
		end = __le32_to_cpu(module.mod_end);
		if (end < start)
			return bootinfo_stop(bi, "mod_start %#llx, mod_end %#llx: the module ends before it starts",
					     start, end);
		bi->module_offer[i] = (struct range){ start, end - start,
						      MEM_RAM };
	}
	return 0;
}

/*
 * Etherboot's multiboot option gives no name, but "FILE ARGUMENTS -retaddr
 * 0X03EF393C": leave the arguments, and return the name.
 */
static const char *check_etherboot(char *cmdline)
{
	static const char last[] = " -retaddr 0X";
	const char *arguments = cmdline_skip_word(cmdline);
	char *tail = NULL;
	char *s;

	for (s = cmdline; *s; s++)
		if (!strncmp(s, last, sizeof(last) - 1))
			tail = s;
	if (!tail || *cmdline_skip_word(tail + sizeof(last) - 1))
		return "";
	*tail = '\0';
	if (arguments > tail)
		arguments = tail;
	memmove(cmdline, arguments, tail + 1 - arguments);
	return "Etherboot";
}

static void take_map(const struct multiboot *mb, struct bootinfo *bi)
{
	struct memmap *map = &bi->offer;

	if (!map->nr)
		memmap_add_sizes(map, mb->mem_lower, mb->mem_upper);
	bootinfo_set_loader_map(bi);
}

/**
 * multiboot_probe - take what a multiboot 1 loader passes
 * @ram: physical memory
 * @handoff: EAX is the magic number, EBX the physical address of the
 *	     information (Multiboot Specification 0.6.96, section 3.2)
 * @bi: result
 *
 * Return: 0, -ENOENT without the magic number, -EBADMSG if the information, its
 * command line or its modules are corrupt.
 */
int multiboot_probe(const struct ram *ram, const struct handoff *handoff,
		    struct bootinfo *bi)
{
	char loader[LOADER_SIZE] = "";
	struct multiboot mb;
	int ret;

	bi->source = "multiboot";
	if (handoff->eax != MULTIBOOT_BOOTLOADER_MAGIC)
		return -ENOENT;
	ret = read_info(ram, handoff->ebx, &mb, bi);
	if (ret)
		return ret;
	read_loader(ram, mb.loader, loader, bi);
	/* First, as it says where the console is. */
	if (mb.cmdline)
		ret = bootinfo_read_cmdline(bi, ram, mb.cmdline, loader);
	if (!ret)
		ret = read_modules(ram, &mb, bi);
	if (ret)
		return ret;
	read_mmap(ram, &mb, bi);

	if (!loader[0] && bi->cmdline_source == bi->source) {
		string_copy(loader, check_etherboot(bi->cmdline),
			    sizeof(loader));
		if (!bi->cmdline[0])
			bi->cmdline_source = NULL;
	}
	bootinfo_set_loader(bi, loader);
	bootinfo_set_modules(bi, mb.nr_modules);
	take_map(&mb, bi);
	return 0;
}
