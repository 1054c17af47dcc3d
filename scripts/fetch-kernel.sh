#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fetch a kernel that Debian has built, unmodified.

top=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# shellcheck source-path=SCRIPTDIR source=debian.sh
. "$top/scripts/debian.sh"

usage() {
	cat <<-'END'
	usage: fetch-kernel.sh SUITE ARCHITECTURE PACKAGE OUTPUT

	Writes the kernel of a suite's PACKAGE (linux-image-amd64, ...) to OUTPUT
	and prints its version.

	Exit status: 0 success, 1 not to be had, 2 wrong usage.
	END
}

# depends_on PACKAGE REGEX: the first package of that name
depends_on() {
	debian_apt apt-cache show "$1" | grep '^Depends:' |
		grep -oE -m 1 "$2"
}

# PACKAGE is an empty one that depends on the one with the kernel; since 7.x
# that is empty, too.
real_package() {
	local package

	package=$(depends_on "$1" 'linux-image-[0-9][^ ,]*') || return
	depends_on "$package" 'linux-binary-[0-9][^ ,]*' || echo "$package"
}

case ${1-} in
--help)	usage; exit 0 ;;
-*)	usage >&2; exit 2 ;;
esac
[ $# -eq 4 ] || { usage >&2; exit 2; }
debian_open "$1" "$2"
package=$(real_package "$3")
[ -n "$package" ] || die "$1: no $3 in it"
version=${package#linux-*-}
# In /boot, or, since 7.x, beside the modules.
debian_file "$package" '*/vmlinuz*' > "$4.new" &&
	mv "$4.new" "$4" && echo "$version"
