// SPDX-License-Identifier: GPL-2.0
/*
 * The stub's sources, one by one and as main.c asks them, with registers and
 * memory of an input (input.h). What a source believes goes all the way to
 * boot_params (pipeline.c); what it does not may have left no trace.
 */
#include "fuzz.h"
#include "pipeline.h"
#include "coreboot-sums.h"
#include "stub-params.h"
#include "machine/bios.h"
#include "sources/wire-multiboot.h"
#include "sources/wire-multiboot2.h"
#include "sources/wire-notes.h"

#define BLOCK_HEADER	12
#define RSDP_SIZE	20

#define FW_CFG_DATA	0x511
#define FW_CFG_DIR	0x19

/**
 * struct input - an input, taken apart
 * @machine: the memory
 * @handoff: the registers
 * @flags: INPUT_*
 * @device: what devices say
 * @left: bytes of it
 */
struct input {
	struct machine machine;
	struct handoff handoff;
	u32 flags;
	const u8 *device;
	size_t left;
};

/* The machine that ports and the BIOS belong to. */
static struct input now;
static const struct ram_seg *fw_cfg_item;
static size_t fw_cfg_at;

static u8 device_byte(void)
{
	if (!now.left)
		return 0;
	now.left--;
	return *now.device++;
}

bool cpu_is_virtual(void)
{
	return now.flags & INPUT_VIRTUAL;
}

/* fw_cfg: the directory is the first piece, any file the last. */
void port_write16(u16 value, u16 port)
{
	u32 i = value == FW_CFG_DIR ? 0 : now.machine.ram.nr - 1;

	fw_cfg_item = value ? &now.machine.seg[i] : NULL;
	fw_cfg_at = 0;
}

void port_write(u8 value, u16 port)
{
}

u8 port_read(u16 port)
{
	static const char signature[] = "QEMU";
	size_t at = fw_cfg_at++;

	if (port != FW_CFG_DATA)
		return device_byte();
	if (!fw_cfg_item)
		return at < sizeof(signature) ? signature[at] : 0;
	return at < fw_cfg_item->len ? ((u8 *)fw_cfg_item->va)[at] : 0;
}

void bios_open(const struct ram *ram, void *save)
{
	memset(save, 0x5a, BIOS_LOW_SIZE);
}

void bios_close(const struct ram *ram, const void *save)
{
}

/* It answers as it is asked to, or with noise. */
void bios_call(u8 vector, struct bios_regs *regs)
{
	u8 entry[20];
	u8 answer = device_byte();
	u32 i;

	for (i = 0; i < sizeof(entry); i++)
		entry[i] = device_byte();
	ram_write(&now.machine.ram, BIOS_BUFFER, entry, sizeof(entry));
	regs->ebx = answer & 0x80 ? regs->ebx + 1 : get_le32(entry);
	regs->ecx = get_le32(entry + 4);
	if (answer & 0x40)
		regs->eax = vector == 0x15 ? 0x534d4150 : 0x1a;
	else
		regs->eax = get_le32(entry + 8);
	regs->edx = get_le32(entry + 12);
	regs->eflags = answer & BIOS_CARRY;
}

static bool input_read(const u8 *data, size_t size, struct input *input)
{
	u32 *registers[] = {
		&input->handoff.eax, &input->handoff.ebx, &input->handoff.ecx,
		&input->handoff.edx, &input->handoff.esi, &input->handoff.edi,
		&input->handoff.esp,
	};
	size_t left = size - INPUT_HEADER;
	const u8 *contents = data + INPUT_HEADER;
	u32 i;

	memset(input, 0, sizeof(*input));
	if (size < INPUT_HEADER)
		return false;
	for (i = 0; i < ARRAY_SIZE(registers); i++)
		*registers[i] = get_le32(data + i * 4);
	input->flags = get_le32(data + INPUT_FLAGS);
	for (i = 0; i < PIECES_MAX; i++) {
		const u8 *piece = data + INPUT_PIECES + i * INPUT_PIECE;
		u64 pa = get_le64(piece);
		size_t len = get_le32(piece + 8) % (INPUT_PIECE_MAX + 1);
		size_t filled = get_le32(piece + 12);
		u8 *memory = machine_add(&input->machine, pa, NULL, len);

		if (filled > len)
			filled = len;
		if (filled > left)
			filled = left;
		memcpy(memory, contents, filled);
		contents += filled;
		left -= filled;
	}
	input->device = contents;
	input->left = left;
	return true;
}

