// SPDX-License-Identifier: GPL-2.0
/*
 * The boot notes of elf-boot.txt, section 4.3, made by the reference producer
 * (boot-notes.c) and read by the stub (source-notes.c).
 */
#include "fixture.h"

#include "notes/boot-notes.h"

#define BLOCK		0x9000
#define RSDP_AT		0xe0010
#define EFI_MAP_AT	0x5000
#define ROOM		4096

static const struct source source = { CORRUPT_NOTES, notes_probe };

/* "RSD PTR ", its sum, OEM, revision 0, an RSDT. */
static const u8 rsdp[20] = {
	'R', 'S', 'D', ' ', 'P', 'T', 'R', ' ', 0xf6, 'B', 'O', 'C', 'H', 'S',
	' ', 0, 0x40, 0x17, 0xfe, 0x07,
};

/* Little-endian words of a note's contents. */
struct made {
	const char *name;
	u32 type;
	u32 size;
	u64 word[9];			/* the contents, 8 bytes each */
};

#define NOTES_MAX	8

/* Height, depth, red and green's place; the rest of the colours. */
#define FB_DEPTH(depth)	(480 | (u64)(depth) << 32 | 16ULL << 40 | \
			 8ULL << 48 | 8ULL << 56)
#define FB_COLORS	(8 | 0 << 8 | 8 << 16 | 24 << 24 | 8ULL << 32)

static const struct made
map = { "Linux", 0x301, 72, { 0, 0x9fc00, 1, 0x100000, 0x7e00000, 1,
			      0xfffc0000, 0x40000, 2 } },
initrd = { "Linux", 0x302, 16, { 0x1234567890, 0x1000001 } },
root = { "Linux", 0x303, 8, { RSDP_AT } },
screen = { "Linux", 0x304, 32, { 0xfd000000, 2560 | 640ULL << 32,
				 FB_DEPTH(32), FB_COLORS } },
efi = { "Linux", 0x305, 40, { 64 | 48ULL << 32, 1 | 3ULL << 32, 0x7f9e018,
			      EFI_MAP_AT, 96 } },
seed = { "Linux", 0x306, 32, { 0x0706050403020100, 0x0f0e0d0c0b0a0908,
			       0x1716151413121110, 0x1f1e1d1c1b1a1918 } },
nodes = { "Linux", 0x307, 24, { 0x2000010, 0x2000000, 0x1000 } };

static void add(struct boot_notes *notes, const struct made *made)
{
	u8 *at = boot_notes_reserve(notes, made->name, made->type, made->size);
	u8 bytes[sizeof(made->word)];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(made->word); i++)
		put_le64(bytes + 8 * i, made->word[i]);
	if (expect(at))
		memcpy(at, bytes, made->size < sizeof(bytes) ? made->size :
							       sizeof(bytes));
}

/* A machine with these notes, by EBX. */
static struct handoff machine_notes(struct machine *m,
				    const struct made *const *made, u32 nr)
{
	static u8 block[ROOM];
	struct boot_notes notes;
	u32 i;

	boot_notes_begin(&notes, block, sizeof(block));
	boot_notes_add_string(&notes, EBN_BOOTLOADER_NAME, "kexec");
	for (i = 0; i < nr; i++)
		add(&notes, made[i]);
	machine_add(m, BLOCK, block, boot_notes_end(&notes));
	machine_add(m, RSDP_AT, rsdp, sizeof(rsdp));
	return (struct handoff){ .eax = 0x0e1fb007, .ebx = BLOCK };
}

