# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # run.sh uses them
#
# With CONFIG_ELF_BOOT off nothing of ours is in the kernel: vmlinux and
# bzImage are byte-identical to those of a tree in which install.sh never ran.
# Sourced by run.sh.

# Kernels that this is proved for.
untouched_kernels="6.1 7.2"

# untouched_build ELF_BOOT: build from nothing; prints two checksums
untouched_build() {
	local option=$1

	rm -rf "$dir/kbuild" "$dir/wanted.config"
	variant=
	(
		wanted_config() {
			grep -v ELF_BOOT "$top/tests/kconfig/base.config"
			cat "$top/tests/kconfig/$arch.config"
			echo "CONFIG_INITRAMFS_SOURCE=\"$dir/initramfs.list\""
			[ "$option" != y ] || echo "CONFIG_ELF_BOOT=y"
		}
		configure && in_tree vmlinux bzImage
	) > "$dir/build-$option.log" 2>&1 || {
		tail -n 20 "$dir/build-$option.log"
		return 1
	}
	sha256sum "$dir/kbuild/vmlinux" "$dir/kbuild/arch/x86/boot/bzImage" |
		cut -d' ' -f1
}

# untouched_say TITLE CHECKSUMS
untouched_say() {
	echo "$1: vmlinux ${2%%$'\n'*}"
	echo "$1: bzImage ${2##*$'\n'}"
}

# The tree and the output directory have the same names all three times.
untouched_test() {
	local parent=$build/untouched-$kernel-$arch variant
	local src=$parent/src dir=$parent/O
	local width=64 before off on

	[ "$arch" = i386 ] && width=32
	need_archive "$kernel" || return
	rm -rf "$parent"
	mkdir -p "$src" "$dir"
	tar -C "$src" --strip-components=1 \
		-xf "$build/sources/linux-source-$kernel.tar.xz" || return
	build_init "$dir" "$width" || return
	before=$(untouched_build none) || { echo "$before"; return 1; }
	"$top/scripts/install.sh" "$src" || return
	off=$(untouched_build n) || { echo "$off"; return 1; }
	on=$(untouched_build y) || { echo "$on"; return 1; }
	untouched_say "never installed" "$before"
	untouched_say "installed, option off" "$off"
	untouched_say "installed, option on" "$on"
	[ -z "$SPOIL" ] || before=spoiled
	fatal_check "byte-identical with the option off" test "$before" = "$off"
	fatal_check "different with the option on" test "$off" != "$on"
	rm -rf "$parent"
}
