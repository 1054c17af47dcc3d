/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Unified kernel images: UEFI programs that have what they load in sections of
 * their own (the UKI specification, UAPI Group's number 5). Ours are elfboot.efi
 * with more sections; where fields are in a PE file: pe.h.
 */
#ifndef UKI_H
#define UKI_H

#include "pe.h"

/**
 * enum uki_section - sections that are put in, in this order, which is ukify's
 * @UKI_SBAT: .sbat, whom shim may have to revoke
 * @UKI_OSREL: .osrel, the operating system's os-release
 * @UKI_CMDLINE: .cmdline
 * @UKI_UNAME: .uname, the kernel's version
 * @UKI_LINUX: .linux, an ELF file
 * @UKI_INITRD: .initrd
 * @UKI_SECTIONS: how many
 */
enum uki_section {
	UKI_SBAT,
	UKI_OSREL,
	UKI_CMDLINE,
	UKI_UNAME,
	UKI_LINUX,
	UKI_INITRD,
	UKI_SECTIONS,
};

/**
 * struct uki_parts - contents of these sections; of no bytes: there is none
 * @part: of all but .initrd
 * @nr_initrds: number of @initrd
 * @initrd: .initrd, one behind the other
 */
struct uki_parts {
	struct bytes part[UKI_SECTIONS];
	unsigned int nr_initrds;
	struct bytes initrd[INITRDS_MAX];
};

/* uki.c */
extern const char * const uki_names[UKI_SECTIONS];
bool uki_has_name(const char *name);
const char *uki_machine(uint16_t machine);
uint64_t uki_put_initrds(struct layout *layout, uint64_t offset,
			 const struct bytes *initrd, unsigned int nr);
int uki_plan(const struct pe *stub, const struct uki_parts *parts,
	     struct layout *layout);

/* uki-stub.c */
const char *uki_stub_find(uint16_t machine);
int uki_stub_read(const struct bytes *file, uint16_t machine, struct pe *stub);

/* uki-verify.c */
bool uki_probe(const struct bytes *file);
bool uki_is_damaged(const struct pe *pe);
int uki_verify(const struct bytes *file);

/* uki-write.c */
int fill_program(int fd, const struct layout *layout);
int write_program(const char *path, const struct layout *layout);

/* sbat.c */
bool sbat_has(const struct bytes *sbat, const char *component);
int sbat_check(const struct bytes *sbat);
int sbat_join(const struct bytes *own, const struct bytes *more,
	      struct bytes *joined);

#endif /* UKI_H */
