// SPDX-License-Identifier: GPL-2.0
/*
 * What can be a framebuffer (framebuffer.c).
 */
#include "fixture.h"

enum verdict {
	GOOD,
	NONE,
	CUT,
	BAD,
};

static const struct {
	const char *name;
	struct framebuffer framebuffer;
	enum verdict want;
} examples[] = {
	{ "usual", { 0xfd000000, 800, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, GOOD },
	{ "24 bits", { 0xfd000000, 800, 600, 2400, 24,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 0, 0 } }, GOOD },
	{ "16 bits", { 0xfd000000, 800, 600, 1600, 16,
		{ 11, 5 }, { 5, 6 }, { 0, 5 }, { 0, 0 } }, GOOD },
	{ "15 bits", { 0xfd000000, 800, 600, 1600, 15,
		{ 10, 5 }, { 5, 5 }, { 0, 5 }, { 15, 1 } }, GOOD },
	{ "8 bits", { 0xfd000000, 640, 480, 640, 8,
		{ 5, 3 }, { 2, 3 }, { 0, 2 }, { 0, 0 } }, GOOD },
	{ "2:10:10:10", { 0xfd000000, 800, 600, 3200, 32,
		{ 20, 10 }, { 10, 10 }, { 0, 10 }, { 30, 2 } }, GOOD },
	{ "one pixel", { 1, 1, 1, 4, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, GOOD },
	{ "above 4 GiB", { 0x123456789000, 800, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, GOOD },
	{ "longer lines", { 0xfd000000, 800, 600, 4096, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, GOOD },
	{ "lines of 65535 bytes", { 0xfd000000, 800, 600, 65535, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, GOOD },
	{ "16383 pixels, 32 bits", { 0xfd000000, 16383, 1, 65532, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, GOOD },
	{ "16384 pixels, 16 bits", { 0xfd000000, 16384, 16384, 32768, 16,
		{ 11, 5 }, { 5, 6 }, { 0, 5 }, { 0, 0 } }, GOOD },
	{ "up to 2^64 - 1", { -4097ULL, 1024, 1, 4096, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, GOOD },

	{ "base 0", { 0, 800, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, NONE },
	{ "width 0", { 0xfd000000, 0, 600, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, NONE },
	{ "height 0", { 0xfd000000, 800, 0, 3200, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, NONE },
	{ "none, and absurd", { 0, ~0U, ~0U, ~0U, ~0U,
		{ 255, 255 }, { 255, 255 }, { 255, 255 }, { 255, 255 } }, NONE },

	{ "0 bits", { 0xfd000000, 800, 600, 3200, 0,
		{ 2, 1 }, { 1, 1 }, { 0, 1 }, { 0, 0 } }, BAD },
	{ "4 bits", { 0xfd000000, 800, 600, 3200, 4,
		{ 2, 1 }, { 1, 1 }, { 0, 1 }, { 0, 0 } }, BAD },
	{ "7 bits", { 0xfd000000, 800, 600, 3200, 7,
		{ 2, 1 }, { 1, 1 }, { 0, 1 }, { 0, 0 } }, BAD },
	{ "33 bits", { 0xfd000000, 800, 600, 4000, 33,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, BAD },
	{ "255 bits", { 0xfd000000, 800, 600, 65535, 255,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, BAD },
	{ "pitch 0", { 0xfd000000, 800, 600, 0, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, BAD },
	{ "lines a byte too short", { 0xfd000000, 800, 600, 3199, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, BAD },
	{ "lines a byte too short, 24 bits", { 0xfd000000, 800, 600, 2399, 24,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 0, 0 } }, BAD },
	{ "lines a byte too short, 15 bits", { 0xfd000000, 800, 600, 1599, 15,
		{ 11, 5 }, { 5, 6 }, { 0, 5 }, { 0, 0 } }, BAD },
	{ "lines of 65536 bytes", { 0xfd000000, 800, 600, 65536, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, BAD },
	{ "16385 pixels", { 0xfd000000, 16385, 1, 32770, 16,
		{ 11, 5 }, { 5, 6 }, { 0, 5 }, { 0, 0 } }, BAD },
	{ "16385 lines", { 0xfd000000, 1, 16385, 4, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, BAD },
	{ "a size that wraps to fit", { 0xfd000000, 0x40000001, 600, 4, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, BAD },
	{ "beyond 2^64", { -4095ULL, 1024, 1, 4096, 32,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, BAD },
	{ "red beyond the pixel", { 0xfd000000, 800, 600, 3200, 32,
		{ 25, 8 }, { 8, 8 }, { 0, 8 }, { 0, 0 } }, BAD },
	{ "green beyond the pixel", { 0xfd000000, 800, 600, 1600, 16,
		{ 11, 5 }, { 16, 1 }, { 0, 5 }, { 0, 0 } }, BAD },
	{ "blue beyond the pixel", { 0xfd000000, 800, 600, 2400, 24,
		{ 16, 8 }, { 8, 8 }, { 0, 25 }, { 0, 0 } }, BAD },
	/* coreboot's of 24 bits: not told to the kernel, else unharmed */
	{ "reserved bits beyond the pixel", { 0xfd000000, 800, 600, 2400, 24,
		{ 16, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, CUT },
	{ "a sum that wraps in 8 bits", { 0xfd000000, 800, 600, 3200, 32,
		{ 255, 8 }, { 8, 8 }, { 0, 8 }, { 24, 8 } }, BAD },
};

int main(void)
{
	static const struct framebuffer none;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(examples); i++) {
		struct framebuffer fb = examples[i].framebuffer;

		expect_eq(framebuffer_check(&fb),
			  examples[i].want == BAD ? -EINVAL : 0);
		if (examples[i].want == GOOD)
			expect_bytes(&fb, &examples[i].framebuffer, sizeof(fb));
		if (examples[i].want == CUT)
			expect_bytes(&fb.reserved, &none.reserved,
				     sizeof(fb.reserved));
		if (examples[i].want == NONE)
			expect_bytes(&fb, &none, sizeof(fb));
		ktap_done("%s", examples[i].name);
	}
	return ktap_status();
}
