/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stub's internal header. Data flows one way:
 *
 *	handoff -> source-*.c -> struct bootinfo -> bootparams.c -> jump.S
 *
 * Ranges are {start, size} in structs; a local variable "end" is exclusive.
 */
#ifndef ELFBOOT_H
#define ELFBOOT_H

#include <linux/stddef.h>
#include <linux/types.h>

/* Everything is in one image: nothing goes through the GOT. */
#pragma GCC visibility push(hidden)

#include "handoff.h"
#include "ram.h"
#include "memmap.h"
#include "bootinfo.h"
#include "stub.h"

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(x)	(sizeof(x) / sizeof((x)[0]))
#endif

/**
 * struct source - one who may know something
 * @corrupt: its bit in bootinfo.corrupt, 0 if it cannot be corrupt
 * @probe: returns 0 (took what was there, but for @bi->ignored), -ENOENT (not
 *	   present, silent), -EINVAL (present but corrupt: ignored whole, @bi is
 *	   as it was but for @bi->ignored) or -EBADMSG (a caller that announced
 *	   itself by magic, and @bi->fault says what is wrong with the core of
 *	   what it passes: there is no booting with less)
 */
struct source {
	u32 corrupt;
	int (*probe)(const struct ram *ram, const struct handoff *handoff,
		     struct bootinfo *bi);
};

/* source-*.c */
int multiboot_probe(const struct ram *ram, const struct handoff *handoff,
		    struct bootinfo *bi);
int multiboot2_probe(const struct ram *ram, const struct handoff *handoff,
		     struct bootinfo *bi);
int notes_probe(const struct ram *ram, const struct handoff *handoff,
		struct bootinfo *bi);
int bootparams_probe(const struct ram *ram, const struct handoff *handoff,
		     struct bootinfo *bi);
int argv_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi);
int bios_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi);
int composed_probe(const struct ram *ram, const struct handoff *handoff,
		   struct bootinfo *bi);
int vga_probe(const struct ram *ram, const struct handoff *handoff,
	      struct bootinfo *bi);
int fwcfg_probe(const struct ram *ram, const struct handoff *handoff,
		struct bootinfo *bi);
int cmos_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi);
int pvh_probe(const struct ram *ram, const struct handoff *handoff,
	      struct bootinfo *bi);
int coreboot_probe(const struct ram *ram, const struct handoff *handoff,
		   struct bootinfo *bi);
int coreboot_scan(const struct ram *ram, const struct handoff *handoff,
		  struct bootinfo *bi);
int cbfs_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi);

/* handoff.c, framebuffer.c, rsdp.c, efi.c */
u32 handoff_argument(const struct ram *ram, const struct handoff *handoff);
int framebuffer_check(struct framebuffer *fb);
bool rsdp_is_valid(const struct ram *ram, u64 pa);
int rsdp_find(const struct ram *ram, u64 *pa, u32 len);
int efi_map_check(struct efi *efi);
bool efi_find_used(const struct ram *ram, const struct efi *efi, u64 start,
		   u64 size, struct range *used);

/* cmdline.c */
bool cmdline_option(const char *cmdline, const char *option);
const char *cmdline_next(const char *cmdline, const char *option, char *value,
			 size_t size);
const char *cmdline_skip_word(const char *cmdline);
void string_copy(char *dst, const char *src, size_t size);

/**
 * struct relocs - a kernel's relocations (relocs.c)
 * @stream: their first byte
 * @size: bytes of them
 * @lists: how many there are, RELOCS_LISTS_*
 * @kernel: the kernel's first byte
 * @room: bytes from there on that they may change
 */
struct relocs {
	const u8 *stream;
	u32 size;
	u32 lists;
	u8 *kernel;
	u32 room;
};

/* relocs.c, entropy.c */
int relocs_check(const struct relocs *relocs);
void relocs_apply(const struct relocs *relocs, u32 offset);

/**
 * struct entropy - a source of random numbers
 * @state: what has been gathered
 * @sources: ENTROPY_*, whence
 */
struct entropy {
	u64 state;
	u32 sources;
};

void entropy_init(struct entropy *entropy, const u8 *seed, u32 size);
u32 entropy_draw(struct entropy *entropy);

/* console.c */
#define CONSOLE_WAITING	1536
void console_init(char *waiting);
void console_open(const char *cmdline, const struct serial *serial);
void console_write(const char *s, size_t len);

/* port.S */
u8 port_read(u16 port);
void port_write(u8 value, u16 port);
void port_write16(u16 value, u16 port);

/* pic.c */
void pic_mask(void);

/* high.c, highcopy.S */
int high_read(void *tables, u64 pa, void *dst, u32 len);
void high_copy(void *dst, u32 src, u32 len, u32 pdpt);

