#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The Debian package: dpkg-buildpackage in a clean copy of what git knows,
# which stays clean; what is in it; and its hooks, run as a kernel package runs
# them, on a small root file system of their own. Another project to be tested:
# PROJECT= directory (a repository).

# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

here=$root/tests/tool
project=${PROJECT:-$root}
dir=$build/tool/deb
copy=$dir/mkelfimage
top=$dir/root
marks=$top/var/lib/mkelfimage
version=6.1.0-99-amd64
umask 022
export GIT_CEILING_DIRECTORIES=$dir DEB_BUILD_OPTIONS='parallel=2 noautodbgsym'

# What an outer make has said is not for this one.
unset MAKEFLAGS MFLAGS CC CFLAGS CPPFLAGS LDFLAGS CROSS_COMPILE

contents='etc/default/mkelfimage
etc/grub.d/15_mkelfimage *
etc/initramfs/post-update.d/zz-mkelfimage *
etc/kernel/postinst.d/zz-mkelfimage *
etc/kernel/postrm.d/zz-mkelfimage *
usr/bin/mkelfImage *
usr/lib/mkelfimage/elfbootia32.efi
usr/lib/mkelfimage/elfbootx64.efi
usr/sbin/elfkexec *
usr/share/bash-completion/completions/elfkexec
usr/share/doc/mkelfimage/README.md.gz
usr/share/doc/mkelfimage/changelog.gz
usr/share/doc/mkelfimage/copyright
usr/share/doc/mkelfimage/elf-boot.txt.gz
usr/share/doc/mkelfimage/loaders.md.gz
usr/share/man/man8/elfkexec.8.gz
usr/share/man/man8/mkelfImage.8.gz
usr/share/mkelfimage/kernel-hook *'

# The package

git_there() {
	git -C "$copy" -c user.name=test -c user.email=test "$@"
}

# A repository with the same files, as they are now.
export_project() {
	mkdir -p "$copy" &&
		git -C "$project" ls-files -z --cached --others \
			--exclude-standard |
		tar -C "$project" --null --ignore-failed-read -cT - 2>&1 |
		tar -C "$copy" -x &&
		git_there init -q && git_there add -A &&
		git_there commit -q -m test
}

build_package() {
	(cd "$copy" && dpkg-buildpackage -us -uc -b) > "$dir/log" 2>&1 ||
		{ tail -n 20 "$dir/log"; return 1; }
}

is_clean() {
	! git_there status --porcelain "$@" | grep .
}

has_contents() {
	dpkg-deb --fsys-tarfile "$deb" | tar -tv | awk '$1 ~ /^-/ {
		print substr($6, 3) ($1 ~ /x/ ? " *" : "") }' |
		LC_ALL=C sort | diff <(echo "$contents") -
}

# All of /etc, so that dpkg asks before it replaces what somebody has changed.
has_conffiles() {
	dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./conffiles |
		diff <(sed -n 's,^\(etc/[^ ]*\).*,/\1,p' <<< "$contents") -
}

has_version() {
	[ "mkelfImage $(dpkg-deb -f "$deb" Version)" = \
	  "$("$top/usr/bin/mkelfImage" --version | head -n 1)" ] &&
		"$top/usr/bin/mkelfImage" --version |
			grep -xc -e 'unpacks: gzip bzip2 xz lzma lzo lz4 lz4-frame zstd' \
				-e 'signs: PKCS#7' | grep -qx 2
}

test_package() {
	check "an export of the repository" export_project
	check "dpkg-buildpackage -us -uc -b" build_package
	deb=$(echo "$dir"/mkelfimage_*.deb)
	[ -f "$deb" ] || return
	check "git status is clean" is_clean
	check "what is in it" has_contents
	check "conffiles" has_conffiles
	check "debian/rules clean" make -C "$copy" -f debian/rules clean
	check "all that was built is gone" is_clean --ignored
	if command -v lintian > /dev/null; then
		check "lintian" lintian --allow-root --fail-on error,warning \
			"$dir"/mkelfimage_*.changes
	else
		echo "skip lintian # there is none"
	fi
}

# A root file system with the package and nothing else

# The package does not get the libraries that it depends on.
dpkg_there() {
	fakeroot dpkg --root="$top" --force-not-root \
		--force-script-chrootless --force-depends "$@" \
		> "$dir/dpkg.log" 2>&1 || { cat "$dir/dpkg.log"; return 1; }
}

