// SPDX-License-Identifier: GPL-2.0
/*
 * A firmware in the manner of LinuxBIOS: sets up what must be, describes the
 * machine in a table, loads the payload from the ROM, and enters it.
 */
#include "firmware.h"

#define PAYLOAD		"fallback/payload"
#define GIB4		0x100000000ULL
#define COM2		0x2f8

/* What one step finds out for another. */
struct machine {
	struct log *log;
	u32 switches;
	u32 cbmem;
	struct map map;
	struct cbfs cbfs;
	struct table_framebuffer framebuffer;
	bool has_framebuffer;
	u32 rsdp;
};

static const struct table_framebuffer absurd = {
	.address = 0xfffffffffffff000, .width = 0xffffffff,
	.height = 0xffffffff, .pitch = 3, .bpp = 255,
	.red = { 250, 200 }, .green = { 255, 255 }, .blue = { 0, 0 },
	.reserved = { 31, 33 },
};

static u32 table_faults(u32 switches)
{
	static const struct {
		u32 word;
		u32 fault;
	} faults[] = {
		{ SWITCH_BADHEADERSUM, TABLE_BAD_HEADERSUM },
		{ SWITCH_BADTABLESUM, TABLE_BAD_TABLESUM },
		{ SWITCH_SIZE0, TABLE_SIZE0 },
		{ SWITCH_SIZEMAX, TABLE_SIZEMAX },
		{ SWITCH_TRUNCATED, TABLE_TRUNCATED },
	};
	u32 result = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (switches & faults[i].word)
			result |= faults[i].fault;
	return result;
}

static void write_table(const struct machine *machine, u32 table)
{
	u32 switches = machine->switches;
	const struct table_area areas[] = {
		{ table, CBMEM_TABLE_SIZE, CBMEM_ID_TABLE },
		{ machine->cbmem + CBMEM_CONSOLE, CBMEM_CONSOLE_SIZE,
		  CBMEM_ID_CONSOLE },
		{ machine->cbmem + CBMEM_ACPI, CBMEM_ACPI_SIZE,
		  CBMEM_ID_ACPI },
	};
	struct table_medium medium = {
		.fmap_offset = ~0ULL,
		.cbfs_offset = machine->cbfs.offset,
		.cbfs_size = machine->cbfs.size - machine->cbfs.offset,
		.size = machine->cbfs.size,
	};
	struct table_machine contents = {
		.ranges = machine->map.range,
		.nr_ranges = machine->map.nr,
		.vendor = "Emulation",
		.part = "QEMU x86 i440fx/piix4",
		.version = VERSION,
		.serial = TABLE_SERIAL_28,
		.console = machine->cbmem + CBMEM_CONSOLE,
		.medium = &medium,
		.areas = areas,
		.nr_areas = ARRAY_SIZE(areas),
		.rsdp = machine->rsdp,
		.faults = table_faults(switches),
	};

	if (machine->has_framebuffer)
		contents.framebuffer = &machine->framebuffer;
	if (switches & SWITCH_ABSURDFB)
		contents.framebuffer = &absurd;
	if (switches & SWITCH_OLDSERIAL)
		contents.serial = TABLE_SERIAL_16;
	if (switches & SWITCH_COM2)
		contents.serial_port = COM2;
	if (switches & SWITCH_CBFSOVERRUN)
		medium.cbfs_size = machine->cbfs.size + 16 * MIB;
	if (!machine->rsdp)
		contents.nr_areas--;
	if (!table_write((void *)table, CBMEM_TABLE_SIZE, &contents))
		die(machine->log, "no room for the table");
}

/* Something that begins like a table. */
static u32 write_garbage(u32 at)
{
	memset((void *)at, 0xff, sizeof(struct lb_header) + 64);
	memcpy((void *)at, "LBIO", 4);
	return at;
}

static void write_forward(const struct machine *machine, u32 table)
{
	u64 to = table;

	if (machine->switches & SWITCH_FORWARDSELF)
		to = LOW_FORWARD;
	if (machine->switches & SWITCH_FORWARDHIGH)
		to = GIB4 + table;
	if (machine->switches & SWITCH_FORWARDGARBAGE)
		to = write_garbage(machine->cbmem + CBMEM_HANDOFF +
				   CBMEM_HANDOFF_SIZE / 2);
	table_write_forward((void *)LOW_FORWARD, 0x100, to);
}

static void describe(struct machine *machine, u32 low_ram)
{
	u32 switches = machine->switches;

	if (!cbfs_open(&machine->cbfs))
		die(machine->log, "no CBFS in the ROM");
	map_build(&machine->map, low_ram, chipset_high_ram(),
		  machine->cbfs.size, switches);
	if (switches & SWITCH_TEXT && !display_set_text())
		die(machine->log, "no VGA");
	if (switches & SWITCH_FB)
		machine->has_framebuffer = display_init(&machine->framebuffer);
	if (!(switches & SWITCH_NOACPI))
		machine->rsdp = acpi_install(machine->log,
					     machine->cbmem + CBMEM_ACPI,
					     CBMEM_ACPI_SIZE,
					     switches & SWITCH_NOFSEG ? 0 :
					     LOW_RSDP);
	write_table(machine, machine->cbmem + CBMEM_TABLE);
	write_forward(machine, machine->cbmem + CBMEM_TABLE);
	say(machine->log, "table at %x, %u memory ranges",
	    machine->cbmem + CBMEM_TABLE, machine->map.nr);
}

/* Nothing of an earlier boot is left, least of all a BIOS. */
static void clear_memory(u32 cbmem)
{
	memset((void *)0, 0, 0xa0000);
	memset((void *)cbmem, 0, CBMEM_ACPI + CBMEM_ACPI_SIZE);
}

/**
 * firmware_main - all of it; called by entry.S
 * @low_ram: end of the RAM below 4 GiB, where the stack is
 */
void firmware_main(u32 low_ram)
{
	struct machine machine = { .cbmem = low_ram - CBMEM_SIZE };
	struct cbfs_contents payload;
	u32 entry;

	clear_memory(machine.cbmem);
	machine.log = (struct log *)(machine.cbmem + CBMEM_CONSOLE);
	console_init(machine.log, CBMEM_CONSOLE_SIZE);
	say(machine.log, "%s, RAM up to %x", VERSION, low_ram);
	chipset_init();
	machine.switches = switches_read(machine.log);
	describe(&machine, low_ram);

	if (!cbfs_find(&machine.cbfs, PAYLOAD, &payload))
		die(machine.log, "no " PAYLOAD " in the ROM");
	entry = payload_load(machine.log, &machine.map, &payload);
	if (!entry)
		die(machine.log, "the payload cannot be loaded");
	handoff_enter(machine.log, entry, machine.cbmem + CBMEM_TABLE,
		      machine.cbmem + CBMEM_HANDOFF, &machine.map,
		      machine.switches);
}
