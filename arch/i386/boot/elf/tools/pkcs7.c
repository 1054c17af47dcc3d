// SPDX-License-Identifier: GPL-2.0
/*
 * A signature's message: PKCS#7 (RFC 2315) as the kernel takes it of a module,
 * detached, without certificates and without signed attributes; by OpenSSL's
 * libcrypto, if it was there when this program was built
 * (scripts/Makefile.standalone). In a kernel tree it is not: nothing there needs
 * it, and scripts/sign-file writes the same. pkcs7.h has what there is then.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pkcs7.h"

#ifdef HAVE_LIBCRYPTO
#include <limits.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define PIN		"KBUILD_SIGN_PIN"

/* More than any key or certificate has. */
#define FILE_MAX	(256 * 1024)

#define DER_SEQUENCE	0x30

/**
 * struct signer - who signs
 * @key: private key
 * @certificate: what says whose it is
 */
struct signer {
	EVP_PKEY *key;
	X509 *certificate;
};

/**
 * struct text - what a key or a certificate is read from
 * @mode: of its file, 0: that has none
 * @bio: the same for OpenSSL
 * @size: bytes
 * @data: they may be secret
 */
struct text {
	mode_t mode;
	BIO *bio;
	size_t size;
	uint8_t data[FILE_MAX + 1];
};

static const char *openssl_says(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());

	return text ? text : "no reason given";
}

/* No copy of it may stay, in memory or in a temporary file. */
static void forget_text(struct text *text)
{
	BIO_free(text->bio);
	OPENSSL_cleanse(text->data, sizeof(text->data));
}

/* Where it is a file, and not a pipe that nobody else can open. */
static mode_t mode_of(FILE *file)
{
	struct stat st;

	return !fstat(fileno(file), &st) && S_ISREG(st.st_mode) ? st.st_mode : 0;
}

static int read_text(const char *path, struct text *text)
{
	FILE *file = fopen(path, "re");

	message_about(path);
	text->bio = NULL;
	if (!file)
		return error("%s", strerror(errno));
	text->mode = mode_of(file);
	setvbuf(file, NULL, _IONBF, 0);
	text->size = fread(text->data, 1, sizeof(text->data), file);
	if (ferror(file)) {
		fclose(file);
		return error("%s", strerror(errno));
	}
	fclose(file);
	if (!text->size || text->size > FILE_MAX)
		return error("not a key or a certificate: it is %s",
			     text->size ? "too large" : "empty");
	text->bio = BIO_new_mem_buf(text->data, text->size);
	return text->bio ? 0 : error("not enough memory");
}

/* Return: its length, or -1: there is none. */
static int get_pin(char *buffer, int size, int writing, void *asked)
{
	const char *pin = getenv(PIN);

	(void)writing;
	*(bool *)asked = true;
	if (!pin || strlen(pin) > (size_t)size)
		return -1;
	memcpy(buffer, pin, strlen(pin));
	return strlen(pin);
}

static int no_key(bool asked)
{
	if (!asked)
		return error("no private key, in PEM or DER: %s", openssl_says());
	if (!getenv(PIN))
		return error("the key is encrypted, and " PIN " is not in the environment");
	return error("the key is encrypted, and not by the passphrase that is in " PIN);
}

static EVP_PKEY *parse_key(struct text *text, bool *asked)
{
	EVP_PKEY *key;

	if (text->data[0] != DER_SEQUENCE)
		return PEM_read_bio_PrivateKey(text->bio, NULL, get_pin, asked);
	key = d2i_PrivateKey_bio(text->bio, NULL);
	if (key || BIO_reset(text->bio) != 1)
		return key;
	return d2i_PKCS8PrivateKey_bio(text->bio, NULL, get_pin, asked);
}

/* Whoever has it signs as well as its owner does. */
static void remark_readers(const struct text *text, bool is_encrypted)
{
	if (text->mode & 0004 && !is_encrypted)
		remark("a private key that everybody may read, by mode 0%03o",
		       text->mode & 0777);
}

