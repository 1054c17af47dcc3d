// SPDX-License-Identifier: GPL-2.0
/*
 * Packages of distributions: no kernels, but there is one in them, and what it is
 * called there is worth a word. Debian's are ar archives (deb(5)) with a tar
 * archive in them, RPM's have a header with names (rpm's docs/manual/format.md).
 */
#define _GNU_SOURCE		/* memrchr() */
#include <stdlib.h>
#include <string.h>

#include "unwrap.h"

#define AR_MAGIC	"!<arch>\n"
#define AR_MAGIC_SIZE	8
#define AR_SIZE		48		/* ten digits */
#define AR_SIZE_DIGITS	10
#define AR_HEADER_SIZE	60
#define DEB_FIRST	"debian-binary"
#define DEB_DATA	"data.tar"

#define TAR_NAME_SIZE	100
#define TAR_SIZE	124		/* octal digits */
#define TAR_SIZE_DIGITS	12
#define TAR_BLOCK	512

#define RPM_MAGIC	"\xed\xab\xee\xdb"
#define RPM_LEAD_SIZE	96
#define RPM_HEADER_MAGIC	"\x8e\xad\xe8\x01"
#define RPM_NR_ENTRIES	8
#define RPM_STORE_SIZE	12
#define RPM_HEADER_SIZE	16
#define RPM_ENTRY_SIZE	16		/* tag, type, offset, count */
#define RPM_DIRINDEXES	1116
#define RPM_BASENAMES	1117
#define RPM_DIRNAMES	1118

/* boot/ is what a package of a kernel begins with. */
#define LOOK_MAX	(16 * ONE_MIB)

#define KERNEL_NAME	"vmlinuz"

/* A longer one is nobody's kernel, and no line for a terminal. */
#define PATH_LENGTH_MAX	255

/**
 * struct rpm - an RPM package's header
 * @entries: its index
 * @nr_entries: number of entries in that
 * @store: what they refer to
 */
struct rpm {
	const uint8_t *entries;
	uint32_t nr_entries;
	struct bytes store;
};

static bool is_deb(const struct bytes *file)
{
	return file->size >= AR_MAGIC_SIZE + AR_HEADER_SIZE &&
	       !memcmp(file->data, AR_MAGIC, AR_MAGIC_SIZE) &&
	       !memcmp(file->data + AR_MAGIC_SIZE, DEB_FIRST,
		       sizeof(DEB_FIRST) - 1);
}

static bool is_rpm(const struct bytes *file)
{
	return file->size >= RPM_LEAD_SIZE &&
	       !memcmp(file->data, RPM_MAGIC, sizeof(RPM_MAGIC) - 1);
}

/**
 * package_probe - is it a package of a distribution?
 * @file: all of it
 *
 * Return: true if it begins as one does.
 */
bool package_probe(const struct bytes *file)
{
	return is_deb(file) || is_rpm(file);
}

static uint64_t read_digits(const uint8_t *p, size_t digits, int base)
{
	char text[TAR_SIZE_DIGITS + 1] = {};

	memcpy(text, p, digits);
	return strtoull(text, NULL, base);
}

/* Return: the member that has the files; nothing if there is none. */
static struct bytes find_data(const struct bytes *file)
{
	size_t at = AR_MAGIC_SIZE;

	while (file->size - at >= AR_HEADER_SIZE) {
		const uint8_t *header = file->data + at;
		uint64_t size = read_digits(header + AR_SIZE, AR_SIZE_DIGITS,
					    10);

		at += AR_HEADER_SIZE;
		if (size > file->size - at)
			size = file->size - at;
		if (!memcmp(header, DEB_DATA, sizeof(DEB_DATA) - 1))
			return (struct bytes){ file->data + at, size };
		at += size + (size & 1);
		if (at > file->size)
			break;
	}
	return (struct bytes){};
}

/* A name goes to a terminal, and may be anything. */
static bool is_printable(const char *name, size_t size)
{
	while (size--)
		if (name[size] <= ' ' || name[size] > '~')
			return false;
	return true;
}

static bool is_kernel(const char *name, size_t size)
{
	const char *slash = memrchr(name, '/', size);
	const char *base = slash ? slash + 1 : name;

	size -= base - name;
	return size >= sizeof(KERNEL_NAME) - 1 &&
	       !memcmp(base, KERNEL_NAME, sizeof(KERNEL_NAME) - 1) &&
	       is_printable(base, size);
}

/* Return: its name there; NULL: it is not in the part that has been looked at. */
static const char *find_in_tar(const uint8_t *tar, size_t room)
{
	size_t at = 0;

	while (at + TAR_BLOCK <= room && tar[at]) {
		const char *name = (const char *)tar + at;
		uint64_t size = read_digits(tar + at + TAR_SIZE,
					    TAR_SIZE_DIGITS, 8);

		if (size && is_kernel(name, strnlen(name, TAR_NAME_SIZE)) &&
		    is_printable(name, strnlen(name, TAR_NAME_SIZE)))
			return name;
		if (size > room)
			return NULL;
		at += TAR_BLOCK + round_up(size, TAR_BLOCK);
	}
	return NULL;
}

