// SPDX-License-Identifier: GPL-2.0
/*
 * ELF notes (tools/notes.c): System V ABI, "Note Section".
 */
#include "image.h"

struct sample {
	const char *name;
	u32 type;
	const char *desc;
	size_t size;
};

/* One after another, with every length of padding. */
static const struct sample samples[] = {
	{ "Xen", 18, "\x10\x20\x30\x40", 4 },
	{ "ELFBoot", 1, "Linux", 6 },
	{ "ELFBoot", 3, "\x12\x34", 2 },
	{ "", 0xffffffff, "x", 1 },
	{ "GNU", 0, "", 0 },
	{ "Linux", 0x200, "abc", 3 },
};

#define NR_SAMPLES	ARRAY_SIZE(samples)

static size_t put_samples(u8 *at, size_t room, size_t nr)
{
	size_t total = 0;
	size_t i;

	for (i = 0; i < nr; i++)
		total += note_put(at + total, room - total, samples[i].name,
				  samples[i].type, samples[i].desc,
				  samples[i].size);
	return total;
}

static void expect_note(const struct note *note, const struct sample *want)
{
	expect_eq(note->type, want->type);
	expect_eq(note->name.size, strlen(want->name));
	expect_bytes(note->name.data, want->name, strlen(want->name));
	expect_eq(note->desc.size, want->size);
	expect_bytes(note->desc.data, want->desc, want->size);
	expect(note_is(note, want->name, want->type));
	expect(!note_is(note, want->name, want->type + 1));
	expect(!note_is(note, "ELFBootx", want->type));
	expect(!note_is(note, "ELFBoo", want->type));
}

static void test_put_and_next(void)
{
	u8 *memory = allocate(1000);
	struct bytes notes = { memory, 0 };
	struct note note;
	size_t i;

	notes.size = put_samples(memory, 1000, NR_SAMPLES);
	expect_eq(notes.size % 4, 0);
	for (i = 0; i < NR_SAMPLES; i++)
		if (expect(note_next(&notes, &note)))
			expect_note(&note, &samples[i]);
	expect(!note_next(&notes, &note));
	expect_eq(notes.size, 0);
	ktap_done("what is put comes out");
	free(memory);
}

/* elf(5): sizes count without padding, the name's with its NUL. */
static void test_bytes(void)
{
	static const u8 want[] = {
		8, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0,
		'E', 'L', 'F', 'B', 'o', 'o', 't', 0, 0x12, 0x34, 0, 0,
	};
	u8 *memory = allocate(sizeof(want));

	memset(memory, 0xa5, sizeof(want));
	expect_eq(note_put(memory, sizeof(want), "ELFBoot", 3, "\x12\x34", 2),
		  sizeof(want));
	expect_bytes(memory, want, sizeof(want));
	ktap_done("byte for byte");
	free(memory);
}

static void test_room(void)
{
	size_t room;

	for (room = 0; room <= 28; room++) {
		u8 *memory = allocate(room);

		expect_eq(note_put(memory, room, "Xen", 1, "12345", 5),
			  room < 24 ? 0 : 24);
		if (room == 23)
			expect_eq(memory[0], 0);
		free(memory);
	}
	ktap_done("no room");
}

/*
 * Ends at every byte: the notes that are whole come out, one whose padding
 * alone is missing among them, and then no other; the rest stays.
 */
static void test_truncated(void)
{
	u8 *whole = allocate(1000);
	size_t size = put_samples(whole, 1000, NR_SAMPLES);
	size_t len;

	for (len = 0; len <= size; len++) {
		u8 *memory = allocate(len);
		struct bytes notes = { memory, len };
		struct note note;
		size_t end = 0;
		size_t i;

		memcpy(memory, whole, len);
		for (i = 0; note_next(&notes, &note) && i < NR_SAMPLES; i++) {
			expect_note(&note, &samples[i]);
			end = note.desc.data + note.desc.size - memory;
			expect(end <= len);
		}
		expect_eq(notes.size ? len - notes.size : (end + 3) / 4 * 4,
			  put_samples(whole, 1000, i));
		put_samples(whole, 1000, NR_SAMPLES);
		free(memory);
	}
	ktap_done("truncated");
	free(whole);
}

static const struct {
	const char *name;
	u32 namesz, descsz;
	size_t size;			/* of the notes */
	bool want;
} sizes[] = {
	{ "no name, no contents",	0, 0, 12, true },
	{ "name only",			4, 0, 16, true },
	{ "contents only",		0, 4, 16, true },
	{ "fits",			4, 4, 20, true },
	{ "one byte short",		4, 4, 19, false },
	{ "name ~0",			~0U, 4, 20, false },
	{ "contents ~0",		4, ~0U, 20, false },
	{ "both ~0",			~0U, ~0U, 20, false },
	{ "name -4",			-4U, 4, 20, false },
	/* padded, as 32 bits, they come out at 0 */
	{ "name -3",			-3U, 4, 20, false },
	{ "contents -3",		4, -3U, 20, false },
	{ "sum wraps to fit",		0x80000004, 0x80000004, 28, false },
	{ "header only",		1, 0, 12, false },
	{ "less than a header",		0, 0, 11, false },
};

static void test_sizes(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u8 header[12] = {};
		u8 *memory = allocate(sizes[i].size);
		struct bytes notes = { memory, sizes[i].size };
		struct note note;

		put_le32(header, sizes[i].namesz);
		put_le32(header + 4, sizes[i].descsz);
		memcpy(memory, header, sizes[i].size < 12 ? sizes[i].size : 12);
		expect_eq(note_next(&notes, &note), sizes[i].want);
		expect_eq(notes.size, sizes[i].want ? 0 : sizes[i].size);
		ktap_done("sizes: %s", sizes[i].name);
		free(memory);
	}
}

int main(void)
{
	test_put_and_next();
	test_bytes();
	test_room();
	test_truncated();
	test_sizes();
	return ktap_status();
}
