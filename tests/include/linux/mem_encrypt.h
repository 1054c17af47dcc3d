/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/types.h>

bool mem_encrypt_active(void);
