#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The Debian package in a real Debian, with grub-pc on a disk: debootstrap makes it,
# QEMU runs it. A kernel is installed and the hook makes its elfImage, in a chroot,
# where that is not emulated; update-grub makes the entry; the next boot is by that;
# what it has mounted is said by the guest; then the package is purged and nothing
# may be left. The guest's part is debian-guest.sh.
# PACKAGE= another package, MIRROR= another mirror.

# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

here=$root/tests/tool
dir=$build/tool/debian
top=$dir/root
suite=bookworm
mirror=${MIRROR:-http://deb.debian.org/debian}
packages=linux-image-amd64,grub-pc,initramfs-tools,systemd-sysv,udev
packages+=,zlib1g,libbz2-1.0,liblzma5,liblzo2-2,liblz4-1,libzstd1
PARTITION=$((1 << 20))		# where it begins
SIZE=2048			# of the disk, in MiB

# Only once: it takes minutes, and nothing of it changes.
make_root() {
	[ ! -e "$dir/made" ] || return 0
	rm -rf "$top" && mkdir -p "$top" || return
	debootstrap --variant=minbase --include="$packages" "$suite" "$top" \
		"$mirror" > "$dir/debootstrap.log" 2>&1 ||
		{ tail -n 5 "$dir/debootstrap.log"; return 1; }
	touch "$dir/made"
}

make_package() {
	if [ -n "${PACKAGE-}" ]; then
		cp "$PACKAGE" "$dir/mkelfimage.deb"
		return
	fi
	make -s -C "$root" deb > "$dir/deb.log" 2>&1 &&
		cp "$build"/deb/mkelfimage_*.deb "$dir/mkelfimage.deb"
}

there() {
	chroot "$top" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		DEBIAN_FRONTEND=noninteractive "$@" >> "$dir/there.log" 2>&1 ||
		{ tail -n 5 "$dir/there.log"; return 1; }
}

# In the file system that becomes the disk: the package as its user configures it.
# It goes first, in case an earlier run has left it there.
install_there() {
	: > "$dir/there.log"
	there dpkg -P mkelfimage &&
		install "$here/debian-guest.sh" "$top/usr/local/sbin/guest" &&
		cp "$dir/mkelfimage.deb" "$top" &&
		there dpkg -i /mkelfimage.deb &&
		rm "$top/mkelfimage.deb" &&
		sed -i -e 's/^ELFIMAGE=.*/ELFIMAGE=yes/' \
			-e 's/^ELFIMAGE_UNPACK=.*/ELFIMAGE_UNPACK=yes/' \
			-e 's/^ELFIMAGE_GRUB=.*/ELFIMAGE_GRUB=yes/' \
			"$top/etc/default/mkelfimage" &&
		echo '/dev/vda1 / ext4 errors=remount-ro 0 1' > "$top/etc/fstab" &&
		echo MODULES=list > "$top/etc/initramfs-tools/conf.d/list" &&
		printf '%s\n' virtio_pci virtio_blk ext4 \
			> "$top/etc/initramfs-tools/modules" &&
		cat > "$top/etc/default/grub" <<-END
			GRUB_DEFAULT="elfImage-$version"
			GRUB_TIMEOUT=0
			GRUB_DISTRIBUTOR=Debian
			GRUB_CMDLINE_LINUX="init=/usr/local/sbin/guest"
			GRUB_CMDLINE_LINUX_DEFAULT="console=ttyS0"
			GRUB_TERMINAL=console
		END
}

# Again: its scripts call all hooks, as for an upgrade.
install_kernel() {
	cp "$top"/var/cache/apt/archives/linux-image-6*.deb "$top/kernel.deb" &&
		there dpkg -i /kernel.deb && rm "$top/kernel.deb"
}

is_unpacked() {
	[ "$(stat -c %s "$top/boot/elfImage-$version")" -gt \
	  "$((3 * $(stat -c %s "$top/boot/vmlinuz-$version")))" ]
}

# One partition, type 83, behind the first MiB.
make_disk() {
	rm -f "$dir/disk" && truncate -s "${SIZE}M" "$dir/disk" &&
		python3 - "$dir/disk" "$PARTITION" "$SIZE" <<-'END' &&
			import struct, sys
			start = int(sys.argv[2]) // 512
			size = int(sys.argv[3]) * 2048 - start
			with open(sys.argv[1], "r+b") as disk:
			    disk.seek(440)
			    disk.write(struct.pack("<I2x", 0x656c6621))
			    disk.write(struct.pack("<B3sB3s2I", 0x80, bytes(3), 0x83,
			                           bytes(3), start, size) + bytes(48))
			    disk.write(b"\x55\xaa")
		END
		mke2fs -q -t ext4 -d "$top" -E "offset=$PARTITION" "$dir/disk" \
			"$((SIZE - 2))M" > "$dir/mke2fs.log" 2>&1
}

# boot NAME OPTION...: until it is off; what it says is in $dir/NAME.
boot() {
	local name=$1

	shift
	timeout "$(patient 1500)" qemu-system-x86_64 -accel tcg -m 1024 -nodefaults -no-reboot \
		-display none -drive "file=$dir/disk,format=raw,if=virtio" \
		-serial "file:$dir/console-$name" -serial "file:$dir/$name" "$@"
}

# has NAME LINE: the guest has said that; a serial port has CRs
has() {
	tr -d '\r' < "$dir/$1" | grep -x -e "$2" > /dev/null ||
		{ cat "$dir/$1"; return 1; }
}

if ! command -v debootstrap > /dev/null; then
	echo "skip a real Debian # there is no debootstrap"
	exit
fi
mkdir -p "$dir"
check "debootstrap" make_root
check "the package" make_package
[ -z "$failed" ] || exit 1
kernel=$(echo "$top"/boot/vmlinuz-*)
version=${kernel##*/vmlinuz-}

check "the package is installed" install_there
check "a kernel is installed" install_kernel
check "the hook has made its image, unpacked" is_unpacked
check "a disk" make_disk
[ -z "$failed" ] || exit 1
check "Debian runs, by its own kernel" boot install -kernel "$kernel" \
	-initrd "$top/boot/initrd.img-$version" \
	-append "root=/dev/vda1 ro console=ttyS0 init=/usr/local/sbin/guest install"
check "grub-install" has install 'grub-install 0'
check "update-grub" has install 'update-grub 0'
check "GRUB has an entry" has install "entry elfImage-$version"

check "GRUB boots it" boot elfimage
check "it is the elfImage: by multiboot2, without BOOT_IMAGE" \
	has elfimage 'cmdline root=UUID=[-0-9a-f]* ro init=/usr/local/sbin/guest console=ttyS0'
check "it is this kernel" has elfimage "version $version"
check "the root file system is mounted" has elfimage 'root /dev/vda1 ext4'
check "by its initrd" has elfimage 'initrd [1-9][0-9]*'
check "apt purge" has elfimage 'purge 0'
check "nothing is left" has elfimage 'left *'
check "GRUB's menu has no entry" has elfimage 'entries 0'

check "GRUB boots what is left" boot after
check "its own kernel" has after 'cmdline BOOT_IMAGE=.*'
[ -z "$failed" ]
