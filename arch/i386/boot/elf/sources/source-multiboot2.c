// SPDX-License-Identifier: GPL-2.0
/*
 * Multiboot 2: the tags that EBX points to.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "info/efi.h"
#include "machine/machine.h"
#include "sources/sources.h"
#include "sources/wire-multiboot2.h"

/* GRUB adds section headers, VBE tables and UEFI's memory map. */
#define INFO_MAX	0x100000
#define TAG_ALIGN	8

/*
 * struct tags - what they say, kept until all of them have been read
 */
struct tags {
	u64 cmdline;			/* physical address, 0: none */
	u64 loader;
	u64 rsdp;			/* a copy */
	u32 rsdp_size;
	u32 nr_modules;
	bool bad_map;
	struct framebuffer framebuffer;
	struct efi efi;
};

/*
 * struct tag - one of them
 * @wire: its fixed part, copied out
 */
struct tag {
	const struct ram *ram;
	u32 type;
	u64 pa;				/* of its contents */
	u32 size;
	u32 total;
	struct tags *tags;
	struct bootinfo *bi;
	union {
		struct multiboot2_module module;
		struct multiboot2_mmap mmap;
		struct {
			struct multiboot2_framebuffer common;
			struct multiboot2_colors colors;
		} __attribute__((packed)) framebuffer;
		struct multiboot2_efi32 efi32;
		struct multiboot2_efi64 efi64;
		struct multiboot2_efi_mmap efi_mmap;
	} wire;
};

/* A string must end inside its tag. */
static bool is_string(const struct tag *tag)
{
	char last;

	return !ram_read(tag->ram, tag->pa + tag->size - 1, &last, 1) && !last;
}

static int parse_cmdline(const struct tag *tag)
{
	if (!is_string(tag))
		return bootinfo_stop(tag->bi, "command line at %#llx: no NUL at the end of its %llu bytes",
				     tag->pa, tag->size);
	tag->tags->cmdline = tag->pa;
	return 0;
}

static int parse_loader(const struct tag *tag)
{
	if (!is_string(tag))
		return bootinfo_ignore(tag->bi, CORRUPT_LOADER, "boot loader name ignored: at %#llx, no NUL at the end of its %llu bytes",
				       tag->pa, tag->size);
	tag->tags->loader = tag->pa;
	return 0;
}

static int parse_module(const struct tag *tag)
{
	u32 start = __le32_to_cpu(tag->wire.module.mod_start);
	u32 end = __le32_to_cpu(tag->wire.module.mod_end);

	if (end < start)
		return bootinfo_stop(tag->bi, "mod_start %#llx, mod_end %#llx: the module ends before it starts",
				     start, end);
	if (tag->tags->nr_modules == MODULES_MAX)
		return bootinfo_stop(tag->bi, "module at %#llx: there are more than %llu",
				     start, MODULES_MAX);
	tag->bi->module_offer[tag->tags->nr_modules++] =
		(struct range){ start, end - start, MEM_RAM };
	return 0;
}

static int add_ranges(const struct tag *tag)
{
	const struct multiboot2_mmap *mmap = &tag->wire.mmap;
	u32 step = __le32_to_cpu(mmap->entry_size);
	u32 left = tag->size - sizeof(*mmap);
	u64 pa = tag->pa + sizeof(*mmap);
	struct multiboot2_mmap_entry entry;

	if (step < sizeof(entry) || step & (TAG_ALIGN - 1))
		return -EINVAL;
	for (; left >= step; left -= step, pa += step) {
		if (ram_read(tag->ram, pa, &entry, sizeof(entry)))
			return -EINVAL;
		memmap_add(&tag->bi->offer, __le64_to_cpu(entry.addr),
			   __le64_to_cpu(entry.len),
			   memmap_type(__le32_to_cpu(entry.type)));
	}
	return left ? -EINVAL : 0;
}

/* All of it or nothing: what is missing might be reserved. */
static int parse_mmap(const struct tag *tag)
{
	if (!add_ranges(tag))
		return 0;
	tag->tags->bad_map = true;
	return bootinfo_ignore(tag->bi, CORRUPT_MAP, "memory map ignored: entry_size %#llx in a tag of %#llx bytes",
			       __le32_to_cpu(tag->wire.mmap.entry_size), tag->size);
}

