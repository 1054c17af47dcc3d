// SPDX-License-Identifier: GPL-2.0
/*
 * Dots, so that nobody thinks that a slow medium hangs: one each other second,
 * by a timer of the firmware's (UEFI Specification 2.10, section 7.1). Without
 * one there are none.
 */
#include "loader.h"

#define EVENT_TIMER	0x80000000
#define TPL_APPLICATION	4
#define TIMER_PERIODIC	1
#define SECONDS_2	20000000ULL	/* in 100 ns */

/**
 * progress_begin - begin to read something
 * @loader: has the firmware
 * @progress: result
 * @name: what is read; must stay
 */
void progress_begin(const struct loader *loader, struct progress *progress,
		    const struct word *name)
{
	struct efi_boot_services *boot = loader->boot;

	*progress = (struct progress){ .name = name };
	if (boot->create_event(EVENT_TIMER, TPL_APPLICATION, NULL, NULL,
			       &progress->timer))
		progress->timer = NULL;
	if (progress->timer)
		boot->set_timer(progress->timer, TIMER_PERIODIC, SECONDS_2);
}

/**
 * progress_show - a part has been read
 * @loader: has the console
 * @progress: from progress_begin()
 */
void progress_show(const struct loader *loader, struct progress *progress)
{
	if (!progress->timer || loader->boot->check_event(progress->timer))
		return;
	say_part(loader, progress->shown ? "." : "elfboot: %w .",
		 progress->name);
	progress->shown = true;
}

/**
 * progress_end - all has been read, or no more will be; again it does nothing
 * @loader: has the firmware
 * @progress: from progress_begin()
 */
void progress_end(const struct loader *loader, struct progress *progress)
{
	if (progress->timer)
		loader->boot->close_event(progress->timer);
	if (progress->shown)
		say_part(loader, "\r\n");
	*progress = (struct progress){ .name = progress->name };
}
