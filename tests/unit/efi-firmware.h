/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A UEFI firmware for host tests: the tables of functions that elfboot.efi calls,
 * with a memory map, files, an initrd to offer, a display, and faults. What is
 * free to be allocated is real memory, somewhere below 4 GiB; the rest of the map
 * is a story. It aborts where a loader does what no loader may do.
 */
#ifndef TESTS_EFI_FIRMWARE_H
#define TESTS_EFI_FIRMWARE_H

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "info/wire-efi.h"
#include "loader.h"
#include "machine/paging.h"
#include "tpm.h"
#include "wire-tcg.h"

#define ARENA_PAGES	0x400ULL
#define AREAS_MAX	4096
#define FILES_MAX	4
#define IMAGE_HANDLE	((void *)0x1234)
#define DEVICE_HANDLE	((void *)0x2345)
#define OFFER_HANDLE	((void *)0x3456)
#define CONSOLE_HANDLE	((void *)0x4567)
#define DISPLAY_HANDLE	((void *)0x5678)

#define MEASURED_MAX	8

/* Who measures. */
enum firmware_tpm {
	TPM_NONE,
	TPM_ABSENT,			/* the firmware knows of TPMs */
	TPM_2,
	TPM_CC,
};

/* What has been measured. */
struct firmware_measured {
	u32 at;
	u32 type;
	u32 tag;
	char name[32];
	u64 size;
	u8 data[256];			/* the beginning */
};

struct area {
	u64 start;
	u64 pages;
	u32 type;
};

/* What a test wants the firmware to be like. */
struct firmware_file {
	const u16 *name;
	const void *data;
	u64 size;
	u64 end;			/* reading stops there; 0: at size */
	u64 attributes;
};

static struct {
	/* To be set by a test. */
	struct firmware_file files[FILES_MAX];
	const void *offered;
	u64 offered_size;
	bool offered_lost;
	u32 desc_size;
	u32 short_at;			/* number of the call that tells 32 */
	u32 read_max;			/* bytes that a file gives at once */
	u32 changes;			/* so often the map has changed meanwhile */
	u32 change_areas;		/* by so many descriptors more */
	u32 fail_at;			/* number of the call that fails */
	efi_status fail_status;
	u8 secure;
	u32 slow;			/* so often time has passed */
	u8 setup;			/* SetupMode, with Secure Boot */
	efi_status secure_status;	/* what asking for it says */
	bool no_64;			/* the CPU */
	u32 grows;			/* bytes of files[2], each time it is opened */
	bool no_display;
	bool no_volume;
	bool no_rng;
	bool protects;			/* memory, by attributes */
	bool keeps_read_only;		/* by clear_status */
	efi_status set_status;		/* what setting them says */
	efi_status clear_status;	/* and clearing */
	bool two_displays;		/* the console draws on both, by Blt */
	bool unmeasured;		/* the offer does not say its size */
	enum firmware_tpm tpm;
	efi_status extend_status;	/* what measuring says */
	u32 log_format;			/* the only one that it has; 0: none */
	const u8 *log;
	u32 log_last;			/* where in it the last entry is */
	bool log_empty;

	/* The firmware's own. */
	u32 calls;
	bool watched;			/* by the watchdog timer */
	bool failed;
	u8 *arena;
	struct area areas[AREAS_MAX];
	u32 nr;
	efi_uintn key;
	u32 pools;
	u32 open;
	u32 events;
	bool tried;			/* to leave, and had no success */
	bool left;
	char text[4096];
	u32 text_len;
	struct efi_system_table system;
	struct efi_boot_services boot;
	struct efi_runtime_services runtime;
	struct efi_text_output out;
	struct efi_loaded_image image;
	struct efi_simple_file_system volume;
	struct efi_load_file2 offer;
	struct efi_graphics_output graphics;
	struct efi_graphics_mode mode;
	struct efi_graphics_info mode_info;
	struct efi_graphics_output both;
	struct efi_graphics_mode both_mode;
	struct efi_graphics_info both_info;
	struct efi_rng rng;
	struct efi_memory_attribute attribute;
	u64 can_run;			/* a page */
	u64 read_only;			/* a page that nobody can use who gets it */
	struct efi_configuration_table tables[4];
	struct efi_measurement tcg2;
	struct efi_measurement cc;
	struct firmware_measured measured[MEASURED_MAX];
	u32 nr_measured;
	const u8 *linux_log;
	const u8 *seed;			/* where it has been put */
	u32 seed_size;
	bool seed_left;			/* when the image was entered, or in what we got back */
	bool seed_on_stack;		/* when we got memory back for the last time */
	jmp_buf entered;
	void *code;
} firmware;