/* Text and indexed colours are nothing that the kernel can be told of. */
static int parse_framebuffer(const struct tag *tag)
{
	const struct multiboot2_framebuffer *common =
		&tag->wire.framebuffer.common;
	const struct multiboot2_colors *colors = &tag->wire.framebuffer.colors;
	struct framebuffer *fb = &tag->tags->framebuffer;

	if (common->type != MULTIBOOT2_FRAMEBUFFER_RGB)
		return 0;
	if (tag->size < sizeof(tag->wire.framebuffer))
		return bootinfo_ignore(tag->bi, CORRUPT_FRAMEBUFFER, "framebuffer ignored: its tag ends after %llu of %llu bytes",
				       tag->size, sizeof(tag->wire.framebuffer));
	fb->base = __le64_to_cpu(common->addr);
	fb->width = __le32_to_cpu(common->width);
	fb->height = __le32_to_cpu(common->height);
	fb->pitch = __le32_to_cpu(common->pitch);
	fb->depth = common->bpp;
	fb->red = (struct color){ colors->red_pos, colors->red_size };
	fb->green = (struct color){ colors->green_pos, colors->green_size };
	fb->blue = (struct color){ colors->blue_pos, colors->blue_size };
	if (!framebuffer_check(fb))
		return 0;
	*fb = (struct framebuffer){ .base = 0 };
	return bootinfo_ignore(tag->bi, CORRUPT_FRAMEBUFFER, "framebuffer ignored: width %llu, pitch %llu: odd geometry or colors",
			       __le32_to_cpu(common->width),
			       __le32_to_cpu(common->pitch));
}

static int parse_efi32(const struct tag *tag)
{
	tag->tags->efi.systab = __le32_to_cpu(tag->wire.efi32.systab);
	tag->tags->efi.bits = 32;
	return 0;
}

static int parse_efi64(const struct tag *tag)
{
	tag->tags->efi.systab = __le64_to_cpu(tag->wire.efi64.systab);
	tag->tags->efi.bits = 64;
	return 0;
}

static int parse_efi_mmap(const struct tag *tag)
{
	const struct multiboot2_efi_mmap *head = &tag->wire.efi_mmap;
	struct efi *efi = &tag->tags->efi;

	efi->map = (struct range){ tag->pa + sizeof(*head),
				   tag->size - sizeof(*head), MEM_RAM };
	efi->desc_size = __le32_to_cpu(head->descr_size);
	efi->desc_version = __le32_to_cpu(head->descr_version);
	if (!efi_map_check(efi))
		return 0;
	*efi = (struct efi){ .bits = efi->bits, .systab = efi->systab };
	return bootinfo_ignore(tag->bi, CORRUPT_EFI, "EFI memory map ignored: descriptors of %llu bytes in a tag of %llu",
			       __le32_to_cpu(head->descr_size), tag->size);
}

/* The newer one, if there are two. */
static int parse_rsdp(const struct tag *tag)
{
	struct tags *tags = tag->tags;

	if (!rsdp_is_valid(tag->ram, tag->pa))
		return bootinfo_ignore(tag->bi, CORRUPT_RSDP, "ACPI RSDP ignored: signature or checksum wrong at %#llx in the tag of type %llu",
				       tag->pa, tag->type);
	if (tag->size > tags->rsdp_size) {
		tags->rsdp = tag->pa;
		tags->rsdp_size = tag->size;
	}
	return 0;
}

/* What has a bit of its own costs itself; the rest is the core. */
static const struct {
	u8 type;
	u8 min_size;
	u16 bit;
	int (*parse)(const struct tag *tag);
} parsers[] = {
	{ MULTIBOOT2_TAG_CMDLINE, 1, 0, parse_cmdline },
	{ MULTIBOOT2_TAG_LOADER_NAME, 1, CORRUPT_LOADER, parse_loader },
	{ MULTIBOOT2_TAG_MODULE, sizeof(struct multiboot2_module), 0,
		parse_module },
	{ MULTIBOOT2_TAG_MMAP, sizeof(struct multiboot2_mmap), CORRUPT_MAP,
		parse_mmap },
	{ MULTIBOOT2_TAG_FRAMEBUFFER, sizeof(struct multiboot2_framebuffer),
		CORRUPT_FRAMEBUFFER, parse_framebuffer },
	{ MULTIBOOT2_TAG_EFI32, sizeof(struct multiboot2_efi32), CORRUPT_EFI,
		parse_efi32 },
	{ MULTIBOOT2_TAG_EFI64, sizeof(struct multiboot2_efi64), CORRUPT_EFI,
		parse_efi64 },
	{ MULTIBOOT2_TAG_EFI_MMAP, sizeof(struct multiboot2_efi_mmap),
		CORRUPT_EFI, parse_efi_mmap },
	{ MULTIBOOT2_TAG_ACPI_OLD, RSDP_V1_SIZE, CORRUPT_RSDP, parse_rsdp },
	{ MULTIBOOT2_TAG_ACPI_NEW, RSDP_V2_SIZE, CORRUPT_RSDP, parse_rsdp },
};

