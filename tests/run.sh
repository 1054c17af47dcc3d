#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run tests and print KTAP. tests/README.md tells what there is.

tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# shellcheck source-path=SCRIPTDIR source=lib/ktap.sh
. "$tests/lib/ktap.sh"
# shellcheck source-path=SCRIPTDIR source=lib/schedule.sh
. "$tests/lib/schedule.sh"
# shellcheck source-path=SCRIPTDIR source=lib/ledger.sh
. "$tests/lib/ledger.sh"
# shellcheck source-path=SCRIPTDIR source=lib/host.sh
. "$tests/lib/host.sh"

# In the order in which they run: what is quick to fail comes first.
groups=(unit fuzz lint tool apply boot kexec spoil spec)

usage() {
	cat <<-'END'
	usage: tests/run.sh [OPTION]... PATTERN...

	Runs the tests whose name matches a pattern: shell globs, "*" matches
	"/" too. Builds what a test needs; logs and images stay in build/.

	  -l           list the tests and run none
	  -j N         so many at once (as many as there are CPUs)
	  --check      only those that "make check" runs
	  --spoil      corrupt one expectation: a boot test must then fail
	  --ledger     say how many have passed for the files that are here now
	  --missing    only those that have not passed for these files yet
	  --failed     only those that failed when they last ran
	  --slice K/N  only every Nth, from the Kth on
	  --minutes M  begin no test after so many minutes

	Exit status: 0 all passed, 1 a test failed, 2 wrong usage or no match,
	3 the minutes were over.
	END
}

# Lines "GROUP/NAME TIER [alone]"; a group lists its own.
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

# By pattern, by tier and by the ledger: sets $names, and $alone for some.
select_tests() {
	local name tier how

	while read -r name tier how; do
		[ -z "$check" ] || [ "$tier" = check ] || continue
		matches "$name" || continue
		[ -z "$verdicts" ] || ledger_has "$verdicts" "$name" || continue
		names+=("$name")
		[ "$how" != alone ] || alone[$name]=y
	done <<< "$all"
}

# pick_slice K/N: of what is selected
pick_slice() {
	local picked=() i

	for ((i = ${1%/*} - 1; i < ${#names[@]}; i += ${1#*/})); do
		picked+=("${names[i]}")
	done
	names=("${picked[@]}")
}

log_of() {
	echo "$logs/${1//\//-}.log"
}

start_test() {
	local number=$1 name=$2

	[ -z "$minutes" ] || [ "$SECONDS" -lt $((minutes * 60)) ] || return
	CHECK=$check SPOIL=$spoil schedule_start "$number" "$(log_of "$name")" \
		"$tests/${name%%/*}/run.sh" run "${name#*/}"
}

report_test() {
	local name=$2 status=$3 seconds=$4

	ktap_test "$name" "$status" "$(log_of "$name")" "$seconds"
	echo "$ktap_verdict $name" >> "$ELFBOOT_RESULTS"
	slowest+=("$seconds $name")
	[ -n "$spoil" ] || ledger_write "$name" "$ktap_verdict" "$seconds"
}

print_slowest() {
	[ ${#slowest[@]} -gt 10 ] || return 0
	echo "# $SECONDS s in all; the ten slowest:"
	printf '%s\n' "${slowest[@]}" | sort -rn | head -n 10 |
		sed 's/^\([0-9]*\) \(.*\)/#   \1 s \2/'
}

stopped() {
	trap '' INT TERM HUP
	schedule_kill
	rm -f "$ELFBOOT_RESULTS"
	echo "run.sh: stopped" >&2
	exit 130
}

wrong_usage() {
	usage >&2
	exit 2
}

list=
check=
spoil=
verdicts=
slice=
minutes=
jobs=$(nproc)
patterns=()
names=()
slowest=()
declare -A alone=()
while [ $# -gt 0 ]; do
	case $1 in
	-l)		list=y ;;
	-j)		jobs=${2-}; shift ;;
	-j*)		jobs=${1#-j} ;;
	--check)	check=y ;;
	--spoil)	spoil=y ;;
	--ledger)	list=ledger ;;
	--missing)	verdicts="failed never old-passed old-failed old-skipped" ;;
	--failed)	verdicts="failed old-failed" ;;
	--slice)	slice=${2-}; shift ;;
	--minutes)	minutes=${2-}; shift ;;
	--help)		usage; exit 0 ;;
	-*)		wrong_usage ;;
	*)		patterns+=("$1") ;;
	esac
	shift
done
[ "$list" != ledger ] || [ ${#patterns[@]} -gt 0 ] || patterns=('*')
[ ${#patterns[@]} -gt 0 ] || wrong_usage
[[ $jobs =~ ^[1-9][0-9]*$ ]] || wrong_usage
[[ $minutes =~ ^[0-9]*$ ]] || wrong_usage
[[ ${slice:-1/1} =~ ^([1-9][0-9]*)/([1-9][0-9]*)$ ]] || wrong_usage
[ "${BASH_REMATCH[1]}" -le "${BASH_REMATCH[2]}" ] || wrong_usage

all=$(list_all) || exit 2
select_tests
if [ ${#names[@]} -eq 0 ] && [ -n "$verdicts" ]; then
	echo "# nothing to run: ${patterns[*]}"
	ktap_totals
	exit 0
fi
if [ ${#names[@]} -eq 0 ]; then
	echo "run.sh: no test matches: ${patterns[*]}" >&2
	exit 2
fi
[ -z "$slice" ] || pick_slice "$slice"
case $list in
y)	printf '%s\n' "${names[@]}"; exit 0 ;;
ledger)	ledger_print "${names[@]}"; exit 0 ;;
esac

# What needs a kernel builds it once in a run.
export ELFBOOT_RUN=${ELFBOOT_RUN:-$$-$EPOCHSECONDS}
# Who waits for something has to wait longer.
export ELFBOOT_JOBS=$jobs
logs=$tests/../build/logs${spoil:+/spoiled}
mkdir -p "$logs"
# What the tests of the specification look at.
export ELFBOOT_RESULTS=$logs/results.$$
: > "$ELFBOOT_RESULTS"
trap stopped INT TERM HUP
ktap_plan ${#names[@]}
host_prepare
schedule "$jobs" start_test report_test "${names[@]}"
print_slowest
rm -f "$ELFBOOT_RESULTS"
ktap_totals || exit
[ "$ktap_number" -eq ${#names[@]} ] || exit 3
