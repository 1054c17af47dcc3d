#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run tests and print KTAP. tests/README.md tells what there is.

tests=$(CDPATH='' cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)

# shellcheck source-path=SCRIPTDIR source=lib/ktap.sh
. "$tests/lib/ktap.sh"
# shellcheck source-path=SCRIPTDIR source=lib/select.sh
. "$tests/lib/select.sh"
# shellcheck source-path=SCRIPTDIR source=lib/schedule.sh
. "$tests/lib/schedule.sh"
# shellcheck source-path=SCRIPTDIR source=lib/ledger.sh
. "$tests/lib/ledger.sh"
# shellcheck source-path=SCRIPTDIR source=lib/host.sh
. "$tests/lib/host.sh"

# In the order in which they run: what is quick to fail comes first.
groups=(unit fuzz lint tool apply conformance boot kexec spoil spec)

usage() {
	cat <<-'END'
	usage: tests/run.sh [OPTION]... PATTERN...

	Runs the tests whose name matches a pattern: shell globs, "*" matches
	"/" too. Builds what a test needs; logs and images stay in build/.

	  -l           list the tests and run none
	  -j N         run N at once (default: one for each CPU)
	  --check      only those that "make check" runs
	  --spoil      corrupt one expectation: a boot test must then fail
	  --ledger     say how many have passed for the files that are here
	  --missing    only those that have not passed for these files yet
	  --failed     only those that failed when they last ran
	  --slice K/N  only the Kth of every N tests
	  --minutes M  start no test after M minutes
	  -h, --help   this text

	Exit status: 0 all passed, 1 a test failed, 2 wrong usage or no match,
	3 the minutes were over.
	END
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
	[ -n "$spoil" ] ||
		ledger_write "$name" "$ktap_verdict" "$seconds" "$scope"
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
	echo "run.sh: stopped" >&2
	exit 130
}

# wrong_usage [MESSAGE]
wrong_usage() {
	[ $# -eq 0 ] || echo "run.sh: $*" >&2
	usage >&2
	exit 2
}

# number OPTION VALUE: a number that is not 0, without zeros in front
number() {
	[[ ${2-} =~ ^[1-9][0-9]*$ ]] ||
		wrong_usage "$1 ${2-}: that is no number above 0"
}

list=
check=
scope=all
spoil=
verdicts=()
slice=1/1
minutes=
jobs=$(nproc)
patterns=()
slowest=()
while [ $# -gt 0 ]; do
	case $1 in
	-l)		list=y ;;
	-j)		number "$1" "${2-}"; jobs=$2; shift ;;
	-j*)		number -j "${1#-j}"; jobs=${1#-j} ;;
	--check)	check=y; scope=check ;;
	--spoil)	spoil=y ;;
	--ledger)	list=ledger ;;
	--missing)	verdicts=(failed skipped never old-passed old-failed
				old-skipped) ;;
	--failed)	verdicts=(failed old-failed) ;;
	--slice)	slice=${2-}; shift ;;
	--minutes)	number "$1" "${2-}"; minutes=$2; shift ;;
	-h|--help)	usage; exit 0 ;;
	-*)		wrong_usage "$1: no such option" ;;
	*)		patterns+=("$1") ;;
	esac
	shift
done
# Who asks what is left, or how it stands, asks for all.
if [ ${#patterns[@]} -eq 0 ] &&
   { [ "$list" = ledger ] || [ ${#verdicts[@]} -gt 0 ]; }; then
	patterns=('*')
fi
[ ${#patterns[@]} -gt 0 ] || wrong_usage "no pattern; '*' is all tests"
if ! [[ $slice =~ ^([1-9][0-9]*)/([1-9][0-9]*)$ ]] ||
   [ "${BASH_REMATCH[1]}" -gt "${BASH_REMATCH[2]}" ]; then
	wrong_usage "--slice $slice: it is K/N, and K is N at most"
fi

all=$(list_all) || exit 2
select_tests
pick_slice "$slice"
if [ ${#names[@]} -eq 0 ]; then
	echo "run.sh: no test matches: ${patterns[*]}" >&2
	exit 2
fi
ledger_open "${groups[@]}"
[ ${#verdicts[@]} -eq 0 ] || pick_verdicts "${verdicts[@]}"
case $list in
y)	[ ${#names[@]} -eq 0 ] || printf '%s\n' "${names[@]}"; exit 0 ;;
ledger)	ledger_print "$scope" "${names[@]}"; exit 0 ;;
esac
if [ ${#names[@]} -eq 0 ]; then
	echo "# nothing to run: ${patterns[*]}"
	ktap_totals
	exit 0
fi

# What needs a kernel builds it once in a run.
export ELFBOOT_RUN=${ELFBOOT_RUN:-$$-$EPOCHSECONDS}
# Who waits for something has to wait longer.
export ELFBOOT_JOBS=$jobs
logs=$tests/../build/logs${spoil:+/spoiled}
mkdir -p "$logs"
# What the tests of the specification look at.
export ELFBOOT_RESULTS=$logs/results.$$
: > "$ELFBOOT_RESULTS"
trap 'rm -f "$ELFBOOT_RESULTS"' EXIT
trap stopped INT TERM HUP
ktap_plan ${#names[@]}
host_prepare
schedule "$jobs" start_test report_test "${names[@]}"
print_slowest
ktap_totals || exit
[ "$ktap_number" -eq ${#names[@]} ] || exit 3
