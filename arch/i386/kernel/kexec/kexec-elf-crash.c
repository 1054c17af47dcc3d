// SPDX-License-Identifier: GPL-2.0
/*
 * A crash kernel: all of it is in the memory that crashkernel= has reserved,
 * and it may use no other but the first MiB, nor a BIOS. Where the memory of this
 * kernel is it learns from an ELF core header (elfcorehdr=), as one from bzImage
 * does (arch/x86/kernel/crash.c, kexec-bzimage64.c).
 */
#define pr_fmt(fmt)	"kexec-elf: " fmt

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kexec.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/bootparam.h>
#include <asm/crash.h>
#include <asm/setup.h>

#include "kexec-compat.h"
#include "kexec/kexec-elf.h"

/* What a boot loader says that knows nothing else of a kernel. */
#define HDR_MAGIC	0x53726448	/* "HdrS" */
#define HDR_VERSION	0x020c
#define LOADER_KEXEC	0xd0

/* In front of the command line, where nothing behind it can hide them. */
static int make_cmdline(const struct kimage *image, const char *cmdline,
			struct kexec_elf_crash *crash)
{
	const size_t room = sizeof(crash->cmdline);
	size_t len;

	len = scnprintf(crash->cmdline, room, "elfcorehdr=0x%lx ",
			kexec_elf_x86_core_header(image));
	len += kexec_elf_x86_add_key_word(image, crash->cmdline + len,
					  room - len);
	if (strlen(cmdline) < room - len) {
		strcpy(crash->cmdline + len, cmdline);
		return 0;
	}
	pr_err("the command line has %zu bytes, %zu is the limit of a crash kernel\n",
	       strlen(cmdline), room - len - 1);
	return -EINVAL;
}

/*
 * The core fills a list with room for so many ranges, and drops others in
 * silence; the crash kernel's own memory is among the last.
 */
static int make_map(struct kimage *image, struct boot_params *params)
{
	int ret = crash_setup_memmap_entries(image, params);

	if (ret || params->e820_entries < E820_MAX_ENTRIES_ZEROPAGE)
		return ret;
	pr_err("the memory map of a crash kernel has more than %d ranges\n",
	       E820_MAX_ENTRIES_ZEROPAGE - 1);
	return -E2BIG;
}

static void fill_params(struct boot_params *params)
{
	params->screen_info = *kexec_elf_x86_screen();
	params->acpi_rsdp_addr = kexec_elf_x86_find_rsdp();
	params->secure_boot = boot_params.secure_boot;
	params->hdr.header = HDR_MAGIC;
	params->hdr.version = HDR_VERSION;
	params->hdr.type_of_loader = LOADER_KEXEC;
	params->hdr.loadflags = LOADED_HIGH;
	params->hdr.hardware_subarch = boot_params.hdr.hardware_subarch;
}

static int make_crash(struct kimage *image, const char *cmdline,
		      struct kexec_elf_crash *crash)
{
	int ret = make_cmdline(image, cmdline, crash);

	if (!ret)
		ret = make_map(image, &crash->params);
	if (!ret)
		fill_params(&crash->params);
	return ret;
}

/**
 * kexec_elf_x86_begin_crash - begin to load a crash kernel
 * @image: where it is being loaded; there is nothing in it yet
 * @cmdline: its command line
 *
 * The ELF core header is added, and what the kernel is told of it.
 *
 * Return: what it is told, for kfree(), or an error of kexec_add_buffer();
 * -EINVAL if its command line becomes too long, -E2BIG if its memory map does.
 */
struct kexec_elf_crash *kexec_elf_x86_begin_crash(struct kimage *image,
						  const char *cmdline)
{
	struct kexec_elf_crash *crash;
	int ret = crash_load_segments(image);

	if (ret) {
		pr_err("the ELF core header cannot be added: %d\n", ret);
		return ERR_PTR(ret);
	}
	ret = kexec_elf_x86_add_keys(image);
	if (ret) {
		pr_err("the keys of encrypted disks cannot be added: %d\n", ret);
		return ERR_PTR(ret);
	}
	crash = kzalloc(sizeof(*crash), GFP_KERNEL);
	if (!crash)
		return ERR_PTR(-ENOMEM);
	ret = make_crash(image, cmdline, crash);
	if (!ret)
		return crash;
	kfree(crash);
	return ERR_PTR(ret);
}

static void set_pointer(u64 address, u32 *low, u32 *high)
{
	*low = address;
	*high = address >> 32;
}

/**
 * kexec_elf_x86_add_params - add boot_params for a crash kernel of 64 bits
 * @image: where it is being loaded
 * @crash: what it is told
 * @told: and of its initrd
 * @start: result: physical address
 *
 * Return: 0, or an error of kexec_elf_x86_add_below().
 */
int kexec_elf_x86_add_params(struct kimage *image,
			     struct kexec_elf_crash *crash,
			     const struct kexec_elf_told *told, u64 *start)
{
	struct boot_params *params = &crash->params;
	struct kexec_buf kbuf = {
		.image = image, .buffer = crash, .bufsz = sizeof(*crash),
		.memsz = sizeof(*crash),
	};
	int ret = kexec_elf_x86_add_below(&kbuf, ULONG_MAX);

	if (ret) {
		pr_err("no room for boot_params: %d\n", ret);
		return ret;
	}
	*start = kbuf.mem;
	set_pointer(kbuf.mem + offsetof(struct kexec_elf_crash, cmdline),
		    &params->hdr.cmd_line_ptr, &params->ext_cmd_line_ptr);
	set_pointer(told->initrd, &params->hdr.ramdisk_image,
		    &params->ext_ramdisk_image);
	set_pointer(told->initrd_size, &params->hdr.ramdisk_size,
		    &params->ext_ramdisk_size);
	return 0;
}
