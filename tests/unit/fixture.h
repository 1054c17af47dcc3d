/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the unit tests share: physical memory made of small pieces, each of
 * them allocated so that the sanitizer sees the byte behind it, and sources
 * that are run on it.
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <asm/byteorder.h>
#include <linux/errno.h>

#include "ktap.h"

/* The stub has a main() of its own, and everything in it is hidden. */
#define main	elfboot_main
#include "elfboot.h"
#undef main
#pragma GCC visibility pop

#define KIB		1024ULL
#define MIB		(1024 * KIB)
#define GIB		(1024 * MIB)

#define PIECES_MAX	5

/**
 * struct machine - physical memory, as far as a test has any
 * @ram: what the code under test gets
 * @seg: the pieces
 */
struct machine {
	struct ram ram;
	struct ram_seg seg[PIECES_MAX];
};

static inline void put_le16(u8 *at, u16 value)
{
	at[0] = value;
	at[1] = value >> 8;
}

static inline void put_le32(u8 *at, u32 value)
{
	put_le16(at, value);
	put_le16(at + 2, value >> 16);
}

static inline void put_le64(u8 *at, u64 value)
{
	put_le32(at, value);
	put_le32(at + 4, value >> 32);
}

static inline u32 get_le32(const u8 *at)
{
	return at[0] | at[1] << 8 | at[2] << 16 | (u32)at[3] << 24;
}

static inline u64 get_le64(const u8 *at)
{
	return get_le32(at) | (u64)get_le32(at + 4) << 32;
}

/* The same numbers in every run, on every machine. */
static inline u32 random_below(u32 limit)
{
	static u64 state = 1;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (state >> 33) % limit;
}

/* Not even an empty piece is NULL. */
static inline void *allocate(size_t size)
{
	void *memory = malloc(size ? size : 1);

	if (!memory)
		abort();
	return memory;
}

static inline u8 *machine_piece(const struct machine *m, unsigned int i)
{
	return (u8 *)m->seg[i].va;
}

/* Add a piece: a copy of @data, zeroes without. */
static inline u8 *machine_add(struct machine *m, u64 pa,
			      const void *data, size_t len)
{
	unsigned int i = m->ram.nr++;
	u8 *memory = allocate(len);

	if (i == PIECES_MAX)
		abort();
	if (data)
		memcpy(memory, data, len);
	else
		memset(memory, 0, len);
	m->seg[i] = (struct ram_seg){ pa, len, (unsigned long)memory };
	m->ram.seg = m->seg;
	return memory;
}

/* Read data/NAME-PA.bin, captured on a real machine; @size is too much. */
static inline size_t load(const char *name, u64 pa, void *data, size_t size)
{
	char path[80];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "data/%s-%llx.bin", name, pa);
	file = fopen(path, "rb");
	if (!expect(file)) {
		perror(path);
		exit(ktap_status());
	}
	len = fread(data, 1, size, file);
	fclose(file);
	expect(len && len < size);
	return len;
}

/* Add it. */
static inline void machine_load(struct machine *m, const char *name,
				u64 pa)
{
	static u8 data[64 * KIB];

	machine_add(m, pa, data, load(name, pa, data, sizeof(data)));
}

static inline void machine_free(struct machine *m)
{
	while (m->ram.nr)
		free(machine_piece(m, --m->ram.nr));
}

/* A copy of @from in which piece @cut ends after @len bytes. */
static inline void machine_copy(struct machine *m,
				const struct machine *from,
				unsigned int cut, size_t len)
{
	unsigned int i;

	m->ram = from->ram;
	m->ram.nr = 0;
	for (i = 0; i < from->ram.nr; i++)
		machine_add(m, from->seg[i].pa, machine_piece(from, i),
			    i == cut ? len : from->seg[i].len);
}

static inline void copy_ranges(struct range *to, const struct range *from,
			       u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		to[i].start = from[i].start;
		to[i].size = from[i].size;
		to[i].type = from[i].type;
	}
}

/*
 * What counts in a bootinfo: neither its workspaces (offer, low_memory,
 * modules that nobody has supplied) nor what is behind the end of a string.
 */
