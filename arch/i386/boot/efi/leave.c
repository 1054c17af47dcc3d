// SPDX-License-Identifier: GPL-2.0
/*
 * Out of boot services. What the last steps need is one block, made while there
 * is somebody to ask for memory. Then the memory map is read, told to the image,
 * and given back as proof that it is the newest: if it is not, once more.
 */
#include <linux/string.h>

#include "info/wire-efi.h"
#include "jump.h"
#include "loader.h"
#include "machine/paging.h"
#include "notes.h"
#include "tpm.h"

/* Each time something that the firmware does by itself has changed the map. */
#define TRIES		16

/* What the map may grow by while we try: 40 descriptors and more. */
#define SLACK		4096

/**
 * struct handover - what is needed when boot services have gone, and the map
 * @code: jump_code, which is read-only in the end
 * @stack: its stack, and the image's
 * @tables: page tables for ELF64: 4 GiB one to one
 * @notes: the block of ELF boot notes
 */
struct handover {
	u8 code[EFI_PAGE];
	u8 stack[EFI_PAGE];
	u8 tables[PAGING_SIZE];
	u8 notes[NOTES_ROOM];
};

ASM_OFFSET(struct handover, tables, JUMP_STACK);
_Static_assert(ELF_PLAN_MAX <= JUMP_MOVES_MAX, "a move for each segment");

/* And no compiler may find that nobody reads it. */
static void forget(void *data, u32 size)
{
	memset(data, 0, size);
	asm volatile("" : : "r" (data) : "memory");
}

static void fill_words(const struct loader *loader, struct jump_words *words)
{
	const struct elf_plan *plan = &loader->plan;
	u32 i;

	memset(words, 0, sizeof(*words));
	for (i = 0; i < plan->nr_segments; i++) {
		const struct elf_segment *segment = &plan->segment[i];

		words->move[i] = (struct jump_move){
			.to = segment->start,
			.from = address_of(loader->file + segment->offset),
			.size = segment->filesz,
			.zero = segment->size - segment->filesz,
		};
	}
	words->entry = plan->entry;
}

static void fill_code(const struct loader *loader, struct handover *handover)
{
	struct jump_words words;

	fill_words(loader, &words);
	words.notes = address_of(handover->notes);
	if (loader->plan.is_64)
		words.tables = paging_identity_map(handover->tables,
						   address_of(handover->tables),
						   false);
	memcpy(handover->code, jump_code, jump_code_end - jump_code);
	memcpy(handover->code + (jump_code_words - jump_code), &words,
	       sizeof(words));
}

/* All but a page that the firmware could not use again. */
static void give_back(struct loader *loader)
{
	struct handover *handover = at(loader->handover_pages.start);

	forget(handover->notes, sizeof(handover->notes));
	if (!protect_undo(loader))
		loader->handover_pages.size = 0;
}

/* Code is in it. */
static efi_status allocate(struct loader *loader)
{
	struct pages *pages = &loader->handover_pages;
	efi_status status;

	status = memory_allocate(loader, EFI_TYPE_LOADER_CODE,
				 sizeof(struct handover), GIB_4, pages);
	if (status != EFI_SUCCESS)
		return fail(loader, status,
			    "no room below 4 GiB for the boot notes");
	fill_code(loader, at(pages->start));
	status = protect_code(loader, pages->start);
	if (status != EFI_SUCCESS)
		give_back(loader);
	return status;
}

/* After the first try to leave only services for memory may be asked: no more here. */
static efi_status make_room(struct loader *loader, efi_uintn size)
{
	efi_status status;

	memory_free(loader, &loader->map_pages);
	status = memory_allocate(loader, EFI_TYPE_LOADER_DATA, size + SLACK,
				 GIB_4, &loader->map_pages);
	return status == EFI_SUCCESS ?
	       status : fail(loader, status,
			     "no room below 4 GiB for the memory map");
}

/* Read the map to where it stays; if there is not enough room get more. */
static efi_status read_map(struct loader *loader, struct efi_map *map)
{
	efi_status status = EFI_BUFFER_TOO_SMALL;
	efi_uintn size = loader->map.size;
	u32 tries;

	for (tries = 0; tries < TRIES; tries++) {
		struct pages *pages = &loader->map_pages;

		if (pages->size) {
			size = pages->size;
			map->data = at(pages->start);
			status = memory_get_map(loader, map, &size);
		}
		if (status != EFI_BUFFER_TOO_SMALL)
			break;
		status = make_room(loader, size);
		if (status != EFI_SUCCESS)
			return status;
		status = EFI_BUFFER_TOO_SMALL;
	}
	return status == EFI_SUCCESS ?
	       status : memory_no_map(loader, map, status);
}

