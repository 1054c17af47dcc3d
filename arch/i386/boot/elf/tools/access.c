// SPDX-License-Identifier: GPL-2.0
/*
 * Who may read what is written: whoever may read everything that it is made
 * of. An owner, a group and the others are looked at each for itself; a mode
 * without its owner and group says nothing.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elfimage.h"

/* The kernel, its relocations, elfboot.efi, os-release, SBAT; and the initrds. */
static struct stat input[5 + INITRDS_MAX];
static unsigned int nr_inputs;

/* Not where the group is kept out: one of the others may be in it. */
static bool everybody_reads(const struct stat *st)
{
	return (st->st_mode & 0044) == 0044;
}

static bool owner_reads_all(uid_t owner)
{
	unsigned int i;

	for (i = 0; i < nr_inputs; i++)
		if (!everybody_reads(&input[i]) && input[i].st_uid != owner)
			return false;
	return true;
}

/* The bits that a file of this group may have. */
static mode_t allowed_mode(gid_t group)
{
	mode_t allowed = 0777;
	unsigned int i;

	for (i = 0; i < nr_inputs; i++) {
		if (everybody_reads(&input[i]))
			continue;
		allowed &= ~0007;
		if (input[i].st_gid != group || !(input[i].st_mode & 0040))
			allowed &= ~0070;
	}
	return allowed;
}

/**
 * access_add_input - do not give others what an input does not give them
 * @st: of a regular file that something is taken from
 */
void access_add_input(const struct stat *st)
{
	if (nr_inputs < ARRAY_SIZE(input))
		input[nr_inputs++] = *st;
}

/**
 * access_set - say who may read a file that is whole
 * @fd: the file, ours and 0600
 * @old: the file whose place it takes; NULL if there is none
 *
 * Mode, group and owner are the old file's as far as the inputs allow it. Only
 * root can give a file away: else our group gets what the others get.
 *
 * Return: 0, or -1 with a message printed.
 */
int access_set(int fd, const struct stat *old)
{
	mode_t mode = 0644, mask = umask(0);
	uid_t owner = -1;
	struct stat st;

	umask(mask);
	mode &= ~mask;
	if (old) {
		mode = old->st_mode & 0777;
		if (owner_reads_all(old->st_uid))
			owner = old->st_uid;
		if (fchown(fd, owner, old->st_gid) &&
		    fchown(fd, -1, old->st_gid))
			mode &= 0707 | (mode & 0007) << 3;
	}
	if (fstat(fd, &st) || fchmod(fd, mode & allowed_mode(st.st_gid)))
		return error("%s", strerror(errno));
	return 0;
}
