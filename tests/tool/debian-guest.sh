#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What debian.sh has the guest do as its init, once in each boot: a line for each
# step on the second serial port, its name and what has come of it; then the machine
# goes off.

export PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive
mount -o remount,rw /
exec 3> /dev/ttyS1 > /dev/ttyS0 2>&1 < /dev/null
version=$(uname -r)

say() {
	echo "$*" >&3
}

# step NAME COMMAND...: and its exit status
step() {
	local name=$1

	shift
	"$@"
	say "$name $?"
}

install_grub() {
	step grub-install grub-install /dev/vda
	step update-grub update-grub
	sed -n "s/^menuentry .*--id '\(elfImage-[^']*\)'.*/entry \1/p" \
		/boot/grub/grub.cfg >&3
}

# Offset of ramdisk_image in boot_params: Documentation/x86/zero-page.rst.
tell() {
	say "cmdline $(cat /proc/cmdline)"
	say "version $version"
	say "root $(findmnt -n -o SOURCE,FSTYPE / | tr -s ' ')"
	say "initrd $(od -A n -t u4 -j $((0x21c)) -N 4 \
		/sys/kernel/boot_params/data | tr -d ' ')"
}

# All that the package or its hooks have made has this in its name.
purge() {
	step purge apt-get purge -y mkelfimage
	# shellcheck disable=SC2046 # it is names
	say "left" $(find / -xdev -iname '*elfimage*' -print)
	say "entries $(grep -c '^menuentry .*elfImage-' /boot/grub/grub.cfg)"
}

case $(cat /proc/cmdline) in
*install)	install_grub ;;
*BOOT_IMAGE=*)	tell ;;
*)		tell; purge ;;
esac
sync
mount -o remount,ro /
echo o > /proc/sysrq-trigger
sleep 60
