// SPDX-License-Identifier: GPL-2.0
/*
 * --efi: the image of a kernel, and all that belongs to it, in a UEFI program.
 * Command line and initrd are not in the image then but in sections beside it.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "efi.h"

/* What the kernel comes from may be for one of the two already. */
static uint16_t choose_machine(const struct job *job, const struct pe *old)
{
	if (job->efi_machine)
		return job->efi_machine;
	return uki_machine(old->machine) ? old->machine : PE_MACHINE_X86_64;
}

static struct bytes contents_of(const struct pe *pe, enum uki_section number)
{
	const struct pe_section *section = pe_find_section(pe, uki_names[number]);

	return section ? section->bytes : (struct bytes){};
}

/* A boot without them is not the one that the file was made for. */
static void remark_left_out(const struct pe *old, bool takes_initrd)
{
	unsigned int i;

	for (i = 0; i < old->nr_sections; i++) {
		const struct pe_section *section = &old->section[i];

		if (!strcmp(section->name, ".profile")) {
			remark("of its profiles only the first one is taken");
			break;
		}
	}
	for (i = 0; i < old->nr_sections; i++) {
		static const char * const taken[] = {
			".profile", ".ucode", ".text", ".rodata", ".data",
			".reloc", ".sdmagic"
		};
		const char *name = old->section[i].name;
		bool known = uki_has_name(name);
		unsigned int j;

		for (j = 0; j < ARRAY_SIZE(taken); j++)
			known |= !strcmp(name, taken[j]);
		if (!known || (!takes_initrd && !strcmp(name, ".ucode")))
			remark("its section \"%s\" is left out", name);
	}
	if (old->signature_size)
		remark("its signature is left out: sign the new file");
}

/*
 * What is taken out of a damaged file would get a checksum that is right. Others'
 * tools leave a wrong one behind: nothing is refused because of it.
 */
static void remark_damaged(const struct pe *old)
{
	if (uki_is_damaged(old))
		remark("its checksum is wrong: it is damaged, or a tool has changed it that does not care");
}

static int read_input(const struct job *job, const char *path,
		      struct bytes *file)
{
	if (check_output(path, job->output))
		return -1;
	return map_subject(path, file);
}

/* Nobody has asked for it by name: what cannot be read is not there. */
static bool has_text(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && st.st_size &&
	       !access(path, R_OK);
}

/* As ukify has it, for systemd-boot lists no program without one. */
static int read_os_release(const struct job *job, const struct pe *old,
			   struct bytes *text)
{
	static const char * const places[] = {
		"/etc/os-release", "/usr/lib/os-release"
	};
	unsigned int i;

	if (job->os_release)
		return *job->os_release ?
		       read_input(job, job->os_release, text) : 0;
	*text = contents_of(old, UKI_OSREL);
	for (i = 0; i < ARRAY_SIZE(places) && !text->size; i++)
		if (has_text(places[i]))
			return read_input(job, places[i], text);
	if (!text->size)
		remark("no text in %s, and so no section .osrel: systemd-boot does not list it then (--os-release=FILE)",
		       places[0]);
	return 0;
}

/* shim starts nothing whose SBAT it cannot read. */
static int take_sbat(const struct job *job, const struct pe *old,
		     struct bytes *lines)
{
	message_about(job->input);
	*lines = contents_of(old, UKI_SBAT);
	if (!lines->size || !sbat_check(lines))
		return 0;
	return error("that is in its section .sbat; --sbat= leaves it out");
}

/* Lines that are given or were there, beside the loader's own. */
static int read_sbat(const struct job *job, const struct pe *old,
		     struct bytes *lines)
{
	if (!job->sbat)
		return take_sbat(job, old, lines);
	if (!*job->sbat)
		return 0;
	return read_input(job, job->sbat, lines) || sbat_check(lines) ? -1 : 0;
}

/*
 * A command line that is empty on purpose is there all the same, or load options would
 * count with Secure Boot on. What has no bytes is no section: a blank says nothing.
 */
static const char *choose_cmdline(const struct job *job,
				  const struct kernel *kernel)
{
	const char *cmdline = job->options.cmdline;

	if (!cmdline)
		cmdline = (const char *)kernel->cmdline.data;
	return cmdline && !*cmdline ? " " : cmdline;
}

/* As for an image: what is given, or else what there was. */
static int choose_parts(const struct job *job, const struct kernel *kernel,
			struct uki_parts *parts)
{
	const struct options *options = &job->options;
	const char *cmdline = choose_cmdline(job, kernel);
	struct bytes *text = &parts->part[UKI_CMDLINE];

	if (cmdline)
		*text = (struct bytes){ (const uint8_t *)cmdline,
					strlen(cmdline) };
	if (text->size > kernel->cmdline_max || text->size > COMMAND_LINE_MAX)
		return error("the command line has %zu bytes, more than the %u that the kernel takes",
			     text->size, kernel->cmdline_max < COMMAND_LINE_MAX ?
			     kernel->cmdline_max : COMMAND_LINE_MAX);
	parts->nr_initrds = options->nr_initrds;
	memcpy(parts->initrd, options->initrd, sizeof(parts->initrd));
	if (!parts->nr_initrds && !options->no_initrd && kernel->initrd.size)
		parts->initrd[parts->nr_initrds++] = kernel->initrd;
	parts->part[UKI_UNAME] = kernel->version;
	return 0;
}

/*
 * The same without command line and initrd, as it will be in the file. Its headers with
 * the sums in them become the plan's.
 */
static int make_image(const struct job *job, const struct kernel *kernel,
		      struct layout *image, struct bytes *file)
{
	struct bytes stub = stub_bin_get();
	struct options options = job->options;

	options.cmdline = "";
	options.no_initrd = true;
	options.nr_initrds = 0;
	if (layout_plan(kernel, &stub, &options, image))
		return -1;
	message_progress("writing");
	if (write_mapped(image, fill_image, file))
		return -1;
	memcpy(image->head, file->data, PAGE_BYTES);
	return 0;
}

static int read_stub(const struct job *job, uint16_t machine, struct pe *stub)
{
	const char *path = job->efi_stub ? job->efi_stub : uki_stub_find(machine);
	struct bytes file;

	if (!path || read_input(job, path, &file))
		return -1;
	return uki_stub_read(&file, machine, stub);
}

/**
 * efi_plan - plan a UEFI program with a kernel in it
 * @job: the command line
 * @unified: what the kernel was wrapped in
 * @kernel: the kernel
 * @image: result: the plan of its image
 * @program: result: the plan of the program; refers to memory that stays
 *
 * Return: 0, or -1 with a message printed.
 */
int efi_plan(const struct job *job, const struct unified *unified,
	     const struct kernel *kernel, struct layout *image,
	     struct layout *program)
{
	static struct uki_parts parts;
	static struct pe old, stub;
	bool takes_initrd = !job->initrd[0] && !job->options.no_initrd;
	struct bytes own, lines = {};

	if (unified->is_one) {
		if (pe_read(&unified->file, &old))
			return -1;
		remark_damaged(&old);
		remark_left_out(&old, takes_initrd);
	}
	if (choose_parts(job, kernel, &parts) ||
	    make_image(job, kernel, image, &parts.part[UKI_LINUX]) ||
	    read_os_release(job, &old, &parts.part[UKI_OSREL]) ||
	    read_sbat(job, &old, &lines) ||
	    read_stub(job, choose_machine(job, &old), &stub))
		return -1;
	own = contents_of(&stub, UKI_SBAT);
	if (sbat_join(&own, &lines, &parts.part[UKI_SBAT]))
		return -1;
	return uki_plan(&stub, &parts, program);
}