static int read_key(const char *path, EVP_PKEY **key)
{
	static struct text text;
	bool asked = false;
	int ret = read_text(path, &text);

	if (!ret) {
		ERR_clear_error();
		*key = parse_key(&text, &asked);
		if (!*key)
			ret = no_key(asked);
		else
			remark_readers(&text, asked);
	}
	forget_text(&text);
	return ret;
}

static int read_certificate(const char *path, X509 **certificate)
{
	static struct text text;
	int ret = read_text(path, &text);

	if (!ret) {
		ERR_clear_error();
		*certificate = text.data[0] == DER_SEQUENCE ?
			d2i_X509_bio(text.bio, NULL) :
			PEM_read_bio_X509(text.bio, NULL, NULL, NULL);
		if (!*certificate)
			ret = error("no certificate (X.509), in PEM or DER: %s",
				    openssl_says());
	}
	forget_text(&text);
	return ret;
}

/**
 * signer_read - read who is to sign
 * @key: name of a file with the private key, PEM or DER
 * @certificate: name of one with its certificate, likewise
 *
 * An encrypted key's passphrase is in the environment, as for scripts/sign-file.
 *
 * Return: the signer, or NULL with a message printed.
 */
struct signer *signer_read(const char *key, const char *certificate)
{
	static struct signer signer;

	if (!strncmp(key, "pkcs11:", strlen("pkcs11:"))) {
		error("%s: no key in a token can be used; sign by the kernel's scripts/sign-file",
		      key);
		return NULL;
	}
	if (read_key(key, &signer.key) ||
	    read_certificate(certificate, &signer.certificate))
		return NULL;
	if (X509_check_private_key(signer.certificate, signer.key) == 1)
		return &signer;
	error("a certificate of another key than %s", key);
	return NULL;
}

static CMS_ContentInfo *make_message(const struct signer *signer, BIO *data)
{
	const unsigned int flags = CMS_NOCERTS | CMS_BINARY;
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags |
					CMS_PARTIAL | CMS_DETACHED);

	if (cms && CMS_add1_signer(cms, signer->certificate, signer->key,
				   EVP_sha256(), flags | CMS_NOATTR |
				   CMS_NOSMIMECAP) &&
	    CMS_final(cms, data, NULL, flags) == 1)
		return cms;
	CMS_ContentInfo_free(cms);
	return NULL;
}

static int encode_message(CMS_ContentInfo *cms, struct bytes *pkcs7,
			  size_t behind)
{
	int size = i2d_CMS_ContentInfo(cms, NULL);
	uint8_t *data, *at;

	if (size <= 0)
		return error("cannot be signed: %s", openssl_says());
	data = malloc(size + behind);
	if (!data)
		return error("not enough memory");
	at = data;
	size = i2d_CMS_ContentInfo(cms, &at);
	*pkcs7 = (struct bytes){ data, size };
	return size > 0 ? 0 : error("cannot be signed: %s", openssl_says());
}

/**
 * signer_sign - make the message that signs a file
 * @signer: by whom
 * @file: all of it
 * @pkcs7: result: memory from malloc()
 * @behind: bytes of memory that there are behind it
 *
 * Return: 0, or -1 with a message printed.
 */
int signer_sign(const struct signer *signer, const struct bytes *file,
		struct bytes *pkcs7, size_t behind)
{
	CMS_ContentInfo *cms = NULL;
	BIO *data;
	int ret;

	if (file->size > INT_MAX)
		return error("cannot be signed: it is larger than 2 GiB");
	ERR_clear_error();
	data = BIO_new_mem_buf(file->data, file->size);
	if (data)
		cms = make_message(signer, data);
	ret = cms ? encode_message(cms, pkcs7, behind) :
		    error("cannot be signed: %s", openssl_says());
	CMS_ContentInfo_free(cms);
	BIO_free(data);
	return ret;
}

/* Nothing of it can be a control character: a terminal may get it. */
static void print_name(X509_NAME *name, char *text, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int length = -1;

	if (bio && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0)
		length = BIO_read(bio, text, size - 1);
	text[length > 0 ? length : 0] = '\0';
	BIO_free(bio);
}

