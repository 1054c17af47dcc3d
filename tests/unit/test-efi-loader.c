// SPDX-License-Identifier: GPL-2.0
/*
 * elfboot.efi as a whole, on a firmware of the test's own (efi-firmware.h): what
 * is handed over, every call that fails in turn, maps of any size that change
 * meanwhile, and who is sent back with which words.
 */
#include <elf.h>

#include "ktap.h"
#include "poison.h"

#include "efi-firmware.h"
#include "jump.h"
#include "notes/boot-notes.h"

#define KERNEL_SIZE	20000
#define DATA_AT		0x1000
#define TARGET		0x1000000
#define MEMSZ		0x30000
#define CMDLINE		"console=ttyS0 quiet"
#define OPTIONS		u"elfbootx64.efi vm initrd=one console=ttyS0 quiet initrd=/two"

static u8 kernel[KERNEL_SIZE];
static const u8 one[5] = "12345", two[4000] = "second";
static const u8 both[4012] = "12345\0\0\0\0\0\0\0second";

static void make_kernel_at(u32 target)
{
	Elf32_Ehdr *header = (Elf32_Ehdr *)kernel;
	Elf32_Phdr *phdr = (Elf32_Phdr *)(header + 1);
	u32 i;

	for (i = 0; i < KERNEL_SIZE; i++)
		kernel[i] = i * 7 ^ i >> 8;
	*header = (Elf32_Ehdr){
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC, .e_machine = EM_386, .e_version = EV_CURRENT,
		.e_entry = target + 0x10, .e_phoff = sizeof(*header),
		.e_ehsize = sizeof(*header), .e_phentsize = sizeof(*phdr),
		.e_phnum = 1,
	};
	*phdr = (Elf32_Phdr){
		.p_type = PT_LOAD, .p_offset = DATA_AT, .p_vaddr = target,
		.p_paddr = target, .p_filesz = KERNEL_SIZE - DATA_AT,
		.p_memsz = MEMSZ,
	};
}

static void make_kernel_64(void)
{
	Elf64_Ehdr *header = (Elf64_Ehdr *)kernel;

	make_kernel_at(TARGET);
	*header = (Elf64_Ehdr){
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC, .e_machine = EM_X86_64,
		.e_version = EV_CURRENT, .e_entry = TARGET + 0x10,
		.e_phoff = sizeof(*header), .e_ehsize = sizeof(*header),
		.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
	};
	*(Elf64_Phdr *)(header + 1) = (Elf64_Phdr){
		.p_type = PT_LOAD, .p_offset = DATA_AT, .p_paddr = TARGET,
		.p_filesz = KERNEL_SIZE - DATA_AT, .p_memsz = MEMSZ,
	};
}

static void with_files(const u16 *options, u32 size)
{
	firmware_reset(options, size);
	firmware.files[0] = (struct firmware_file){ u"vm", kernel, KERNEL_SIZE, 0, 0 };
	firmware.files[1] = (struct firmware_file){ u"one", one, sizeof(one), 0, 0 };
	firmware.files[2] = (struct firmware_file){ u"\\two", two, sizeof(two), 0, 0 };
}

/* From two files. */
static void set_files(void)
{
	with_files(OPTIONS, sizeof(OPTIONS));
}

/* By LoadFile2. */
static void set_offer(void)
{
	with_files(u"vm " CMDLINE, sizeof(u"vm " CMDLINE));
	firmware.offered = both;
	firmware.offered_size = sizeof(both);
}

/* Out of sections of our own image. */
static u32 begin_sections(u8 nr)
{
	u32 at = 0x1000;

	firmware_reset(NULL, 0);
	firmware_begin_sections(0x10000, nr);
	at = firmware_add_section(0, at, ".cmdline", CMDLINE "\n\0", 21);
	at = firmware_add_section(1, at, ".linux", kernel, KERNEL_SIZE);
	return at;
}

static void set_sections(void)
{
	u32 at = begin_sections(3);

	firmware.image.size = firmware_add_section(2, at, ".initrd", both, sizeof(both));
}

/* Microcode comes in front of the initrd, or alone. */
static void set_microcode(void)
{
	u32 at = firmware_add_section(2, begin_sections(4), ".initrd", two, sizeof(two));

	firmware.image.size = firmware_add_section(3, at, ".ucode", one, sizeof(one));
}

static void set_microcode_alone(void)
{
	firmware.image.size = firmware_add_section(2, begin_sections(3),
						   ".ucode", both, sizeof(both));
}

static struct jump_words words(void)
{
	struct jump_words words;

	memcpy(&words, firmware.code + 100, sizeof(words));
	return words;
}

/* Neither of these may be where the kernel comes to. */
static bool is_clear(u64 start, u64 size)
{
	u32 target = words().move[0].to;

	return start + size <= (target & ~0xfffU) || start >= target + MEMSZ;
}

