/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is measured, and the log of it: "TCG EFI Protocol Specification, Family 2.0"
 * (its section numbers below), and "TCG PC Client Platform Firmware Profile" (PFP).
 * The last structure is Linux's own.
 */
#ifndef ELFBOOT_EFI_WIRE_TCG_H
#define ELFBOOT_EFI_WIRE_TCG_H

#include <linux/types.h>

/* 6.4.3: formats of a log; confidential machines have the second only. */
#define TCG_LOG_1_2		1
#define TCG_LOG_2		2

/* 6.6.3; confidential machines have another register where others have a PCR. */
#define TCG_EVENT_HEADER_VERSION 1

struct tcg_event {
	__le32 size;			/* of all of it, data included */
	__le32 header_size;		/* of the four that follow */
	__le16 header_version;
	__le32 register_index;
	__le32 event_type;
} __attribute__((packed));

#define TCG_EVENT_HEADER_SIZE	14

/* PFP, 10.4.1 */
#define TCG_EV_NO_ACTION	3
#define TCG_EV_EVENT_TAG	6

struct tcg_tagged_event {
	__le32 id;
	__le32 size;			/* bytes that follow */
} __attribute__((packed));

/* PFP, 10.2.1: an entry of a 1.2 log, and the first one of any. */
struct tcg_pcr_event {
	__le32 pcr;
	__le32 event_type;
	u8 digest[20];
	__le32 event_size;		/* bytes that follow */
} __attribute__((packed));

/* PFP, 10.4.5.1: what follows in a 2.0 log's first entry. */
#define TCG_SPEC_ID_SIGNATURE	"Spec ID Event03"

struct tcg_spec_id {
	u8 signature[16];
	__le32 platform_class;
	u8 version[4];
	__le32 nr_algorithms;
} __attribute__((packed));

struct tcg_algorithm {
	__le16 id;
	__le16 digest_size;
} __attribute__((packed));

/* PFP, 10.2.2: the others; digests follow, each with its algorithm in front. */
struct tcg_pcr_event2 {
	__le32 pcr;
	__le32 event_type;
	__le32 nr_digests;
} __attribute__((packed));

/* PFP, 10.2.2: behind the digests. */
struct tcg_event_data {
	__le32 size;			/* bytes that follow */
} __attribute__((packed));

/* 7: what has been logged since somebody first asked for the log. */
struct tcg_final_events {
	__le64 version;
	__le64 nr_events;
} __attribute__((packed));

/* Linux's include/linux/efi.h: the log for the kernel. */
struct linux_event_log {
	__le32 size;			/* of the log, which follows */
	__le32 final_size;		/* of the final events that are in it */
	u8 format;
} __attribute__((packed));

_Static_assert(sizeof(struct tcg_event) == 18, "event that is measured");
_Static_assert(sizeof(struct tcg_tagged_event) == 8, "tag of an event");
_Static_assert(sizeof(struct tcg_pcr_event) == 32, "entry of a 1.2 log");
_Static_assert(sizeof(struct tcg_spec_id) == 28, "specification's event");
_Static_assert(sizeof(struct tcg_algorithm) == 4, "algorithm");
_Static_assert(sizeof(struct tcg_pcr_event2) == 12, "entry of a 2.0 log");
_Static_assert(sizeof(struct tcg_event_data) == 4, "event of a 2.0 log");
_Static_assert(sizeof(struct tcg_final_events) == 16, "table of final events");
_Static_assert(sizeof(struct linux_event_log) == 9, "Linux's table");

#endif /* ELFBOOT_EFI_WIRE_TCG_H */
