/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel tree's uapi headers include this; installed, they do not.
 */