static void print_serial(const ASN1_INTEGER *serial, char *text, size_t size)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(serial, NULL);
	char *digits = number ? BN_bn2hex(number) : NULL;

	snprintf(text, size, "%s", digits ? digits : "");
	OPENSSL_free(digits);
	BN_free(number);
}

static void print_key_id(const ASN1_OCTET_STRING *id, char *text, size_t size)
{
	const uint8_t *data = ASN1_STRING_get0_data(id);
	int i;

	for (i = 0; i < ASN1_STRING_length(id) && 2 * (size_t)i + 2 < size; i++)
		sprintf(text + 2 * i, "%02X", data[i]);
}

/**
 * signer_get_id - how a signer's signatures will name him
 * @signer: the signer
 * @id: result
 */
void signer_get_id(const struct signer *signer, struct signer_id *id)
{
	*id = (struct signer_id){ .digest = "sha256" };
	print_name(X509_get_issuer_name(signer->certificate), id->issuer,
		   sizeof(id->issuer));
	print_serial(X509_get_serialNumber(signer->certificate), id->serial,
		     sizeof(id->serial));
}

static void get_id(CMS_SignerInfo *info, struct signer_id *id)
{
	ASN1_OCTET_STRING *key_id = NULL;
	ASN1_INTEGER *serial = NULL;
	X509_NAME *issuer = NULL;
	X509_ALGOR *digest;

	*id = (struct signer_id){};
	CMS_SignerInfo_get0_algs(info, NULL, NULL, &digest, NULL);
	OBJ_obj2txt(id->digest, sizeof(id->digest), digest->algorithm, 0);
	if (CMS_SignerInfo_get0_signer_id(info, &key_id, &issuer, &serial) != 1)
		return;
	if (issuer)
		print_name(issuer, id->issuer, sizeof(id->issuer));
	if (serial)
		print_serial(serial, id->serial, sizeof(id->serial));
	if (key_id)
		print_key_id(key_id, id->key_id, sizeof(id->key_id));
}

/* All of the bytes, and nothing behind them. */
static CMS_ContentInfo *parse(const struct bytes *pkcs7)
{
	const uint8_t *at = pkcs7->data;
	CMS_ContentInfo *cms;

	ERR_clear_error();
	cms = pkcs7->size > INT_MAX ? NULL :
	      d2i_CMS_ContentInfo(NULL, &at, pkcs7->size);
	if (cms && at == pkcs7->data + pkcs7->size &&
	    sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) > 0)
		return cms;
	CMS_ContentInfo_free(cms);
	error("its signature is damaged: not a PKCS#7 message that signs something");
	return NULL;
}

/**
 * pkcs7_get_id - who has signed?
 * @pkcs7: a signature
 * @number: which of those who have signed, from 0
 * @id: result
 *
 * It says what the message says, and not that it is true.
 *
 * Return: 1; 0: there are not so many; or -1 with a message printed.
 */
int pkcs7_get_id(const struct bytes *pkcs7, unsigned int number,
		 struct signer_id *id)
{
	CMS_ContentInfo *cms = parse(pkcs7);
	struct stack_st_CMS_SignerInfo *infos;
	int ret = 0;

	if (!cms)
		return -1;
	infos = CMS_get0_SignerInfos(cms);
	if (number < (unsigned int)sk_CMS_SignerInfo_num(infos)) {
		get_id(sk_CMS_SignerInfo_value(infos, number), id);
		ret = 1;
	}
	CMS_ContentInfo_free(cms);
	return ret;
}

/* Linux 7.0 may take attributes with these: not every OpenSSL can leave them out. */
static bool is_ml_dsa(CMS_SignerInfo *info)
{
	static const char arc[] = "2.16.840.1.101.3.4.3.";
	X509_ALGOR *algorithm;
	char text[64];
	int last;

	CMS_SignerInfo_get0_algs(info, NULL, NULL, NULL, &algorithm);
	OBJ_obj2txt(text, sizeof(text), algorithm->algorithm, 1);
	if (strncmp(text, arc, strlen(arc)))
		return false;
	last = atoi(text + strlen(arc));
	return last >= 17 && last <= 19;
}

