// SPDX-License-Identifier: GPL-2.0
/*
 * elfboot.efi on a firmware with a TPM, or with what stands for one: what is measured,
 * and how; what the kernel gets of the log; TPMs that are not there or fail.
 */
#include <elf.h>

#include "ktap.h"
#include "poison.h"

#include "efi-firmware.h"

#define KERNEL_SIZE	5000
#define TARGET		0x1000000
#define CMDLINE		"quiet"
#define NR_EVENTS	2

static const struct efi_guid linux_log = {
	0xb7799cb0, 0xeca2, 0x4943,
	{ 0x96, 0x67, 0x1f, 0xae, 0x07, 0xb7, 0x47, 0xfa },
};

static const u8 initrd[6] = "initrd";
static u8 kernel[KERNEL_SIZE];
static u8 *log_bytes;
static u32 log_size;

static void make_kernel(void)
{
	Elf32_Ehdr *header = (Elf32_Ehdr *)kernel;
	Elf32_Phdr *phdr = (Elf32_Phdr *)(header + 1);
	u32 i;

	for (i = 0; i < KERNEL_SIZE; i++)
		kernel[i] = i * 5;
	*header = (Elf32_Ehdr){
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC, .e_machine = EM_386, .e_version = EV_CURRENT,
		.e_entry = TARGET, .e_phoff = sizeof(*header),
		.e_ehsize = sizeof(*header), .e_phentsize = sizeof(*phdr),
		.e_phnum = 1,
	};
	*phdr = (Elf32_Phdr){
		.p_type = PT_LOAD, .p_offset = 0x1000, .p_vaddr = TARGET,
		.p_paddr = TARGET, .p_filesz = KERNEL_SIZE - 0x1000,
		.p_memsz = 0x1000,
	};
}

/* A log of format 2: its first entry, and events with two digests each. */
static void make_log(void)
{
	static const struct {
		struct tcg_pcr_event first;
		struct tcg_spec_id id;
		struct tcg_algorithm algorithm[2];
		u8 nothing;
	} __attribute__((packed)) head = {
		{ .event_type = TCG_EV_NO_ACTION, .event_size = 37 },
		{ .signature = TCG_SPEC_ID_SIGNATURE, .nr_algorithms = 2 },
		{ { 4, 20 }, { 11, 32 } }, 0,
	};
	static const struct {
		struct tcg_pcr_event2 head;
		__le16 sha1;
		u8 digest[20];
		__le16 sha256;
		u8 digest2[32];
		struct tcg_event_data data;
		u8 event[5];
	} __attribute__((packed)) event = {
		.head = { 4, 0x80000003, 2 }, .sha1 = 4, .sha256 = 11,
		.data = { 5 }, .event = "event",
	};
	u32 i;

	free(log_bytes);
	log_size = sizeof(head) + NR_EVENTS * sizeof(event);
	log_bytes = allocate(log_size);
	memcpy(log_bytes, &head, sizeof(head));
	for (i = 0; i < NR_EVENTS; i++)
		memcpy(log_bytes + sizeof(head) + i * sizeof(event), &event,
		       sizeof(event));
	firmware.log_format = TCG_LOG_2;
	firmware.log = log_bytes;
	firmware.log_last = log_size - sizeof(event);
}

static void set(enum firmware_tpm tpm, const u16 *options)
{
	u32 len = 0;

	while (options && options[len])
		len++;
	make_kernel();
	firmware_reset(options, options ? 2 * (len + 1) : 0);
	firmware.files[0] = (struct firmware_file){ u"vm", kernel, KERNEL_SIZE, 0, 0 };
	firmware.files[1] = (struct firmware_file){ u"one", initrd, sizeof(initrd), 0, 0 };
	firmware.tpm = tpm;
	make_log();
}

/* With kernel and, if that is asked for, command line and initrd in it. */
static void set_composed(enum firmware_tpm tpm, const u16 *options, u32 nr)
{
	set(tpm, options);
	firmware_begin_sections(0x5000, nr);
	firmware_add_section(0, 0x1000, ".linux", kernel, KERNEL_SIZE);
	firmware_add_section(1, 0x3000, ".cmdline", CMDLINE, strlen(CMDLINE));
	firmware_add_section(2, 0x4000, ".initrd", initrd, sizeof(initrd));
	firmware.image.size = 0x5000;
}

static const struct {
	u32 tag;
	const char *name;
} events[] = {
	[MEASURED_OPTIONS] = { 0x8f3b22ed, "LOADED_IMAGE::LoadOptions" },
	[MEASURED_INITRD] = { 0x8f3b22ec, "Linux initrd" },
	[MEASURED_KERNEL] = { 0x42464c45, "elfboot.efi: kernel" },
};

static void expect_measured(u32 nr, enum measured what, const void *data,
			    u64 size)
{
	const struct firmware_measured *one = &firmware.measured[nr];

	if (!expect(nr < firmware.nr_measured))
		return;
	expect_eq(one->at, firmware.tpm == TPM_CC ? 3 : 9);
	expect_eq(one->type, TCG_EV_EVENT_TAG);
	expect_eq(one->tag, events[what].tag);
	expect_string(one->name, events[what].name);
	if (expect_eq(one->size, size))
		expect_bytes(one->data, data, size < 256 ? size : 256);
}

