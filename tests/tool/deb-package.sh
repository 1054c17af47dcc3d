# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# The package: that it can be built, and what is in it. Sourced by deb.sh.

# shellcheck disable=SC2154,SC2034 # variables of deb.sh and common.sh

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