static bool has_attributes(CMS_ContentInfo *cms)
{
	struct stack_st_CMS_SignerInfo *infos = CMS_get0_SignerInfos(cms);
	int i;

	for (i = 0; i < sk_CMS_SignerInfo_num(infos); i++) {
		CMS_SignerInfo *info = sk_CMS_SignerInfo_value(infos, i);

		if (CMS_signed_get_attr_count(info) >= 0 && !is_ml_dsa(info))
			return true;
	}
	return false;
}

/* By the kernel's pkcs7_verify() and verify_pkcs7_message_sig(). */
static const char *why_not_taken(CMS_ContentInfo *cms)
{
	ASN1_OCTET_STRING **contents = CMS_get0_content(cms);

	if (OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data)
		return "it signs another type of contents than data";
	if (contents && *contents)
		return "it has contents of its own, and is to be detached";
	return has_attributes(cms) ? "it has signed attributes" : NULL;
}

/**
 * pkcs7_check_form - is a signature of the form that a kernel takes?
 * @pkcs7: the signature
 *
 * Return: 0, or -1 with a message printed.
 */
int pkcs7_check_form(const struct bytes *pkcs7)
{
	CMS_ContentInfo *cms = parse(pkcs7);
	const char *why;

	if (!cms)
		return -1;
	why = why_not_taken(cms);
	CMS_ContentInfo_free(cms);
	return why ? error("no kernel takes its signature: %s", why) : 0;
}

/* One of those who have signed is enough: OpenSSL wants to know all of them. */
static struct stack_st_CMS_SignerInfo *take_others(CMS_ContentInfo *cms,
						   X509 *certificate)
{
	struct stack_st_CMS_SignerInfo *infos = CMS_get0_SignerInfos(cms);
	struct stack_st_CMS_SignerInfo *others;
	int i = sk_CMS_SignerInfo_num(infos);

	others = sk_CMS_SignerInfo_new_reserve(NULL, i);
	while (others && i--)
		if (CMS_SignerInfo_cert_cmp(sk_CMS_SignerInfo_value(infos, i),
					    certificate))
			sk_CMS_SignerInfo_push(others,
					       sk_CMS_SignerInfo_delete(infos, i));
	return others;
}

/* For CMS_ContentInfo_free(). There is room: they have been there. */
static void put_back(CMS_ContentInfo *cms,
		     struct stack_st_CMS_SignerInfo *others)
{
	while (sk_CMS_SignerInfo_num(others) > 0)
		sk_CMS_SignerInfo_push(CMS_get0_SignerInfos(cms),
				       sk_CMS_SignerInfo_pop(others));
	sk_CMS_SignerInfo_free(others);
}

static bool is_signed_by(CMS_ContentInfo *cms, const struct bytes *file,
			 X509 *certificate)
{
	struct stack_st_CMS_SignerInfo *others = take_others(cms, certificate);
	BIO *data = file->size > INT_MAX ? NULL :
		    BIO_new_mem_buf(file->data, file->size);
	struct stack_st_X509 *certificates = sk_X509_new_null();
	bool ret = others && data && certificates &&
		   sk_X509_push(certificates, certificate) &&
		   CMS_verify(cms, certificates, NULL, data, NULL,
			      CMS_NO_SIGNER_CERT_VERIFY | CMS_NOINTERN |
			      CMS_BINARY) == 1;

	put_back(cms, others);
	sk_X509_free(certificates);
	BIO_free(data);
	return ret;
}

/**
 * pkcs7_check - check a signature by a certificate
 * @signature: the signature
 * @certificate: name of the certificate's file
 *
 * The certificate is what is believed: no more is asked of it.
 *
 * Return: 1; 0: it is no signature of this file by this certificate's key; or -1
 * with a message printed.
 */
int pkcs7_check(const struct signature *signature, const char *certificate)
{
	CMS_ContentInfo *cms = parse(&signature->pkcs7);
	X509 *x509 = NULL;
	int ret = -1;

	if (cms && !read_certificate(certificate, &x509))
		ret = is_signed_by(cms, &signature->file, x509);
	X509_free(x509);
	CMS_ContentInfo_free(cms);
	return ret;
}
#endif
