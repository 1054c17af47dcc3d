// SPDX-License-Identifier: GPL-2.0
/*
 * elfkexec: load an ELF kernel by kexec_file_load(2), and start it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "elfkexec.h"

static int load(const struct job *job)
{
	char *cmdline = cmdline_make(job);
	int initrd = -1, ret = cmdline ? 0 : -1;

	if (!ret && job->nr_initrds) {
		initrd = initrd_open(job);
		ret = initrd < 0 ? -1 : 0;
	}
	if (!ret)
		ret = job->dry_run ? plan_print(job, initrd, cmdline) :
				     load_kernel(job, initrd, cmdline);
	if (initrd >= 0)
		close(initrd);
	free(cmdline);
	return ret;
}

int main(int argc, char **argv)
{
	struct job job;
	int status = args_read(argc, argv, &job);

	if (status >= 0)
		return status;
	if (job.status)
		return state_print(job.crash);
	if (job.unload)
		return load_nothing(job.crash) ? EXIT_REFUSED : 0;
	if (job.kernel && load(&job))
		return EXIT_REFUSED;
	if (job.exec && !job.dry_run && start_loaded(job.force))
		return EXIT_REFUSED;
	return 0;
}