install_there() {
	mkdir -p "$top/var/lib/dpkg"/{info,updates} "$top/boot" &&
		: > "$top/var/lib/dpkg/status" && dpkg_there -i "$deb"
}

# configure LINE...
configure() {
	printf '%s\n' "$@" > "$top/etc/default/mkelfimage"
}

# hooks DIRECTORY ACTION VERSION [FILE]: as a kernel package runs them, or
# without any (ACTION is "-"). What they say is in $dir/said; nothing on the
# standard output, which may be debconf's.
hooks() {
	local which=$1 action=$2

	shift 2
	[ "$action" = - ] || local -x DEB_MAINT_PARAMS=$action
	DPKG_ROOT=$top run-parts --report --exit-on-error "${@/#/--arg=}" \
		"$top/etc/$which" > "$dir/stdout" 2> "$dir/said" ||
		{ cat "$dir/said"; return 1; }
	diff /dev/null "$dir/stdout"
}

installed() {
	hooks kernel/postinst.d "configure 6.1" "$1" "$top/boot/vmlinuz-$1"
}

# env_installed NAME=VALUE VERSION
env_installed() {
	local -x "$1"

	installed "$2"
}

removed() {
	hooks kernel/postrm.d "${2:-remove}" "$1" "$top/boot/vmlinuz-$1"
}

initrd_changed() {
	hooks initramfs/post-update.d - "$1" "$top/boot/initrd.img-$1"
}

# new_kernel VERSION: its files appear
new_kernel() {
	cp "$dir/bzImage" "$top/boot/vmlinuz-$1"
	new_initrd "$1" "initrd of $1"
}

new_initrd() {
	printf '%s' "$2" > "$top/boot/initrd.img-$1"
}

image() {
	echo "$top/boot/elfImage-$1"
}

# has_image VERSION OPTION...: it is what mkelfImage makes with these
has_image() {
	"$top/usr/bin/mkelfImage" "${@:2}" "$top/boot/vmlinuz-$1" \
		"$dir/wanted" && cmp "$dir/wanted" "$(image "$1")"
}

# has_mode VERSION MODE
has_mode() {
	[ "$(stat -c %a "$(image "$1")")" = "$2" ]
}

no_image() {
	[ ! -e "$(image "$1")" ] && [ ! -e "$marks/elfImage-$1" ] &&
		! compgen -G "$top/boot/*elfImage*$1*" &&
		! compgen -G "$top/boot/.*elfImage*$1*"
}

# Neither of the hook nor of mkelfImage.
nothing_left() {
	! find "$top/boot" -name '.*lfImage*' | grep .
}

said() {
	grep -q -e "$1" "$dir/said" || { cat "$dir/said"; return 1; }
}

nothing_said() {
	! grep . "$dir/said"
}

# unchanged VERSION COMMAND...: the image is the same file afterwards
unchanged() {
	local file before

	file=$(image "$1")
	before=$(stat -c '%i %y %s' "$file")
	"${@:2}" || return
	[ "$before" = "$(stat -c '%i %y %s' "$file")" ]
}

# The hooks

# Behind what makes the initrd, in front of what reads /boot.
test_order() {
	mkdir "$dir/order"
	touch "$dir/order"/{initramfs-tools,zz-mkelfimage,zz-update-grub,dkms}
	chmod +x "$dir/order"/*
	check "behind initramfs-tools, before update-grub" \
		diff <(run-parts --list "$dir/order" | sed 's|.*/||' |
			tail -n 3) \
		<(printf '%s\n' initramfs-tools zz-mkelfimage zz-update-grub)
}

test_off() {
	new_kernel "$version"
	check "off: a kernel is installed" installed "$version"
	check "off: nothing is said" nothing_said
	check "off: nothing is written" no_image "$version"
	check "off: the initrd changes" initrd_changed "$version"
	check "off: the kernel is removed" removed "$version"
	check "off: nothing is said" nothing_said
}

