# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# What mkelfImage writes, as readelf, grub-file and others read it. Sourced by
# run.sh.

# shellcheck disable=SC2154,SC2034 # variables of run.sh and common.sh

# is_golden IMAGE TEXT
is_golden() {
	readelf -hlnW "$dir/$1" | diff -u "$here/golden-$2.txt" -
}

# What GRUB's own search finds in an image of that name.
check_grub() {
	local arch=$1 protocol

	if ! command -v grub-file > /dev/null; then
		echo "skip $arch: grub-file # there is none (grub-common)"
		return
	fi
	"$dir/mkelfImage-gcc" --without-multiboot "$dir/vmlinux.$arch" \
		"$dir/plain.elf"
	for protocol in multiboot multiboot2; do
		check "$arch: grub-file: $protocol" \
			grub-file "--is-x86-$protocol" "$dir/elfImage.$arch"
		check_not "$arch: --without-multiboot: grub-file: $protocol" \
			grub-file "--is-x86-$protocol" "$dir/plain.elf"
	done
}

# complains_of IMAGE PROGRAM...: what it says on its standard error
complains_of() {
	local image=$dir/$1

	shift
	{ "$@" "$image" > /dev/null || echo "exit status $?"; } 2>&1
}

# Programs that read ELF have nothing to say, or what the specification quotes.
check_readers() {
	local image=$1 known="has a corrupt string table index"
	local program said

	for program in "readelf -aW" "eu-readelf -a" file; do
		# shellcheck disable=SC2086 # it is words
		said=$(complains_of "$image" $program)
		check "$image: $program is silent" [ -z "$said" ]
	done
	said=$(complains_of "$image" objdump -p)
	check "$image: objdump warns: $said" \
		[ "$said" = "objdump: warning: $dir/$image $known" ]
}

test_golden() {
	local arch

	make_images || return
	for arch in i386 x86_64; do
		check "$arch: golden readelf" is_golden "elfImage.$arch" "$arch"
		check "$arch: bzImage: golden readelf" \
			is_golden "zelfImage.$arch" "bzimage-$arch"
		check "$arch: --verify" \
			"$dir/mkelfImage-gcc" --verify "$dir/elfImage.$arch"
		"$dir/mkelfImage-clang" "$dir/vmlinux.$arch" "$dir/clang.elf"
		check "$arch: built by clang, it writes the same" \
			cmp "$dir/elfImage.$arch" "$dir/clang.elf"
		check_grub "$arch"
		check_readers "elfImage.$arch"
		check_readers "zelfImage.$arch"
		"$here/invariants.py" "$dir/mkelfImage-gcc" \
			"$dir/vmlinux.$arch" "$dir" |
			sed -E "s/^(not )?ok /&$arch: /"
		[ "${PIPESTATUS[0]}" -eq 0 ] || failed=y
	done
	check "movable: golden readelf" is_golden elfImage.movable movable
	check "composed: golden readelf" is_golden composed composed
	check "composed vmlinux: golden readelf" \
		is_golden composed-vmlinux composed-vmlinux
	want_kernel 6.1 x86_64 || { fail "6.1"; return; }
	cp "$kbuild/vmlinux" "$dir/vmlinux"
	run_script invariants.py "$dir/mkelfImage-gcc" "$dir/vmlinux" "$dir"
}
