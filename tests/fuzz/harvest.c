// SPDX-License-Identifier: GPL-2.0
/*
 * The unit tests' machines as inputs: linked into a unit test with ld's
 * --wrap=SOURCE_probe, this writes what a source is given (input.h) into
 * $HARVEST: the first that it believes, some of the rest. The same input has
 * the same name.
 */
#include "input.h"

#define SIZE_MAX_KEPT	0x4000
#define FIRST		200
#define ONE_OF		128

static u64 hash(const u8 *data, size_t size)
{
	u64 sum = 0xcbf29ce484222325ULL;	/* FNV-1a */

	for (; size; size--)
		sum = (sum ^ *data++) * 0x100000001b3ULL;
	return sum;
}

static void write_input(const u8 *data, size_t size, bool wanted)
{
	static u32 nr;
	char path[200];
	FILE *file;
	u64 name;

	if (size > SIZE_MAX_KEPT)
		return;
	name = hash(data, size);
	if (!(wanted && nr++ < FIRST) && name % ONE_OF)
		return;
	snprintf(path, sizeof(path), "%s/%016llx", getenv("HARVEST"),
		 (unsigned long long)name);
	file = fopen(path, "wb");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file))
		abort();
}

/* All of it that is not zero, if it is not too much. */
static void harvest(const struct ram *ram, const u32 *registers, int ret)
{
	static u8 data[INPUT_HEADER + PIECES_MAX * INPUT_PIECE_MAX];
	size_t size = INPUT_HEADER;
	u32 i;

	memset(data, 0, INPUT_HEADER);
	for (i = 0; i < 7; i++)
		put_le32(data + i * 4, registers[i]);
	for (i = 0; i < ram->nr; i++) {
		const struct ram_seg *seg = &ram->seg[i];
		const u8 *memory = (const u8 *)seg->va;
		u8 *piece = data + INPUT_PIECES + i * INPUT_PIECE;
		size_t filled = seg->len;

		if (seg->len > INPUT_PIECE_MAX)
			return;
		while (filled && !memory[filled - 1])
			filled--;
		put_le64(piece, seg->pa);
		put_le32(piece + 8, seg->len);
		put_le32(piece + 12, filled);
		memcpy(data + size, memory, filled);
		size += filled;
	}
	write_input(data, size, !ret);
}

static void by_handoff(const struct handoff *handoff,
		       const struct bootinfo *bi, u32 *registers)
{
	registers[0] = handoff->eax;
	registers[1] = handoff->ebx;
	registers[2] = handoff->ecx;
	registers[3] = handoff->edx;
	registers[4] = handoff->esi;
	registers[5] = handoff->edi;
	registers[6] = handoff->esp;
}

/* Where the flash is comes from coreboot's table. */
static void by_flash(const struct handoff *handoff, const struct bootinfo *bi,
		     u32 *registers)
{
	registers[0] = bi->cbfs.start;
	registers[1] = bi->cbfs.start >> 32;
	registers[2] = bi->cbfs.size;
	registers[3] = bi->cbfs.size >> 32;
}

/* A source that may be wrapped by the linker. */
#define HARVEST(probe, fill) \
	__attribute__((weak)) typeof(probe) __real_##probe; \
	typeof(probe) __wrap_##probe; \
	int __wrap_##probe(const struct ram *ram, \
			   const struct handoff *handoff, \
			   struct bootinfo *bi) \
	{ \
		u32 registers[7] = {}; \
		int ret; \
\
		fill(handoff, bi, registers); \
		ret = __real_##probe(ram, handoff, bi); \
		harvest(ram, registers, ret); \
		return ret; \
	}

HARVEST(multiboot_probe, by_handoff)
HARVEST(multiboot2_probe, by_handoff)
HARVEST(pvh_probe, by_handoff)
HARVEST(notes_probe, by_handoff)
HARVEST(coreboot_probe, by_handoff)
HARVEST(coreboot_scan, by_handoff)
HARVEST(bootparams_probe, by_handoff)
HARVEST(argv_probe, by_handoff)
HARVEST(cbfs_probe, by_flash)
