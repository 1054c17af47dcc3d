#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fetch the source of a kernel of tests/kernels.list as Debian packages it.

top=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# shellcheck source-path=SCRIPTDIR source=debian.sh
. "$top/scripts/debian.sh"

usage() {
	cat <<-'END'
	usage: fetch-source.sh KERNEL DIRECTORY

	Puts linux-source-KERNEL.tar.xz into DIRECTORY. If the suite has that
	kernel no more, the newest one there is taken, and said so.

	Exit status: 0 success, 1 not to be had, 2 wrong usage.
	END
}

newest_source() {
	debian_apt apt-cache search --names-only '^linux-source-[0-9.]+$' |
		cut -d' ' -f1 | sort -V | tail -n 1
}

case ${1-} in
--help)	usage; exit 0 ;;
-*)	usage >&2; exit 2 ;;
esac
[ $# -eq 2 ] || { usage >&2; exit 2; }
kernel=$1
directory=$2
read -r _ suite package _ < <(awk -v name="$kernel" '$1 == name' \
	"$top/tests/kernels.list")
[ -n "$package" ] || die "$kernel: not in tests/kernels.list"

mkdir -p "$directory"
debian_open "$suite" amd64
if [ -z "$(debian_apt apt-cache show "$package" 2>/dev/null)" ]; then
	newest=$(newest_source)
	[ -n "$newest" ] || die "$suite: no kernel source in it"
	echo "$package has left $suite; taking $newest" >&2
	package=$newest
fi
archive=$directory/linux-source-$kernel.tar.xz
debian_file "$package" "./usr/src/$package.tar.xz" > "$archive.new" &&
	mv "$archive.new" "$archive"
