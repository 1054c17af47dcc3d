// SPDX-License-Identifier: GPL-2.0
/*
 * ELF boot notes, from whoever follows the proposal of 2002: FILO and
 * coreboot until 2013 say so in EAX and EBX, Etherboot and kexec only leave a
 * pointer at [ESP+4], kexec of a 64-bit ELF leaves it in RDI.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "info/efi.h"
#include "machine/machine.h"
#include "sources/checksum.h"
#include "sources/sources.h"
#include "sources/wire-notes.h"

static const char uefi[] = "UEFI";

/* Etherboot's block is 964 bytes, a command line adds 2048. */
#define BLOCK_MAX	0x10000

/*
 * What a block says: physical addresses of strings, 0 if there is none; map
 * and initrd are in the bootinfo's offers.
 */
struct notes {
	struct bootinfo *bi;
	u64 firmware;
	u64 loader;
	u64 version;
	u64 cmdline;
	u32 nr_modules;
	bool bad_map;
	u64 rsdp;
	struct framebuffer framebuffer;
	struct efi efi;
	bool efi_called;
	struct range seed;
	u64 setup_data;
	struct range kept;
};

/* A note that is being looked at. */
struct desc {
	const struct ram *ram;
	struct notes *notes;
	u32 type;
	u64 pa;
	u32 size;
	union {
		struct eb_meminfo meminfo;
		struct ebn_initrd initrd;
		struct ebn_rsdp rsdp;
		struct ebn_framebuffer framebuffer;
		struct ebn_efi efi;
		struct ebn_setup_data setup_data;
	} wire;				/* as far as @size goes */
};

static u64 padded(u32 size)
{
	return ((u64)size + 3) & ~3ULL;
}

/* A string must end inside its note. */
static bool is_string(const struct ram *ram, u64 desc, u32 size)
{
	char last;

	return size && !ram_read(ram, desc + size - 1, &last, 1) && !last;
}

/* Ours begin as Etherboot's do, and are longer. */
static int add_ranges(const struct desc *desc, u64 pa, u32 nr, u32 step)
{
	struct eb_range range;

	for (; nr; nr--, pa += step) {
		if (ram_read(desc->ram, pa, &range, sizeof(range)))
			return -EINVAL;
		memmap_add(&desc->notes->bi->offer, __le64_to_cpu(range.addr),
			   __le64_to_cpu(range.size),
			   memmap_type(__le32_to_cpu(range.type)));
	}
	return 0;
}

/* All of it or nothing: what is missing might be reserved. */
static int bad_map(const struct desc *desc)
{
	desc->notes->bad_map = true;
	return bootinfo_ignore(desc->notes->bi, CORRUPT_MAP, "memory map ignored: note %#llx of %llu bytes: no list of ranges, or the second",
			       desc->type, desc->size);
}

/* Etherboot's. */
static int parse_meminfo(const struct desc *desc)
{
	const struct eb_meminfo *info = &desc->wire.meminfo;
	struct memmap *map = &desc->notes->bi->offer;
	u32 nr = __le32_to_cpu(info->map_count);

	if (map->nr || nr > (desc->size - sizeof(*info)) /
			    sizeof(struct eb_range))
		return bad_map(desc);
	if (!nr)
		memmap_add_sizes(map, __le16_to_cpu(info->basememsize),
				 __le32_to_cpu(info->memsize));
	return add_ranges(desc, desc->pa + sizeof(*info), nr,
			  sizeof(struct eb_range)) ? bad_map(desc) : 0;
}

static int parse_map(const struct desc *desc)
{
	const u32 step = sizeof(struct ebn_range);

	if (desc->notes->bi->offer.nr || desc->size % step)
		return bad_map(desc);
	return add_ranges(desc, desc->pa, desc->size / step, step) ?
	       bad_map(desc) : 0;
}

