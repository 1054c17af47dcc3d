// SPDX-License-Identifier: GPL-2.0
/*
 * Where a file goes: beside the output first, readable by nobody else until it
 * is whole, then renamed, so that the output is either the old file or the whole
 * new one. The standard output gets the file when it is whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elfimage.h"

#define LINKS_MAX	40		/* as the kernel has it */

/* On the disk before it has its name: a crash must not leave half of it. */
static int close_synced(int fd, int ret)
{
	if (!ret && fsync(fd) && errno != EINVAL && errno != EROFS)
		ret = error("%s", strerror(errno));
	if (close(fd) && !ret)
		ret = error("%s", strerror(errno));
	return ret;
}

/* The file that is being written, for who interrupts that. */
static char temporary[PATH_MAX];

static void remove_temporary(int number)
{
	if (*temporary)
		unlink(temporary);
	signal(number, SIG_DFL);
	raise(number);
}

static bool is_deadly(int number)
{
	return number != SIGCHLD && number != SIGCONT && number != SIGTSTP &&
	       number != SIGTTIN && number != SIGTTOU && number != SIGURG &&
	       number != SIGWINCH;
}

/**
 * output_catch_signals - let nothing half written stay behind
 *
 * Every signal that kills is caught, as far as that can be done: SIGKILL cannot.
 * A pipe that is closed and a limit that is reached are errors to be told, not
 * something to die of.
 */
void output_catch_signals(void)
{
	struct sigaction old;
	int number;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	/* One that is ignored stays so; a sanitizer has handlers of its own. */
	for (number = 1; number <= SIGRTMAX; number++)
		if (is_deadly(number) && !sigaction(number, NULL, &old) &&
		    old.sa_handler == SIG_DFL)
			signal(number, remove_temporary);
}

/* Beside the output, with a name that fits where the output's does: 0600. */
static int open_temporary(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy) ||
	    snprintf(temporary, sizeof(temporary), "%s/.mkelfImage.XXXXXX",
		     dirname(copy)) >= (int)sizeof(temporary))
		return error("%s", strerror(ENAMETOOLONG));
	fd = mkstemp(temporary);
	if (fd < 0) {
		*temporary = '\0';
		return error("%s", strerror(errno));
	}
	return fd;
}

static int replace(const char *path, const struct stat *old,
		   const struct layout *layout, output_fill_t fill)
{
	int fd = open_temporary(path);
	int ret;

	if (fd < 0)
		return -1;
	ret = fill(fd, layout);
	if (!ret)
		ret = access_set(fd, path, old);
	ret = close_synced(fd, ret);
	if (!ret && rename(temporary, path))
		ret = error("%s", strerror(errno));
	if (ret)
		unlink(temporary);
	*temporary = '\0';
	return ret;
}

/*
 * As fs.protected_symlinks and fs.protected_regular have it: in a directory that
 * all may write to, a link of another user leads where he wants us to write,
 * and a file of his waits for what we write.
 */
static int check_owner(const char *path, const struct stat *st)
{
	char copy[PATH_MAX];
	struct stat dir;

	snprintf(copy, sizeof(copy), "%s", path);
	if (stat(dirname(copy), &dir))
		return error("%s", strerror(errno));
	if ((dir.st_mode & 01002) != 01002 ||
	    st->st_uid == geteuid() || st->st_uid == dir.st_uid)
		return 0;
	return error("a %s of another user, in a directory that everybody may write to",
		     S_ISLNK(st->st_mode) ? "symbolic link" : "file");
}

/* The name that a link has in it; relative to where the link is. */
static int read_link(char *path)
{
	char copy[PATH_MAX], target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	int length;

	if (n < 0)
		return error("%s", strerror(errno));
	target[n] = '\0';
	snprintf(copy, sizeof(copy), "%s", path);
	length = *target == '/' ? snprintf(path, PATH_MAX, "%s", target) :
		 snprintf(path, PATH_MAX, "%s/%s", dirname(copy), target);
	return length < PATH_MAX ? 0 : error("%s", strerror(ENAMETOOLONG));
}

/*
 * The number in a name of something that is open, or -1. What such a name leads
 * to by itself may be a file that others write to as well, or have no name.
 */
