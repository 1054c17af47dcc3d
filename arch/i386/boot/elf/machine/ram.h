/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Physical memory, the only way to it (ram.c). Reading copies out: physical 0
 * is a valid address, alignment does not matter, and nothing later points
 * into memory that the kernel is going to overwrite.
 */
#ifndef ELFBOOT_RAM_H
#define ELFBOOT_RAM_H

#include "base.h"

/* Where addresses of 32 bits end. */
#define RAM_4G		0x100000000ULL

/**
 * struct ram_seg - a stretch of physical memory that can be reached
 * @pa: physical address of its first byte
 * @len: bytes
 * @va: where the program sees it
 */
struct ram_seg {
	u64 pa;
	u64 len;
	unsigned long va;
};

/**
 * struct ram - all that can be reached; one segment in the stub
 * @nr: number of @seg
 * @seg: the segments
 * @read_high: copies out of what is above 4 GiB and in no segment, as
 *	       ram_read(); NULL: that cannot be reached
 */
struct ram {
	unsigned int nr;
	const struct ram_seg *seg;
	int (*read_high)(u64 pa, void *dst, u32 len);
};

int ram_read(const struct ram *ram, u64 pa, void *dst, u32 len);
int ram_write(const struct ram *ram, u64 pa, const void *src, u32 len);
int ram_move(const struct ram *ram, u64 dst, u64 src, u32 len);
int ram_scan(const struct ram *ram, u64 *pa, u32 len, u32 step, u32 word);
u32 ram_strlen(const struct ram *ram, u64 pa, u32 max);
int ram_string(const struct ram *ram, u64 pa, char *dst, u32 size);
void *ram_own(const struct ram *ram, u64 pa, u32 len);
u32 ram_address(const void *own);

#endif /* ELFBOOT_RAM_H */
