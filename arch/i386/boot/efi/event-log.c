// SPDX-License-Identifier: GPL-2.0
/*
 * How long a TPM's event log is. The firmware tells where its first and its last
 * entry begin, and how long an entry is depends on what is in it: digests of several
 * algorithms, whose sizes are in the first entry, and then an event.
 */
#include <linux/string.h>
#include <asm/byteorder.h>

#include "event-log.h"
#include "wire-tcg.h"

/* An event is some text, a path, at the most a list of certificates. */
#define EVENT_MAX	0x1000000
#define DIGESTS_MAX	16

/* Firmware has 64 KiB to a few MiB for a log; Linux's table has 32 bits for its size. */
#define LOG_MAX		0x10000000

/* Of a 1.2 log, or the first of any. */
static u64 entry_size(const struct tcg_pcr_event *entry)
{
	u32 size = __le32_to_cpu(entry->event_size);

	return size > EVENT_MAX ? 0 : sizeof(*entry) + size;
}

/* The algorithms, or NULL if the first entry is not of a 2.0 log. */
static const struct tcg_algorithm *find_algorithms(const void *log, u32 *nr)
{
	const struct tcg_pcr_event *first = log;
	const struct tcg_spec_id *id = (const void *)(first + 1);

	if (__le32_to_cpu(first->event_type) != TCG_EV_NO_ACTION ||
	    __le32_to_cpu(first->event_size) < sizeof(*id) ||
	    memcmp(id->signature, TCG_SPEC_ID_SIGNATURE, sizeof(id->signature)))
		return NULL;
	*nr = __le32_to_cpu(id->nr_algorithms);
	if (*nr > DIGESTS_MAX || sizeof(*id) + *nr * sizeof(struct tcg_algorithm) >
				 __le32_to_cpu(first->event_size))
		return NULL;
	return (const void *)(id + 1);
}

/* 0: there is no such algorithm. */
static u32 digest_size(const void *log, __le16 id)
{
	const struct tcg_algorithm *algorithm;
	u32 nr;

	algorithm = find_algorithms(log, &nr);
	for (; algorithm && nr; algorithm++, nr--)
		if (algorithm->id == id)
			return __le16_to_cpu(algorithm->digest_size);
	return 0;
}

/* Of a 2.0 log; 0: it makes no sense. */
static u64 entry2_size(const void *log, const void *entry)
{
	const struct tcg_pcr_event2 *head = entry;
	const struct tcg_event_data *data;
	const void *at = head + 1;
	u32 left = __le32_to_cpu(head->nr_digests);
	u32 size;

	if (left > DIGESTS_MAX)
		return 0;
	for (; left; left--) {
		const struct tcg_algorithm *digest = at;

		size = digest_size(log, digest->id);
		if (!size)
			return 0;
		at += sizeof(digest->id) + size;
	}
	data = at;
	size = __le32_to_cpu(data->size);
	if (size > EVENT_MAX)
		return 0;
	return at - entry + sizeof(*data) + size;
}

/**
 * event_log_size - how long is an event log?
 * @format: TCG_LOG_1_2 or TCG_LOG_2
 * @log: its first entry
 * @last: its last entry, or NULL: there is none
 *
 * Return: bytes, 0 if there is no entry or if the last one makes no sense, or is too
 * far from the first to be in the same log.
 */
u64 event_log_size(u32 format, const void *log, const void *last)
{
	u64 size;

	if (!last || last < log || (u64)(last - log) > LOG_MAX)
		return 0;
	size = format == TCG_LOG_1_2 || last == log ? entry_size(last) :
						      entry2_size(log, last);
	return size ? last - log + size : 0;
}

/**
 * event_log_final_size - how long are the final events so far?
 * @log: an event log of format TCG_LOG_2
 * @log_size: bytes of it, by event_log_size()
 * @table: the firmware's table of final events, or NULL
 *
 * They are in the log, too: all of them are not longer than that.
 *
 * Return: bytes, without the table's head; 0 if they make no sense.
 */
u64 event_log_final_size(const void *log, u64 log_size, const void *table)
{
	const struct tcg_final_events *final = table;
	u64 left, size, total = 0;

	if (!final)
		return 0;
	for (left = __le64_to_cpu(final->nr_events); left; left--) {
		if (log_size - total < sizeof(struct tcg_pcr_event2))
			return 0;
		size = entry2_size(log, (const void *)(final + 1) + total);
		if (!size || size > log_size - total)
			return 0;
		total += size;
	}
	return total;
}
