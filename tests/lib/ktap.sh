# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The only place that prints KTAP (Documentation/dev-tools/ktap.rst). A test
# prints plain lines instead:
#
#	ok NAME			a subtest that passed
#	not ok NAME		one that failed
#	skip NAME # reason	one that could not run
#
# and anything else to explain itself. ktap_test turns them into KTAP.
# Sourced, not run.

ktap_passed=0
ktap_failed=0
ktap_skipped=0
ktap_number=0

# ktap_plan COUNT
ktap_plan() {
	printf 'KTAP version 1\n1..%d\n' "$1"
}

ktap_subtests() {
	awk '
	/^(ok|not ok|skip) / { n++ }
	{ line[NR] = $0 }
	END {
		print "    KTAP version 1"
		print "    1.." n + 0
		for (i = 1; i <= NR; i++) {
			s = line[i]
			if (s ~ /^skip /) {
				sub(/^skip /, "", s)
				if (!sub(/ # /, " # SKIP ", s))
					s = s " # SKIP"
				printf "    ok %d %s\n", ++k, s
			} else if (s ~ /^ok /)
				printf "    ok %d %s\n", ++k, substr(s, 4)
			else if (s ~ /^not ok /)
				printf "    not ok %d %s\n", ++k, substr(s, 8)
			else
				printf "    # %s\n", s
		}
	}' "$1"
}

# ktap_test NAME STATUS OUTPUT SECONDS: a test passes if it exits with 0 and
# all its subtests passed; one without any subtest has failed. ktap_verdict is
# "passed", "failed" or "skipped" then.
# shellcheck disable=SC2034 # run.sh reads it
ktap_test() {
	local name=$1 status=$2 output=$3 seconds=$4
	local passed failed skipped

	passed=$(grep -c '^ok ' "$output")
	failed=$(grep -c '^not ok ' "$output")
	skipped=$(grep -c '^skip ' "$output")
	ktap_number=$((ktap_number + 1))
	ktap_verdict=failed
	ktap_subtests "$output"
	if [ "$status" -ne 0 ] || [ "$failed" -gt 0 ]; then
		ktap_failed=$((ktap_failed + 1))
		[ "$failed" -gt 0 ] || echo "# exit status $status"
		echo "not ok $ktap_number $name"
	elif [ "$passed" -gt 0 ]; then
		ktap_passed=$((ktap_passed + 1))
		ktap_verdict=passed
		echo "ok $ktap_number $name"
	elif [ "$skipped" -gt 0 ]; then
		ktap_skipped=$((ktap_skipped + 1))
		ktap_verdict=skipped
		echo "ok $ktap_number $name # SKIP"
	else
		ktap_failed=$((ktap_failed + 1))
		echo "# it tested nothing"
		echo "not ok $ktap_number $name"
	fi
	echo "# $name: $seconds s"
}

# The last line of a run, and whether all is well.
ktap_totals() {
	printf '%d passed, %d failed, %d skipped\n' \
		"$ktap_passed" "$ktap_failed" "$ktap_skipped"
	[ "$ktap_failed" -eq 0 ]
}