/* Pool memory: what an image that has been entered has not given back, too. */
static void *pool[8];

static void swap_pool(void *old, void *new)
{
	u32 i;

	for (i = 0; pool[i] != old; i++)
		if (i + 1 == ARRAY_SIZE(pool))
			abort();
	pool[i] = new;
}

/* Does this call, one that is allowed until boot services have ended, fail? */
static bool late_fault(void)
{
	if (firmware.left)
		abort();
	firmware.calls++;
	if (firmware.calls != firmware.fail_at)
		return false;
	firmware.failed = true;
	return true;
}

/*
 * And this one, which is not? After the first try to end them memory is all that may
 * be asked for (UEFI Specification 2.10, section 7.4.6).
 */
static bool fault(void)
{
	if (firmware.tried)
		abort();
	return late_fault();
}

static void insert_area(u32 at, u64 start, u64 pages, u32 type)
{
	if (!pages)
		return;
	if (firmware.nr == AREAS_MAX)
		abort();
	memmove(&firmware.areas[at + 1], &firmware.areas[at],
		(firmware.nr - at) * sizeof(struct area));
	firmware.areas[at] = (struct area){ start, pages, type };
	firmware.nr++;
}

/* Pages of an area get another type. */
static bool retype(u64 start, u64 pages, bool free, u32 type)
{
	bool is_free;
	u32 i;

	for (i = 0; i < firmware.nr; i++) {
		struct area area = firmware.areas[i];
		u64 before = (start - area.start) / EFI_PAGE;

		if (start < area.start || before >= area.pages)
			continue;
		is_free = area.type == EFI_TYPE_CONVENTIONAL;
		if (free != is_free || pages > area.pages - before)
			return false;
		firmware.nr--;
		memmove(&firmware.areas[i], &firmware.areas[i + 1],
			(firmware.nr - i) * sizeof(area));
		insert_area(i, start + pages * EFI_PAGE,
			    area.pages - before - pages, area.type);
		insert_area(i, start, pages, type);
		insert_area(i, area.start, before, area.type);
		firmware.key++;
		return true;
	}
	return false;
}

static efi_status EFIAPI do_allocate_pages(u32 how, u32 type, efi_uintn pages,
					   u64 *address)
{
	if (late_fault())
		return firmware.fail_status;
	if (how != EFI_ALLOCATE_ADDRESS)
		abort();
	if (!retype(*address, pages, true, type))
		return EFI_NOT_FOUND;
	/* The story has no memory. */
	if (*address < address_of(firmware.arena) ||
	    *address + pages * EFI_PAGE >
	    address_of(firmware.arena) + ARENA_PAGES * EFI_PAGE)
		abort();
	memset(at(*address), 0xcc, pages * EFI_PAGE);
	return EFI_SUCCESS;
}

#define SEED_BYTE	0x77

/* So many of these in a row nobody else writes. It looks at dead stacks, too. */
static bool __attribute__((no_sanitize("address")))
has_seed(const u8 *p, u64 size)
{
	u32 row = 0;

	for (; size; size--, p++) {
		row = *p == SEED_BYTE ? row + 1 : 0;
		if (row == 16)
			return true;
	}
	return false;
}

/* Whoever has the memory later, free or the firmware's, must not find it there. */
static bool firmware_seed_is_left(void)
{
	return has_seed(firmware.seed, firmware.seed_size);
}