static int parse_initrd(const struct desc *desc)
{
	struct range *module = desc->notes->bi->module_offer;
	u64 start = __le64_to_cpu(desc->wire.initrd.addr);
	u64 size = __le64_to_cpu(desc->wire.initrd.size);

	if (desc->notes->nr_modules)
		return bootinfo_stop(desc->notes->bi, "two initrds, the second at %#llx, %#llx bytes",
				     start, size);
	if (start + size < start)
		return bootinfo_stop(desc->notes->bi, "initrd at %#llx, size %#llx: beyond the end of memory",
				     start, size);
	*module = (struct range){ start, size, MEM_RAM };
	desc->notes->nr_modules = 1;
	return 0;
}

static int parse_rsdp(const struct desc *desc)
{
	u64 rsdp = __le64_to_cpu(desc->wire.rsdp.addr);

	if (!rsdp_is_valid(desc->ram, rsdp))
		return bootinfo_ignore(desc->notes->bi, CORRUPT_RSDP, "RSDP ignored: at %#llx, signature or checksum of %llu bytes wrong",
				       rsdp, RSDP_V1_SIZE);
	desc->notes->rsdp = rsdp;
	return 0;
}

static struct color get_color(const struct ebn_color *color)
{
	return (struct color){ color->pos, color->size };
}

static int parse_framebuffer(const struct desc *desc)
{
	const struct ebn_framebuffer *from = &desc->wire.framebuffer;
	struct framebuffer *fb = &desc->notes->framebuffer;

	fb->base = __le64_to_cpu(from->addr);
	fb->width = __le32_to_cpu(from->width);
	fb->height = __le32_to_cpu(from->height);
	fb->pitch = __le32_to_cpu(from->pitch);
	fb->depth = from->depth;
	fb->red = get_color(&from->red);
	fb->green = get_color(&from->green);
	fb->blue = get_color(&from->blue);
	fb->reserved = get_color(&from->reserved);
	if (!framebuffer_check(fb))
		return 0;
	*fb = (struct framebuffer){ .base = 0 };
	return bootinfo_ignore(desc->notes->bi, CORRUPT_FRAMEBUFFER, "framebuffer ignored: width %llu, pitch %llu: odd geometry or colors",
			       __le32_to_cpu(from->width), __le32_to_cpu(from->pitch));
}

static int parse_efi(const struct desc *desc)
{
	const struct ebn_efi *from = &desc->wire.efi;
	struct efi *efi = &desc->notes->efi;

	efi->bits = __le32_to_cpu(from->bits);
	efi->systab = __le64_to_cpu(from->systab);
	efi->map.start = __le64_to_cpu(from->map);
	efi->map.size = __le64_to_cpu(from->map_size);
	efi->desc_size = __le32_to_cpu(from->desc_size);
	efi->desc_version = __le32_to_cpu(from->desc_version);
	desc->notes->efi_called = desc->type == EBN_LINUX_EFI_CALLED;
	efi->secure_boot = __le32_to_cpu(from->secure_boot);
	if (__le32_to_cpu(from->secure_boot) > EBN_SECURE_BOOT_ENABLED)
		efi->secure_boot = EBN_SECURE_BOOT_UNKNOWN;
	if ((efi->bits == 32 || efi->bits == 64) && !efi_map_check(efi))
		return 0;
	*efi = (struct efi){ .bits = 0 };
	return bootinfo_ignore(desc->notes->bi, CORRUPT_EFI, "UEFI ignored: %llu bits, descriptors of %llu bytes",
			       __le32_to_cpu(from->bits),
			       __le32_to_cpu(from->desc_size));
}

/* The first counts. */
static int second(const struct desc *desc, u32 bit)
{
	return bootinfo_ignore(desc->notes->bi, bit, "note of type %#llx ignored: the second, of %llu bytes",
			       desc->type, desc->size);
}

static int parse_seed(const struct desc *desc)
{
	struct range *seed = &desc->notes->seed;

	if (seed->size)
		return second(desc, CORRUPT_SEED);
	*seed = (struct range){ desc->pa, desc->size, MEM_RAM };
	return 0;
}

