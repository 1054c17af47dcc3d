// SPDX-License-Identifier: GPL-2.0
/*
 * struct bootinfo: maps are kept by rank, every other field by first
 * supplier.
 */
#include <linux/errno.h>

#include "info/bootinfo.h"
#include "info/cmdline.h"
#include "machine/machine.h"

/* iPXE has 512 bytes for all its strings, QEMU the host's path names. */
#define NAME_MAX	4096

/* type_of_loader (Documentation/x86/boot.rst) where nobody has a number. */
#define LOADER_UNKNOWN	0xff

enum { NO_NAME, ONE_WORD, A_PATH };

/*
 * Loaders by the name they give, with their type_of_loader (the number is the
 * high nibble, the low one would be a version), and whether the command line
 * they pass begins with the image's name or URI, which is a word, or a path on
 * the host that may have blanks in it.
 * The first match decides: GRUB legacy calls itself "GNU GRUB".
 */
static const struct loader {
	char name[14];
	u8 id;
	u8 name_passed;
} loaders[] = {
	{ "GNU GRUB",	0x70, ONE_WORD },
	{ "GRUB",	0x70, NO_NAME },
	{ "iPXE",	0x40, ONE_WORD },
	{ "gPXE",	0x40, ONE_WORD },
	{ "Etherboot",	0x40, ONE_WORD },
	{ "SYSLINUX",	0x30, ONE_WORD },
	{ "ISOLINUX",	0x30, ONE_WORD },
	{ "PXELINUX",	0x30, ONE_WORD },
	{ "EXTLINUX",	0x30, ONE_WORD },
	{ "U-Boot",	0x80, NO_NAME },
	{ "qemu",	0xb0, A_PATH },
	{ "kexec",	0xd0, A_PATH },
};

static const struct loader *find_loader(const char *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(loaders); i++)
		if (!strncmp(name, loaders[i].name, strlen(loaders[i].name)))
			return &loaders[i];
	return NULL;
}

/**
 * bootinfo_init - nobody has said anything yet
 * @bi: result
 */
void bootinfo_init(struct bootinfo *bi)
{
	/* What comes last needs no clearing, and is 39 KiB. */
	memset(bi, 0, offsetof(struct bootinfo, low_memory));
	memmap_init(&bi->map);
	memmap_init(&bi->offer);
	bi->map_rank = MAP_NONE;
	bi->loader_id = LOADER_UNKNOWN;
}

/**
 * bootinfo_set_loader - note who called
 * @bi: result
 * @loader: its name, "" if it gave none
 */
void bootinfo_set_loader(struct bootinfo *bi, const char *loader)
{
	const struct loader *known = find_loader(loader);

	bi->protocol = bi->source;
	string_copy(bi->loader, loader, sizeof(bi->loader));
	if (known)
		bi->loader_id = known->id;
}

/**
 * bootinfo_set_map - offer the memory map in @bi->offer
 * @bi: result
 * @rank: how much it is worth; the better one stays, the first of equals
 *
 * An empty map is no map.
 */
void bootinfo_set_map(struct bootinfo *bi, enum map_rank rank)
{
	const struct memmap *map = &bi->offer;

	if (!map->nr || rank >= bi->map_rank)
		return;
	bi->map_rank = rank;
	bi->map_source = bi->source;
	bi->map.nr = map->nr;
	bi->map.sorted = map->sorted;
	bi->map.truncated = map->truncated;
	bi->map.lost = map->lost;
	memcpy(bi->map.range, map->range, map->nr * sizeof(map->range[0]));
}

/**
 * bootinfo_set_loader_map - offer the memory map in @bi->offer, a loader's
 * @bi: result
 *
 * One that has RAM ranges only (iPXE passes eight at most) is worth less than
 * what a BIOS tells.
 */
void bootinfo_set_loader_map(struct bootinfo *bi)
{
	bootinfo_set_map(bi, memmap_is_complete(&bi->offer) ?
			 MAP_LOADER : MAP_LOADER_RAM);
}

/**
 * bootinfo_is_first_kernel - whether no other kernel has run before, and called
 *			      by kexec: its drivers have had the hardware since
 * @bi: after the caller has been found
 *
 * Return: false for any caller with boot_params, too.
 */
