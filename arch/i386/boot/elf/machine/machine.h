/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The CPU and what is beside it, by file. Memory is ram.h's, the BIOS bios.h's,
 * page tables are paging.h's.
 */
#ifndef ELFBOOT_MACHINE_H
#define ELFBOOT_MACHINE_H

#include "base.h"

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
bool cpu_has_la57(void);
bool cpu_is_virtual(void);
u64 cpu_tsc(void);
void __noreturn cpu_halt(void);

/* copy.S */
void *memcpy(void *dst, const void *src, size_t len);
void *memmove(void *dst, const void *src, size_t len);
void *memset(void *dst, int c, size_t len);

/* string.c */
int memcmp(const void *a, const void *b, size_t len);
size_t strlen(const char *s);
int strncmp(const char *a, const char *b, size_t len);

#endif /* ELFBOOT_MACHINE_H */
