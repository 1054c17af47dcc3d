# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the groups tool, apply and lint share: where things are, one function
# per subtest result, and the "list" and "run" that tests/run.sh calls.
# Sourced, not run.

root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$root/build
failed=

# shellcheck source-path=SCRIPTDIR source=build.sh
. "$root/tests/lib/build.sh"

pass() {
	echo "ok $*"
}

fail() {
	echo "not ok $*"
	failed=y
}

# check SUBTEST COMMAND...: it passes if the command does. What the command
# prints, indented so that no line looks like a result, explains a failure.
check() {
	local name=$1 output

	shift
	if output=$("$@" 2>&1); then
		pass "$name"
		return
	fi
	[ -z "$output" ] || printf '%s\n' "$output" | sed 's/^/  /'
	fail "$name"
}

# check_not SUBTEST COMMAND...: it passes if the command fails.
check_not() {
	local name=$1

	shift
	check "$name" not "$@"
}

not() {
	! "$@"
}

# With AS_IS set, trees and kernels in build/ are taken as they are and not
# brought up to date.

# The unpacked tree with this project in it: build/KERNEL/src.
want_source() {
	[ -n "${AS_IS-}" ] || need_source "$1" || return
	[ -d "$build/$1/src" ] || { echo "there is no build/$1/src"; return 1; }
}

# A built kernel: build/KERNEL/ARCH/kbuild.
want_kernel() {
	[ -n "${AS_IS-}" ] || need_kernel "$1" "$2" || return
	[ -f "$build/$1/$2/kbuild/vmlinux" ] ||
		{ echo "there is no build/$1/$2/kbuild/vmlinux"; return 1; }
}

# group_main COMMAND [NAME]: the table "tests" has lines "NAME TIER FUNCTION
# [ARGUMENT]".
group_main() {
	local name tier function argument

	case ${1-} in
	list)
		# A tier of "check,alone": nothing else may run then.
		while read -r name tier function argument; do
			echo "$name ${tier/,/ }"
		done <<< "${tests?}"
		exit 0 ;;
	run)
		while read -r name tier function argument; do
			[ "$name" = "${2-}" ] || continue
			"$function" "$argument"
			[ -z "$failed" ]
			exit
		done <<< "$tests" ;;
	esac
	echo "usage: ${0##*/} list | run NAME" >&2
	exit 2
}
