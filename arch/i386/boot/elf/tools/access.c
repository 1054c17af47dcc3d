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
 * @fd: a regular file that something is taken from
 * @st: and what fstat() says of it
 */
void access_add_input(int fd, const struct stat *st)
{
	struct bytes acl = acl_of_file(fd);

	if (nr_inputs == ARRAY_SIZE(input))
		return;
	input[nr_inputs] = *st;
	input[nr_inputs++].st_mode = acl_plain_mode(&acl, st->st_mode);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whom a list gives it to may read all inputs, or the list is that of the input. */
static bool may_keep_acl(const struct stat *old)
{
	unsigned int i;

	for (i = 0; i < nr_inputs; i++)
		if (!everybody_reads(&input[i]) && !is_same(&input[i], old))
			return false;
	return true;
}

/* A file system without modes (FAT) has none of its own to offer. */
static void remark_mode(mode_t got, mode_t wanted)
{
	if (got & ~wanted & 0044)
		remark("its file system does not keep modes: by mode 0%03o, as it is mounted, more may read it than may read what it is made of",
		       got & 0777);
}

/* A new file may have a list of its directory's, with whom nobody has asked. */
static int set_mode(int fd, mode_t mode, bool keep_acl)
{
	struct stat st;

	if (fstat(fd, &st))
		return error("%s", strerror(errno));
	mode &= allowed_mode(st.st_gid);
	if (!keep_acl && acl_remove(fd))
		return -1;
	if (fchmod(fd, mode) || fstat(fd, &st))
		return error("%s", strerror(errno));
	if (nr_inputs && allowed_mode(st.st_gid) != 0777)
		remark_mode(st.st_mode, mode);
	return 0;
}

static int set_new(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return set_mode(fd, 0644 & ~mask, allowed_mode(-1) == 0777);
}

/**
 * access_set - say who may read a file that is whole
 * @fd: the file, ours and 0600
 * @path: name of the file whose place it takes
 * @old: what lstat() says of that; NULL if there is none
 *
 * Mode, access control list, group and owner are the old file's as far as the inputs
 * allow it. Only root can give a file away: else our group gets what the others get.
 *
 * Return: 0, or -1 with a message printed.
 */
int access_set(int fd, const char *path, const struct stat *old)
{
	struct bytes acl;
	uid_t owner = -1;
	mode_t mode;

	if (!old)
		return set_new(fd);
	acl = acl_of_path(path);
	mode = acl_plain_mode(&acl, old->st_mode) & 0777;
	if (owner_reads_all(old->st_uid))
		owner = old->st_uid;
	if (fchown(fd, owner, old->st_gid) && fchown(fd, -1, old->st_gid))
		mode &= 0707 | (mode & 0007) << 3;
	else if (may_keep_acl(old) && acl_copy(fd, &acl))
		return 0;
	if (acl.size)
		remark("its access control list is left out: not everybody may read what it is made of, or it cannot be set");
	return set_mode(fd, mode, false);
}
