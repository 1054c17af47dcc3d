// SPDX-License-Identifier: GPL-2.0
/*
 * Enters the payload: as coreboot since 4.11, or by switch as before.
 */
#include "firmware.h"
#include "handoff.h"
#include "sources/wire-multiboot.h"
#include "sources/wire-notes.h"

#define CR0_PE_ET	0x00000011
#define CR0_CD_NW	0x60000000

#define EAX_JUNK	0x6a756e06
#define EBX_JUNK	0x6a756e07

struct pseudo_descriptor {
	u16 limit;
	u32 base;
} __attribute__((packed));

/**
 * struct handoff - what payload_enter() needs to know
 * @entry: where the payload begins
 * @eax: register
 * @ebx: register
 * @argument: what lies above the return address
 * @cs: selector
 * @ds: selector of all other segments
 * @cr0: register
 * @gdt: descriptors
 * @idt: none
 */
struct handoff {
	u32 entry;
	u32 eax;
	u32 ebx;
	u32 argument;
	u32 cs;
	u32 ds;
	u32 cr0;
	struct pseudo_descriptor gdt;
	struct pseudo_descriptor idt;
} __attribute__((packed));

#define CHECK(field, offset) \
	_Static_assert(__builtin_offsetof(struct handoff, field) == (offset), \
		       "handoff")
CHECK(entry, HANDOFF_ENTRY);
CHECK(eax, HANDOFF_EAX);
CHECK(ebx, HANDOFF_EBX);
CHECK(argument, HANDOFF_ARGUMENT);
CHECK(cs, HANDOFF_CS);
CHECK(ds, HANDOFF_DS);
CHECK(cr0, HANDOFF_CR0);
CHECK(gdt, HANDOFF_GDT);
CHECK(idt, HANDOFF_IDT);

/* 18 is a trap for who takes it for the data of the old one: it is 64-bit. */
static const u64 gdt[] = {
	0,
	0x00cf9b000000ffff,
	0x00cf93000000ffff,
	0x00af9b000000ffff,
};

static const u64 gdt_old[] = {
	0,
	0,
	0x00cf9b000000ffff,
	0x00cf93000000ffff,
};

/* Where the table is in memory; RAM is RAM, and all else is not. */
static u32 write_multiboot(const struct map *map)
{
	struct multiboot_info *info = (void *)LOW_MULTIBOOT;
	struct multiboot_mmap_entry *entry = (void *)LOW_MULTIBOOT_MAP;
	u32 i;

	memset(info, 0, sizeof(*info));
	info->flags = MULTIBOOT_INFO_MEM_MAP;
	info->mmap_addr = LOW_MULTIBOOT_MAP;
	info->mmap_length = map->nr * sizeof(*entry);
	for (i = 0; i < map->nr; i++, entry++) {
		entry->size = sizeof(*entry) - sizeof(entry->size);
		entry->addr = map->range[i].start;
		entry->len = map->range[i].size;
		entry->type = map->range[i].type == LB_MEM_RAM ? 1 : 2;
	}
	return LOW_MULTIBOOT;
}

static void add_note(struct Elf_Bhdr *header, u32 type, const char *s)
{
	struct Elf_Bnote *note = (void *)((u8 *)header + header->b_size);
	u32 len = strlen(s) + 1;

	note->n_namesz = 0;
	note->n_descsz = len;
	note->n_type = type;
	memcpy(note + 1, s, len);
	header->b_size += sizeof(*note) + ((len + 3) & ~3);
	header->b_records++;
}

/* The memory is zeroed, padding needs no care. */
static u32 write_notes(u32 address)
{
	struct Elf_Bhdr *header = (void *)address;
	const u16 *words = (void *)address;
	u32 sum = 0;
	u32 i;

	header->b_signature = ELF_BHDR_MAGIC;
	header->b_size = sizeof(*header);
	add_note(header, EBN_FIRMWARE_TYPE, "coreboot");
	add_note(header, EBN_BOOTLOADER_NAME, "elfboot");
	add_note(header, EBN_BOOTLOADER_VERSION, VERSION);
	add_note(header, EBN_COMMAND_LINE, "");
	for (i = 0; i < header->b_size / 2; i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	header->b_checksum = ~(sum + (sum >> 16));
	return address;
}

/**
 * handoff_enter - enter the payload
 * @log: where to say how
 * @entry: where it begins
 * @table: the coreboot table
 * @area: zeroed memory for what must outlive the firmware,
 *	  CBMEM_HANDOFF_SIZE
 * @map: memory, for those who are told by multiboot
 * @switches: SWITCH_*
 */
void handoff_enter(struct log *log, u32 entry, u32 table, u32 area,
		   const struct map *map, u32 switches)
{
	bool old = switches & (SWITCH_NOARG | SWITCH_NOTES | SWITCH_MB2013);
	struct handoff handoff = {
		.entry = entry,
		.eax = EAX_JUNK,
		.ebx = EBX_JUNK,
		.argument = table,
		.cs = old ? GDT_OLD_CODE : GDT_CODE,
		.ds = old ? GDT_OLD_DATA : GDT_DATA,
		.cr0 = CR0_PE_ET,
		.gdt = { sizeof(gdt) - 1, area },
	};

	memcpy((void *)area, old ? gdt_old : gdt, sizeof(gdt));
	if (switches & SWITCH_MB2013) {
		handoff.eax = MULTIBOOT_BOOTLOADER_MAGIC;
		handoff.ebx = write_multiboot(map);
		handoff.argument = handoff.ebx;
	} else if (switches & SWITCH_NOTES) {
		handoff.eax = ELF_BHDR_MAGIC;
		handoff.ebx = write_notes(area + sizeof(gdt));
		handoff.argument = handoff.ebx;
	}
	if (switches & SWITCH_NOARG)
		handoff.argument = 0;
	if (switches & SWITCH_NOCACHE)
		handoff.cr0 |= CR0_CD_NW;
	say(log, "entering %x: eax %x, ebx %x, argument %x", entry,
	    handoff.eax, handoff.ebx, handoff.argument);
	payload_enter(&handoff);
	__builtin_unreachable();
}

/**
 * payload_returned - the payload has used its return address
 */
void payload_returned(void)
{
	die(NULL, "the payload has returned");
}
