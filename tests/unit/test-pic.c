// SPDX-License-Identifier: GPL-2.0
/*
 * The 8259s are masked, and nothing but a probe is done where there are none
 * (pic.c).
 */
#include "fixture.h"

#define MASTER		0x21
#define SLAVE		0xa1
#define DELAY		0x80

/* The masks, and what else was touched. */
static struct {
	bool is_there;
	u8 master, slave;
	u32 writes;
} now;

void port_write(u8 value, u16 port)
{
	if (port == DELAY)
		return;
	now.writes++;
	expect(port == MASTER || port == SLAVE);
	*(port == MASTER ? &now.master : &now.slave) = value;
}

u8 port_read(u16 port)
{
	expect_eq(port, MASTER);
	return now.is_there ? now.master : 0xff;
}

int main(void)
{
	now.is_there = true;
	pic_mask();
	expect_eq(now.master, 0xfb);
	expect_eq(now.slave, 0xff);
	expect_eq(now.writes, 2);
	ktap_done("two controllers");

	memset(&now, 0, sizeof(now));
	pic_mask();
	expect_eq(now.slave, 0);
	expect_eq(now.writes, 1);
	ktap_done("none");
	return ktap_status();
}
