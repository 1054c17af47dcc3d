// SPDX-License-Identifier: GPL-2.0
/*
 * Where elfboot.efi is, and whether that is what it is.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "uki.h"

/*
 * From the directory of this program: as it is installed, and where it was built,
 * in a kernel tree or not.
 */
static const char * const places[] = { "/../lib/mkelfimage", "/../../efi" };

static int own_directory(char *path, struct stat *st)
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (n < 0)
		return error("/proc/self/exe: %s", strerror(errno));
	path[n] = '\0';
	if (stat("/proc/self/exe", st))
		return error("%s: %s", path, strerror(errno));
	*strrchr(path, '/') = '\0';
	return 0;
}

/* "/usr/bin/../lib" is "/usr/lib" for people. */
static void join(char *path, const char *directory, const char *place,
		 const char *name)
{
	int length = strlen(directory);

	for (; !strncmp(place, "/..", 3); place += 3)
		while (length && directory[--length] != '/')
			;
	snprintf(path, PATH_MAX, "%.*s%s/%s", length, directory, place, name);
}

static int check_owner(const char *path, const struct stat *own)
{
	struct stat st;

	if (stat(path, &st))
		return error("%s: %s", path, strerror(errno));
	if ((!st.st_uid || st.st_uid == geteuid() ||
	     st.st_uid == own->st_uid) && !(st.st_mode & 0002))
		return 0;
	return error("%s: it belongs to another user, or everybody may write to it",
		     path);
}

/*
 * Another user may have put it there, if this program is in his directory's. Where the
 * directory is his, he can put another file there when this one has been looked at.
 */
static int check_owners(const char *path, const struct stat *own)
{
	char directory[PATH_MAX] = "";

	memcpy(directory, path, strrchr(path, '/') - path);
	if (!check_owner(directory, own) && !check_owner(path, own))
		return 0;
	return error("if that is meant so: --efi-stub=%s", path);
}

/**
 * uki_stub_find - find elfboot.efi where it is installed, or where it was built
 * @machine: which one, PE_MACHINE_*
 *
 * Return: its name, in memory that stays; or NULL with a message printed.
 */
const char *uki_stub_find(uint16_t machine)
{
	static char path[ARRAY_SIZE(places)][PATH_MAX];
	const char *arch = uki_machine(machine);
	char directory[PATH_MAX], name[20];
	struct stat own;
	unsigned int i;

	message_about(NULL);
	snprintf(name, sizeof(name), "elfboot%s.efi", arch);
	if (own_directory(directory, &own))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		join(path[i], directory, places[i], name);
		if (!access(path[i], F_OK))
			return check_owners(path[i], &own) ? NULL : path[i];
	}
	error("no %s for --efi=%s: neither %s nor %s is there; \"make elfboot.efi\" builds it, --efi-stub=FILE names it",
	      name, arch, path[0], path[1]);
	return NULL;
}

/**
 * uki_stub_read - read elfboot.efi
 * @file: all of it
 * @machine: which one it has to be, PE_MACHINE_*
 * @stub: result; refers to the file
 *
 * What is composed into it already does not count. What its headers say is checked
 * when all is written (uki-verify.c), but for what the plan rests on.
 *
 * Return: 0, or -1 with a message printed.
 */
int uki_stub_read(const struct bytes *file, uint16_t machine, struct pe *stub)
{
	const struct pe_section *sbat;

	if (!pe_probe(file))
		return error("not a UEFI program");
	if (pe_read(file, stub))
		return -1;
	sbat = pe_find_section(stub, uki_names[UKI_SBAT]);
	if (!sbat || !sbat_has(&sbat->bytes, "elfboot,"))
		return error("not elfboot.efi: it has no section .sbat with a line \"elfboot\"");
	if (stub->machine != machine)
		return error("it is not for %s firmware, as --efi=%s has it",
			     uki_machine(machine), uki_machine(machine));
	if (!is_power_of_two(stub->section_align) ||
	    !is_power_of_two(stub->file_align) ||
	    stub->headers_size > PAGE_BYTES || stub->headers_size > file->size ||
	    stub->headers_size < stub->sections)
		return error("its alignment or its SizeOfHeaders makes no sense");
	return 0;
}
