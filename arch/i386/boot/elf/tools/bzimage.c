// SPDX-License-Identifier: GPL-2.0
/*
 * Reading: a bzImage, by its setup_header: Documentation/x86/boot.rst, "The
 * Real-Mode Kernel Header", has the fields' names and offsets. The
 * protected-mode code is taken as it is: it unpacks itself.
 */
#include <string.h>

#include "elfimage.h"

/* Offsets in the file. */
#define SETUP_SECTS		0x1f1
#define SYSSIZE			0x1f4
#define BOOT_FLAG		0x1fe
#define JUMP			0x200
#define HEADER			0x202
#define VERSION			0x206
#define KERNEL_VERSION		0x20e
#define LOADFLAGS		0x211
#define CODE32_START		0x214
#define INITRD_ADDR_MAX		0x22c
#define KERNEL_ALIGNMENT	0x230
#define RELOCATABLE_KERNEL	0x234
#define XLOADFLAGS		0x236
#define CMDLINE_SIZE		0x238
#define PAYLOAD_OFFSET		0x248
#define PAYLOAD_LENGTH		0x24c
#define PREF_ADDRESS		0x258
#define INIT_SIZE		0x260
#define SETUP_HEADER_MAX	0x290	/* there boot_params go on otherwise */

#define LOADED_HIGH		0x01	/* in loadflags */
#define XLF_KERNEL_64		0x01	/* in xloadflags */
#define XLF_5LEVELS		0x60	/* it knows them, and has them on */

#define SECTOR			512
#define GUESS_FACTOR	12		/* memory for code, before 2.10 */
#define UNPACK_MAX	0x1000000
#define LOAD_MIN		ONE_MIB
#define LOAD_MAX		0xc0000000
#define INIT_SIZE_MAX		0x40000000
#define CMDLINE_OLD		255	/* before there was cmdline_size */

/**
 * struct bzimage - a bzImage, taken apart
 * @file: all of it
 * @version: of the boot protocol, 0xMMmm
 * @header_end: offset behind the setup_header
 * @code: the protected-mode code
 * @alignment: kernel_alignment
 * @load: where the code is loaded
 * @init_size: bytes that it needs there
 */
struct bzimage {
	struct bytes file;
	uint16_t version;
	size_t header_end;
	struct bytes code;
	uint32_t alignment;
	uint32_t load;
	uint32_t init_size;
};

/**
 * bzimage_probe - is it a bzImage?
 * @file: all of it
 *
 * Return: true if it has the signatures of one.
 */
bool bzimage_probe(const struct bytes *file)
{
	return file->size >= VERSION &&
	       get_le16(file->data + BOOT_FLAG) == 0xaa55 &&
	       !memcmp(file->data + HEADER, "HdrS", 4);
}

static uint16_t field16(const struct bzimage *image, unsigned int at)
{
	return get_le16(image->file.data + at);
}

static uint32_t field32(const struct bzimage *image, unsigned int at)
{
	return get_le32(image->file.data + at);
}

/* Where the fields end that we use, by version of the protocol. */
static size_t fields_end(uint16_t version)
{
	static const struct {
		uint16_t version;
		uint16_t end;
	} ends[] = {
		{ 0x20a, INIT_SIZE + 4 },
		{ 0x208, PAYLOAD_LENGTH + 4 },
		{ 0x206, CMDLINE_SIZE + 4 },
		{ 0, RELOCATABLE_KERNEL + 1 },
	};
	unsigned int i;

	for (i = 0; version < ends[i].version; i++)
		;
	return ends[i].end;
}