static int number_of(const char *path)
{
	static const char * const names[] = {
		"/dev/fd/%9d%n", "/proc/self/fd/%9d%n"
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		int number, length = 0;

		if (sscanf(path, names[i], &number, &length) == 1 &&
		    number >= 0 && !path[length])
			return number;
	}
	return -1;
}

/*
 * Where a link leads to is replaced, not the link. 1: there is nothing yet;
 * 2: it is something that is open.
 */
static int follow_links(char *path, struct stat *st)
{
	unsigned int i;

	for (i = 0; i < LINKS_MAX; i++) {
		if (number_of(path) >= 0)
			return 2;
		if (lstat(path, st) && errno == ENOENT && !i)
			return 1;
		if (lstat(path, st))
			return error("%s", errno == ENOENT ?
				     "a symbolic link that leads nowhere" :
				     strerror(errno));
		if (check_owner(path, st))
			return -1;
		if (!S_ISLNK(st->st_mode))
			return 0;
		if (read_link(path))
			return -1;
	}
	return error("%s", strerror(ELOOP));
}

/* With its signature, of which the plan does not know the size. */
static int copy_to(int to, int fd)
{
	struct bytes file = {};
	struct stat st;
	int ret;

	if (fstat(fd, &st))
		return error("%s", strerror(errno));
	if (map_file(fd, st.st_size, MAP_SHARED, &file))
		return -1;
	ret = write_all(to, file.data, file.size);
	unmap_file(&file);
	return ret;
}

/* What is open gets all of it at the end, where others would write as well. */
static int write_open(int to, const struct layout *layout, output_fill_t fill)
{
	FILE *file;
	int ret;

	/* Or the file that is opened here would have its number. */
	if (fcntl(to, F_GETFD) < 0)
		return error("%s", strerror(errno));
	if (isatty(to))
		return error("the output is a terminal");
	if (!layout->size)
		return 0;
	file = tmpfile();
	if (!file)
		return error("%s", strerror(errno));
	ret = fill(fileno(file), layout);
	if (!ret)
		ret = copy_to(to, fileno(file));
	fclose(file);
	return ret;
}

/* /dev/null and the like: renaming over it would replace it. */
static int write_device(const char *path, const struct layout *layout,
			output_fill_t fill)
{
	int fd = open(path, O_WRONLY | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return error("%s", strerror(errno));
	ret = write_open(fd, layout, fill);
	close(fd);
	return ret;
}

static int write_file(const char *path, const struct layout *layout,
		      output_fill_t fill)
{
	char real[PATH_MAX];
	struct stat st;

	if (snprintf(real, sizeof(real), "%s", path) >= (int)sizeof(real))
		return error("%s", strerror(ENAMETOOLONG));
	switch (follow_links(real, &st)) {
	case 0:
		break;
	case 1:
		return replace(real, NULL, layout, fill);
	case 2:
		return write_open(number_of(real), layout, fill);
	default:
		return -1;
	}
	if (S_ISCHR(st.st_mode))
		return write_device(real, layout, fill);
	return S_ISREG(st.st_mode) ? replace(real, &st, layout, fill) :
				     error("not a regular file");
}

/*
 * "-", or another name of it. A file that is the standard output is not
 * replaced: who has opened it would go on in the old one.
 */
static bool is_standard(const char *path)
{
	struct stat st, standard;

	if (!strcmp(path, STANDARD))
		return true;
	return !stat(path, &st) && !fstat(STDOUT_FILENO, &standard) &&
	       st.st_dev == standard.st_dev && st.st_ino == standard.st_ino;
}

/**
 * output_write - write a file that is the old one until it is whole
 * @path: its name; or STANDARD or another name of something that is open, which
 *	is written into
 * @layout: its plan
 * @fill: what writes it
 *
 * Return: 0, or -1 with a message printed and @path as it was; or, if it was
 * written into, with a part of the file in it.
 */
int output_write(const char *path, const struct layout *layout,
		 output_fill_t fill)
{
	return is_standard(path) ? write_open(STDOUT_FILENO, layout, fill) :
				   write_file(path, layout, fill);
}
