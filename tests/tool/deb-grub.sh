# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# The hook that writes entries of GRUB's menu. Sourced by deb.sh.

# shellcheck disable=SC2154,SC2034 # variables of deb.sh and common.sh

# menu: what GRUB's script has to say there, and how; fails if it does. Where a file
# system is, grub-probe has to find out: that is a stand-in's answer.
menu() {
	DPKG_ROOT=$top GRUB_DEVICE=${GRUB_DEVICE-/dev/sda1} GRUB_DEVICE_BOOT=/dev/sda1 \
		GRUB_DISTRIBUTOR="Test's" \
		GRUB_CMDLINE_LINUX="${GRUB_CMDLINE_LINUX-quiet}" \
		GRUB_CMDLINE_LINUX_DEFAULT=splash pkgdatadir=$dir/grub \
		"$top/etc/grub.d/15_mkelfimage" > "$dir/menu" 2> "$dir/said"
}

# menu_with NAME=VALUE...
menu_with() {
	local -x "$@"

	menu
}

make_grub_lib() {
	mkdir -p "$dir/grub" && cat > "$dir/grub/grub-mkconfig_lib" <<-\END
		grub_quote() { sed "s/'/'\\\\''/g"; }
		gettext_printf() { printf "$@"; }
		make_system_path_relative_to_its_root() {
			case $1 in
			/)	[ "${GRUB_FS-}" = zfs ] && echo /ROOT/system@ || echo /@rootfs ;;
			*)	echo /boot ;;
			esac
		}
		uses_abstraction() { [ "$1 $2" = "/dev/null lvm" ]; }
		save_default_entry() { [ "${GRUB_SAVEDEFAULT-}" != true ] || echo savedefault; }
		prepare_grub_to_access_device() { printf 'insmod ext2\nset root=hd0\n'; }
	END
}

has_entries() {
	diff <(sed -n "s/^menuentry '\([^{]*\)' --class.*/\1/p" "$dir/menu") \
		<(printf '%s\n' "$@")
}

# GRUB's own parser takes it.
is_grub_script() {
	! command -v grub-script-check > /dev/null ||
		grub-script-check "$dir/menu"
}

test_grub() {
	make_grub_lib
	new_kernel 9.1
	new_kernel 10.1
	rm -f "$top/boot/initrd.img-10.1"
	configure ELFIMAGE=yes ELFIMAGE_UNPACK=no
	installed 9.1
	installed 10.1
	check "GRUB: no entries by default" menu
	check "GRUB: none at all" diff /dev/null "$dir/menu"
	configure ELFIMAGE=yes ELFIMAGE_GRUB=yes
	check "GRUB: entries" menu
	check "GRUB: the newest first, nobody else's" \
		has_entries "Test'\\''s, elfImage 10.1" "Test'\\''s, elfImage 9.1"
	check "GRUB: by multiboot2, with root, command line and initrd" \
		diff <(grep -E -A 1 '^	multiboot2' "$dir/menu") <(printf '%s\n' \
			$'\tmultiboot2\t\'/boot/elfImage-10.1\' root=/dev/sda1 ro quiet splash' \
			"}" -- \
			$'\tmultiboot2\t\'/boot/elfImage-9.1\' root=/dev/sda1 ro quiet splash' \
			$'\tmodule2 --nounzip\t\'/boot/initrd.img-9.1\'')
	check "GRUB: its parser takes it" is_grub_script
	check "GRUB: backslashes" \
		menu_with 'GRUB_CMDLINE_LINUX=a=\\"b\c\\"'
	check "GRUB: backslashes stay" \
		grep -q -F 'ro a=\\"b\c\\" splash' "$dir/menu"
	configure ELFIMAGE_GRUB=maybe
	check "GRUB: neither yes nor no" menu
	check "GRUB: neither yes nor no: none, and it is said" \
		grep -q 'neither yes nor no' "$dir/said"
	configure ELFIMAGE_GRUB=yes 'exit 1'
	check "GRUB: a configuration that fails" menu
	check "GRUB: it has none" diff /dev/null "$dir/menu"
	configure ELFIMAGE=yes ELFIMAGE_UNPACK=yes
	installed 9.1
	check "unpacking what cannot be: it is said" said 'elfImage-9.1'
	configure ELFIMAGE=yes
	removed 9.1
	removed 10.1
}

# has_root VERSION TEXT: so its command line begins
has_root() {
	grep -q -F "/elfImage-$1' root=$2 quiet splash" "$dir/menu"
}

