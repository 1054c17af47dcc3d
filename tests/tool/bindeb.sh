#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "make bindeb-pkg", as those do who build Debian packages of their own kernel:
# a module is built against the headers package, and the kernel of the image
# package boots and loads it. The argument is a kernel of kernels.list.

# shellcheck disable=SC2317 # functions are called by name
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

kernel=$1
source=$build/$kernel/src
dir=$build/tool/bindeb-$kernel
objtree=$dir/O
packages=$dir/packages		# unpacked
module=$dir/module
patience=$(patient 240)		# seconds until a boot has failed

# shellcheck source-path=SCRIPTDIR source=module.sh
. "$root/tests/tool/module.sh"

# The variant as distributions build it has modules.
copy_build() {
	local built=$build/$kernel/x86_64-distro

	need_kernel "$kernel" x86_64 distro || return
	rm -rf "$dir"
	mkdir -p "$dir" && locked "$built/lock" cp -a "$built/kbuild" "$objtree"
}

make_packages() {
	quiet_make -C "$source" O="$objtree" KDEB_PKGVERSION=1 bindeb-pkg
}

unpack_packages() {
	local package

	for package in "$dir"/linux-{image,headers}-*_1_amd64.deb; do
		[[ $package != *-dbg_* ]] || continue
		dpkg-deb -x "$package" "$packages" || return
	done
}

# An initrd that loads the module and says so.
make_initrd() {
	local tree=$dir/initrd.d

	mkdir -p "$tree"/{bin,dev,proc} &&
		cp /bin/busybox "$tree/bin/" && cp "$module/two.ko" "$tree/" &&
		cat > "$tree/init" <<-'END' || return
	#!/bin/busybox sh
	/bin/busybox mount -t proc proc /proc
	/bin/busybox mount -t devtmpfs dev /dev
	/bin/busybox insmod /two.ko
	/bin/busybox grep '^two ' /proc/modules > /dev/ttyS1
	/bin/busybox uname -r > /dev/ttyS1
	/bin/busybox poweroff -f
	END
	chmod 755 "$tree/init" &&
		(cd "$tree" && find . | cpio -o -H newc --quiet) > "$dir/initrd"
}

boot_kernel() {
	timeout "$patience" qemu-system-x86_64 -accel tcg -m 512 -display none \
		-nodefaults -no-reboot -kernel "$packages"/boot/vmlinuz-* \
		-initrd "$dir/initrd" -append quiet \
		-serial "file:$dir/console" -serial "file:$dir/report"
}

# say_release: of the packages
say_release() {
	basename "$packages"/lib/modules/*
}

check "$kernel: a build with modules" copy_build
check "$kernel: make bindeb-pkg" make_packages
check "$kernel: both packages" unpack_packages
headers=$packages/usr/src/linux-headers-$(say_release)
# Neither the sources nor what was built is needed any more.
rm -rf "$objtree"
check "$kernel: nothing of ours is in the headers" nothing_of_ours
check "$kernel: a module" write_module
check "$kernel: make M=" build_module
check "$kernel: an initrd with it" make_initrd
check "$kernel: make M= clean" clean_module
check "$kernel: its kernel boots" boot_kernel
check "$kernel: and loads the module" grep -a '^two ' "$dir/report"
check "$kernel: it is that kernel" grep -a "^$(say_release)" "$dir/report"
[ -n "$failed" ] || rm -rf "$dir"
[ -z "$failed" ]
