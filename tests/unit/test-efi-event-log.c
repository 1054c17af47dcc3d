// SPDX-License-Identifier: GPL-2.0
/*
 * How long a TPM's event log is (event-log.c). Nothing behind an entry is read, and
 * what makes no sense is 0.
 */
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "poison.h"

#include "event-log.h"
#include "wire-tcg.h"

#define MANY	20

static u8 *bytes;
static u32 size;

static void put(const void *data, u32 len)
{
	u8 *longer = allocate(size + len);

	if (size)
		memcpy(longer, bytes, size);
	memcpy(longer + size, data, len);
	free(bytes);
	bytes = longer;
	size += len;
}

static void put16(u16 value)
{
	put(&value, sizeof(value));
}

static void put32(u32 value)
{
	put(&value, sizeof(value));
}

/* The first entry, with so many algorithms; number 10 * i has i bytes. */
static void begin(u32 nr)
{
	struct tcg_pcr_event first = {
		.event_type = TCG_EV_NO_ACTION,
		.event_size = sizeof(struct tcg_spec_id) + 4 * nr + 1,
	};
	struct tcg_spec_id id = {
		.signature = TCG_SPEC_ID_SIGNATURE, .nr_algorithms = nr,
	};
	u32 i;

	free(bytes);
	bytes = NULL;
	size = 0;
	put(&first, sizeof(first));
	put(&id, sizeof(id));
	for (i = 1; i <= nr; i++) {
		put16(10 * i);
		put16(i);
	}
	put("", 1);
}

/* An event: its digests, by algorithm, and so many bytes. */
static u32 put_event(const u16 *algorithms, u32 nr, u32 len)
{
	u32 start = size, i;

	put32(4);
	put32(0x80000003);
	put32(nr);
	for (i = 0; i < nr; i++) {
		put16(algorithms[i]);
		put("ABCDEFGHIJKLMNOPQRST", algorithms[i] / 10);
	}
	put32(len);
	for (i = 0; i < len; i++)
		put("x", 1);
	return start;
}

static u64 size_from(u32 last)
{
	return event_log_size(TCG_LOG_2, bytes, bytes + last);
}

static void test_sizes(void)
{
	static const u16 two[] = { 30, 10 };
	u32 last;

	begin(3);
	expect_eq(size_from(0), size);
	expect_eq(event_log_size(TCG_LOG_2, bytes, NULL), 0);
	last = put_event(two, 2, 7);
	expect_eq(size_from(last), size);
	last = put_event(two, 1, 0);
	expect_eq(size_from(last), size);
	last = put_event(NULL, 0, 1);
	expect_eq(size_from(last), size);
	expect_eq(event_log_size(TCG_LOG_2, bytes + 1, bytes), 0);
	ktap_done("digests of several sizes");
}

/* The entry at the end is cut off right behind what makes no sense. */
static void test_nonsense(void)
{
	static const u16 unknown[] = { 10, 40 }, one[] = { 10 };
	u32 last, i;

	begin(3);
	last = put_event(unknown, 2, 7);
	expect_eq(size_from(last), 0);
	ktap_done("an algorithm that the first entry does not have");
	begin(3);
	last = size;
	put32(0);
	put32(0);
	put32(17);
	expect_eq(size_from(last), 0);
	ktap_done("too many digests");
	begin(3);
	last = put_event(one, 1, 0);
	bytes[size - 1] = 2;
	expect_eq(size_from(last), 0);
	begin(3);
	bytes[31] = 2;
	expect_eq(size_from(0), 0);
	ktap_done("an event that is too long");
	for (i = 0; i < 4; i++) {
		static const u8 where[] = { 4, 28, 32, 56 };

		begin(3);
		last = put_event(one, 1, 0);
		bytes[where[i]] = i == 3 ? 200 : 1;
		expect_eq(size_from(last), 0);
	}
	begin(MANY);
	last = put_event(one, 1, 0);
	expect_eq(size_from(last), 0);
	ktap_done("a first entry that is not one");
}

static void test_old(void)
{
	struct tcg_pcr_event event = { .event_size = 9 };

	free(bytes);
	bytes = NULL;
	size = 0;
	put(&event, sizeof(event));
	put("123456789", 9);
	put(&event, sizeof(event));
	put("123456789", 9);
	expect_eq(event_log_size(TCG_LOG_1_2, bytes, bytes + size / 2), size);
	ktap_done("a log of format 1.2");
}

/* Linux has 32 bits for a log's size. What is between the two is not read. */
static void test_far(void)
{
	static const struct tcg_pcr_event last = { .event_size = 0 };
	static const struct {
		u64 distance;
		u64 size;
	} far[] = {
		{ 0x10000000, 0x10000000 + sizeof(last) },
		{ 0x10000001, 0 },
		{ 0x140000000, 0 },
	};
	unsigned long first = (unsigned long)&last;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(far); i++) {
		if (far[i].distance >= first)
			continue;
		expect_eq(event_log_size(TCG_LOG_1_2,
					 (void *)(first - (unsigned long)far[i].distance),
					 &last), far[i].size);
	}
	ktap_done("a last entry that is far from the first");
}

static void test_final(void)
{
	static const u16 one[] = { 10 };
	struct tcg_final_events head = { .version = 1, .nr_events = 2 };
	u32 start, end, log_size;

	begin(1);
	put_event(one, 1, 3);
	put_event(one, 1, 4);
	log_size = size;
	start = size;
	put(&head, sizeof(head));
	put_event(one, 1, 3);
	put_event(one, 1, 4);
	end = size;
	expect_eq(event_log_final_size(bytes, log_size, bytes + start),
		  end - start - sizeof(head));
	expect_eq(event_log_final_size(bytes, log_size, NULL), 0);
	expect_eq(event_log_final_size(bytes, end - start - sizeof(head), bytes + start),
		  end - start - sizeof(head));
	expect_eq(event_log_final_size(bytes, end - start - sizeof(head) - 1,
				       bytes + start), 0);
	expect_eq(event_log_final_size(bytes, 11, bytes + start), 0);
	bytes[start + sizeof(head) + 8] = 17;
	expect_eq(event_log_final_size(bytes, log_size, bytes + start), 0);
	bytes[start + 8] = 0;
	expect_eq(event_log_final_size(bytes, log_size, bytes + start), 0);
	ktap_done("final events");
}

int main(void)
{
	test_sizes();
	test_nonsense();
	test_old();
	test_far();
	test_final();
	free(bytes);
	return ktap.status;
}
