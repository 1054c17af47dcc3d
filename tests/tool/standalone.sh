#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "make mkelfImage", in a copy that has nothing but what it needs: by gcc, by
# clang, as a program of 32 bits. What these write is the same, as far as the
# stub is, and boots; again, it has nothing to do. "make install" and "make
# uninstall".
# Another project to be tested: PROJECT= directory.

# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

here=$root/tests/tool
project=${PROJECT:-$root}
dir=$build/tool/standalone
copy=$dir/project

# Where it goes, and what make is given. The last is a tool by clang with a stub
# by gcc.
builds="gcc
m32 CFLAGS=-m32
clang CC=clang
mixed CC=clang CROSS_COMPILE=$(gcc -dumpmachine)-"

# What an outer make has said is not for this one.
unset MAKEFLAGS MFLAGS CC CFLAGS CPPFLAGS LDFLAGS CROSS_COMPILE

# shellcheck source-path=SCRIPTDIR source=standalone-install.sh
. "$here/standalone-install.sh"

make_it() {
	make -C "$copy" --no-print-directory "$@"
}

# files DIRECTORY: with what says whether they were written
files() {
	(cd "$1" && find . -type f -printf '%P %T@\n' | sort)
}

tool() {
	local name=$1

	shift
	if [ "$name" = m32 ]; then
		run_bits 32 60 "$dir/$name/tools/mkelfImage" "$@"
	else
		"$dir/$name/tools/mkelfImage" "$@"
	fi
}

only_relative() {
	readelf -rW "$dir/$1/elfboot.elf" > "$dir/relocations" &&
		grep -q R_386_RELATIVE "$dir/relocations" &&
		! grep R_386_ "$dir/relocations" | grep -v R_386_RELATIVE
}

# The kernel in an image is, byte for byte, that of the bzImage.
has_kernel_of() {
	local sectors

	sectors=$(od -An -tu1 -j497 -N1 "$1")
	tail -c +$(((sectors + 1) * 512 + 1)) "$1" > "$dir/kernel"
	tail -c +4097 "$2" | cmp -n "$(stat -c %s "$dir/kernel")" - "$dir/kernel"
}

# builds_something OPTION...: make does, and then no more.
builds_something() {
	make_it mkelfImage O="$dir/gcc" "$@" > "$dir/log" &&
		grep -q ' HOSTLD ' "$dir/log"
}

test_build() {
	local name=$1 before

	shift
	check "$name: make mkelfImage" \
		make_it -j4 mkelfImage O="$dir/$name" "$@"
	[ -x "$dir/$name/tools/mkelfImage" ] || return
	check "$name: the stub has 48 KiB at most" \
		test "$(stat -c %s "$dir/$name/elfboot.bin")" -le 49152
	check "$name: the stub has relative relocations only" \
		only_relative "$name"
	before=$(files "$dir/$name")
	check "$name: again" make_it mkelfImage O="$dir/$name" "$@"
	check "$name: nothing was done" \
		[ "$before" = "$(files "$dir/$name")" ]
	check "$name: vmlinux" \
		tool "$name" "$dir/vmlinux" "$dir/elfImage.$name"
	check "$name: bzImage" tool "$name" --append=quiet \
		"$dir/bzImage" "$dir/zelfImage.$name"
	check "$name: its kernel is the bzImage's" \
		has_kernel_of "$dir/bzImage" "$dir/zelfImage.$name"
	check "$name: --verify" tool "$name" --verify "$dir/zelfImage.$name"
}

# The stub that clang makes is another.
test_same() {
	local name

	for name in m32 clang mixed; do
		check "$name: the same from vmlinux" \
			cmp "$dir/elfImage.gcc" "$dir/elfImage.$name"
	done
	for name in m32 mixed; do
		check "$name: the same from bzImage" \
			cmp "$dir/zelfImage.gcc" "$dir/zelfImage.$name"
	done
	check "m32: a program of 32 bits" \
		grep -q ELF32 <(readelf -h "$dir/m32/tools/mkelfImage")
}

# The guest's init reports on the second serial port (tests/boot/init); the
# test kernels have a command line of their own in front.
boots() {
	local name=$1 line

	tool "$name" --append="console=ttyS0 panic=-1 by=$name" \
		"$build/6.1/x86_64/bzImage" "$dir/boot.$name" || return
	timeout 120 qemu-system-x86_64 -accel tcg -m 128 -nodefaults \
		-display none -no-reboot -serial "file:$dir/console.$name" \
		-serial "file:$dir/report.$name" -kernel "$dir/boot.$name"
	for line in 'protocol multiboot' 'map-source multiboot' \
		    'cmdline-source composed' "cmdline .* by=$name"; do
		grep -qx "$line" "$dir/report.$name" ||
			{ cat "$dir/report.$name"; return 1; }
	done
}

test_boot() {
	local name

	want_kernel 6.1 x86_64 || { fail "6.1"; return; }
	for name in gcc clang; do
		check "$name: boots" boots "$name"
	done
}

test_again() {
	touch "$copy/arch/i386/boot/elf/stub.h"
	check "a header has changed" builds_something
	check "other options" builds_something CFLAGS=-O1
	check_not "the same options" builds_something CFLAGS=-O1
}

# refuses STATUS WORD TARGET...
refuses() {
	local status=$1 word=$2

	shift 2
	make_it "$@" > "$dir/log" 2>&1
	[ $? -eq "$status" ] && grep -q "$word" "$dir/log"
}

# A compiler that is not for x86, as far as anybody can see.
test_foreign() {
	cat > "$dir/foreign-cc" <<-'END'
	#!/bin/sh
	for option; do
		[ "$option" != -m32 ] || exit 1
	done
	exec gcc "$@"
	END
	chmod +x "$dir/foreign-cc"
	check "no compiler for x86" refuses 2 'no 32-bit x86 code' \
		mkelfImage O="$dir/foreign" CC="$dir/foreign-cc"
	check "no compiler" refuses 2 'no such compiler' \
		mkelfImage O="$dir/foreign" CC=no-such-cc
}

rm -rf "$dir"
mkdir -p "$copy/tests"
cp -a "$project"/{Makefile,README.md,Documentation,arch,scripts,tools} "$copy"
cp -a "$project/tests/include" "$copy/tests"
check "small vmlinux" "$here/make-vmlinux.py" x86_64 "$dir/vmlinux"
check "small bzImage" "$here/make-bzimage.py" x86_64 "$dir/bzImage"
while read -r name options; do
	# shellcheck disable=SC2086 # they are words
	test_build "$name" $options
done <<< "$builds"
test_same
test_boot
test_again
test_foreign
test_install
[ -z "$failed" ]
