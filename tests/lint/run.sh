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
# shellcheck source-path=SCRIPTDIR source=kernel-scripts.sh
. "$root/tests/lint/kernel-scripts.sh"
# shellcheck source-path=SCRIPTDIR source=compile.sh
. "$root/tests/lint/compile.sh"
# shellcheck source-path=SCRIPTDIR source=loaders.sh
. "$root/tests/lint/loaders.sh"

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

# All programs of ours are of one version, the Debian package's.
one_version() {
	local version

	version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$project/debian/changelog")
	grep -q "\"mkelfImage $version\\\\n\"" \
		"$project/arch/i386/boot/elf/tools/mkelfImage.c" &&
		grep -q "VERSION.*\"$version\"" \
			"$project/arch/i386/boot/efi/version.h" &&
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
