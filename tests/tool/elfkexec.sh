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

# What this machine's own kernel has to say comes last, and decides.
plans() {
	local text=$1

	shift
	"$program" --dry-run "$@" > "$dir/output" 2> "$dir/errors"
	grep -qxE -e "$text" "$dir/output" || { cat "$dir/output"; return 1; }
}

own_cmdline() {
	tr ' ' '\n' < /proc/cmdline |
		grep -vE '^(BOOT_IMAGE|initrd|elfcorehdr)=' | paste -sd ' ' |
		sed 's/[][\.*^$+?(){}|/]/./g; s/  */ /g; s/ $//'
}

test_plan() {
	printf 12345 > "$dir/five"
	printf 123 > "$dir/three"
	: > "$dir/empty"
	check "class" plans 'file +ELF64' "$dir/kernel"
	check "entry" plans 'entry +0x02000000' "$dir/kernel"
	check "part" plans \
		'part +0x02000000 to 0x02001000, 0x1 bytes from the file.*' \
		"$dir/kernel"
	check "no command line" plans 'cmdline +' "$dir/kernel"
	check "command line" plans 'cmdline +a  b=1' -a 'a  b=1' "$dir/kernel"
	check "the running kernel's, and more" \
		plans "cmdline +$(own_cmdline) b=1" --reuse-cmdline \
		--append=b=1 "$dir/kernel"
	check "one initrd" plans 'initrd +0x5 bytes' -i "$dir/five" \
		"$dir/kernel"
	# At a multiple of 4 with four zeros between them.
	check "two" plans 'initrd +0xf bytes' -i "$dir/five" -i "$dir/three" \
		"$dir/kernel"
	check "two with an empty one" plans 'initrd +0xf bytes' \
		-i "$dir/empty" -i "$dir/five" -i "$dir/empty" \
		-i "$dir/three" -i "$dir/empty" "$dir/kernel"
	check "no ELF file" says 1 "elfkexec: $dir/five: not an ELF file" \
		-n "$dir/five"
	check "truncated" \
		says 1 "elfkexec: $dir/truncated: program headers are not in the file" \
		-n "$dir/truncated"
	check "no kernel" says 1 "elfkexec: /missing: No such file or directory" \
		-n /missing
	check "no initrd" says 1 "elfkexec: /missing: No such file or directory" \
		-n -i /missing "$dir/kernel"
	check "a directory" says 1 "elfkexec: $dir: not a file" \
		-n -i "$dir" "$dir/kernel"
	check "nothing in it" \
		says 1 "elfkexec: $dir/empty: not a file with anything in it" \
		-n "$dir/empty"
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
make_kernel || fail "a program"
test_usage
test_plan
test_documents
