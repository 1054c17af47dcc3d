#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# elfkexec, built by "make elfkexec" in several ways: its options, what it says
# it would do, its manual page, its completions. What it does, kexec/elfkexec and
# kexec/chain-elfkexec show.
# Another to be tested: ELFKEXEC= program.

# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

dir=$build/tool/elfkexec
page=$root/Documentation/elfkexec.8
completions=$root/tools/elfkexec/elfkexec.bash

# What an outer make has said is not for this one.
unset MAKEFLAGS MFLAGS CC CFLAGS CPPFLAGS LDFLAGS

# shellcheck source-path=SCRIPTDIR source=elfkexec-plan.sh
. "$root/tests/tool/elfkexec-plan.sh"

# Compiler and name, options.
builds='gcc -O2 -Werror
clang -O2 -Werror
gcc-sanitize -g -Werror -fsanitize=address,undefined -fno-sanitize-recover=all
gcc-m32 -O2 -Werror -m32'

make_it() {
	make -C "$root" --no-print-directory elfkexec "$@"
}

test_builds() {
	local name options before

	while read -r name options; do
		check "make elfkexec: $name" make_it O="$dir/$name" \
			CC="${name%-*}" CFLAGS="$options"
	done <<< "$builds"
	before=$(stat -c %Y "$dir/gcc/elfkexec")
	check "again" make_it O="$dir/gcc"
	check "nothing was done" \
		[ "$before" = "$(stat -c %Y "$dir/gcc/elfkexec")" ]
}

# A program of one instruction, linked to 32 MiB.
make_kernel() {
	echo '.globl _start; _start: hlt' | as -o "$dir/kernel.o" - &&
		ld -N --no-warn-rwx-segments -Ttext=0x2000000 -o "$dir/kernel" "$dir/kernel.o" &&
		head -c 100 "$dir/kernel" > "$dir/truncated"
}

# says STATUS TEXT ARGUMENT...: exit status, and a line that is printed
says() {
	local status=$1 text=$2

	shift 2
	"$program" "$@" > "$dir/output" 2>&1
	[ $? -ne "$status" ] || ! grep -qxE -e "$text" "$dir/output" ||
		return 0
	cat "$dir/output"
	return 1
}

# Arguments, "|", what is said. All of it is wrong usage.
wrong='|which kernel?
--initrd=a|which kernel?
--reuse-cmdline --exec|which kernel?
a b|one kernel only
--exec --unload|one of --exec, --unload, --status
--status --unload|one of --exec, --unload, --status
--unload a|--unload and --status take no kernel
--status --append=a|--unload and --status take no kernel
--force a|--force is for --exec
-a b --append=c a|--append is given twice
--exec --crash a|a panic starts the kernel of --crash, not --exec'

test_usage() {
	local arguments text

	while IFS='|' read -r arguments text; do
		# shellcheck disable=SC2086 # words
		check "wrong: $arguments" \
			says 2 "elfkexec: ${text//\?/[?]}" $arguments
	done <<< "$wrong"
	check "an unknown option" says 2 'usage: elfkexec .*' --unknown
	check "no argument" says 2 'usage: elfkexec .*' --initrd
	# shellcheck disable=SC2046 # words
	check "more initrds than there may be" \
		says 2 'elfkexec: more than 64 --initrd' \
		$(printf -- '-i a %.0s' {1..65}) a
	check "--help" says 0 'usage: elfkexec .*' --help
	check "--version" says 0 'elfkexec [0-9.]+' --version
}

long_options() {
	"$program" --help | grep -oE -e '--[a-z-]+' | sort -u
}

has_option() {
	grep -qF -e "${1//-/\\-}" "$page"
}

completes() {
	local text=$1 wanted=$2

	(
		# shellcheck source=/dev/null
		. "$completions" || exit
		COMP_WORDS=(elfkexec "$text")
		COMP_CWORD=1
		_elfkexec
		[ "${COMPREPLY[*]}" = "$wanted" ] ||
			{ echo "${COMPREPLY[@]}"; exit 1; }
	)
}

test_documents() {
	local option

	check "the manual page is one" man --warnings=w -l "$page" > /dev/null
	while read -r option; do
		check "$option is in the manual page" has_option "$option"
		check "$option is completed" completes "$option" "$(
			grep -oF -e "$option=" "$completions" ||
				echo "$option")"
	done < <(long_options)
	check "--re is completed" completes --re --reuse-cmdline
}

rm -rf "$dir"
mkdir -p "$dir"
test_builds
program=${ELFKEXEC:-$dir/gcc-sanitize/elfkexec}
{ make_kernel && make_signed; } || fail "a program"
test_usage
test_plan
test_crash_plan
test_documents
