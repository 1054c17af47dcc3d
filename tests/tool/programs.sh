# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# Tests of UEFI programs that the tool makes. Sourced by run.sh.

# shellcheck disable=SC2154,SC2034 # variables of run.sh

# quietly_ukify ARGUMENT...: what it says is in a file
quietly_ukify() {
	run_ukify "$@" > "$dir/ukify.log" 2>&1 ||
		{ cat "$dir/ukify.log"; return 1; }
}

# same_section NAME: what ukify has put in is what we do
same_section() {
	objcopy -O binary --only-section "$1" --set-section-flags "$1=alloc" \
		"$dir/ukify.efi" "$dir/theirs" &&
		objcopy -O binary --only-section "$1" \
			--set-section-flags "$1=alloc" "$dir/ours.efi" "$dir/ours" &&
		cmp "$dir/theirs" "$dir/ours"
}

inspects() {
	quietly_ukify inspect "$dir/ours.efi" --json=short &&
		python3 -c 'import json, sys
found = json.loads(sys.stdin.read().splitlines()[-1])
sys.exit(sorted(found) != sorted(sys.argv[1:]))' \
		.sbat .osrel .cmdline .uname .linux .initrd < "$dir/ukify.log"
}

# The same by Debian 13's ukify and by us.
test_ukify() {
	local tool=$dir/mkelfImage-sanitize section part
	local program=$build/efi/elfbootx64.efi

	check "ukify of Debian 13" need_ukify || return
	printf 'ID=test\nVERSION_ID=1\n' > "$dir/os-release"
	check "ukify --stub=elfbootx64.efi" quietly_ukify build --stub="$program" \
		--linux="$dir/zelfImage.x86_64" --initrd="$dir/initrd.1" \
		--cmdline="console=ttyS0 quiet" --os-release="@$dir/os-release" \
		--uname=6.1.0-test --output="$dir/ukify.efi"
	check "mkelfImage --efi of the same" "$tool" --efi \
		--efi-stub="$program" --initrd="$dir/initrd.1" \
		--append="console=ttyS0 quiet" --os-release="$dir/os-release" \
		"$dir/zelfImage.x86_64" "$dir/ours.efi"
	for section in .text .rodata .osrel .cmdline .uname .linux .initrd; do
		check "ukify and we: $section" same_section "$section"
	done
	check "ukify inspect knows ours" inspects
	check "--verify takes ukify's" "$tool" --verify "$dir/ukify.efi"
	for part in kernel initrd cmdline; do
		check "--extract=$part" "$tool" --extract="$part" \
			"$dir/ukify.efi" "$dir/$part"
	done
	check "--extract: the kernel" cmp "$dir/kernel" "$dir/zelfImage.x86_64"
	check "--extract: the initrd" cmp "$dir/initrd" "$dir/initrd.1"
	check "ukify's composed again: its line in .sbat" "$tool" --efi \
		--efi-stub="$program" "$dir/ukify.efi" "$dir/again.efi"
	check "ukify's composed again: its line in .sbat is kept" \
		grep -q -a '^uki,1,' "$dir/again.efi"
}

test_efi_compose() {
	make_images || return
	check "elfboot.efi" locked "$build/efi/lock" build_efi build/efi || return
	run_script efi-compose.py "$dir/mkelfImage-sanitize" "$build/efi" "$dir"
	test_ukify
}

# make_for_efi: $libraries knows all algorithms, and $build/efi has elfboot.efi
make_for_efi() {
	make_images || return
	check "mkelfImage with all libraries" \
		build_with_libraries "$build/tool/libraries" "$sanitized" || return
	check "elfboot.efi" locked "$build/efi/lock" build_efi build/efi
}

test_efi_measure() {
	make_for_efi && run_script efi-measure.py "$libraries" \
		"$dir/mkelfImage-sanitize" "$build/efi" "$dir"
}

test_efi_pcrlock() {
	make_for_efi && run_script pcrlock.sh "$libraries" \
		"$dir/elfImage.x86_64" "$build/efi" "$dir"
}
