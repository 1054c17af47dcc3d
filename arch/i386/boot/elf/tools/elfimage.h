/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The library behind mkelfImage: read a kernel, plan an image, write it,
 * check it. Everything is little-endian; addresses are physical.
 *
 *	unwrap.c -> codecs.c, pe.c, package.c	file -> kernel's file
 *	input.c -> vmlinux.c, bzimage.c, image.c	file -> struct kernel
 *	unpack.c -> codecs.c				bzImage -> vmlinux
 *	relocs.c					file -> struct bytes
 *	layout.c -> headers.c -> elf64.c, movable.c	kernel -> struct layout
 *	extract.c					image -> struct layout
 *	uki.c, uki-stub.c, sbat.c		parts -> struct layout, of a PE file
 *	write.c -> seal.c, verify.c, uki-verify.c, signature.c	layout -> file
 *	signature.c -> pkcs7.c				file <-> its signature
 *	authenticode.c, digest.c			file -> its digest
 *	output.c -> access.c -> acl.c			file -> its place
 *	file.c, message.c -> progress.c			what all of them use
 */
#ifndef ELFIMAGE_H
#define ELFIMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../initrd.h"
#include "../stub.h"

/* The header zone: what some loaders read of a file, and no more. */
#define ZONE_NOTES	512		/* Etherboot without blksize */
#define ZONE_MULTIBOOT	8144		/* QEMU; the others take 8192 */
#define ZONE_MULTIBOOT2	32768		/* GRUB */

#define MULTIBOOT_MAGIC	0x1badb002
#define MULTIBOOT2_MAGIC	0xe85250d6

/* What stands where in it: the header's two readings, elf64.c. */
#define PHDRS_AT	64		/* ELF32 program headers */
#define SECTION_AT	0x400		/* the null section; ELF64 ones */

#define PAGE_BYTES	4096
#define LOADS_MAX	4		/* with the note: five headers */
#define PHDRS_MAX	32		/* of a vmlinux */
#define INITRDS_MAX	32
/* A chunk with the stub in it is cut in three. */
#define PIECES_MAX	(3 * PHDRS_MAX + INITRDS_MAX + 8)

#define ONE_MIB		0x100000

/* What a library may have of its own to unpack something, in bytes. */
#define UNPACK_MEMORY	(256 * ONE_MIB)

/* Where no setup_header says more: COMMAND_LINE_SIZE - 1; as in header.S. */
#define COMMAND_LINE_MAX	2047
#define INITRD_MAX		0x7fffffff

/* The instruction in front of a stub that is not in the first PT_LOAD. */
#define JMP_REL32		0xe9
#define JUMP_SIZE		5

/* Contents of a segment are at multiples of this, in file and memory. */
#define FILE_ALIGN	16

/* Notes: the ELF boot proposal's, Xen's, and ours with "Linux" as name. */
#define EIN_PROGRAM_NAME	1
#define EIN_PROGRAM_VERSION	2
#define EIN_PROGRAM_CHECKSUM	3
#define XEN_PHYS32_ENTRY	18
#define XEN_PHYS32_RELOC	19
#define LINUX_COMMAND_LINE	0x201	/* where it is: address, size */
#define LINUX_INITRD		0x202
#define LINUX_SHA256		0x203	/* of the file, both sums as 0 */

/* Bytes of a PT_LOAD that is there only because there must be no gap. */
#define GAP_BYTES	16

/* Where an image may be: words of multiboot 2's tag, bytes of Xen's note. */
#define MOVABLE_TAG		10
#define MOVABLE_TAG_WORDS	4
#define MOVABLE_NOTE_SIZE	12

/* The name of the standard input and the standard output. */
#define STANDARD		"-"

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
 * struct chunk - contents of a stretch of memory
 * @paddr: its address
 * @bytes: contents
 */
struct chunk {
	uint32_t paddr;
	struct bytes bytes;
};

/**
 * struct room - memory to unpack into
 * @data: where to go on
 * @size: bytes that are left
 */
