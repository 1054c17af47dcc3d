/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stub as main.c sees it: every room. No file in a room names this one.
 */
#ifndef ELFBOOT_H
#define ELFBOOT_H

#include "base.h"
#include "handoff.h"
#include "params.h"
#include "console/console.h"
#include "info/bootinfo.h"
#include "info/cmdline.h"
#include "info/place.h"
#include "info/setup-data.h"
#include "kaslr/randomize.h"
#include "leave/bootparams.h"
#include "leave/jump.h"
#include "machine/machine.h"
#include "machine/paging.h"
#include "sources/sources.h"

/* entry.S, elfboot.lds */
extern const u8 stub_start[];
extern const u8 _end[];

/* main.c */
void __noreturn main(const struct handoff *handoff, u32 scratch_at);
void __noreturn exception(const u32 *frame, u32 cr2);

#endif /* ELFBOOT_H */