bool bootinfo_is_first_kernel(const struct bootinfo *bi)
{
	return !bi->boot_params && strncmp(bi->loader, "kexec", 5);
}

/* Past the first word and the blanks behind it, before anything is cut. */
static int skip_name(const struct ram *ram, u64 *pa)
{
	const u64 end = *pa + NAME_MAX;
	bool blank = false;
	char c;

	for (; *pa < end; (*pa)++) {
		if (ram_read(ram, *pa, &c, 1))
			return -EFAULT;
		if (!c || (blank && c != ' '))
			return 0;
		blank = c == ' ';
	}
	return -EFAULT;
}

/*
 * Behind a word that can only be the next part of a path: a "/" inside of it and
 * none in front, no "=", no quotation mark and no "-" in front. No option of the
 * kernel's looks like that.
 */
static u64 skip_part(const struct ram *ram, u64 pa)
{
	bool slash = false, blank = false;
	const u64 start = pa;
	char c;

	for (; pa - start < NAME_MAX && !ram_read(ram, pa, &c, 1); pa++) {
		if (!c || (blank && c != ' '))
			return slash ? pa : start;
		if (c == '=' || c == '"' || (pa == start && (c == '/' || c == '-')))
			return start;
		slash |= c == '/';
		blank = c == ' ';
	}
	return start;
}

/*
 * A directory's name may have a blank in it. One word after the other: what has
 * no "/" may be an option, and stays.
 */
static u64 skip_path(const struct ram *ram, u64 pa)
{
	u64 next = skip_part(ram, pa);

	while (next != pa) {
		pa = next;
		next = skip_part(ram, pa);
	}
	return pa;
}

/* Cut the image's name off; more than a word of it is not cut in silence. */
static int cut_name(struct bootinfo *bi, const struct ram *ram, u64 *pa,
		    const struct loader *loader)
{
	const u64 start = *pa;
	u64 len;

	if (!loader || loader->name_passed == NO_NAME)
		return 0;
	if (skip_name(ram, pa))
		return bootinfo_stop(bi, "command line at %#llx: the image's name has no end within %llu bytes of memory",
				     start, NAME_MAX);
	len = *pa - start;
	if (loader->name_passed == A_PATH)
		*pa = skip_path(ram, *pa);
	if (*pa - start != len)
		bootinfo_ignore(bi, 0, "%llu characters of the command line cut off as the image's path, %llu before its first blank",
				*pa - start, len);
	len = *pa - start;
	if (len >= sizeof(bi->image_name))
		len = sizeof(bi->image_name) - 1;
	ram_read(ram, start, bi->image_name, len);
	bi->image_name[len] = '\0';
	return 0;
}

/**
 * bootinfo_check_cmdline - say so if the kernel cannot take all of a command line
 * @bi: result
 * @len: characters of it, CMDLINE_COUNT for more
 */
void bootinfo_check_cmdline(struct bootinfo *bi, u32 len)
{
	if (len >= CMDLINE_SIZE)
		bootinfo_ignore(bi, CORRUPT_CMDLINE, "command line cut: %llu characters, the kernel takes %llu",
				len, CMDLINE_SIZE - 1);
}

/**
 * bootinfo_read_cmdline - take a loader's command line
 * @bi: result; the first command line stays, an empty one is none
 * @ram: physical memory
 * @pa: physical address of the string; what is beyond CMDLINE_SIZE is cut, with
 *	a line
 * @loader: the loader's name: it tells whether the first word is the image's
 *	    name and no argument
 *
 * Return: 0, or -EBADMSG if memory ends before the string does: a caller's
 * command line is never left out.
 */
