// SPDX-License-Identifier: GPL-2.0
/*
 * mkelfImage: read a kernel, plan, write, read it again. An input of the
 * driver "kernel" begins with what the user asks for:
 *
 *	0	WANT_*
 *	1	of the command line: bytes, 16 bits
 *	3	of the initrd: bytes, 16 bits
 *	5	load address, 32 bits
 *	9	ramdisk base, 32 bits
 *	13	command line, initrd, kernel
 *
 * One of the driver "wrapped" has a file that may be compressed, in a PE file, or
 * a bzImage to be unpacked, instead of the kernel. What is "compressed" is stored
 * behind a magic number: the libraries are not what is tested. One of the driver
 * "verify" is an image as it is. One of the driver "program" has a PE file, which is
 * checked, taken apart, and taken for elfboot.efi, to put an image into it:
 *
 *	0	of the PE file: bytes, 16 bits
 *	2	PE file, image
 */
#define _GNU_SOURCE
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "tools/elfimage.h"
#include "tools/uki.h"
#include "tools/unwrap.h"

#define WANT_MULTIBOOT	0x01
#define WANT_CHECKSUM	0x02
#define WANT_CMDLINE	0x04
#define WANT_INITRD	0x08
#define WANT_SECOND	0x10		/* the same initrd twice */
#define WANT_NO_INITRD	0x20
#define WANT_SHA256	0x40
#define WANT_ELF64	0x80
#define WANT_HEADER	13

/* A kernel may say that it is at 1 MiB and at 3 GiB: that takes long. */
#define IMAGE_MAX	0x40000

#define STUB_BYTES	0x100

/**
 * struct memory - a file that is in memory
 * @bytes: its contents
 * @data: the same, to be changed
 */
struct memory {
	struct bytes bytes;
	uint8_t *data;
};

/**
 * error - what is wrong with an input is nothing to tell about
 * @format: as for printf()
 *
 * Return: -1.
 */
int error(const char *format, ...)
{
	char message[400];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	return -1;
}

/**
 * remark - likewise
 * @format: as for printf()
 */
void remark(const char *format, ...)
{
}

/**
 * message_about - likewise
 * @path: not used
 */
void message_about(const char *path)
{
}

#define STORED_MAGIC	"STOR"

static const struct codec stored = {
	.name = "stored", .library = "none", .magic = STORED_MAGIC,
	.magic_size = 4
};

/* One that is known, and there is no library. */
static const struct codec missing = {
	.name = "missing", .library = "libmissing", .magic = "MISS",
	.magic_size = 4
};

static enum unpacked unpack_stored(struct bytes *from, struct room *to)
{
	size_t size = from->size - stored.magic_size;

	if (size > to->size)
		return UNPACK_NO_ROOM;
	bytes_take(from, stored.magic_size);
	memcpy(to->data, from->data, size);
	bytes_take(from, size);
	room_put(to, size);
	return UNPACKED;
}

/**
 * codec_find - in place of codecs.c: what begins with a magic number
 * @bytes: the bytes
 *
 * Return: its format, or NULL.
 */
const struct codec *codec_find(const struct bytes *bytes)
{
	static struct codec codec;

	codec = stored;
	codec.unpack = unpack_stored;
	if (bytes->size <= stored.magic_size)
		return NULL;
	if (!memcmp(bytes->data, missing.magic, missing.magic_size))
		return &missing;
	return memcmp(bytes->data, STORED_MAGIC, stored.magic_size) ? NULL :
								      &codec;
}

/**
 * codec_unpack - likewise: one stream
 * @codec: its format
 * @from: all of it
 * @to: room
 * @size: result: bytes of that
 *
 * Return: UNPACKED, or why not.
 */
enum unpacked codec_unpack(const struct codec *codec, const struct bytes *from,
			   const struct room *to, size_t *size)
{
	struct bytes left = *from;
	struct room room = *to;
	enum unpacked ret;

	must(codec->unpack);
	if (left.size <= stored.magic_size)
		return UNPACK_DAMAGED;
	ret = codec->unpack(&left, &room);
	*size = to->size - room.size;
	return ret;
}

