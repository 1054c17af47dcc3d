// SPDX-License-Identifier: GPL-2.0
/*
 * The notes that tell whether an image is as it was written: they come last,
 * when everything else is in the file. No loader looks at the SHA-256, and it
 * takes more time than all else: it is there when it is asked for.
 */
#include <elf.h>
#include <string.h>

#include "elfimage.h"
#include "sha256.h"

static void compute_checksum(const struct elf *elf, uint8_t *sum)
{
	put_le16(sum, checksum_elf(elf));
}

static void compute_sha256(const struct elf *elf, uint8_t *sum);

static const struct seal {
	const char *name;
	uint32_t type;
	size_t size;
	void (*compute)(const struct elf *elf, uint8_t *sum);
	const char *bad_size;
	const char *wrong;
} seals[] = {
	{ "ELFBoot", EIN_PROGRAM_CHECKSUM, 2, compute_checksum,
	  "the checksum note has not 2 bytes", "the checksum is wrong" },
	{ "Linux", LINUX_SHA256, SHA256_SIZE, compute_sha256,
	  "the SHA-256 note has not 32 bytes", "the SHA-256 is wrong" },
};

static const struct seal *find_seal(const struct note *note)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seals); i++)
		if (note_is(note, seals[i].name, seals[i].type))
			return &seals[i];
	return NULL;
}

/* Of all the file, but with these notes' contents as zeros. */
static void compute_sha256(const struct elf *elf, uint8_t *sum)
{
	static const uint8_t zeros[ZONE_NOTES];
	const uint8_t *at = elf->file.data;
	const uint8_t *end = at + elf->file.size;
	struct bytes notes = elf_contents(elf, &elf->phdr[0]);
	struct sha256 sha;
	struct note note;

	sha256_init(&sha);
	while (note_next(&notes, &note)) {
		if (!find_seal(&note) || note.desc.size > sizeof(zeros))
			continue;
		sha256_update(&sha, at, note.desc.data - at);
		sha256_update(&sha, zeros, note.desc.size);
		at = note.desc.data + note.desc.size;
	}
	sha256_update(&sha, at, end - at);
	sha256_final(&sha, sum);
}

/**
 * seal_image - fill in the sums of an image
 * @file: all of it, as it is in @fd
 * @fd: the file
 *
 * Return: 0, or -1 with a message printed.
 */
int seal_image(const struct bytes *file, int fd)
{
	uint8_t sum[SHA256_SIZE];
	struct bytes notes;
	struct note note;
	struct elf elf;

	if (elf_read(file, &elf))
		return -1;
	notes = elf_contents(&elf, &elf.phdr[0]);
	while (note_next(&notes, &note)) {
		const struct seal *seal = find_seal(&note);

		if (!seal)
			continue;
		seal->compute(&elf, sum);
		if (write_at(fd, note.desc.data - file->data, sum, seal->size))
			return -1;
	}
	return 0;
}

/**
 * seal_broken - look for a wrong sum
 * @elf: an image whose first program header is its PT_NOTE
 * @type: n_type of the sum's note
 *
 * Return: what is wrong, or NULL.
 */
const char *seal_broken(const struct elf *elf, uint32_t type)
{
	struct bytes notes = elf_contents(elf, &elf->phdr[0]);
	uint8_t sum[SHA256_SIZE];
	struct note note;

	while (note_next(&notes, &note)) {
		const struct seal *seal = find_seal(&note);

		if (!seal || seal->type != type)
			continue;
		if (note.desc.size != seal->size)
			return seal->bad_size;
		seal->compute(elf, sum);
		if (memcmp(note.desc.data, sum, seal->size))
			return seal->wrong;
	}
	return NULL;
}