int bootinfo_read_cmdline(struct bootinfo *bi, const struct ram *ram, u64 pa,
			  const char *loader)
{
	const struct loader *known = find_loader(loader);
	const u64 start = pa;
	int ret;

	if (bi->cmdline_source)
		return 0;
	ret = cut_name(bi, ram, &pa, known);
	if (ret)
		return ret;
	if (ram_string(ram, pa, bi->cmdline, sizeof(bi->cmdline)))
		return bootinfo_stop(bi, "command line at %#llx: memory ends %llu bytes after its start, before the string does",
				     start, ram_strlen(ram, start, CMDLINE_COUNT));
	if (bi->cmdline[0])
		bi->cmdline_source = bi->source;
	if (strlen(bi->cmdline) == CMDLINE_SIZE - 1)
		bootinfo_check_cmdline(bi, ram_strlen(ram, pa, CMDLINE_COUNT));
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r';
}

/* Up to a NUL, and without the blanks at its end. */
static u32 text_length(const struct ram *ram, const struct range *file)
{
	u32 len = 0, at;
	char c;

	for (at = 0; at < CMDLINE_COUNT && at < file->size; at++) {
		if (ram_read(ram, file->start + at, &c, 1) || !c)
			break;
		if (!is_blank(c))
			len = at + 1;
	}
	return len;
}

/**
 * bootinfo_read_cmdline_file - take a command line that is a text file
 * @bi: result; the first command line stays, an empty one is none
 * @ram: physical memory
 * @file: where it is; what is beyond CMDLINE_SIZE is cut, with a line; ends of
 *	  lines are blanks
 *
 * Return: 0, or -EFAULT if any of the bytes cannot be reached.
 */
int bootinfo_read_cmdline_file(struct bootinfo *bi, const struct ram *ram,
			       const struct range *file)
{
	u32 len = CMDLINE_SIZE - 1;
	char *s = bi->cmdline;

	if (bi->cmdline_source)
		return 0;
	if (len > file->size)
		len = file->size;
	if (ram_read(ram, file->start, s, len))
		return -EFAULT;
	s[len] = '\0';
	for (len = 0; s[len]; len++)
		if (is_blank(s[len]))
			s[len] = ' ';
	if (len == CMDLINE_SIZE - 1)
		bootinfo_check_cmdline(bi, text_length(ram, file));
	while (len && s[len - 1] == ' ')
		s[--len] = '\0';
	if (len)
		bi->cmdline_source = bi->source;
	return 0;
}

/**
 * bootinfo_set_modules - take the ranges in @bi->module_offer as the initrd
 * @bi: result; the first initrd stays
 * @nr: how many
 */
void bootinfo_set_modules(struct bootinfo *bi, u32 nr)
{
	if (bi->nr_modules || !nr)
		return;
	memcpy(bi->module, bi->module_offer, nr * sizeof(bi->module[0]));
	bi->nr_modules = nr;
	bi->initrd_source = bi->source;
}

static void set_fault(struct bootinfo *bi, struct fault *fault, const char *text,
		      u64 value, u64 other)
{
	*fault = (struct fault){ bi->source, text, { value, other } };
}

/**
 * bootinfo_stop - say why there is no booting with what a caller passes
 * @bi: result
 * @text: a field of the core (structure, command line, modules), what is wrong
 *	  with it, and both values: two times %#llx or %llu
 * @value: the first
 * @other: the second
 *
 * The first counts.
 *
 * Return: -EBADMSG, for the source to return.
 */
int bootinfo_stop(struct bootinfo *bi, const char *text, u64 value, u64 other)
{
	if (!bi->fault.text)
		set_fault(bi, &bi->fault, text, value, other);
	return -EBADMSG;
}

/**
 * bootinfo_ignore - do without something that makes no sense
 * @bi: result
 * @bit: CORRUPT_* for the provenance node, 0: a line alone
 * @text: which field, and why, as for bootinfo_stop(); the same one counts
 *	  once
 * @value: the first value
 * @other: the second
 *
 * It counts only if the source believes the rest.
 *
 * Return: 0, for the source to return.
 */
int bootinfo_ignore(struct bootinfo *bi, u32 bit, const char *text, u64 value,
		    u64 other)
{
	u32 i;

	bi->ignored_bits |= bit;
	for (i = 0; i < bi->nr_ignored; i++)
		if (bi->ignored[i].text == text)
			return 0;
	if (i < IGNORED_MAX)
		set_fault(bi, &bi->ignored[bi->nr_ignored++], text, value,
			  other);
	return 0;
}
