/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The library behind mkelfImage: read a kernel, plan an image, write it,
 * check it. Everything is little-endian; addresses are physical.
 */
#ifndef ELFIMAGE_H
#define ELFIMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The header zone: what some loaders read of a file, and no more. */
#define ZONE_NOTES	512		/* Etherboot without blksize */
#define ZONE_MULTIBOOT	8144		/* QEMU; the others take 8192 */
#define ZONE_MULTIBOOT2	32768		/* GRUB */

#define MULTIBOOT_MAGIC	0x1badb002
#define MULTIBOOT2_MAGIC	0xe85250d6

#define PAGE_BYTES	4096
#define LOADS_MAX	4		/* with the note: five headers */
#define PIECES_MAX	16

#define ARRAY_SIZE(x)	(sizeof(x) / sizeof((x)[0]))

/**
 * struct bytes - some memory
 * @data: first byte
 * @size: bytes
 */
struct bytes {
	const uint8_t *data;
	size_t size;
};

/**
 * struct phdr - a program header of either class
 * @type: PT_*
 * @flags: PF_*
 * @offset: in the file
 * @vaddr: p_vaddr
 * @paddr: p_paddr
 * @filesz: bytes in the file
 * @memsz: bytes in memory
 * @align: p_align
 */
struct phdr {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t align;
};

#define PHDRS_MAX	32

/**
 * struct elf - an ELF file of either class, as far as we look at it
 * @file: all of it
 * @class: ELFCLASS*
 * @machine: EM_*
 * @entry: e_entry
 * @nr_phdrs: number of @phdr
 * @phdr: program headers; those with file contents lie inside the file
 */
struct elf {
	struct bytes file;
	uint8_t class;
	uint16_t machine;
	uint64_t entry;
	unsigned int nr_phdrs;
	struct phdr phdr[PHDRS_MAX];
};

/**
 * struct note - an ELF note
 * @name: without its NUL
 * @type: n_type
 * @desc: contents, without padding
 */
struct note {
	struct bytes name;
	uint32_t type;
	struct bytes desc;
};

/**
 * struct kernel - a vmlinux with the stub in it
 * @elf: the file
 * @version: UTS_RELEASE, NUL-terminated inside the file
 * @stub: physical address of the stub
 * @scratch: and of its scratch memory
 * @start: lowest physical address
 * @file_end: behind the last byte that the file has
 * @end: behind the last byte in memory
 */
struct kernel {
	struct elf elf;
	const char *version;
	uint32_t stub;
	uint32_t scratch;
	uint32_t start;
	uint32_t file_end;
	uint32_t end;
};

/**
 * struct options - what the user wants
 * @multiboot: write multiboot headers, 1 and 2
 * @checksum: write the checksum note
 */
struct options {
	bool multiboot;
	bool checksum;
};

/**
 * struct piece - bytes of the output file; what no piece covers is zero
 * @offset: in the file
 * @bytes: contents
 */
struct piece {
	size_t offset;
	struct bytes bytes;
};

/**
 * struct layout - the plan of an image
 * @size: of the file, in bytes
 * @nr_pieces: number of @piece
 * @piece: contents, ascending
 * @head: the first page: headers, notes, multiboot header
 */
struct layout {
	size_t size;
	unsigned int nr_pieces;
	struct piece piece[PIECES_MAX];
	uint8_t head[PAGE_BYTES];
};

/* input.c */
int input_map(const char *path, struct bytes *file);
void input_unmap(const struct bytes *file);
int elf_read(const struct bytes *file, struct elf *elf);
int kernel_read(const struct bytes *file, struct kernel *kernel);

/* notes.c */
bool note_next(struct bytes *notes, struct note *note);
bool note_is(const struct note *note, const char *name, uint32_t type);
size_t note_put(uint8_t *at, size_t room, const char *name, uint32_t type,
		const void *desc, size_t size);

/* layout.c */
int layout_plan(const struct kernel *kernel, const struct options *options,
		struct layout *layout);

/* checksum.c */
uint16_t checksum_elf(const struct elf *elf);

/* verify.c */
int verify_image(const struct bytes *file);

/* write.c */
int write_image(const char *path, const struct layout *layout);

/* mkelfImage.c */
int error(const char *format, ...) __attribute__((format(printf, 1, 2)));

static inline uint16_t get_le16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static inline uint32_t get_le32(const uint8_t *p)
{
	return get_le16(p) | (uint32_t)get_le16(p + 2) << 16;
}

static inline uint64_t get_le64(const uint8_t *p)
{
	return get_le32(p) | (uint64_t)get_le32(p + 4) << 32;
}

static inline void put_le16(uint8_t *p, uint16_t value)
{
	p[0] = value;
	p[1] = value >> 8;
}

static inline void put_le32(uint8_t *p, uint32_t value)
{
	put_le16(p, value);
	put_le16(p + 2, value >> 16);
}

#endif /* ELFIMAGE_H */
