// SPDX-License-Identifier: GPL-2.0
/*
 * Memory from the firmware. Where it is we decide: not where the image goes,
 * which is copied there when boot services have gone.
 */
#include "info/wire-efi.h"
#include "loader.h"

/* What the map may grow by between two calls, and by being asked for. */
#define SLACK	4096

#define TRIES	8

static void free_map(struct loader *loader)
{
	if (loader->map_room)
		loader->boot->free_pool(loader->map.data);
	loader->map_room = 0;
	loader->map.size = 0;
}

/**
 * memory_get_map - ask once for the memory map
 * @loader: has the firmware
 * @map: has room for descriptors; gets all but that
 * @size: bytes of room; result: bytes of the map, or what it would take
 *
 * Return: what the firmware says, or EFI_UNSUPPORTED if its descriptors are too short
 * to be read; nothing has been printed.
 */
efi_status memory_get_map(const struct loader *loader, struct efi_map *map,
			  efi_uintn *size)
{
	efi_status status;

	status = loader->boot->get_memory_map(size, map->data, &map->key,
					      &map->desc_size,
					      &map->desc_version);
	if (status != EFI_SUCCESS)
		return status;
	map->size = *size;
	return map->desc_size < sizeof(struct efi_descriptor) ?
	       EFI_UNSUPPORTED : EFI_SUCCESS;
}

/**
 * memory_no_map - say why there is no memory map
 * @loader: has the console
 * @map: what memory_get_map() has left
 * @status: what it has returned
 *
 * Return: @status.
 */
efi_status memory_no_map(const struct loader *loader, const struct efi_map *map,
			 efi_status status)
{
	if (status == EFI_UNSUPPORTED)
		return fail(loader, status, "memory descriptors of %u bytes",
			    (u32)map->desc_size);
	return fail(loader, status, "no memory map");
}

/**
 * memory_read_map - read the memory map
 * @loader: gets it
 *
 * Return: EFI_SUCCESS, or an error that has been printed.
 */
efi_status memory_read_map(struct loader *loader)
{
	efi_status status = EFI_BUFFER_TOO_SMALL;
	efi_uintn size;
	u32 tries;

	for (tries = 0; tries < TRIES; tries++) {
		size = loader->map_room;
		status = memory_get_map(loader, &loader->map, &size);
		if (status != EFI_BUFFER_TOO_SMALL)
			break;
		free_map(loader);
		size += SLACK;
		status = loader->boot->allocate_pool(EFI_TYPE_LOADER_DATA, size,
						     &loader->map.data);
		if (status != EFI_SUCCESS)
			break;
		loader->map_room = size;
		status = EFI_BUFFER_TOO_SMALL;
	}
	return status == EFI_SUCCESS ?
	       status : memory_no_map(loader, &loader->map, status);
}

/**
 * memory_allocate - get memory that is not where the image goes
 * @loader: has the plan, if there is one yet
 * @type: type of memory, EFI_TYPE_LOADER_DATA or EFI_TYPE_LOADER_CODE
 * @size: bytes
 * @limit: physical address where it must end, or ~0
 * @pages: result, as high as there is room
 *
 * Return: EFI_SUCCESS, EFI_OUT_OF_RESOURCES if there is no room (nothing has been
 * printed then), or another error.
 */
efi_status memory_allocate(struct loader *loader, u32 type, u64 size,
			   u64 limit, struct pages *pages)
{
	u64 bytes = (size + EFI_PAGE - 1) & ~(EFI_PAGE - 1);
	efi_status status = memory_read_map(loader);
	u64 start;

	if (status != EFI_SUCCESS)
		return status;
	if (!bytes)
		return EFI_OUT_OF_RESOURCES;
	if (sizeof(void *) < sizeof(u64) && limit > GIB_4)
		limit = GIB_4;
	start = map_find_room(&loader->map, bytes, limit, &loader->plan);
	if (!start)
		return EFI_OUT_OF_RESOURCES;
	status = loader->boot->allocate_pages(EFI_ALLOCATE_ADDRESS, type,
					      bytes / EFI_PAGE, &start);
	if (status == EFI_SUCCESS)
		*pages = (struct pages){ start, bytes };
	return status;
}

/**
 * memory_free - give pages back
 * @loader: has the firmware
 * @pages: which; becomes none
 */
void memory_free(struct loader *loader, struct pages *pages)
{
	if (pages->size)
		loader->boot->free_pages(pages->start, pages->size / EFI_PAGE);
	pages->size = 0;
}

/**
 * memory_free_all - give everything back
 * @loader: becomes as it was before anything was loaded
 */
void memory_free_all(struct loader *loader)
{
	memory_free(loader, &loader->file_pages);
	memory_free(loader, &loader->initrd_pages);
	memory_free(loader, &loader->handover_pages);
	memory_free(loader, &loader->map_pages);
	free_map(loader);
}
