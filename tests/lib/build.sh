# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Kernels for the tests: sources from Debian's packages, patched by
# install.sh, built under build/KERNEL/ARCH. Sourced, not run.

lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$lib/../.." && pwd)
build=$top/build
jobs=$(nproc)

# The same bytes on every machine and every day.
export KBUILD_BUILD_TIMESTAMP='1 Jan 2002 00:00:00 UTC'
export KBUILD_BUILD_USER=elf KBUILD_BUILD_HOST=boot

# One build at a time; what it prints goes to a log, how long it took too.
say() {
	echo "$*" >&2
}

# need_archive KERNEL: build/sources/linux-source-KERNEL.tar.xz is there
need_archive() {
	local archive=$build/sources/linux-source-$1.tar.xz

	[ -f "$archive" ] || "$top/scripts/fetch-source.sh" "$1" "${archive%/*}"
}

# need_source KERNEL: build/KERNEL/src is its source tree, with ours in it.
need_source() {
	local src=$build/$1/src

	if [ ! -d "$src" ]; then
		need_archive "$1" || return
		rm -rf "$src.new"
		mkdir -p "$src.new"
		tar -C "$src.new" --strip-components=1 \
			-xf "$build/sources/linux-source-$1.tar.xz" &&
			mv "$src.new" "$src" || return
	fi
	"$top/scripts/install.sh" --link "$src"
}

# The guest's init, and the list that puts it into the kernel.
build_init() {
	local dir=$1 width=$2

	gcc "-m$width" -O2 -static -Wall -Wextra -I"$top/arch/i386/boot/elf" \
		-o "$dir/init.new" "$top/tests/boot/init.c" || return
	# A new file, even with the same bytes, would mean a new kernel.
	if ! cmp -s "$dir/init.new" "$dir/init"; then
		mv "$dir/init.new" "$dir/init"
	fi
	cat > "$dir/initramfs.list" <<-END
	dir /dev 0755 0 0
	nod /dev/console 0600 0 0 c 5 1
	file /init $dir/init 0755 0 0
	END
}

# configure KERNEL ARCH: write .config if a fragment has changed
configure() {
	local dir=$build/$1/$2
	local wanted=$dir/wanted.config

	{
		cat "$top/tests/kconfig/base.config" \
			"$top/tests/kconfig/$2.config"
		echo "CONFIG_INITRAMFS_SOURCE=\"$dir/initramfs.list\""
	} > "$wanted.new"
	if [ -f "$dir/kbuild/.config" ] && cmp -s "$wanted.new" "$wanted"; then
		return
	fi
	mkdir -p "$dir/kbuild"
	in_tree "$1" "$2" -s tinyconfig &&
		(cd "$build/$1/src" &&
			scripts/kconfig/merge_config.sh -m -O "$dir/kbuild" \
				"$dir/kbuild/.config" "$wanted.new") &&
		in_tree "$1" "$2" -s olddefconfig || return
	# What Kconfig silently drops is an error here.
	grep '^CONFIG_' "$wanted.new" | grep -vxFf "$dir/kbuild/.config" &&
		return 1
	mv "$wanted.new" "$wanted"
}

# in_tree KERNEL ARCH ARGUMENT...: make there
in_tree() {
	local kernel=$1 arch=$2

	shift 2
	make -C "$build/$kernel/src" O="$build/$kernel/$arch/kbuild" \
		ARCH="$arch" -j"$jobs" "$@"
}

mkelfimage() {
	"$1/kbuild/arch/x86/boot/elf/tools/mkelfImage" "${@:2}"
}

build_kernel() {
	local kernel=$1 arch=$2 width=64
	local dir=$build/$kernel/$arch

	[ "$arch" = i386 ] && width=32
	build_init "$dir" "$width" &&
		configure "$kernel" "$arch" &&
		in_tree "$kernel" "$arch" elfImage bzImage || return
	cp "$dir/kbuild/vmlinux" "$dir/kbuild/arch/x86/boot/elfImage" \
		"$dir/kbuild/arch/x86/boot/bzImage" "$dir/" &&
		mkelfimage "$dir" --without-multiboot "$dir/vmlinux" \
			"$dir/elfImage-without-multiboot"
}

# need_kernel KERNEL ARCH: build/KERNEL/ARCH has vmlinux, elfImage,
# elfImage-without-multiboot and bzImage. Once in a run.
need_kernel() {
	local kernel=$1 arch=$2 seconds=$SECONDS
	local dir=$build/$kernel/$arch

	[ -n "$ELFBOOT_RUN" ] &&
		[ "$(cat "$dir/built" 2>/dev/null)" = "$ELFBOOT_RUN" ] && return
	mkdir -p "$dir"
	(
		flock 9
		need_source "$kernel" && build_kernel "$kernel" "$arch"
	) > "$dir/build.log" 2>&1 9> "$build/lock" || {
		tail -n 30 "$dir/build.log"
		say "$dir/build.log: the build failed"
		return 1
	}
	echo "$ELFBOOT_RUN" > "$dir/built"
	echo "built $kernel $arch in $((SECONDS - seconds)) s"
}
