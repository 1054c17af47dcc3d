# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# Loaders of other Debian releases (tests/loaders.list): of a test NAME@SUITE
# the loader is that suite's, unpacked and not installed; all else is this
# machine's. $loader_key is the loader's key and $loader_suite the suite, empty
# for this machine's own. Sourced by loaders.sh.

loaders_list=$boot/../loaders.list
versions_kernel=6.1		# the kernel that other versions are run with

# This machine's release.
host_suite() {
	sed -n 's/^VERSION_CODENAME=//p' /etc/os-release
}

# loader_field KEY FIELD: a suite's version, "check" or "packages"
loader_field() {
	awk -v key="$1" -v field="$2" '
		$1 == "suite" {
			for (i = 2; i <= NF; i++)
				at[$i] = i
			at["check"] = NF + 1
			at["packages"] = NF + 2
		}
		$1 == key && field in at {
			last = field == "packages" ? NF : at[field]
			for (i = at[field]; i <= last; i++)
				printf "%s%s", $i, i < last ? " " : "\n"
		}' "$loaders_list"
}

# The loaders of the list.
loader_keys() {
	grep -v '^#' "$loaders_list" | cut -f1 | grep -vx suite
}

# The releases of the list, one a line; the last one moves.
all_suites() {
	sed -n 's/^suite[[:space:]]*//p' "$loaders_list" | tr -s ' \t' '\n'
}

moving_suite() {
	all_suites | tail -n 1
}

# Those that are not this machine's.
other_suites() {
	all_suites | grep -vxF "$(host_suite)"
}

# has_versions_of NAME KEY SUITE: is this row of the matrix run with that suite's
# loader? hypervisor_tests has those that need kernels of their own.
has_versions_of() {
	case $1 in
	xen-*|kvm-*|*-xen|*-kvm)	return 1 ;;
	esac
	[ "$2" != - ] && [ "$(loader_field "$2" "$3")" != - ]
}

# "NAME TIER" lines, of every row of the matrix that has a loader of the list.
version_tests() {
	local suite name key arch tier

	for suite in $(other_suites); do
		while read -r name key _; do
			has_versions_of "$name" "$key" "$suite" || continue
			tier=all
			[[ ,$(loader_field "$key" check), != *,$suite,* ]] ||
				tier=check
			for arch in i386 x86_64; do
				echo "$name@$suite/$arch/$versions_kernel $tier"
			done
		done < <(rows)
	done
}

# upstream VERSION: of a package's version
upstream() {
	local version=${1#*:}

	echo "${version%-*}"
}

# is_version LISTED UPSTREAM: is that the one, as far as it is listed?
is_version() {
	[[ $2 =~ ^${1//./\\.}([^0-9]|$) ]]
}

# need_loader: the loader is there, and $loader_version is its upstream version.
# A stable release has the one of the list; the one that moves may have moved. What
# is not installed (Xen would become what this machine boots) is fetched as another
# suite's is.
need_loader() {
	local suite=${loader_suite:-$(host_suite)} listed packages version days=()

	loader_version=
	[ "$loader_key" != - ] || return 0
	read -ra packages <<< "$(loader_field "$loader_key" packages)"
	if [ -z "$loader_suite" ]; then
		loader_version=$(upstream "$(dpkg-query -W -f '${Version}' \
			"${packages[0]}" 2>/dev/null)")
		[ -z "$loader_version" ] || return 0
	fi
	loader_root=$build/loaders/$loader_key-$suite
	[ "$suite" != "$(moving_suite)" ] || days=(--days 1)
	"$top/scripts/fetch-packages.sh" "${days[@]}" "$suite" amd64 "$loader_root" \
		"${packages[@]}" || return
	version=$(awk -v package="${packages[0]}" '$1 == package { print $2 }' \
		"$loader_root/versions")
	loader_version=$(upstream "$version")
	listed=$(loader_field "$loader_key" "$suite")
	is_version "$listed" "$loader_version" && return
	echo "$suite has $loader_key $loader_version, not $listed"
	[ "$suite" = "$(moving_suite)" ]
}

# other_loader KEY: is it another suite's in this test, or not installed?
other_loader() {
	[ -n "${loader_root-}" ] && [ "$loader_key" = "$1" ]
}

# loader_path KEY PATH: where the loader's file is
loader_path() {
	if other_loader "$1"; then
		echo "$loader_root$2"
	else
		echo "$2"
	fi
}

# loader_program KEY PATH: sets $program to the words that run a loader's
# program. Another suite's needs its own libraries, which the programs that it
# starts must not get: they are this machine's. The name in /lib64 is a link to
# this machine's ld.so, which does not fit its libc.
loader_program() {
	program=("$2")
	! other_loader "$1" || program=(
		"$loader_root/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
		--library-path
		"$loader_root/usr/lib/x86_64-linux-gnu" "$loader_root$2")
}

# qemu_program: the same for QEMU, which finds neither its modules nor its
# option ROMs from there
qemu_program() {
	local share=$loader_root/usr/share

	loader_program qemu /usr/bin/qemu-system-x86_64
	! other_loader qemu || program=(
		env "QEMU_MODULE_DIR=$loader_root/usr/lib/x86_64-linux-gnu/qemu"
		"${program[@]}" -L "$share/qemu" -L "$share/seabios")
}

# loader_pattern: the name by which this loader calls itself; one that tells its
# version tells this one
loader_pattern() {
	local name version=${loader_version%%[^0-9.]*}

	name=$(dash "$loader_name")
	if [[ $name == *' .*' ]] && [ -n "$version" ]; then
		name="${name% .*} ${version//./\\.}([^0-9].*)?"
	fi
	echo "$name"
}

# cbfstool ARGUMENT...: for make_rom
cbfstool() {
	local program

	loader_program cbfstool /usr/sbin/cbfstool
	"${program[@]}" "$@"
}
