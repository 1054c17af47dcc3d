// SPDX-License-Identifier: GPL-2.0
/*
 * A file's signature: where it is in the file, and all of it but the message
 * (pkcs7.c). It covers every byte in front of it, so it is the last thing that is
 * written, behind the sums (seal.c), which do not cover it.
 */
#define _GNU_SOURCE		/* memmem() */
#include <elf.h>
#include <string.h>

#include "appended.h"
#include "pkcs7.h"

#define BEHIND	(sizeof(struct module_signature) + APPENDED_MARKER_SIZE)

/**
 * signature_find - take a file and its signature apart
 * @file: all of it
 * @found: result; refers to the file
 *
 * Return: 0, also if there is none; or -1 with a message printed.
 */
int signature_find(const struct bytes *file, struct signature *found)
{
	struct appended appended;
	const char *broken = appended_find(file->data, file->size, &appended);

	*found = (struct signature){
		.file = { file->data, appended.size },
	};
	if (broken)
		return error("its signature is damaged: %s", broken);
	if (appended.pkcs7_size)
		found->pkcs7 = (struct bytes){
			file->data + appended.size, appended.pkcs7_size
		};
	return 0;
}

/**
 * signature_make - sign a file
 * @signer: by whom
 * @file: all of it, without a signature
 * @appended: result: what has to be behind it, from malloc()
 *
 * Return: 0, or -1 with a message printed.
 */
int signature_make(const struct signer *signer, const struct bytes *file,
		   struct bytes *appended)
{
	struct module_signature info = { .id_type = APPENDED_TYPE_PKCS7 };
	uint8_t *behind;
	size_t size;

	if (signer_sign(signer, file, appended, BEHIND))
		return -1;
	size = appended->size;
	info.sig_len[0] = size >> 24;
	info.sig_len[1] = size >> 16;
	info.sig_len[2] = size >> 8;
	info.sig_len[3] = size;
	behind = (uint8_t *)appended->data + size;
	memcpy(behind, &info, sizeof(info));
	memcpy(behind + sizeof(info), APPENDED_MARKER,
	       APPENDED_MARKER_SIZE);
	appended->size = size + BEHIND;
	return 0;
}

/**
 * signature_check_end - has a file been signed, and then grown?
 * @file: all of it, without a signature at its end
 *
 * A kernel looks for a signature at the end and nowhere else. The last one of two is
 * what it takes, and covers the first one like all that is in front of it: no signer
 * of kernels means that.
 *
 * Return: 0, or -1 with a message printed.
 */
int signature_check_end(const struct bytes *file)
{
	const uint8_t *found;
	struct elf elf;
	uint64_t end;

	if (elf_read(file, &elf))
		return -1;
	end = elf_end(&elf);
	if (end >= file->size)
		return 0;
	found = memmem(file->data + end, file->size - end,
		       APPENDED_MARKER, APPENDED_MARKER_SIZE);
	if (!found)
		return 0;
	found += APPENDED_MARKER_SIZE;
	if (found == file->data + file->size)
		return error("another signature is in front of its signature");
	return error("there are %zu bytes behind its signature, so it is none",
		     file->size - (found - file->data));
}
