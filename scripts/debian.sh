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

# The archive that this machine uses, for a suite of its kind: as it is
# configured, or where the same server has it beside the other kind.
debian_repository() {
	local kind=/debian/ configured

	[[ $1 == *-security ]] && kind=/debian-security/
	if [ -n "${DEBIAN_ARCHIVE-}" ]; then
		kind=${DEBIAN_ARCHIVE%/}$kind
		echo "${kind/\/debian\/debian//debian}"
		return
	fi
	# shellcheck disable=SC2016 # a format of apt
	configured=$(apt-get indextargets --format '$(REPO_URI)' | sort -u)
	grep -m 1 "$kind\$" <<< "$configured" ||
		sed -nE "s,/debian(-security)?/\$,$kind,p;T;q" <<< "$configured"
}

# debian_apt COMMAND ARGUMENT...: apt-get or apt-cache, on that suite. It is told
# that nothing is installed: a newer version on this machine would hide the
# suite's.
debian_apt() {
	"$1" -qq -o Dir::State::Lists="$work/lists" \
		-o Dir::State::Status="$work/status" \
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
	command -v apt-get > /dev/null || die "this needs apt-get"
	work=$(mktemp -d) || die "no temporary directory"
	trap 'rm -rf "$work"' EXIT
	mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
	: > "$work/status"
	uri=$(debian_repository "$1")
	[ -n "$uri" ] || die "$1: this machine has no Debian archive configured. Set DEBIAN_ARCHIVE=http://SERVER, a server with debian/ and debian-security/"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $1 main" \
		> "$work/sources.list"
	debian_apt apt-get -o APT::Update::Error-Mode=any update ||
		die "$1 cannot be read from $uri. DEBIAN_ARCHIVE=http://SERVER names another archive"
}

# debian_file PACKAGE FILE: prints a file of a package; FILE may be a pattern
debian_file() {
	(cd "$work" && debian_apt apt-get download "$1") ||
		die "$1: cannot be downloaded"
	dpkg-deb --fsys-tarfile "$work/$1"_*.deb |
		tar -xO --wildcards "$2" ||
		die "$1: there is no $2 in it"
}

# debian_versions PACKAGE...: prints "PACKAGE VERSION" lines, of those that the
# suite has
debian_versions() {
	debian_apt apt-cache show --no-all-versions "$@" | awk '
		$1 == "Package:" { package = $2 }
		$1 == "Version:" { print package, $2 }'
}

# debian_unpack DIRECTORY PACKAGE...: the files of the packages and of all that
# they depend on, laid out as on a machine whose /usr is merged.
debian_unpack() {
	local directory=$1 package part

	shift
	debian_apt apt-get -y --no-install-recommends --download-only \
		install "$@" > /dev/null ||
		die "$*: cannot be downloaded"
	for part in bin sbin lib lib64; do
		mkdir -p "$directory/usr/$part" &&
			ln -s "usr/$part" "$directory/$part" || return
	done
	for package in "$work/cache/archives"/*.deb; do
		# Nobody's programs are to run as root out of there.
		dpkg-deb --fsys-tarfile "$package" |
			tar -x --keep-directory-symlink --no-same-owner \
				--no-same-permissions -C "$directory" ||
			die "${package##*/}: cannot be unpacked"
	done
}
