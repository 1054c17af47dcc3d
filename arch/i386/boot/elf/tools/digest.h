/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Digests, by all algorithms that TPMs have registers of (digest.c).
 */
#ifndef DIGEST_H
#define DIGEST_H

#include "elfimage.h"

#define DIGEST_MAX	64		/* bytes of the longest one */

/**
 * struct digest_kind - an algorithm
 * @name: as Linux and systemd have it
 * @size: bytes of a digest
 */
struct digest_kind {
	const char *name;
	size_t size;
};

/* Those that this program can compute; behind the last one there is no name. */
extern const struct digest_kind digest_kinds[];

int digest_make(const struct digest_kind *kind, const struct bytes *piece,
		unsigned int nr, uint8_t *digest);

#endif /* DIGEST_H */
