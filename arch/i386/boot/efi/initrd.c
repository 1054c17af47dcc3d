// SPDX-License-Identifier: GPL-2.0
/*
 * The initrd: files that the options name, one behind the other; else what the
 * firmware's caller offers by LoadFile2 (the kernel's Documentation/admin-guide/
 * efi-stub.rst, and drivers/firmware/efi/libstub/efi-stub-helper.c); else
 * sections of our own. iPXE offers all files that it has loaded, ours included:
 * therefore whoever names a file gets that one. With Secure Boot on, a section .initrd
 * of our own comes first: it is signed, and neither of the others is. Microcode of our
 * own is in front of each of them, as systemd-stub has it.
 */
#include <linux/string.h>

#include "info/wire-efi.h"
#include "initrd.h"
#include "loader.h"
#include "tpm.h"

/* Far from where sums overflow. */
#define INITRD_MAX	0x1000000000000ULL

static const struct efi_guid load_file2_guid = {
	0x4006c0c1, 0xfcb3, 0x403e,
	{ 0x99, 0x6d, 0x4a, 0x6c, 0x87, 0x24, 0xe0, 0x6d },
};

/* LINUX_EFI_INITRD_MEDIA_GUID */
static const struct efi_vendor_path linux_path = {
	{ EFI_PATH_MEDIA, EFI_PATH_MEDIA_VENDOR,
	  { sizeof(struct efi_path_node) + sizeof(struct efi_guid), 0 } },
	{ 0x5568e427, 0x68fc, 0x4f3d,
	  { 0xac, 0x74, 0xca, 0x55, 0x52, 0x31, 0xcc, 0x68 } },
	{ EFI_PATH_END, EFI_PATH_END_ENTIRE,
	  { sizeof(struct efi_path_node), 0 } },
};

static const char offered[] = "the initrd that is offered (LoadFile2)";

/* Where the next file begins. */
static u64 behind(u64 end)
{
	return end ? INITRD_NEXT(end) : 0;
}

/* Below 4 GiB with luck: others reach it more easily. */
static efi_status allocate(struct loader *loader, u64 size)
{
	struct pages *pages = &loader->initrd_pages;
	efi_status status;

	status = memory_allocate(loader, EFI_TYPE_LOADER_DATA, size, GIB_4,
				 pages);
	if (status == EFI_OUT_OF_RESOURCES)
		status = memory_allocate(loader, EFI_TYPE_LOADER_DATA, size,
					 ~0ULL, pages);
	if (status != EFI_SUCCESS)
		return fail(loader, status, "no room for the initrd's %x bytes",
			    size);
	loader->initrd.start = pages->start;
	loader->initrd.size = size;
	return EFI_SUCCESS;
}

static bool next_file(struct word *rest, struct word *file)
{
	struct word word;

	while (options_next(rest, &word))
		if (options_is_initrd(&word, file))
			return true;
	return false;
}

/* In front of whatever it is. Return: bytes of it. */
static u64 put_microcode(const struct loader *loader)
{
	const struct section *ucode = &loader->own.ucode;

	if (ucode->size)
		memcpy(at(loader->initrd.start), ucode->data, ucode->size);
	return ucode->size;
}

/* All files together; behind the last one there is nothing. */
static efi_status add_sizes(const struct loader *loader, u64 *total)
{
	struct word rest = loader->words, name;

	while (next_file(&rest, &name)) {
		struct efi_file *file;
		efi_status status;
		u64 size;

		status = file_open(loader, &name, &file, &size);
		if (status != EFI_SUCCESS)
			return status;
		file->close(file);
		if (size > INITRD_MAX || *total > INITRD_MAX)
			return fail(loader, EFI_OUT_OF_RESOURCES,
				    "%w: %x bytes", &name, size);
		*total = behind(*total) + size;
	}
	return EFI_SUCCESS;
}

static efi_status read_file(const struct loader *loader,
			    const struct word *name, u64 *done)
{
	struct efi_file *file;
	efi_status status;
	u64 size;

	status = file_open(loader, name, &file, &size);
	if (status != EFI_SUCCESS)
		return status;
	*done = behind(*done);
	if (*done > loader->initrd.size ||
	    size > loader->initrd.size - *done)
		status = fail(loader, EFI_LOAD_ERROR, "%w: it has grown", name);
	else
		status = file_read(loader, name, file,
				   at(loader->initrd.start + *done), size);
	file->close(file);
	*done += size;
	return status;
}

static efi_status read_files(struct loader *loader, u64 total)
{
	struct word rest = loader->words, name;
	efi_status status = allocate(loader, total);
	u64 done;

	if (status != EFI_SUCCESS)
		return status;
	memset(at(loader->initrd.start), 0, total);
	done = put_microcode(loader);
	while (status == EFI_SUCCESS && next_file(&rest, &name))
		status = read_file(loader, &name, &done);
	return status;
}

