/* SPDX-License-Identifier: GPL-2.0 */
/*
 * On the host nothing is thrown away after boot (unit/run.sh).
 */
