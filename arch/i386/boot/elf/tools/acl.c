// SPDX-License-Identifier: GPL-2.0
/*
 * Access control lists, as acl(5) has them and the kernel's linux/posix_acl_xattr.h
 * writes them: where there is one, the group's bits of a mode are its mask, and say
 * nothing about the group. What comes of a file that has one may do without, if
 * nobody gets more by that.
 */
#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

#include "elfimage.h"

#define ACL_NAME	"system.posix_acl_access"
#define ACL_VERSION	2
#define ACL_HEADER_SIZE	4
#define ACL_ENTRY_SIZE	8		/* tag, permissions, id */

#define ACL_USER	0x02
#define ACL_GROUP_OBJ	0x04
#define ACL_GROUP	0x08
#define ACL_MASK	0x10

/* As many as an extended attribute may have. */
static uint8_t list[65536];

static struct bytes list_of(ssize_t size)
{
	if (size < ACL_HEADER_SIZE || get_le32(list) != ACL_VERSION)
		return (struct bytes){};
	return (struct bytes){ list, size };
}

/**
 * acl_of_file - read the access control list of a file that is open
 * @fd: the file
 *
 * Return: the list, until the next one is read; no bytes: there is none.
 */
struct bytes acl_of_file(int fd)
{
	return list_of(fgetxattr(fd, ACL_NAME, list, sizeof(list)));
}

/**
 * acl_of_path - read the access control list of a file by its name
 * @path: its name, which is no symbolic link
 *
 * Return: as acl_of_file().
 */
struct bytes acl_of_path(const char *path)
{
	return list_of(lgetxattr(path, ACL_NAME, list, sizeof(list)));
}

static mode_t find_permissions(struct bytes acl, unsigned int tag, mode_t other)
{
	for (; acl.size >= ACL_ENTRY_SIZE; bytes_take(&acl, ACL_ENTRY_SIZE))
		if (get_le16(acl.data) == tag)
			return get_le16(acl.data + 2) & 7;
	return other;
}

/**
 * acl_plain_mode - the mode that gives nobody more than a list does
 * @acl: the list; no bytes: there is none
 * @mode: the mode of its file
 *
 * Without the list a user with an entry of his own is one of the group or of the
 * others, and one of a group with an entry is one of the others: neither may get more
 * than the entry gives them.
 *
 * Return: the mode.
 */
mode_t acl_plain_mode(const struct bytes *acl, mode_t mode)
{
	struct bytes left = *acl;
	mode_t mask, group;

	if (!left.size)
		return mode;
	bytes_take(&left, ACL_HEADER_SIZE);
	mask = find_permissions(left, ACL_MASK, 7);
	group = find_permissions(left, ACL_GROUP_OBJ, 0) & mask;
	mode &= ~0070 | group << 3;
	for (; left.size >= ACL_ENTRY_SIZE; bytes_take(&left, ACL_ENTRY_SIZE)) {
		unsigned int tag = get_le16(left.data);
		mode_t given = get_le16(left.data + 2) & mask;

		if (tag == ACL_USER)
			mode &= ~0077 | given << 3 | given;
		if (tag == ACL_GROUP)
			mode &= ~0007 | given;
	}
	return mode;
}

/**
 * acl_copy - give a file the access control list of another one
 * @fd: the file, ours; the list says its mode as well
 * @acl: the list
 *
 * Return: whether it has it now.
 */
bool acl_copy(int fd, const struct bytes *acl)
{
	return acl->size && !fsetxattr(fd, ACL_NAME, acl->data, acl->size, 0);
}

/**
 * acl_remove - take away the list that a file may have got of its directory
 * @fd: the file, ours
 *
 * Return: 0, or -1 with a message printed.
 */
int acl_remove(int fd)
{
	if (!fremovexattr(fd, ACL_NAME) || errno == ENODATA ||
	    errno == EOPNOTSUPP)
		return 0;
	return error("its access control list cannot be removed: %s",
		     strerror(errno));
}
