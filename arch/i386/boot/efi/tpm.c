// SPDX-License-Identifier: GPL-2.0
/*
 * What is not part of our own image, which the firmware has measured, is measured
 * here, as Linux's EFI stub does (drivers/firmware/efi/libstub/efi-stub-helper.c): the
 * load options as they are, and the initrd, into PCR 9; a kernel that is a file goes
 * there, too. And the event log is kept for the kernel, which reads it when boot
 * services have gone.
 */
#include <linux/string.h>
#include <asm/byteorder.h>

#include "event-log.h"
#include "info/wire-efi.h"
#include "loader.h"
#include "tpm.h"
#include "wire-tcg.h"

#define PCR		9

/* Enough for each of the names below. */
#define NAME_ROOM	28

static const struct efi_guid tcg2_guid = {
	0x607f766c, 0x7455, 0x42be,
	{ 0x93, 0x0b, 0xe4, 0xd7, 0x6d, 0xb2, 0x72, 0x0f },
};

static const struct efi_guid cc_guid = {
	0x96751a3d, 0x72f4, 0x41a6,
	{ 0xa7, 0x94, 0xed, 0x5d, 0x0e, 0x67, 0xae, 0x6b },
};

static const struct efi_guid tcg2_final_guid = {
	0x1e2ed096, 0x30e2, 0x4254,
	{ 0xbd, 0x89, 0x86, 0x3b, 0xbe, 0xf8, 0x23, 0x25 },
};

static const struct efi_guid cc_final_guid = {
	0xdd4a4648, 0x2de7, 0x4665,
	{ 0x96, 0x4d, 0x21, 0xd9, 0xef, 0x5f, 0xb4, 0x46 },
};

/* LINUX_EFI_TPM_EVENT_LOG_GUID */
static const struct efi_guid linux_log_guid = {
	0xb7799cb0, 0xeca2, 0x4943,
	{ 0x96, 0x67, 0x1f, 0xae, 0x07, 0xb7, 0x47, 0xfa },
};

/* By enum measured. The first two are what Linux's EFI stub has, NUL included. */
static const struct {
	u32 tag;
	u32 size;
	char name[NAME_ROOM];
} events[] = {
	{ 0x8f3b22ed, 26, "LOADED_IMAGE::LoadOptions" },
	{ 0x8f3b22ec, 13, "Linux initrd" },
	{ 0x42464c45, 20, "elfboot.efi: kernel" },
};

static void *locate(const struct loader *loader, const struct efi_guid *guid)
{
	void *interface;

	return loader->boot->locate_protocol(guid, NULL, &interface) ?
	       NULL : interface;
}

/* The firmware may know of TPMs, and the machine has none. */
static bool is_absent(struct efi_measurement *tcg2)
{
	struct tcg_capability capability = { .size = sizeof(capability) };

	return tcg2->get_capability(tcg2, &capability) == EFI_SUCCESS &&
	       !capability.is_present;
}

/**
 * tpm_find - look who measures, once for all
 * @loader: has the firmware; gets the answer
 */
void tpm_find(struct loader *loader)
{
	loader->tpm = (struct tpm){ locate(loader, &tcg2_guid), false };
	if (!loader->tpm.protocol || is_absent(loader->tpm.protocol))
		loader->tpm = (struct tpm){ locate(loader, &cc_guid), true };
}

static efi_status extend(const struct tpm *tpm, enum measured what,
			 const void *data, u64 size)
{
	struct {
		struct tcg_event head;
		struct tcg_tagged_event tag;
		char name[NAME_ROOM];
	} __attribute__((packed)) event;
	u32 name_size = events[what].size, at = PCR;
	efi_status status;

	if (tpm->is_cc) {
		status = tpm->protocol->map_pcr(tpm->protocol, PCR, &at);
		if (status != EFI_SUCCESS)
			return status;
	}
	event.head = (struct tcg_event){
		.size = __cpu_to_le32(sizeof(event.head) + sizeof(event.tag) +
				      name_size),
		.header_size = __cpu_to_le32(TCG_EVENT_HEADER_SIZE),
		.header_version = __cpu_to_le16(TCG_EVENT_HEADER_VERSION),
		.register_index = __cpu_to_le32(at),
		.event_type = __cpu_to_le32(TCG_EV_EVENT_TAG),
	};
	event.tag.id = __cpu_to_le32(events[what].tag);
	event.tag.size = __cpu_to_le32(name_size);
	memcpy(event.name, events[what].name, name_size);
	return tpm->protocol->hash_log_extend_event(tpm->protocol, 0,
						    address_of(data), size,
						    &event.head);
}