static int read_header(struct bzimage *image)
{
	const uint8_t *p = image->file.data;
	size_t needed;

	if (image->file.size < LOADFLAGS + 1)
		return error("truncated: %zu bytes, the setup_header has more",
			     image->file.size);
	image->version = field16(image, VERSION);
	if (image->version < 0x205)
		return error("version 0x%x of the boot protocol is older than 0x205",
			     image->version);
	needed = fields_end(image->version);
	image->header_end = HEADER + p[JUMP + 1];
	if (p[JUMP] != 0xeb || image->header_end < needed ||
	    image->header_end > SETUP_HEADER_MAX)
		return error("jump 0x%x: the setup_header would end at 0x%zx, not from 0x%zx to 0x%x",
			     field16(image, JUMP), image->header_end, needed,
			     SETUP_HEADER_MAX);
	if (image->file.size < image->header_end)
		return error("truncated: %zu bytes, the setup_header ends at 0x%zx",
			     image->file.size, image->header_end);
	if (!(p[LOADFLAGS] & LOADED_HIGH))
		return error("loadflags 0x%x: LOADED_HIGH, 0x%x, is not set, so it is a zImage",
			     p[LOADFLAGS], LOADED_HIGH);
	return 0;
}

/*
 * Up to 2.6.26 the file was not padded to the 16 bytes that syssize counts.
 * What is behind them (a signature for UEFI) is not needed.
 */
static int read_code(struct bzimage *image)
{
	const struct bytes *file = &image->file;
	size_t sectors = file->data[SETUP_SECTS];
	uint64_t size = (uint64_t)field32(image, SYSSIZE) * 16;
	size_t setup;

	setup = ((sectors ? sectors : 4) + 1) * SECTOR;
	if (setup < image->header_end || setup >= file->size)
		return error("setup_sects %zu: the kernel would begin at 0x%zx, between the setup_header's end, 0x%zx, and the file's, 0x%zx, it does not",
			     sectors, setup, image->header_end, file->size);
	image->code = (struct bytes){ file->data + setup, file->size - setup };
	if (!size || size >= (uint64_t)image->code.size + 16)
		return error("syssize 0x%x: it would have %llu bytes, the file has %zu: truncated?",
			     field32(image, SYSSIZE), (unsigned long long)size,
			     image->code.size);
	if (size < image->code.size)
		image->code.size = size;
	return 0;
}

static int check_payload(const struct bzimage *image)
{
	uint32_t offset = field32(image, PAYLOAD_OFFSET);
	uint32_t length = field32(image, PAYLOAD_LENGTH);

	if (image->version < 0x208)
		return 0;
	if ((uint64_t)offset + length > image->code.size)
		return error("payload_offset 0x%x, payload_length 0x%x: the kernel has only 0x%zx bytes",
			     offset, length, image->code.size);
	return 0;
}

static int check_alignment(uint32_t alignment)
{
	if (alignment < PAGE_BYTES || !is_power_of_two(alignment))
		return error("kernel_alignment 0x%x is not a power of two from 0x%x up",
			     alignment, PAGE_BYTES);
	return 0;
}

static int read_alignment(struct bzimage *image)
{
	image->alignment = field32(image, KERNEL_ALIGNMENT);
	return check_alignment(image->alignment);
}

/*
 * Before 2.10 a kernel does not say how much memory it unpacks itself in. GRUB
 * (grub-core/loader/i386/linux.c, grub_cmd_linux) takes three times the size of
 * its code, but has nothing behind it that must survive, as we have; 5.10's
 * gzip and .bss would want 6.5 times. It runs where it was loaded, rounded up
 * to kernel_alignment, if it is relocatable; if it is not, at its own
 * CONFIG_PHYSICAL_START, which is 16 MiB at most in practice.
 */