static void expect_all(const struct bootinfo *bi)
{
	static const struct range want[] = {
		{ 0, 0x9fc00, MEM_RAM }, { 0x100000, 0x7e00000, MEM_RAM },
		{ 0xfffc0000, 0x40000, MEM_RESERVED },
	};
	u32 i;

	expect_eq(bi->map_rank, MAP_LOADER);
	expect_string(bi->map_source, "elf-notes");
	expect_map(&bi->map, want, ARRAY_SIZE(want));
	expect_string(bi->initrd_source, "elf-notes");
	expect_eq(bi->nr_modules, 1);
	expect_eq(bi->module[0].start, 0x1234567890);
	expect_eq(bi->module[0].size, 0x1000001);
	expect_eq(bi->rsdp, RSDP_AT);
	expect_eq(bi->rsdp_size, 0);
	expect_eq(bi->framebuffer.base, 0xfd000000);
	expect_eq(bi->framebuffer.pitch, 2560);
	expect_eq(bi->framebuffer.width, 640);
	expect_eq(bi->framebuffer.height, 480);
	expect_eq(bi->framebuffer.depth, 32);
	expect_eq(bi->framebuffer.red.pos, 16);
	expect_eq(bi->framebuffer.green.pos, 8);
	expect_eq(bi->framebuffer.green.size, 8);
	expect_eq(bi->framebuffer.blue.pos, 0);
	expect_eq(bi->framebuffer.reserved.pos, 24);
	expect_eq(bi->framebuffer.reserved.size, 8);
	expect_eq(bi->efi.bits, 64);
	expect_eq(bi->efi.systab, 0x7f9e018);
	expect_eq(bi->efi.map.start, EFI_MAP_AT);
	expect_eq(bi->efi.map.size, 96);
	expect_eq(bi->efi.desc_size, 48);
	expect_eq(bi->efi.desc_version, 1);
	expect_eq(bi->efi.secure_boot, EBN_SECURE_BOOT_ENABLED);
	expect(bi->no_bios);
	expect_eq(bi->seed_size, 32);
	for (i = 0; i < 32; i++)
		expect_eq(bi->seed[i], i);
}

/* All of them, in any order. */
static void test_orders(void)
{
	const struct made *all[] = {
		&map, &initrd, &root, &screen, &efi, &seed,
	};
	u32 i, nr = ARRAY_SIZE(all);

	for (i = 0; i < nr; i++) {
		const struct made *first = all[0];
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		struct handoff handoff = machine_notes(&m, all, nr);

		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_all(bi);
		memmove(all, all + 1, sizeof(all) - sizeof(all[0]));
		all[nr - 1] = first;
		machine_free(&m);
		free(bi);
	}
	ktap_done("all notes, six orders");
}

/* Each alone says nothing of the others. */
static void test_alone(void)
{
	const struct made *all[] = {
		&map, &initrd, &root, &screen, &efi, &seed,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		struct handoff handoff = machine_notes(&m, &all[i], 1);

		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_eq(!!bi->map_source, all[i] == &map);
		expect_eq(!!bi->initrd_source, all[i] == &initrd);
		expect_eq(!!bi->rsdp, all[i] == &root);
		expect_eq(!!bi->framebuffer.base, all[i] == &screen);
		expect_eq(!!bi->efi.bits, all[i] == &efi);
		expect_eq(bi->no_bios, all[i] == &efi);
		expect_eq(!!bi->seed_size, all[i] == &seed);
		ktap_done("alone: 0x%x", all[i]->type);
		machine_free(&m);
		free(bi);
	}
}

/* Who says UEFI has no BIOS, with a note 0x305 or without. */
static void test_firmware(void)
{
	static const struct {
		const char *text;
		bool no_bios;
	} firmwares[] = {
		{ "UEFI", true }, { "PCBIOS", false }, { "coreboot", false },
		{ "UEFI ", false },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(firmwares); i++) {
		struct handoff handoff = { .eax = 0x0e1fb007, .ebx = BLOCK };
		struct bootinfo *bi = bootinfo_new();
		static u8 block[ROOM];
		struct boot_notes notes;
		struct machine m = {};

		boot_notes_begin(&notes, block, sizeof(block));
		boot_notes_add_string(&notes, EBN_FIRMWARE_TYPE,
				      firmwares[i].text);
		machine_add(&m, BLOCK, block, boot_notes_end(&notes));
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_eq(bi->no_bios, firmwares[i].no_bios);
		ktap_done("firmware \"%s\"", firmwares[i].text);
		machine_free(&m);
		free(bi);
	}
}

/* A loader of another time may know other modes. */
static void test_secure_boot(void)
{
	static const u32 modes[] = { 0, 1, 2, 3, 4, 0x103, ~0U };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		struct handoff handoff = { .eax = 0x0e1fb007, .ebx = BLOCK };
		struct made note = efi;
		struct bootinfo *bi = bootinfo_new();
		static u8 block[ROOM];
		struct boot_notes notes;
		struct machine m = {};

		note.word[1] = 1 | (u64)modes[i] << 32;
		boot_notes_begin(&notes, block, sizeof(block));
		add(&notes, &note);
		machine_add(&m, BLOCK, block, boot_notes_end(&notes));
		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_eq(bi->efi.secure_boot, modes[i] > 3 ? 1 : modes[i]);
		ktap_done("Secure Boot, mode %#x", modes[i]);
		machine_free(&m);
		free(bi);
	}
}