struct room {
	uint8_t *data;
	size_t size;
};

/**
 * enum unpacked - what has become of something compressed
 * @UNPACKED: it is unpacked
 * @UNPACK_DAMAGED: it is nothing of that format
 * @UNPACK_NO_ROOM: there is more of it than there is room
 * @UNPACK_NO_MEMORY: it takes more than UNPACK_MEMORY, or more than there is
 */
enum unpacked {
	UNPACKED,
	UNPACK_DAMAGED,
	UNPACK_NO_ROOM,
	UNPACK_NO_MEMORY,
};

/**
 * struct signature - a file and its signature
 * @file: all bytes in front of the signature
 * @pkcs7: the signature: a PKCS#7 message; none: there is none
 */
struct signature {
	struct bytes file;
	struct bytes pkcs7;
};

/**
 * struct codec - a format that kernels are compressed in
 * @name: for people
 * @library: what unpacks it
 * @magic: what it begins with
 * @magic_size: bytes of that
 * @has_size: its own last word is the size when unpacked
 * @unpack: unpacks one stream, and moves both its arguments on. NULL: this
 *	program was built without the library
 */
struct codec {
	const char *name;
	const char *library;
	const char *magic;
	size_t magic_size;
	bool has_size;
	enum unpacked (*unpack)(struct bytes *from, struct room *to);
};

/**
 * enum kernel_type - kinds of files
 * @KERNEL_ANY: one of them
 * @KERNEL_BZIMAGE: a bzImage
 * @KERNEL_VMLINUX: a vmlinux, with the stub or without
 * @KERNEL_IMAGE: what this program writes
 */
enum kernel_type {
	KERNEL_ANY,
	KERNEL_BZIMAGE,
	KERNEL_VMLINUX,
	KERNEL_IMAGE,
};

/**
 * enum part - parts of an image
 * @PART_KERNEL: all but what has been composed into it
 * @PART_INITRD: the initrd
 * @PART_CMDLINE: the command line
 */
enum part {
	PART_KERNEL,
	PART_INITRD,
	PART_CMDLINE,
};

/**
 * struct kernel - a kernel, whatever file it came in
 * @type: what kind of file that was
 * @version: UTS_RELEASE, without a NUL
 * @nr_chunks: number of @chunk
 * @chunk: what its file says of its memory
 * @start: its lowest address
 * @end: the address behind its last one; what no chunk covers is NOBITS
 * @cmdline_max: the longest command line that it takes, without the NUL
 * @initrd_max: the highest address that an initrd's last byte may have
 * @stub: a vmlinux's own stub, its first STUB_HEADER_SIZE bytes; else none
 * @stub_at: its address
 * @link_base: of a vmlinux: what its virtual addresses are above the physical
 *	       ones, modulo 4 GiB
 * @setup: a bzImage's setup_header; else none
 * @payload: and what it unpacks, if it says where that is
 * @unpacked_flags: and what the stub has to know of that, STUB_FLAG_*
 * @unpacked: what it has been unpacked to: memory that all else refers to
 * @entry: where to enter a kernel without a stub
 * @flags: what the stub has to know, STUB_FLAG_*
 * @bss: of a vmlinux: where its .bss begins, or below; with STUB_FLAG_KASLR
 * @align: it runs at multiples of this
 * @image_max: KERNEL_IMAGE_SIZE, what it maps of itself
 * @cmdline: what an image has composed into it, NUL included; else none
 * @initrd: and the initrd
 * @relocs: its relocations, as the stub reads them; else none
 * @ramdisk_base: where the initrd was asked to be, 0: anywhere
 * @no_multiboot: an image without multiboot headers
 * @no_elf64: one that is not ELF64 as well
 * @no_checksum: one without a checksum note
 * @has_sha256: one with a SHA-256 note
 */
