// SPDX-License-Identifier: GPL-2.0
/*
 * Messages (print.c): what reaches the console.
 */
#include <setjmp.h>

#include "fixture.h"

static char written[1000];
static size_t nr_written;
static u32 nr_opened;
static jmp_buf halted;

void console_write(const char *s, size_t len)
{
	if (!expect(len < sizeof(written) - nr_written))
		return;
	memcpy(written + nr_written, s, len);
	nr_written += len;
	written[nr_written] = '\0';
}

void console_open(const char *cmdline, const struct serial *serial)
{
	expect_string(cmdline, "");
	expect_eq(nr_written, 0);
	nr_opened++;
}

void cpu_halt(void)
{
	longjmp(halted, 1);
}

static void expect_written(const char *want, const char *what)
{
	expect_string(written, want);
	expect_eq(strlen(written), nr_written);
	nr_written = 0;
	written[0] = '\0';
	ktap_done("%s", what);
}

static void test_formats(void)
{
	static const struct fault fault = {
		"multiboot", "mods_addr %#llx, %llu modules: not in memory",
		{ 0xfffffff0, 3 }
	};

	print("text");
	expect_written("elfboot: text\n", "text");
	print("%s.", "");
	expect_written("elfboot: .\n", "empty");
	print("<%s><%s>", "one", "two");
	expect_written("elfboot: <one><two>\n", "%s");
	print("%u %u %u", 0, 1234567890, ~0U);
	expect_written("elfboot: 0 1234567890 4294967295\n", "%u");
	print("%#x %#x %#x", 0, 0xabc, ~0U);
	expect_written("elfboot: 0x0 0xabc 0xffffffff\n", "%#x");
	print("%#llx %#llx %#llx", 0ULL, 0x123456789abcULL, ~0ULL);
	expect_written("elfboot: 0x0 0x123456789abc 0xffffffffffffffff\n", "%#llx");
	print("%s %#llx %u %#llx %#x.", "mixed", 1ULL << 63, 7, 1ULL, 0xf);
	expect_written("elfboot: mixed 0x8000000000000000 7 0x1 0xf.\n", "mixed");
	print("%llu %llu %llu", 0ULL, 4294967295ULL, 4294967296ULL);
	expect_written("elfboot: 0 4294967295 0x100000000\n", "%llu");
	print("%p; %u", &fault, 3);
	expect_written("elfboot: multiboot: mods_addr 0xfffffff0, 3 modules: not in memory; 3\n",
		       "%p");
}

/* Lines of every length: cut where there is no room, but always a line. */
static void test_lengths(void)
{
	static char text[400];
	size_t longest = 0;
	size_t len;

	for (len = 0; len < sizeof(text); len++) {
		memset(text, 'x', len);
		text[len] = '\0';
		nr_written = 0;
		print("%s", text);
		if (nr_written > longest)
			longest = nr_written;
		expect_bytes(written, "elfboot: ", 9);
		if (!expect(nr_written && written[nr_written - 1] == '\n'))
			break;
	}
	ktap_done("a line ends, however long it is");
	expect(longest >= 80);
	expect(longest < sizeof(text));
	nr_written = 0;
	ktap_done("a line is cut");
}

static void test_fatal(void)
{
	if (!setjmp(halted)) {
		fatal("no %s: %#x", "memory", 0x10);
		expect(!"to be here");
	}
	expect_eq(nr_opened, 1);
	expect_written("elfboot: fatal: no memory: 0x10\n", "fatal");
}

int main(void)
{
	test_formats();
	test_lengths();
	test_fatal();
	return ktap_status();
}
