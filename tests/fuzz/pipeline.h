/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From struct bootinfo to boot_params, and what must hold on the way
 * (pipeline.c).
 */
#ifndef TESTS_PIPELINE_H
#define TESTS_PIPELINE_H

#include "input.h"

void pipeline_check(const struct bootinfo *bi);
void pipeline_run(const struct ram *ram, const struct handoff *handoff,
		  u32 flags, struct bootinfo *bi);

#endif /* TESTS_PIPELINE_H */
