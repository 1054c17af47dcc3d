// SPDX-License-Identifier: GPL-2.0
/*
 * The 8259s are masked, and nothing but a probe is done where there are none
 * (pic.c).
 */
#include "fixture.h"

#define MASTER		0x21
#define SLAVE		0xa1
#define DELAY		0x80

/* The controllers, and what was written, in order. */
static struct {
	bool is_there;
	u8 master;
	u32 writes;
	struct {
		u16 port;
		u8 value;
	} written[8];
} now;

void port_write(u8 value, u16 port)
{
	if (!expect(now.writes < ARRAY_SIZE(now.written)))
		return;
	now.written[now.writes].port = port;
	now.written[now.writes++].value = value;
	if (port == MASTER)
		now.master = value;
}

u8 port_read(u16 port)
{
	expect_eq(port, MASTER);
	return now.is_there ? now.master : 0xff;
}

static void expect_written(u32 at, u8 value, u16 port)
{
	expect_eq(now.written[at].port, port);
	expect_eq(now.written[at].value, value);
}

/* Each write is followed by one that takes a microsecond. */
int main(void)
{
	now.is_there = true;
	pic_mask();
	expect_eq(now.writes, 4);
	expect_written(0, 0xfb, MASTER);
	expect_written(1, 0, DELAY);
	expect_written(2, 0xff, SLAVE);
	expect_written(3, 0, DELAY);
	ktap_done("two controllers");

	memset(&now, 0, sizeof(now));
	pic_mask();
	expect_eq(now.writes, 2);
	expect_written(0, 0xfb, MASTER);
	expect_written(1, 0, DELAY);
	ktap_done("none");
	return ktap_status();
}