static inline void bootinfo_copy(struct bootinfo *to,
				 const struct bootinfo *from)
{
	memset(to, 0, sizeof(*to));
	to->protocol = from->protocol;
	strcpy(to->loader, from->loader);
	strcpy(to->loader_version, from->loader_version);
	to->loader_id = from->loader_id;
	to->firmware = from->firmware;
	strcpy(to->firmware_version, from->firmware_version);
	to->no_coreboot = from->no_coreboot;
	to->no_bios = from->no_bios;
	to->map_source = from->map_source;
	to->map_rank = from->map_rank;
	to->cmdline_source = from->cmdline_source;
	strcpy(to->cmdline, from->cmdline);
	to->initrd_source = from->initrd_source;
	to->nr_modules = from->nr_modules;
	copy_ranges(to->module, from->module, from->nr_modules);
	to->rsdp = from->rsdp;
	to->rsdp_size = from->rsdp_size;
	memcpy(to->rsdp_table, from->rsdp_table, from->rsdp_size);
	to->efi.bits = from->efi.bits;
	to->efi.systab = from->efi.systab;
	copy_ranges(&to->efi.map, &from->efi.map, 1);
	to->efi.desc_size = from->efi.desc_size;
	to->efi.desc_version = from->efi.desc_version;
	to->have_screen = from->have_screen;
	memcpy(&to->screen, &from->screen, sizeof(to->screen));
	to->framebuffer = from->framebuffer;
	to->serial.base = from->serial.base;
	to->serial.step = from->serial.step;
	to->serial.mmio = from->serial.mmio;
	copy_ranges(&to->coreboot, &from->coreboot, 1);
	copy_ranges(&to->cbfs, &from->cbfs, 1);
	to->seed_size = from->seed_size;
	memcpy(to->seed, from->seed, from->seed_size);
	to->setup_data = from->setup_data;
	copy_ranges(&to->kept, &from->kept, 1);
	to->boot_params = from->boot_params;
	to->corrupt = from->corrupt;
	to->map.nr = from->map.nr;
	to->map.sorted = from->map.sorted;
	to->map.truncated = from->map.truncated;
	to->map.lost = from->map.lost;
	copy_ranges(to->map.range, from->map.range, from->map.nr);
}

static inline bool bootinfo_same(const struct bootinfo *a,
				 const struct bootinfo *b)
{
	static struct bootinfo copy_a, copy_b;

	bootinfo_copy(&copy_a, a);
	bootinfo_copy(&copy_b, b);
	return !memcmp(&copy_a, &copy_b, sizeof(copy_a));
}

/* Nobody has said anything; what should be overwritten is not 0. */
static inline struct bootinfo *bootinfo_new(void)
{
	struct bootinfo *bi = allocate(sizeof(*bi));

	memset(bi, 0xa5, sizeof(*bi));
	bootinfo_init(bi);
	return bi;
}

/* As if that source were asked now. */
static inline struct bootinfo *from(struct bootinfo *bi, const char *source)
{
	bi->source = source;
	return bi;
}

/* An earlier source has supplied all that there is. */
static inline struct bootinfo *bootinfo_new_full(void)
{
	struct bootinfo *bi = bootinfo_new();

	memmap_add(&bi->offer, 0, 640 * KIB, MEM_RAM);
	memmap_add(&bi->offer, 1 * MIB, 63 * MIB, MEM_RAM);
	memmap_add(&bi->offer, 64 * MIB, 1 * MIB, MEM_ACPI);
	bootinfo_set_map(from(bi, "earlier"), MAP_LOADER);
	bi->module_offer[0] = (struct range){ 0x1000, 0x1234, MEM_RAM };
	bi->module_offer[1] = (struct range){ 0x200000, 1, MEM_RAM };
	bootinfo_set_modules(from(bi, "earlier"), 2);
	strcpy(bi->cmdline, "from an earlier source");
	bi->cmdline_source = "earlier";
	return bi;
}

/* It still says what bootinfo_new_full() put there. */
static inline void expect_full(const struct bootinfo *full)
{
	expect_eq(full->nr_modules, 2);
	expect_eq(full->module[0].start, 0x1000);
	expect_eq(full->module[1].start, 0x200000);
	expect_string(full->initrd_source, "earlier");
	expect_string(full->cmdline, "from an earlier source");
	expect_string(full->map_source, "earlier");
	expect_eq(full->map.nr, 3);
}