/* Exactly so many bytes: the sanitizer sees the next. */
static struct memory memory_new(const uint8_t *data, size_t size)
{
	struct memory memory;

	memory.data = malloc(size ? size : 1);
	must(memory.data);
	if (size)
		memcpy(memory.data, data, size);
	memory.bytes = (struct bytes){ memory.data, size };
	return memory;
}

/**
 * fsync - not for files that are gone in a moment
 * @fd: not used
 *
 * Return: 0.
 */
int fsync(int fd)
{
	return 0;
}

/* Right sums: otherwise nothing that is changed would pass rules 19 and 22. */
static void repair_sums(const struct memory *file)
{
	int fd = memfd_create("image", 0);

	must(fd >= 0);
	must(!write_at(fd, 0, file->bytes.data, file->bytes.size));
	if (!seal_image(&file->bytes, fd) &&
	    lseek(fd, 0, SEEK_END) == (off_t)file->bytes.size)
		must(pread(fd, file->data, file->bytes.size, 0) ==
		     (ssize_t)file->bytes.size);
	close(fd);
}

/**
 * stub_bin_get - the stub in this program
 *
 * Return: a small one.
 */
struct bytes stub_bin_get(void)
{
	static uint8_t stub[STUB_BYTES];
	unsigned int i;

	for (i = STUB_HEADER_SIZE; i < sizeof(stub); i++)
		stub[i] = i;
	put_le32(stub + STUB_MAGIC_AT, STUB_MAGIC);
	put_le32(stub + STUB_SIZE, sizeof(stub));
	return (struct bytes){ stub, sizeof(stub) };
}

/* Where images are written: the same name again and again. */
static const char *output_path(void)
{
	static char path[40];

	if (!path[0]) {
		strcpy(path, access("/dev/shm", W_OK) ?
		       "/tmp/fuzz-XXXXXX" : "/dev/shm/fuzz-XXXXXX");
		must(mkdtemp(path));
		strcat(path, "/image");
	}
	return path;
}

static void remove_output(void)
{
	char *path = strdup(output_path());

	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
	free(path);
}

/* What is written; no bytes if the plan breaks a rule. */
static struct memory write_layout(const struct layout *layout)
{
	static bool registered;
	struct bytes mapped;
	struct memory file;

	if (!registered)
		atexit(remove_output);
	registered = true;
	if (write_image(output_path(), layout)) {
		must(access(output_path(), F_OK));
		return memory_new(NULL, 0);
	}
	must(!input_map(output_path(), &mapped));
	unlink(output_path());
	must(mapped.size == layout->size);
	must(!verify_image(&mapped));
	file = memory_new(mapped.data, mapped.size);
	unmap_file(&mapped);
	return file;
}

static bool same(const struct bytes *a, const struct bytes *b)
{
	return a->size == b->size &&
	       (!a->size || !memcmp(a->data, b->data, a->size));
}

/* A kernel's byte at an address; none of its own is 0, the stub's words too. */
static uint8_t byte_at(const struct kernel *kernel, uint32_t paddr)
{
	unsigned int i;

	if (kernel->stub.data && paddr - kernel->stub_at < STUB_HEADER_SIZE)
		return 0;
	for (i = 0; i < kernel->nr_chunks; i++) {
		const struct chunk *chunk = &kernel->chunk[i];

		if (paddr - chunk->paddr < chunk->bytes.size)
			return chunk->bytes.data[paddr - chunk->paddr];
	}
	return 0;
}

/* The same memory, up to where a file has contents. */
static void check_contents(const struct kernel *before,
			   const struct kernel *after)
{
	uint32_t end = before->start;
	uint32_t paddr;
	unsigned int i;

	for (i = 0; i < before->nr_chunks; i++) {
		const struct chunk *chunk = &before->chunk[i];

		if (chunk->paddr + chunk->bytes.size > end)
			end = chunk->paddr + chunk->bytes.size;
	}
	for (paddr = before->start; paddr < end; paddr++)
		must(byte_at(before, paddr) == byte_at(after, paddr));
}

