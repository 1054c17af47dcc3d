/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_LINUX_SCREEN_INFO_H
#define TESTS_LINUX_SCREEN_INFO_H

#include_next <linux/screen_info.h>

extern struct screen_info screen_info;

#endif /* TESTS_LINUX_SCREEN_INFO_H */