struct kernel {
	enum kernel_type type;
	struct bytes version;
	unsigned int nr_chunks;
	struct chunk chunk[PHDRS_MAX];
	uint32_t start;
	uint64_t end;
	uint32_t cmdline_max;
	uint32_t initrd_max;
	struct bytes stub;
	uint32_t stub_at;
	uint32_t link_base;
	struct bytes setup;
	struct bytes payload;
	uint32_t unpacked_flags;
	struct bytes unpacked;
	uint32_t entry;
	uint32_t flags;
	uint32_t bss;
	uint32_t align;
	uint32_t image_max;
	struct bytes cmdline;
	struct bytes initrd;
	struct bytes relocs;
	uint32_t ramdisk_base;
	bool no_multiboot;
	bool no_elf64;
	bool no_checksum;
	bool has_sha256;
};

/**
 * struct options - what the user wants
 * @multiboot: write multiboot headers, 1 and 2
 * @elf64: let the file be read as ELF64 as well
 * @checksum: write the checksum note
 * @sha256: write the SHA-256 note
 * @cmdline: command line to compose into the image; "" for none; NULL for the
 *	one that it already has
 * @no_initrd: compose none, even if it already has one
 * @nr_initrds: number of @initrd, 0 for those that it already has
 * @initrd: initrds to compose into it, one behind the other
 * @no_relocs: leave out its relocations
 * @load_address: where the kernel is to be in memory, 0: where it wants
 * @ramdisk_base: where the initrds are to be, 0: behind all else
 */