/* Begins as LINUX_EFI_TPM_EVENT_LOG_GUID's table does, and then the log. */
static void expect_log(u32 format, u32 size, u32 final)
{
	const u8 *table = firmware.linux_log;
	u32 word;

	if (!expect(table))
		return;
	memcpy(&word, table, 4);
	expect_eq(word, size);
	memcpy(&word, table + 4, 4);
	expect_eq(word, final);
	expect_eq(table[8], format);
	expect_bytes(table + 9, firmware.log, size);
}

static void expect_entered(void)
{
	expect_eq(firmware_run(), EFI_SUCCESS);
	expect(firmware.left);
}

static void test_files(enum firmware_tpm tpm, const char *name)
{
	static const u16 options[] = u"elfboot.efi vm initrd=one " CMDLINE;

	set(tpm, options);
	expect_entered();
	expect_string(firmware.text, "");
	expect_eq(firmware.nr_measured, 3);
	expect_measured(0, MEASURED_OPTIONS, options, sizeof(options));
	expect_measured(1, MEASURED_KERNEL, kernel, sizeof(kernel));
	expect_measured(2, MEASURED_INITRD, initrd, sizeof(initrd));
	expect_log(TCG_LOG_2, log_size, 0);
	ktap_done("%s: options, kernel and initrd from files", name);
}

static void offer_initrd(void)
{
	firmware.offered = initrd;
	firmware.offered_size = sizeof(initrd);
}

static void test_composed(void)
{
	set_composed(TPM_2, NULL, 3);
	expect_entered();
	expect_eq(firmware.nr_measured, 0);
	expect_log(TCG_LOG_2, log_size, 0);
	ktap_done("what the firmware has measured with us is not measured again");
	set_composed(TPM_2, u"me.efi", 2);
	offer_initrd();
	expect_entered();
	expect_eq(firmware.nr_measured, 2);
	expect_measured(0, MEASURED_OPTIONS, u"me.efi", sizeof(u"me.efi"));
	expect_measured(1, MEASURED_INITRD, initrd, sizeof(initrd));
	ktap_done("an initrd that is offered");
	set_composed(TPM_2, u"init=/bin/sh", 2);
	firmware.secure = 1;
	offer_initrd();
	expect_entered();
	expect_eq(firmware.nr_measured, 1);
	expect_measured(0, MEASURED_INITRD, initrd, sizeof(initrd));
	ktap_done("options that are ignored are not measured");
	set_composed(TPM_2, NULL, 3);
	firmware_add_section(2, 0x4000, ".ucode", initrd, sizeof(initrd));
	offer_initrd();
	expect_entered();
	expect_eq(firmware.nr_measured, 1);
	expect_measured(0, MEASURED_INITRD, "initrd\0\0\0\0\0\0initrd", 18);
	ktap_done("an initrd behind microcode of ours, as the kernel gets it");
	set_composed(TPM_2, u"a\nb", 3);
	expect_entered();
	expect_eq(firmware.nr_measured, 0);
	ktap_done("options that are no text, neither");
}

static void test_absent(void)
{
	static const enum firmware_tpm kinds[] = { TPM_NONE, TPM_ABSENT };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		set(kinds[i], u"vm initrd=one");
		expect_entered();
		expect_string(firmware.text, "");
		expect_eq(firmware.nr_measured, 0);
		expect(!firmware.linux_log);
		set_composed(kinds[i], NULL, 2);
		firmware.secure = 1;
		offer_initrd();
		expect_entered();
	}
	ktap_done("no TPM: nothing is measured, and no word about it");
}

static void test_failing(void)
{
	set(TPM_2, u"vm initrd=one");
	firmware.extend_status = EFI_DEVICE_ERROR;
	expect_entered();
	expect_string(firmware.text,
		      "elfboot: LOADED_IMAGE::LoadOptions: not measured by the TPM: device error\r\n"
		      "elfboot: elfboot.efi: kernel: not measured by the TPM: device error\r\n"
		      "elfboot: Linux initrd: not measured by the TPM: device error\r\n");
	ktap_done("a TPM that fails costs a line");
	set(TPM_2, u"vm");
	firmware.extend_status = EFI_VOLUME_FULL;
	expect_entered();
	expect_string(firmware.text,
		      "elfboot: LOADED_IMAGE::LoadOptions: measured, but the TPM's event log is full\r\n"
		      "elfboot: elfboot.efi: kernel: measured, but the TPM's event log is full\r\n");
	ktap_done("and so does one whose log is full");
	set_composed(TPM_2, NULL, 2);
	firmware.secure = 1;
	offer_initrd();
	firmware.extend_status = EFI_DEVICE_ERROR;
	expect_eq(firmware_run(), EFI_DEVICE_ERROR);
	expect(!firmware.left);
	expect_eq(firmware_missing() + firmware.pools, 0);
	expect_string(firmware.text,
		      "elfboot: Linux initrd: not measured by the TPM: device error\r\n");
	ktap_done("with Secure Boot nobody is booted with what cannot be measured");
	set_composed(TPM_2, NULL, 2);
	firmware.secure = 1;
	offer_initrd();
	firmware.extend_status = EFI_VOLUME_FULL;
	expect_entered();
	ktap_done("but with what has been measured, and not logged");
}

