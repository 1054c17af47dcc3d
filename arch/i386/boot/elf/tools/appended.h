/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A signature behind a file's last byte, as a kernel module has it: a PKCS#7
 * message, struct module_signature, a marker (the kernel's include/linux/
 * module_signature.h). mkelfImage and elfkexec include this.
 */
#ifndef APPENDED_H
#define APPENDED_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define APPENDED_MARKER		"~Module signature appended~\n"
#define APPENDED_MARKER_SIZE	(sizeof(APPENDED_MARKER) - 1)

#define APPENDED_TYPE_PKCS7	2

/**
 * struct module_signature - what stands between the message and the marker
 * @algo: 0, as all that a PKCS#7 message says itself
 * @hash: 0
 * @id_type: APPENDED_TYPE_PKCS7
 * @signer_len: 0
 * @key_id_len: 0
 * @__pad: 0
 * @sig_len: bytes of the message, __be32
 */
struct module_signature {
	uint8_t algo;
	uint8_t hash;
	uint8_t id_type;
	uint8_t signer_len;
	uint8_t key_id_len;
	uint8_t __pad[3];
	uint8_t sig_len[4];
};

_Static_assert(sizeof(struct module_signature) == 12, "module_signature");

/**
 * struct appended - a file with a signature
 * @size: bytes in front of the signature; all of them if there is none
 * @pkcs7_size: bytes of the message behind those, 0: there is no signature
 */
struct appended {
	size_t size;
	size_t pkcs7_size;
};

static inline const char *appended_broken(const struct module_signature *info,
					  size_t pkcs7_size, size_t room)
{
	static const struct module_signature plain = {
		.id_type = APPENDED_TYPE_PKCS7
	};

	if (info->id_type != APPENDED_TYPE_PKCS7)
		return "it is not of type PKCS#7";
	if (memcmp(info, &plain, offsetof(struct module_signature, sig_len)))
		return "a byte that has to be 0 is not";
	if (!pkcs7_size)
		return "it has no bytes";
	return pkcs7_size < room ? NULL : "it is larger than the file";
}

/**
 * appended_find - find the signature of a file
 * @file: its bytes
 * @size: how many there are
 * @found: result
 *
 * By the rules of the kernel's mod_check_sig(). The message is not looked at.
 *
 * Return: what is wrong with it, or NULL.
 */
static inline const char *appended_find(const uint8_t *file, size_t size,
					struct appended *found)
{
	struct module_signature info;
	const char *broken;
	size_t pkcs7_size;

	*found = (struct appended){ .size = size };
	if (size < APPENDED_MARKER_SIZE ||
	    memcmp(file + size - APPENDED_MARKER_SIZE,
		   APPENDED_MARKER, APPENDED_MARKER_SIZE))
		return NULL;
	size -= APPENDED_MARKER_SIZE;
	if (size <= sizeof(info))
		return "the file is too short for it";
	size -= sizeof(info);
	memcpy(&info, file + size, sizeof(info));
	pkcs7_size = (size_t)info.sig_len[0] << 24 | info.sig_len[1] << 16 |
		     info.sig_len[2] << 8 | info.sig_len[3];
	broken = appended_broken(&info, pkcs7_size, size);
	if (broken)
		return broken;
	found->size = size - pkcs7_size;
	found->pkcs7_size = pkcs7_size;
	return NULL;
}

#endif /* APPENDED_H */