static void repair_coreboot(u8 *table, size_t len)
{
	if (len >= HEADER)
		fix_sums(table, len);
}

static void repair_block(u8 *block, size_t len)
{
	u32 size;

	if (len < BLOCK_HEADER)
		return;
	size = get_le32(block + 4);
	if (size > len)
		size = len;
	if (!block[8] && !block[9])
		return;
	put_le16(block + 8, 0);
	put_le16(block + 8, internet_checksum(block, size));
}

static void repair_rsdp(u8 *rsdp, size_t len)
{
	u8 sum = 0;
	u32 i;

	if (len < RSDP_SIZE || memcmp(rsdp + 4, "PTR ", 4))
		return;
	rsdp[8] = 0;
	for (i = 0; i < RSDP_SIZE; i++)
		sum += rsdp[i];
	rsdp[8] = -sum;
}

static void repair(struct input *input)
{
	static const struct {
		u8 magic[4];
		void (*repair)(u8 *at, size_t len);
	} repairs[] = {
		{ "RSD ", repair_rsdp },	/* may lie in a table */
		{ "LBIO", repair_coreboot },
		{ { 0x07, 0xb0, 0x1f, 0x0e }, repair_block },
	};
	u32 i, k;
	size_t at;

	for (k = 0; k < ARRAY_SIZE(repairs); k++)
		for (i = 0; i < input->machine.ram.nr; i++) {
			u8 *piece = machine_piece(&input->machine, i);
			size_t len = input->machine.seg[i].len;

			for (at = 0; at + 4 <= len; at += 4)
				if (!memcmp(piece + at, repairs[k].magic, 4))
					repairs[k].repair(piece + at, len - at);
		}
}

static void check_fault(const struct fault *fault)
{
	char line[400];

	must(fault->source && fault->text);
	snprintf(line, sizeof(line), fault->text,
		 (unsigned long long)fault->value[0],
		 (unsigned long long)fault->value[1]);
	/* print() has 192 bytes, with what main() says around it. */
	must(strlen(line) < 120);
}

/*
 * Ask a source; if it does not believe what there is, nothing has changed; if
 * there is no booting it says why.
 */
static int ask(typeof(multiboot_probe) *source, struct bootinfo *bi)
{
	static struct bootinfo before;
	u32 i;
	int ret;

	bootinfo_copy(&before, bi);
	bi->fault.text = NULL;
	bi->nr_ignored = 0;
	bi->ignored_bits = 0;
	ret = source(&now.machine.ram, &now.handoff, bi);
	must(ret == 0 || ret == -ENOENT || ret == -EINVAL || ret == -EBADMSG);
	if (ret == -EBADMSG)
		check_fault(&bi->fault);
	else
		must(!ret || bootinfo_same(&before, bi));
	must(bi->nr_ignored < IGNORED_MAX);
	must(bi->nr_ignored || !bi->ignored_bits);
	for (i = 0; i < bi->nr_ignored; i++)
		check_fault(&bi->ignored[i]);
	pipeline_check(bi);
	return ret;
}

static bool start(const u8 *data, size_t size)
{
	if (!input_read(data, size, &now))
		return false;
	if (now.flags & INPUT_REPAIR)
		repair(&now);
	memset(words, 0, sizeof(*words));
	fw_cfg_item = NULL;
	return true;
}

static struct bootinfo *start_info(void)
{
	return now.flags & INPUT_FULL ? bootinfo_new_full() : bootinfo_new();
}

