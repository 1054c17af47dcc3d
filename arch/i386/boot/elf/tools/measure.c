// SPDX-License-Identifier: GPL-2.0
/*
 * --measure: what a TPM's registers are extended with when the firmware starts a
 * UEFI program that is made of elfboot.efi. The firmware measures the program;
 * elfboot.efi measures what comes from outside (arch/i386/boot/efi/tpm.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "measure.h"
#include "uki.h"

#define PCR_PROGRAM	4
#define PCR_OUTSIDE	9

#define BLANKS		" \t"

#define EVENTS_MAX	4
#define EVENT_PIECES	(AUTHENTICODE_PIECES + 2 * INITRDS_MAX)

/**
 * struct event - something that is measured
 * @pcr: into which register
 * @type: TCG's name of the event's type
 * @name: what it is
 * @nr: number of @piece
 * @piece: its bytes, one piece behind the other
 */
struct event {
	unsigned int pcr;
	const char *type;
	const char *name;
	unsigned int nr;
	struct bytes piece[EVENT_PIECES];
};

/**
 * struct events - all of them, in their order
 * @nr: number of @event
 * @event: events
 */
struct events {
	unsigned int nr;
	struct event event[EVENTS_MAX];
};

static struct event *add_event(struct events *events, const char *name)
{
	struct event *event = &events->event[events->nr++];

	event->pcr = PCR_OUTSIDE;
	event->type = "EV_EVENT_TAG";
	event->name = name;
	return event;
}

static void add_piece(struct event *event, const struct bytes *bytes)
{
	event->piece[event->nr++] = *bytes;
}

static int add_program(struct events *events, const struct pe *pe)
{
	struct event *event = add_event(events, "program");
	int nr = authenticode_get(pe, event->piece);

	event->pcr = PCR_PROGRAM;
	event->type = "EV_EFI_BOOT_SERVICES_APPLICATION";
	event->nr = nr;
	return nr < 0 ? -1 : 0;
}

/* As options_next() of elfboot.efi has words. Return: its size, 0: there is none. */
static size_t next_word(const char **text)
{
	bool quoted = false;
	size_t size;

	*text += strspn(*text, BLANKS);
	for (size = 0; (*text)[size]; size++) {
		if (!quoted && strchr(BLANKS, (*text)[size]))
			break;
		if ((*text)[size] == '"')
			quoted = !quoted;
	}
	return size;
}

/* "@NUMBER" is one; the first, 0, need not be told. */
static bool has_profile_number(const char *text)
{
	size_t size;

	for (; (size = next_word(&text)); text += size)
		if (*text == '@' && size > 1 &&
		    strspn(text + 1, "0123456789") == size - 1 &&
		    strspn(text + 1, "0") != size - 1)
			return true;
	return false;
}

static unsigned int count_named_initrds(const char *text)
{
	static const char key[] = "initrd=";
	unsigned int nr = 0;
	size_t size;

	for (; (size = next_word(&text)); text += size)
		nr += !strncmp(text, key, sizeof(key) - 1);
	return nr;
}

/* As the shell, boot managers and iPXE pass them: UTF-16, and a NUL. */
static int add_options(struct events *events, const struct pe *pe,
		       const char *text)
{
	size_t size = 2 * (strlen(text) + 1);
	uint8_t *options;
	size_t i;

	if (!*text)
		return 0;
	for (i = 0; text[i]; i++)
		if ((text[i] < ' ' && text[i] != '\t') || text[i] > '~')
			return error("--append: this is not printable ASCII; what is measured of it is not known");
	if (pe_find_section(pe, ".profile") && has_profile_number(text))
		return error("--append: it chooses a profile; what is measured is known only of the first one");
	options = calloc(1, size);
	if (!options)
		return error("not enough memory");
	for (i = 0; text[i]; i++)
		options[2 * i] = text[i];
	add_piece(add_event(events, "LOADED_IMAGE::LoadOptions"),
		  &(struct bytes){ options, size });
	return 0;
}

/* What the file has comes before what the caller names (kernel.c of elfboot.efi). */
static int add_kernel(struct events *events, const struct pe *pe,
		      const struct job *job)
{
	const struct pe_section *section =
		pe_find_section(pe, uki_names[UKI_LINUX]);
	const char *options = job->options.cmdline, *path = job->kernel;
	struct bytes file;

	if (section && section->vsize)
		return path ? error("there is a kernel in it, and no other is started") : 0;
	if (!path)
		return error("there is no kernel in it: it measures the one that it is told to start, KERNEL");
	if (!options || !*options)
		return error("there is no kernel in it, and load options name the one that it starts: --append is missing");
	if (map_subject(path, &file))
		return -1;
	add_piece(add_event(events, "elfboot.efi: kernel"), &file);
	return 0;
}

/* One behind the other, as in memory. */
static void add_next(struct event *event, const struct bytes *bytes,
		     uint64_t *size)
{
	static const uint8_t zeros[16];
	uint64_t next = INITRD_NEXT(*size);

	if (*size)
		add_piece(event, &(struct bytes){ zeros, next - *size });
	add_piece(event, bytes);
	*size = *size ? next + bytes->size : bytes->size;
}

/* Those that are named are used; with Secure Boot on not, if it has one of its own. */
static int check_initrds(const struct pe *pe, const struct job *job)
{
	unsigned int given = job->options.nr_initrds;
	unsigned int named = job->options.cmdline ?
			     count_named_initrds(job->options.cmdline) : 0;

	if (!named || named == given ||
	    (!given && pe_find_section(pe, uki_names[UKI_INITRD])))
		return 0;
	return error("--append: it names %u initrds, and --initrd gives %u",
		     named, given);
}

