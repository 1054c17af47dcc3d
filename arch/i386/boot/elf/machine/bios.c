// SPDX-License-Identifier: GPL-2.0
/*
 * Real-mode calls: what surrounds the trampoline in bioscall.S.
 */
#include "machine/bios.h"
#include "machine/ram.h"

static const struct ram *low_ram;

/**
 * bios_open - get ready for calls
 * @ram: physical memory
 * @save: BIOS_LOW_SIZE bytes, for what is now in low memory
 */
void bios_open(const struct ram *ram, void *save)
{
	low_ram = ram;
	ram_read(ram, BIOS_LOW_START, save, BIOS_LOW_SIZE);
	ram_write(ram, BIOS_TRAMPOLINE, bios_trampoline,
		  bios_trampoline_end - bios_trampoline);
}

/**
 * bios_call - call an interrupt of the BIOS, in real mode
 * @vector: its number
 * @regs: registers, in and out; ES and DS are 0
 *
 * Between bios_open() and bios_close() only. Interrupts are off on entry: the
 * loader has left the interrupt controllers in an unknown state.
 */
void bios_call(u8 vector, struct bios_regs *regs)
{
	const u32 at = BIOS_TRAMPOLINE;
	u32 vector_at = at + (bios_trampoline_vector - bios_trampoline);
	u32 regs_at = at + (bios_trampoline_regs - bios_trampoline);

	ram_write(low_ram, vector_at, &vector, sizeof(vector));
	ram_write(low_ram, regs_at, regs, sizeof(*regs));
	bios_enter();
	ram_read(low_ram, regs_at, regs, sizeof(*regs));
}

/**
 * bios_close - put low memory back as it was
 * @ram: physical memory
 * @save: what bios_open() stored
 */
void bios_close(const struct ram *ram, const void *save)
{
	ram_write(ram, BIOS_LOW_START, save, BIOS_LOW_SIZE);
}
