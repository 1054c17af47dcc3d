#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A test that cannot fail proves nothing: tests of boot and kexec are run again with
# one expectation corrupted, and must then say "not ok". The loaders of boot/matrix
# need no second boot: whenever one of them has passed, judge.py makes each of its
# expectations wrong in turn. Of several kernels one will do.

tests=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Loaders of the matrix that are run again all the same: the way from judge.py to
# "not ok"; and what corrupts an expectation of its own, which is not in the report.
again="qemu-multiboot efi-sb-options"

# make check spoils one of each way to come by an expectation: a report, a stop that
# has none, a measurement.
checked="qemu-multiboot no-map resident"

list() {
	{
		"$tests/boot/run.sh" list | sed 's|^|boot/|'
		"$tests/kexec/run.sh" list | sed 's|^|kexec/|'
	} | awk -v again="$again" -v checked="$checked" '
		BEGIN {
			split(again, words, " ")
			for (n in words)
				twice[words[n]]
			split(checked, words, " ")
			for (n in words)
				early["boot/" words[n] "/x86_64/6.1"]
		}
		FILENAME != "-" {
			if (!/^#/ && NF)
				judged["boot/" $1]
			next
		}
		{
			split($1, part, "[/@]")
			if (part[1] "/" part[2] in judged &&
			    !(part[2] in twice && $1 !~ /@/))
				next
			test = $1
			sub("/[^/]*$", "", test)
			if (test in done)
				next
			done[test]
			print $1, $1 in early ? $2 : "all"
		}' "$tests/boot/matrix" -
}

# A boot that has reported nothing, or was not made, has noticed nothing.
run() {
	local output status

	output=$("$tests/run.sh" -j "${ELFBOOT_JOBS:-1}" --spoil "$1" 2>&1)
	status=$?
	if [ "$status" -eq 1 ] && grep -q "^not ok 1 $1" <<< "$output" &&
	   ! grep -qE 'no report;|the build failed' <<< "$output"; then
		echo "ok a corrupted expectation is noticed"
		return
	fi
	echo "$output"
	echo "not ok a corrupted expectation is noticed (exit status $status)"
}

case $1 in
list)	list ;;
run)	run "$2" ;;
esac