static void expect_initrd(const void *block, const void *want, u32 want_size)
{
	const struct ebn_initrd *initrd;
	u32 size;

	initrd = boot_notes_find(block, "Linux", EBN_LINUX_INITRD, &size);
	if (!want) {
		expect(!initrd);
		return;
	}
	if (!expect(initrd && size == sizeof(*initrd)) ||
	    !expect_eq(initrd->size, want_size))
		return;
	expect_bytes(at(initrd->addr), want, want_size);
	expect(is_clear(initrd->addr, initrd->size));
}

static u32 secure_mode(void)
{
	if (firmware.secure_status == EFI_NOT_FOUND)
		return EBN_SECURE_BOOT_DISABLED;
	if (firmware.secure_status != EFI_SUCCESS)
		return EBN_SECURE_BOOT_UNKNOWN;
	return firmware.secure && !firmware.setup ?
	       EBN_SECURE_BOOT_ENABLED : EBN_SECURE_BOOT_DISABLED;
}

static void expect_efi(const void *block)
{
	const struct ebn_efi *efi;
	u32 size;

	efi = boot_notes_find(block, "Linux", EBN_LINUX_EFI, &size);
	if (!expect(efi && size == sizeof(*efi)))
		return;
	expect_eq(efi->bits, 8 * sizeof(void *));
	expect_eq(efi->systab, address_of(&firmware.system));
	expect_eq(efi->desc_size, firmware.desc_size);
	expect_eq(efi->map_size, firmware.nr * firmware.desc_size);
	if (!firmware.fail_at)
		expect_eq(efi->secure_boot, secure_mode());
	expect(is_clear(efi->map, efi->map_size));
}

static void expect_map(const void *block)
{
	const struct ebn_range *range;
	u64 told = 0, there = 0;
	u32 size, i;

	range = boot_notes_find(block, "Linux", EBN_LINUX_MEMORY_MAP, &size);
	if (!expect(range))
		return;
	for (i = 0; i < size / sizeof(*range); i++)
		told += range[i].size;
	for (i = 0; i < firmware.nr; i++)
		there += firmware.areas[i].pages * EFI_PAGE;
	expect_eq(told, there);
}

static void expect_string_note(const void *block, u32 type, const char *want)
{
	u32 size;
	const char *text = boot_notes_find(block, NULL, type, &size);

	expect_string(text, want);
}

static const char *wanted_cmdline = CMDLINE;

/* All that the image gets. */
static void expect_handover(const void *initrd, u32 initrd_size, u32 target)
{
	struct jump_words w = words();
	const void *block = at(w.notes);
	const struct ebn_framebuffer *fb;
	const struct ebn_rsdp *rsdp;
	const u8 *seed;
	u32 size;

	expect_eq(w.entry, target + 0x10);
	expect_eq(w.move[0].to, target);
	expect_eq(w.move[0].size, KERNEL_SIZE - DATA_AT);
	expect_eq(w.move[0].zero, MEMSZ - (KERNEL_SIZE - DATA_AT));
	expect_bytes(at(w.move[0].from), kernel + DATA_AT, w.move[0].size);
	expect(is_clear(w.move[0].from, w.move[0].size));
	expect_eq(w.move[1].size + w.move[1].zero, 0);
	expect(is_clear(address_of(firmware.code), EFI_PAGE));
	if (firmware.protects) {
		expect_eq(firmware.can_run, address_of(firmware.code));
		expect_eq(firmware.read_only, address_of(firmware.code));
	}
	expect(is_clear(w.notes, 0x10000));
	memcpy(&size, block + 4, sizeof(size));
	if (!expect_eq(boot_notes_verify(block, size), 0))
		return;
	expect_string_note(block, EBN_FIRMWARE_TYPE, "UEFI");
	expect_string_note(block, EBN_BOOTLOADER_NAME, "elfboot.efi");
	expect_string_note(block, EBN_COMMAND_LINE, wanted_cmdline);
	expect_initrd(block, initrd, initrd_size);
	expect_efi(block);
	expect_map(block);
	rsdp = boot_notes_find(block, "Linux", EBN_LINUX_RSDP, &size);
	expect(rsdp && rsdp->addr == 0xf2000);
	fb = boot_notes_find(block, "Linux", EBN_LINUX_FRAMEBUFFER, &size);
	if (fb) {
		expect_eq(fb->pitch, 832 * 4);
		expect_eq(fb->red.pos, 16);
	}
	expect(fb || firmware.no_display || firmware.failed);
	seed = boot_notes_find(block, "Linux", EBN_LINUX_RNG_SEED, &size);
	if (seed && expect_eq(size, 64))
		expect_eq(seed[63], 0x77);
	expect(seed || firmware.no_rng || firmware.failed);
	expect(!firmware.seed_left);
	expect(!firmware.watched || firmware.failed);
}