static int read_place_old(struct bzimage *image)
{
	uint64_t load = field32(image, CODE32_START);
	uint64_t size = GUESS_FACTOR * round_up(image->code.size, PAGE_BYTES);

	if (load < LOAD_MIN || load > LOAD_MAX || load % PAGE_BYTES)
		return error("code32_start 0x%llx is not a page from 0x%x to 0x%x",
			     (unsigned long long)load, LOAD_MIN, LOAD_MAX);
	if (image->file.data[RELOCATABLE_KERNEL])
		load = round_up(load, image->alignment);
	else if (load < UNPACK_MAX)
		size += UNPACK_MAX - load;
	if (load > LOAD_MAX || size > INIT_SIZE_MAX)
		return error("kernel_alignment 0x%x, %zu bytes of code: the kernel would not be below 4 GiB",
			     image->alignment, image->code.size);
	image->load = load;
	image->init_size = size;
	return 0;
}

static int read_place(struct bzimage *image)
{
	uint64_t load = get_le64(image->file.data + PREF_ADDRESS);
	uint32_t size = field32(image, INIT_SIZE);

	if (load < LOAD_MIN || load > LOAD_MAX)
		return error("pref_address 0x%llx is not from 0x%x to 0x%x",
			     (unsigned long long)load, LOAD_MIN, LOAD_MAX);
	if (load % image->alignment)
		return error("pref_address 0x%llx is not a multiple of kernel_alignment, 0x%x",
			     (unsigned long long)load, image->alignment);
	if (size < image->code.size || size > INIT_SIZE_MAX)
		return error("init_size 0x%x is not from the kernel's own size, 0x%zx, to 0x%x",
			     size, image->code.size, INIT_SIZE_MAX);
	image->load = load;
	image->init_size = size;
	return 0;
}

/* UTS_RELEASE is the first word of it. */
static int read_version(const struct bzimage *image, struct bytes *version)
{
	static const uint8_t unknown[] = "unknown";
	uint32_t offset = field16(image, KERNEL_VERSION);
	size_t end = image->code.data - image->file.data;
	size_t at = JUMP + offset;
	size_t size = 0;

	*version = (struct bytes){ unknown, sizeof(unknown) - 1 };
	if (!offset)
		return 0;
	while (at + size < end && image->file.data[at + size] > ' ' &&
	       image->file.data[at + size] <= '~')
		size++;
	if (at + size >= end)
		return error("kernel_version 0x%x: the text would not end below 0x%zx",
			     offset, end);
	*version = (struct bytes){ image->file.data + at, size };
	return 0;
}

/**
 * bzimage_limits - read what a setup_header says of command line and initrd
 * @kernel: the kernel, with its setup_header; result: cmdline_max, initrd_max
 *
 * Return: 0, or -1 with a message printed.
 */
int bzimage_limits(struct kernel *kernel)
{
	const uint8_t *setup = kernel->setup.data;
	uint16_t version;

	if (kernel->setup.size < VERSION + 2 - SETUP_SECTS)
		return error("its setup_header has only %zu bytes",
			     kernel->setup.size);
	version = get_le16(setup + VERSION - SETUP_SECTS);
	if (kernel->setup.size < fields_end(version) - SETUP_SECTS)
		return error("its setup_header has only %zu bytes, for version 0x%x",
			     kernel->setup.size, version);
	kernel->cmdline_max = version < 0x206 ? CMDLINE_OLD :
			      get_le32(setup + CMDLINE_SIZE - SETUP_SECTS);
	kernel->initrd_max = get_le32(setup + INITRD_ADDR_MAX - SETUP_SECTS);
	return 0;
}

static bool has_pref_address(const uint8_t *setup)
{
	return get_le16(setup + VERSION - SETUP_SECTS) >= 0x20a;
}

/**
 * bzimage_has_place - does a bzImage say where it unpacks itself, and how large?
 * @kernel: the kernel, with its setup_header as bzimage_limits() has seen it
 *
 * Return: false: its boot protocol is older than 2.10.
 */
bool bzimage_has_place(const struct kernel *kernel)
{
	return has_pref_address(kernel->setup.data);
}