static efi_status EFIAPI do_free_pages(u64 address, efi_uintn pages)
{
	if (late_fault())
		return firmware.fail_status;
	if (firmware.read_only && address <= firmware.read_only &&
	    firmware.read_only < address + pages * EFI_PAGE)
		abort();
	firmware.seed_left |= has_seed(at(address), pages * EFI_PAGE);
	firmware.seed_on_stack = firmware_seed_is_left();
	memset(at(address), 0xdd, pages * EFI_PAGE);
	if (!retype(address, pages, false, EFI_TYPE_CONVENTIONAL))
		abort();
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_get_map(efi_uintn *size, void *map, efi_uintn *key,
				    efi_uintn *desc_size, u32 *desc_version)
{
	efi_uintn need = firmware.nr * firmware.desc_size;
	u32 i;

	if (late_fault())
		return firmware.fail_status;
	*desc_size = firmware.desc_size;
	*desc_version = 1;
	if (*size < need) {
		*size = need;
		return EFI_BUFFER_TOO_SMALL;
	}
	memset(map, 0xee, need);
	for (i = 0; i < firmware.nr; i++) {
		struct efi_descriptor desc = {
			.type = firmware.areas[i].type,
			.physical_start = firmware.areas[i].start,
			.number_of_pages = firmware.areas[i].pages,
			.attribute = 0xf,
		};

		memcpy(map + i * firmware.desc_size, &desc, sizeof(desc));
	}
	if (firmware.calls == firmware.short_at) {
		firmware.failed = true;
		*desc_size = 32;
	}
	*size = need;
	*key = firmware.key;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_allocate_pool(u32 type, efi_uintn size,
					  void **buffer)
{
	if (late_fault())
		return firmware.fail_status;
	*buffer = malloc(size);
	swap_pool(NULL, *buffer);
	firmware.pools++;
	firmware.key++;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_free_pool(void *buffer)
{
	if (late_fault())
		return firmware.fail_status;
	swap_pool(buffer, NULL);
	free(buffer);
	firmware.pools--;
	firmware.key++;
	return EFI_SUCCESS;
}

static bool is_guid(const struct efi_guid *guid, u32 first)
{
	return guid->a == first;
}

static efi_status EFIAPI do_handle_protocol(efi_handle handle,
					    const struct efi_guid *protocol,
					    void **interface)
{
	if (fault())
		return firmware.fail_status;
	*interface = NULL;
	if (handle == IMAGE_HANDLE && is_guid(protocol, 0x5b1b31a1))
		*interface = &firmware.image;
	if (handle == DEVICE_HANDLE && is_guid(protocol, 0x964e5b22) &&
	    !firmware.no_volume)
		*interface = &firmware.volume;
	if (handle == OFFER_HANDLE && is_guid(protocol, 0x4006c0c1))
		*interface = &firmware.offer;
	if (handle == CONSOLE_HANDLE && is_guid(protocol, 0x9042a9de) &&
	    !firmware.no_display)
		*interface = firmware.two_displays ? &firmware.both :
						     &firmware.graphics;
	if (handle == DISPLAY_HANDLE && is_guid(protocol, 0x9042a9de))
		*interface = &firmware.graphics;
	return *interface ? EFI_SUCCESS : EFI_UNSUPPORTED;
}

static efi_status EFIAPI do_locate_device_path(const struct efi_guid *protocol,
					       const void **path,
					       efi_handle *handle)
{
	const struct efi_vendor_path *vendor = *path;

	if (fault())
		return firmware.fail_status;
	if (!firmware.offered || !is_guid(protocol, 0x4006c0c1) ||
	    !is_guid(&vendor->vendor, 0x5568e427))
		return EFI_NOT_FOUND;
	*path = &vendor->end;
	*handle = OFFER_HANDLE;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_locate_protocol(const struct efi_guid *protocol,
					    void *registration,
					    void **interface)
{
	if (fault())
		return firmware.fail_status;
	*interface = &firmware.attribute;
	if (is_guid(protocol, 0xf4560cf6) && firmware.protects)
		return EFI_SUCCESS;
	*interface = &firmware.tcg2;
	if (is_guid(protocol, 0x607f766c) &&
	    (firmware.tpm == TPM_2 || firmware.tpm == TPM_ABSENT))
		return EFI_SUCCESS;
	*interface = &firmware.cc;
	if (is_guid(protocol, 0x96751a3d) && firmware.tpm == TPM_CC)
		return EFI_SUCCESS;
	*interface = &firmware.rng;
	return is_guid(protocol, 0x3152bca5) && !firmware.no_rng ?
	       EFI_SUCCESS : EFI_NOT_FOUND;
}

static efi_status EFIAPI do_locate_handles(u32 how,
					   const struct efi_guid *protocol,
					   void *key, efi_uintn *nr,
					   efi_handle **handles)
{
	if (fault())
		return firmware.fail_status;
	if (how != EFI_BY_PROTOCOL || !is_guid(protocol, 0x9042a9de))
		abort();
	if (!firmware.two_displays)
		return EFI_NOT_FOUND;
	*nr = 2;
	*handles = malloc(*nr * sizeof(**handles));
	(*handles)[0] = CONSOLE_HANDLE;
	(*handles)[1] = DISPLAY_HANDLE;
	swap_pool(NULL, *handles);
	firmware.pools++;
	firmware.key++;
	return EFI_SUCCESS;
}

static void more_areas(void)
{
	u64 start = 0xe0000000 + firmware.nr * 2 * EFI_PAGE;
	u32 i;

	for (i = 0; i < firmware.change_areas; i++)
		insert_area(firmware.nr, start + i * 2 * EFI_PAGE, 1,
			    EFI_TYPE_ACPI_NVS);
}

static efi_status EFIAPI do_exit(efi_handle image, efi_uintn key)
{
	firmware.tried = true;
	if (late_fault())
		return firmware.fail_status;
	if (firmware.changes) {
		firmware.changes--;
		firmware.key++;
		more_areas();
	}
	if (image != IMAGE_HANDLE || key != firmware.key)
		return EFI_INVALID_PARAMETER;
	firmware.left = true;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_create_event(u32 type, efi_uintn tpl, void *notify,
					 void *context, void **event)
{
	if (fault())
		return firmware.fail_status;
	*event = &firmware.events;
	firmware.events++;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_set_timer(void *event, u32 type, u64 time)
{
	return fault() ? firmware.fail_status : EFI_SUCCESS;
}

static efi_status EFIAPI do_close_event(void *event)
{
	firmware.events--;
	return fault() ? firmware.fail_status : EFI_SUCCESS;
}

static efi_status EFIAPI do_check_event(void *event)
{
	if (fault())
		return firmware.fail_status;
	if (!firmware.slow)
		return EFI_ERROR(6);	/* not ready */
	firmware.slow--;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_watchdog(efi_uintn seconds, u64 code,
				     efi_uintn size, const u16 *data)
{
	if (fault())
		return firmware.fail_status;
	firmware.watched = seconds;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_output(struct efi_text_output *self,
				   const u16 *text)
{
	for (; *text && firmware.text_len < sizeof(firmware.text) - 1; text++)
		firmware.text[firmware.text_len++] = *text;
	firmware.text[firmware.text_len] = '\0';
	return late_fault() ? firmware.fail_status : EFI_SUCCESS;
}

static efi_status EFIAPI do_get_variable(const u16 *name,
					 const struct efi_guid *vendor,
					 u32 *attributes, efi_uintn *size,
					 void *data)
{
	if (fault())
		return firmware.fail_status;
	if (*name != 'S' || name[1] != 'e' || *size != 1)
		return EFI_NOT_FOUND;
	memcpy(data, name[2] == 'c' ? &firmware.secure : &firmware.setup, 1);
	return name[2] == 'c' ? firmware.secure_status : EFI_SUCCESS;
}

static efi_status EFIAPI do_get_rng(struct efi_rng *self,
				    const struct efi_guid *algorithm,
				    efi_uintn size, u8 *value)
{
	if (fault())
		return firmware.fail_status;
	memset(value, SEED_BYTE, size);
	firmware.seed = value;
	firmware.seed_size = size;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_get_attributes(struct efi_memory_attribute *self,
					   u64 base, u64 size, u64 *attributes)
{
	if (fault())
		return firmware.fail_status;
	expect_eq(size, EFI_PAGE);
	*attributes = EFI_MEMORY_XP;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_set_attributes(struct efi_memory_attribute *self,
					   u64 base, u64 size, u64 attributes)
{
	if (fault())
		return firmware.fail_status;
	expect_eq(size, EFI_PAGE);
	if (attributes == EFI_MEMORY_RO)
		firmware.read_only = base;
	else if (attributes == EFI_MEMORY_XP)
		firmware.can_run = 0;
	else
		abort();
	return firmware.set_status;
}

/* What is not asked for cannot be run; and nobody runs what can be written, too. */
static efi_status EFIAPI do_clear_attributes(struct efi_memory_attribute *self,
					     u64 base, u64 size, u64 attributes)
{
	if (fault())
		return firmware.fail_status;
	expect_eq(size, EFI_PAGE);
	if (attributes == EFI_MEMORY_RO) {
		if (firmware.keeps_read_only)
			return firmware.clear_status;
		expect_eq(firmware.read_only, base);
		expect_eq(firmware.can_run, 0);
		firmware.read_only = 0;
		return EFI_SUCCESS;
	}
	expect_eq(attributes, EFI_MEMORY_XP);
	expect(firmware.read_only == base || firmware.failed);
	if (firmware.clear_status == EFI_SUCCESS)
		firmware.can_run = base;
	return firmware.clear_status;
}

static efi_status EFIAPI do_install_table(const struct efi_guid *guid,
					  void *table)
{
	if (fault())
		return firmware.fail_status;
	if (!is_guid(guid, 0xb7799cb0))
		abort();
	firmware.linux_log = table;
	firmware.tables[3].vendor = *guid;
	firmware.tables[3].table = table;
	firmware.system.nr_tables = table ? 4 : 3;
	firmware.key++;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_capability(struct efi_measurement *self,
				       struct tcg_capability *capability)
{
	if (fault())
		return firmware.fail_status;
	if (self != &firmware.tcg2 || capability->size != sizeof(*capability))
		abort();
	capability->is_present = firmware.tpm == TPM_2;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_get_log(struct efi_measurement *self, u32 format,
				    u64 *start, u64 *last, u8 *is_cut)
{
	if (fault())
		return firmware.fail_status;
	if (format != firmware.log_format)
		return EFI_INVALID_PARAMETER;
	*start = address_of(firmware.log);
	*last = firmware.log_empty ? 0 : *start + firmware.log_last;
	*is_cut = 0;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_extend(struct efi_measurement *self, u64 flags,
				   u64 data, u64 size, struct tcg_event *event)
{
	struct firmware_measured *one = &firmware.measured[firmware.nr_measured];
	struct tcg_tagged_event *tag = (void *)(event + 1);

	if (fault())
		return firmware.fail_status;
	if (firmware.extend_status)
		return firmware.extend_status;
	if (flags || event->header_size != 14 || event->header_version != 1 ||
	    event->size != sizeof(*event) + sizeof(*tag) + tag->size ||
	    firmware.nr_measured++ == MEASURED_MAX)
		abort();
	one->at = event->register_index;
	one->type = event->event_type;
	one->tag = tag->id;
	memcpy(one->name, tag + 1, tag->size);
	one->size = size;
	memcpy(one->data, at(data), size < sizeof(one->data) ?
				    size : sizeof(one->data));
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_map_pcr(struct efi_measurement *self, u32 pcr,
				    u32 *register_index)
{
	if (fault())
		return firmware.fail_status;
	if (self != &firmware.cc || pcr != 9)
		abort();
	*register_index = 3;
	return EFI_SUCCESS;
}

/* An open file. */
struct open_file {
	struct efi_file file;
	const struct firmware_file *from;	/* NULL: the root */
	u64 at;
};

static efi_status EFIAPI do_close(struct efi_file *self)
{
	/* It is closed whatever it says. */
	firmware.open--;
	free(self);
	return fault() ? firmware.fail_status : EFI_SUCCESS;
}

static efi_status EFIAPI do_read(struct efi_file *self, efi_uintn *size,
				 void *buffer)
{
	struct open_file *file = (struct open_file *)self;
	u64 end = file->from->end ? file->from->end : file->from->size;

	if (fault())
		return firmware.fail_status;
	if (*size > firmware.read_max)
		*size = firmware.read_max;
	if (*size > end - file->at)
		*size = end - file->at;
	memcpy(buffer, file->from->data + file->at, *size);
	file->at += *size;
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_get_info(struct efi_file *self,
				     const struct efi_guid *type,
				     efi_uintn *size, void *buffer)
{
	struct open_file *file = (struct open_file *)self;
	struct efi_file_info *info = buffer;

	if (fault())
		return firmware.fail_status;
	if (!is_guid(type, 0x09576e92) || *size < sizeof(*info))
		abort();
	memset(info, 0, sizeof(*info));
	info->file_size = file->from->size;
	info->attributes = file->from->attributes;
	return EFI_SUCCESS;
}

static bool same_name(const u16 *a, const u16 *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static efi_status EFIAPI do_open(struct efi_file *self, struct efi_file **file,
				 const u16 *name, u64 mode, u64 attributes);

static struct efi_file *new_file(const struct firmware_file *from)
{
	struct open_file *file = calloc(1, sizeof(*file));

	file->from = from;
	file->file.open = do_open;
	file->file.close = do_close;
	file->file.read = do_read;
	file->file.get_info = do_get_info;
	firmware.open++;
	return &file->file;
}

static efi_status EFIAPI do_open(struct efi_file *self, struct efi_file **file,
				 const u16 *name, u64 mode, u64 attributes)
{
	u32 i;

	if (fault())
		return firmware.fail_status;
	for (i = 0; i < FILES_MAX && firmware.files[i].name; i++) {
		if (!same_name(firmware.files[i].name, name))
			continue;
		*file = new_file(&firmware.files[i]);
		if (i == 2)
			firmware.files[i].size += firmware.grows;
		return EFI_SUCCESS;
	}
	return EFI_NOT_FOUND;
}

static efi_status EFIAPI do_open_volume(struct efi_simple_file_system *self,
					struct efi_file **root)
{
	if (fault())
		return firmware.fail_status;
	*root = new_file(NULL);
	return EFI_SUCCESS;
}

static efi_status EFIAPI do_load_file(struct efi_load_file2 *self,
				      const void *path, bool boot_policy,
				      efi_uintn *size, void *buffer)
{
	if (fault())
		return firmware.fail_status;
	if (((const struct efi_path_node *)path)->type != EFI_PATH_END)
		return EFI_INVALID_PARAMETER;
	if (!buffer || *size < firmware.offered_size) {
		*size = firmware.offered_size;
		return firmware.unmeasured ? EFI_SUCCESS : EFI_BUFFER_TOO_SMALL;
	}
	memcpy(buffer, firmware.offered, firmware.offered_size);
	*size = firmware.offered_lost ? 0 : firmware.offered_size;
	return EFI_SUCCESS;
}

/* A machine of 64 MiB and the arena; OVMF has something at 8 MiB, too. */
static void firmware_reset_map(void)
{
	static const struct area areas[] = {
		{ 0, 0xa0, EFI_TYPE_CONVENTIONAL },
		{ 0x100000, 0x700, EFI_TYPE_LOADER_DATA },
		{ 0x800000, 8, EFI_TYPE_ACPI_NVS },
		{ 0x808000, 0xcf8, EFI_TYPE_BOOT_DATA },
		{ 0x1500000, 0x2b00, EFI_TYPE_LOADER_DATA },
	};
	u32 i;

	firmware.nr = 0;
	for (i = 0; i < ARRAY_SIZE(areas); i++)
		insert_area(i, areas[i].start, areas[i].pages, areas[i].type);
	insert_area(i, address_of(firmware.arena), ARENA_PAGES,
		    EFI_TYPE_CONVENTIONAL);
}

/* Begin anew; a test then changes what it likes. */
static void firmware_reset(const u16 *options, u32 options_size)
{
	static u8 *arena;
	u32 i;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;

#ifdef MAP_32BIT
	flags |= MAP_32BIT;
#endif
	if (!arena)
		arena = mmap(NULL, ARENA_PAGES * EFI_PAGE,
			     PROT_READ | PROT_WRITE, flags, -1, 0);
	if (arena == MAP_FAILED)
		abort();
	for (i = 0; i < ARRAY_SIZE(pool); i++) {
		free(pool[i]);
		pool[i] = NULL;
	}
	memset(&firmware, 0, sizeof(firmware));
	firmware.watched = true;
	firmware.arena = arena;
	firmware.desc_size = 48;
	firmware.read_max = ~0U;
	firmware.fail_status = EFI_DEVICE_ERROR;
	firmware_reset_map();
	firmware.boot.allocate_pages = do_allocate_pages;
	firmware.boot.free_pages = do_free_pages;
	firmware.boot.get_memory_map = do_get_map;
	firmware.boot.allocate_pool = do_allocate_pool;
	firmware.boot.free_pool = do_free_pool;
	firmware.boot.create_event = do_create_event;
	firmware.boot.set_timer = do_set_timer;
	firmware.boot.close_event = do_close_event;
	firmware.boot.check_event = do_check_event;
	firmware.boot.handle_protocol = do_handle_protocol;
	firmware.boot.locate_device_path = do_locate_device_path;
	firmware.boot.locate_protocol = do_locate_protocol;
	firmware.boot.locate_handle_buffer = do_locate_handles;
	firmware.boot.exit_boot_services = do_exit;
	firmware.boot.set_watchdog_timer = do_watchdog;
	firmware.runtime.get_variable = do_get_variable;
	firmware.out.output_string = do_output;
	firmware.volume.open_volume = do_open_volume;
	firmware.offer.load_file = do_load_file;
	firmware.rng.get_rng = do_get_rng;
	firmware.attribute.get_attributes = do_get_attributes;
	firmware.attribute.set_attributes = do_set_attributes;
	firmware.attribute.clear_attributes = do_clear_attributes;
	firmware.boot.install_configuration_table = do_install_table;
	firmware.tcg2.get_capability = do_capability;
	firmware.tcg2.get_event_log = do_get_log;
	firmware.tcg2.hash_log_extend_event = do_extend;
	firmware.cc.get_event_log = do_get_log;
	firmware.cc.hash_log_extend_event = do_extend;
	firmware.cc.map_pcr = do_map_pcr;
	firmware.mode_info = (struct efi_graphics_info){
		.width = 800, .height = 600, .format = EFI_PIXEL_BGR,
		.pixels_per_line = 832,
	};
	firmware.mode.info = &firmware.mode_info;
	firmware.mode.base = 0xe0000000;
	firmware.graphics.mode = &firmware.mode;
	firmware.both_info = firmware.mode_info;
	firmware.both_info.format = EFI_PIXEL_BLT_ONLY;
	firmware.both_mode.info = &firmware.both_info;
	firmware.both.mode = &firmware.both_mode;
	firmware.tables[0].vendor = (struct efi_guid){
		0xeb9d2d30, 0x2d88, 0x11d3,
		{ 0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d },
	};
	firmware.tables[0].table = (void *)0xf1000;
	firmware.tables[1].vendor = (struct efi_guid){
		0x8868e871, 0xe4f1, 0x11d3,
		{ 0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 },
	};
	firmware.tables[1].table = (void *)0xf2000;
	firmware.system.console_out = &firmware.out;
	firmware.system.console_out_handle = CONSOLE_HANDLE;
	firmware.system.runtime = &firmware.runtime;
	firmware.system.boot = &firmware.boot;
	firmware.system.nr_tables = 3;	/* the third is there for a test to fill it */
	firmware.system.tables = firmware.tables;
	firmware.image.device = DEVICE_HANDLE;
	firmware.image.options = (void *)options;
	firmware.image.options_size = options_size;
}

/* jump.S, as far as leave.c knows of it. */
asm(".pushsection .rodata\n\t"
	".globl jump_code, jump_code_words, jump_code_end\n"
	"jump_code: .fill 100, 1, 0x90\n"
	"jump_code_words: .skip 284\n"
	"jump_code_end: .popsection\n");

/* The image that is loaded: a PE file of no more than is looked at. */
static u8 *firmware_sections;

static inline void firmware_begin_sections(u32 size, u8 nr)
{
	free(firmware_sections);
	firmware_sections = calloc(1, size);
	memcpy(firmware_sections, "MZ", 2);
	firmware_sections[0x3c] = 0x80;
	memcpy(firmware_sections + 0x80, "PE\0\0", 4);
	firmware_sections[0x86] = nr;
	firmware.image.base = firmware_sections;
}

/* Return: the offset of the page behind it. */
static inline u32 firmware_add_section(u32 nr, u32 offset, const char *name,
				       const void *data, u32 size)
{
	u8 *header = firmware_sections + 0x80 + 24 + nr * 40;
	size_t len = strlen(name);

	memset(header, 0, 8);
	memcpy(header, name, len < 8 ? len : 8);
	memcpy(header + 8, &size, 4);
	memcpy(header + 12, &offset, 4);
	memcpy(firmware_sections + offset, data, size);
	return (offset + size + 0xfff) & ~0xfff;
}

void __noreturn jump_enter(void *code)
{
	firmware.seed_left = firmware_seed_is_left();
	firmware.code = code;
	longjmp(firmware.entered, 1);
}

bool jump_has_64(void)
{
	return !firmware.no_64;
}

/*
 * Run the loader. Its status, or EFI_SUCCESS if the image has been entered. What
 * the firmware has given must be back if not.
 */
static efi_status firmware_run(void)
{
	if (setjmp(firmware.entered))
		return EFI_SUCCESS;
	return efi_main(IMAGE_HANDLE, &firmware.system);
}

/* Pages that are not as they were. */
static u32 firmware_missing(void)
{
	u32 i, missing = 0;

	for (i = 0; i < firmware.nr; i++)
		if (firmware.areas[i].start >= address_of(firmware.arena) &&
		    firmware.areas[i].type != EFI_TYPE_CONVENTIONAL)
			missing += firmware.areas[i].pages;
	return missing;
}

#endif /* TESTS_EFI_FIRMWARE_H */