/* What the note before or the one behind it does not change. */
static const struct {
	const char *name;
	struct made made;
	int want;
	u32 ignored;			/* CORRUPT_* */
} edges[] = {
	{ "no range", { "Linux", 0x301, 0, { 0 } }, 0, 0 },
	{ "half a range", { "Linux", 0x301, 36, { 0, 4096, 1, 0 } },
	  0, CORRUPT_MAP },
	{ "an initrd that wraps", { "Linux", 0x302, 16, { ~0ULL, 2 } },
	  -EBADMSG, 0 },
	{ "an initrd that ends at the end", { "Linux", 0x302, 16,
					      { ~0ULL - 1, 1 } }, 0, 0 },
	{ "an initrd without a size", { "Linux", 0x302, 8, { 4096 } },
	  -EBADMSG, 0 },
	{ "an initrd with more", { "Linux", 0x302, 24, { 4096, 1, 5 } }, 0, 0 },
	{ "no RSDP there", { "Linux", 0x303, 8, { RSDP_AT + 4 } }, 0, CORRUPT_RSDP },
	{ "half an address", { "Linux", 0x303, 4, { RSDP_AT } }, 0, CORRUPT_RSDP },
	{ "a framebuffer of 7 bits", { "Linux", 0x304, 32,
	  { 0xfd000000, 2560 | 640ULL << 32, FB_DEPTH(7), FB_COLORS } }, 0, CORRUPT_FRAMEBUFFER },
	{ "a framebuffer at 0", { "Linux", 0x304, 32,
	  { 0, 2560 | 640ULL << 32, FB_DEPTH(32), FB_COLORS } }, 0, 0 },
	{ "a framebuffer cut short", { "Linux", 0x304, 31,
	  { 0xfd000000, 2560 | 640ULL << 32, FB_DEPTH(32), FB_COLORS } }, 0, CORRUPT_FRAMEBUFFER },
	{ "UEFI of 16 bits", { "Linux", 0x305, 40,
	  { 16 | 48ULL << 32, 1, 0x7f9e018, EFI_MAP_AT, 96 } }, 0, CORRUPT_EFI },
	{ "UEFI, small descriptors", { "Linux", 0x305, 40,
	  { 64 | 32ULL << 32, 1, 0x7f9e018, EFI_MAP_AT, 96 } }, 0, CORRUPT_EFI },
	{ "UEFI cut short", { "Linux", 0x305, 39,
	  { 64 | 48ULL << 32, 1, 0x7f9e018, EFI_MAP_AT, 96 } }, 0, CORRUPT_EFI },
	{ "setup_data cut short", { "Linux", 0x307, 7, { 0x2000000 } }, 0, CORRUPT_SETUP_DATA },
	{ "a type nobody knows", { "Linux", 0x309, 3, { ~0ULL } }, 0, 0 },
	{ "the kernel's type", { "Linux", 0x101, 8, { ~0ULL } }, 0, 0 },
	{ "a name like ours", { "Linus", 0x301, 36, { 0 } }, 0, 0 },
	{ "a name that begins like ours", { "Linu", 0x302, 1, { 0 } }, 0, 0 },
	{ "a longer name", { "Linux-x86-kernel", 0x303, 1, { 0 } }, 0, 0 },
	{ "Etherboot's name", { "Etherboot", 0x301, 36, { 0 } }, 0, 0 },
	{ "no name", { NULL, 0x302, 1, { 0 } }, 0, 0 },
};

static void test_edges(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(edges); i++) {
		const struct made *made[] = { &edges[i].made };
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		struct handoff handoff = machine_notes(&m, made, 1);

		expect_eq(probe(&source, &m, &handoff, bi), edges[i].want);
		expect_eq(bi->ignored_bits, edges[i].ignored);
		expect(!bi->map_source && !bi->rsdp && !bi->framebuffer.base);
		ktap_done("%s", edges[i].name);
		machine_free(&m);
		free(bi);
	}
}

/* Which of two would count depended on their order. */
static void test_twice(void)
{
	const struct made *maps[] = { &map, &map };
	const struct made *seeds[] = { &seed, &seed };
	const struct made *initrds[] = { &initrd, &map, &initrd };
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};
	struct handoff handoff = machine_notes(&m, maps, 2);

	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(bi->ignored_bits, CORRUPT_MAP);
	expect(!bi->map_source);
	machine_free(&m);
	handoff = machine_notes(&m, initrds, 3);
	expect_eq(probe(&source, &m, &handoff, bi), -EBADMSG);
	expect_string(fault_text(&bi->fault),
		      "elf-notes: two initrds, the second at 0x1234567890, 0x1000001 bytes");
	machine_free(&m);
	handoff = machine_notes(&m, seeds, 2);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(bi->ignored_bits, CORRUPT_SEED);
	expect_eq(bi->seed_size, 32);
	ktap_done("two maps, two initrds, two seeds");
	machine_free(&m);
	free(bi);
}

