// SPDX-License-Identifier: GPL-2.0
/*
 * Memory beyond what 32 bits reach, and none of the loader's page tables, as
 * they may lie in what is tested: the first GiB and the one with the devices
 * one to one, one GiB as a window, and the one that the program is in. The
 * tables of PAE and of long mode differ in a level and a bit.
 */
#include "hello.h"

#define ENTRIES		512
#define LARGE		0x200000ULL

#define PRESENT		0x01
#define WRITABLE	0x02
#define UNCACHED	0x10
#define LARGE_PAGE	0x80

#define CR0_PG		0x80000000UL
#define CR4_PAE		0x20UL

#ifdef __x86_64__
#define TABLE_FLAGS	(PRESENT | WRITABLE)
#define FIRST_TABLE	top
#else
#define TABLE_FLAGS	PRESENT
#define FIRST_TABLE	pointers
#endif

#define WINDOW_INDEX	1
#define DEVICE_INDEX	3

typedef u64 table[ENTRIES] __attribute__((aligned(4096)));

static table top, pointers, low, window, devices, own;

static u64 address(const void *of)
{
	return (unsigned long)of;
}

static void map_gib(u64 *directory, u64 from, u32 flags)
{
	u32 i;

	for (i = 0; i < ENTRIES; i++)
		directory[i] = (from + i * LARGE) | PRESENT | WRITABLE |
			       LARGE_PAGE | flags;
}

static void load(void)
{
	unsigned long first = (unsigned long)FIRST_TABLE;

	asm volatile("mov %0, %%cr3" : : "r" (first) : "memory");
}

static void turn_on(void)
{
	unsigned long value;

	asm volatile("mov %%cr4, %0" : "=r" (value));
	asm volatile("mov %0, %%cr4" : : "r" (value | CR4_PAE));
	load();
	asm volatile("mov %%cr0, %0" : "=r" (value));
	asm volatile("mov %0, %%cr0" : : "r" (value | CR0_PG) : "memory");
}

/**
 * paging_init - page tables of our own
 */
void paging_init(void)
{
	u32 here = address(_begin) >> 30;

	map_gib(low, 0, 0);
	map_gib(window, 0, 0);
	map_gib(devices, DEVICE_INDEX * GIB, UNCACHED);
	top[0] = address(pointers) | PRESENT | WRITABLE;
	if (here > DEVICE_INDEX) {
		map_gib(own, here * (u64)GIB, 0);
		pointers[here] = address(own) | TABLE_FLAGS;
	}
	pointers[0] = address(low) | TABLE_FLAGS;
	pointers[WINDOW_INDEX] = address(window) | TABLE_FLAGS;
	pointers[DEVICE_INDEX] = address(devices) | TABLE_FLAGS;
	turn_on();
}

/**
 * paging_window - look at memory
 * @at: physical address
 *
 * Return: where it is, up to the next GiB; valid until the next call.
 */
void *paging_window(u64 at)
{
	u64 gib = at & ~(u64)(GIB - 1);

	map_gib(window, gib, 0);
	load();
	return (void *)(unsigned long)(WINDOW_INDEX * GIB + (at - gib));
}
