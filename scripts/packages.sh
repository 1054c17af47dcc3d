#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Install the Debian packages that a purpose needs (tests/packages.list), if
# they are missing.

top=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
	cat <<-'END'
	usage: packages.sh PURPOSE...

	A purpose is one of tests/packages.list. Installs with apt-get, as root or
	by sudo; does nothing if all is there.

	Exit status: 0 all there now, 1 not to be had, 2 wrong usage. It is 2 as
	well if this machine cannot install them; their names are printed.
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

is_installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# is_missing ALTERNATIVES: A|B is one of them, as names differ between releases
is_missing() {
	local package

	for package in ${1//|/ }; do
		! is_installed "$package" || return
	done
}

# The first alternative that this release has.
pick() {
	local package

	for package in ${1//|/ }; do
		[ -z "$(apt-cache show "$package" 2> /dev/null)" ] || break
	done
	echo "$package"
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

can_install() {
	command -v apt-get > /dev/null &&
		{ [ "$(id -u)" -eq 0 ] || command -v sudo > /dev/null; }
}

# Is it a purpose of the list?
is_purpose() {
	awk -v purpose="$1" '$1 == purpose { found = 1 } END { exit !found }' \
		"$top/tests/packages.list"
}

case ${1-} in
-h|--help)	usage; exit 0 ;;
'')		usage >&2; exit 2 ;;
esac
for purpose; do
	is_purpose "$purpose" || { usage >&2; exit 2; }
done
missing=()
for package in $(wanted "$@"); do
	is_missing "$package" && missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit
if ! can_install; then
	echo "packages.sh: this needs apt-get, and root or sudo, to install:" \
		"${missing[*]}" >&2
	exit 2
fi
export DEBIAN_FRONTEND=noninteractive
as_root apt-get -qq update || exit 1
for i in "${!missing[@]}"; do
	missing[i]=$(pick "${missing[i]}")
done
echo "installing: ${missing[*]}"
if ! as_root apt-get -qq install -y --no-install-recommends "${missing[@]}" \
		> /dev/null; then
	echo "packages.sh: could not install ${missing[*]}" >&2
	exit 1
fi
