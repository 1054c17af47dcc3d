# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# Tests of relocations. Sourced by run.sh.

# shellcheck disable=SC2154,SC2034 # variables of run.sh

make_relocatable() {
	"$here/make-vmlinux.py" "$1" "$dir/vmlinux.$1" kaslr &&
		"$here/make-vmlinux.py" "$1" "$dir/bss.$1" kaslr bss &&
		"$here/make-vmlinux.py" "$1" "$dir/plain.$1" &&
		"$here/make-bzimage.py" "$1" "$dir/bzImage.$1"
}

# Small kernels with relocations of our own, and a real one with the tree's.
test_relocs() {
	local arch

	make_images || return
	for arch in i386 x86_64; do
		make_relocatable "$arch" || { fail "small $arch kernels"; return; }
	done
	for arch in i386 x86_64; do
		run_script relocs.py "$dir/mkelfImage-sanitize" "$arch" "$dir"
	done
	for arch in i386 x86_64; do
		want_kernel 6.1 "$arch" || { fail "6.1 $arch"; return; }
		run_script relocs-kernel.py "$build/6.1/$arch" \
			"$root/Documentation/elf-boot.txt"
	done
}