/*
 * Run a source as main.c does. If it is not to be believed nothing may have
 * changed; if there is no booting it says why.
 */
static inline int probe(const struct source *source,
			const struct machine *m,
			const struct handoff *handoff,
			struct bootinfo *bi)
{
	static struct bootinfo before;
	int ret;

	bootinfo_copy(&before, bi);
	bi->fault.text = NULL;
	bi->nr_ignored = 0;
	bi->ignored_bits = 0;
	ret = source->probe(&m->ram, handoff, bi);
	expect(ret == 0 || ret == -ENOENT || ret == -EINVAL ||
	       ret == -EBADMSG);
	if (ret == -EBADMSG)
		expect(bi->fault.text && bi->fault.source);
	else if (ret)
		expect(bootinfo_same(&before, bi));
	expect(bi->nr_ignored <= IGNORED_MAX);
	expect(bi->nr_ignored || !bi->ignored_bits);
	return ret;
}

/* What print() makes of a fault. */
static inline const char *fault_text(const struct fault *fault)
{
	static char line[200];
	int len = snprintf(line, sizeof(line), "%s: ", fault->source);

	snprintf(line + len, sizeof(line) - len, fault->text,
		 (unsigned long long)fault->value[0],
		 (unsigned long long)fault->value[1]);
	return line;
}

/*
 * The core of what a caller passes is whole: command line (if the loader's name
 * is gone nobody cuts the image's off) and modules.
 */
static inline bool same_core(const struct bootinfo *a,
			     const struct bootinfo *b)
{
	size_t len_a = strlen(a->cmdline), len_b = strlen(b->cmdline);
	u32 i;

	if (len_a < len_b || strcmp(a->cmdline + len_a - len_b, b->cmdline) ||
	    a->nr_modules != b->nr_modules)
		return false;
	for (i = 0; i < a->nr_modules; i++)
		if (a->module[i].start != b->module[i].start ||
		    a->module[i].size != b->module[i].size)
			return false;
	return true;
}

/*
 * Let each piece of memory in turn end at every byte: that is corrupt, or
 * something optional is, or it is as if all were there, but that only without
 * the last @spare bytes of the last piece, which nobody needs.
 */
static inline void expect_truncation(const struct source *source,
				     const struct machine *m,
				     const struct handoff *handoff,
				     size_t spare)
{
	struct bootinfo *all = bootinfo_new();
	struct machine less;
	unsigned int i;
	size_t len;

	expect_eq(probe(source, m, handoff, all), 0);
	for (i = 0; i < m->ram.nr; i++) {
		size_t needed = m->seg[i].len;

		if (i + 1 == m->ram.nr)
			needed -= spare;
		for (len = 0; len < m->seg[i].len; len++) {
			struct bootinfo *bi = bootinfo_new();
			int ret;

			machine_copy(&less, m, i, len);
			ret = probe(source, &less, handoff, bi);
			if (ret || bi->nr_ignored)
				expect(len < needed);
			else
				expect(bootinfo_same(bi, all) &&
				       len >= needed);
			expect(ret || same_core(bi, all));
			free(bi);
			machine_free(&less);
		}
	}
	free(all);
}

/* Set every byte of memory to what is likely to hurt: no crash. */
static inline void expect_survival(const struct source *source,
				   const struct machine *m,
				   const struct handoff *handoff)
{
	static const u8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	struct bootinfo *bi = bootinfo_new();
	unsigned int i, k;
	size_t at;

	for (i = 0; i < m->ram.nr; i++)
		for (at = 0; at < m->seg[i].len; at++) {
			u8 *byte = machine_piece(m, i) + at;
			u8 saved = *byte;

			for (k = 0; k < sizeof(values); k++) {
				*byte = values[k];
				bootinfo_init(bi);
				probe(source, m, handoff, bi);
			}
			*byte = saved;
		}
	free(bi);
}

static inline void expect_map(const struct memmap *map,
			      const struct range *want, u32 nr)
{
	u32 i;

	expect_eq(map->nr, nr);
	for (i = 0; i < map->nr && i < nr; i++) {
		expect_eq(map->range[i].start, want[i].start);
		expect_eq(map->range[i].size, want[i].size);
		expect_eq(map->range[i].type, want[i].type);
	}
}

#endif /* TESTS_FIXTURE_H */
