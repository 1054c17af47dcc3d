// SPDX-License-Identifier: GPL-2.0
/*
 * What [ESP+4] says (handoff.c).
 */
#include "fixture.h"

#define STACK	0x8000

/* The stack is 16 bytes; each word of it is a different one. */
static const struct {
	const char *name;
	u32 esp;
	u32 argument;
	u32 want;
} examples[] = {
	{ "usual", STACK, 0x1fe9e000, 0x1fe9e000 },
	{ "the last word of memory", STACK + 8, 0, 0x3000 },
	{ "not aligned", STACK, 0x12345, 0x12345 },
	{ "the last byte", STACK, ~0U, ~0U },
	/* vectors and the BIOS data area */
	{ "0x500", STACK, 0x500, 0x500 },
	{ "0x4ff", STACK, 0x4ff, 0 },
	{ "1", STACK, 1, 0 },
	{ "0", STACK, 0, 0 },
	{ "ESP 0", 0, 0x1fe9e000, 0 },
	{ "ESP 1", 1, 0x1fe9e000, 0 },
	{ "ESP odd", STACK + 1, 0x1fe9e000, 0 },
	{ "ESP a multiple of 2", STACK + 2, 0x1fe9e000, 0 },
	{ "ESP before memory", STACK - 8, 0x1fe9e000, 0 },
	{ "ESP at the end of memory", STACK + 12, 0x1fe9e000, 0 },
	{ "ESP behind memory", 0x1fedbea0, 0x1fe9e000, 0 },
	/* must not wrap to physical 0 */
	{ "ESP at 4 GiB - 4", 0xfffffffc, 0x1fe9e000, 0 },
	{ "ESP ~0", ~0U, 0x1fe9e000, 0 },
};

int main(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(examples); i++) {
		struct handoff handoff = { .esp = examples[i].esp };
		struct machine m = {};
		u8 *stack = machine_add(&m, STACK, NULL, 16);

		memset(machine_add(&m, 0, NULL, 16), 0x11, 16);
		put_le32(stack, 0x1000);
		put_le32(stack + 4, examples[i].argument);
		put_le32(stack + 8, 0x2000);
		put_le32(stack + 12, 0x3000);
		expect_eq(handoff_argument(&m.ram, &handoff), examples[i].want);
		ktap_done("%s", examples[i].name);
		machine_free(&m);
	}
	return ktap_status();
}
