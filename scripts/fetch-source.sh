#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fetch the source of a kernel of tests/kernels.list as Debian packages it.
# Suites other than this machine's own are read through a private apt
# configuration and only downloaded from: nothing of them is installed.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
	cat <<-'END'
	usage: fetch-source.sh KERNEL DIRECTORY

	Puts linux-source-KERNEL.tar.xz into DIRECTORY. If the suite has that
	kernel no more, the newest one there is taken, and said so.

	Exit status: 0 success, 1 not to be had, 2 wrong usage.
	END
}

die() {
	echo "fetch-source.sh: $*" >&2
	exit 1
}

# The archive that this machine uses, for a suite of its kind.
repository() {
	local kind=/debian/

	[[ $1 == *-security ]] && kind=/debian-security/
	# shellcheck disable=SC2016 # a format of apt
	apt-get indextargets --format '$(REPO_URI)' | sort -u |
		grep -m 1 "$kind\$"
}

private_apt() {
	"$1" -qq -o Dir::State::Lists="$work/lists" \
		-o Dir::Cache="$work/cache" \
		-o Dir::Etc::SourceList="$work/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null \
		-o APT::Sandbox::User=root "${@:2}"
}

newest_source() {
	private_apt apt-cache search --names-only '^linux-source-[0-9.]+$' |
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

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$directory"
uri=$(repository "$suite")
[ -n "$uri" ] || die "no Debian archive is configured on this machine"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" \
	> "$work/sources.list"
private_apt apt-get update || die "$suite: cannot be read"
if [ -z "$(private_apt apt-cache show "$package" 2>/dev/null)" ]; then
	newest=$(newest_source)
	[ -n "$newest" ] || die "$suite: no kernel source in it"
	echo "$package has left $suite; taking $newest" >&2
	package=$newest
fi
(cd "$work" && private_apt apt-get download "$package") ||
	die "$package: cannot be downloaded"
archive=$directory/linux-source-$kernel.tar.xz
dpkg-deb --fsys-tarfile "$work/$package"_*.deb |
	tar -xO "./usr/src/$package.tar.xz" > "$archive.new" ||
	die "$package: has no source"
mv "$archive.new" "$archive"
