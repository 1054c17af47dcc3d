// SPDX-License-Identifier: GPL-2.0
/*
 * What this kernel hands on to the next one, as setup_data nodes: the same as for a
 * bzImage (kexec-bzimage64.c).
 *
 * UEFI's runtime services have been moved to virtual addresses, which can be done
 * once only: the next kernel has to be told of these. IMA's list of measurements and
 * the memory that stays (KHO) are in memory, and the core has added what leads
 * there.
 */
#define pr_fmt(fmt)	"kexec-elf: " fmt

#include <linux/efi.h>
#include <linux/kernel.h>
#include <linux/kexec.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/bootparam.h>
#include <asm/e820/api.h>
#include <asm/efi.h>
#include <asm/setup.h>

#include "info/wire-setup-data.h"
#include "kexec-compat.h"
#include "kexec/kexec-elf.h"

/* What is below is nobody's. */
#define MIB_1		0x100000
#define GIB_4		0x100000000ULL

#define NODE_ALIGN	16

static u32 node_size(u32 len)
{
	return ALIGN(sizeof(struct setup_data) + len, NODE_ALIGN);
}

/* In front of the others; returns its contents. */
static void *add_node(struct kexec_elf_handover *handover, u32 type, u32 len)
{
	struct setup_data *node = handover->buffer + handover->used;

	node->next = handover->first;
	node->type = type;
	node->len = len;
	handover->first = handover->start + handover->used;
	handover->used += node_size(len);
	return node + 1;
}

#ifdef CONFIG_EFI
/* Of 32-bit firmware a 64-bit kernel has no services after kexec. */
static bool has_efi(void)
{
	return efi_enabled(EFI_RUNTIME_SERVICES) && efi_enabled(EFI_64BIT) &&
	       boot_params.efi_info.efi_memmap_size &&
	       efi_get_runtime_map_size() > 0;
}

static u32 efi_size(void)
{
	if (!has_efi())
		return 0;
	return node_size(sizeof(struct efi_setup_data)) +
	       ALIGN(efi_get_runtime_map_size(), NODE_ALIGN);
}

static void add_efi(struct kexec_elf_handover *handover)
{
	struct efi_setup_data *data;

	if (!has_efi())
		return;
	data = add_node(handover, SETUP_EFI, sizeof(*data));
	data->fw_vendor = efi_fw_vendor;
	data->tables = efi_config_table;
	data->smbios = efi.smbios;
	handover->efi_map = handover->start + handover->used;
	handover->efi_map_size = efi_get_runtime_map_size();
	handover->efi_desc_size = efi_get_runtime_map_desc_size();
	efi_runtime_map_copy(handover->buffer + handover->used,
			     handover->efi_map_size);
	handover->used += ALIGN(handover->efi_map_size, NODE_ALIGN);
}
#else
static u32 efi_size(void)
{
	return 0;
}

static void add_efi(struct kexec_elf_handover *handover)
{
}
#endif

#ifdef CONFIG_IMA_KEXEC
static u32 ima_size(const struct kimage *image)
{
	return image->ima_buffer_size ?
	       node_size(sizeof(struct ima_setup_data)) : 0;
}

static void add_ima(const struct kimage *image,
		    struct kexec_elf_handover *handover)
{
	struct ima_setup_data *data;

	if (!image->ima_buffer_size)
		return;
	data = add_node(handover, SETUP_IMA, sizeof(*data));
	data->addr = image->ima_buffer_addr;
	data->size = image->ima_buffer_size;
}
#else
static u32 ima_size(const struct kimage *image)
{
	return 0;
}

static void add_ima(const struct kimage *image,
		    struct kexec_elf_handover *handover)
{
}
#endif

#ifdef CONFIG_KEXEC_HANDOVER
static u32 kho_size(const struct kimage *image)
{
	return image->kho.fdt && image->kho.scratch ?
	       node_size(sizeof(struct kho_data)) : 0;
}

static void add_kho(const struct kimage *image,
		    struct kexec_elf_handover *handover)
{
	struct kho_data *data;