/**
 * tpm_measure - measure what comes from outside, if there is a TPM
 * @loader: has the TPM
 * @what: what it is
 * @data: its bytes, as they will be used
 * @size: how many
 *
 * Without Secure Boot a TPM that fails costs a line, and the measurement; with it
 * nothing is used that nobody has signed and nobody can measure.
 *
 * Return: EFI_SUCCESS, also if there is no TPM; or an error that has been printed.
 */
efi_status tpm_measure(const struct loader *loader, enum measured what,
		       const void *data, u64 size)
{
	efi_status status;

	if (!loader->tpm.protocol)
		return EFI_SUCCESS;
	status = extend(&loader->tpm, what, data, size);
	if (status == EFI_SUCCESS)
		return status;
	if (status == EFI_VOLUME_FULL)
		say(loader, "%s: measured, but the TPM's event log is full",
		    events[what].name);
	else
		fail(loader, status, "%s: not measured by the TPM",
		     events[what].name);
	return status == EFI_VOLUME_FULL || !is_secure_boot(loader) ?
	       EFI_SUCCESS : status;
}

/* Where the newest format begins and where its last entry does. */
static u32 get_log(const struct tpm *tpm, const void **log, const void **last)
{
	u64 start, end;
	u32 format;
	u8 is_cut;

	for (format = TCG_LOG_2; format >= TCG_LOG_1_2; format--) {
		start = 0;
		end = 0;
		if (tpm->protocol->get_event_log(tpm->protocol, format, &start,
						 &end, &is_cut) ||
		    !start)
			continue;
		*log = at(start);
		*last = end ? at(end) : NULL;
		return format;
	}
	return 0;
}

/* The log in memory of ours, for Linux. */
static efi_status keep(struct loader *loader, const struct linux_event_log *head,
		       const void *log)
{
	u64 size = __le32_to_cpu(head->size);
	struct pages *pages = &loader->log_pages;
	efi_status status;

	status = memory_allocate(loader, EFI_TYPE_ACPI_RECLAIM,
				 sizeof(*head) + size, ~0ULL, pages);
	if (status != EFI_SUCCESS)
		return status;
	memcpy(at(pages->start), head, sizeof(*head));
	memcpy(at(pages->start) + sizeof(*head), log, size);
	loader->earlier_log = (void *)tables_find(loader, &linux_log_guid);
	status = loader->boot->install_configuration_table(&linux_log_guid,
							   at(pages->start));
	if (status != EFI_SUCCESS)
		memory_free(loader, pages);
	return status;
}

/* What the kernel is to leave out of that table, as it is in the log. */
static u32 final_size(struct loader *loader, const void *log, u64 log_size)
{
	const struct tcg_final_events *final =
		tables_find(loader, loader->tpm.is_cc ? &cc_final_guid :
							&tcg2_final_guid);
	u64 size = event_log_final_size(log, log_size, final);

	if (final && final->nr_events && !size)
		say(loader, "the TPM's final events make no sense: the kernel's log may have them twice");
	return size;
}

/**
 * tpm_keep_log - keep the event log for the kernel
 * @loader: has measured all; gets the log's pages
 *
 * What is logged later is in the firmware's table of final events, which begins with
 * what is in the log, too. A boot goes on without a log.
 */
void tpm_keep_log(struct loader *loader)
{
	const struct tpm *tpm = &loader->tpm;
	struct linux_event_log head = { 0 };
	const void *log, *last;
	efi_status status;
	u64 size;

	if (!tpm->protocol)
		return;
	head.format = get_log(tpm, &log, &last);
	if (!head.format)
		return;
	size = event_log_size(head.format, log, last);
	if (last && !size) {
		say(loader, "the TPM's event log makes no sense");
		return;
	}
	head.size = __cpu_to_le32(size);
	if (head.format == TCG_LOG_2)
		head.final_size = __cpu_to_le32(final_size(loader, log, size));
	status = keep(loader, &head, log);
	if (status != EFI_SUCCESS)
		fail(loader, status, "the kernel does not get the TPM's event log");
}

/**
 * tpm_drop_log - take the event log back
 * @loader: has its pages, or not
 *
 * The table of a loader before us is there again then. Whoever has tried to leave boot
 * services may not change tables any more: the log stays, and so do its pages.
 */
void tpm_drop_log(struct loader *loader)
{
	if (!loader->log_pages.size || loader->tried_to_leave)
		return;
	loader->boot->install_configuration_table(&linux_log_guid,
						  loader->earlier_log);
	memory_free(loader, &loader->log_pages);
}