/* Each call fails once; at the end boot services do not end. */
static void test_faults(void)
{
	u32 n;

	for (n = 1; n < 1000; n++) {
		set(TPM_2, u"vm initrd=one");
		firmware.fail_at = n;
		if (firmware_run() != EFI_SUCCESS) {
			/* The firmware has the log, and may not be asked to drop it. */
			u32 stays = firmware.tried ? 1 : 0;

			expect(!firmware.linux_log != firmware.tried ||
			       firmware.calls == n);
			expect(firmware_missing() == stays || firmware.calls == n);
			expect_eq(firmware.pools, 0);
			expect(!firmware.seed_left && !firmware.seed_on_stack);
		}
		if (!firmware.failed)
			break;
	}
	expect(n > 40 && n < 1000);
	ktap_done("%u calls fail in turn: no table is left that nobody needs",
		  n - 1);
	for (n = 0; n < 3; n++) {
		set(TPM_2, u"vm");
		firmware.changes = n;
		expect_entered();
		expect_log(TCG_LOG_2, log_size, 0);
	}
	ktap_done("a memory map that changes");
}

/* One before us has left a log there: what goes back to the firmware is that one. */
static void test_earlier(void)
{
	static u8 earlier[16];
	u32 n, back = 0;

	for (n = 1; n < 1000; n++) {
		set(TPM_2, u"vm initrd=one");
		do_install_table(&linux_log, earlier);
		firmware.calls = 0;
		firmware.fail_at = n;
		if (firmware_run() != EFI_SUCCESS && !firmware.tried) {
			expect(firmware.linux_log == earlier ||
			       firmware.calls == n);
			back++;
		}
		if (!firmware.failed)
			break;
	}
	expect_log(TCG_LOG_2, log_size, 0);
	expect(back >= 8);
	ktap_done("a table of another loader's is there again, in %u failures", back);
}

static void test_logs(void)
{
	static const struct tcg_pcr_event old = { .event_size = 3 };
	u8 bytes[sizeof(old) + 3] = { 0 };
	u8 *final;

	set(TPM_2, u"vm");
	memcpy(bytes, &old, sizeof(old));
	firmware.log = bytes;
	firmware.log_format = TCG_LOG_1_2;
	firmware.log_last = 0;
	expect_entered();
	expect_log(TCG_LOG_1_2, sizeof(bytes), 0);
	ktap_done("a log of format 1.2");
	set(TPM_2, u"vm");
	firmware.log_empty = true;
	expect_entered();
	expect_log(TCG_LOG_2, 0, 0);
	ktap_done("a log without entries");
	set(TPM_2, u"vm");
	firmware.log_format = 0;
	expect_entered();
	expect(!firmware.linux_log);
	expect_string(firmware.text, "");
	ktap_done("no log");
	set(TPM_2, u"vm");
	log_bytes[firmware.log_last + 8] = 17;
	expect_entered();
	expect(!firmware.linux_log);
	expect_string(firmware.text, "elfboot: the TPM's event log makes no sense\r\n");
	ktap_done("a log that makes no sense");

	/* The last event of the log is a final one already. */
	set(TPM_2, u"vm");
	final = calloc(1, 16 + log_size);
	final[0] = 1;
	final[8] = 1;
	memcpy(final + 16, log_bytes + firmware.log_last,
	       log_size - firmware.log_last);
	firmware.tables[2].vendor = (struct efi_guid){
		0x1e2ed096, 0x30e2, 0x4254,
		{ 0xbd, 0x89, 0x86, 0x3b, 0xbe, 0xf8, 0x23, 0x25 },
	};
	firmware.tables[2].table = final;
	expect_entered();
	expect_log(TCG_LOG_2, log_size, log_size - firmware.log_last);
	ktap_done("final events");
	set(TPM_CC, u"vm");
	firmware.tables[2].vendor = (struct efi_guid){
		0xdd4a4648, 0x2de7, 0x4665,
		{ 0x96, 0x4d, 0x21, 0xd9, 0xef, 0x5f, 0xb4, 0x46 },
	};
	firmware.tables[2].table = final;
	expect_entered();
	expect_log(TCG_LOG_2, log_size, log_size - firmware.log_last);
	ktap_done("final events of a confidential machine");
	free(final);
}

int main(void)
{
	test_files(TPM_2, "TPM 2");
	test_files(TPM_CC, "CC");
	test_composed();
	test_absent();
	test_failing();
	test_faults();
	test_earlier();
	test_logs();
	free(firmware_sections);
	free(log_bytes);
	return ktap.status;
}
