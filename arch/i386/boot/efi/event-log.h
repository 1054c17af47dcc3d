/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long a TPM's event log is (event-log.c). Pure.
 */
#ifndef ELFBOOT_EFI_EVENT_LOG_H
#define ELFBOOT_EFI_EVENT_LOG_H

#include "base.h"

u64 event_log_size(u32 format, const void *log, const void *last);
u64 event_log_final_size(const void *log, u64 log_size, const void *table);

#endif /* ELFBOOT_EFI_EVENT_LOG_H */
