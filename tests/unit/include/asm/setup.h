/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_ASM_SETUP_H
#define TESTS_ASM_SETUP_H

#include <asm/bootparam.h>

#define COMMAND_LINE_SIZE	2048

extern struct boot_params boot_params;

#endif /* TESTS_ASM_SETUP_H */
