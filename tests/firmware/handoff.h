/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the payload is entered with: for C (handoff.c) and for entry.S.
 */
#ifndef FIRMWARE_HANDOFF_H
#define FIRMWARE_HANDOFF_H

/* The bootblock's own descriptors, and those of coreboot 26.06. */
#define GDT_CODE	0x08
#define GDT_DATA	0x10

/* Those of coreboot from 2013 to 4.22. */
#define GDT_OLD_CODE	0x10
#define GDT_OLD_DATA	0x18

#define HANDOFF_ENTRY		0
#define HANDOFF_EAX		4
#define HANDOFF_EBX		8
#define HANDOFF_ARGUMENT	12
#define HANDOFF_CS		16
#define HANDOFF_DS		20
#define HANDOFF_CR0		24
#define HANDOFF_GDT		28
#define HANDOFF_IDT		34

#endif /* FIRMWARE_HANDOFF_H */