# As 10_linux has it, or it is not the same system.
test_grub_root() {
	local udev=$top/dev/disk/by-uuid

	configure ELFIMAGE=yes ELFIMAGE_GRUB=yes
	new_kernel 9.1
	new_kernel 10.1
	rm -f "$top/boot/initrd.img-10.1"
	installed 9.1
	installed 10.1
	check "GRUB, btrfs" menu_with GRUB_FS=btrfs
	check "GRUB, btrfs: the subvolume" \
		has_root 9.1 "/dev/sda1 ro rootflags=subvol=@rootfs"
	printf '#!/bin/sh\n[ "$*" = "--device /dev/a /dev/b --target=fs_label" ] && echo pool\n' \
		> "$dir/grub/probe"
	chmod 755 "$dir/grub/probe"
	check "GRUB, ZFS" menu_with GRUB_FS=zfs "grub_probe=$dir/grub/probe" \
		"GRUB_DEVICE=/dev/a /dev/b"
	check "GRUB, ZFS: pool and dataset" has_root 9.1 "ZFS=pool/ROOT/system ro"
	check "GRUB, ZFS: no pool is known" menu_with GRUB_FS=zfs \
		"grub_probe=$dir/grub/probe"
	check "GRUB, ZFS: no pool is known: no entries" diff /dev/null "$dir/menu"
	check "GRUB, ZFS: no pool is known: it is said" \
		grep -q 'does not know' "$dir/said"
	check "GRUB: a UUID that udev does not know" menu_with GRUB_DEVICE_UUID=ab
	check "GRUB: a UUID that udev does not know: the device" \
		has_root 9.1 "/dev/sda1 ro"
	mkdir -p "$udev"
	touch "$udev/ab"
	check "GRUB: a UUID" menu_with GRUB_DEVICE_UUID=ab
	check "GRUB: a UUID" has_root 9.1 "UUID=ab ro"
	check "GRUB: a UUID, and no initrd that finds it: the device" \
		has_root 10.1 "/dev/sda1 ro"
	check "GRUB: no UUID wanted" \
		menu_with GRUB_DEVICE_UUID=ab GRUB_DISABLE_LINUX_UUID=true
	check "GRUB: no UUID wanted: the device" has_root 9.1 "/dev/sda1 ro"
	check "GRUB: LVM" menu_with GRUB_DEVICE_UUID=ab GRUB_DEVICE=/dev/null
	check "GRUB: LVM: the device" has_root 9.1 "/dev/null ro"
	removed 9.1
	removed 10.1
	rm -r "${top:?}/dev"
}

# has_settings LINE...: in front of all else in each entry
has_settings() {
	local line

	diff <(sed -n '/^menuentry/,/insmod multiboot2/{
			/^menuentry/d; /insmod multiboot2/d; p }' "$dir/menu") \
		<(for line in "$@" "$@"; do printf '\t%s\n' "$line"; done)
}

# As 10_linux has them for its own.
test_grub_settings() {
	configure ELFIMAGE=yes ELFIMAGE_GRUB=yes
	new_kernel 9.1
	new_kernel 10.1
	installed 9.1
	installed 10.1
	check "GRUB: settings" menu
	check "GRUB: settings: a video mode can be set" has_settings load_video
	check "GRUB: GRUB_SAVEDEFAULT" menu_with GRUB_SAVEDEFAULT=true
	check "GRUB: GRUB_SAVEDEFAULT: it becomes the default" \
		has_settings savedefault load_video
	check "GRUB: GRUB_GFXPAYLOAD_LINUX" menu_with GRUB_GFXPAYLOAD_LINUX=keep
	check "GRUB: GRUB_GFXPAYLOAD_LINUX: that one" \
		has_settings load_video "set gfxpayload='keep'"
	check "GRUB: its parser takes them" is_grub_script
	check "GRUB: GRUB_GFXPAYLOAD_LINUX=text" \
		menu_with GRUB_GFXPAYLOAD_LINUX=text
	check "GRUB: GRUB_GFXPAYLOAD_LINUX=text: no drivers" \
		has_settings "set gfxpayload='text'"
	check "GRUB: its library has the function" \
		grep -q '^save_default_entry ()' /usr/share/grub/grub-mkconfig_lib
	removed 9.1
	removed 10.1
}

has_odd_entry() {
	local quoted=${1//\'/\'\\\'\'}

	grep -q -F "multiboot2	'/boot/elfImage-$quoted' root=" "$dir/menu" &&
		grep -q -F "module2 --nounzip	'/boot/initrd.img-$quoted'" "$dir/menu"
}

# One name that GRUB does not take would be the end of its whole menu.
test_grub_names() {
	local name

	configure ELFIMAGE=yes ELFIMAGE_GRUB=yes
	while read -r name; do
		new_kernel "$name"
		installed "$name"
	done < <(odd_names)
	check "GRUB: odd names" menu
	check "GRUB: odd names: its parser takes them" is_grub_script
	while read -r name; do
		check "GRUB: $name" has_odd_entry "$name"
		removed "$name"
	done < <(odd_names)
}
