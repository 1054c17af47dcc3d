/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one model-specific register that the stub knows: long mode.
 */
#ifndef SCRIPTS_ASM_MSR_INDEX_H
#define SCRIPTS_ASM_MSR_INDEX_H

#define MSR_EFER	0xc0000080
#define EFER_LME	0x100

#endif /* SCRIPTS_ASM_MSR_INDEX_H */
