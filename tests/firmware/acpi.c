// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's ACPI tables, which come with a script that says where to put them
 * and how to link them (QEMU: hw/acpi/bios-linker-loader.c).
 */
#include "firmware.h"

#define COMMAND_ALLOCATE	1
#define COMMAND_ADD_POINTER	2
#define COMMAND_ADD_CHECKSUM	3

#define ZONE_LOW	2		/* where a BIOS is looked for */

#define NAME_LEN	56
#define FILES_MAX	8

struct command {
	u32 command;
	union {
		struct {
			char file[NAME_LEN];
			u32 align;
			u8 zone;
		} __attribute__((packed)) allocate;
		struct {
			char from[NAME_LEN];	/* it holds the pointer */
			char to[NAME_LEN];	/* whose address is added */
			u32 offset;
			u8 size;
		} __attribute__((packed)) pointer;
		struct {
			char file[NAME_LEN];
			u32 offset;		/* of the checksum */
			u32 start;
			u32 len;
		} __attribute__((packed)) checksum;
		u8 all[124];
	};
} __attribute__((packed));

_Static_assert(sizeof(struct command) == 128, "linker command");

struct file {
	char name[NAME_LEN];
	u32 address;
	u32 size;
};

/* What has been installed, and where there is room. */
struct tables {
	u32 nr;
	struct file file[FILES_MAX];
	u32 high, high_end;
	u32 low;
	u32 rsdp;
};

static const struct file *find(const struct tables *tables, const char *name)
{
	u32 i;

	for (i = 0; i < tables->nr; i++)
		if (!strcmp(tables->file[i].name, name))
			return &tables->file[i];
	return NULL;
}

static bool allocate(struct tables *tables, const struct command *command)
{
	const char *name = command->allocate.file;
	u32 mask = command->allocate.align - 1;
	struct file *file;
	u16 select;
	u32 *room = &tables->high;

	if (tables->nr == FILES_MAX)
		return false;
	file = &tables->file[tables->nr++];
	memcpy(file->name, name, NAME_LEN);
	file->size = fwcfg_find(name, &select);
	if (command->allocate.zone == ZONE_LOW && tables->low)
		room = &tables->low;
	file->address = (*room + mask) & ~mask;
	if (room == &tables->high &&
	    (file->address > tables->high_end ||
	     file->size > tables->high_end - file->address))
		return false;
	*room = file->address + file->size;
	fwcfg_read(select, 0, (void *)file->address, file->size);
	if (command->allocate.zone == ZONE_LOW)
		tables->rsdp = file->address;
	return file->size;
}

static bool add_pointer(struct tables *tables, const struct command *command)
{
	const struct file *from = find(tables, command->pointer.from);
	const struct file *to = find(tables, command->pointer.to);
	u64 value = 0;
	void *at;

	if (!from || !to || command->pointer.size > sizeof(value) ||
	    command->pointer.offset > from->size ||
	    command->pointer.size > from->size - command->pointer.offset)
		return false;
	at = (void *)(from->address + command->pointer.offset);
	memcpy(&value, at, command->pointer.size);
	value += to->address;
	memcpy(at, &value, command->pointer.size);
	return true;
}

static bool add_checksum(struct tables *tables, const struct command *command)
{
	const struct file *file = find(tables, command->checksum.file);
	u32 i, start = command->checksum.start, len = command->checksum.len;
	u8 *data;
	u8 sum = 0;

	if (!file || command->checksum.offset >= file->size ||
	    start > file->size || len > file->size - start)
		return false;
	data = (u8 *)file->address;
	for (i = 0; i < len; i++)
		sum += data[start + i];
	data[command->checksum.offset] -= sum;
	return true;
}

/* What else there is writes back to QEMU, for devices that are not here. */
static bool run(struct tables *tables, const struct command *command)
{
	switch (command->command) {
	case COMMAND_ALLOCATE:
		return allocate(tables, command);
	case COMMAND_ADD_POINTER:
		return add_pointer(tables, command);
	case COMMAND_ADD_CHECKSUM:
		return add_checksum(tables, command);
	}
	return true;
}

/**
 * acpi_install - install the tables
 * @log: where to say what has happened
 * @high: where the tables go
 * @high_size: bytes there
 * @low: where the RSDP goes; 0: with the tables
 *
 * Return: address of the RSDP, or 0.
 */
u32 acpi_install(struct log *log, u32 high, u32 high_size, u32 low)
{
	struct tables tables = {
		.high = high, .high_end = high + high_size, .low = low
	};
	struct command command;
	u16 select;
	u32 at, size;

	size = fwcfg_find("etc/table-loader", &select);
	for (at = 0; at + sizeof(command) <= size; at += sizeof(command)) {
		fwcfg_read(select, at, &command, sizeof(command));
		if (!run(&tables, &command)) {
			say(log, "ACPI: command %u cannot be done",
			    command.command);
			return 0;
		}
	}
	say(log, "ACPI: RSDP at %x, %x bytes of tables", tables.rsdp,
	    tables.high - high);
	return tables.rsdp;
}
