#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Install the Debian packages that a purpose needs (tests/packages.list), if
# they are missing.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
	cat <<-'END'
	usage: packages.sh PURPOSE...

	A purpose is one of tests/packages.list. Installs with apt-get, as root or
	by sudo; does nothing if all is there.

	Exit status: 0 all there now, 1 not to be had, 2 wrong usage.
	END
}

wanted() {
	local purpose

	for purpose; do
		awk -v purpose="$purpose" '$1 == purpose {
			for (i = 2; i <= NF; i++) print $i }' \
			"$top/tests/packages.list"
	done
}

is_missing() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" != installed ]
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

[ $# -gt 0 ] || { usage >&2; exit 2; }
missing=()
for package in $(wanted "$@"); do
	is_missing "$package" && missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit
echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
if ! as_root apt-get -qq update ||
   ! as_root apt-get -qq install -y --no-install-recommends "${missing[@]}" \
		> /dev/null; then
	echo "packages.sh: could not install ${missing[*]}" >&2
	exit 1
fi
