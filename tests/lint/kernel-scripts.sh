# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# What the kernel's own checkpatch and kernel-doc say. Sourced by run.sh.

# shellcheck disable=SC2154,SC2034 # variables of run.sh and common.sh

# What checkpatch says that does not apply:
# CAMELCASE: names of the ELF standard, of boot_params, _Static_assert.
# PREFER_DEFINED_ATTRIBUTE_MACRO: host programs, and the headers they share
#	with the stub, do without linux/compiler_attributes.h.
# LONG_LINE_STRING: what a user sees is not to be broken (coding-style.rst).
# EMBEDDED_FUNCTION_NAME: takes an instruction in asm() and a word in a
#	message for the function's name.
# COMPLEX_MACRO: takes what the lines of a list (corrupt.h) become for an
#	expression.
ignore=CAMELCASE,PREFER_DEFINED_ATTRIBUTE_MACRO,LONG_LINE_STRING,COMPLEX_MACRO
ignore+=,EMBEDDED_FUNCTION_NAME

# In host programs: uint8_t and the like come from stdint.h.
ignore_host=$ignore,PREFER_KERNEL_TYPES

# ENOSYS: where a program is told it by the kernel.

# In scripts: tables have columns that begin like others end, and a usage
# text has the program's name in it.
ignore_script=$ignore,REPEATED_WORD,EMBEDDED_FILENAME

# UEFI's functions: the calling convention in a pointer to one is taken for the
# name of a function; and UINTN is a type that has no name in C.
ignore_uefi=$ignore,SPACING,LINE_SPACING,NEW_TYPEDEFS

# Kinds of files: pattern, and what to ignore. A file is of the first that matches.
checkpatch_kinds="(^|/)arch/i386/boot/elf/tools/ $ignore_host
(^|/)tools/elfkexec/.*[.](c|h)$ $ignore_host,ENOSYS
(^|/)arch/i386/boot/efi/wire-uefi.h$ $ignore_uefi
(^|/)arch/i386/.*[.](c|h|S|lds)$ $ignore
(^|/)tests/.*[.](c|h|S)$ $ignore_host
(^|/)(Kconfig|Makefile([.](x86|compat))?)$ $ignore
[.]sh$ $ignore_script"

# It leaves a cache where it runs.
run_checkpatch() {
	(cd "$dir" && "$source/scripts/checkpatch.pl" --no-tree \
		--root="$source" --strict --terse --show-types --no-summary \
		--ignore "$ignored" -f "${@/#/$root/}" 2>&1)
}

# in_parallel FUNCTION FILE...: FUNCTION FILE... for parts of them, on all CPUs;
# what it prints comes in the same order every time.
in_parallel() {
	local function=$1 files=("${@:2}") mine cpus part i output

	[ ${#files[@]} -gt 0 ] || return 0
	cpus=$(nproc)
	output=$(mktemp -d "$dir/parallel.XXXXXX") || return
	for ((part = 0; part < cpus; part++)); do
		mine=()
		for ((i = part; i < ${#files[@]}; i += cpus)); do
			mine+=("${files[i]}")
		done
		[ ${#mine[@]} -eq 0 ] || "$function" "${mine[@]}" \
			> "$output/$part" &
	done
	wait
	cat "$output"/*
	! grep -q '^not ok ' "$output"/* || failed=y
	rm -r "$output"
}

# verdicts OUTPUT FILE...: of a program whose complaints begin with a file's
# name; what begins with none is no complaint but a failure of its own.
verdicts() {
	local output=$1 file

	shift
	for file; do
		check "$file" clean grep_complaints "$root/$file:" <<< "$output"
		output=$(grep -vF "$root/$file:" <<< "$output")
	done
	[ -z "$output" ] || check "the program itself" clean echo "$output"
}

grep_complaints() {
	! grep -F "$1"
}

# It takes long to start: once for many files.
checkpatch_some() {
	verdicts "$(run_checkpatch "$@")" "$@"
}

test_checkpatch() {
	local pattern ignored left

	want_source 6.1 || { fail "checkpatch.pl"; return; }
	left=$(files .)
	while read -r pattern ignored; do
		# shellcheck disable=SC2046 # our names have no blanks
		in_parallel checkpatch_some $(grep -E "$pattern" <<< "$left")
		left=$(grep -vE "$pattern" <<< "$left")
	done <<< "$checkpatch_kinds"
}

run_kernel_doc() {
	"$source/scripts/kernel-doc" -v -none "${@/#/$root/}" 2>&1 |
		grep -vE ': info: Scanning doc for |^[0-9]+ (warnings|errors)$'
}

kernel_doc_some() {
	local file

	verdicts "$(run_kernel_doc "$@")" "$@"
	for file; do
		[[ $file != *arch/*.c ]] || check "$file: every function has one" \
			clean "$here/documented.py" "$root/$file"
	done
}

test_kernel_doc() {
	want_source 6.1 || { fail "kernel-doc"; return; }
	# shellcheck disable=SC2046 # our names have no blanks
	in_parallel kernel_doc_some $(files '[.][ch]$')
}
