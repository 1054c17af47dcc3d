// SPDX-License-Identifier: GPL-2.0
/*
 * Files, from the volume that we have been loaded from (UEFI Specification 2.10,
 * sections 13.4 and 13.5).
 */
#include "loader.h"

/* As long as FAT has them, and a little more. */
#define PATH_MAX	512

/* Some firmware reads all that it is asked for into a buffer of its own. */
#define PIECE		0x40000

static const struct efi_guid file_system_guid = {
	0x964e5b22, 0x6459, 0x11d2,
	{ 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b },
};

static const struct efi_guid file_info_guid = {
	0x09576e92, 0x6d3f, 0x11d2,
	{ 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b },
};

static efi_status open_root(const struct loader *loader, struct efi_file **root)
{
	struct efi_simple_file_system *volume;
	void *interface;
	efi_status status;

	status = loader->boot->handle_protocol(loader->image->device,
					       &file_system_guid, &interface);
	if (status != EFI_SUCCESS)
		return status;
	volume = interface;
	return volume->open_volume(volume, root);
}

/* What comes from a shell of other systems has slashes. */
static bool make_path(const struct word *name, u16 *path)
{
	u32 i;

	if (name->len >= PATH_MAX)
		return false;
	for (i = 0; i < name->len; i++)
		path[i] = name->text[i] == '/' ? '\\' : name->text[i];
	path[i] = 0;
	return true;
}

static efi_status get_size(const struct loader *loader, const struct word *name,
			   struct efi_file *file, u64 *bytes)
{
	struct efi_file_info info;
	efi_uintn size = sizeof(info);
	efi_status status = file->get_info(file, &file_info_guid, &size, &info);

	if (status != EFI_SUCCESS)
		return fail(loader, status, "%w: no size", name);
	if (info.attributes & EFI_FILE_DIRECTORY)
		return fail(loader, EFI_UNSUPPORTED, "%w: a directory", name);
	if (!info.file_size)
		return fail(loader, EFI_LOAD_ERROR, "%w: an empty file", name);
	*bytes = info.file_size;
	return EFI_SUCCESS;
}

/**
 * file_open - open a file to read it
 * @loader: has been loaded from the file's volume
 * @name: its path; "\" and "/" separate directories
 * @file: result
 * @size: result: bytes, not 0
 *
 * Return: EFI_SUCCESS, or an error that has been printed.
 */
efi_status file_open(const struct loader *loader, const struct word *name,
		     struct efi_file **file, u64 *size)
{
	u16 path[PATH_MAX];
	struct efi_file *root;
	efi_status status;

	if (!make_path(name, path))
		return fail(loader, EFI_INVALID_PARAMETER,
			    "%w: a name of %u characters", name, name->len);
	status = open_root(loader, &root);
	if (status != EFI_SUCCESS)
		return fail(loader, status,
			    "%w: no file system where %s comes from", name,
			    LOADER_NAME);
	status = root->open(root, file, path, EFI_FILE_READ, 0);
	root->close(root);
	if (status != EFI_SUCCESS)
		return fail(loader, status, "%w", name);
	status = get_size(loader, name, *file, size);
	if (status != EFI_SUCCESS)
		(*file)->close(*file);
	return status;
}

/* An error is told on a line of its own. */
static efi_status read_pieces(const struct loader *loader,
			      const struct word *name, struct efi_file *file,
			      void *buffer, u64 size,
			      struct progress *progress)
{
	u64 done = 0;

	while (done < size) {
		efi_uintn piece = size - done < PIECE ? size - done : PIECE;
		efi_status status = file->read(file, &piece, buffer + done);

		if (status != EFI_SUCCESS || !piece)
			progress_end(loader, progress);
		if (status != EFI_SUCCESS)
			return fail(loader, status, "%w: byte %x of %x", name,
				    done, size);
		if (!piece)
			return fail(loader, EFI_LOAD_ERROR,
				    "%w: ends at byte %x of %x", name, done,
				    size);
		done += piece;
		progress_show(loader, progress);
	}
	return EFI_SUCCESS;
}

/**
 * file_read - read a file that has been opened
 * @loader: has the console
 * @name: its path, for messages
 * @file: the file
 * @buffer: result
 * @size: bytes to read
 *
 * Return: EFI_SUCCESS, or an error that has been printed.
 */
efi_status file_read(const struct loader *loader, const struct word *name,
		     struct efi_file *file, void *buffer, u64 size)
{
	struct progress progress;
	efi_status status;

	progress_begin(loader, &progress, name);
	status = read_pieces(loader, name, file, buffer, size, &progress);
	progress_end(loader, &progress);
	return status;
}
