/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The proof programs, by file. One source for 32 and for 64 bits; a physical
 * address is where the program finds it, up to 1 GiB and where devices are.
 */
#ifndef TESTS_HELLO_H
#define TESTS_HELLO_H

#include <linux/types.h>

#define KIB		0x400UL
#define PAGE_SIZE	0x1000UL
#define GIB		0x40000000UL

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Segments of the GDT in entry.S. */
#define CODE_SEGMENT	0x10

/* What the program was entered with, as entry.S stores it. */
struct entry {
	u64 ax, bx, cx, dx, si, di, bp, sp;
	u64 flags;
	u64 cs, ds, es, ss, fs, gs;
	u64 cr0, cr3, cr4;
	u64 argument;			/* above the return address */
};

/* From the notes; the map stays in the block, which is kept free. */
#define RANGES_MAX	1024
#define OCCUPIED_MAX	8

struct range {
	u64 start;
	u64 size;
	u32 type;
};

#define TYPE_RAM	1

struct map {
	u32 nr;
	struct range range[RANGES_MAX];
};

/* notes.c */
struct occupied {
	u32 nr;
	struct range range[OCCUPIED_MAX];
};

void notes_report(u64 at, struct map *map, struct occupied *occupied);

/* memory.c */
void occupied_add(struct occupied *occupied, u64 start, u64 size);
bool occupied_has(const struct occupied *occupied, u64 start, u64 size);
void map_report(const struct map *map);
u64 map_find_low_page(const struct map *map, const struct occupied *occupied);
void memory_test(const struct map *map, const struct occupied *occupied);

/* paging.c */
void paging_init(void);
void *paging_window(u64 at);

/* interrupts.c */
void interrupts_init(void);
u32 ticks_count(u32 wanted);

/* cpus.c */
void cpus_report(u32 page);

/* hello.lds */
extern char _begin[], _end[];

/* entry.S */
extern char exception_stubs[];
extern char tick_stub[];
extern char spurious_stub[];
extern char stray_stub[];
extern u32 ticks, strays;
extern char trampoline[], trampoline_end[], trampoline_count[];

/* tests/firmware/console.c */
struct log;

void console_init(struct log *log, u32 size);
__attribute__((format(printf, 2, 3)))
void say(struct log *log, const char *format, ...);

/* One "key value" line of the report. */
#define report(...)	say(NULL, __VA_ARGS__)

/* tests/firmware/string.c */
void *memcpy(void *to, const void *from, size_t len);
void *memset(void *to, int c, size_t len);
int memcmp(const void *a, const void *b, size_t len);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);

/* main.c */
void *memmove(void *to, const void *from, size_t len);
void hello_main(const struct entry *entry, u64 notes);
void hello_exception(unsigned long vector, const unsigned long *stack);

#endif /* TESTS_HELLO_H */