/* What it leads to is looked at when there is a memory map. */
static int parse_setup_data(const struct desc *desc)
{
	struct notes *notes = desc->notes;
	const u32 head = sizeof(struct ebn_setup_data);
	u64 addr = __le64_to_cpu(desc->wire.setup_data.addr);

	if (notes->setup_data)
		return second(desc, CORRUPT_SETUP_DATA);
	notes->setup_data = addr;
	notes->kept = (struct range){ desc->pa + head, desc->size - head, MEM_RAM };
	return 0;
}

/* The notes that have a name; what has a bit of its own costs itself. */
static const struct {
	const char *name;
	u16 type;
	u16 min_size;
	u32 bit;
	int (*parse)(const struct desc *desc);
} parsers[] = {
	{ EB_NAME, EB_I386_MEMMAP, sizeof(struct eb_meminfo), CORRUPT_MAP,
		parse_meminfo },
	{ EBN_LINUX_NAME, EBN_LINUX_MEMORY_MAP, 0, CORRUPT_MAP, parse_map },
	{ EBN_LINUX_NAME, EBN_LINUX_INITRD, sizeof(struct ebn_initrd), 0,
		parse_initrd },
	{ EBN_LINUX_NAME, EBN_LINUX_RSDP, sizeof(struct ebn_rsdp),
		CORRUPT_RSDP, parse_rsdp },
	{ EBN_LINUX_NAME, EBN_LINUX_FRAMEBUFFER,
		sizeof(struct ebn_framebuffer), CORRUPT_FRAMEBUFFER,
		parse_framebuffer },
	{ EBN_LINUX_NAME, EBN_LINUX_EFI, sizeof(struct ebn_efi), CORRUPT_EFI,
		parse_efi },
	{ EBN_LINUX_NAME, EBN_LINUX_EFI_CALLED, sizeof(struct ebn_efi),
		CORRUPT_EFI, parse_efi },
	{ EBN_LINUX_NAME, EBN_LINUX_RNG_SEED, 0, CORRUPT_SEED, parse_seed },
	{ EBN_LINUX_NAME, EBN_LINUX_SETUP_DATA, sizeof(struct ebn_setup_data),
		CORRUPT_SETUP_DATA, parse_setup_data },
};

static u64 *field_for(struct notes *notes, u32 type)
{
	switch (type) {
	case EBN_FIRMWARE_TYPE:
		return &notes->firmware;
	case EBN_BOOTLOADER_NAME:
		return &notes->loader;
	case EBN_BOOTLOADER_VERSION:
		return &notes->version;
	case EBN_COMMAND_LINE:
		return &notes->cmdline;
	}
	return NULL;
}

static int parse_standard(const struct desc *desc)
{
	u64 *field = field_for(desc->notes, desc->type);

	if (!field)
		return 0;
	if (is_string(desc->ram, desc->pa, desc->size)) {
		*field = desc->pa;
		return 0;
	}
	if (desc->type == EBN_COMMAND_LINE)
		return bootinfo_stop(desc->notes->bi, "command line at %#llx: no NUL at the end of its %llu bytes",
				     desc->pa, desc->size);
	return bootinfo_ignore(desc->notes->bi, CORRUPT_LOADER, "note %llu ignored: no NUL at the end of its %llu bytes",
			       desc->type, desc->size);
}

static int too_short(const struct desc *desc, u32 bit)
{
	if (!bit)
		return bootinfo_stop(desc->notes->bi, "note of type %#llx: it has only %llu bytes",
				     desc->type, desc->size);
	desc->notes->bad_map |= bit == CORRUPT_MAP;
	return bootinfo_ignore(desc->notes->bi, bit, "note of type %#llx ignored: it has only %llu bytes",
			       desc->type, desc->size);
}

static bool is_name(const struct ram *ram, u64 pa, u32 namesz,
		    const char *wanted)
{
	char owner[sizeof(EB_NAME)];

	return namesz == strlen(wanted) + 1 &&
	       !ram_read(ram, pa, owner, namesz) &&
	       !memcmp(owner, wanted, namesz);
}

