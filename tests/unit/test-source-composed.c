// SPDX-License-Identifier: GPL-2.0
/*
 * Command line and initrd inside the image (source-composed.c): the words of
 * stub.h that mkelfImage fills in.
 */
#include "fixture.h"
#include "stub-params.h"

#define CMDLINE		0x1020000
#define INITRD		0x3000000

static const struct source source = { 0, composed_probe };

static const struct {
	const char *name;
	const char *text;		/* NULL: there is none */
	u32 size;			/* 0: that of the text with its NUL */
	u32 initrd_size;		/* 0: there is none */
	const char *cmdline;
} images[] = {
	{ .name = "nothing" },
	{ .name = "a command line", .text = "quiet word=1",
	  .cmdline = "quiet word=1" },
	{ .name = "an empty one", .text = "" },
	{ .name = "an initrd", .initrd_size = 0x1235 },
	{ .name = "both", .text = "a b", .initrd_size = 1, .cmdline = "a b" },
	{ .name = "without its NUL", .text = "a b", .size = 3,
	  .cmdline = "a b" },
};

static struct bootinfo *take(const struct machine *m, u32 i,
			     struct bootinfo *bi)
{
	static const struct handoff handoff;
	bool any = images[i].text || images[i].initrd_size;

	memset(words, 0, sizeof(*words));
	if (images[i].text) {
		words->cmdline = __cpu_to_le32(CMDLINE);
		words->cmdline_size = __cpu_to_le32(m->seg[0].len);
	}
	if (images[i].initrd_size) {
		words->initrd = __cpu_to_le32(INITRD);
		words->initrd_size = __cpu_to_le32(images[i].initrd_size);
	}
	expect_eq(probe(&source, m, &handoff, bi), any ? 0 : -ENOENT);
	return bi;
}

static void test_image(u32 i)
{
	const char *text = images[i].text ? images[i].text : "";
	u32 size = images[i].size ? images[i].size : strlen(text) + 1;
	u32 initrd_size = images[i].initrd_size;
	struct machine m = {};
	struct bootinfo *bi;

	machine_add(&m, CMDLINE, text, size);
	bi = take(&m, i, bootinfo_new());
	expect_string(bi->cmdline, images[i].cmdline ? images[i].cmdline : "");
	expect_string(bi->cmdline_source, images[i].cmdline ? "composed" : NULL);
	expect_eq(bi->nr_modules, initrd_size ? 1 : 0);
	expect_string(bi->initrd_source, initrd_size ? "composed" : NULL);
	if (initrd_size) {
		expect_eq(bi->module[0].start, INITRD);
		expect_eq(bi->module[0].size, initrd_size);
	}
	expect(!bi->map_source && !bi->protocol);
	ktap_done("%s", images[i].name);
	free(bi);

	/* The loader's own win. */
	bi = take(&m, i, bootinfo_new_full());
	expect_full(bi);
	ktap_done("%s, not the first", images[i].name);
	free(bi);
	machine_free(&m);
}

int main(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(images); i++)
		test_image(i);
	return ktap_status();
}
