# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Packages of any Debian suite and architecture, through a private apt
# configuration in $work: they are only downloaded, nothing of another suite is
# installed. Sourced, not run.

# die MESSAGE
die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# The archive that this machine uses, for a suite of its kind.
debian_repository() {
	local kind=/debian/

	[[ $1 == *-security ]] && kind=/debian-security/
	# shellcheck disable=SC2016 # a format of apt
	apt-get indextargets --format '$(REPO_URI)' | sort -u |
		grep -m 1 "$kind\$"
}

# debian_apt COMMAND ARGUMENT...: apt-get or apt-cache, on that suite
debian_apt() {
	"$1" -qq -o Dir::State::Lists="$work/lists" \
		-o Dir::Cache="$work/cache" \
		-o Dir::Etc::SourceList="$work/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null \
		-o APT::Architecture="$debian_architecture" \
		-o APT::Architectures="$debian_architecture" \
		-o APT::Sandbox::User=root "${@:2}"
}

# debian_open SUITE ARCHITECTURE: makes $work, which is gone at exit
debian_open() {
	local uri

	debian_architecture=$2
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
	uri=$(debian_repository "$1")
	[ -n "$uri" ] || die "no Debian archive is configured on this machine"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $1 main" \
		> "$work/sources.list"
	debian_apt apt-get update || die "$1: cannot be read"
}

# debian_file PACKAGE FILE: prints a file of a package; FILE may be a pattern
debian_file() {
	(cd "$work" && debian_apt apt-get download "$1") ||
		die "$1: cannot be downloaded"
	dpkg-deb --fsys-tarfile "$work/$1"_*.deb |
		tar -xO --wildcards "$2" ||
		die "$1: there is no $2 in it"
}