/* Others are no business of ours. */
static int parse_named(struct desc *desc, u64 name_at, u32 namesz)
{
	u32 size = desc->size;
	u32 i;

	if (size > sizeof(desc->wire))
		size = sizeof(desc->wire);
	for (i = 0; i < ARRAY_SIZE(parsers); i++) {
		if (parsers[i].type != desc->type ||
		    !is_name(desc->ram, name_at, namesz, parsers[i].name))
			continue;
		if (desc->size < parsers[i].min_size)
			return too_short(desc, parsers[i].bit);
		if (ram_read(desc->ram, desc->pa, &desc->wire, size))
			return bootinfo_stop(desc->notes->bi, "note at %#llx, %llu bytes: not in memory",
					     desc->pa, desc->size);
		return parsers[i].parse(desc);
	}
	return 0;
}

static int parse_note(const struct ram *ram, u64 pa,
		      const struct Elf_Bnote *note, struct notes *notes)
{
	u32 namesz = __le32_to_cpu(note->n_namesz);
	u64 name_at = pa + sizeof(*note);
	struct desc desc = {
		.ram = ram,
		.notes = notes,
		.type = __le32_to_cpu(note->n_type),
		.pa = name_at + padded(namesz),
		.size = __le32_to_cpu(note->n_descsz),
	};

	if (!namesz)
		return parse_standard(&desc);
	return parse_named(&desc, name_at, namesz);
}

static int walk(const struct ram *ram, u64 pa, u32 left, u32 records,
		struct notes *notes)
{
	struct Elf_Bnote note;
	int ret;

	for (; records && left >= sizeof(note); records--) {
		u64 size;

		if (ram_read(ram, pa, &note, sizeof(note)))
			return bootinfo_stop(notes->bi, "note at %#llx, %llu bytes: not in memory",
					     pa, sizeof(note));
		size = sizeof(note) + padded(__le32_to_cpu(note.n_namesz)) +
		       padded(__le32_to_cpu(note.n_descsz));
		if (size > left)
			return bootinfo_stop(notes->bi, "note of %#llx bytes, and %#llx are left",
					     size, left);
		ret = parse_note(ram, pa, &note, notes);
		if (ret)
			return ret;
		pa += size;
		left -= size;
	}
	return left || records ?
	       bootinfo_stop(notes->bi, "b_records: %llu more, and %llu bytes are left",
			     records, left) : 0;
}

/* Is there a block? A stray pointer is no reason to complain. */
static int read_header(const struct ram *ram, u32 pa, struct Elf_Bhdr *header)
{
	if (!pa || pa & 3 || ram_read(ram, pa, header, sizeof(*header)))
		return -ENOENT;
	if (__le32_to_cpu(header->b_signature) != ELF_BHDR_MAGIC)
		return -ENOENT;
	return 0;
}

static int read_block(const struct ram *ram, u32 pa, struct notes *notes)
{
	struct Elf_Bhdr header;
	u32 size;
	u16 sum;
	int ret = read_header(ram, pa, &header);

	if (ret)
		return ret;
	size = __le32_to_cpu(header.b_size);
	if (size < sizeof(header) || size > BLOCK_MAX)
		return bootinfo_stop(notes->bi, "b_size %#llx: not 12 to %#llx", size,
				     BLOCK_MAX);
	if (header.b_checksum && checksum_ram(ram, pa, size, &sum))
		return bootinfo_stop(notes->bi, "notes at %#llx, %#llx bytes: not in memory",
				     pa, size);
	if (header.b_checksum && sum)
		return bootinfo_stop(notes->bi, "b_checksum %#llx: the sum is %#llx, not 0",
				     __le16_to_cpu(header.b_checksum), sum);
	return walk(ram, pa + sizeof(header), size - sizeof(header),
		    __le16_to_cpu(header.b_records), notes);
}

