/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words of an image (stub.h), as whoever writes the image sees them: they
 * are constant for the stub alone.
 */
#ifndef TESTS_STUB_PARAMS_H
#define TESTS_STUB_PARAMS_H

__asm__(".data\n"
	".balign 4\n"
	".globl stub_params\n"
	".hidden stub_params\n"
	"stub_params: .zero 96\n"
	".previous\n");

static struct stub_params *const words = (struct stub_params *)&stub_params;

#endif /* TESTS_STUB_PARAMS_H */
