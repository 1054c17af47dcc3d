/* SPDX-License-Identifier: GPL-2.0 */
struct boot_params;
struct kimage;

int crash_load_segments(struct kimage *image);
int crash_setup_memmap_entries(struct kimage *image, struct boot_params *params);