static int find_block(const struct ram *ram, const struct handoff *handoff,
		      struct notes *notes)
{
	int ret;

	if (handoff->eax == ELF_BHDR_MAGIC) {
		ret = read_block(ram, handoff->ebx, notes);
		return ret == -ENOENT ?
		       bootinfo_stop(notes->bi, "ebx %#llx: no header with b_signature %#llx in memory, at a multiple of 4",
				     handoff->ebx, ELF_BHDR_MAGIC) : ret;
	}
	ret = read_block(ram, handoff_argument(ram, handoff), notes);
	if (ret == -ENOENT)
		ret = read_block(ram, handoff->edi, notes);
	return ret;
}

/* The firmware's names are few, and kept by reference. */
static const char *firmware_name(const struct ram *ram, u64 pa)
{
	static const char * const names[] = {
		"PCBIOS", "LinuxBIOS", "coreboot", uefi,
	};
	char firmware[16];
	u32 i;

	if (!pa || ram_string(ram, pa, firmware, sizeof(firmware)))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strncmp(firmware, names[i], sizeof(firmware)))
			return names[i];
	return NULL;
}

/*
 * Nobody else may find the seed where it was. Less than 32 bytes are no seed:
 * the kernel would count them for as good as any.
 */
static void take_seed(const struct ram *ram, const struct range *seed,
		      struct bootinfo *bi)
{
	u8 *bytes = ram_own(ram, seed->start, seed->size);
	u32 size = seed->size;

	if (!bytes)
		return;
	if (size > sizeof(bi->seed))
		size = sizeof(bi->seed);
	if (size >= SEED_MIN) {
		memcpy(bi->seed, bytes, size);
		bi->seed_size = size;
	}
	memset(bytes, 0, seed->size);
}

/**
 * notes_probe - take what an ELF boot loader passes
 * @ram: physical memory
 * @handoff: EAX with EBX, or ESP, or EDI lead to the block
 * @bi: result
 *
 * A block is taken if its signature, its checksum (unless it has none) and
 * its number of records are right, and if command line and initrd make sense.
 * Whoever has the signature in EAX has announced one. Another pointer may be
 * left over from somebody else: a block there that is corrupt is ignored.
 *
 * Return: 0, -ENOENT if there is no block, -EINVAL or (announced) -EBADMSG if it
 * is corrupt.
 */
int notes_probe(const struct ram *ram, const struct handoff *handoff,
		struct bootinfo *bi)
{
	char loader[LOADER_SIZE] = "";
	struct notes notes = { .bi = bi };
	int ret;

	bi->source = "elf-notes";
	memmap_init(&bi->offer);
	ret = find_block(ram, handoff, &notes);
	/* Etherboot's command line is always empty: nobody's word. */
	if (!ret && notes.cmdline)
		ret = bootinfo_read_cmdline(bi, ram, notes.cmdline, "");
	if (ret == -EBADMSG && handoff->eax != ELF_BHDR_MAGIC)
		return -EINVAL;
	if (ret)
		return ret;
	if (notes.bad_map)
		memmap_init(&bi->offer);
	if (notes.loader)
		ram_string(ram, notes.loader, loader, sizeof(loader));
	bootinfo_set_loader(bi, loader);
	if (notes.version)
		ram_string(ram, notes.version, bi->loader_version,
			   sizeof(bi->loader_version));
	bi->firmware = firmware_name(ram, notes.firmware);
	bootinfo_set_modules(bi, notes.nr_modules);
	bootinfo_set_loader_map(bi);
	bi->rsdp = notes.rsdp;
	bi->framebuffer = notes.framebuffer;
	bi->efi = notes.efi;
	bi->efi_called = notes.efi_called;
	bi->setup_data = notes.setup_data;
	bi->kept = notes.kept;
	bi->no_bios = notes.efi.bits || bi->firmware == uefi;
	take_seed(ram, &notes.seed, bi);
	return 0;
}
