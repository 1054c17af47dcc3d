// SPDX-License-Identifier: GPL-2.0
/*
 * What our own code makes of the examples of elf-boot.txt:
 *
 *	examples notes		writes the block of section 4.4
 *	examples verify FILE	checks a block, and lists what is in it
 *	examples checksum FILE	prints an ELF file's checksum
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "notes/boot-notes.h"
#include "tools/elfimage.h"

static u8 buffer[65536];

/* elf.c wants it. */
int error(const char *format, ...)
{
	fprintf(stderr, "%s\n", format);
	return -1;
}

static int make_notes(void)
{
	static const struct ebn_range ranges[] = {
		{ 0, 0x9fc00, 1, 0 }, { 0x100000, 0x7f00000, 1, 0 },
	};
	static const struct ebn_initrd initrd = { 0x7000000, 0x12345 };
	struct boot_notes notes;
	u32 size;

	boot_notes_begin(&notes, buffer, sizeof(buffer));
	boot_notes_add_string(&notes, EBN_FIRMWARE_TYPE, "PCBIOS");
	boot_notes_add_string(&notes, EBN_BOOTLOADER_NAME, "kexec");
	boot_notes_add_string(&notes, EBN_COMMAND_LINE, "quiet");
	boot_notes_add(&notes, EBN_LINUX_NAME, EBN_LINUX_MEMORY_MAP, ranges,
		       sizeof(ranges));
	boot_notes_add(&notes, EBN_LINUX_NAME, EBN_LINUX_INITRD, &initrd,
		       sizeof(initrd));
	size = boot_notes_end(&notes);
	return fwrite(buffer, size, 1, stdout) == 1 ? 0 : 1;
}

static size_t load(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t size = file ? fread(buffer, 1, sizeof(buffer), file) : 0;

	if (!size) {
		perror(path);
		exit(1);
	}
	fclose(file);
	return size;
}

static int verify(size_t size)
{
	struct bytes notes;
	struct note note;
	size_t i;

	if (boot_notes_verify(buffer, size)) {
		puts("corrupt");
		return 1;
	}
	notes = (struct bytes){ buffer + 12, size - 12 };
	while (note_next(&notes, &note)) {
		printf("%.*s %#x ", (int)note.name.size, note.name.data,
		       note.type);
		for (i = 0; i < note.desc.size; i++)
			printf("%02x", note.desc.data[i]);
		putchar('\n');
	}
	return 0;
}

static int checksum(size_t size)
{
	struct bytes file = { buffer, size };
	struct elf elf;

	if (elf_read(&file, &elf))
		return 1;
	printf("%#06x\n", checksum_elf(&elf));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "notes"))
		return make_notes();
	if (argc == 3 && !strcmp(argv[1], "verify"))
		return verify(load(argv[2]));
	if (argc == 3 && !strcmp(argv[1], "checksum"))
		return checksum(load(argv[2]));
	fputs("usage: examples notes | verify FILE | checksum FILE\n", stderr);
	return 2;
}
