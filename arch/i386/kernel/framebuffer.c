// SPDX-License-Identifier: GPL-2.0
/*
 * One framebuffer, one device: where ACPI has coreboot's table (BOOT0000), the
 * kernel's driver for it makes a device of its framebuffer record, although
 * screen_info has the same one. Let the driver win: both exist up to 6.12.
 */
#include <linux/init.h>
#include <linux/screen_info.h>

#include "elfboot-kernel.h"
#include "provenance.h"

/* ACPI knows its devices by now, and sysfb has not looked yet. */
static int __init yield_framebuffer(void)
{
	struct elfboot_provenance provenance;

	if (elfboot_read_provenance(&provenance) ||
	    !provenance.coreboot_table || !elfboot_acpi_has_table())
		return 0;
	if (screen_info.orig_video_isVGA == VIDEO_TYPE_VLFB)
		screen_info.orig_video_isVGA = 0;
	return 0;
}
fs_initcall(yield_framebuffer);
