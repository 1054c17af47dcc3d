/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Several archives as one initrd. Shared by the stub (place.c) and the host
 * tool.
 */
#ifndef ELFBOOT_INITRD_H
#define ELFBOOT_INITRD_H

/*
 * The kernel looks for a cpio archive at multiples of 4 (init/initramfs.c), and
 * passes over zeros between two archives. Its lz4 decoder takes what is behind
 * its stream for the size of one more block unless that is 0, or the end of
 * all (lib/decompress_unlz4.c): four zeros at least. To the others, which know
 * where they end, it makes no difference.
 */
#define INITRD_ALIGN		4
#define INITRD_GAP		4

/* Where the next one begins behind the given number of bytes. */
#define INITRD_NEXT(size) \
	(((size) + INITRD_GAP + INITRD_ALIGN - 1) & ~(INITRD_ALIGN - 1ULL))

#endif /* ELFBOOT_INITRD_H */
