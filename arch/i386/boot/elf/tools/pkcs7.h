/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Signatures, as mkelfImage writes and reads them. HAVE_LIBCRYPTO is for all of it
 * or for none.
 */
#ifndef PKCS7_H
#define PKCS7_H

#include "elfimage.h"

/**
 * struct signer_id - how a signature names its key
 * @issuer: who has issued its certificate (RFC 4514); empty: @key_id counts
 * @serial: and the certificate's number, hexadecimal
 * @key_id: the certificate's subject key identifier, hexadecimal
 * @digest: what the file's bytes were digested by
 */
struct signer_id {
	char issuer[1024];
	char serial[128];
	char key_id[128];
	char digest[32];
};

/* signature.c */
int signature_find(const struct bytes *file, struct signature *found);
int signature_make(const struct signer *signer, const struct bytes *file,
		   struct bytes *appended);
int signature_check_end(const struct bytes *file);

/* pkcs7.c */
#ifdef HAVE_LIBCRYPTO
static inline bool pkcs7_is_possible(void)
{
	return true;
}

struct signer *signer_read(const char *key, const char *certificate);
void signer_get_id(const struct signer *signer, struct signer_id *id);
int signer_sign(const struct signer *signer, const struct bytes *file,
		struct bytes *pkcs7, size_t behind);
int pkcs7_get_id(const struct bytes *pkcs7, unsigned int number,
		 struct signer_id *id);
int pkcs7_check_form(const struct bytes *pkcs7);
int pkcs7_check(const struct signature *signature, const char *certificate);
#else
static inline bool pkcs7_is_possible(void)
{
	return false;
}

static inline int pkcs7_not_possible(void)
{
	return error("this mkelfImage was built without libcrypto: it cannot sign, nor tell who has signed");
}

static inline struct signer *signer_read(const char *key,
					 const char *certificate)
{
	(void)key;
	(void)certificate;
	pkcs7_not_possible();
	return NULL;
}

static inline void signer_get_id(const struct signer *signer,
				 struct signer_id *id)
{
	(void)signer;
	*id = (struct signer_id){};
}

static inline int signer_sign(const struct signer *signer,
			      const struct bytes *file, struct bytes *pkcs7,
			      size_t behind)
{
	(void)signer;
	(void)file;
	(void)pkcs7;
	(void)behind;
	return pkcs7_not_possible();
}

static inline int pkcs7_get_id(const struct bytes *pkcs7, unsigned int number,
			       struct signer_id *id)
{
	(void)pkcs7;
	(void)number;
	*id = (struct signer_id){};
	return pkcs7_not_possible();
}

/* Who cannot read it says nothing against it. */
static inline int pkcs7_check_form(const struct bytes *pkcs7)
{
	(void)pkcs7;
	return 0;
}

static inline int pkcs7_check(const struct signature *signature,
			      const char *certificate)
{
	(void)signature;
	(void)certificate;
	return pkcs7_not_possible();
}
#endif

#endif /* PKCS7_H */
