// SPDX-License-Identifier: GPL-2.0
/*
 * Reading an image that was written before (tools/image.c): what comes out is
 * the kernel that went in, and apart from it what was composed.
 */
#include "image.h"

#define PAGE		0x1000
#define CODE_SIZE	0x2340
#define SETUP_SIZE	0x7b
#define STUB_BYTES	0x1000
/* In the file: the jump behind the code, the stub behind the jump. */
#define JUMP_AT		(PAGE + CODE_SIZE)
#define STUB_AT		(PAGE + 0x2350)

static u8 code[CODE_SIZE], setup[SETUP_SIZE], initrd[40];
static struct kernel vmlinux, bzimage;
static struct bytes stub;

static void make_kernels(void)
{
	size_t i;

	for (i = 0; i < CODE_SIZE; i++)
		code[i] = i % 247 + 1;
	for (i = 0; i < sizeof(initrd); i++)
		initrd[i] = i + 1;
	put_le16(setup + 0x206 - 0x1f1, 0x20f);
	put_le32(setup + 0x22c - 0x1f1, 0x37ffffff);
	put_le32(setup + 0x238 - 0x1f1, 1000);
	kernel_new(&vmlinux);
	stub = stub_new(STUB_BYTES);
	bzimage = (struct kernel){
		.version = { (const u8 *)"6.1.0-bz", 8 },
		.nr_chunks = 1,
		.chunk = { { 0x1000000, { code, CODE_SIZE } } },
		.start = 0x1000000,
		.end = 0x1600000,
		.cmdline_max = 1000,
		.initrd_max = 0x37ffffff,
		.setup = { setup, SETUP_SIZE },
		.entry = 0x1000000,
		.flags = STUB_FLAG_KERNEL_64,
	};
}

/* The image of a kernel, as a file. */
static struct bytes make(const struct kernel *kernel,
			 const struct options *options)
{
	static struct layout layout;

	last_error[0] = '\0';
	expect_eq(layout_plan(kernel, &stub, options, &layout), 0);
	expect_string(last_error, "");
	return (struct bytes){ image_new(&layout), layout.size };
}

static void expect_kernel(const struct kernel *kernel,
			  const struct kernel *want)
{
	expect_eq(kernel->version.size, want->version.size);
	expect_bytes(kernel->version.data, want->version.data,
		     want->version.size);
	expect_eq(kernel->nr_chunks, 1);
	expect_eq(kernel->chunk[0].paddr, want->start);
	expect_eq(kernel->start, want->start);
	expect_eq(kernel->end, want->end);
	expect_eq(kernel->cmdline_max, want->cmdline_max);
	expect_eq(kernel->initrd_max, want->initrd_max);
	expect_eq(kernel->entry, want->entry);
	expect_eq(kernel->flags, want->flags);
	expect_eq(!kernel->stub.data, !want->stub.data);
	expect_eq(kernel->stub_at, want->stub_at);
	expect_eq(kernel->setup.size, want->setup.size);
	expect_bytes(kernel->setup.data, want->setup.data, want->setup.size);
}

static const struct options none;
static const struct options both = {
	.cmdline = "quiet", .nr_initrds = 1, .initrd = { { initrd, 37 } },
};

static void test_read(const struct kernel *want, const char *name)
{
	struct bytes file = make(want, &none);
	struct kernel kernel;

	expect_eq(kernel_read(&file, &kernel), 0);
	expect_kernel(&kernel, want);
	expect(!kernel.cmdline.data);
	expect(!kernel.initrd.data);
	if (!want->stub.data) {
		expect_eq(kernel.chunk[0].bytes.size, CODE_SIZE);
		expect_bytes(kernel.chunk[0].bytes.data, code, CODE_SIZE);
	}
	ktap_done("read: %s", name);
	free((void *)file.data);

	file = make(want, &both);
	expect_eq(kernel_read(&file, &kernel), 0);
	expect_kernel(&kernel, want);
	expect_eq(kernel.cmdline.size, 6);
	expect_bytes(kernel.cmdline.data, "quiet", 6);
	expect_eq(kernel.initrd.size, 37);
	expect_bytes(kernel.initrd.data, initrd, 37);
	ktap_done("read: %s, composed", name);
	free((void *)file.data);
}

/* Before, then, and what both together come to. */
static const struct {
	const char *name;
	struct options before, then, want;
} again[] = {
	{ "nothing, nothing", {}, {}, {} },
	{ "no multiboot, multiboot", {}, { .multiboot = true }, {} },
	{ "multiboot, multiboot", { .multiboot = true }, { .multiboot = true },
	  { .multiboot = true } },
	{ "multiboot, none", { .multiboot = true }, {}, {} },
	{ "no checksum, checksum", {}, { .checksum = true }, {} },
	{ "nothing, command line", {}, { .cmdline = "a" }, { .cmdline = "a" } },
	{ "command line, nothing", { .cmdline = "a" }, {}, { .cmdline = "a" } },
	{ "command line, another", { .cmdline = "a" }, { .cmdline = "b" },
	  { .cmdline = "b" } },
	{ "command line, none", { .cmdline = "a" }, { .cmdline = "" }, {} },
	{ "nothing, none", {}, { .cmdline = "", .no_initrd = true }, {} },
	{ "initrd, nothing", { .nr_initrds = 1, .initrd = { { initrd, 5 } } },
	  {}, { .nr_initrds = 1, .initrd = { { initrd, 5 } } } },
	{ "initrd, another", { .nr_initrds = 1, .initrd = { { initrd, 5 } } },
	  { .nr_initrds = 1, .initrd = { { initrd, 33 } } },
	  { .nr_initrds = 1, .initrd = { { initrd, 33 } } } },
	{ "initrd, none", { .nr_initrds = 1, .initrd = { { initrd, 5 } } },
	  { .no_initrd = true }, {} },
	{ "initrd, none but another",
	  { .nr_initrds = 1, .initrd = { { initrd, 5 } } },
	  { .no_initrd = true, .nr_initrds = 1, .initrd = { { initrd, 8 } } },
	  { .nr_initrds = 1, .initrd = { { initrd, 8 } } } },
	{ "two initrds, command line",
	  { .nr_initrds = 2, .initrd = { { initrd, 5 }, { initrd, 3 } } },
	  { .cmdline = "a" },
	  { .cmdline = "a", .nr_initrds = 2,
	    .initrd = { { initrd, 5 }, { initrd, 3 } } } },
};