static int too_short(struct tag *tag, u32 bit)
{
	if (!bit)
		return bootinfo_stop(tag->bi, "tag of type %llu: it has only %llu bytes",
				     tag->type, tag->size);
	tag->tags->bad_map |= bit == CORRUPT_MAP;
	return bootinfo_ignore(tag->bi, bit, "tag of type %llu ignored: it has only %llu bytes",
			       tag->type, tag->size);
}

static int not_there(const struct tag *tag, u64 pa)
{
	return bootinfo_stop(tag->bi, "tags up to %#llx: not in memory, total_size %#llx",
			     pa, tag->total);
}

/* Others are no business of ours. */
static int parse_tag(struct tag *tag)
{
	u32 size = tag->size;
	u32 i;

	if (size > sizeof(tag->wire))
		size = sizeof(tag->wire);
	for (i = 0; i < ARRAY_SIZE(parsers); i++) {
		if (parsers[i].type != tag->type)
			continue;
		if (tag->size < parsers[i].min_size)
			return too_short(tag, parsers[i].bit);
		if (ram_read(tag->ram, tag->pa, &tag->wire, size))
			return not_there(tag, tag->pa + size);
		return parsers[i].parse(tag);
	}
	return 0;
}

/* A module's tag needs no more of it: its string is of no use here. */
#define MODULE_SIZE	(sizeof(struct multiboot2_tag) + \
			 sizeof(struct multiboot2_module))
#define MODULE_STEP	24		/* with a string and padding, at least */
#define END_SIZE	sizeof(struct multiboot2_tag)

static u32 padded(u32 size)
{
	return (size + TAG_ALIGN - 1) & ~(TAG_ALIGN - 1);
}

/*
 * kexec-tools 2.0.25 to 2.0.32 leave the padding of modules' tags out of
 * total_size, up to 7 bytes for each of them, and copy no more than that. So the
 * end tag may be missing and, with several modules, the last one's string.
 */
static bool is_last_module(const struct tag *tag, u32 size, u32 left,
			   u32 padding)
{
	return tag->type == MULTIBOOT2_TAG_MODULE && left >= MODULE_SIZE &&
	       size > left && size <= INFO_MAX &&
	       padded(size) - left + END_SIZE ==
	       padding + padded(size) - size;
}

/*
 * So much padding that there may have been another module? Nothing tells. @spare
 * bytes are behind the last tag; with fewer than 0 they are missing of it.
 */
static int check_end(const struct tag *tag, u32 padding, int spare)
{
	int lacking = padding + spare;

	if (lacking < (int)(END_SIZE + MODULE_STEP) - (TAG_ALIGN - 1))
		return 0;
	return bootinfo_stop(tag->bi, "no end tag in total_size %#llx, which lacks %llu bytes of padding: a module may be missing",
			     tag->total, padding);
}

static int check_rest(struct tag *tag, u64 pa, u32 left, u32 padding)
{
	__le32 type;

	if (left >= sizeof(type)) {
		if (ram_read(tag->ram, pa, &type, sizeof(type)))
			return not_there(tag, pa + sizeof(type));
		tag->type = __le32_to_cpu(type);
		if (tag->type == MULTIBOOT2_TAG_END)
			return 0;
		if (tag->type == MULTIBOOT2_TAG_CMDLINE ||
		    tag->type == MULTIBOOT2_TAG_MODULE)
			return bootinfo_stop(tag->bi, "tag of type %llu: cut after %llu bytes",
					     tag->type, left);
	}
	return check_end(tag, padding, left);
}

