#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How long mkelfImage takes for a vmlinux of 60 MiB, without an initrd and with
# one of 100 MiB, and how much memory; against cp of the same bytes. Called by
# bench.sh; nothing has to be there but gcc.

here=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
dir=$root/build/tool/speed
mib=60

mkdir -p "$dir"
"$here/make-bzimage.py" stub "$dir/stub.bin" &&
	"$here/make-vmlinux.py" x86_64 "$dir/vmlinux" &&
	gcc -O2 -Wall -Wextra -Werror "-DSTUB_BIN=\"$dir/stub.bin\"" \
		-o "$dir/mkelfImage" "$root"/arch/i386/boot/elf/tools/*.c &&
	"$here/speed.py" "$dir/mkelfImage" "$dir/vmlinux" "$dir" "$mib"