/* The image is entered, and gets this. */
static void expect_start(const void *initrd, u32 initrd_size, u32 target)
{
	expect_eq(firmware_run(), EFI_SUCCESS);
	if (expect(firmware.left))
		expect_handover(initrd, initrd_size, target);
}

static const struct {
	const char *name;
	void (*set)(void);
} ways[] = {
	{ "files", set_files },
	{ "LoadFile2", set_offer },
	{ "sections", set_sections },
	{ "sections, with microcode", set_microcode },
	{ "sections, with microcode alone", set_microcode_alone },
};

static void test_ways(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		make_kernel_at(TARGET);
		ways[i].set();
		expect_eq(firmware_run(), EFI_SUCCESS);
		expect_string(firmware.text, "");
		if (expect(firmware.left)) {
			expect_handover(both, sizeof(both), TARGET);
			expect_eq(words().tables, 0);
		}
		expect_eq(firmware.open + firmware.events, 0);
		ktap_done("%s", ways[i].name);
	}
}

static void test_64(void)
{
	make_kernel_64();
	set_files();
	expect_eq(firmware_run(), EFI_SUCCESS);
	if (expect(firmware.left)) {
		u64 *top = at(words().tables);

		expect_handover(both, sizeof(both), TARGET);
		expect(is_clear(words().tables, PAGING_SIZE));
		if (expect(top)) {
			u64 *middle = at(top[0] & ~0xfffULL);
			u64 *pages = at(middle[3] & ~0xfffULL);

			expect_eq(pages[511], 0xffe00083);
		}
	}
	ktap_done("a 64-bit image");
}

static void test_no_64(void)
{
	make_kernel_64();
	set_files();
	firmware.no_64 = true;
	expect_eq(firmware_run(), EFI_UNSUPPORTED);
	expect_string(firmware.text, "elfboot: vm: a 64-bit program, and this CPU is a 32-bit one: unsupported\r\n");
	expect_eq(firmware_missing() + firmware.pools + firmware.open, 0);
	ktap_done("a 64-bit image, and a CPU that is not");
}

/* The name in front is that of the last node that has one. */
static void test_own_name(void)
{
	static const u8 path[] = {
		1, 1, 6, 0, 0, 0,
		4, 4, 12, 0, 'E', 0, 'F', 0, 'I', 0, 0, 0,
		4, 4, 12, 0, 'm', 0, 'e', 0, 0, 0, 0, 0,
		0x7f, 0xff, 4, 0,
	};
	static const u8 broken[] = { 1, 1, 0, 0 };
	static const u16 options[] = u"me vm initrd=one " CMDLINE " initrd=/two";

	make_kernel_at(TARGET);
	with_files(options, sizeof(options));
	firmware.image.path = (void *)path;
	expect_start(both, sizeof(both), TARGET);
	set_files();
	firmware.image.path = (void *)broken;
	expect_eq(firmware_run(), EFI_SUCCESS);
	expect(firmware.left);
	ktap_done("our own name by our device path");
}

static void test_rsdp(void)
{
	const struct ebn_rsdp *rsdp;
	u32 size;

	set_files();
	firmware.system.nr_tables = 1;
	expect_eq(firmware_run(), EFI_SUCCESS);
	if (!expect(firmware.left))
		return;
	rsdp = boot_notes_find(at(words().notes), "Linux", EBN_LINUX_RSDP,
			       &size);
	expect(rsdp && rsdp->addr == 0xf1000);
	ktap_done("ACPI 1.0 alone");
}

static void test_overwritten(void)
{
	static const u32 places[] = { TARGET - 1, TARGET, TARGET + MEMSZ - 1,
				      TARGET + MEMSZ };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		char says[100] = "";

		make_kernel_at(TARGET);
		set_files();
		firmware.changes = 1;
		firmware.tables[2].vendor.a = 0xb122a263;
		firmware.tables[2].table = at(places[i]);
		firmware.system.nr_tables = 3;
		if (i == 1 || i == 2)
			snprintf(says, sizeof(says),
				 "elfboot: vm: it goes where the firmware has a table, 0xb122a263 at %#x\r\n",
				 places[i]);
		expect_start(both, sizeof(both), TARGET);
		expect_string(firmware.text, says);
	}
	ktap_done("a table of the firmware's where the image goes");
}

static void test_initrd_order(void)
{
	make_kernel_at(TARGET);
	set_files();
	firmware.offered = kernel;
	firmware.offered_size = sizeof(kernel);
	expect_start(both, sizeof(both), TARGET);
	ktap_done("a file that is named wins over one that is offered");
	set_offer();
	firmware.offered = NULL;
	expect_start(NULL, 0, TARGET);
	ktap_done("no initrd");
	set_offer();
	firmware.unmeasured = true;
	expect_eq(firmware_run(), EFI_LOAD_ERROR);
	expect(!firmware.left);
	expect_string(firmware.text, "elfboot: the initrd that is offered (LoadFile2): load error\r\n");
	ktap_done("an offer that has given nothing, and says that it has");
}