	if (!kho_size(image))
		return;
	data = add_node(handover, SETUP_KEXEC_KHO, sizeof(*data));
	data->fdt_addr = image->kho.fdt;
	data->fdt_size = PAGE_SIZE;
	data->scratch_addr = image->kho.scratch->mem;
	data->scratch_size = image->kho.scratch->bufsz;
}
#else
static u32 kho_size(const struct kimage *image)
{
	return 0;
}

static void add_kho(const struct kimage *image,
		    struct kexec_elf_handover *handover)
{
}
#endif

/**
 * kexec_elf_x86_add_handover - add setup_data nodes, if there is anything to hand on
 * @image: where it is being loaded
 * @handover: result, with nr_others as it is; the buffer is for kvfree(), NULL if
 *	      there is nothing
 *
 * A crash kernel gets nothing: it is to touch as little as it can.
 *
 * Return: 0, -ENOMEM, or an error of kexec_elf_x86_add_below().
 */
int kexec_elf_x86_add_handover(struct kimage *image,
			       struct kexec_elf_handover *handover)
{
	struct kexec_buf kbuf = { .image = image };
	int ret;

	kbuf.bufsz = efi_size() + ima_size(image) + kho_size(image);
	if (!kbuf.bufsz || image->type == KEXEC_TYPE_CRASH)
		return 0;
	kbuf.memsz = kbuf.bufsz;
	handover->buffer = kvzalloc(kbuf.bufsz, GFP_KERNEL);
	if (!handover->buffer)
		return -ENOMEM;
	kbuf.buffer = handover->buffer;
	ret = kexec_elf_x86_add_below(&kbuf, GIB_4);
	if (ret) {
		pr_err("no room for what is handed on: %d\n", ret);
		return ret;
	}
	handover->start = kbuf.mem;
	handover->size = PAGE_ALIGN(kbuf.memsz);
	add_efi(handover);
	add_ima(image, handover);
	add_kho(image, handover);
	return 0;
}

/* Where the list goes; NULL: it is counted. */
struct list {
	struct kept_memory *at;
	u32 nr;
};

static void add_kept(struct list *list, u64 start, u64 end)
{
	if (start >= end)
		return;
	if (list->at) {
		list->at->addr = cpu_to_le64(start);
		list->at->size = cpu_to_le64(end - start);
		list->at++;
	}
	list->nr++;
}

/* The lowest scratch area of KHO's that has any of this. */
static bool find_scratch(const struct kimage *image, u64 start, u64 end,
			 struct resource *found)
{
	struct resource area;
	u32 i;

	found->start = end;
	for (i = 0; kexec_elf_x86_scratch(image, i, &area); i++)
		if (area.start < found->start && area.end >= start)
			*found = area;
	return found->start < end;
}

/* Any memory outside of the scratch areas may have something in it that stays. */
static void keep_range(const struct kimage *image, u64 start, u64 end,
		       struct list *list)
{
	struct resource scratch;

	while (start < end && find_scratch(image, start, end, &scratch)) {
		add_kept(list, start, scratch.start);
		start = scratch.end + 1;
	}
	add_kept(list, start, end);
}

static void keep_all(const struct kimage *image, struct list *list)
{
	struct resource area;
	u32 i;

	if (!kexec_elf_x86_scratch(image, 0, &area))
		return;
	for (i = 0; i < e820_table_kexec->nr_entries; i++) {
		const struct e820_entry *entry = &e820_table_kexec->entries[i];

		if (kexec_elf_x86_type(entry) == E820_TYPE_RAM)
			keep_range(image, max_t(u64, entry->addr, MIB_1),
				   entry->addr + entry->size, list);
	}
}

/**
 * kexec_elf_x86_keep - list the memory that the next kernel's stub must leave alone
 * @image: where it is being loaded
 * @handover: what is handed on
 * @kept: where to put the list, NULL: it is counted
 *
 * Return: number of elements.
 */
u32 kexec_elf_x86_keep(const struct kimage *image,
		       const struct kexec_elf_handover *handover,
		       struct kept_memory *kept)
{
	struct list list = { .at = kept };
	u32 i;

	add_kept(&list, handover->start, handover->start + handover->size);
	/* What the core has added in front of us. */
	for (i = 0; i < handover->nr_others; i++)
		add_kept(&list, image->segment[i].mem,
			 image->segment[i].mem + image->segment[i].memsz);
	keep_all(image, &list);
	return list.nr;
}
