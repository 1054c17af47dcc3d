/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small kernel and its image, for the tests of the tool's library:
 *
 *	0x1000000  text; the stub at +0x1000
 *	0x1004000  data, of an odd size
 *	0x1006000  NOBITS: the stub's scratch memory
 */
#ifndef TESTS_IMAGE_H
#define TESTS_IMAGE_H

#include <elf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "stub.h"
#include "tools/elfimage.h"

#define ARRAY_SIZE(x)	(sizeof(x) / sizeof((x)[0]))

#define KERNEL_START	0x1000000
#define KERNEL_STUB	(KERNEL_START + 0x1000)
#define KERNEL_ENTRY	(KERNEL_STUB + STUB_ENTRY)
#define KERNEL_DATA	(KERNEL_START + 0x4000)
#define KERNEL_SCRATCH	(KERNEL_START + 0x6000)
#define KERNEL_END	(KERNEL_SCRATCH + STUB_SCRATCH_SIZE)
#define TEXT_SIZE	0x3000
#define DATA_SIZE	0x0fff
#define FILE_SIZE	(TEXT_SIZE + DATA_SIZE)

/* ELF32 program headers of an image; its first note behind two of them. */
#define PHDRS		64
#define NOTES		(PHDRS + 2 * 32)
/* The null section, and the ELF64 program headers that begin with it. */
#define SECTION		0x400

/* The last message; what was wrong is judged by it. */
static char last_error[200];

int error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(last_error, sizeof(last_error), format, args);
	va_end(args);
	return -1;
}

/* What is no error is nobody's business here. */
void remark(const char *format, ...)
{
}

/* Exactly so many bytes: the sanitizer sees the next. */
static inline u8 *allocate(size_t size)
{
	u8 *memory = malloc(size ? size : 1);

	if (!memory)
		abort();
	memset(memory, 0, size);
	return memory;
}

/* The kernel's file: text, then data, each byte a different one. */
static inline u8 *kernel_contents(void)
{
	u8 *file = allocate(FILE_SIZE);
	u8 *stub = file + (KERNEL_STUB - KERNEL_START);
	size_t i;

	for (i = 0; i < FILE_SIZE; i++)
		file[i] = i % 251 + 1;
	put_le32(stub + STUB_BASE, KERNEL_STUB);
	put_le32(stub + STUB_MAGIC_AT, STUB_MAGIC);
	put_le32(stub + STUB_KERNEL_START, KERNEL_START);
	put_le32(stub + STUB_KERNEL_END, KERNEL_END);
	put_le32(stub + STUB_SCRATCH, KERNEL_SCRATCH);
	memset(stub + STUB_SETUP, 0, STUB_HEADER_SIZE - STUB_SETUP);
	return file;
}

/* As kernel_read() would leave it; freed by kernel_free(). */
static inline void kernel_new(struct kernel *kernel)
{
	const u8 *file = kernel_contents();

	*kernel = (struct kernel){
		.version = { (const u8 *)"6.1.0-test", 10 },
		.nr_chunks = 2,
		.chunk = {
			{ KERNEL_START, { file, TEXT_SIZE } },
			{ KERNEL_DATA, { file + TEXT_SIZE, DATA_SIZE } },
		},
		.start = KERNEL_START,
		.end = KERNEL_END,
		.cmdline_max = 2047,
		.initrd_max = 0x7fffffff,
		.stub = { file + (KERNEL_STUB - KERNEL_START),
			  STUB_HEADER_SIZE },
		.stub_at = KERNEL_STUB,
	};
}

static inline void kernel_free(const struct kernel *kernel)
{
	free((void *)kernel->chunk[0].bytes.data);
}

/* elfboot.bin of so many bytes. */
static inline struct bytes stub_new(size_t size)
{
	u8 *stub = allocate(size);
	size_t i;

	for (i = 0; i < size; i++)
		stub[i] = i < STUB_PARAMS || i >= STUB_HEADER_SIZE ?
			  i % 249 + 1 : 0;
	put_le32(stub + STUB_BASE, 0);
	put_le32(stub + STUB_MAGIC_AT, STUB_MAGIC);
	put_le32(stub + STUB_SIZE, size);
	return (struct bytes){ stub, size };
}

/* What write_image() would write, without the checksum. */
static inline u8 *image_new(const struct layout *layout)
{
	u8 *image = allocate(layout->size);
	unsigned int i;

	for (i = 0; i < layout->nr_pieces; i++) {
		const struct piece *piece = &layout->piece[i];

		if (expect(piece->offset <= layout->size &&
			   piece->bytes.size <= layout->size - piece->offset))
			memcpy(image + piece->offset, piece->bytes.data,
			       piece->bytes.size);
	}
	return image;
}

#endif /* TESTS_IMAGE_H */
