#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "make elfboot.efi", by gcc and by clang, in a copy of the project and in a kernel
# tree: what comes out is a UEFI program as it has to be (efi.py), and gcc's has the
# same bytes wherever it is made. Again, there is nothing to do.
# Another project to be tested: PROJECT= directory.

# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

here=$root/tests/tool
project=${PROJECT:-$root}
dir=$build/tool/efi
copy=$dir/another/place
tree=$build/6.1/src
programs="x64 ia32"

# What an outer make has said is not for this one.
unset MAKEFLAGS MFLAGS CC CFLAGS CPPFLAGS LDFLAGS CROSS_COMPILE

make_it() {
	make -C "$copy" --no-print-directory elfboot.efi "$@"
}

makes_nothing() {
	make_it "$@" > "$dir/log" && ! grep -E '^  [A-Z]+ ' "$dir/log"
}

in_tree() {
	make -C "$tree" O="$dir/tree" ARCH=x86_64 "$@" > "$dir/tree.log" 2>&1 ||
		{ tail -n 20 "$dir/tree.log"; return 1; }
}

check_program() {
	local name=$1 arch

	for arch in $programs; do
		sub_results "$name, $arch" "$here/efi.py" \
			"$dir/$name/elfboot$arch.efi" "$arch"
	done
}

test_tree() {
	local arch

	want_source 6.1 || { fail "6.1: its source"; return; }
	check "6.1: configure" in_tree tinyconfig
	check "6.1: make elfboot.efi" in_tree elfboot.efi
	for arch in $programs; do
		check "$arch: the same bytes in a kernel tree" \
			cmp "$dir/gcc/elfboot$arch.efi" \
			"$dir/tree/arch/x86/boot/efi/elfboot$arch.efi"
	done
}

# sub_results NAME COMMAND...: the command's subtests with that in front
sub_results() {
	local name=$1 output

	shift
	output=$("$@")
	sed -E "s/^(ok|not ok) /&$name: /" <<< "$output"
	! grep -q '^not ok' <<< "$output" && [ -n "$output" ] || failed=y
}

rm -rf "${dir:?}"
mkdir -p "$copy/tests" "$dir/tree"
cp -a "$project"/{Makefile,arch,scripts} "$copy"
cp -a "$project/tests/include" "$copy/tests"
for compiler in gcc clang; do
	check "$compiler: make elfboot.efi" \
		make_it -j2 EFI="$dir/$compiler" CC="$compiler"
	check_program "$compiler"
	check "$compiler: nothing to do" \
		makes_nothing EFI="$dir/$compiler" CC="$compiler"
done
check "another directory: make elfboot.efi" make_it
for arch in $programs; do
	check "$arch: the same bytes in another directory" \
		cmp "$dir/gcc/elfboot$arch.efi" "$copy/build/efi/elfboot$arch.efi"
done
# make check compiles it in a tree by lint/gcc.
[ -n "${CHECK-}" ] || test_tree
[ -z "$failed" ]
