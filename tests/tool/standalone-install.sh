# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# "make install" and "make uninstall". Sourced by standalone.sh.

# shellcheck disable=SC2154,SC2034 # variables of standalone.sh

installed='bin/mkelfImage
lib/mkelfimage/elfbootia32.efi
lib/mkelfimage/elfbootx64.efi
sbin/elfkexec
share/bash-completion/completions/elfkexec
share/doc/mkelfimage/README.md
share/doc/mkelfimage/elf-boot.txt
share/doc/mkelfimage/loaders.md
share/man/man8/elfkexec.8
share/man/man8/mkelfImage.8'

# installs PREFIX [OPTION]...
installs() {
	local prefix=$1

	shift
	make_it install O="$dir/gcc" DESTDIR="$dir/dest" "$@" &&
		diff <(echo "$installed") \
			<(cd "$dir/dest$prefix" && find . -type f -printf '%P\n' |
			LC_ALL=C sort)
}

uninstalls() {
	make_it uninstall DESTDIR="$dir/dest" "$@" &&
		! find "$dir/dest" ! -type d -o -name mkelfimage | grep .
}

test_install() {
	check "install" installs /usr/local
	check "install: what was built" cmp "$dir/gcc/tools/mkelfImage" \
		"$dir/dest/usr/local/bin/mkelfImage"
	check "install: the tool finds elfboot.efi" \
		"$dir/dest/usr/local/bin/mkelfImage" --efi --quiet \
		"$dir/bzImage" "$dir/installed.efi"
	check "uninstall" uninstalls
	check "uninstall again" uninstalls
	rm -rf "$dir/dest"
	check "install PREFIX=" installs /opt/elf PREFIX=/opt/elf
	check "uninstall PREFIX=" uninstalls PREFIX=/opt/elf
	rm -rf "$dir/dest"
	check "install KDIR=: refused" refuses 2 install-tree install \
		KDIR="$dir" DESTDIR="$dir/dest"
	check_not "install KDIR=: nothing is there" test -e "$dir/dest"
	check "install-tree without KDIR=: refused" refuses 2 usage install-tree
}