static void finish(struct bootinfo *bi)
{
	pipeline_run(&now.machine.ram, &now.handoff, now.flags, bi);
	free(bi);
}

/* One source, however it is prepared. */
static void run_source(const u8 *data, size_t size,
		       typeof(multiboot_probe) *source,
		       void (*prepare)(struct bootinfo *bi))
{
	struct bootinfo *bi;

	if (!start(data, size))
		return;
	bi = start_info();
	prepare(bi);
	if (ask(source, bi) == -EBADMSG)
		free(bi);
	else
		finish(bi);
	machine_free(&now.machine);
}

static void prepare_nothing(struct bootinfo *bi)
{
}

static void prepare_multiboot(struct bootinfo *bi)
{
	now.handoff.eax = MULTIBOOT_BOOTLOADER_MAGIC;
}

static void prepare_multiboot2(struct bootinfo *bi)
{
	now.handoff.eax = MULTIBOOT2_BOOTLOADER_MAGIC;
}

static void prepare_pvh(struct bootinfo *bi)
{
	now.handoff.eax = HVM_START_MAGIC;
}

/* What coreboot's table would say of the flash. */
static void prepare_cbfs(struct bootinfo *bi)
{
	bi->cbfs.start = now.handoff.eax | (u64)now.handoff.ebx << 32;
	bi->cbfs.size = now.handoff.ecx | (u64)now.handoff.edx << 32;
}

static void prepare_composed(struct bootinfo *bi)
{
	words->cmdline = __cpu_to_le32(now.handoff.eax);
	words->cmdline_size = __cpu_to_le32(now.handoff.ebx);
	words->initrd = __cpu_to_le32(now.handoff.ecx);
	words->initrd_size = __cpu_to_le32(now.handoff.edx);
}

static void prepare_fwcfg(struct bootinfo *bi)
{
	now.flags |= INPUT_VIRTUAL;
	bi->map_rank = MAP_NONE;
	bi->map.nr = 0;
	bi->map_source = NULL;
}

static u32 word_at(u64 pa)
{
	u8 word[4] = {};

	must(!ram_read(&now.machine.ram, pa, word, sizeof(word)));
	return get_le32(word);
}

/* All modules, in order, or none at all and no boot. */
static void check_module(const struct bootinfo *bi, u32 i, u64 pa)
{
	u32 start = word_at(pa), end = word_at(pa + 4);

	must(i < bi->nr_modules);
	must(bi->module[i].start == start && bi->module[i].size == end - start);
}

/* Without the loader's name there is no telling what comes first. */
static void check_cmdline(const struct bootinfo *bi, u64 pa)
{
	char first = 0;

	must(!ram_read(&now.machine.ram, pa, &first, 1));
	must(bi->cmdline[0] || bi->loader[0] || !first);
}

#define INFO_CMDLINE	0x4
#define INFO_MODULES	0x8

/* Nothing of the core is lost. */
static int ask_multiboot(const struct ram *ram, const struct handoff *handoff,
			 struct bootinfo *bi)
{
	u64 info = handoff->ebx;
	int ret = multiboot_probe(ram, handoff, bi);
	u32 i;

	if (ret || now.flags & INPUT_FULL)
		return ret;
	if (word_at(info) & INFO_CMDLINE && word_at(info + 16))
		check_cmdline(bi, word_at(info + 16));
	must(bi->nr_modules == (word_at(info) & INFO_MODULES ?
				word_at(info + 20) : 0));
	for (i = 0; i < bi->nr_modules; i++)
		check_module(bi, i, word_at(info + 24) + i * 16ULL);
	return ret;
}

static void run_multiboot(const u8 *data, size_t size)
{
	run_source(data, size, ask_multiboot, prepare_multiboot);
}

#define TAG_CMDLINE	1
#define TAG_MODULE	3

static int ask_multiboot2(const struct ram *ram, const struct handoff *handoff,
			  struct bootinfo *bi)
{
	u64 at = handoff->ebx + 8ULL, cmdline = 0, end;
	int ret = multiboot2_probe(ram, handoff, bi);
	u32 nr = 0;

