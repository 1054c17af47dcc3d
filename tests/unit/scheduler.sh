#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The scheduler (tests/lib/schedule.sh) and the ledger: order, verdicts, jobs
# that die, that nothing but its own processes is ended. In a process namespace
# of its own, as a mistake there would end everybody's.

tests=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# shellcheck source-path=SCRIPTDIR source=../lib/schedule.sh
. "$tests/lib/schedule.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
declare -A alone=()
reports=()

result() {
	local name=$1

	shift
	if "$@"; then
		echo "ok $name"
	else
		echo "not ok $name"
	fi
}

same() {
	[ "$1" = "$2" ] || { echo "  '$1', not '$2'"; return 1; }
}

# A name is what the test does.
start() {
	schedule_start "$1" "$work/$1" bash -c "$2"
}

report() {
	reports+=("$1:$3")
}

run_all() {
	reports=()
	schedule "$1" start report "${@:2}"
}

test_descendants() {
	local table='6 2
2 1
38 6
9 1
10 9
11 10
40 38'

	result "descendants: of one" same "6 38 40" \
		"$(descendants 6 <<< "$table" | sort -n | xargs)"
	result "descendants: of two" same "9 10 11 38 40" \
		"$(descendants 38 9 <<< "$table" | sort -n | xargs)"
	result "descendants: of one that is gone" same "" \
		"$(descendants 77 <<< "$table")"
}

test_verdicts() {
	run_all 3 "sleep 0.4" "exit 3" true 'kill -KILL $$' 'kill -SEGV $$'
	result "in the order of the list, with their statuses" same \
		"0:0 1:3 2:0 3:137 4:139" "${reports[*]}"
	# shellcheck disable=SC2016 # it is for the test's shell
	run_all 2 'kill -KILL $$' 'kill -KILL $$' 'kill -KILL $$' true
	result "several that are killed" same "0:137 1:137 2:137 3:0" \
		"${reports[*]}"
}

# It sees no other, and nobody sees it.
test_alone() {
	local count="pgrep -cf 'sleep 0[.]3' | grep -qx"

	alone=(["$count 0"]=y)
	run_all 4 "sleep 0.3" "sleep 0.3" "$count 0" "sleep 0.3"
	alone=()
	result "what is alone runs alone" same "0:0 1:0 2:0 3:0" \
		"${reports[*]}"
}

test_signals() {
	trap '' HUP INT
	run_all 1 "trap | grep -c . | grep -qx 0"
	trap - HUP INT
	result "signals are not ignored" same "0:0" "${reports[*]}"
	run_all 1 "cat"
	result "nothing to read" same "0:0" "${reports[*]}"
}

# kill_after JOBS NAME...: all that runs is ended; the bystander is not
kill_after() {
	local number=0 name left

	sleep 99 &
	bystander=$!
	set -m
	for name in "${@:2}"; do
		start $((number++)) "$name"
	done
	set +m
	sleep 0.5
	schedule_kill
	schedule_running=()
	left=$(pgrep -cf 'sleep 7[0-9]')
	result "$1: nothing is left" same 0 "$left"
	result "$1: who has nothing to do with it lives" \
		kill "$bystander"
}

if [ "${1-}" != inside ]; then
	test_descendants
	inside=(unshare --pid --fork --mount-proc --kill-child)
	[ "$(id -u)" -eq 0 ] || inside=(unshare --user --map-root-user
		--pid --fork --mount-proc --kill-child)
	if ! why=$("${inside[@]}" true 2>&1); then
		echo "skip the rest # ${why//#/}"
		exit
	fi
	exec "${inside[@]}" "$0" inside
fi
test_verdicts
test_alone
test_signals
kill_after "kill one" "timeout 90 sleep 70"
kill_after "kill three" "sleep 71 & wait" "timeout 90 sleep 72" \
	"trap '' TERM; sleep 73; sleep 74"
