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

# append_message FILE: a signature of 200 bytes that are none
append_message() {
	head -c 200 /dev/zero >> "$1"
	printf '\0\0\2\0\0\0\0\0\0\0\0\310~Module signature appended~\n' >> "$1"
}

# What is loaded ends where the signature begins, though more is in the file.
make_signed() {
	local offset filesz

	cp "$dir/kernel" "$dir/signed"
	append_message "$dir/signed"
	head -c -50 "$dir/signed" > "$dir/damaged"
	printf '\1\0\2\0\0\0\0\0\0\0\0\310~Module signature appended~\n' \
		>> "$dir/damaged"
	read -r _ offset _ _ filesz _ < <(readelf -lW "$dir/kernel" |
		grep ' LOAD ')
	head -c $((offset + filesz - 1)) "$dir/kernel" > "$dir/cut"
	append_message "$dir/cut"
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
	check "signed" plans 'signature 0xc8 bytes, which is not verified here' \
		"$dir/signed"
	check "cut and then signed" \
		says 1 "elfkexec: $dir/cut: a segment is not in the file" \
		-n "$dir/cut"
	check "a damaged signature" \
		says 1 "elfkexec: $dir/damaged: its signature is damaged: .*" \
		-n "$dir/damaged"
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

# crash_plans IOMEM TEXT FILE: what it says where /proc/iomem has these lines; a
# mount of its own puts them there.
crash_plans() {
	printf '%b' "$1" > "$dir/iomem"
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare "${inside[@]}" sh -c 'mount --bind "$1" /proc/iomem &&
		exec "$2" --crash --dry-run "$3"' sh "$dir/iomem" "$program" \
		"$3" > "$dir/output" 2>&1
	grep -qxE -e "$2" "$dir/output" || { cat "$dir/output"; return 1; }
}

test_crash_plan() {
	local low='1000-ffffffff : System RAM\n  2b100800-32ffffff : Crash kernel\n'
	local high=$low'  220000000-22bffffff : Crash kernel\n'
	local small='1000-ffffffff : System RAM\n  2b100800-2b100fff : Crash kernel\n'
	local inside=(--mount)

	[ "$(id -u)" -eq 0 ] || inside=(--user --map-root-user --mount)
	ld -pie --no-dynamic-linker -z max-page-size=0x4000 -z norelro \
		-o "$dir/movable" "$dir/kernel.o" || fail "a movable program"
	check "crash: moved to a multiple of its alignment" crash_plans "$low" \
		'moved +by 0x2b104000, a multiple of 0x4000' "$dir/movable"
	check "crash: above 4 GiB, the other range is for devices" \
		crash_plans "$high" \
		'moved +by 0x220000000, a multiple of 0x4000' "$dir/movable"
	check "crash: no room" crash_plans "$small" \
		"elfkexec: no room for 0x[0-9a-f]+ bytes in the crash kernel's memory, 0x2b100800 to 0x2b101000" \
		"$dir/movable"
	check "crash: what stays where it is" crash_plans "$low" \
		'moved +no: it can only be where it is linked to' "$dir/kernel"
	check "crash: and is elsewhere" crash_plans "$low" \
		'part +0x02000000 to .*: this is not free RAM' "$dir/kernel"
	check "crash: no memory for one" crash_plans '1000-fff : System RAM\n' \
		'elfkexec: there is no memory for a crash kernel .*' \
		"$dir/movable"
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