/* Of the map we know only now what will be free. */
static efi_status check_targets(const struct loader *loader,
				const struct efi_map *map)
{
	const struct elf_plan *plan = &loader->plan;
	struct kept kept;
	u32 i;

	for (i = 0; i < plan->nr_parts; i++) {
		const struct elf_part *part = &plan->part[i];

		if (!map_find_kept(map, part->start, part->start + part->size,
				   &kept))
			continue;
		if (kept.type == KEPT_HOLE)
			return fail(loader, EFI_OUT_OF_RESOURCES,
				    "%w: it goes to %x, %x bytes, and there is no memory at %x",
				    &loader->kernel, part->start, part->size,
				    kept.start);
		return fail(loader, EFI_OUT_OF_RESOURCES,
			    "%w: it goes to %x, %x bytes, and the firmware keeps what is at %x (type %u)",
			    &loader->kernel, part->start, part->size,
			    kept.start, kept.type);
	}
	return EFI_SUCCESS;
}

/*
 * Configuration tables in memory of boot services are free by now, and the kernel
 * finds what is left of them.
 */
static void tell_overwritten(const struct loader *loader)
{
	const struct efi_system_table *system = loader->system;
	efi_uintn i;

	for (i = 0; i < system->nr_tables; i++) {
		u64 table = address_of(system->tables[i].table);

		if (map_find_part(&loader->plan, table, table + 1))
			say(loader, "%w: it goes where the firmware has a table, %x at %x",
			    &loader->kernel, (u64)system->tables[i].vendor.a,
			    table);
	}
}

static efi_status make_notes(struct loader *loader,
			     const struct notes_told *told,
			     const struct efi_map *map)
{
	struct handover *handover = at(loader->handover_pages.start);

	if (notes_make(loader, told, map, handover->notes))
		return EFI_SUCCESS;
	return fail(loader, EFI_BAD_BUFFER_SIZE,
		    "%u ranges of memory and the command line are more than %u bytes of boot notes",
		    map_fill_ranges(map, NULL), NOTES_ROOM);
}

/* "again": the map was not the newest any more. */
static efi_status try_to_leave(struct loader *loader,
			       struct notes_told *told, bool *again)
{
	struct efi_map map;
	efi_status status = read_map(loader, &map);

	*again = false;
	if (status == EFI_SUCCESS)
		status = check_targets(loader, &map);
	if (status == EFI_SUCCESS)
		status = make_notes(loader, told, &map);
	if (status != EFI_SUCCESS)
		return status;
	loader->tried_to_leave = true;
	status = loader->boot->exit_boot_services(loader->handle, map.key);
	if (status == EFI_SUCCESS) {
		forget(told->seed, sizeof(told->seed));
		jump_enter(at(loader->handover_pages.start));
	}
	*again = status == EFI_INVALID_PARAMETER;
	return *again ? status : fail(loader, status, "ExitBootServices");
}

static efi_status try_again(struct loader *loader, struct notes_told *told)
{
	efi_status status;
	u32 tries = 0;
	bool again;

	do
		status = try_to_leave(loader, told, &again);
	while (again && ++tries < TRIES);
	if (again)
		fail(loader, status, "the memory map changes all the time");
	return status;
}

/**
 * leave - leave boot services and enter the image
 * @loader: has all of it
 *
 * Nobody else may have the seed, neither by what becomes free memory nor by what goes
 * back to the firmware.
 *
 * Return: an error that has been printed. Boot services may have been asked to leave then:
 * tpm_drop_log() and protect_undo() say what cannot be given back any more.
 */
efi_status leave(struct loader *loader)
{
	struct notes_told told;
	efi_status status;

	if (loader->plan.is_64 && !jump_has_64())
		return fail(loader, EFI_UNSUPPORTED,
			    "%w: a 64-bit program, and this CPU is a 32-bit one",
			    &loader->kernel);
	tell_overwritten(loader);
	status = allocate(loader);
	if (status != EFI_SUCCESS)
		return status;
	notes_ask(loader, &told);
	tpm_keep_log(loader);
	status = try_again(loader, &told);
	forget(told.seed, sizeof(told.seed));
	give_back(loader);
	return status;
}
