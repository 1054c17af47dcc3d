// SPDX-License-Identifier: GPL-2.0
/*
 * The only place where a physical address becomes a pointer.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "machine/machine.h"
#include "machine/ram.h"

/* Of a string at once: it is short, and flash is slow. */
#define STRING_CHUNK	32

static int ram_at(const struct ram *ram, u64 pa, u32 len, void **at)
{
	unsigned int i;

	for (i = 0; i < ram->nr; i++) {
		const struct ram_seg *seg = &ram->seg[i];

		if (pa < seg->pa || seg->len < len)
			continue;
		if (pa - seg->pa > seg->len - len)
			continue;
		*at = (void *)(seg->va + (unsigned long)(pa - seg->pa));
		return 0;
	}
	return -EFAULT;
}

/**
 * ram_read - copy out of physical memory
 * @ram: the memory
 * @pa: physical address
 * @dst: destination
 * @len: bytes
 *
 * The two places may overlap if both are below 4 GiB.
 *
 * Return: 0, or -EFAULT if any of the bytes cannot be reached.
 */
int ram_read(const struct ram *ram, u64 pa, void *dst, u32 len)
{
	void *at;

	if (ram_at(ram, pa, len, &at)) {
		if (!(pa >> 32) || !ram->read_high)
			return -EFAULT;
		return ram->read_high(pa, dst, len);
	}
	memmove(dst, at, len);
	return 0;
}

/**
 * ram_write - copy into physical memory
 * @ram: the memory
 * @pa: physical address
 * @src: source
 * @len: bytes
 *
 * Return: 0, or -EFAULT if any of the bytes cannot be reached.
 */
int ram_write(const struct ram *ram, u64 pa, const void *src, u32 len)
{
	void *at;
	int ret = ram_at(ram, pa, len, &at);

	if (!ret)
		memcpy(at, src, len);
	return ret;
}

/**
 * ram_move - move bytes within physical memory; the two places may overlap if
 *	      both are below 4 GiB
 * @ram: the memory
 * @dst: physical address of the destination
 * @src: physical address of the source
 * @len: bytes
 *
 * Return: 0, or -EFAULT if any of the bytes cannot be reached.
 */
int ram_move(const struct ram *ram, u64 dst, u64 src, u32 len)
{
	void *to;
	int ret = ram_at(ram, dst, len, &to);

	return ret ? ret : ram_read(ram, src, to, len);
}

/* A CBFS may begin anywhere. */
struct unaligned {
	__le32 word;
} __attribute__((packed));

/**
 * ram_scan - search for a 32-bit word
 * @ram: the memory
 * @pa: physical address to begin at; result: where it is
 * @len: bytes to search
 * @step: bytes from one place to the next, a multiple of 4
 * @word: what is searched for, as it is read there
 *
 * Return: 0, -ENOENT if it is nowhere, -EFAULT if any of the bytes cannot be
 * reached.
 */
int ram_scan(const struct ram *ram, u64 *pa, u32 len, u32 step, u32 word)
{
	const __le32 wanted = __cpu_to_le32(word);
	void *start, *at;
	u32 left;

	if (ram_at(ram, *pa, len, &start))
		return -EFAULT;
	if (len < sizeof(word))
		return -ENOENT;
	/* Counted, as addresses wrap where the area ends at 4 GiB. */
	left = (len - sizeof(word)) / step + 1;
	for (at = start; left; left--, at += step) {
		if (((const struct unaligned *)at)->word != wanted)
			continue;
		*pa += at - start;
		return 0;
	}
	return -ENOENT;
}

/**
 * ram_strlen - length of a NUL-terminated string in physical memory
 * @ram: the memory
 * @pa: physical address of its first character
 * @max: no more is looked at
 *
 * Return: characters before the NUL, before the end of memory, or @max.
 */
u32 ram_strlen(const struct ram *ram, u64 pa, u32 max)
{
	u32 len;
	char c;

	for (len = 0; len < max; len++)
		if (ram_read(ram, pa + len, &c, 1) || !c)
			break;
	return len;
}

/**
 * ram_string - copy a NUL-terminated string out of physical memory
 * @ram: the memory
 * @pa: physical address of its first character
 * @dst: destination, always terminated
 * @size: bytes at @dst; a longer string is cut
 *
 * Return: 0, or -EFAULT if memory ends before the string does (@dst is then
 * empty).
 */
int ram_string(const struct ram *ram, u64 pa, char *dst, u32 size)
{
	char chunk[STRING_CHUNK];
	u32 i = 0;
	u32 j, n;
	int ret;

	while (i + 1 < size) {
		n = STRING_CHUNK - (u32)(pa + i) % STRING_CHUNK;
		if (n > size - 1 - i)
			n = size - 1 - i;
		ret = ram_read(ram, pa + i, chunk, n);
		if (ret) {
			/* Memory may end with the string. */
			n = 1;
			ret = ram_read(ram, pa + i, chunk, n);
		}
		if (ret) {
			dst[0] = '\0';
			return ret;
		}
		for (j = 0; j < n; j++, i++) {
			dst[i] = chunk[j];
			if (!dst[i])
				return 0;
		}
	}
	dst[i] = '\0';
	return 0;
}

/**
 * ram_own - pointer to memory that is ours
 * @ram: the memory
 * @pa: physical address
 * @len: bytes
 *
 * For what nobody else reads or writes: scratch memory and the arena.
 *
 * Return: the pointer, or NULL if any of the bytes cannot be reached.
 */
void *ram_own(const struct ram *ram, u64 pa, u32 len)
{
	void *at;

	return ram_at(ram, pa, len, &at) ? NULL : at;
}

/**
 * ram_address - where something of ours is
 * @own: pointer to it
 *
 * Return: physical address.
 */
u32 ram_address(const void *own)
{
	return (unsigned long)own;
}
