/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who may know something: wire format -> struct bootinfo, by file; and what
 * several of them use.
 */
#ifndef ELFBOOT_SOURCES_H
#define ELFBOOT_SOURCES_H

#include "base.h"
#include "handoff.h"
#include "info/bootinfo.h"
#include "machine/ram.h"

/**
 * struct source - one who may know something
 * @corrupt: its bit in bootinfo.corrupt, 0 if it cannot be corrupt
 * @probe: returns 0 (took what was there, but for @bi->ignored), -ENOENT (not
 *	   present, silent), -EINVAL (present but corrupt: ignored whole, @bi is
 *	   as it was but for @bi->ignored) or -EBADMSG (a caller that announced
 *	   itself by magic, and @bi->fault says what is wrong with the core of
 *	   what it passes: there is no booting with less)
 */
struct source {
	u32 corrupt;
	int (*probe)(const struct ram *ram, const struct handoff *handoff,
		     struct bootinfo *bi);
};

/* source-*.c */
int multiboot_probe(const struct ram *ram, const struct handoff *handoff,
		    struct bootinfo *bi);
int multiboot2_probe(const struct ram *ram, const struct handoff *handoff,
		     struct bootinfo *bi);
int notes_probe(const struct ram *ram, const struct handoff *handoff,
		struct bootinfo *bi);
int bootparams_probe(const struct ram *ram, const struct handoff *handoff,
		     struct bootinfo *bi);
int argv_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi);
int bios_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi);
int composed_probe(const struct ram *ram, const struct handoff *handoff,
		   struct bootinfo *bi);
int vga_probe(const struct ram *ram, const struct handoff *handoff,
	      struct bootinfo *bi);
int fwcfg_probe(const struct ram *ram, const struct handoff *handoff,
		struct bootinfo *bi);
int cmos_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi);
int pvh_probe(const struct ram *ram, const struct handoff *handoff,
	      struct bootinfo *bi);
int coreboot_probe(const struct ram *ram, const struct handoff *handoff,
		   struct bootinfo *bi);
int coreboot_scan(const struct ram *ram, const struct handoff *handoff,
		  struct bootinfo *bi);
int cbfs_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi);

/* handoff.c, framebuffer.c, rsdp.c */
u32 handoff_argument(const struct ram *ram, const struct handoff *handoff);
int framebuffer_check(struct framebuffer *fb);
bool rsdp_is_valid(const struct ram *ram, u64 pa);
int rsdp_find(const struct ram *ram, u64 *pa, u32 len);

#endif /* ELFBOOT_SOURCES_H */