static void check_kernel(const struct kernel *before,
			 const struct kernel *after)
{
	must(same(&before->version, &after->version));
	must(before->start == after->start);
	must(!before->stub.data == !after->stub.data);
	/* An image of an unpacked kernel has no setup_header to say so. */
	must(before->unpacked.data ||
	     before->cmdline_max == after->cmdline_max);
	must(before->unpacked.data || before->initrd_max == after->initrd_max);
	must(same(&before->setup, &after->setup));
	must(before->entry == after->entry && before->flags == after->flags);
	check_contents(before, after);
}

/* A composed initrd: the next piece of it begins at a multiple of 4 bytes. */
static void check_initrd(const struct kernel *before,
			 const struct options *options,
			 const struct bytes *initrd)
{
	size_t at = 0;
	unsigned int i;

	if (!options->nr_initrds && !options->no_initrd) {
		must(same(initrd, &before->initrd));
		return;
	}
	for (i = 0; i < options->nr_initrds; i++) {
		const struct bytes *piece = &options->initrd[i];
		size_t gap = at ? at + 4 : 0;

		if (!piece->size)
			continue;
		for (; at < gap || at & 3; at++) {
			must(at < initrd->size);
			must(!initrd->data[at]);
		}
		must(initrd->size - at >= piece->size);
		must(!memcmp(initrd->data + at, piece->data, piece->size));
		at += piece->size;
	}
	must(at == initrd->size);
}

static void check_cmdline(const struct kernel *before,
			  const struct options *options,
			  const struct bytes *cmdline)
{
	struct bytes wanted = before->cmdline;

	if (options->cmdline)
		wanted = (struct bytes){ (const uint8_t *)options->cmdline,
					 strlen(options->cmdline) + 1 };
	if (wanted.size == 1 && options->cmdline)
		wanted.size = 0;
	must(same(cmdline, &wanted));
}

/* Write what is planned again, of what was written. */
static struct memory recompose(const struct memory *image,
			       const struct options *options,
			       struct kernel *kernel)
{
	static struct layout layout;
	const struct bytes stub = stub_bin_get();

	must(!kernel_read(&image->bytes, kernel));
	must(!layout_plan(kernel, &stub, options, &layout));
	return write_layout(&layout);
}

/* What can be taken out of an image is what is in it. */
static void check_parts(const struct memory *image,
			const struct options *parts)
{
	static struct layout layout;
	bool found;

	found = !extract_plan(&image->bytes, PART_CMDLINE, &layout);
	must(found == !!parts->cmdline);
	must(!found || layout.size == strlen(parts->cmdline));
	found = !extract_plan(&image->bytes, PART_INITRD, &layout);
	must(found == !!parts->nr_initrds);
	must(!found || same(&layout.piece[0].bytes, &parts->initrd[0]));
	must(!extract_plan(&image->bytes, PART_KERNEL, &layout));
}

/* Of what was written nothing is lost, and nothing is added. */
static void check_image(const struct kernel *kernel,
			const struct options *options,
			const struct memory *image)
{
	struct options keep = {
		.multiboot = options->multiboot,
		.elf64 = options->elf64,
		.checksum = options->checksum,
		.sha256 = options->sha256,
		.ramdisk_base = options->ramdisk_base,
	};
	/* Without ours a multiboot header of the kernel's own would count. */
	struct options none = {
		.multiboot = options->multiboot,
		.elf64 = options->elf64,
		.checksum = options->checksum,
		.cmdline = "", .no_initrd = true
	};
	struct kernel after;
	struct memory again = recompose(image, &keep, &after);
	struct memory bare, full;

	must(same(&image->bytes, &again.bytes));
	check_kernel(kernel, &after);
	check_cmdline(kernel, options, &after.cmdline);
	check_initrd(kernel, options, &after.initrd);

	keep.cmdline = (const char *)after.cmdline.data;
	if (after.initrd.size)
		keep.initrd[keep.nr_initrds++] = after.initrd;
	bare = recompose(image, &none, &after);
	must(bare.bytes.size);
	full = recompose(&bare, &keep, &after);
	must(!after.cmdline.size && !after.initrd.size);
	must(same(&image->bytes, &full.bytes));
	check_parts(image, &keep);
	free(again.data);
	free(bare.data);
	free(full.data);
}