test_on() {
	configure ELFIMAGE=yes
	check "on: a kernel is installed" installed "$version"
	check "on: its image is there" has_image "$version"
	check "on: it is said" said "writing .*elfImage-$version"
	configure ELFIMAGE=yes "ELFIMAGE_CMDLINE='root=/dev/a b=\"c d\" e=*'" \
		ELFIMAGE_INITRD=yes "ELFIMAGE_OPTIONS='--without-multiboot'"
	chmod 600 "$top/boot/initrd.img-$version"
	check "on: again, with everything" installed "$version"
	check "on: everything is in it" everything_in "$version"
	check "on: nobody reads it who may not read the initrd" \
		has_mode "$version" 600
	chmod 644 "$top/boot/initrd.img-$version"
	chmod 600 "$top/boot/vmlinuz-$version"
	check "on: the kernel is root's alone" installed "$version"
	check "on: nobody reads it who may not read the kernel" \
		has_mode "$version" 600
	chmod 644 "$top/boot/vmlinuz-$version"
	check "on: all may read both" installed "$version"
	check "on: all may read it" has_mode "$version" 644
	new_initrd "$version" another
	check "on: the initrd changes" initrd_changed "$version"
	check "on: the image has the other" everything_in "$version"
	check "on: of another kernel" initrd_changed 5.0
	check "on: nothing is said" nothing_said
	check "on: no package at work" \
		hooks kernel/postinst.d - "$version" "$top/boot/vmlinuz-$version"
	check "on: only the version" hooks kernel/postinst.d - "$version"
	check "on: it is written" said writing
}

everything_in() {
	has_image "$1" --without-multiboot "--initrd=$top/boot/initrd.img-$1" \
		--append='root=/dev/a b="c d" e=*'
}

test_remove() {
	local action

	for action in "upgrade 6.2" "failed-upgrade 6.2" disappear; do
		check "postrm $action: it stays" \
			unchanged "$version" removed "$version" "$action"
	done
	for action in "abort-upgrade 6.2" abort-remove; do
		check "postinst $action: it stays" unchanged "$version" \
			hooks kernel/postinst.d "$action" "$version"
	done
	configure ELFIMAGE=no
	check "remove: also if the hook is off now" removed "$version"
	check "remove: the image is gone" no_image "$version"
	check "remove: it is said" said "removing .*elfImage-$version"
	check "remove: the kernel is not ours" \
		test -e "$top/boot/vmlinuz-$version"
	check "purge after that" removed "$version" purge
	check "purge after that: nothing is said" nothing_said
}

test_failures() {
	configure ELFIMAGE=yes ELFIMAGE_INITRD=yes
	rm "$top/boot/initrd.img-$version"
	check "no initrd: a kernel is installed" installed "$version"
	check "no initrd: it is said" said WARNING
	check "no initrd: no image" no_image "$version"
	check "no initrd and INITRD=No: a kernel is installed" \
		env_installed INITRD=No "$version"
	check "no initrd and INITRD=No: its image is there" \
		has_image "$version"
	new_initrd "$version" there
	installed "$version"
	echo 'not a kernel' > "$top/boot/vmlinuz-$version"
	check "not a kernel: the old image stays" \
		unchanged "$version" installed "$version"
	check "not a kernel: it is said" said 'WARNING: .* is the old one'
	new_kernel "$version"
	configure ELFIMAGE=yes 'ELFIMAGE_CMDLINE="'
	check "wrong configuration: the old image stays" \
		unchanged "$version" installed "$version"
	check "wrong configuration: it is said" said WARNING
	configure ELFIMAGE=perhaps
	check "neither on nor off: taken for off" \
		unchanged "$version" installed "$version"
	check "neither on nor off: it is said" said 'ELFIMAGE=perhaps'
	rm "$top/etc/default/mkelfimage"
	check "no configuration: taken for off" \
		unchanged "$version" installed "$version"
	check "no configuration: nothing is said" nothing_said
	removed "$version"
}

odd_names() {
	cat <<-'END'
	6.1 with blanks
	6.1"quoted'$(touch oops)`touch oops`
	-o
	6.1;*?[a]\n
	6.1+~rc1:2
	END
}

test_names() {
	local name

	configure ELFIMAGE=yes ELFIMAGE_INITRD=yes
	while read -r name; do
		new_kernel "$name"
		check "$name: installed" installed "$name"
		check "$name: its image" has_image "$name" \
			"--initrd=$top/boot/initrd.img-$name"
		check "$name: removed" removed "$name"
		check "$name: the image is gone" no_image "$name"
	done < <(odd_names)
	check_not "nothing in a name is run" test -e oops
	for name in "" ../6.1 6/1; do
		check "'$name': no kernel" hooks kernel/postinst.d - "$name"
		check "'$name': it is said" said 'not the version of a kernel'
	done
}

