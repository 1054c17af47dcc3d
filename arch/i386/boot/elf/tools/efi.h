/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What --efi does.
 */
#ifndef EFI_H
#define EFI_H

#include "args.h"
#include "uki.h"
#include "unwrap.h"

int efi_plan(const struct job *job, const struct unified *unified,
	     const struct kernel *kernel, struct layout *image,
	     struct layout *program);

#endif /* EFI_H */