static void make(const struct kernel *kernel, const struct options *options)
{
	static struct layout layout;
	const struct bytes stub = stub_bin_get();
	struct memory image;

	if (layout_plan(kernel, &stub, options, &layout) ||
	    layout.size > IMAGE_MAX)
		return;
	image = write_layout(&layout);
	if (image.bytes.size)
		check_image(kernel, options, &image);
	free(image.data);
}

/* Of what is left, so many bytes. */
static struct bytes take(struct bytes *from, size_t size)
{
	struct bytes taken = { from->data, size };

	if (taken.size > from->size)
		taken.size = from->size;
	from->data += taken.size;
	from->size -= taken.size;
	return taken;
}

/* Also of a bzImage that cannot be unpacked nothing may be lost. */
static int read_wrapped(const struct memory *file, struct kernel *kernel)
{
	struct bytes bytes = file->bytes;
	struct unified unified;
	char *text;

	if (unwrap(&bytes, &unified))
		return -1;
	text = malloc(unified.cmdline.size + 1);
	must(text);
	if (!unified_cmdline(&unified, text))
		must(strlen(text) <= unified.cmdline.size);
	free(text);
	if (kernel_read(&bytes, kernel))
		return -1;
	return kernel->type == KERNEL_BZIMAGE ? unpack_kernel(kernel) : 0;
}

static void run_input(const uint8_t *data, size_t size, bool wrapped)
{
	struct bytes rest = { data, size };
	struct bytes head = take(&rest, WANT_HEADER);
	struct options options = { .cmdline = NULL };
	struct bytes cmdline, initrd;
	struct kernel kernel = {};
	struct memory file;
	char *text;
	int ret;

	if (head.size < WANT_HEADER)
		return;
	cmdline = take(&rest, get_le16(head.data + 1));
	initrd = take(&rest, get_le16(head.data + 3));
	file = memory_new(rest.data, rest.size);
	text = strndup((const char *)cmdline.data, cmdline.size);
	must(text);
	options.multiboot = head.data[0] & WANT_MULTIBOOT;
	options.checksum = head.data[0] & WANT_CHECKSUM;
	options.sha256 = head.data[0] & WANT_SHA256;
	options.elf64 = head.data[0] & WANT_ELF64;
	options.ramdisk_base = get_le32(head.data + 9);
	options.no_initrd = head.data[0] & WANT_NO_INITRD;
	if (head.data[0] & WANT_CMDLINE)
		options.cmdline = text;
	/* An empty file is refused before it gets here. */
	if (initrd.size && head.data[0] & (WANT_INITRD | WANT_SECOND))
		options.initrd[options.nr_initrds++] = initrd;
	if (initrd.size && head.data[0] & WANT_SECOND)
		options.initrd[options.nr_initrds++] = initrd;
	repair_sums(&file);
	ret = wrapped ? read_wrapped(&file, &kernel) :
			kernel_read(&file.bytes, &kernel);
	if (!ret &&
	    !kernel_move(&kernel, get_le32(head.data + 5)))
		make(&kernel, &options);
	free((void *)kernel.unpacked.data);
	free(text);
	free(file.data);
}

static void run_kernel(const uint8_t *data, size_t size)
{
	run_input(data, size, false);
}

static void run_wrapped(const uint8_t *data, size_t size)
{
	run_input(data, size, true);
}

static void run_verify(const uint8_t *data, size_t size)
{
	struct memory file = memory_new(data, size);
	struct kernel kernel;

	verify_image(&file.bytes);
	repair_sums(&file);
	verify_image(&file.bytes);
	kernel_read(&file.bytes, &kernel);
	free(file.data);
}

/* Otherwise nothing that is changed would pass. */
static void repair_checksum(const struct memory *file)
{
	struct pe pe;

	if (!pe_read(&file->bytes, &pe))
		put_le32(file->data + pe.optional + PE_CHECKSUM,
			 checksum_pe(&file->bytes, pe.optional + PE_CHECKSUM));
}