test_foreign() {
	configure ELFIMAGE=yes
	new_kernel 1.0
	echo theirs > "$(image 1.0)"
	check "somebody's image stays" unchanged 1.0 installed 1.0
	check "somebody's image: it is said" said 'not mine'
	check "somebody's image stays when the kernel goes" \
		unchanged 1.0 removed 1.0
}

# without_sums COMMAND...: with a sha256sum that fails
without_sums() {
	local bin=$dir/bin

	rm -rf "$bin"
	mkdir "$bin"
	printf '%s\n' '#!/bin/sh' 'exit 1' > "$bin/sha256sum"
	chmod +x "$bin/sha256sum"
	PATH=$bin:$PATH "$@"
}

# Nothing is known of an image without its sum: it is not made, not replaced and
# not given up.
test_sums() {
	configure ELFIMAGE=yes
	new_kernel 7.0
	check "no sums: installed" without_sums installed 7.0
	check "no sums: it is said" said 'WARNING: .* could not be written'
	check "no sums: no image, no mark" no_image 7.0
	check "no sums: again, with sums" installed 7.0
	check "no sums: the image" has_image 7.0
	check "no sums: it stays when the kernel is installed again" \
		unchanged 7.0 without_sums installed 7.0
	check "no sums: it stays when the kernel goes" \
		unchanged 7.0 without_sums removed 7.0
	check "no sums: it is said" said 'WARNING: .* has no SHA-256'
	check "no sums: removed, with sums" removed 7.0
	check "no sums: the image is gone" no_image 7.0
}

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

# with_esp COMMAND...: as if the EFI system partition were mounted
with_esp() {
	local bin=$dir/esp

	mkdir -p "$bin" "$top/boot/efi"
	printf '%s\n' '#!/bin/sh' '[ "$*" = "-q '"$top"'/boot/efi" ]' \
		> "$bin/mountpoint"
	chmod +x "$bin/mountpoint"
	PATH=$bin:$PATH "$@"
}

efi_image() {
	echo "$top/boot/efi/EFI/Linux/elfImage-$1.efi"
}

# has_efi VERSION OPTION...: it is what mkelfImage makes with these
has_efi() {
	"$top/usr/bin/mkelfImage" "${@:2}" "$top/boot/vmlinuz-$1" \
		"$dir/wanted" && cmp "$dir/wanted" "$(efi_image "$1")"
}

no_efi() {
	[ ! -e "$(efi_image "$1")" ] && [ ! -e "$marks/efi-$1" ] &&
		! find "$top/boot" -path "*EFI*elfImage*" | grep .
}

