# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# What Debian's archive says about the list of loaders. Sourced by run.sh.

# shellcheck disable=SC2154,SC2034 # variables of run.sh and common.sh

boot=$root/tests/boot
# shellcheck source-path=SCRIPTDIR source=../boot/versions.sh
. "$boot/versions.sh"
# shellcheck source-path=SCRIPTDIR source=../../scripts/debian.sh
. "$root/scripts/debian.sh"

# has_versions KEY: one for each release, and words for the rest
has_versions() {
	local suite

	for suite in $(all_suites); do
		[[ $(loader_field "$1" "$suite") =~ ^([0-9]+([.][0-9]+)+|-)$ ]] ||
			{ echo "none for $suite"; return 1; }
	done
	[ -n "$(loader_field "$1" packages)" ]
}

# The package whose version is the loader's.
loader_package() {
	loader_field "$1" packages | cut -d' ' -f1
}

# archive_has KEY SUITE VERSIONS: of those that the archive has
archive_has() {
	local package version

	package=$(loader_package "$1")
	version=$(awk -v package="$package" '$1 == package { print $2 }' \
		<<< "$3")
	is_version "$(loader_field "$1" "$2")" "$(upstream "$version")" ||
		{ echo "$package is ${version:-not there}"; return 1; }
}

# archive_loaders SUITE NAME: that is what Debian calls this release today, and
# its loaders are those of the list
archive_loaders() {
	local suite=$1 key packages=() versions

	check "$suite is $2" \
		grep -hE -m 1 "^Suite: $2\$" "$work"/lists/*InRelease
	for key in $(loader_keys); do
		packages+=("$(loader_package "$key")")
	done
	versions=$(debian_versions "${packages[@]}")
	for key in $(loader_keys); do
		check "$key of $suite is $(loader_field "$key" "$suite")" \
			archive_has "$key" "$suite" "$versions"
	done
}

# The versions that are tested are those that people have; of what moves there
# must be one.
test_loaders() {
	local key name names=(oldstable stable) suites output

	loaders_list=${LOADERS:-$loaders_list}
	mapfile -t suites < <(all_suites)
	for key in $(loader_keys); do
		check "$key: a version for each release" has_versions "$key"
		check "$key: a test" grep -qE "^[^# ]+ +$key " "$boot/matrix"
	done
	for name in "${!names[@]}"; do
		output=$(debian_open "${suites[name]}" amd64 &&
			archive_loaders "${suites[name]}" "${names[name]}")
		if [ -z "$output" ]; then
			echo "skip ${suites[name]} # the archive cannot be read"
			continue
		fi
		echo "$output"
		! grep -q '^not ok ' <<< "$output" || failed=y
	done
}