/*
 * Each call fails once. What is left out then was optional, or nothing is
 * entered, all is given back, and there is a word about it.
 */
static void fail_each(const char *name, void (*set)(void), efi_status status)
{
	u32 n, entered = 0, refused = 0;

	for (n = 1;; n++) {
		make_kernel_at(TARGET);
		set();
		firmware.fail_at = n;
		firmware.fail_status = status;
		firmware.changes = 1;
		if (firmware_run() == EFI_SUCCESS) {
			if (!expect(firmware.left))
				break;
			if (!firmware.failed)
				break;
			expect_handover(both, sizeof(both), TARGET);
			entered++;
		} else {
			expect(!firmware.left);
			expect(strstr(firmware.text, "elfboot: "));
			/* What cannot be given back is the firmware's fault. */
			expect(firmware_missing() == 0 ||
			       firmware.calls == firmware.fail_at);
			expect_eq(firmware.pools, 0);
			expect(!firmware.seed_left && !firmware.seed_on_stack);
			refused++;
		}
		expect_eq(firmware.open + firmware.events, 0);
		if (n > 1000)
			break;
	}
	expect(refused >= 8);
	ktap_done("%s: %u calls fail in turn, %u of them do no harm", name,
		  entered + refused, entered);
}

static void test_faults(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		fail_each(ways[i].name, ways[i].set, EFI_DEVICE_ERROR);
		fail_each(ways[i].name, ways[i].set, EFI_OUT_OF_RESOURCES);
	}
}

static void test_changes(void)
{
	u32 changes;

	for (changes = 0; changes < 20; changes++) {
		make_kernel_at(TARGET);
		set_files();
		firmware.changes = changes;
		if (firmware_run() == EFI_SUCCESS && firmware.left) {
			expect(changes < 16);
			expect_handover(both, sizeof(both), TARGET);
			continue;
		}
		expect(changes >= 16);
		expect(strstr(firmware.text, "changes all the time: invalid parameter\r\n"));
		expect_eq(firmware_missing(), 0);
		expect(!firmware.seed_left && !firmware.seed_on_stack);
	}
	ktap_done("a map that changes before boot services end");
	for (changes = 1; changes < 4; changes++) {
		make_kernel_at(TARGET);
		set_files();
		firmware.protects = true;
		firmware.changes = changes;
		firmware.change_areas = 0x3000 / firmware.desc_size;
		expect_start(both, sizeof(both), TARGET);
	}
	ktap_done("one that becomes much longer: nobody but memory is asked then");
}

/* Descriptors until the map has so many bytes. */
static void grow_map(u32 bytes)
{
	u64 start = 0x8000000;

	for (; firmware.nr < bytes / firmware.desc_size; start += 0x2000) {
		u32 i;

		for (i = 0; i < firmware.nr; i++)
			if (firmware.areas[i].start > start)
				break;
		insert_area(i, start, 1, EFI_TYPE_ACPI_NVS);
	}
}

static void test_maps(void)
{
	static const u32 sizes[] = { 40, 48, 56, 80 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		make_kernel_at(TARGET);
		set_files();
		firmware.desc_size = sizes[i];
		firmware.changes = 2;
		grow_map(i ? 0x10000 : 0xa000);
		expect_eq(firmware_run(), EFI_SUCCESS);
		if (expect(firmware.left))
			expect_handover(both, sizeof(both), TARGET);
		ktap_done("descriptors of %u bytes, a map of 64 KiB", sizes[i]);
	}
	set_files();
	firmware.desc_size = 40;
	grow_map(0x1c000);
	expect_eq(firmware_run(), EFI_BAD_BUFFER_SIZE);
	expect(strstr(firmware.text, "more than 65536 bytes of boot notes"));
	expect_eq(firmware_missing(), 0);
	ktap_done("a map that no block has room for");
	set_files();
	firmware.desc_size = 32;
	expect_eq(firmware_run(), EFI_UNSUPPORTED);
	ktap_done("descriptors that are too short");
}

/* A map that was right the last time may not be so any more. */
static void test_short_later(void)
{
	static const char says[] =
		"elfboot: memory descriptors of 32 bytes: unsupported\r\n";
	u32 n, found = 0;

	for (n = 1; n < 200; n++) {
		make_kernel_at(TARGET);
		set_files();
		firmware.short_at = n;
		if (!firmware_run()) {
			expect(firmware.left && !firmware.failed);
			continue;
		}
		found++;
		expect(!firmware.left);
		expect(strstr(firmware.text, says));
		expect_eq(firmware_missing() + firmware.pools, 0);
	}
	expect(found >= 4);
	ktap_done("and so in each of %u calls", found);
}

