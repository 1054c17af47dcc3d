// SPDX-License-Identifier: GPL-2.0
/*
 * The stub's scratch memory is at __brk_base: make sure that there is enough.
 * Nothing allocates it, so setup_arch() frees it with the rest of .brk.
 */
#include <asm/setup.h>

#include "stub.h"

RESERVE_BRK(elfboot_scratch, STUB_SCRATCH_SIZE);