test_efi() {
	local initrd=--initrd=$top/boot/initrd.img-8.0

	configure ELFIMAGE_EFI=yes
	new_kernel 8.0
	check "EFI: a kernel is installed, and no ESP is mounted" installed 8.0
	check "EFI: it is said" said 'WARNING: .*/boot/efi is not mounted'
	check "EFI: nothing is written" no_efi 8.0
	check "EFI: a kernel is installed" with_esp installed 8.0
	check "EFI: the program, with its initrd" has_efi 8.0 --efi "$initrd"
	check "EFI: no command line: it is said" said 'has no command line'
	check "EFI: nothing else is written" no_image 8.0
	mkdir -p "$top/etc/kernel"
	printf 'root=/dev/a\nquiet\n' > "$top/etc/kernel/cmdline"
	check "EFI: /etc/kernel/cmdline" with_esp installed 8.0
	check "EFI: /etc/kernel/cmdline" \
		has_efi 8.0 --efi "$initrd" --append='root=/dev/a quiet'
	configure ELFIMAGE=yes ELFIMAGE_EFI=yes "ELFIMAGE_CMDLINE='root=/dev/b'"
	check "EFI: both" with_esp installed 8.0
	check "EFI: both: the ELF file" has_image 8.0 --append=root=/dev/b
	check "EFI: both: the program" \
		has_efi 8.0 --efi "$initrd" --append=root=/dev/b
	printf 'sbat,1,x\nlocal,1,x\n' > "$dir/sbat"
	configure ELFIMAGE=yes ELFIMAGE_EFI=yes "ELFIMAGE_CMDLINE='root=/dev/b'" \
		ELFIMAGE_OPTIONS=--sha256 "ELFIMAGE_EFI_OPTIONS='--sbat=$dir/sbat'"
	check "EFI: options of its own" with_esp installed 8.0
	check "EFI: options of its own: the ELF file has the others" \
		has_image 8.0 --append=root=/dev/b --sha256
	check "EFI: options of its own: the program has both" has_efi 8.0 --efi \
		"$initrd" --append=root=/dev/b --sha256 "--sbat=$dir/sbat"
	configure ELFIMAGE=yes ELFIMAGE_EFI=yes "ELFIMAGE_CMDLINE='root=/dev/b'"
	with_esp installed 8.0
	new_initrd 8.0 'another initrd'
	check "EFI: the initrd changes" with_esp initrd_changed 8.0
	check "EFI: the program has the other" \
		has_efi 8.0 --efi "$initrd" --append=root=/dev/b
	mkdir -p "$top/sys/firmware/efi"
	echo 32 > "$top/sys/firmware/efi/fw_platform_size"
	check "EFI: 32-bit firmware" with_esp installed 8.0
	check "EFI: 32-bit firmware" \
		has_efi 8.0 --efi=ia32 "$initrd" --append=root=/dev/b
	rm -r "$top/sys"
	check "EFI: removed, and no ESP is mounted" removed 8.0
	check "EFI: it stays, and that is said" said 'not mounted: .* stays'
	check "EFI: it is there" test -e "$(efi_image 8.0)"
	check "EFI: removed" with_esp removed 8.0
	check "EFI: the program is gone" no_efi 8.0
	configure ELFIMAGE_EFI=yes
	echo theirs > "$(efi_image 8.0)"
	check "EFI: somebody's" with_esp installed 8.0
	check "EFI: somebody's: it is said" said 'not mine'
	check "EFI: somebody's: it stays" grep -qx theirs "$(efi_image 8.0)"
	with_esp removed 8.0
	check "EFI: somebody's: it stays when the kernel goes" \
		grep -qx theirs "$(efi_image 8.0)"
	rm "$(efi_image 8.0)"
	with_esp installed 8.0		# for test_dpkg
	rm "$top/etc/kernel/cmdline"
	configure ELFIMAGE=yes
}

# killed_at PROGRAM N VERSION: the hook and all that it has started are killed when
# it calls that for the Nth time; mkelfImage with its temporary file there
killed_at() {
	local program bin=$dir/bin real status temporary=

	program=$(PATH=$top/usr/bin:$PATH type -P "$1")
	real=$program
	rm -rf "$bin"
	mkdir "$bin"
	if [ "$1" = mkelfImage ]; then
		real=$dir/$1.real
		mv "$program" "$real"
		# shellcheck disable=SC2016 # for the script
		temporary='eval "last=\${$#}"; : > "${last%/*}/.mkelfImage.abcdef"'
	fi
	cat > "$bin/$1" <<-END
	#!/bin/sh
	echo >> "$bin/calls"
	$temporary
	[ "\$(wc -l < "$bin/calls")" -ne $2 ] || kill -9 0
	exec "$real" "\$@"
	END
	chmod +x "$bin/$1"
	[ "$1" != mkelfImage ] || cp "$bin/$1" "$program"
	set -m
	PATH=$bin:$PATH installed "$3" > /dev/null 2>&1 &
	set +m
	wait $! 2> /dev/null
	status=$?
	[ "$1" != mkelfImage ] || mv "$real" "$program"
	[ "$status" -ne 0 ]
}

