#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of Documentation/elf-boot.txt: its examples, byte by byte; that its tables
# of the stub's words and flags are the stub's; that every MUST has a test, and
# that the tests that it names are there and have passed in this run; that it
# renders without a warning. DOCUMENT= is another one.

# shellcheck disable=SC2317 # functions are called by name
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

here=$root/tests/spec
dir=$build/spec
document=${DOCUMENT:-$root/Documentation/elf-boot.txt}
export PYTHONDONTWRITEBYTECODE=1

# Name, when, function, argument.
tests='examples check test_examples
words check test_words
must check,alone test_must
render check test_render'

build_examples() {
	local stub=$root/arch/i386/boot/elf kernel=$root/arch/i386/kernel

	gcc -O2 -Wall -Wextra -Werror -I"$root/tests/include" -I"$stub" \
		-I"$kernel" -o "$dir/examples" "$here/examples.c" \
		"$kernel"/notes/boot-notes{,-verify}.c \
		"$stub"/tools/{elf,notes,checksum}.c &&
		gcc -O2 -Wall -Wextra -Werror -I"$root/tests/include" -I"$stub" \
			'-D__noreturn=__attribute__((noreturn))' \
			'-D__printf(a,b)=' -o "$dir/examples-relocs" \
			"$here/examples-relocs.c" "$stub/kaslr/relocate.c"
}

test_examples() {
	check "examples.c" build_examples
	[ -z "$failed" ] || return
	"$here/examples.py" "$document" "$dir/examples" "$dir" \
		"$root"/tests/data/etherboot/*.bin \
		"$root"/tests/data/kexec/*.bin || failed=y
}

test_words() {
	"$here/words.py" "$document" "$root"/arch/i386/boot/elf/stub.h \
		"$root"/arch/i386/boot/elf/tools/dump.c || failed=y
}

test_must() {
	"$root/tests/run.sh" -l '*' > "$dir/listed" || { fail "list"; return; }
	"$here/must.py" "$document" "$dir/listed" \
		${ELFBOOT_RESULTS:+"$ELFBOOT_RESULTS"} || failed=y
}

# A directory with that one document in it.
render() {
	rm -rf "$dir/doc"
	mkdir -p "$dir/doc"
	cp "$document" "$dir/doc/index.txt"
	echo "source_suffix = '.txt'" > "$dir/doc/conf.py"
	sphinx-build -qWE --keep-going -b html "$dir/doc" "$dir/doc/html"
}

test_render() {
	check "sphinx has nothing to say" render
	check "there is a page" test -s "$dir/doc/html/index.html"
}

mkdir -p "$dir"
group_main "$@"