/* Where the first node is, and the list behind it; what is there counts later. */
static void test_nodes(void)
{
	const struct made *one[] = { &nodes }, *two[] = { &nodes, &nodes };
	const struct made none = { "Linux", 0x307, 8, { 0x2000010 } };
	const struct made *no_list[] = { &none };
	struct made called = efi;
	const struct made *alone[] = { &called }, *both[] = { &called, &nodes };
	struct bootinfo *bi = bootinfo_new();
	struct machine m = {};
	struct handoff handoff = machine_notes(&m, one, 1);

	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(bi->ignored_bits, 0);
	expect_eq(bi->setup_data, 0x2000010);
	expect_eq(bi->kept.size, 16);
	expect_eq(get_le64(machine_piece(&m, 0) + bi->kept.start - BLOCK),
		  0x2000000);
	machine_free(&m);
	handoff = machine_notes(&m, no_list, 1);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(bi->setup_data, 0x2000010);
	expect_eq(bi->kept.size, 0);
	machine_free(&m);
	handoff = machine_notes(&m, two, 2);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(bi->ignored_bits, CORRUPT_SETUP_DATA);
	expect_eq(bi->kept.size, 16);
	machine_free(&m);
	called.type = 0x308;
	handoff = machine_notes(&m, alone, 1);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect_eq(bi->efi.bits, 64);
	expect(bi->efi_called);
	expect_eq(bi->setup_data, 0);
	machine_free(&m);
	handoff = machine_notes(&m, both, 2);
	expect_eq(probe(&source, &m, &handoff, bi), 0);
	expect(bi->efi_called);
	expect_eq(bi->setup_data, 0x2000010);
	ktap_done("setup_data");
	machine_free(&m);
	free(bi);
}

/* Short ones do not count, long ones are cut; none is left in the block. */
static void test_seeds(void)
{
	static const u32 sizes[][2] = {
		{ 0, 0 }, { 1, 0 }, { 31, 0 }, { 32, 32 }, { 33, 33 },
		{ 64, 64 }, { 65, 64 }, { 512, 64 },
	};
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		const struct made made = { "Linux", 0x306, sizes[i][0],
			{ ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL,
			  ~0ULL } };
		const struct made *notes[] = { &made };
		struct bootinfo *bi = bootinfo_new();
		struct machine m = {};
		struct handoff handoff = machine_notes(&m, notes, 1);

		expect_eq(probe(&source, &m, &handoff, bi), 0);
		expect_eq(bi->seed_size, sizes[i][1]);
		for (k = 0; k < bi->seed_size; k++)
			expect_eq(bi->seed[k], 0xff);
		for (k = 0; k < m.seg[0].len; k++)
			expect(machine_piece(&m, 0)[k] != 0xff);
		ktap_done("seed of %u bytes", sizes[i][0]);
		machine_free(&m);
		free(bi);
	}
}

/* A block that is corrupt leaves nothing behind, and its seed alone. */
static void test_damage(void)
{
	const struct made *all[] = {
		&map, &initrd, &root, &screen, &efi, &seed,
	};
	struct machine m = {};
	struct handoff handoff = machine_notes(&m, all, ARRAY_SIZE(all));
	struct bootinfo *bi = bootinfo_new();
	u8 *sum = machine_piece(&m, 0) + 8;
	u8 *last = machine_piece(&m, 0) + m.seg[0].len - 1;

	*sum ^= 1;
	expect_eq(probe(&source, &m, &handoff, bi), -EBADMSG);
	expect_eq(*last, 0x1f);
	*sum ^= 1;
	ktap_done("checksum");
	expect_truncation(&source, &m, &handoff, 0);
	ktap_done("truncated");
	/* No sum: whatever is written gets past it. */
	sum[0] = 0;
	sum[1] = 0;
	expect_survival(&source, &m, &handoff);
	ktap_done("damaged");
	machine_free(&m);
	free(bi);
}

int main(void)
{
	test_orders();
	test_alone();
	test_edges();
	test_twice();
	test_firmware();
	test_secure_boot();
	test_seeds();
	test_nodes();
	test_damage();
	return ktap_status();
}
