// SPDX-License-Identifier: GPL-2.0
/*
 * Random numbers for the kernel's place, from the same sources as mainline's
 * arch/x86/lib/kaslr.c, and from what a loader passes as a seed. They are as
 * good as the best of them.
 */
#include "provenance.h"
#include "kaslr/entropy.h"
#include "machine/machine.h"

#define I8254_COUNTER		0x40
#define I8254_CONTROL		0x43
#define I8254_LATCH		0x00	/* counter 0 */
#define I8254_NONE		0xffff

/* FNV-1a. */
#define HASH_START		0xcbf29ce484222325ULL
#define HASH_FACTOR		0x100000001b3ULL

/* SplitMix64. */
#define MIX_STEP		0x9e3779b97f4a7c15ULL
#define MIX_FACTOR_1		0xbf58476d1ce4e5b9ULL
#define MIX_FACTOR_2		0x94d049bb133111ebULL

/**
 * entropy_init - begin with what a loader has passed
 * @entropy: result
 * @seed: random bytes
 * @size: how many, 0: there are none
 */
void entropy_init(struct entropy *entropy, const u8 *seed, u32 size)
{
	*entropy = (struct entropy){ HASH_START, size ? ENTROPY_SEED : 0 };
	for (; size; size--)
		entropy->state = (entropy->state ^ *seed++) * HASH_FACTOR;
}

/* Without RDRAND a second clock is welcome; it is not waited for. */
static u32 read_i8254(void)
{
	u32 low;

	port_write(I8254_LATCH, I8254_CONTROL);
	low = port_read(I8254_COUNTER);
	return low | port_read(I8254_COUNTER) << 8;
}

static void gather(struct entropy *entropy)
{
	u32 low, high, timer;

	entropy->state += MIX_STEP;
	entropy->state ^= cpu_tsc();
	entropy->sources |= ENTROPY_TSC;
	if (cpu_random(&low) && cpu_random(&high)) {
		entropy->state ^= (u64)high << 32 | low;
		entropy->sources |= ENTROPY_RDRAND;
		return;
	}
	timer = read_i8254();
	if (timer == I8254_NONE)
		return;
	entropy->state ^= (u64)timer << 32;
	entropy->sources |= ENTROPY_I8254;
}

/**
 * entropy_draw - a random number
 * @entropy: what has been gathered; more is, each time
 *
 * Return: 32 bits.
 */
u32 entropy_draw(struct entropy *entropy)
{
	u64 mix;

	gather(entropy);
	mix = entropy->state;
	mix = (mix ^ mix >> 30) * MIX_FACTOR_1;
	mix = (mix ^ mix >> 27) * MIX_FACTOR_2;
	return (mix ^ mix >> 31) >> 32;
}