	if (ret || now.flags & INPUT_FULL)
		return ret;
	end = at - 8 + word_at(at - 8);
	while (at + 8 <= end && word_at(at)) {
		if (word_at(at) == TAG_CMDLINE)
			cmdline = at + 8;
		if (word_at(at) == TAG_MODULE)
			check_module(bi, nr++, at + 8);
		at += (word_at(at + 4) + 7) & ~7;
	}
	must(bi->nr_modules == nr);
	if (cmdline)
		check_cmdline(bi, cmdline);
	return ret;
}

static void run_multiboot2(const u8 *data, size_t size)
{
	run_source(data, size, ask_multiboot2, prepare_multiboot2);
}

static void run_pvh(const u8 *data, size_t size)
{
	run_source(data, size, pvh_probe, prepare_pvh);
}

static void run_notes(const u8 *data, size_t size)
{
	run_source(data, size, notes_probe, prepare_nothing);
}

static void run_coreboot(const u8 *data, size_t size)
{
	run_source(data, size, coreboot_probe, prepare_nothing);
	run_source(data, size, coreboot_scan, prepare_nothing);
}

static u32 get_be32(const u8 *p)
{
	return (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

/* A flash from @start on, as much of it as there is. */
static u8 *read_flash(const struct ram *ram, u64 start, u64 size)
{
	u8 *flash, last;
	u64 i;

	if (!size || ram_read(ram, start + size - 1, &last, 1))
		return NULL;
	flash = allocate(size + 1);
	flash[size] = '\0';
	for (i = 0; i < size; i++)
		if (ram_read(ram, start + i, flash + i, 1))
			break;
	if (i == size)
		return flash;
	free(flash);
	return NULL;
}

/*
 * coreboot's cbfs_walk(), for one name; size 0: there is none, or none that
 * can be used.
 */
static struct range model_cbfs(const u8 *flash, u64 start, u64 size,
			       const char *wanted)
{
	const struct range none = {};
	u64 at = 0;

	while (at + 24 < size) {
		const u8 *p = flash + at;
		u64 offset = get_be32(p + 20), len = get_be32(p + 8);
		u32 type = get_be32(p + 12), attribute = get_be32(p + 16);

		if (memcmp(p, "LARCHIVE", 8)) {
			at += 64;
			continue;
		}
		if (type && ~type && at + 24 + strlen(wanted) < size &&
		    !strcmp((const char *)p + 24, wanted)) {
			if (offset < 24 || at + offset + len > size)
				return none;
			while (attribute && attribute + 8ULL <= offset) {
				u32 step = get_be32(p + attribute + 4);

				if (at + attribute + 12 > size)
					return none;
				if (get_be32(p + attribute) == 0x42435a4c &&
				    get_be32(p + attribute + 8))
					return none;
				if (get_be32(p + attribute) == 0x42435a4c)
					break;
				if (step < 8 || step > offset - attribute)
					break;
				attribute += step;
			}
			return (struct range){ start + at + offset, len, 0 };
		}
		at += offset + len ? (offset + len + 63) / 64 * 64 : 64;
	}
	return none;
}

/* What is taken is what is there, and none of it is lost to a neighbour. */
static int ask_cbfs(const struct ram *ram, const struct handoff *handoff,
		    struct bootinfo *bi)
{
	const u64 start = bi->cbfs.start, size = bi->cbfs.size;
	bool had_initrd = bi->nr_modules, had_cmdline = bi->cmdline_source;
	int ret = cbfs_probe(ram, handoff, bi);
	struct range initrd, cmdline;
	const char *text;
	size_t blanks;
	u8 *flash;

	if (ret == -ENOENT || start + size > 0x100000000ULL)
		return ret;
	flash = read_flash(ram, start, size);
	if (!flash)
		return ret;
	/* No file costs the others. */
	must(!ret);
	initrd = model_cbfs(flash, start, size, "elfboot/initrd");
	cmdline = model_cbfs(flash, start, size, "elfboot/cmdline");
	if (!had_initrd) {
		must(bi->nr_modules == !!initrd.size);
		must(!bi->nr_modules ||
		     (bi->module[0].start == initrd.start &&
		      bi->module[0].size == initrd.size));
	}
	if (!had_cmdline) {
		must(!bi->cmdline_source || cmdline.size);
		/* One of blanks is none. */
		text = (const char *)flash + (cmdline.size ?
					      cmdline.start - start : 0);
		blanks = strspn(text, "\n\r ");
		must(bi->cmdline_source || blanks >= cmdline.size ||
		     blanks >= CMDLINE_SIZE - 1 || !text[blanks]);
	}
	free(flash);
	return ret;
}

static void run_cbfs(const u8 *data, size_t size)
{
	run_source(data, size, ask_cbfs, prepare_cbfs);
}

static void run_argv(const u8 *data, size_t size)
{
	run_source(data, size, argv_probe, prepare_nothing);
}

#define BP_SENTINEL	0x1ef

/* What nobody has cleared is not believed. */
static int ask_bootparams(const struct ram *ram, const struct handoff *handoff,
			  struct bootinfo *bi)
{
	int ret = bootparams_probe(ram, handoff, bi);
	u8 sentinel = 0;

	if (ret || now.flags & INPUT_FULL)
		return ret;
	must(!ram_read(ram, handoff->esi + (u64)BP_SENTINEL, &sentinel, 1));
	if (!sentinel)
		return ret;
	must(!bi->rsdp);
	must(!bi->nr_modules ||
	     !((bi->module[0].start | bi->module[0].size) >> 32));
	return ret;
}

static void run_bootparams(const u8 *data, size_t size)
{
	run_source(data, size, ask_bootparams, prepare_nothing);
}

static void run_fwcfg(const u8 *data, size_t size)
{
	run_source(data, size, fwcfg_probe, prepare_fwcfg);
}

static void run_composed(const u8 *data, size_t size)
{
	run_source(data, size, composed_probe, prepare_composed);
}

/* Who may have called, and then the firmware: main.c's order. */
static void run_all(const u8 *data, size_t size)
{
	static typeof(multiboot_probe) *const callers[] = {
		multiboot2_probe, multiboot_probe, pvh_probe, notes_probe,
		coreboot_probe, bootparams_probe, argv_probe,
	};
	static typeof(multiboot_probe) *const firmware[] = {
		coreboot_scan, cbfs_probe, composed_probe, bios_probe,
		fwcfg_probe, cmos_probe,
	};
	struct bootinfo *bi;
	int ret = -ENOENT;
	u32 i;

	if (!start(data, size))
		return;
	bi = bootinfo_new();
	for (i = 0; i < ARRAY_SIZE(callers); i++) {
		ret = ask(callers[i], bi);
		if (!ret || ret == -EBADMSG)
			break;
	}
	if (ret == -EBADMSG) {
		machine_free(&now.machine);
		free(bi);
		return;
	}
	if (i == ARRAY_SIZE(callers)) {
		bi->source = "none";
		bootinfo_set_loader(bi, "");
	}
	for (i = 0; i < ARRAY_SIZE(firmware); i++)
		ask(firmware[i], bi);
	must(bi->protocol);
	finish(bi);
	machine_free(&now.machine);
}

const struct driver drivers[] = {
	{ "multiboot",	run_multiboot },
	{ "multiboot2",	run_multiboot2 },
	{ "pvh",	run_pvh },
	{ "notes",	run_notes },
	{ "coreboot",	run_coreboot },
	{ "cbfs",	run_cbfs },
	{ "argv",	run_argv },
	{ "bootparams",	run_bootparams },
	{ "fwcfg",	run_fwcfg },
	{ "composed",	run_composed },
	{ "all",	run_all },
	{ NULL, NULL }
};
