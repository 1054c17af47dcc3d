# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of build.sh
#
# What is built of a configured kernel, in the directory of its kernel and
# architecture. Sourced by build.sh.

with_elf_boot() {
	grep -q '^CONFIG_ELF_BOOT=y' "$dir/kbuild/.config"
}

# Of this vmlinux: a test may build another in the same place.
keep_relocs() {
	local relocs=$dir/kbuild/arch/x86/boot/compressed/vmlinux.relocs

	rm -f "$dir/vmlinux.relocs"
	! grep -q '^CONFIG_RANDOMIZE_BASE=y' "$dir/kbuild/.config" ||
		cp "$relocs" "$dir/"
}

build_images() {
	local boot=$dir/kbuild/arch/x86/boot mkelfImage

	if ! with_elf_boot; then
		in_tree bzImage && cp "$dir/kbuild/vmlinux" "$boot/bzImage" "$dir/"
		return
	fi
	in_tree elfImage zelfImage bzImage &&
		cp "$dir/kbuild/vmlinux" "$boot"/{elfImage,zelfImage,bzImage} \
			"$dir/" || return
	keep_relocs || return
	mkelfImage=$boot/elf/tools/mkelfImage
	"$mkelfImage" --without-multiboot "$dir/elfImage" \
		"$dir/elfImage-without-multiboot" &&
		"$mkelfImage" --without-multiboot "$dir/bzImage" \
			"$dir/zelfImage-without-multiboot"
}

# What objtool says of our code is an error, where the kernel does not make it
# one. (What grep finds must not go into the file that it reads.)
objtool_is_silent() {
	local said

	said=$(grep -aE 'objtool: .*(elfboot|kexec_(elf|apic|park|interrupt))' \
		"$dir/build.log")
	[ -z "$said" ]
}
