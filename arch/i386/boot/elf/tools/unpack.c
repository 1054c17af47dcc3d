// SPDX-License-Identifier: GPL-2.0
/*
 * Reading: the kernel that a bzImage unpacks. Its payload is a vmlinux without
 * symbols and, behind that, its vmlinux.relocs, compressed as one; the payload's
 * last word is the size of both (arch/x86/boot/compressed/Makefile and misc.c of
 * 5.10 to 7.2).
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "elfimage.h"

#define SIZE_WORD	4

static enum unpacked unpack_into(const struct codec *codec,
				 const struct bytes *payload,
				 uint8_t *data, uint32_t size)
{
	struct bytes packed = *payload;
	size_t unpacked = 0;
	enum unpacked ret;

	/* It is gzip's own, and has been put behind all others. */
	if (!codec->has_size)
		packed.size -= SIZE_WORD;
	ret = codec_unpack(codec, &packed, &(struct room){ data, size },
			   &unpacked);
	return ret == UNPACKED && unpacked != size ? UNPACK_DAMAGED : ret;
}

static int unpack(const struct codec *codec, const struct bytes *payload,
		  uint32_t size, struct bytes *unpacked)
{
	uint8_t *data = malloc(size);

	if (!data)
		return error("not enough memory for a kernel of 0x%x bytes",
			     size);
	*unpacked = (struct bytes){ data, size };
	switch (unpack_into(codec, payload, data, size)) {
	case UNPACKED:
		return 0;
	case UNPACK_NO_MEMORY:
		error("its payload, compressed by %s, takes more memory to unpack than there is, or than %u MiB",
		      codec->name, UNPACK_MEMORY / ONE_MIB);
		break;
	default:
		error("its payload is damaged: it is not 0x%x bytes compressed by %s",
		      size, codec->name);
	}
	free(data);
	return -1;
}

/* Never more than there is memory for where the kernel unpacks itself. */
static int unpack_payload(const struct kernel *image, struct bytes *unpacked)
{
	const struct bytes *payload = &image->payload;
	const struct codec *codec = codec_find(payload);
	uint64_t room = image->end - image->start;
	uint32_t size;

	if (payload->size <= SIZE_WORD)
		return error("it does not say where its payload is, as kernels from 2.6.26 on do");
	if (!codec)
		return error("its payload is in no format that mkelfImage knows");
	if (!codec->unpack)
		return error("its payload is compressed by %s, and this mkelfImage was built without %s",
			     codec->name, codec->library);
	size = get_le32(payload->data + payload->size - SIZE_WORD);
	if (!size || size > room)
		return error("its payload unpacks to 0x%x bytes, as it says, and init_size is 0x%llx",
			     size, (unsigned long long)room);
	return unpack(codec, payload, size, unpacked);
}

static int check_place(const struct kernel *image, const struct kernel *kernel)
{
	if (kernel->start != image->start && !bzimage_has_place(image))
		return error("it was linked to 0x%x, and would be loaded at 0x%x: before 2.10 the boot protocol does not say why",
			     kernel->start, image->start);
	if (kernel->start != image->start)
		return error("it was linked to 0x%x, and pref_address is 0x%x",
			     kernel->start, image->start);
	if (kernel->end > image->end)
		return error("it ends at 0x%llx, beyond init_size, at 0x%llx",
			     (unsigned long long)kernel->end,
			     (unsigned long long)image->end);
	return 0;
}

/* No relocations: it was built without CONFIG_RANDOMIZE_BASE. */
static int read_tail(const struct bytes *unpacked, const struct elf *elf,
		     struct kernel *kernel)
{
	size_t end = elf_end(elf);
	struct bytes tail = { unpacked->data + end, unpacked->size - end };

	return tail.size ? relocs_read(kernel, &tail) : 0;
}

static int read_unpacked(const struct kernel *image,
			 const struct bytes *unpacked, struct kernel *kernel)
{
	struct elf elf;

	if (unpacked->size < SELFMAG || memcmp(unpacked->data, ELFMAG, SELFMAG))
		return error("its payload is not an ELF file");
	if (elf_read(unpacked, &elf) || vmlinux_read(&elf, kernel) ||
	    check_place(image, kernel))
		return -1;
	kernel->version = image->version;
	kernel->cmdline_max = image->cmdline_max;
	kernel->initrd_max = image->initrd_max;
	if (!kernel->stub.data) {
		kernel->align = image->align;
		kernel->flags |= image->unpacked_flags;
	}
	return read_tail(unpacked, &elf, kernel);
}

/**
 * unpack_kernel - take the kernel out of a bzImage
 * @kernel: the bzImage; result: a vmlinux, which refers to memory of its own
 *
 * Return: 0, or -1 with a message printed.
 */
int unpack_kernel(struct kernel *kernel)
{
	const struct kernel image = *kernel;
	struct bytes unpacked;

	if (image.type != KERNEL_BZIMAGE)
		return error("not a bzImage: there is nothing to unpack");
	if (unpack_payload(&image, &unpacked))
		return -1;
	if (read_unpacked(&image, &unpacked, kernel)) {
		free((void *)unpacked.data);
		return -1;
	}
	kernel->unpacked = unpacked;
	return 0;
}
