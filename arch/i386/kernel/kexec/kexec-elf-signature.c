// SPDX-License-Identifier: GPL-2.0
/*
 * A file's signature: behind its last byte, as a module's is (the kernel's
 * Documentation/admin-guide/module-signing.rst), so that the same tools write it.
 * Keys are those that a bzImage may be signed by.
 */
#define pr_fmt(fmt)	"kexec-elf: " fmt

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module_signature.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/verification.h>
#include <asm/byteorder.h>

#include "kexec/kexec-elf.h"

/* One character of it is the NUL. */
#define MARKER_SIZE	(sizeof(MODULE_SIGNATURE_MARKER) - 1)

/**
 * struct signed_file - a file and its signature
 * @size: bytes in front of the signature
 * @pkcs7: the signature: a PKCS#7 message
 * @pkcs7_size: bytes of it
 */
struct signed_file {
	unsigned long size;
	const char *pkcs7;
	size_t pkcs7_size;
};

static const struct {
	int error;
	const char *text;
} meanings[] = {
	{ -ENODATA, "it has no signature" },
	{ -EBADMSG, "its signature is damaged" },
	{ -ENOPKG, "it is signed in a way that this kernel does not know" },
	{ -ENOKEY, "it is signed by a key that is in none of the keyrings" },
	{ -EKEYREJECTED, "its signature is wrong" },
};

/* From the end to the front: marker, its module_signature, the message. */
static int find_signature(const char *file, unsigned long size,
			  struct signed_file *found)
{
	struct module_signature trailer;
	int ret;

	if (size < MARKER_SIZE ||
	    memcmp(file + size - MARKER_SIZE, MODULE_SIGNATURE_MARKER,
		   MARKER_SIZE))
		return -ENODATA;
	size -= MARKER_SIZE;
	if (size <= sizeof(trailer))
		return -EBADMSG;
	memcpy(&trailer, file + size - sizeof(trailer), sizeof(trailer));
	ret = mod_check_sig(&trailer, size, "kexec-elf");
	if (ret)
		return ret;
	found->pkcs7_size = be32_to_cpu(trailer.sig_len);
	found->size = size - sizeof(trailer) - found->pkcs7_size;
	found->pkcs7 = file + found->size;
	return 0;
}

static int verify(const char *file, const struct signed_file *found,
		  struct key *keyring)
{
	return verify_pkcs7_signature(file, found->size, found->pkcs7,
				      found->pkcs7_size, keyring,
				      VERIFYING_MODULE_SIGNATURE, NULL, NULL);
}

/* Where there is no platform keyring, it says ENOKEY once more. */
static int verify_file(const char *file, unsigned long size)
{
	struct signed_file found;
	int ret = find_signature(file, size, &found);

	if (!ret)
		ret = verify(file, &found, VERIFY_USE_SECONDARY_KEYRING);
	if (ret == -ENOKEY && IS_ENABLED(CONFIG_INTEGRITY_PLATFORM_KEYRING))
		ret = verify(file, &found, VERIFY_USE_PLATFORM_KEYRING);
	return ret;
}

/**
 * kexec_elf_x86_verify_sig - is a file signed by somebody who is trusted?
 * @kernel: the file
 * @kernel_len: bytes of it, with its signature
 *
 * What follows from the answer is the core's to say.
 *
 * Return: 0, or: -ENODATA: it has no signature; -EBADMSG: what there is, is none;
 * -ENOPKG: it is of another kind; -ENOKEY: its key is in no keyring; -EKEYREJECTED:
 * it is not the signature of this file.
 */
int kexec_elf_x86_verify_sig(const char *kernel, unsigned long kernel_len)
{
	int ret = verify_file(kernel, kernel_len);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(meanings); i++)
		if (meanings[i].error == ret)
			pr_notice("%s\n", meanings[i].text);
	return ret;
}

/**
 * kexec_elf_x86_signed_size - where does a file end, and its signature begin?
 * @kernel: the file
 * @kernel_len: bytes of it, with its signature
 *
 * Nothing may be loaded out of the signature: it does not cover itself.
 *
 * Return: the bytes in front of the signature; all if there is none.
 */
unsigned long kexec_elf_x86_signed_size(const char *kernel,
					unsigned long kernel_len)
{
	struct signed_file found;

	return find_signature(kernel, kernel_len, &found) ? kernel_len :
							    found.size;
}