struct options {
	bool multiboot;
	bool elf64;
	bool checksum;
	bool sha256;
	const char *cmdline;
	bool no_initrd;
	unsigned int nr_initrds;
	struct bytes initrd[INITRDS_MAX];
	bool no_relocs;
	uint32_t load_address;
	uint32_t ramdisk_base;
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
 * struct segment - a PT_LOAD of the output file
 * @offset: in the file
 * @paddr: address
 * @filesz: bytes in the file
 * @memsz: bytes in memory
 * @align: p_align
 */
struct segment {
	uint64_t offset;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint32_t align;
};

/**
 * struct layout - the plan of an image
 * @entry: e_entry
 * @stub: address of the stub
 * @version: UTS_RELEASE, without a NUL
 * @nr_segments: number of @segment
 * @segment: its PT_LOADs, ascending
 * @size: of the file, in bytes
 * @nr_pieces: number of @piece
 * @piece: contents, ascending
 * @words: the stub's first bytes
 * @jump: the instruction that leads to the stub, if there has to be one
 * @notes: size of the notes in @head, behind the program headers
 * @head: the first page: headers, notes, multiboot headers
 * @signer: who signs all of it; NULL: nobody
 * @dropped: the signature that the kernel's file has had, if any
 */
struct layout {
	uint32_t entry;
	uint32_t stub;
	struct bytes version;
	unsigned int nr_segments;
	struct segment segment[LOADS_MAX];
	size_t size;
	unsigned int nr_pieces;
	struct piece piece[PIECES_MAX];
	uint8_t words[STUB_HEADER_SIZE];
	uint8_t jump[JUMP_SIZE];
	size_t notes;
	uint8_t head[PAGE_BYTES];
	const struct signer *signer;
	struct bytes dropped;
};

/**
 * struct movable - where an image may be
 * @align: at multiples of this
 * @min: at the lowest, which is where it was made for
 * @max: the highest address that its last byte may have
 */
struct movable {
	uint32_t align;
	uint32_t min;
	uint32_t max;
};

/**
 * struct dump_word - a word of the stub
 * @at: its offset, STUB_*
 * @name: for people; NULL behind the last
 */
struct dump_word {
	unsigned int at;
	const char *name;
};

/**
 * struct cost - what an image costs, in bytes
 * @file: all of the file
 * @kernel: the kernel in it: unpacked, or a bzImage's code
 * @relocs: its relocations
 * @stub: the stub
 * @cmdline: the command line that is composed into it
 * @initrd: and the initrd
 * @rest: headers, and what is between the others
 * @memory: what a loader reserves
 * @zeros: of that, what is not in the file
 */
struct cost {
	uint64_t file;
	uint64_t kernel;
	uint64_t relocs;
	uint64_t stub;
	uint64_t cmdline;
	uint64_t initrd;
	uint64_t rest;
	uint64_t memory;
	uint64_t zeros;
};

/**
 * struct cost_row - a number of it
 * @name: for people and programs; NULL behind the last
 * @at: offset in struct cost
 */
struct cost_row {
	const char *name;
	size_t at;
};

/* message.c */
void message_about(const char *path);
int error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void remark(const char *format, ...) __attribute__((format(printf, 1, 2)));
void message_quiet(void);
void message_progress(const char *what);

/* progress.c */
void progress_on(const char *what);
void progress_clear(void);
void progress_end(void);

/* file.c */
int map_file(int fd, size_t size, int flags, struct bytes *file);
void unmap_file(const struct bytes *file);
int write_all(int fd, const uint8_t *data, size_t size);
int write_at(int fd, size_t offset, const uint8_t *data, size_t size);

/* kind.c */
const char *kind_of_file(const struct bytes *file);

/* input.c */
int input_map(const char *path, struct bytes *file);
int kernel_read(const struct bytes *file, struct kernel *kernel);
int kernel_check(const struct kernel *kernel, enum kernel_type type);
int kernel_move(struct kernel *kernel, uint32_t address);

/* elf.c */
int elf_read(const struct bytes *file, struct elf *elf);
struct bytes elf_contents(const struct elf *elf, const struct phdr *phdr);
bool elf_find_note(const struct elf *elf, const char *name, uint32_t type,
		   struct note *note);
const uint8_t *elf_at_paddr(const struct elf *elf, uint64_t paddr, size_t size);

bool elf_find_section(const struct elf *elf, const char *name, uint32_t size,
		      uint64_t *addr);
uint64_t elf_end(const struct elf *elf);

/* memory.c */
uint32_t memory_word(const struct kernel *kernel, uint32_t paddr);
bool memory_has_contents(const struct kernel *kernel, uint64_t paddr);
uint64_t memory_contents_end(const struct kernel *kernel);
uint64_t memory_find_contents(const struct kernel *kernel, uint32_t from);
void memory_cut_contents(struct kernel *kernel, uint32_t from);
int memory_check_bss(const struct kernel *kernel);

/* codecs.c */
const struct codec *codec_find(const struct bytes *bytes);
const struct codec *codec_next(const struct codec *codec);
enum unpacked codec_unpack(const struct codec *codec, const struct bytes *from,
			   const struct room *to, size_t *size);

/* unpack.c */
int unpack_kernel(struct kernel *kernel);

/* vmlinux.c */
int vmlinux_read(const struct elf *elf, struct kernel *kernel);

/* image.c */
bool image_probe(const struct elf *elf);
int image_read(const struct elf *elf, struct kernel *kernel);

/* relocs.c */
int relocs_read(struct kernel *kernel, const struct bytes *file);
const char *relocs_broken(const struct bytes *relocs, const uint8_t *stub);

/* bzimage.c */
bool bzimage_probe(const struct bytes *file);
int bzimage_read(const struct bytes *file, struct kernel *kernel);
bool bzimage_has_place(const struct kernel *kernel);
int bzimage_limits(struct kernel *kernel);
int bzimage_move(struct kernel *kernel, uint32_t address);

/* notes.c */
bool note_next(struct bytes *notes, struct note *note);
bool note_has_name(const struct note *note, const char *name);
bool note_is(const struct note *note, const char *name, uint32_t type);
size_t note_put(uint8_t *at, size_t room, const char *name, uint32_t type,
		const void *desc, size_t size);

/* layout.c */
int layout_plan(const struct kernel *kernel, const struct bytes *stub,
		const struct options *options, struct layout *layout);

/* headers.c */
const uint8_t *headers_find_multiboot(const struct bytes *file);
size_t headers_notes_at(const struct layout *layout);
int headers_put(struct layout *layout, const struct options *options);

/* elf64.c */
void elf64_put(uint8_t *head, unsigned int nr_phdrs);
bool elf64_is_there(const uint8_t *head);
const char *elf64_broken(const struct elf *elf);

/* movable.c */
bool movable_get(const uint8_t *stub, struct movable *movable);
void movable_put_tag(uint32_t *words, const struct movable *movable);
void movable_put_note(uint8_t *desc, const struct movable *movable);
bool movable_has_tag(const struct bytes *tag, const uint8_t *stub);
bool movable_has_note(const struct bytes *desc, const uint8_t *stub);

/* extract.c */
int extract_plan(const struct bytes *file, enum part part,
		 struct layout *layout);

/* dump.c, json.c, cost.c */
extern const struct dump_word dump_words[];
bool dump_has_word(const struct layout *layout, const struct dump_word *word);
extern const struct cost_row cost_rows[];
void cost_get(const struct layout *layout, struct cost *cost);
uint64_t cost_value(const struct cost *cost, const struct cost_row *row);
struct pe;
void dump_layout(const struct layout *layout, const struct pe *pe);
void dump_json(const struct layout *layout, const struct pe *pe);
struct bytes dump_notes(const struct layout *layout);
void dump_signature(const struct bytes *pkcs7);

/* checksum.c */
uint16_t checksum_elf(const struct elf *elf);
uint32_t checksum_pe(const struct bytes *file, size_t at);

/* seal.c */
int seal_image(const struct bytes *file, int fd);
const char *seal_broken(const struct elf *elf, uint32_t type);

/* verify.c */
int verify_image(const struct bytes *file);
int verify_any_layout(const struct bytes *file);
int verify_has_sha256(const struct bytes *file);

/* write.c */
typedef int (*output_fill_t)(int fd, const struct layout *layout);
int fill_image(int fd, const struct layout *layout);
int write_pieces(int fd, const struct layout *layout);
int write_mapped(const struct layout *layout, output_fill_t fill,
		 struct bytes *file);
int write_image(const char *path, const struct layout *layout);
int write_bytes(const char *path, const struct layout *layout);
int write_sums(struct layout *layout);
struct signer;
int write_signed(const char *path, const struct bytes *file,
		 const struct signer *signer);

/* access.c */
struct stat;
void access_add_input(int fd, const struct stat *st);
int access_set(int fd, const char *path, const struct stat *old);

/* acl.c */
struct bytes acl_of_file(int fd);
struct bytes acl_of_path(const char *path);
mode_t acl_plain_mode(const struct bytes *acl, mode_t mode);
bool acl_copy(int fd, const struct bytes *acl);
int acl_remove(int fd);

/* output.c */
void output_catch_signals(void);
int output_write(const char *path, const struct layout *layout,
		 output_fill_t fill);

/* stub-bin.c */
struct bytes stub_bin_get(void);

static inline bool is_power_of_two(uint32_t value)
{
	return value && !(value & (value - 1));
}

static inline uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) & ~(to - 1);
}

static inline void bytes_take(struct bytes *from, size_t size)
{
	from->data += size;
	from->size -= size;
}

static inline void room_put(struct room *to, size_t size)
{
	to->data += size;
	to->size -= size;
}

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

static inline uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
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

static inline void put_le64(uint8_t *p, uint64_t value)
{
	put_le32(p, value);
	put_le32(p + 4, value >> 32);
}

/* A stub that does not know KASLR has something else where its words are. */
static inline bool stub_has_kaslr(const uint8_t *stub)
{
	return get_le32(stub + STUB_FLAGS) & STUB_FLAG_KASLR;
}

/* Of a stub that has the words: is its kernel where it says that it can be? */
static inline bool stub_is_aligned(const uint8_t *stub)
{
	uint32_t align = get_le32(stub + STUB_ALIGN);

	return align >= PAGE_BYTES && is_power_of_two(align) &&
	       !(get_le32(stub + STUB_KERNEL_START) & (align - 1));
}

#endif /* ELFIMAGE_H */