static void test_reads(void)
{
	static const u32 sizes[] = { 1, 7, 4096 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		make_kernel_at(TARGET);
		set_files();
		firmware.read_max = sizes[i];
		expect_eq(firmware_run(), EFI_SUCCESS);
		if (expect(firmware.left))
			expect_handover(both, sizeof(both), TARGET);
		ktap_done("files in pieces of %u bytes", sizes[i]);
	}
}

static void test_slow(void)
{
	make_kernel_at(TARGET);
	set_files();
	firmware.read_max = 1000;
	firmware.slow = 22;
	expect_eq(firmware_run(), EFI_SUCCESS);
	expect_string(firmware.text, "elfboot: vm ....................\r\nelfboot: one .\r\nelfboot: /two .\r\n");
	if (expect(firmware.left))
		expect_handover(both, sizeof(both), TARGET);
	set_files();
	firmware.read_max = 1000;
	firmware.slow = 2;
	firmware.files[0].end = 5000;
	expect_eq(firmware_run(), EFI_LOAD_ERROR);
	expect_string(firmware.text, "elfboot: vm ..\r\nelfboot: vm: ends at byte 0x1388 of 0x4e20: load error\r\n");
	ktap_done("dots where it takes long");
}

/* The file comes to where the image goes, and has to move. */
static void test_in_the_way(void)
{
	u64 top;

	set_files();
	top = address_of(firmware.arena) + ARENA_PAGES * EFI_PAGE;
	if (top > GIB_4)
		top = GIB_4;
	make_kernel_at(top - MEMSZ);
	expect_start(both, sizeof(both), top - MEMSZ);
	ktap_done("a file where the image goes");
}

static const struct {
	const char *name;
	const u16 *options;
	efi_status status;
	const char *says;
} refusals[] = {
	{ "no word", u"", EFI_INVALID_PARAMETER,
	  "elfboot: usage: elfboot.efi KERNEL [initrd=FILE]... [WORD]...: invalid parameter\r\n" },
	{ "no such kernel", u"elfbootx64.efi vn", EFI_NOT_FOUND,
	  "elfboot: vn: not found\r\n" },
	{ "no such initrd", u"vm initrd=three", EFI_NOT_FOUND,
	  "elfboot: three: not found\r\n" },
	{ "one initrd of two", u"vm initrd=one initrd=three", EFI_NOT_FOUND,
	  "elfboot: three: not found\r\n" },
	{ "not an ELF file", u"/two", EFI_LOAD_ERROR,
	  "elfboot: /two: not an ELF file: load error\r\n" },
};

static void test_refusals(void)
{
	u32 i, len;

	make_kernel_at(TARGET);
	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		for (len = 0; refusals[i].options[len]; len++)
			;
		with_files(refusals[i].options, 2 * len);
		expect_eq(firmware_run(), refusals[i].status);
		expect_string(firmware.text, refusals[i].says);
		expect_eq(firmware_missing() + firmware.pools + firmware.open,
			  0);
		ktap_done("%s", refusals[i].name);
	}
}

static void expect_refusal(const char *name, efi_status status,
			   const char *says)
{
	expect_eq(firmware_run(), status);
	expect_string(firmware.text, says);
	expect_eq(firmware_missing() + firmware.pools + firmware.open, 0);
	ktap_done("%s", name);
}

static void test_targets(void)
{
	char says[200];

	make_kernel_at(0x7f0000);
	set_files();
	expect_refusal("a target that the firmware keeps", EFI_OUT_OF_RESOURCES,
		       "elfboot: vm: it goes to 0x7f0000, 0x30000 bytes, and the firmware keeps what is at 0x800000 (type 10): out of resources\r\n");
	make_kernel_at(0x3ff0000);
	set_files();
	expect_refusal("a target without memory", EFI_OUT_OF_RESOURCES,
		       "elfboot: vm: it goes to 0x3ff0000, 0x30000 bytes, and there is no memory at 0x4000000: out of resources\r\n");
	make_kernel_64();
	((Elf64_Phdr *)(kernel + sizeof(Elf64_Ehdr)))->p_paddr = GIB_4;
	((Elf64_Ehdr *)kernel)->e_entry = GIB_4;
	set_files();
	snprintf(says, sizeof(says),
		 "elfboot: vm: a segment ends at %#llx, above 4 GiB: unsupported\r\n",
		 GIB_4 + MEMSZ);
	expect_refusal("a target above 4 GiB", EFI_UNSUPPORTED, says);
}

