#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fetch Debian packages of any suite, with all that they need to run, into a
# directory. Nothing is installed.

top=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# shellcheck source-path=SCRIPTDIR source=debian.sh
. "$top/scripts/debian.sh"

usage() {
	cat <<-'END'
	usage: fetch-packages.sh [--days N] SUITE ARCHITECTURE DIRECTORY PACKAGE...

	Unpacks the PACKAGEs of a suite, and what they depend on, into DIRECTORY,
	as a whole or not at all. DIRECTORY/versions gets a line "PACKAGE VERSION"
	for each that was asked for. If DIRECTORY is there already, of the same
	suite and with the same PACKAGEs, nothing is done.

	  --days N  fetch them again if they are older than N days
	  --help    this text

	Exit status: 0 it is there now, 1 not to be had, 2 wrong usage.
	END
}

# fetch DIRECTORY PACKAGE...: the directory gets its name when all is in it
fetch() {
	local directory=$1 new=$1.new

	shift
	rm -rf "$new"
	mkdir -p "$new" && debian_open "$suite" "$architecture" &&
		debian_versions "$@" > "$new/versions" &&
		debian_unpack "$new" "$@" && echo "$asked" > "$new/asked" &&
		rm -rf "$directory" && mv "$new" "$directory"
}

# Is it what is asked for, and new enough?
is_there() {
	[ "$(cat "$directory/asked" 2> /dev/null)" = "$asked" ] || return
	[ -z "$days" ] ||
		[ -z "$(find "$directory/asked" -mtime "+$((days - 1))")" ]
}

days=
if [ "${1-}" = --days ] && [[ ${2-} =~ ^[1-9][0-9]*$ ]]; then
	days=$2
	shift 2
fi
case ${1-} in
--help)	usage; exit 0 ;;
-*)	usage >&2; exit 2 ;;
esac
[ $# -ge 4 ] || { usage >&2; exit 2; }
suite=$1
architecture=$2
directory=${3%/}
shift 3
asked="$suite $architecture $*"

mkdir -p "$(dirname "$directory")" || exit 1
# Somebody else may be fetching the same.
exec 9> "$directory.lock" && flock 9 || exit 1
! is_there || exit 0
fetch "$directory" "$@" || exit 1
