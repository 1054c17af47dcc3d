#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run tests and print KTAP. tests/README.md tells what there is.

tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# shellcheck source-path=SCRIPTDIR source=lib/ktap.sh
. "$tests/lib/ktap.sh"

# In the order in which they run: what is quick to fail comes first.
groups=(unit fuzz lint tool apply boot kexec spoil spec)

usage() {
	cat <<-'END'
	usage: tests/run.sh [-l] [--check] [--spoil] PATTERN...

	Runs the tests whose name matches a pattern: shell globs, "*" matches
	"/" too. Builds what a test needs; logs and images stay in build/.

	  -l       list the tests and run none
	  --check  only those that "make check" runs
	  --spoil  corrupt one expectation: a boot test must then fail

	Exit status: 0 all passed, 1 a test failed, 2 wrong usage or no match.
	END
}

# Lines "GROUP/NAME TIER"; a group lists its own.
list_all() {
	local group names

	for group in "${groups[@]}"; do
		if ! names=$("$tests/$group/run.sh" list) ||
		   [ -z "$names" ]; then
			echo "run.sh: $group cannot list its tests" >&2
			return 1
		fi
		awk -v group="$group/" '{ print group $0 }' <<< "$names"
	done
}

matches() {
	local name=$1 pattern

	for pattern in "${patterns[@]}"; do
		# shellcheck disable=SC2053 # it is a pattern
		[[ $name == $pattern ]] && return
	done
	return 1
}

select_tests() {
	local name tier

	while read -r name tier; do
		[ -z "$check" ] || [ "$tier" = check ] || continue
		matches "$name" && echo "$name"
	done <<< "$all"
}

run_test() {
	local name=$1 status seconds=$SECONDS
	local output=$logs/${name//\//-}.log

	CHECK=$check SPOIL=$spoil "$tests/${name%%/*}/run.sh" run "${name#*/}" \
		> "$output" 2>&1
	status=$?
	ktap_test "$name" "$status" "$output" $((SECONDS - seconds))
	echo "$ktap_verdict $name" >> "$ELFBOOT_RESULTS"
}

list=
check=
spoil=
patterns=()
for argument; do
	case $argument in
	-l)		list=y ;;
	--check)	check=y ;;
	--spoil)	spoil=y ;;
	--help)		usage; exit 0 ;;
	-*)		usage >&2; exit 2 ;;
	*)		patterns+=("$argument") ;;
	esac
done
[ ${#patterns[@]} -gt 0 ] || { usage >&2; exit 2; }

all=$(list_all) || exit 2
mapfile -t names < <(select_tests)
if [ ${#names[@]} -eq 0 ]; then
	echo "run.sh: no test matches: ${patterns[*]}" >&2
	exit 2
fi
if [ -n "$list" ]; then
	printf '%s\n' "${names[@]}"
	exit 0
fi

# What needs a kernel builds it once in a run.
export ELFBOOT_RUN=${ELFBOOT_RUN:-$$-$EPOCHSECONDS}
logs=$tests/../build/logs
mkdir -p "$logs"
# What the tests of the specification look at.
export ELFBOOT_RESULTS=$logs/results.$$
: > "$ELFBOOT_RESULTS"
ktap_plan ${#names[@]}
for name in "${names[@]}"; do
	run_test "$name"
done
rm -f "$ELFBOOT_RESULTS"
ktap_totals