static void test_files(void)
{
	make_kernel_at(TARGET);
	set_files();
	firmware.files[0].end = 5000;
	expect_refusal("a file that ends early", EFI_LOAD_ERROR,
		       "elfboot: vm: ends at byte 0x1388 of 0x4e20: load error\r\n");
	set_files();
	firmware.files[2].attributes = EFI_FILE_DIRECTORY;
	expect_refusal("a directory", EFI_UNSUPPORTED,
		       "elfboot: /two: a directory: unsupported\r\n");
	set_files();
	firmware.files[1].size = 0;
	expect_refusal("an empty file", EFI_LOAD_ERROR,
		       "elfboot: one: an empty file: load error\r\n");
	set_files();
	firmware.files[1].size = 1ULL << 40;
	expect_refusal("an initrd that has no room", EFI_OUT_OF_RESOURCES,
		       "elfboot: no room for the initrd's 0x10000000fa4 bytes: out of resources\r\n");
	set_files();
	firmware.files[2].size -= 4;
	firmware.grows = 4;
	expect_refusal("an initrd that grows meanwhile", EFI_LOAD_ERROR,
		       "elfboot: /two: it has grown: load error\r\n");
	with_files(u"vm initrd=/two initrd=one", sizeof(u"vm initrd=/two initrd=one"));
	firmware.files[1] = (struct firmware_file){ u"one", one, 1, 0, 0 };
	firmware.files[2].size = 3991;
	firmware.grows = 3;
	expect_refusal("an initrd that grows into the padding behind it",
		       EFI_LOAD_ERROR,
		       "elfboot: one: it has grown: load error\r\n");
	set_files();
	firmware.no_volume = true;
	expect_refusal("no file system", EFI_UNSUPPORTED,
		       "elfboot: vm: no file system where elfboot.efi comes from: unsupported\r\n");
}

/* Without a .cmdline the load options count, but for initrd=. */
static void set_signed_initrd(void)
{
	static const u16 options[] = u"initrd=/two " CMDLINE;

	set_sections();
	memcpy(firmware_sections + 0x80 + 24, ".no", 4);
	firmware.secure = 1;
	firmware.files[0] = (struct firmware_file){ u"\\two", two, sizeof(two), 0, 0 };
	firmware.image.options = (void *)options;
	firmware.image.options_size = sizeof(options);
}

static void test_secure(void)
{
	make_kernel_at(TARGET);
	set_files();
	firmware.secure = 1;
	expect_refusal("Secure Boot and a file", EFI_SECURITY_VIOLATION,
		       "elfboot: vm: Secure Boot is on, and a file is not signed: security violation\r\n");
	set_files();
	firmware.secure_status = EFI_DEVICE_ERROR;
	expect_refusal("Secure Boot, perhaps, and a file",
		       EFI_SECURITY_VIOLATION,
		       "elfboot: vm: Secure Boot is on, and a file is not signed: security violation\r\n");
	set_files();
	firmware.secure = 1;
	firmware.setup = 1;
	expect_start(both, sizeof(both), TARGET);
	ktap_done("Secure Boot that is being set up");
	set_sections();
	firmware.secure_status = EFI_DEVICE_ERROR;
	expect_start(both, sizeof(both), TARGET);
	ktap_done("Secure Boot, perhaps");
	set_sections();
	firmware.secure_status = EFI_NOT_FOUND;
	expect_start(both, sizeof(both), TARGET);
	ktap_done("a firmware that knows no Secure Boot");
	set_sections();
	firmware.secure = 1;
	firmware.image.options = (void *)u"init=/bin/sh";
	firmware.image.options_size = 26;
	expect_start(both, sizeof(both), TARGET);
	expect_string(firmware.text, "elfboot: load options ignored: Secure Boot is on, and there is a .cmdline\r\n");
	ktap_done("Secure Boot and load options");
	set_sections();
	memset(firmware_sections + 0x1000, ' ', 21);
	firmware.secure = 1;
	firmware.image.options = (void *)u"init=/bin/sh";
	firmware.image.options_size = 26;
	wanted_cmdline = "";
	expect_start(both, sizeof(both), TARGET);
	wanted_cmdline = CMDLINE;
	expect_string(firmware.text, "elfboot: load options ignored: Secure Boot is on, and there is a .cmdline\r\n");
	ktap_done("Secure Boot, load options, and a .cmdline that is empty");
	set_sections();
	firmware.secure = 1;
	firmware.offered = kernel;
	firmware.offered_size = sizeof(kernel);
	expect_start(both, sizeof(both), TARGET);
	expect_string(firmware.text, "elfboot: Secure Boot is on, and there is a .initrd: no other counts\r\n");
	ktap_done("Secure Boot and an initrd that is offered");
	set_signed_initrd();
	expect_start(both, sizeof(both), TARGET);
	expect_string(firmware.text, "elfboot: Secure Boot is on, and there is a .initrd: no other counts\r\n");
	ktap_done("Secure Boot and an initrd that is named");
	set_signed_initrd();
	firmware.secure = 0;
	expect_start(two, sizeof(two), TARGET);
	expect_string(firmware.text, "");
	ktap_done("no Secure Boot, and an initrd that is named");
}

