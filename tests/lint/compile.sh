# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# What compilers and sparse say, each with a build of its own. Sourced by run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

# Name, what make is given.
compilers='sparse C=2 CF=-Wbitwise
gcc W=1
clang CC=clang W=1'

make_there() {
	make -C "$source" O="$dir/$compiler" ARCH=x86_64 "$@"
}

# A configuration is enough: the stub is built for one object of the kernel, and
# elfboot.efi by itself.
prepare() {
	grep -qsx CONFIG_ELF_BOOT=y "$dir/$compiler/.config" && return
	make_there -s "$@" tinyconfig &&
		"$source/scripts/config" --file "$dir/$compiler/.config" \
			--enable ELF_BOOT &&
		make_there -s "$@" olddefconfig &&
		grep -qx CONFIG_ELF_BOOT=y "$dir/$compiler/.config"
}

# Make begins in that object's directory: from the top it would not find it.
compile() {
	rm -rf "${dir:?}/$compiler/arch/x86/"{boot,kernel}/elf
	rm -rf "$dir/$compiler/arch/x86/boot/efi"
	{ make_there "$@" build-dir=arch/x86/kernel/elf head.o &&
		make_there "$@" elfboot.efi; } > "$dir/$compiler.log" 2>&1 ||
		{ tail -n 20 "$dir/$compiler.log"; return 1; }
}

ours='arch/x86/(boot|kernel)/(elf|efi|efi/x64)/'

# Whether all was compiled, so that silence means something.
all_compiled() {
	local word=CC file

	[ "$compiler" != sparse ] || word=CHECK
	while read -r file; do
		grep -qE "^ +$word +(.*/)?$ours${file}[.][co]\$" \
			"$dir/$compiler.log" ||
			{ echo "$file.c was not compiled"; return 1; }
	done < <(cd "$source/arch/x86/boot" && find elf/. efi/. -name tools \
		-prune -o -name '*.c' -printf '%P\n' | sed 's/[.]c$//')
}

no_warnings() {
	! grep -E "$ours.*(warning|error):" "$dir/$compiler.log"
}

test_compile() {
	local compiler=$1 name options

	want_source 6.1 || { fail "6.1: its source"; return; }
	while read -r name options; do
		[ "$name" = "$compiler" ] || continue
		# shellcheck disable=SC2086 # they are words
		set -- $options
	done <<< "$compilers"
	check "$compiler: configure" prepare "$@"
	check "$compiler: compile the stub and elfboot.efi ($*)" compile "$@"
	check "$compiler: looked at every file" all_compiled
	check "$compiler: has nothing to say" no_warnings
}