static int add_initrds(struct events *events, const struct pe *pe,
		       const struct job *job)
{
	const struct pe_section *ucode = pe_find_section(pe, ".ucode");
	struct event *event;
	struct bytes file;
	uint64_t size = 0;
	unsigned int i;

	if (check_initrds(pe, job))
		return -1;
	if (!job->options.nr_initrds)
		return 0;
	event = add_event(events, "Linux initrd");
	if (ucode && ucode->bytes.size < ucode->vsize)
		return error("its section .ucode is not all in the file");
	if (ucode)
		add_next(event, &ucode->bytes, &size);
	for (i = 0; i < job->options.nr_initrds; i++) {
		if (map_subject(job->initrd[i], &file))
			return -1;
		add_next(event, &file, &size);
	}
	return 0;
}

/* systemd's stub, for one, measures its sections, and into other registers. */
static int check_is_ours(const struct pe *pe)
{
	const struct pe_section *sbat = pe_find_section(pe, uki_names[UKI_SBAT]);

	if (sbat && sbat_has(&sbat->bytes, "elfboot,"))
		return 0;
	return error("not made of elfboot.efi (its section .sbat has no line \"elfboot\"): what it measures is not known");
}

static int find_events(const struct job *job, struct events *events)
{
	static struct pe pe;
	struct bytes file;

	if (map_subject(job->input, &file))
		return -1;
	if (!uki_probe(&file))
		return error("not a UEFI program that is made of elfboot.efi: nobody knows what its loader measures");
	if (pe_read(&file, &pe) || check_is_ours(&pe) ||
	    add_program(events, &pe))
		return -1;
	if (job->options.cmdline && add_options(events, &pe, job->options.cmdline))
		return -1;
	return add_kernel(events, &pe, job) ||
	       add_initrds(events, &pe, job) ? -1 : 0;
}

static void print_hex(const uint8_t *p, size_t size)
{
	for (; size; size--, p++)
		printf("%02x", *p);
}

static int make_digest(const struct event *event,
		       const struct digest_kind *kind, uint8_t *digest)
{
	return digest_make(kind, event->piece, event->nr, digest);
}

static int print_event(const struct event *event)
{
	const struct digest_kind *kind;
	uint8_t digest[DIGEST_MAX];

	for (kind = digest_kinds; kind->name; kind++) {
		if (make_digest(event, kind, digest))
			return -1;
		printf("extend   PCR %u %-6s ", event->pcr, kind->name);
		print_hex(digest, kind->size);
		printf(" %s, %s\n", event->type, event->name);
	}
	return 0;
}

/* A register begins with zeros, and nobody else need use this one. */
static int print_value(const struct events *events,
		       const struct digest_kind *kind)
{
	uint8_t value[2 * DIGEST_MAX] = {};
	unsigned int i, nr = 0;

	for (i = 0; i < events->nr; i++) {
		const struct event *event = &events->event[i];

		if (event->pcr != PCR_OUTSIDE)
			continue;
		nr++;
		if (make_digest(event, kind, value + kind->size) ||
		    digest_make(kind, &(struct bytes){ value, 2 * kind->size },
				1, value))
			return -1;
	}
	if (!nr)
		return 0;
	printf("value    PCR %u %-6s ", PCR_OUTSIDE, kind->name);
	print_hex(value, kind->size);
	puts(" unless somebody else extends it");
	return 0;
}

static int print_text(const struct events *events)
{
	const struct digest_kind *kind;
	unsigned int i;

	for (i = 0; i < events->nr; i++)
		if (print_event(&events->event[i]))
			return -1;
	for (kind = digest_kinds; kind->name; kind++)
		if (print_value(events, kind))
			return -1;
	return 0;
}

static int print_digests(const struct event *event)
{
	const struct digest_kind *kind;
	uint8_t digest[DIGEST_MAX];

	for (kind = digest_kinds; kind->name; kind++) {
		if (make_digest(event, kind, digest))
			return -1;
		printf("%s{\"hashAlg\":\"%s\",\"digest\":\"",
		       kind == digest_kinds ? "" : ",", kind->name);
		print_hex(digest, kind->size);
		fputs("\"}", stdout);
	}
	return 0;
}

/* What systemd-pcrlock(8) reads from its directories: a "component". */
static int print_json(const struct events *events)
{
	unsigned int i;

	fputs("{\"records\":[", stdout);
	for (i = 0; i < events->nr; i++) {
		const struct event *event = &events->event[i];

		printf("%s{\"pcr\":%u,\"digests\":[", i ? "," : "", event->pcr);
		if (print_digests(event))
			return -1;
		fputs("]}", stdout);
	}
	puts("]}");
	return 0;
}

/* What has been printed cannot be taken back. */
static int check_digests(void)
{
	const struct digest_kind *kind;
	uint8_t digest[DIGEST_MAX];

	for (kind = digest_kinds; kind->name; kind++)
		if (digest_make(kind, NULL, 0, digest))
			return -1;
	return 0;
}

/**
 * measure - print what a UEFI program's boot is measured as
 * @job: the command line: the program, and what it will be given from outside
 *
 * Return: 0, or -1 with a message printed.
 */
int measure(struct job *job)
{
	static struct events events;

	message_progress("reading");
	if (find_events(job, &events) || check_digests())
		return -1;
	progress_end();
	return job->json ? print_json(&events) : print_text(&events);
}
