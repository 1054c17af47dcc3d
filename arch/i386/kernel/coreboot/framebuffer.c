// SPDX-License-Identifier: GPL-2.0
/*
 * One framebuffer, one device: where ACPI has coreboot's table (BOOT0000), the
 * kernel's driver for it makes a device of its framebuffer record, although
 * screen_info has the same one. Let the driver win: both exist up to 6.12. It
 * can win only if there is such a record, and at once only if it is built in:
 * as a module it may come late or never, and then makes the second device.
 * Newer kernels ask sysfb first: there is nothing to do.
 */
#ifndef HAVE_ELFBOOT_SYSFB_ASKS
#include <linux/init.h>
#include <linux/screen_info.h>

#include "coreboot/coreboot-table.h"
#include "provenance/provenance-node.h"
#include "sources/wire-coreboot.h"

/* ACPI knows its devices by now, and sysfb has not looked yet. */
static int __init yield_framebuffer(void)
{
	const struct elfboot_provenance *provenance = elfboot_provenance();
	u64 table;

	if (screen_info.orig_video_isVGA != VIDEO_TYPE_VLFB || !provenance ||
	    !elfboot_acpi_has_table())
		return 0;
	table = le64_to_cpu(provenance->coreboot_table);
	if (elfboot_coreboot_has_record(table, LB_TAG_FRAMEBUFFER))
		screen_info.orig_video_isVGA = 0;
	return 0;
}
fs_initcall(yield_framebuffer);
#endif
