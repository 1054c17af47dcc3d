// SPDX-License-Identifier: GPL-2.0
/*
 * A program that is no Linux: what a loader of ELF files has told and left it,
 * on the second serial port, as "key value" lines. judge.py compares them.
 */
#include "hello.h"
#include "mmio.h"

#ifdef __x86_64__
#define CLASS	64
#else
#define CLASS	32
#endif

#define MSR_EFER	0xc0000080

/* A loader must have cleared it. */
static u32 cleared[16 * KIB];

static struct map map;
static struct occupied occupied;

/**
 * memmove - copy, the two places may overlap
 * @to: where to
 * @from: where from
 * @len: bytes
 *
 * Return: @to.
 */
void *memmove(void *to, const void *from, size_t len)
{
	const u8 *source = from;
	u8 *target = to;

	if (target < source)
		return memcpy(to, from, len);
	while (len--)
		target[len] = source[len];
	return to;
}

static void report_registers(const struct entry *entry)
{
	u32 low, high;

	report("ax 0x%llx", entry->ax);
	report("bx 0x%llx", entry->bx);
	report("cx 0x%llx", entry->cx);
	report("dx 0x%llx", entry->dx);
	report("si 0x%llx", entry->si);
	report("di 0x%llx", entry->di);
	report("bp 0x%llx", entry->bp);
	report("sp 0x%llx", entry->sp);
	report("flags 0x%llx", entry->flags);
	report("cs 0x%llx", entry->cs);
	report("ds 0x%llx", entry->ds);
	report("es 0x%llx", entry->es);
	report("ss 0x%llx", entry->ss);
	report("cr0 0x%llx", entry->cr0);
	report("cr3 0x%llx", entry->cr3);
	report("cr4 0x%llx", entry->cr4);
	report("argument 0x%llx", entry->argument);
	asm volatile("rdmsr" : "=a" (low), "=d" (high) : "c" (MSR_EFER));
	report("efer 0x%x", low);
}

static void report_bss(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cleared); i++)
		if (read32((unsigned long)&cleared[i]))
			break;
	report("bss-cleared %s", i == ARRAY_SIZE(cleared) ? "yes" : "no");
}

/**
 * hello_exception - something has gone wrong
 * @vector: number of the exception
 * @stack: what the CPU has put there: maybe an error code, then where it was
 */
void hello_exception(unsigned long vector, const unsigned long *stack)
{
	report("exception %x at %llx %llx %llx", (u32)vector, (u64)stack[0],
	       (u64)stack[1], (u64)stack[2]);
}

/**
 * hello_main - tell all there is
 * @entry: the registers
 * @notes: where the ELF boot notes should be
 */
void hello_main(const struct entry *entry, u64 notes)
{
	u64 page;

	console_init(NULL, 0);
	report("hello-report 1");
	report("class %u", CLASS);
	report_registers(entry);
	report_bss();
	occupied_add(&occupied, (unsigned long)_begin, _end - _begin);
	notes_report(notes, &map, &occupied);
	map_report(&map);
	interrupts_init();
	report("ticks %u", ticks_count(10));
	report("stray-interrupts %u", strays);
	paging_init();
	page = map_find_low_page(&map, &occupied);
	occupied_add(&occupied, page, PAGE_SIZE);
	memory_test(&map, &occupied);
	cpus_report(page);
	report("end");
}
