# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of build.sh
#
# Sources of the kernels: from Debian's packages, patched by install.sh, in
# build/KERNEL/src. Sourced by build.sh.

# need_archive KERNEL: build/sources/linux-source-KERNEL.tar.xz is there
need_archive() {
	locked "$build/sources/lock-$1" fetch_archive "$1"
}

fetch_archive() {
	local archive=$build/sources/linux-source-$1.tar.xz

	[ -f "$archive" ] || "$top/scripts/fetch-source.sh" "$1" "${archive%/*}"
}

# need_source KERNEL: build/KERNEL/src is its source tree, with ours in it.
need_source() {
	locked "$build/$1/lock" unpack_source "$1"
}

# One that has been patched by another Makefile.patch is unpacked anew.
unpack_source() {
	local src=$build/$1/src patch=$build/$1/Makefile.patch

	if [ ! -d "$src" ] || ! cmp -s "$top/Makefile.patch" "$patch"; then
		need_archive "$1" || return
		rm -rf "$src.new"
		mkdir -p "$src.new"
		tar -C "$src.new" --strip-components=1 \
			-xf "$build/sources/linux-source-$1.tar.xz" &&
			rm -rf "$src" && mv "$src.new" "$src" &&
			cp "$top/Makefile.patch" "$patch" || return
	fi
	"$top/scripts/install.sh" --link "$src"
}