/* A section of our own the firmware has measured with all of us. */
static efi_status measure(const struct loader *loader)
{
	if (!loader->initrd.size)
		return EFI_SUCCESS;
	return tpm_measure(loader, MEASURED_INITRD, at(loader->initrd.start),
			   loader->initrd.size);
}

/* It may have become smaller, and no more than that. */
static efi_status read_offered(struct loader *loader,
			       struct efi_load_file2 *offer, const void *path,
			       efi_uintn room)
{
	u64 front = behind(loader->own.ucode.size);
	efi_uintn size = room;
	efi_status status = allocate(loader, front + room);

	if (status != EFI_SUCCESS)
		return status;
	memset(at(loader->initrd.start), 0, front);
	put_microcode(loader);
	status = offer->load_file(offer, path, false, &size,
				  at(loader->initrd.start + front));
	if (status == EFI_SUCCESS && (!size || size > room))
		status = EFI_LOAD_ERROR;
	if (status != EFI_SUCCESS)
		return fail(loader, status, "%s", offered);
	loader->initrd.size = front + size;
	return EFI_SUCCESS;
}

/* Somebody says that there is one: then it must be had. */
static efi_status load_offered(struct loader *loader,
			       struct efi_load_file2 *offer, const void *path)
{
	efi_uintn size = 0;
	efi_status status = offer->load_file(offer, path, false, &size, NULL);
	u64 bytes = size;

	if (status == EFI_SUCCESS && !size)
		return EFI_SUCCESS;
	/* Without a buffer nothing can have been read. */
	if (status == EFI_SUCCESS)
		status = EFI_LOAD_ERROR;
	if (status != EFI_BUFFER_TOO_SMALL || !size)
		return fail(loader, status, "%s", offered);
	if (bytes > INITRD_MAX)
		return fail(loader, EFI_OUT_OF_RESOURCES, "%s: %x bytes",
			    offered, bytes);
	return read_offered(loader, offer, path, size);
}

/*
 * What is there is told by EFI_SUCCESS and an offer that is not NULL. The part of
 * the path that is left is what the offer wants to see.
 */
static efi_status find_offer(const struct loader *loader, const void **path,
			     struct efi_load_file2 **offer)
{
	efi_handle handle;
	void *interface;
	efi_status status;

	*path = &linux_path;
	*offer = NULL;
	status = loader->boot->locate_device_path(&load_file2_guid, path,
						  &handle);
	if (status == EFI_NOT_FOUND || status == EFI_UNSUPPORTED)
		return EFI_SUCCESS;
	if (status == EFI_SUCCESS)
		status = loader->boot->handle_protocol(handle, &load_file2_guid,
						       &interface);
	if (status != EFI_SUCCESS)
		return fail(loader, status, "%s", offered);
	*offer = interface;
	return EFI_SUCCESS;
}

static bool has_sections(const struct loader *loader)
{
	return loader->own.ucode.size || loader->own.initrd.size;
}

/* Our image is where the firmware likes, perhaps where the kernel goes. */
static efi_status copy_sections(struct loader *loader)
{
	const struct section *initrd = &loader->own.initrd;
	u64 size = loader->own.ucode.size;
	u64 next = initrd->size ? behind(size) : size;
	efi_status status = allocate(loader, next + initrd->size);

	if (status != EFI_SUCCESS)
		return status;
	memset(at(loader->initrd.start), 0, next);
	put_microcode(loader);
	if (initrd->size)
		memcpy(at(loader->initrd.start + next), initrd->data,
		       initrd->size);
	return status;
}

/* The only one that is signed with us; nobody puts another in its place. */
static bool is_sealed(const struct loader *loader)
{
	return loader->own.initrd.size && is_secure_boot(loader);
}

static efi_status load_sealed(struct loader *loader)
{
	struct word rest = loader->words, name;
	struct efi_load_file2 *offer;
	const void *path;

	if (next_file(&rest, &name) ||
	    find_offer(loader, &path, &offer) != EFI_SUCCESS || offer)
		say(loader, "Secure Boot is on, and there is a .initrd: no other counts");
	return copy_sections(loader);
}

/* Whoever names a file gets that one. */
static efi_status load_from_outside(struct loader *loader)
{
	struct efi_load_file2 *offer;
	const void *path;
	u64 microcode = loader->own.ucode.size, total = microcode;
	efi_status status = add_sizes(loader, &total);

	if (status != EFI_SUCCESS)
		return status;
	if (total > microcode)
		return read_files(loader, total);
	status = find_offer(loader, &path, &offer);
	return offer ? load_offered(loader, offer, path) : status;
}

/**
 * initrd_load - load the initrd, if there is one
 * @loader: has the plan, which it stays clear of; gets the initrd
 *
 * Return: EFI_SUCCESS, or an error that has been printed.
 */
efi_status initrd_load(struct loader *loader)
{
	efi_status status;

	if (is_sealed(loader))
		return load_sealed(loader);
	status = load_from_outside(loader);
	if (status != EFI_SUCCESS)
		return status;
	if (loader->initrd.size)
		return measure(loader);
	return has_sections(loader) ? copy_sections(loader) : EFI_SUCCESS;
}