/* It belongs to the CPU: whose initrd it is does not matter. */
static void set_microcode_and(const u16 *options, u32 size)
{
	make_kernel_at(TARGET);
	firmware.image.size = firmware_add_section(2, begin_sections(3),
						   ".ucode", one, sizeof(one));
	firmware.files[0] = (struct firmware_file){ u"\\two", two, sizeof(two), 0, 0 };
	firmware.image.options = (void *)options;
	firmware.image.options_size = size;
}

static void test_microcode(void)
{
	static const u16 options[] = u"initrd=/two " CMDLINE;
	u8 secure;

	for (secure = 0; secure < 2; secure++) {
		set_microcode_and(NULL, 0);
		firmware.secure = secure;
		firmware.offered = two;
		firmware.offered_size = sizeof(two);
		expect_start(both, sizeof(both), TARGET);
		expect_string(firmware.text, "");
		set_microcode_and(options, sizeof(options));
		memcpy(firmware_sections + 0x80 + 24, ".no", 4);
		firmware.secure = secure;
		expect_start(both, sizeof(both), TARGET);
		expect_string(firmware.text, "");
	}
	ktap_done("microcode of ours, and an initrd from outside");
	set_microcode_and(NULL, 0);
	firmware.offered = two;
	firmware.offered_size = ~0ULL - 2;
	expect_eq(firmware_run(), EFI_OUT_OF_RESOURCES);
	expect(!firmware.left);
	expect_eq(firmware_missing() + firmware.pools, 0);
	ktap_done("microcode, and so much more that no sum holds it");
	set_microcode_and(NULL, 0);
	firmware.offered = two;
	firmware.offered_size = sizeof(two);
	firmware.offered_lost = true;
	expect_eq(firmware_run(), EFI_LOAD_ERROR);
	expect(!firmware.left);
	expect_eq(firmware_missing() + firmware.pools, 0);
	ktap_done("an initrd that is offered, and then has no bytes");
}

/* Two profiles with an initrd each; systemd-boot says which. */
static void set_profiles(const u16 *options, u32 size)
{
	u32 at = begin_sections(6);

	at = firmware_add_section(2, at, ".profile", "a", 1);
	at = firmware_add_section(3, at, ".initrd", two, sizeof(two));
	at = firmware_add_section(4, at, ".profile", "b", 1);
	firmware.image.size = firmware_add_section(5, at, ".initrd", both, sizeof(both));
	firmware.image.options = (void *)options;
	firmware.image.options_size = size;
}

static void test_profiles(void)
{
	make_kernel_at(TARGET);
	set_profiles(NULL, 0);
	expect_start(two, sizeof(two), TARGET);
	ktap_done("the first profile");
	set_profiles(u"@1", sizeof(u"@1"));
	expect_start(both, sizeof(both), TARGET);
	ktap_done("the second profile");
	set_profiles(u"x.efi @1 " CMDLINE, sizeof(u"x.efi @1 " CMDLINE));
	firmware.secure = 1;
	expect_start(both, sizeof(both), TARGET);
	expect_string(firmware.text, "elfboot: load options ignored: Secure Boot is on, and there is a .cmdline\r\n");
	ktap_done("the second profile, and Secure Boot");
	set_profiles(u"@2", sizeof(u"@2"));
	expect_refusal("a third profile", EFI_NOT_FOUND,
		       "elfboot: @2: there are 2 profiles: not found\r\n");
}

/* What a boot manager of firmware leaves; it is as long as it says. */
static void test_garbage(void)
{
	static const u32 sizes[] = { 0, 1, 65535 };
	u32 i;

	make_kernel_at(TARGET);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u8 *bytes = allocate(sizes[i]);

		if (sizes[i] > 9)
			memset(bytes + 8, 0, 2);
		set_sections();
		firmware.image.options = bytes;
		firmware.image.options_size = sizes[i];
		expect_eq(firmware_run(), EFI_SUCCESS);
		if (expect(firmware.left))
			expect_handover(both, sizeof(both), TARGET);
		expect_eq(!*firmware.text, !sizes[i]);
		ktap_done("load options of %u bytes", sizes[i]);
		free(bytes);
	}
	set_sections();
	firmware.image.options = (void *)u"a\nb";
	firmware.image.options_size = 6;
	expect_start(both, sizeof(both), TARGET);
	expect_string(firmware.text, "elfboot: load options ignored, 6 bytes: a control character is in them\r\n");
	ktap_done("load options with control characters");
}

static void test_long_cmdline(void)
{
	static u16 options[3000];
	u32 len;

	make_kernel_at(TARGET);
	for (len = 2048; len <= 2052; len += 4) {
		u32 i;

		for (i = 0; i < len; i++)
			options[i] = i == 2 ? ' ' : "vmxx"[i < 3 ? i : 3];
		with_files(options, 2 * len);
		if (len - 3 <= 2047) {
			expect_eq(firmware_run(), EFI_SUCCESS);
			expect(firmware.left);
		} else {
			expect_eq(firmware_run(), EFI_INVALID_PARAMETER);
			expect_string(firmware.text, "elfboot: the command line has 2049 bytes, 2047 is the limit: invalid parameter\r\n");
		}
	}
	ktap_done("a command line that no kernel sees whole");
}

