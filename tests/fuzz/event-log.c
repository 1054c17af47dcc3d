// SPDX-License-Identifier: GPL-2.0
/*
 * A firmware's event log (event-log.c), and a table of final events that may be any
 * bytes. A log is read entry by entry by a model: where it has come to some entry's
 * end, event_log_size() must have, too, and where it has found nonsense there is no
 * size. The model knows where the input ends.
 */
#include <string.h>

#include "fuzz.h"
#include "event-log.h"
#include "poison.h"

#define FORMAT_OLD	1
#define FORMAT_NEW	2

/*
 * Behind the input, for an entry that says that it is longer; behind a table at its end
 * there is room for as many final events as the log has.
 */
#define BEHIND		(16 * (0xffff + 2) + 64)

#define EVENT_MAX	0x1000000
#define DIGESTS_MAX	16
#define FIRST		32
#define FIRST_NEW	28

struct input {
	const u8 *data;
	size_t size;
};

static u32 word(const struct input *log, size_t at, u32 bytes)
{
	u32 value = 0;

	must(at + bytes <= 2 * log->size + BEHIND);
	while (bytes--)
		value = value << 8 | log->data[at + bytes];
	return value;
}

static size_t sized(const struct input *log, size_t at, size_t head)
{
	u32 size = word(log, at + head - 4, 4);

	return size > EVENT_MAX ? 0 : head + size;
}

/* Of the first entry; digests' sizes by their algorithms. */
static bool is_new(const struct input *log)
{
	u32 event = word(log, FIRST - 4, 4);

	return word(log, 4, 4) == 3 && event >= FIRST_NEW &&
	       !memcmp(log->data + FIRST, "Spec ID Event03", 16) &&
	       word(log, FIRST + 24, 4) <= DIGESTS_MAX &&
	       FIRST_NEW + 4 * word(log, FIRST + 24, 4) <= event;
}

static u32 digest_of(const struct input *log, u32 algorithm)
{
	u32 i, nr = is_new(log) ? word(log, FIRST + 24, 4) : 0;

	for (i = 0; i < nr; i++)
		if (word(log, FIRST + FIRST_NEW + 4 * i, 2) == algorithm)
			return word(log, FIRST + FIRST_NEW + 4 * i + 2, 2);
	return 0;
}

static size_t new_entry(const struct input *log, size_t at)
{
	u32 nr = word(log, at + 8, 4), size;
	size_t head = 12;

	if (nr > DIGESTS_MAX)
		return 0;
	for (; nr; nr--) {
		size = digest_of(log, word(log, at + head, 2));
		if (!size)
			return 0;
		head += 2 + size;
	}
	return sized(log, at, head + 4);
}

/* Entries as long as they are in the input; 0, as it is for event_log_size(). */
static size_t walk(const struct input *log, u32 format)
{
	size_t at = 0, size;

	do {
		size = at && format == FORMAT_NEW ? new_entry(log, at) :
						    sized(log, at, FIRST);
		must(event_log_size(format, log->data, log->data + at) ==
		     (size ? at + size : 0));
		at += size;
	} while (size && at < log->size);
	return at;
}

static void check_final(const struct input *log, size_t log_size, size_t table)
{
	u64 total, left;
	size_t at = table + 16, end;

	total = event_log_final_size(log->data, log_size, log->data + table);
	must(total <= log_size);
	if (!total)
		return;
	end = at + total;
	left = word(log, table + 8, 4);
	for (; left; left--)
		at += new_entry(log, at);
	must(at == end);
}

/**
 * event_log_run - the driver
 * @data: a byte that says which format, two that say where the table is, and the log
 * @size: bytes of all of it
 */
void event_log_run(const uint8_t *data, size_t size)
{
	struct input log = { NULL, size - 3 };
	size_t table, end;
	u8 *bytes;

	if (size < 3 + FIRST + FIRST_NEW)
		return;
	bytes = allocate(2 * log.size + BEHIND);
	memset(bytes, 0, 2 * log.size + BEHIND);
	memcpy(bytes, data + 3, log.size);
	log.data = bytes;
	end = walk(&log, data[0] & 1 ? FORMAT_OLD : FORMAT_NEW);
	table = (data[1] | data[2] << 8) % log.size;
	if (end > log.size)
		end = log.size;
	check_final(&log, end, table);
	free(bytes);
}
