#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The Debian package: dpkg-buildpackage in a clean copy of what git knows,
# which stays clean; what is in it; and its hooks, run as a kernel package runs
# them, on a small root file system of their own (deb-*.sh). Another project to be
# tested: PROJECT= directory (a repository).

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

# shellcheck source-path=SCRIPTDIR source=deb-package.sh
. "$here/deb-package.sh"
# shellcheck source-path=SCRIPTDIR source=deb-root.sh
. "$here/deb-root.sh"
# shellcheck source-path=SCRIPTDIR source=deb-hooks.sh
. "$here/deb-hooks.sh"
# shellcheck source-path=SCRIPTDIR source=deb-grub.sh
. "$here/deb-grub.sh"
# shellcheck source-path=SCRIPTDIR source=deb-efi.sh
. "$here/deb-efi.sh"
# shellcheck source-path=SCRIPTDIR source=deb-killed.sh
. "$here/deb-killed.sh"

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
test_grub_settings
test_grub_names
test_efi
test_efi_space
test_dpkg
[ -z "$failed" ]