static void test_displays(void)
{
	static const struct {
		u32 format, red, green, blue, reserved;
		u8 depth, red_pos, red_size;
	} cases[] = {
		{ EFI_PIXEL_RGB, 0, 0, 0, 0, 32, 0, 8 },
		{ EFI_PIXEL_BGR, 0, 0, 0, 0, 32, 16, 8 },
		{ EFI_PIXEL_MASK, 0xf800, 0x7e0, 0x1f, 0, 16, 11, 5 },
		{ EFI_PIXEL_MASK, 0xff0000, 0xff00, 0xff, 0xff000000, 32, 16,
		  8 },
		{ EFI_PIXEL_BLT_ONLY, 0, 0, 0, 0, 0, 0, 0 },
		{ 4, 0, 0, 0, 0, 0, 0, 0 },
	};
	u32 i, size;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct ebn_framebuffer *fb;

		set_files();
		firmware.mode_info.format = cases[i].format;
		firmware.mode_info.red = cases[i].red;
		firmware.mode_info.green = cases[i].green;
		firmware.mode_info.blue = cases[i].blue;
		firmware.mode_info.reserved = cases[i].reserved;
		expect_eq(firmware_run(), EFI_SUCCESS);
		if (!expect(firmware.left))
			continue;
		fb = boot_notes_find(at(words().notes), "Linux",
				     EBN_LINUX_FRAMEBUFFER, &size);
		if (!expect_eq(!fb, !cases[i].depth) || !fb)
			continue;
		expect_eq(fb->depth, cases[i].depth);
		expect_eq(fb->red.pos, cases[i].red_pos);
		expect_eq(fb->red.size, cases[i].red_size);
		expect_eq(fb->pitch, 832 * cases[i].depth / 8);
	}
	set_files();
	firmware.no_display = true;
	firmware.no_rng = true;
	expect_eq(firmware_run(), EFI_SUCCESS);
	if (expect(firmware.left)) {
		expect_handover(both, sizeof(both), TARGET);
		expect(!boot_notes_find(at(words().notes), "Linux",
					EBN_LINUX_RNG_SEED, &size));
	}
	ktap_done("displays, and none");
	set_files();
	firmware.two_displays = true;
	expect_start(both, sizeof(both), TARGET);
	expect_eq(firmware.pools, 1);	/* the memory map */
	ktap_done("two displays that are one console");
}

static void set_protected(void)
{
	make_kernel_at(TARGET);
	set_files();
	firmware.protects = true;
}

/* A page that is read-only is not given back; any other is. */
static void test_protected_faults(void)
{
	u32 n, kept = 0;

	for (n = 1; n < 1000; n++) {
		set_protected();
		firmware.fail_at = n;
		if (firmware_run() == EFI_SUCCESS && !firmware.failed)
			break;
		if (firmware.left)
			continue;
		expect(!firmware.seed_left && !firmware.seed_on_stack);
		expect(!firmware.read_only == !firmware_missing() ||
		       firmware.calls == n);
		kept += !!firmware.read_only;
	}
	expect(n > 40 && n < 1000);
	expect(kept && kept < 4);
	ktap_done("memory is protected: of %u failures %u leave a page behind", n - 1,
		  kept);
}

static void test_protection(void)
{
	set_protected();
	expect_start(both, sizeof(both), TARGET);
	ktap_done("memory is protected");
	set_protected();
	firmware.clear_status = EFI_SECURITY_VIOLATION;
	expect_refusal("and stays so", EFI_SECURITY_VIOLATION,
		       "elfboot: the firmware lets no code run that was not signed with us: security violation\r\n");
	expect_eq(firmware.read_only, 0);
	set_protected();
	firmware.clear_status = EFI_SECURITY_VIOLATION;
	firmware.keeps_read_only = true;
	expect_eq(firmware_run(), EFI_SECURITY_VIOLATION);
	expect(firmware.read_only && firmware_missing());
	ktap_done("what stays read-only is not given back");
	test_protected_faults();
}

int main(void)
{
	test_protection();
	test_ways();
	test_64();
	test_no_64();
	test_own_name();
	test_rsdp();
	test_overwritten();
	test_initrd_order();
	test_faults();
	test_changes();
	test_maps();
	test_short_later();
	test_reads();
	test_slow();
	test_in_the_way();
	test_refusals();
	test_targets();
	test_files();
	test_secure();
	test_microcode();
	test_profiles();
	test_garbage();
	test_long_cmdline();
	test_displays();
	free(firmware_sections);
	return ktap.status;
}
