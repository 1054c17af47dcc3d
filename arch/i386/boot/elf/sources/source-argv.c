// SPDX-License-Identifier: GPL-2.0
/*
 * A command line in the manner of main(): syslinux's elf.c32 leaves argc and
 * argv on the stack, as the i386 ABI has it, and U-Boot's bootelf calls the
 * image with them in EAX and EDX. U-Boot has no name in argv[0].
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "sources/sources.h"

#define ARGC_MAX	256

/* Neither argv nor a string is among interrupt vectors and BIOS data. */
#define ADDRESS_MIN	0x500

/* argc, the ends of argv and of envp, an empty auxv; then come the strings. */
#define STACK_WORDS	5

static u32 read_word(const struct ram *ram, u64 pa)
{
	__le32 word = 0;

	ram_read(ram, pa, &word, sizeof(word));
	return __le32_to_cpu(word);
}

/*
 * Bytes of printable characters and blanks up to a NUL, and with it; 0: it is no
 * such string. U-Boot's shell passes tabs, ends of lines, and "" as nothing.
 */
static u32 argument_size(const struct ram *ram, u32 pa)
{
	u32 i;
	u8 c;

	if (pa < ADDRESS_MIN)
		return 0;
	for (i = 0; i < CMDLINE_COUNT; i++) {
		if (ram_read(ram, (u64)pa + i, &c, sizeof(c)))
			return 0;
		if (!c)
			return i + 1;
		if (c < ' ' && c != '\t' && c != '\n')
			return 0;
	}
	return 0;
}

/* One at least is not empty. */
static bool are_arguments(const struct ram *ram, u32 argc, u32 argv)
{
	u32 longest = 0;
	u32 i, size;

	if (!argc || argc > ARGC_MAX || argv & 3 || argv < ADDRESS_MIN ||
	    argv > -(ARGC_MAX + 1U) * 4)
		return false;
	for (i = 0; i < argc; i++) {
		size = argument_size(ram, read_word(ram, argv + i * 4));
		if (!size)
			return false;
		if (size > longest)
			longest = size;
	}
	return longest > 1 && !read_word(ram, argv + argc * 4);
}

/* The first string lies right behind what the ABI puts on the stack. */
static bool is_syslinux(const struct ram *ram, u32 esp)
{
	u32 argc = read_word(ram, esp);

	return esp && !(esp & 3) && argc <= ARGC_MAX &&
	       read_word(ram, esp + 4) == esp + (argc + STACK_WORDS) * 4;
}

static void join(const struct ram *ram, u32 argc, u32 argv,
		 struct bootinfo *bi)
{
	const u32 size = sizeof(bi->cmdline);
	char *s = bi->cmdline;
	u32 len = 0;
	u32 i, pa;

	if (bi->cmdline_source || !argc)
		return;
	bi->cmdline_source = bi->source;
	for (i = 0; i < argc; i++, argv += 4) {
		if (i && len < size - 1)
			s[len] = ' ';
		len += i > 0;
		pa = read_word(ram, argv);
		if (len < size)
			ram_string(ram, pa, s + len, size - len);
		len += ram_strlen(ram, pa, CMDLINE_COUNT);
	}
	bootinfo_check_cmdline(bi, len);
}

/**
 * argv_probe - take what a loader passes that calls the image like a program
 * @ram: physical memory
 * @handoff: ESP leads to argc and argv (System V ABI for i386, "Process
 *	     Initialization"; syslinux, com32/modules/elf.c), or EAX is argc and
 *	     EDX leads to argv (U-Boot, cmd/elf.c)
 * @bi: result, as it was on error
 *
 * Neither says that it does so: all of the strings must be there.
 *
 * Return: 0, or -ENOENT if there are no arguments.
 */
int argv_probe(const struct ram *ram, const struct handoff *handoff,
	       struct bootinfo *bi)
{
	u32 argc = read_word(ram, handoff->esp);

	bi->source = "argv";
	if (is_syslinux(ram, handoff->esp) &&
	    are_arguments(ram, argc, handoff->esp + 4)) {
		join(ram, argc - 1, handoff->esp + 8, bi);
		bootinfo_set_loader(bi, "SYSLINUX");
		return 0;
	}
	if (!are_arguments(ram, handoff->eax, handoff->edx))
		return -ENOENT;
	join(ram, handoff->eax, handoff->edx, bi);
	bootinfo_set_loader(bi, "U-Boot");
	bi->no_bios = true;		/* there is none alive */
	return 0;
}
