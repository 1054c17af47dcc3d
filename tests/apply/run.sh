#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of install.sh, create-patch.sh and Makefile.patch: a file for each topic.
# Other scripts and another patch to be tested: PROJECT= directory.

# shellcheck disable=SC2317 # functions are called by name
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

project=${PROJECT:-$root}
install=$project/scripts/install.sh
create_patch=$project/scripts/create-patch.sh
patch=$project/Makefile.patch
dir=$build/apply/${2-}		# a test's own: others run at the same time
upstream_lines=15
export GIT_CEILING_DIRECTORIES=$dir

# Directory here, directory in a kernel tree.
overlay='arch/i386/boot/elf arch/x86/boot/elf
arch/i386/boot/efi arch/x86/boot/efi
arch/i386/kernel arch/x86/kernel/elf'
documents='Documentation/elf-boot.txt
Documentation/ABI/testing/sysfs-firmware-elfboot'

# Name, when, function, argument.
tests=$(awk '!/^#/ && NF >= 4 { print $1, $4, "test_kernel", $1 }' \
	"$root/tests/kernels.list")
tests+=$'\nclean-6.1 check test_clean 6.1'
tests+=$'\n'$(awk '!/^#/ && NF >= 4 { print "series-" $1,
	$1 == "6.1" ? "check" : "all", "test_series", $1 }' \
	"$root/tests/kernels.list")
tests+='
series-builds-7.2-x86_64-allno all test_series_builds x86_64 allno
series-builds-7.2-x86_64-test all test_series_builds x86_64 test
series-builds-7.2-i386-allno all test_series_builds i386 allno
series-builds-7.2-i386-test all test_series_builds i386 test'

# Who signs and applies patches.
export GIT_AUTHOR_NAME=tester GIT_AUTHOR_EMAIL=tester@localhost
export GIT_COMMITTER_NAME=tester GIT_COMMITTER_EMAIL=tester@localhost

# shellcheck source-path=SCRIPTDIR source=tree.sh
. "$root/tests/apply/tree.sh"
# shellcheck source-path=SCRIPTDIR source=patch.sh
. "$root/tests/apply/patch.sh"
# shellcheck source-path=SCRIPTDIR source=install.sh
. "$root/tests/apply/install.sh"
# shellcheck source-path=SCRIPTDIR source=full-disk.sh
. "$root/tests/apply/full-disk.sh"
# shellcheck source-path=SCRIPTDIR source=interrupted.sh
. "$root/tests/apply/interrupted.sh"
# shellcheck source-path=SCRIPTDIR source=killed.sh
. "$root/tests/apply/killed.sh"
# shellcheck source-path=SCRIPTDIR source=clean.sh
. "$root/tests/apply/clean.sh"
# shellcheck source-path=SCRIPTDIR source=series.sh
. "$root/tests/apply/series.sh"
# shellcheck source-path=SCRIPTDIR source=series-refusals.sh
. "$root/tests/apply/series-refusals.sh"
# shellcheck source-path=SCRIPTDIR source=series-builds.sh
. "$root/tests/apply/series-builds.sh"

test_kernel() {
	kernel=$1
	want_pristine "$kernel" || { fail "$kernel: its sources"; return; }
	before=$(contents "$project/arch" all)
	test_patch
	test_install copy
	test_install --link
	test_broken_hunks
	test_create_patch
	if [ -z "${CHECK-}" ] || [ "$kernel" = 6.1 ]; then
		test_installer
	fi
	rm -rf "$tree"
}

# What does not depend on the tree: make check does it with one.
test_installer() {
	test_moved_link
	test_update
	test_foreign
	test_arguments
	test_other_version
	test_full_disk
	test_full_update
	test_stopped
	test_killed
	test_two_runs
	test_half_patched
	test_cdpath
}

test_clean() {
	want_source "$1" || { fail "$1: its source"; return; }
	source=$build/$1/src
	check "the ABI document is valid" abi_is_valid
	test_clean_output
	test_clean_in_tree "$1"
}

mkdir -p "$dir"
group_main "$@"
