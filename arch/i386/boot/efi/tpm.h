/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Measuring by a TPM, or by what stands for one (tpm.c).
 */
#ifndef ELFBOOT_EFI_TPM_H
#define ELFBOOT_EFI_TPM_H

#include "wire-uefi.h"

struct loader;

/* What is measured. */
enum measured {
	MEASURED_OPTIONS,
	MEASURED_INITRD,
	MEASURED_KERNEL,
};

void tpm_find(struct loader *loader);
efi_status tpm_measure(const struct loader *loader, enum measured what,
		       const void *data, u64 size);
void tpm_keep_log(struct loader *loader);
void tpm_drop_log(struct loader *loader);

#endif /* ELFBOOT_EFI_TPM_H */
