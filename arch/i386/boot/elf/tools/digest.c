// SPDX-License-Identifier: GPL-2.0
/*
 * Digests of files, by OpenSSL's libcrypto if it was there when this program was
 * built (scripts/Makefile.standalone). In a kernel tree it is not, and there is
 * SHA-256 only.
 */
#include "digest.h"

#ifdef HAVE_LIBCRYPTO
#include <openssl/evp.h>

const struct digest_kind digest_kinds[] = {
	{ "sha1", 20 },
	{ "sha256", 32 },
	{ "sha384", 48 },
	{ "sha512", 64 },
	{ NULL, 0 }
};

static bool compute(EVP_MD_CTX *context, const char *name,
		    const struct bytes *piece, unsigned int nr, uint8_t *digest)
{
	const EVP_MD *algorithm = EVP_get_digestbyname(name);
	unsigned int i;

	if (!algorithm || !EVP_DigestInit_ex(context, algorithm, NULL))
		return false;
	for (i = 0; i < nr; i++)
		if (!EVP_DigestUpdate(context, piece[i].data, piece[i].size))
			return false;
	return EVP_DigestFinal_ex(context, digest, NULL);
}

/**
 * digest_make - compute a digest
 * @kind: one of digest_kinds
 * @piece: bytes, one piece behind the other
 * @nr: number of pieces
 * @digest: result; has room for DIGEST_MAX bytes
 *
 * Return: 0, or -1 with a message printed.
 */
int digest_make(const struct digest_kind *kind, const struct bytes *piece,
		unsigned int nr, uint8_t *digest)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool done = context && compute(context, kind->name, piece, nr, digest);

	EVP_MD_CTX_free(context);
	return done ? 0 : error("libcrypto computes no %s", kind->name);
}
#else
#include "sha256.h"

const struct digest_kind digest_kinds[] = {
	{ "sha256", SHA256_SIZE },
	{ NULL, 0 }
};

/**
 * digest_make - compute a digest
 * @kind: one of digest_kinds
 * @piece: bytes, one piece behind the other
 * @nr: number of pieces
 * @digest: result; has room for DIGEST_MAX bytes
 *
 * Return: 0.
 */
int digest_make(const struct digest_kind *kind, const struct bytes *piece,
		unsigned int nr, uint8_t *digest)
{
	struct sha256 sha;
	unsigned int i;

	(void)kind;
	sha256_init(&sha);
	for (i = 0; i < nr; i++)
		sha256_update(&sha, piece[i].data, piece[i].size);
	sha256_final(&sha, digest);
	return 0;
}
#endif