/* What is taken out of it is what --extract finds, and no more than there is. */
static void take_apart(const struct bytes *file)
{
	static const enum part parts[] = {
		PART_KERNEL, PART_INITRD, PART_CMDLINE
	};
	static struct layout layout;
	unsigned int i;

	if (!uki_probe(file))
		return;
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		memset(&layout, 0, sizeof(layout));
		if (extract_plan(file, parts[i], &layout))
			continue;
		must(layout.size <= file->size + STUB_BYTES);
		if (parts[i] == PART_CMDLINE)
			free((void *)layout.piece[0].bytes.data);
	}
}

/* The program that is planned; no bytes if it is none that may be written. */
static struct memory fill(const struct layout *layout)
{
	struct bytes mapped;
	struct memory file;

	if (layout->size > IMAGE_MAX ||
	    write_mapped(layout, fill_program, &mapped))
		return memory_new(NULL, 0);
	must(mapped.size == layout->size);
	must(!uki_verify(&mapped));
	file = memory_new(mapped.data, mapped.size);
	unmap_file(&mapped);
	return file;
}

static void must_have(const struct memory *file, const struct uki_parts *parts)
{
	unsigned int i;
	struct pe pe;

	must(!pe_read(&file->bytes, &pe));
	for (i = 0; i < UKI_INITRD; i++) {
		const struct pe_section *section =
			pe_find_section(&pe, uki_names[i]);

		must(!section == !parts->part[i].size);
		must(!section || same(&section->bytes, &parts->part[i]));
	}
}

/* Put into it again, all is as it was. */
static void compose(const struct bytes *file, const struct bytes *image)
{
	static const struct bytes text = { (const uint8_t *)"text", 4 };
	static const struct bytes lines = { (const uint8_t *)"sbat,1\nx,1", 10 };
	static struct layout layout;
	struct uki_parts parts = { .nr_initrds = 1, .initrd = { text } };
	struct memory once, again;
	struct pe stub;

	if (pe_read(file, &stub) || !uki_machine(stub.machine) ||
	    uki_stub_read(file, stub.machine, &stub))
		return;
	parts.part[UKI_CMDLINE] = text;
	parts.part[UKI_LINUX] = *image;
	must(!sbat_join(&pe_find_section(&stub, ".sbat")->bytes, &lines,
			&parts.part[UKI_SBAT]));
	once = uki_plan(&stub, &parts, &layout) ? memory_new(NULL, 0) :
						  fill(&layout);
	if (once.bytes.size) {
		must_have(&once, &parts);
		must(!uki_stub_read(&once.bytes, stub.machine, &stub));
		must(!uki_plan(&stub, &parts, &layout));
		again = fill(&layout);
		must(same(&once.bytes, &again.bytes));
		free(again.data);
	}
	free(once.data);
	free((void *)parts.part[UKI_SBAT].data);
}

/* What is measured is in the file, and no more than all of it. */
static void digest(const struct bytes *file)
{
	struct bytes piece[AUTHENTICODE_PIECES];
	size_t total = 0;
	struct pe pe;
	int nr, i;

	if (!pe_probe(file) || pe_read(file, &pe))
		return;
	nr = authenticode_get(&pe, piece);
	must(nr <= AUTHENTICODE_PIECES);
	for (i = 0; i < nr; i++) {
		must(piece[i].data >= file->data);
		must(piece[i].data + piece[i].size <= file->data + file->size);
		total += piece[i].size;
	}
	must(total <= file->size);
}

static void run_program(const uint8_t *data, size_t size)
{
	struct bytes rest = { data, size };
	struct bytes head = take(&rest, 2), bytes;
	struct memory file, image;

	if (head.size < 2)
		return;
	bytes = take(&rest, get_le16(head.data));
	file = memory_new(bytes.data, bytes.size);
	image = memory_new(rest.data, rest.size);
	uki_verify(&file.bytes);
	repair_checksum(&file);
	uki_verify(&file.bytes);
	sbat_check(&file.bytes);
	digest(&file.bytes);
	take_apart(&file.bytes);
	repair_sums(&image);
	compose(&file.bytes, &image.bytes);
	free(file.data);
	free(image.data);
}

const struct driver drivers[] = {
	{ "kernel",	run_kernel },
	{ "wrapped",	run_wrapped },
	{ "verify",	run_verify },
	{ "program",	run_program },
	{ NULL, NULL }
};
