#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What machines can say about the sources: the kernel's own checkpatch and
# kernel-doc, sparse, the warnings of gcc and clang, shellcheck, the rules of
# layering, names that do not belong into a repository; and what Debian's
# archive says about the list of loaders. To look at something else: FILES= (one
# per line) for what reads files, SOURCE= (a kernel tree with this project in
# it) for what compiles, PROJECT= for layering, LOADERS= for the list of loaders.

# shellcheck disable=SC2317 # functions are called by name
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
boot=$root/tests/boot
# shellcheck source-path=SCRIPTDIR source=../boot/versions.sh
. "$boot/versions.sh"
# shellcheck source-path=SCRIPTDIR source=../../scripts/debian.sh
. "$root/scripts/debian.sh"

here=$root/tests/lint
dir=$build/lint
project=${PROJECT:-$root}
source=${SOURCE:-$build/6.1/src}
export PYTHONDONTWRITEBYTECODE=1

# Name, when, function, argument.
tests='checkpatch check test_checkpatch
kernel-doc check test_kernel_doc
sparse check test_compile sparse
gcc check test_compile gcc
clang check test_compile clang
shellcheck check test_shellcheck
layering check test_layering
names check test_names
documents check test_documents
loaders check test_loaders'

# files PATTERN: ours, as far as the repository knows or would take them
files() {
	if [ -n "${FILES-}" ]; then
		grep -E "$1" <<< "$FILES"
		return
	fi
	git -C "$root" ls-files --cached --others --exclude-standard |
		grep -E "$1" | while read -r file; do
		[ ! -f "$root/$file" ] || echo "$file"
	done
}

# clean COMMAND...: the command succeeds and prints nothing
clean() {
	local output status

	output=$("$@" 2>&1)
	status=$?
	[ -z "$output" ] || printf '%s\n' "$output"
	[ "$status" -eq 0 ] && [ -z "$output" ]
}

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

test_shellcheck() {
	local file

	for file in $(files '[.]sh$'); do
		check "$file" clean shellcheck -x "$root/$file"
	done
	for file in $(files '(^|/)[^.]*$'); do
		if head -n 1 "$root/$file" | grep -qaE '^#!.*/(ba)?sh'; then
			check "$file" clean shellcheck -x "$root/$file"
		fi
	done
}

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

test_layering() {
	local objects=$build/6.1/x86_64/kbuild/arch/x86/boot/elf

	want_kernel 6.1 x86_64 || { fail "6.1"; return; }
	"$here/layering.py" "$project" "${OBJECTS:-$objects}" || failed=y
}

# has_no NAME PATTERN: no file has such a word
has_no() {
	local names

	names=$(files .)
	[ -n "$names" ] || { echo "git knows no files here"; return 1; }
	! (cd "$root" && xargs -d '\n' grep -nIE "$1" <<< "$names")
}

# What documents say is there: the paths that a text names.
named_paths() {
	local path missing=0

	while read -r path; do
		[ -e "$project/$path" ] ||
			{ echo "$1 names $path, which is not there"; missing=1; }
	done < <(grep -oE '(^|[ (`])(Documentation|tests|scripts|arch/i386)/[A-Za-z0-9_./-]+' \
		"$project/$1" | sed -E 's/^[ (`]//; s/[.]$//' | sort -u)
	return "$missing"
}

# Tables are made of what the boot tests do, pictures by a program.
test_documents() {
	local file

	check "the table of loaders" "$root/tests/boot/table.py" \
		"$project/Documentation/loaders.md"
	check "the tables of figures" "$root/tests/bench/tables.py" \
		"$root/tests/bench/figures" "$project/Documentation/figures.md"
	check "the picture" "$project/Documentation/one-file.py" --check \
		"$project/Documentation/one-file.svg"
	for file in README.md tests/README.md Documentation/{loaders,figures}.md; do
		check "$file: the paths in it" named_paths "$file"
	done
}

# has_versions KEY: one for each release, and words for the rest
has_versions() {
	local suite

	for suite in $(all_suites); do
		[[ $(loader_field "$1" "$suite") =~ ^[0-9]+([.][0-9]+)+$ ]] ||
			{ echo "none for $suite"; return 1; }
	done
	[ -n "$(loader_field "$1" packages)" ]
}

# The package whose version is the loader's.
loader_package() {
	loader_field "$1" packages | cut -d' ' -f1
}

# archive_has KEY SUITE VERSIONS: of those that the archive has
archive_has() {
	local package version

	package=$(loader_package "$1")
	version=$(awk -v package="$package" '$1 == package { print $2 }' \
		<<< "$3")
	is_version "$(loader_field "$1" "$2")" "$(upstream "$version")" ||
		{ echo "$package is ${version:-not there}"; return 1; }
}

# archive_loaders SUITE NAME: that is what Debian calls this release today, and
# its loaders are those of the list
archive_loaders() {
	local suite=$1 key packages=() versions

	check "$suite is $2" \
		grep -hE -m 1 "^Suite: $2\$" "$work"/lists/*InRelease
	for key in $(loader_keys); do
		packages+=("$(loader_package "$key")")
	done
	versions=$(debian_versions "${packages[@]}")
	for key in $(loader_keys); do
		check "$key of $suite is $(loader_field "$key" "$suite")" \
			archive_has "$key" "$suite" "$versions"
	done
}

# The versions that are tested are those that people have; of what moves there
# must be one.
test_loaders() {
	local key name names=(oldstable stable) suites output

	loaders_list=${LOADERS:-$loaders_list}
	mapfile -t suites < <(all_suites)
	for key in $(loader_keys); do
		check "$key: a version for each release" has_versions "$key"
		check "$key: a test" grep -qE "^[^# ]+ +$key " "$boot/matrix"
	done
	for name in "${!names[@]}"; do
		output=$(debian_open "${suites[name]}" amd64 &&
			archive_loaders "${suites[name]}" "${names[name]}")
		if [ -z "$output" ]; then
			echo "skip ${suites[name]} # the archive cannot be read"
			continue
		fi
		echo "$output"
		! grep -q '^not ok ' <<< "$output" || failed=y
	done
}

# All programs of ours are of one version, the Debian package's.
one_version() {
	local version

	version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$project/debian/changelog")
	grep -q "\"mkelfImage $version\\\\n\"" \
		"$project/arch/i386/boot/elf/tools/mkelfImage.c" &&
		grep -q "VERSION.*\"$version\"" \
			"$project/arch/i386/boot/efi/loader.h" &&
		grep -q "VERSION.*\"$version\"" \
			"$project/tools/elfkexec/args.c" &&
		grep -q "^.TH.* \"mkelfImage $version\"" \
			"$project/Documentation/mkelfImage.8" &&
		grep -q "^.TH.* \"mkelfImage $version\"" \
			"$project/Documentation/elfkexec.8"
}

test_names() {
	check "one version" one_version
	check "no path of somebody's machine" \
		has_no '(^|[^[:alnum:]_.}])/(work|home|root|mnt)/'
	check "nothing left to do" has_no '\<(TOD[O]|FIXM[E]|XX[X])\>'
}

mkdir -p "$dir"
group_main "$@"