static int parse_tags(struct tag *tag, u64 pa, u32 left)
{
	struct multiboot2_tag head;
	u32 padding = 0;
	u32 size, step;
	bool last;
	int ret;

	for (; left >= sizeof(head); pa += step, left -= step) {
		if (ram_read(tag->ram, pa, &head, sizeof(head)))
			return not_there(tag, pa + sizeof(head));
		tag->type = __le32_to_cpu(head.type);
		size = __le32_to_cpu(head.size);
		last = is_last_module(tag, size, left, padding);
		if (!last && (size < sizeof(head) || size > left))
			return bootinfo_stop(tag->bi, "size %#llx of a tag, and %#llx bytes are left",
					     size, left);
		if (tag->type == MULTIBOOT2_TAG_END)
			return 0;
		tag->pa = pa + sizeof(head);
		tag->size = (last ? left : size) - sizeof(head);
		ret = parse_tag(tag);
		if (ret || last)
			return ret;
		step = padded(size);
		if (tag->type == MULTIBOOT2_TAG_MODULE)
			padding += step - size;
		if (step > left)
			return check_end(tag, padding, (int)(left - step));
	}
	return check_rest(tag, pa, left, padding);
}

static void take_rsdp(const struct ram *ram, const struct tags *tags,
		      struct bootinfo *bi)
{
	u32 size = tags->rsdp_size;

	if (!size)
		return;
	if (size > sizeof(bi->rsdp_table))
		size = sizeof(bi->rsdp_table);
	ram_read(ram, tags->rsdp, bi->rsdp_table, size);
	/* The kernel reads it whole, and an old one may call itself new. */
	bi->rsdp_size = sizeof(bi->rsdp_table);
}

/**
 * multiboot2_probe - take what a multiboot 2 loader passes
 * @ram: physical memory
 * @handoff: EAX is the magic number, EBX the physical address of the
 *	     information (Multiboot2 Specification 2.0, section 3.3)
 * @bi: result
 *
 * Return: 0, -ENOENT without the magic number, -EBADMSG if the information, its
 * command line or its modules are corrupt.
 */
int multiboot2_probe(const struct ram *ram, const struct handoff *handoff,
		     struct bootinfo *bi)
{
	char loader[LOADER_SIZE] = "";
	struct multiboot2_info info;
	struct tags tags;
	struct tag tag = { .ram = ram, .tags = &tags, .bi = bi };
	int ret;

	bi->source = "multiboot2";
	if (handoff->eax != MULTIBOOT2_BOOTLOADER_MAGIC)
		return -ENOENT;
	if (ram_read(ram, handoff->ebx, &info, sizeof(info)))
		return bootinfo_stop(bi, "information at %#llx, %llu bytes: not in memory",
				     handoff->ebx, sizeof(info));
	tag.total = __le32_to_cpu(info.total_size);
	if (tag.total < sizeof(info) || tag.total > INFO_MAX)
		return bootinfo_stop(bi, "total_size %#llx: not 8 to %#llx",
				     tag.total, INFO_MAX);
	/* EBX has 32 bits: nothing goes on above 4 GiB. */
	if (tag.total > RAM_4G - handoff->ebx)
		return not_there(&tag, (u64)handoff->ebx + tag.total);
	memset(&tags, 0, sizeof(tags));
	memmap_init(&bi->offer);
	ret = parse_tags(&tag, (u64)handoff->ebx + sizeof(info),
			 tag.total - sizeof(info));
	if (tags.loader)
		ram_string(ram, tags.loader, loader, sizeof(loader));
	/* Whatever is wrong, it says where the console is. */
	if (tags.cmdline && bootinfo_read_cmdline(bi, ram, tags.cmdline,
						  loader))
		return -EBADMSG;
	if (ret)
		return ret;
	if (tags.bad_map)
		memmap_init(&bi->offer);

	bootinfo_set_loader(bi, loader);
	bootinfo_set_modules(bi, tags.nr_modules);
	bootinfo_set_loader_map(bi);
	take_rsdp(ram, &tags, bi);
	bi->framebuffer = tags.framebuffer;
	bi->efi = tags.efi;
	/* UEFI's CSM, where there is one, is gone when the loader calls. */
	if (tags.efi.bits) {
		bi->firmware = "UEFI";
		bi->no_bios = true;
	}
	return 0;
}