/* cpu.S */
bool cpu_has_long_mode(void);
bool cpu_random(u32 *value);
void cpu_clear_lme(void);
u32 cpu_physical_bits(void);
u32 cpu_features(void);
bool cpu_is_virtual(void);
u64 cpu_tsc(void);
void __noreturn cpu_halt(void);

/**
 * struct copy - bytes that go elsewhere at the last moment (jump.S)
 * @to: physical
 * @from: physical
 * @size: bytes, a multiple of 8; 0: none
 */
struct copy {
	u32 to;
	u32 from;
	u32 size;
};

/* jump.S */
void __noreturn jump_32(u32 entry, u32 boot_params, const struct copy *copy);
void __noreturn jump_64(u32 entry, u32 boot_params, u32 pml4,
			const struct copy *copy);

/**
 * struct stub_params - the words that whoever embeds the stub fills in
 * @kernel_entry: where to jump, physical
 * @kernel_start: the kernel's memory, first byte, physical
 * @kernel_end: and the byte behind the last
 * @scratch: physical address of STUB_SCRATCH_SIZE bytes of NOBITS
 * @flags: STUB_FLAG_*
 * @setup: physical address of a bzImage's own setup_header, 0: it is a vmlinux
 * @setup_size: bytes of it
 * @cmdline: physical address of a composed command line, 0: there is none
 * @cmdline_size: bytes of it
 * @initrd: physical address of a composed initrd, which is the last of the
 *	    image, 0: there is none
 * @initrd_size: bytes of it
 * @bss: the kernel's .bss, physical: what is behind it the kernel clears; like
 *	 all that follows, with STUB_FLAG_KASLR alone
 * @align: the kernel may be at multiples of this, in bytes
 * @image_max: the end of what the kernel maps for itself, from the start of its
 *	       virtual or (i386) physical addresses on, in bytes
 * @relocs: physical address of its relocations, 0: there are none
 * @relocs_size: bytes of them
 */
struct stub_params {
	__le32 kernel_entry;
	__le32 kernel_start;
	__le32 kernel_end;
	__le32 scratch;
	__le32 flags;
	__le32 setup;
	__le32 setup_size;
	__le32 cmdline;
	__le32 cmdline_size;
	__le32 initrd;
	__le32 initrd_size;
	__le32 bss;
	__le32 align;
	__le32 image_max;
	__le32 relocs;
	__le32 relocs_size;
};

/* The assembler and mkelfImage know these words by the offsets of stub.h. */
#define STUB_WORD(member, offset) \
	_Static_assert(offsetof(struct stub_params, member) + STUB_PARAMS == \
		       (offset), "stub.h: " #offset)
STUB_WORD(kernel_entry, STUB_KERNEL_ENTRY);
STUB_WORD(kernel_start, STUB_KERNEL_START);
STUB_WORD(kernel_end, STUB_KERNEL_END);
STUB_WORD(scratch, STUB_SCRATCH);
STUB_WORD(flags, STUB_FLAGS);
STUB_WORD(setup, STUB_SETUP);
STUB_WORD(setup_size, STUB_SETUP_SIZE);
STUB_WORD(cmdline, STUB_CMDLINE);
STUB_WORD(cmdline_size, STUB_CMDLINE_SIZE);
STUB_WORD(initrd, STUB_INITRD);
STUB_WORD(initrd_size, STUB_INITRD_SIZE);
STUB_WORD(bss, STUB_BSS);
STUB_WORD(align, STUB_ALIGN);
STUB_WORD(image_max, STUB_IMAGE_MAX);
STUB_WORD(relocs, STUB_RELOCS);
STUB_WORD(relocs_size, STUB_RELOCS_SIZE);
#undef STUB_WORD
_Static_assert(sizeof(struct stub_params) + STUB_PARAMS == STUB_HEADER_SIZE,
	       "stub.h: STUB_HEADER_SIZE");

/* entry.S, elfboot.lds */
extern const struct stub_params stub_params;
extern const u8 stub_start[];
extern const u8 _end[];

/* main.c */
void __noreturn main(const struct handoff *handoff);
void __noreturn exception(const u32 *frame, u32 cr2);

/* print.c */
__printf(1, 2) void print(const char *format, ...);
__printf(1, 2) void __noreturn fatal(const char *format, ...);

/* copy.S */
void *memcpy(void *dst, const void *src, size_t len);
void *memmove(void *dst, const void *src, size_t len);
void *memset(void *dst, int c, size_t len);

/* string.c */
int memcmp(const void *a, const void *b, size_t len);
size_t strlen(const char *s);
int strncmp(const char *a, const char *b, size_t len);

#endif /* ELFBOOT_H */
