/* SPDX-License-Identifier: GPL-2.0 */
#include <asm/apic.h>

bool pgtable_l5_enabled(void);
