# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# Tests of what a kernel tree does with our files. Sourced by run.sh.

# shellcheck disable=SC2154,SC2034 # variables of run.sh

test_size() {
	local limit=${LIMIT:-49152} size

	want_kernel 6.1 x86_64 || { fail "6.1"; return; }
	size=$(stat -c %s "$kbuild/arch/x86/boot/elf/elfboot.bin")
	check "elfboot.bin: $size bytes, $limit at most" \
		[ "$size" -le "$limit" ]
	check "the figures in the documents are those of this stub" \
		"$root/tests/bench/tables.py" "$root/tests/bench/figures" \
		"$root/Documentation/figures.md" \
		"$kbuild/arch/x86/boot/elf/elfboot.bin" \
		"$(compiler_of "$kbuild")"
}

test_extmod() {
	run_script extmod.sh "$1"
}

test_bindeb() {
	run_script bindeb.sh "$1"
}

# As lib/build.sh calls it: with other arguments it builds another kernel.
make_elfimage() {
	make -C "$kbuild" ARCH=x86_64 ELFBOOT_DEBUG=y elfImage > "$1" 2>&1
}

image_identity() {
	stat -c '%i %y %s' "$kbuild/arch/x86/boot/elfImage"
}

# All of make help is there, with both files in it.
helps() {
	local text

	text=$(make -s -C "$kbuild" ARCH=x86_64 help) &&
		grep -q ' elfImage .*ELF' <<< "${text//$'\t'/ }" &&
		grep -q ' zelfImage ' <<< "${text//$'\t'/ }"
}

# Another test may use the kernel's tree: one at a time.
test_nothing_to_do() {
	local before

	want_kernel 6.1 x86_64 || { fail "6.1"; return; }
	exec 8> "$build/6.1/x86_64/lock"
	flock 8
	check "make elfImage" make_elfimage "$dir/make-1.log"
	check "it is the tests' kernel" \
		cmp "$kbuild/vmlinux" "$build/6.1/x86_64/vmlinux"
	before=$(image_identity)
	check "make elfImage again" make_elfimage "$dir/make-2.log"
	check "elfImage is the same file" [ "$before" = "$(image_identity)" ]
	check_not "nothing was built" \
		grep -E '^ +(AS|CC|LD|AR|ELF|HOSTCC|HOSTLD|OBJCOPY) ' \
		"$dir/make-2.log"
	check "make help" helps
	check "it says that it is ready" \
		grep -x 'Kernel: arch/x86/boot/elfImage is ready' \
		"$dir/make-2.log"
}