# Whenever the hook is killed: what it has made is its own, what somebody else
# has put there is not.
test_killed() {
	local point

	configure ELFIMAGE=yes
	for point in mkelfImage:1 mv:1 mv:2 mv:3; do
		new_kernel 3.0
		check "killed ($point), first" \
			killed_at "${point%:*}" "${point#*:}" 3.0
		check "killed ($point), first: removed" removed 3.0
		check "killed ($point), first: nothing is left" nothing_left
		killed_at "${point%:*}" "${point#*:}" 3.0
		check "killed ($point), first: again" installed 3.0
		check "killed ($point), first: nothing is left" nothing_left
		check "killed ($point), first: the image" has_image 3.0
		new_kernel 3.0
		configure ELFIMAGE=yes 'ELFIMAGE_CMDLINE=other'
		check "killed ($point), then" \
			killed_at "${point%:*}" "${point#*:}" 3.0
		check "killed ($point), then: again" installed 3.0
		check "killed ($point), then: the image" \
			has_image 3.0 --append=other
		check "killed ($point), then: nothing is left" nothing_left
		configure ELFIMAGE=yes
		check "killed ($point): removed" removed 3.0
		check "killed ($point): the image is gone" no_image 3.0
		check "killed ($point), somebody's image" \
			killed_at "${point%:*}" "${point#*:}" 3.0
		echo theirs > "$(image 3.0)"
		check "killed ($point), somebody's image: installed" \
			unchanged 3.0 installed 3.0
		check "killed ($point), somebody's image stays" \
			unchanged 3.0 removed 3.0
		rm "$(image 3.0)"
		removed 3.0
	done
}

# Somebody has put another in the place of the hook's.
test_replaced() {
	configure ELFIMAGE=yes
	new_kernel 4.0
	installed 4.0
	echo theirs > "$dir/theirs"
	mv "$dir/theirs" "$(image 4.0)"
	check "replaced: it stays" unchanged 4.0 installed 4.0
	check "replaced: it is said" said 'not mine'
	check "replaced: it stays when the kernel goes" \
		unchanged 4.0 removed 4.0
	check "replaced: it is said" said 'not mine: it stays'
	rm "$(image 4.0)"
	installed 4.0
	mv "$(image 4.0)" "$dir/theirs"
	ln -s "$dir/theirs" "$(image 4.0)"
	check "replaced by a link: it stays" removed 4.0
	check "replaced by a link: it is there" test -L "$(image 4.0)"
	rm "$(image 4.0)"
	# What 3.1 has left.
	installed 4.0
	: > "$marks/elfImage-4.0"
	check "an upgrade" dpkg_there -i "$deb"
	check "an upgrade: the mark has its sum" \
		cmp "$marks/elfImage-4.0" \
		<(sha256sum < "$(image 4.0)" | cut -d ' ' -f 1)
	check "an upgrade: removed" removed 4.0
	check "an upgrade: the image is gone" no_image 4.0
	installed 4.0
	echo theirs > "$(image 4.0)"	# for test_dpkg
}

test_dpkg() {
	new_kernel 2.0
	installed 2.0
	new_kernel 5.0
	check "a hook is killed" killed_at mkelfImage 1 5.0
	check "dpkg -r" dpkg_there -r mkelfimage
	check "dpkg -r: the image stays" test -e "$(image 2.0)"
	check "dpkg -r: what is left of the hooks" installed 2.0
	check "dpkg -r: they say nothing" nothing_said
	check "dpkg -r: the UEFI program stays" test -e "$(efi_image 8.0)"
	check "dpkg -P" with_esp dpkg_there -P mkelfimage
	check "dpkg -P: the UEFI program is gone" no_efi 8.0
	check "dpkg -P: what the hooks have made is gone" no_image 2.0
	check "dpkg -P: it is said" \
		grep -q 'removing .*elfImage-2.0' "$dir/dpkg.log"
	check "dpkg -P: nothing is left of the killed hook" nothing_left
	check "dpkg -P: somebody's image stays" test -e "$(image 1.0)"
	check "dpkg -P: what somebody has replaced stays" \
		test -e "$(image 4.0)"
	check "dpkg -P: no file of the package is left" \
		diff /dev/null <(find "$top" -path "$top/var/lib/dpkg" -prune \
			-o -iname '*mkelfimage*' -print)
}

rm -rf "$dir"
mkdir -p "$dir"
if ! command -v dh fakeroot > /dev/null; then
	echo "skip deb # no debhelper or no fakeroot"
	exit
fi
test_package
check "small bzImage" "$here/make-bzimage.py" x86_64 "$dir/bzImage"
check "dpkg -i" install_there
[ -x "$top/usr/bin/mkelfImage" ] || exit 1
check "its version is the tool's" has_version
test_order
test_off
test_on
test_remove
test_failures
test_names
test_foreign
test_sums
test_killed
test_replaced
test_grub
test_grub_root
test_grub_names
test_efi
test_dpkg
[ -z "$failed" ]
