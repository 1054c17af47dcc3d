// SPDX-License-Identifier: GPL-2.0
/*
 * What is no rule, but worth knowing.
 */
#include <linux/errno.h>

#include "conformance.h"
#include "console/console.h"

static const char * const kinds[] = {
	[KIND_ELF]	= "e_entry, 32-bit",
	[KIND_PVH]	= "the Xen note's address, 32-bit",
	[KIND_64]	= "e_entry, 64-bit",
};

/**
 * facts_entry - tell what the CPU looked like
 */
void facts_entry(void)
{
	const struct entry *entry = kit.entry;

	print("# entry: %s", kinds[entry->kind]);
	print("# ax %#llx bx %#llx cx %#llx dx %#llx", entry->ax, entry->bx,
	      entry->cx, entry->dx);
	print("# si %#llx di %#llx bp %#llx sp %#llx", entry->si, entry->di,
	      entry->bp, entry->sp);
	print("# cs %#llx ds %#llx es %#llx ss %#llx fs %#llx gs %#llx",
	      entry->cs, entry->ds, entry->es, entry->ss, entry->fs, entry->gs);
	print("# cr0 %#llx cr3 %#llx cr4 %#llx efer %#llx flags %#llx",
	      entry->cr0, entry->cr3, entry->cr4, entry->efer, entry->flags);
	print("# gdt %#llx limit %#llx", entry->gdt, entry->gdt_limit);
}

static void tell_modules(void)
{
	u32 i, sum;

	for (i = 0; i < kit.bi.nr_modules; i++) {
		const struct range *module = &kit.bi.module[i];

		if (cksum(&ram, module->start, module->size, &sum))
			print("# module %u: %#llx, %llu bytes, not in memory",
			      i, module->start, module->size);
		else
			print("# module %u: %#llx, %llu bytes, cksum %u", i,
			      module->start, module->size, sum);
	}
}

static void tell_map(void)
{
	const struct memmap *map = &kit.bi.map;
	u32 i;

	for (i = 0; i < map->nr; i++)
		print("# map: %#llx to %#llx, type %u", map->range[i].start,
		      map->range[i].start + map->range[i].size,
		      map->range[i].type);
}

/**
 * facts_passed - tell what the loader has passed
 */
void facts_passed(void)
{
	const struct bootinfo *bi = &kit.bi;
	const struct framebuffer *fb = &bi->framebuffer;

	print("# protocol: %s", kit.protocol->name);
	if (bi->loader[0])
		print("# loader: %s %s", bi->loader, bi->loader_version);
	if (bi->firmware)
		print("# firmware: %s", bi->firmware);
	if (kit.info.size)
		print("# information: %#llx, %llu bytes", kit.info.start,
		      kit.info.size);
	if (bi->image_name[0])
		serial_text("# image name: ", bi->image_name);
	if (bi->cmdline_source)
		serial_text("# command line: ", bi->cmdline);
	tell_modules();
	tell_map();
	if (bi->rsdp)
		print("# rsdp: %#llx", bi->rsdp);
	if (bi->rsdp_size)
		print("# rsdp: a copy of %u bytes", bi->rsdp_size);
	if (fb->base)
		print("# framebuffer: %#llx, %ux%ux%u, %u bytes a line",
		      fb->base, fb->width, fb->height, fb->depth, fb->pitch);
	if (bi->efi.bits)
		print("# uefi: %u bits", bi->efi.bits);
	if (bi->seed_size)
		print("# seed: %u bytes", bi->seed_size);
}
