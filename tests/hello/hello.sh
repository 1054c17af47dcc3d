#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Makes the proof programs. Run, or sourced for make_hello.

# shellcheck source-path=SCRIPTDIR source=../lib/build.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/build.sh"

hello_source=$top/tests/hello

hello_usage() {
	cat <<-END
	usage: hello.sh 32|64 ADDRESS STEP OUTPUT

	Write to OUTPUT a static ELF executable of that many bits at ADDRESS,
	whose second segment is STEP bytes aligned.
	END
}

# Integer registers only, and addresses that are numbers.
hello_cflags=(-ffreestanding -O2 -std=gnu11 -fno-strict-aliasing
	-mgeneral-regs-only -fno-stack-protector -fcf-protection=none
	-fno-asynchronous-unwind-tables -fno-delete-null-pointer-checks
	-Wall -Wextra -Wno-array-bounds -Werror
	-DCONSOLE_PORT=0x2f8 '-DCONSOLE_PREFIX=""'
	-I"$top/tests/include" -I"$top/arch/i386/boot/elf"
	-I"$top/tests/firmware" -I"$top/tests/lib")
# shellcheck disable=SC2034 # by name
hello_cflags_32=(-m32 -march=i686 -fno-pic)
# shellcheck disable=SC2034
hello_cflags_64=(-m64 -mno-red-zone -fpie -fvisibility=hidden)

# make_hello BITS ADDRESS STEP OUTPUT
make_hello() {
	local bits=$1 address=$2 step=$3 output=$4 objects=() source object
	local -n cflags=hello_cflags_$bits
	local emulation=elf_i386

	[ "$bits" = 32 ] || emulation=elf_x86_64
	mkdir -p "$output.d"
	for source in "$hello_source"/*.[cS] \
		"$top"/tests/firmware/{console,string}.c; do
		object=$output.d/${source##*/}
		object=${object%.*}.o
		gcc "${hello_cflags[@]}" "${cflags[@]}" -c -o "$object" \
			"$source" || return
		objects+=("$object")
	done
	ld -m "$emulation" --build-id=none --orphan-handling=error \
		-z max-page-size="$step" --no-warn-rwx-segments \
		--defsym="address=$address" --defsym="step=$step" \
		-T "$hello_source/hello.lds" -o "$output" "${objects[@]}" &&
		rm -r "$output.d"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	[ $# -eq 4 ] || { hello_usage >&2; exit 2; }
	make_hello "$@" || exit 1
fi