/* A relocatable kernel does not run below pref_address: it would move itself. */
static int check_address(const uint8_t *setup, uint32_t address)
{
	uint32_t alignment = get_le32(setup + KERNEL_ALIGNMENT - SETUP_SECTS);
	uint64_t lowest = LOAD_MIN;

	if (!setup[RELOCATABLE_KERNEL - SETUP_SECTS])
		return error("load address 0x%x: relocatable_kernel is 0",
			     address);
	if (check_alignment(alignment))
		return -1;
	if (address % alignment)
		return error("load address 0x%x is not a multiple of kernel_alignment, 0x%x",
			     address, alignment);
	if (has_pref_address(setup))
		lowest = get_le64(setup + PREF_ADDRESS - SETUP_SECTS);
	if (address < lowest || address > LOAD_MAX)
		return error("load address 0x%x is not from 0x%llx to 0x%x",
			     address, (unsigned long long)lowest, LOAD_MAX);
	return 0;
}

/**
 * bzimage_move - choose where a bzImage's code is loaded
 * @kernel: the kernel, with its setup_header as bzimage_limits() has seen it
 * @address: where to
 *
 * Return: 0, or -1 with a message printed.
 */
int bzimage_move(struct kernel *kernel, uint32_t address)
{
	uint64_t size = kernel->end - kernel->start;

	if (check_address(kernel->setup.data, address))
		return -1;
	if (!(kernel->flags & STUB_FLAG_KERNEL_64) &&
	    address + size > UNPACK_MAX_32)
		return error("load address 0x%x: a 32-bit kernel unpacks itself below 0x%x, and this one would end at 0x%llx",
			     address, UNPACK_MAX_32,
			     (unsigned long long)(address + size));
	kernel->start = address;
	kernel->end = address + size;
	kernel->entry = address;
	kernel->chunk[0].paddr = address;
	return 0;
}

static uint32_t read_flags(const struct bzimage *image)
{
	if (image->version < 0x20c)
		return 0;
	return field16(image, XLOADFLAGS) & XLF_KERNEL_64 ?
	       STUB_FLAG_KERNEL_64 : 0;
}

static uint32_t read_unpacked_flags(const struct bzimage *image)
{
	if (image->version < 0x20c ||
	    ~field16(image, XLOADFLAGS) & XLF_5LEVELS)
		return 0;
	return STUB_FLAG_5_LEVELS;
}

/* Where it is and what it is: check_payload() has looked at it. */
static struct bytes find_payload(const struct bzimage *image)
{
	if (image->version < 0x208)
		return (struct bytes){};
	return (struct bytes){
		image->code.data + field32(image, PAYLOAD_OFFSET),
		field32(image, PAYLOAD_LENGTH)
	};
}

/**
 * bzimage_read - read a bzImage, boot protocol 2.05 or later
 * @file: all of it, as bzimage_probe() has found
 * @kernel: result; refers to the file
 *
 * Return: 0, or -1 with a message printed.
 */
int bzimage_read(const struct bytes *file, struct kernel *kernel)
{
	struct bzimage image = { .file = *file };
	int ret;

	*kernel = (struct kernel){ .type = KERNEL_BZIMAGE, .nr_chunks = 1 };
	if (read_header(&image) || read_code(&image) ||
	    check_payload(&image) || read_alignment(&image) ||
	    read_version(&image, &kernel->version))
		return -1;
	ret = image.version < 0x20a ? read_place_old(&image) :
				      read_place(&image);
	if (ret)
		return ret;
	kernel->chunk[0] = (struct chunk){ image.load, image.code };
	kernel->start = image.load;
	kernel->end = (uint64_t)image.load + image.init_size;
	kernel->entry = image.load;
	kernel->flags = read_flags(&image);
	kernel->unpacked_flags = read_unpacked_flags(&image);
	kernel->align = image.alignment;
	kernel->payload = find_payload(&image);
	kernel->setup.data = file->data + SETUP_SECTS;
	kernel->setup.size = image.header_end - SETUP_SECTS;
	return bzimage_limits(kernel);
}