static int refuse_deb(const struct bytes *file)
{
	struct bytes data = find_data(file);
	const struct codec *codec = codec_find(&data);
	uint8_t *tar = calloc(1, LOOK_MAX);
	const char *name = NULL;
	size_t size;

	/* There is no room for all of it, and no need. */
	if (tar && codec && codec->unpack && data.size <= INT32_MAX) {
		codec_unpack(codec, &data, &(struct room){ tar, LOOK_MAX },
			     &size);
		name = find_in_tar(tar, LOOK_MAX);
	}
	/* As it is: "dpkg-deb -Znone". */
	if (!codec)
		name = find_in_tar(data.data, data.size);
	if (name)
		error("a Debian package: take %.*s out of it (\"dpkg-deb --fsys-tarfile\", \"tar -x\")",
		      TAR_NAME_SIZE, name);
	else
		error("a Debian package: take a kernel out of it, if there is one (\"dpkg-deb --fsys-tarfile\", \"tar -x\")");
	free(tar);
	return -1;
}

/* At an offset of the file. Return: what follows, 0: nothing does. */
static size_t read_rpm_header(const struct bytes *file, size_t at,
			      struct rpm *rpm)
{
	const uint8_t *p = file->data + at;
	uint64_t index, size;

	if (at > file->size || file->size - at < RPM_HEADER_SIZE ||
	    memcmp(p, RPM_HEADER_MAGIC, sizeof(RPM_HEADER_MAGIC) - 1))
		return 0;
	rpm->nr_entries = get_be32(p + RPM_NR_ENTRIES);
	rpm->store.size = get_be32(p + RPM_STORE_SIZE);
	index = (uint64_t)rpm->nr_entries * RPM_ENTRY_SIZE;
	size = RPM_HEADER_SIZE + index + rpm->store.size;
	if (size > file->size - at)
		return 0;
	rpm->entries = p + RPM_HEADER_SIZE;
	rpm->store.data = rpm->entries + index;
	return at + size;
}

/* Return: what an entry refers to, as far as the store goes. */
static struct bytes find_entry(const struct rpm *rpm, uint32_t tag,
			       uint32_t *count)
{
	uint32_t i;

	for (i = 0; i < rpm->nr_entries; i++) {
		const uint8_t *entry = rpm->entries + i * RPM_ENTRY_SIZE;
		uint32_t at = get_be32(entry + 8);

		if (get_be32(entry) != tag || at > rpm->store.size)
			continue;
		*count = get_be32(entry + 12);
		return (struct bytes){ rpm->store.data + at,
				       rpm->store.size - at };
	}
	*count = 0;
	return (struct bytes){};
}

/* The next of some strings. Return: NULL if it has no end. */
static const char *next_string(struct bytes *strings)
{
	const char *string = (const char *)strings->data;
	size_t size;

	if (!strings->size)
		return NULL;
	size = strnlen(string, strings->size);
	if (size == strings->size)
		return NULL;
	strings->data += size + 1;
	strings->size -= size + 1;
	return string;
}

static const char *string_at(struct bytes strings, uint32_t number)
{
	const char *string;

	do
		string = next_string(&strings);
	while (string && number--);
	return string;
}

/*
 * A path in two parts. /boot/vmlinuz-VERSION may be no more than a name, which
 * the kernel gets when it is installed; .../VERSION/vmlinuz is the file.
 */
static bool find_in_rpm(const struct rpm *rpm, bool exactly, const char **dir,
			const char **base)
{
	uint32_t nr, nr_indexes, nr_dirs, i;
	struct bytes names = find_entry(rpm, RPM_BASENAMES, &nr);
	struct bytes indexes = find_entry(rpm, RPM_DIRINDEXES, &nr_indexes);
	struct bytes dirs = find_entry(rpm, RPM_DIRNAMES, &nr_dirs);

	for (i = 0; i < nr; i++) {
		*base = next_string(&names);
		if (!*base || indexes.size / 4 <= i)
			return false;
		if (!is_kernel(*base, strlen(*base)) ||
		    (exactly && strcmp(*base, KERNEL_NAME)))
			continue;
		*dir = string_at(dirs, get_be32(indexes.data + 4 * i));
		return *dir &&
		       strlen(*dir) + strlen(*base) <= PATH_LENGTH_MAX &&
		       is_printable(*dir, strlen(*dir));
	}
	return false;
}

static int refuse_rpm(const struct bytes *file)
{
	const char *dir, *base;
	struct rpm rpm = {};
	size_t at = read_rpm_header(file, RPM_LEAD_SIZE, &rpm);

	/* The first one has the signatures. */
	if (at && read_rpm_header(file, round_up(at, 8), &rpm) &&
	    (find_in_rpm(&rpm, true, &dir, &base) ||
	     find_in_rpm(&rpm, false, &dir, &base)))
		return error("an RPM package: take .%s%s out of it (\"rpm2cpio\", \"cpio -i\")",
			     dir, base);
	return error("an RPM package: take a kernel out of it, if there is one (\"rpm2cpio\", \"cpio -i\")");
}

/**
 * package_refuse - say what to do with a package
 * @file: all of it, as package_probe() has found
 *
 * Return: -1, with a message printed.
 */
int package_refuse(const struct bytes *file)
{
	return is_deb(file) ? refuse_deb(file) : refuse_rpm(file);
}
