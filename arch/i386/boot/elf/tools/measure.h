/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What --measure does.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include "args.h"

int measure(struct job *job);

#endif /* MEASURE_H */