static void test_again(const struct kernel *first, const char *name)
{
	struct bytes file, second, want;
	struct kernel kernel;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(again); i++) {
		struct options before = again[i].before;

		/* The sum of the whole file is for write.c to fill in. */
		before.checksum = false;
		file = make(first, &before);
		expect_eq(kernel_read(&file, &kernel), 0);
		second = make(&kernel, &again[i].then);
		want = make(first, &again[i].want);
		if (expect_eq(second.size, want.size))
			expect_bytes(second.data, want.data, want.size);
		ktap_done("again, %s: %s", name, again[i].name);
		free((void *)file.data);
		free((void *)second.data);
		free((void *)want.data);
	}
}

/* In an image of the bzImage with "quiet" in it. */
static const struct {
	const char *name;
	size_t at;
	u32 value;
	const char *want;
} damaged[] = {
	{ "nothing", JUMP_AT - 4, 0, NULL },
	{ "no jump", JUMP_AT, 0x90909090, "its entry does not lead" },
	{ "jump elsewhere", JUMP_AT + 1, 0, "its entry does not lead" },
	{ "entry behind the jump", 24, 0x1000000 + CODE_SIZE + 1,
	  "its entry does not lead" },
	{ "base", STUB_AT + STUB_BASE, 0x1600010,
	  "its ELF boot stub is damaged" },
	{ "setup_header at 0", STUB_AT + STUB_SETUP, 0,
	  "its setup_header is not in file bytes" },
	{ "setup_header of ~0 bytes", STUB_AT + STUB_SETUP_SIZE, ~0U,
	  "its setup_header is not in file bytes" },
	{ "setup_header of 0 bytes", STUB_AT + STUB_SETUP_SIZE, 0,
	  "its setup_header has only 0 bytes" },
	{ "setup_header without a version", STUB_AT + STUB_SETUP_SIZE, 22,
	  "its setup_header has only 22 bytes" },
	{ "setup_header with one only", STUB_AT + STUB_SETUP_SIZE, 23,
	  "its setup_header has only 23 bytes, for version 0x20f" },
	{ "setup_header without init_size", STUB_AT + STUB_SETUP_SIZE, 114,
	  "its setup_header has only 114 bytes, for version 0x20f" },
	{ "setup_header with it", STUB_AT + STUB_SETUP_SIZE, 115, NULL },
	{ "a broken rule", 36, 1, "rule 1:" },
};

static void test_damaged(void)
{
	struct bytes good = make(&bzimage, &both);
	u8 *p = allocate(good.size);
	struct bytes file = { p, good.size };
	struct kernel kernel;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(damaged); i++) {
		const char *want = damaged[i].want ? damaged[i].want : "";

		memcpy(p, good.data, good.size);
		put_le32(p + damaged[i].at, damaged[i].value);
		last_error[0] = '\0';
		expect_eq(kernel_read(&file, &kernel), *want ? -1 : 0);
		last_error[strlen(want)] = '\0';
		expect_string(last_error, want);
		ktap_done("damaged: %s", damaged[i].name);
	}
	free((void *)good.data);
	free(p);
}

/* Every byte of the headers and of the stub's first bytes. */
static void test_noise(const struct kernel *first, size_t stub_at,
		       const char *name)
{
	static const u8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	static struct layout layout;
	struct bytes good = make(first, &both);
	u8 *p = allocate(good.size);
	struct bytes file = { p, good.size };
	struct kernel kernel;
	size_t at, k;

	memcpy(p, good.data, good.size);
	for (at = 0; at < stub_at + STUB_HEADER_SIZE; at++) {
		if (at == 512)
			at = stub_at;
		for (k = 0; k < sizeof(values); k++) {
			p[at] = values[k];
			if (!kernel_read(&file, &kernel))
				layout_plan(&kernel, &stub, &none, &layout);
		}
		p[at] = good.data[at];
	}
	ktap_done("damaged: %s", name);
	free((void *)good.data);
	free(p);
}

int main(void)
{
	make_kernels();
	test_read(&vmlinux, "vmlinux");
	test_read(&bzimage, "bzImage");
	test_again(&vmlinux, "vmlinux");
	test_again(&bzimage, "bzImage");
	test_damaged();
	test_noise(&vmlinux, PAGE + KERNEL_STUB - KERNEL_START, "vmlinux");
	test_noise(&bzimage, STUB_AT, "bzImage");
	kernel_free(&vmlinux);
	free((void *)stub.data);
	return ktap_status();
}
