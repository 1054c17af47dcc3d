// SPDX-License-Identifier: GPL-2.0
/*
 * elfboot.efi: a UEFI program that loads any bootable ELF file and hands over by
 * ELF boot notes. This is its page.
 */
#include <linux/string.h>

#include "loader.h"
#include "tpm.h"

static const struct efi_guid loaded_image_guid = {
	0x5b1b31a1, 0x9562, 0x11d2,
	{ 0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b },
};

/* Path of our own file: the last name in the device path, or empty. */
static struct word own_path(const struct efi_loaded_image *image)
{
	const struct efi_path_node *node = image->path;
	struct word path = { NULL, 0 };

	for (; node && node->type != EFI_PATH_END;
	     node = (const void *)node + node->length[0] +
		    (node->length[1] << 8)) {
		u32 size = node->length[0] + (node->length[1] << 8);

		if (size < sizeof(*node))
			break;
		if (node->type != EFI_PATH_MEDIA ||
		    node->subtype != EFI_PATH_MEDIA_FILE)
			continue;
		path.text = (const u16 *)(node + 1);
		path.len = (size - sizeof(*node)) / sizeof(*path.text);
		while (path.len && !path.text[path.len - 1])
			path.len--;
	}
	return path;
}

/* Whoever has signed a command line with us means that one. */
static bool options_count(const struct loader *loader)
{
	return !loader->own.cmdline.size || !is_secure_boot(loader);
}

/* One that its caller has not chosen is not what is to boot. */
static efi_status find_sections(struct loader *loader, bool *is_chosen)
{
	const struct efi_loaded_image *image = loader->image;
	struct word rest = loader->words, word;
	u32 profile;

	*is_chosen = false;
	sections_find(image->base, image->size, 0, &loader->own);
	if (!loader->own.nr_profiles ||
	    !options_take_profile(&rest, &word, &profile))
		return EFI_SUCCESS;
	if (profile >= loader->own.nr_profiles)
		return fail(loader, EFI_NOT_FOUND, "%w: there are %u profiles",
			    &word, loader->own.nr_profiles);
	*is_chosen = true;
	loader->words = rest;
	sections_find(image->base, image->size, profile, &loader->own);
	return EFI_SUCCESS;
}

/* What is used is measured, as it is: a profile's number, too. */
static efi_status use_options(struct loader *loader, bool is_chosen)
{
	const struct efi_loaded_image *image = loader->image;
	bool count = options_count(loader);
	efi_status status = EFI_SUCCESS;

	if (is_chosen || count)
		status = tpm_measure(loader, MEASURED_OPTIONS, image->options,
				     image->options_size);
	if (!count && loader->words.len) {
		say(loader, "load options ignored: Secure Boot is on, and there is a .cmdline");
		loader->words.len = 0;
	}
	return status;
}

/* Return: whether there are any. */
static bool read_options(struct loader *loader)
{
	struct efi_loaded_image *image = loader->image;
	struct word own = own_path(image);
	const char *why;

	why = options_check(image->options, image->options_size,
			    &loader->words);
	if (why)
		say(loader, "load options ignored, %u bytes: %s",
		    image->options_size, why);
	if (!loader->words.len)
		return false;
	options_skip_name(&loader->words, &own);
	return true;
}

static efi_status too_long(const struct loader *loader, u32 size)
{
	return fail(loader, EFI_INVALID_PARAMETER,
		    "the command line has %u bytes, %u is the limit", size - 1,
		    CMDLINE_SIZE - 1);
}

/* A text file's last line ends somehow. */
static efi_status use_section(struct loader *loader)
{
	const struct section *section = &loader->own.cmdline;
	u32 size = section->size;

	while (size && section->data[size - 1] <= ' ')
		size--;
	if (size >= CMDLINE_SIZE)
		return too_long(loader, size + 1);
	if (size)
		memcpy(loader->cmdline, section->data, size);
	loader->cmdline[size] = '\0';
	return EFI_SUCCESS;
}

static efi_status make_cmdline(struct loader *loader)
{
	struct cmdline_words words = {
		.rest = loader->words,
		.with_kernel = loader->own.linux_elf.size,
	};
	u32 size = options_cmdline(&words, loader->cmdline, CMDLINE_SIZE);

	if (size > CMDLINE_SIZE)
		return too_long(loader, size);
	return size > 1 ? EFI_SUCCESS : use_section(loader);
}

static efi_status load(struct loader *loader)
{
	bool are_given, is_chosen;
	efi_status status;

	loader->boot->set_watchdog_timer(0, 0, 0, NULL);
	loader->secure_boot = tables_ask_secure_boot(loader);
	tpm_find(loader);
	are_given = read_options(loader);
	status = find_sections(loader, &is_chosen);
	if (status == EFI_SUCCESS && are_given)
		status = use_options(loader, is_chosen);
	if (status == EFI_SUCCESS)
		status = make_cmdline(loader);
	if (status == EFI_SUCCESS)
		status = kernel_load(loader);
	if (status == EFI_SUCCESS)
		status = initrd_load(loader);
	return status;
}

/**
 * efi_main - the entry
 * @handle: our image
 * @system: the firmware
 *
 * Return: what went wrong; it has been printed, and memory given back but for what cannot
 * be any more (tpm_drop_log(), protect_undo()).
 */
efi_status EFIAPI efi_main(efi_handle handle, struct efi_system_table *system)
{
	struct loader loader = {
		.handle = handle, .system = system, .boot = system->boot,
	};
	void *interface;
	efi_status status;

	status = loader.boot->handle_protocol(handle, &loaded_image_guid,
					      &interface);
	if (status != EFI_SUCCESS)
		return fail(&loader, status, "not loaded as an image");
	loader.image = interface;
	status = load(&loader);
	if (status == EFI_SUCCESS)
		status = leave(&loader);
	tpm_drop_log(&loader);
	memory_free_all(&loader);
	return status;
}
