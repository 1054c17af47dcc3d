// SPDX-License-Identifier: GPL-2.0
/*
 * Reading: what kernels are wrapped in where people keep them: a file compressed
 * as a whole, a unified kernel image, or the one in the other. Nothing else is
 * opened, and nothing twice.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pe.h"
#include "unwrap.h"

/*
 * No kernel is so much larger than its compressed file. A small file may be more,
 * so that nobody has to know this.
 */
#define GROWTH_MAX	64
#define ROOM_MIN	(64 * ONE_MIB)
#define ROOM_MAX	(2048 * (size_t)ONE_MIB - PAGE_BYTES)

static size_t room_for(size_t size)
{
	if (size > ROOM_MAX / GROWTH_MAX)
		return ROOM_MAX;
	size = round_up(size * GROWTH_MAX, PAGE_BYTES);
	return size < ROOM_MIN ? ROOM_MIN : size;
}

/*
 * Addresses, which cost nothing until something is written there. Where there are
 * not so many (32 bits, "ulimit -v"), fewer may do.
 */
static uint8_t *reserve(size_t *size)
{
	for (; *size >= ROOM_MIN; *size = *size / 2 & -(size_t)PAGE_BYTES) {
		void *data = mmap(NULL, *size, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
				  -1, 0);

		if (data != MAP_FAILED)
			return data;
	}
	return NULL;
}

static int not_unpacked(enum unpacked why, const struct codec *codec,
			size_t packed, size_t room)
{
	switch (why) {
	case UNPACK_NO_ROOM:
		return error("compressed by %s: its %zu bytes would unpack to more than %zu MiB, which is more than a kernel has",
			     codec->name, packed, room / ONE_MIB);
	case UNPACK_NO_MEMORY:
		return error("compressed by %s: it takes more memory to unpack than there is, or than %u MiB",
			     codec->name, UNPACK_MEMORY / ONE_MIB);
	default:
		return error("compressed by %s, and damaged", codec->name);
	}
}

/* What follows what was unpacked is given back. */
static int shrink(uint8_t *data, size_t room, size_t size, struct bytes *file)
{
	size_t used = round_up(size, PAGE_BYTES);

	if (used < room)
		munmap(data + used, room - used);
	*file = (struct bytes){ data, size };
	return size ? 0 : error("compressed, and nothing is in it");
}

static int unpack_file(const struct codec *codec, struct bytes *file)
{
	size_t wanted = room_for(file->size), room = wanted, size = 0;
	enum unpacked ret;
	uint8_t *data;

	if (!codec->unpack)
		return error("compressed by %s, and this mkelfImage was built without %s: unpack it first",
			     codec->name, codec->library);
	if (file->size > ROOM_MAX)
		return error("compressed by %s, and too large: %zu bytes",
			     codec->name, file->size);
	data = reserve(&room);
	if (!data)
		return error("not enough memory to unpack it");
	ret = codec_unpack(codec, file, &(struct room){ data, room }, &size);
	if (ret == UNPACKED)
		return shrink(data, room, size, file);
	munmap(data, room);
	if (ret == UNPACK_NO_ROOM && room < wanted)
		ret = UNPACK_NO_MEMORY;
	return not_unpacked(ret, codec, file->size, room);
}

/* A bzImage, which may be a PE file as well, is what it is. */
static int open_compressed(struct bytes *file)
{
	const struct codec *codec = codec_find(file);
	const struct codec *inner;

	if (!codec || bzimage_probe(file))
		return 0;
	if (unpack_file(codec, file))
		return -1;
	inner = codec_find(file);
	if (!inner || bzimage_probe(file))
		return 0;
	return error("compressed twice, by %s and before that by %s: unpack it first",
		     codec->name, inner->name);
}

static struct bytes contents_of(const struct pe *pe, const char *name)
{
	const struct pe_section *section = pe_find_section(pe, name);

	return section ? section->bytes : (struct bytes){};
}

/* Microcode is in front of the initrd, as systemd-stub has it. */
static void find_initrds(const struct pe *pe, struct unified *unified)
{
	static const char * const names[UNIFIED_INITRDS] = {
		".ucode", ".initrd"
	};
	unsigned int i;

	for (i = 0; i < UNIFIED_INITRDS; i++) {
		struct bytes initrd = contents_of(pe, names[i]);

		if (initrd.size)
			unified->initrd[unified->nr_initrds++] = initrd;
	}
}

/**
 * unified_open - take the kernel out of a unified kernel image
 * @file: all of what there is; result: the kernel's file
 * @unified: result: what else was in it
 *
 * What is no such image stays as it is.
 *
 * Return: 0, or -1 with a message printed.
 */
int unified_open(struct bytes *file, struct unified *unified)
{
	struct bytes kernel;
	struct pe pe;

	*unified = (struct unified){};
	if (bzimage_probe(file) || !pe_probe(file))
		return 0;
	if (pe_read(file, &pe))
		return -1;
	kernel = contents_of(&pe, ".linux");
	if (!kernel.size)
		return 0;
	unified->is_one = true;
	unified->file = *file;
	unified->cmdline = contents_of(&pe, ".cmdline");
	unified->has_microcode = contents_of(&pe, ".ucode").size;
	find_initrds(&pe, unified);
	*file = kernel;
	if (codec_find(file) && !bzimage_probe(file))
		return error("a unified kernel image, and its section .linux is compressed by %s: take it out and unpack it first",
			     codec_find(file)->name);
	return 0;
}

/**
 * unwrap - take a kernel's file out of what it is wrapped in
 * @file: all of what there is; result: the kernel's file, which may refer to
 *	memory of its own
 * @unified: result: what else was in it
 *
 * What is nothing of that kind stays as it is.
 *
 * Return: 0, or -1 with a message printed.
 */
int unwrap(struct bytes *file, struct unified *unified)
{
	*unified = (struct unified){};
	if (package_probe(file))
		return package_refuse(file);
	if (open_compressed(file))
		return -1;
	return unified_open(file, unified);
}

static bool is_blank(uint8_t c)
{
	return c <= ' ' || c == 0x7f;
}

/**
 * unified_cmdline - the command line of a unified kernel image
 * @unified: its parts
 * @text: room for it, as many bytes as @unified has and a NUL
 *
 * Without what is blank at its end, and with a blank for each control character,
 * as systemd-stub passes it.
 *
 * Return: 0, or -1 with a message printed.
 */
int unified_cmdline(const struct unified *unified, char *text)
{
	size_t size = unified->cmdline.size, i;

	while (size && is_blank(unified->cmdline.data[size - 1]))
		size--;
	for (i = 0; i < size; i++) {
		uint8_t c = unified->cmdline.data[i];

		if (!c)
			return error("its section .cmdline has a zero in it, at 0x%zx",
				     i);
		text[i] = is_blank(c) ? ' ' : c;
	}
	text[size] = '\0';
	return 0;
}
